"""Who works at a university, as plain data for its own pages. Memberships are rows of public that the university's role
cannot read; a view inside asks here, for the university it stands in."""

from dataclasses import dataclass

from tenants.context import current_university, in_public
from tenants.people import members_of


@dataclass(frozen=True)
class Colleague:
    """A person of the university: name, address, roles in words."""

    name: str
    email: str
    roles: tuple[str, ...]


def colleagues() -> list[Colleague]:
    """The active people of the university one stands in, by name. Raises RuntimeError outside of one."""
    code = current_university()
    if not code:
        raise RuntimeError("colleagues are a university's")
    with in_public():
        people = [person for person in members_of(code) if person.active]
    return [Colleague(p.name, p.email, tuple(post.label for post in p.posts)) for p in people]
