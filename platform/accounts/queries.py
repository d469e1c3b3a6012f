"""Reading people and their assignments."""

from accounts.models import Assignment, User


def roles_of(user: User) -> frozenset[str]:
    """The association roles of a person, '' never among them; empty for anonymous."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_association_roles"):
        user._association_roles = frozenset(
            Assignment.objects.filter(user=user).values_list("role", flat=True)
        )
    return user._association_roles


def committees_of(user: User) -> frozenset[str]:
    """The committee codes a person is secretary of."""
    rows = Assignment.objects.filter(user=user, role="secretary")
    return frozenset(rows.values_list("committee_code", flat=True))


def posts_of(user: User) -> list[str]:
    """The association roles of a person in words, a secretary's with the committee's code."""
    rows = Assignment.objects.filter(user=user).order_by("role", "committee_code")
    return [f"{row.get_role_display()} {row.committee_code}".strip() for row in rows]
