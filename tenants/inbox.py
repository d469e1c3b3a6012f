"""Whose messages a page shows: the actor's at a university, the person's outside."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import AssociationRole, User
from accounts.queries import reach_of, roles_of
from notices.queries import unread_count
from tenants.models import Membership, UniversityRole, UniversityState

# who works at the association's desk
DESK = frozenset({AssociationRole.STAFF, AssociationRole.SECRETARY})


def whose(request: HttpRequest) -> dict:
    """The arguments of notices.queries.inbox for a signed-in request."""
    actor = request.actor
    if actor:
        # what waits for an approver waits for the substitute as well
        roles = actor.roles | ({UniversityRole.APPROVER} if actor.signs_for else set())
        return {"user_id": actor.id, "university_code": actor.university_code, "roles": roles}
    user = request.user
    at_desk = not roles_of(user).isdisjoint(DESK)
    return {
        "user_id": user.pk,
        "association": reach_of(user).within("committee_code") if at_desk else None,
    }


def inbox_of(request: HttpRequest) -> dict:
    """`messages_url` and `unread_count` of the bar. Whoever works at one university and nowhere else has the
    university's messages everywhere, on the pages of the own account too."""
    request.actor = getattr(request, "actor", None)
    owner = (None if request.actor else _at_the_only_university(request.user)) or whose(request)
    code = owner.get("university_code")
    url = reverse("notices:list", args=[code]) if code else reverse("tenants:notices")
    return {"messages_url": url, "unread_count": unread_count(**owner)}


def _at_the_only_university(user: User) -> dict | None:
    """The arguments of inbox for a person of one open university without a role at the association, else None."""
    if roles_of(user):
        return None
    open_ones = Membership.objects.filter(user=user, university__state=UniversityState.ACTIVE)
    rows = list(open_ones.values_list("university__code", "role"))
    codes = {code for code, _role in rows}
    if len(codes) != 1:
        return None
    return {"user_id": user.pk, "university_code": codes.pop(), "roles": [role for _code, role in rows]}
