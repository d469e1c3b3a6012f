"""Reading people with what they do: at universities and in the association. Everything here lives in public; what is
handed out is plain data, so that it may be shown inside a university too."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Assignment, AssociationRole, Invitation, User
from tenants.models import Membership, Substitution, University, UniversityRole

# what a university's approver may hand out, and what the association's staff may; operators are made in /ops/
UNIVERSITY_ROLES = tuple(UniversityRole)
STAFF_GIVES = (
    AssociationRole.STAFF,
    AssociationRole.SECRETARY,
    AssociationRole.EXPERT,
    AssociationRole.COMMISSION,
)


@dataclass(frozen=True)
class Post:
    """One role: `id` of the membership or assignment, its word, where (university's name or committee's code)."""

    id: int
    role: str
    label: str
    place: str = ""
    since: datetime.datetime | None = None


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str
    active: bool
    posts: tuple[Post, ...] = field(default=())


@dataclass(frozen=True)
class Waiting:
    """An invitation that has not been used."""

    id: int
    name: str
    email: str
    role: str
    place: str
    expires_at: datetime.datetime
    expired: bool


def role_label(role: str) -> str:
    """The word of a role of either kind."""
    words = dict(UniversityRole.choices) | dict(AssociationRole.choices)
    return str(words.get(role, role))


def place_of(invitation: Invitation) -> str:
    """Where an invitation leads, in words."""
    if not invitation.university_code:
        return _("协会")
    return University.objects.get(code=invitation.university_code).name


def members_of(code: str) -> list[Person]:
    """The people of a university with their roles there, by name."""
    rows = Membership.objects.filter(university__code=code).select_related("user")
    posts: dict[User, list[Post]] = {}
    for row in rows.order_by("user__name", "user_id", "role"):
        post = Post(row.pk, row.role, str(row.get_role_display()), since=row.created_at)
        posts.setdefault(row.user, []).append(post)
    return [Person(u.pk, u.name, u.email, u.is_active, tuple(ps)) for u, ps in posts.items()]


def waiting_for(code: str | None, *, now: datetime.datetime) -> list[Waiting]:
    """Open and expired invitations to a university; None: those of the association and of all universities."""
    rows = Invitation.objects.filter(used_at=None, revoked_at=None)
    if code is not None:
        rows = rows.filter(university_code=code)
    names = dict(University.objects.values_list("code", "name"))
    return [
        Waiting(
            row.pk,
            row.name,
            row.email,
            role_label(row.role),
            names.get(row.university_code, "") or row.committee_code,
            row.expires_at,
            row.expires_at <= now,
        )
        for row in rows.order_by("-created_at")
    ]


def search_people(text: str = "", role: str = "", university: str = "") -> QuerySet[User]:
    """Everyone whose name or address contains the text, has the role, belongs to the university; by name."""
    people = User.objects.filter(anonymised_at=None)
    if text:
        people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if role:
        people = people.filter(Q(assignments__role=role) | Q(memberships__role=role))
    if university:
        people = people.filter(memberships__university__code=university)
    rows = people.distinct().order_by("name", "pk")
    memberships = Membership.objects.select_related("university").order_by("university__pinyin_key", "role")
    return rows.prefetch_related(
        Prefetch("assignments", Assignment.objects.order_by("role", "committee_code")),
        Prefetch("memberships", memberships),
    )


def as_person(user: User) -> Person:
    """A person of `search_people` as plain data: association posts first."""
    posts = [
        Post(a.pk, a.role, str(a.get_role_display()), a.committee_code, a.created_at)
        for a in user.assignments.all()
    ]
    posts += [
        Post(m.pk, m.role, str(m.get_role_display()), m.university.name, m.created_at)
        for m in user.memberships.all()
    ]
    return Person(user.pk, user.name, user.email, user.is_active, tuple(posts))


@dataclass(frozen=True)
class Substitute:
    """Who signs for whom: `state` is planned, open (now) or closed."""

    id: int
    principal: str
    substitute: str
    starts_on: datetime.date
    ends_on: datetime.date
    reason: str
    state: str


def substitutes_of(university: University, *, now: datetime.datetime) -> list[Substitute]:
    """The substitutions of a university, the latest first."""
    today = timezone.localdate(now)
    rows = Substitution.objects.filter(university=university).select_related("principal", "substitute")
    return [
        Substitute(
            row.pk,
            row.principal.name,
            row.substitute.name,
            row.starts_on,
            row.ends_on,
            row.reason,
            _substitution_state(row, today),
        )
        for row in rows
    ]


def _substitution_state(row: Substitution, today: datetime.date) -> str:
    if row.ended_at or row.ends_on < today:
        return "closed"
    return "planned" if row.starts_on > today else "open"
