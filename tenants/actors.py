"""The person as seen inside a university: plain data, resolved in public before the wall."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now, TruncDate

from tenants.models import Membership, Substitution, University, UniversityRole, UniversityState
from ui.formats import listed

# What each role may do. A permission is `<area>.<verb>`; views name the one they need (tenants.access.requires).
PERMISSIONS: dict[str, frozenset[str]] = {
    UniversityRole.CLERK: frozenset(
        {
            "university.view",
            "filings.view",
            "filings.edit",
            "filings.submit",
            "filings.stamp",
            "facilities.view",
            "facilities.edit",
            "benchmarks.view",
            "notices.view",
        }
    ),
    UniversityRole.APPROVER: frozenset(
        {
            "university.view",
            "filings.view",
            "filings.sign",
            "filings.stamp",
            "facilities.view",
            "benchmarks.view",
            "notices.view",
            "people.manage",
        }
    ),
    UniversityRole.CORRESPONDENT: frozenset({"university.view", "benchmarks.view", "notices.view"}),
}


# all that a substitute may do for an approver
SUBSTITUTE = frozenset({"filings.view", "filings.sign"})


@dataclass(frozen=True)
class SignsFor:
    """For whom a substitute signs, until which day, and why."""

    id: int
    name: str
    until: datetime.date
    reason: str


@dataclass(frozen=True)
class Actor:
    """Who acts at which university. Views and templates under /u/ use this, never the user row."""

    id: int
    name: str
    university_code: str
    university_name: str
    roles: frozenset[str]
    permissions: frozenset[str]
    # set where the person signs as a substitute, not as an approver
    signs_for: SignsFor | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def role_label(self) -> str:
        """The roles as shown in the bar."""
        return listed(str(UniversityRole(role).label) for role in sorted(self.roles))


class UniversityUnavailable(Exception):
    """The university exists and the person belongs to it, but it is not open (`state`): 503."""

    def __init__(self, state: str):
        super().__init__(state)
        self.state = state


def resolve_actor(user, code: str) -> Actor | None:
    """The actor for `user` at university `code`; None when there is no such membership.

    Reads public only. Raises UniversityUnavailable when the university is not active.
    """
    rows = Membership.objects.filter(user=user, university__code=code)
    rows = list(rows.values_list("role", "university__name", "university__state"))
    if not rows:
        return None
    if rows[0][2] != UniversityState.ACTIVE:
        raise UniversityUnavailable(rows[0][2])
    roles = frozenset(role for role, _, _ in rows)
    permissions = frozenset().union(*(PERMISSIONS[role] for role in roles))
    represented = None if UniversityRole.APPROVER in roles else signs_for(user, code)
    if represented:
        permissions |= SUBSTITUTE
    return Actor(user.pk, user.name, code, rows[0][1], roles, permissions, represented)


def signs_for(user, code: str) -> SignsFor | None:
    """For whom a person signs at a university today, by the database's clock; None without a substitution. It holds
    only while the represented person is an approver there."""
    row = substitutions_today().filter(substitute=user, university__code=code).first()
    return SignsFor(row.principal_id, row.principal.name, row.ends_on, row.reason) if row else None


def substitutions_today() -> QuerySet[Substitution]:
    """The substitutions that hold today."""
    approver = Membership.objects.filter(
        user=OuterRef("principal"), university=OuterRef("university"), role=UniversityRole.APPROVER
    )
    rows = Substitution.objects.annotate(today=TruncDate(Now())).filter(
        Exists(approver), starts_on__lte=F("today"), ends_on__gte=F("today"), ended_at=None
    )
    return rows.filter(principal__is_active=True).select_related("principal").order_by("ends_on", "pk")


def universities_of(user) -> list[University]:
    """The active universities a person belongs to, in pinyin order."""
    return list(University.objects.filter(memberships__user=user, state=UniversityState.ACTIVE).distinct())
