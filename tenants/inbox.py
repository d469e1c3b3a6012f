"""Whose messages a page shows: the actor's at a university, the person's outside."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import AssociationRole
from accounts.queries import reach_of, roles_of
from notices.queries import unread_count

# who works at the association's desk
DESK = frozenset({AssociationRole.STAFF, AssociationRole.SECRETARY})


def whose(request: HttpRequest) -> dict:
    """The arguments of notices.queries.inbox for a signed-in request."""
    actor = request.actor
    if actor:
        return {"user_id": actor.id, "university_code": actor.university_code, "roles": actor.roles}
    user = request.user
    at_desk = not roles_of(user).isdisjoint(DESK)
    return {
        "user_id": user.pk,
        "association": reach_of(user).within("committee_code") if at_desk else None,
    }


def inbox_of(request: HttpRequest) -> dict:
    """`messages_url` and `unread_count` of the bar."""
    actor = getattr(request, "actor", None)
    if actor:
        url = reverse("notices:list", args=[actor.university_code])
    else:
        request.actor = None
        url = reverse("tenants:notices")
    return {"messages_url": url, "unread_count": unread_count(**whose(request))}
