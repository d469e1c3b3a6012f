"""The plain tables the rules work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

# university → its magnitudes in a cell: (numerator, denominator) of a ratio, (value,) of anything else
Vector = Mapping[str, tuple[Decimal, ...]]


class Statistic(StrEnum):
    RATIO = "ratio"
    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"
    P10 = "p10"
    P25 = "p25"
    P50 = "p50"
    P75 = "p75"
    P90 = "p90"


class State(StrEnum):
    RELEASED = "released"
    SUPPRESSED = "suppressed"
    CARRIED = "carried"


@dataclass(frozen=True)
class Contributor:
    """One university's figure. `value` is what is compared; a ratio also has the two it was made of."""

    university: str
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Series:
    """All contributors of one indicator in one period. kind: `ratio` (has denominators), `sum`, or `passes` (values
    are 1 and 0). `everyone_only` plans the city alone, no smaller group."""

    indicator: str
    period: str
    kind: str
    rows: tuple[Contributor, ...]
    everyone_only: bool = False


@dataclass(frozen=True)
class Group:
    """A fixed cohort. Groups of one dimension do not overlap; dimension `all` has one group: everyone."""

    code: str
    version: int
    dimension: str
    members: frozenset[str]


@dataclass(frozen=True)
class Nesting:
    """Series (indicator, period) whose sums add up to another series, contributor by contributor."""

    whole: tuple[str, str]
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, order=True)
class Key:
    indicator: str
    period: str
    cohort: str
    statistic: str


@dataclass(frozen=True)
class Published:
    """What the outside knows of a cell: the value, how many contributed, and (inside only) who with what."""

    value: Decimal
    n: int
    vector: Vector = field(repr=False)


@dataclass(frozen=True)
class Live:
    """A release that can still be read. `known`: for every cell, what was last published up to this release."""

    number: int
    known: Mapping[Key, Published]


@dataclass
class Cell:
    """A planned cell. `rule` says what took it back: '1' … '5' or an audit's name; '' for a released one."""

    key: Key
    version: int
    vector: Vector = field(repr=False)
    value: Decimal | None
    n: int
    state: State = State.RELEASED
    rule: str = ""

    @property
    def fresh(self) -> bool:
        return self.state is State.RELEASED
