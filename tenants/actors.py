"""The person as seen inside a university: plain data, resolved in public before the wall."""

from dataclasses import dataclass

from tenants.models import Membership, University, UniversityRole, UniversityState
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


@dataclass(frozen=True)
class Actor:
    """Who acts at which university. Views and templates under /u/ use this, never the user row."""

    id: int
    name: str
    university_code: str
    university_name: str
    roles: frozenset[str]
    permissions: frozenset[str]

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
    return Actor(user.pk, user.name, code, rows[0][1], roles, permissions)


def universities_of(user) -> list[University]:
    """The active universities a person belongs to, in pinyin order."""
    return list(University.objects.filter(memberships__user=user, state=UniversityState.ACTIVE).distinct())
