"""Reading people and their assignments."""

from django.db.models import Q, QuerySet

from accounts.models import Assignment, AssociationRole, User
from accounts.reach import Reach


def roles_of(user: User) -> frozenset[str]:
    """The association roles of a person, '' never among them; empty for anonymous."""
    return frozenset(role for role, _committee in _posts(user))


def reach_of(user: User) -> Reach:
    """How far the person reaches at the desk: staff and superusers everywhere, a committee's secretary in what is the
    committee's, everybody else nowhere. Who is both staff and secretary is staff."""
    posts = _posts(user)
    if user.is_superuser or AssociationRole.STAFF in roles_of(user):
        return Reach(everything=True)
    codes = {code for role, code in posts if role == AssociationRole.SECRETARY}
    return Reach(committees=frozenset(codes - {""}))


def reaching(committee_code: str) -> QuerySet[User]:
    """The other way round: active people of the desk who reach what belongs to the committee: the staff, and its
    secretaries ('' has none)."""
    secretary = Q(assignments__role=AssociationRole.SECRETARY, assignments__committee_code=committee_code)
    staff = Q(assignments__role=AssociationRole.STAFF)
    found = User.objects.filter(staff | secretary if committee_code else staff, is_active=True)
    return found.distinct().order_by("pk")


def _posts(user: User) -> frozenset[tuple[str, str]]:
    """(role, committee's code) of a person, asked once per request: a request has its own user object."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_association_posts"):
        rows = Assignment.objects.filter(user=user).values_list("role", "committee_code")
        user._association_posts = frozenset(rows)
    return user._association_posts


def posts_of(user: User) -> list[str]:
    """The association roles of a person in words, a secretary's with the committee's code."""
    rows = Assignment.objects.filter(user=user).order_by("role", "committee_code")
    return [f"{row.get_role_display()} {row.committee_code}".strip() for row in rows]
