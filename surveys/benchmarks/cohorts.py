"""Which universities are compared with each other. Pure: plain rows in, groups out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVERYONE = "all"
KIND, SIZE = "kind", "size"
# students; the bands are the platform's own, no regulation sets them
BANDS = (("size-small", 0, 10_000), ("size-medium", 10_000, 20_000), ("size-large", 20_000, None))


@dataclass(frozen=True)
class Member:
    """A university as a cohort sees it; `students` is None where its size is not known."""

    code: str
    kind: str
    students: int | None


@dataclass(frozen=True)
class Wanted:
    """A cohort as it should be now."""

    code: str
    dimension: str
    position: int
    members: frozenset[str]


def wanted(universities: Iterable[Member], kinds: Iterable[str]) -> list[Wanted]:
    """Everyone, each kind and each band of size that has members. `kinds` sets the order of the kinds."""
    rows = list(universities)
    found = [Wanted(EVERYONE, EVERYONE, 0, frozenset(u.code for u in rows))]
    for place, kind in enumerate(kinds):
        found.append(Wanted(f"kind-{kind}", KIND, place, frozenset(u.code for u in rows if u.kind == kind)))
    for place, (code, low, high) in enumerate(BANDS):
        found.append(
            Wanted(code, SIZE, place, frozenset(u.code for u in rows if _within(u.students, low, high)))
        )
    return [cohort for cohort in found if cohort.members]


def _within(students: int | None, low: int, high: int | None) -> bool:
    return students is not None and low <= students and (high is None or students < high)
