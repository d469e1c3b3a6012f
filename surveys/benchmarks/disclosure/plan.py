"""From contributors to cells: rules 1 to 5 in order, then the audits, until nothing moves any more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from surveys.benchmarks.disclosure.numerators import given_away
from surveys.benchmarks.disclosure.subtraction import (
    Family,
    Protection,
    cohort_families,
    nesting_families,
    too_few_changed,
)
from surveys.benchmarks.disclosure.tables import (
    Cell,
    Contributor,
    Group,
    Key,
    Live,
    Nesting,
    Series,
    State,
    Statistic,
)
from surveys.benchmarks.disclosure.thresholds import magnitudes_rule, passes_rule, quantile, quantile_rule

# what a release says was applied; a changed rule gets a new number
RULES = ("1@1", "2@1", "3@1", "4@1", "5@1")
SHARES = {
    Statistic.P10: Decimal("0.10"),
    Statistic.P25: Decimal("0.25"),
    Statistic.P50: Decimal("0.50"),
    Statistic.P75: Decimal("0.75"),
    Statistic.P90: Decimal("0.90"),
}
TAILS = (Statistic.P10, Statistic.P90)
STATISTICS = {
    "ratio": (Statistic.RATIO, Statistic.MEAN, *SHARES),
    "sum": (Statistic.SUM,),
    "passes": (Statistic.COUNT,),
}
PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Finding:
    """A cell an audit takes back."""

    key: Key


class Audit(Protocol):
    """A further check of the planned cells before they are frozen. `name` is numbered (`lp@1`) and stored with the
    release. It sees every cell with its contributors and all live releases; what it finds is taken back, and the
    rules and audits run again until nothing is found."""

    name: str

    def __call__(self, cells: Mapping[Key, Cell], live: Sequence[Live]) -> Iterable[Finding]: ...


def plan(
    series: Sequence[Series],
    groups: Sequence[Group],
    *,
    nestings: Sequence[Nesting] = (),
    live: Sequence[Live] = (),
    named: Collection[str] = (),
    audits: Sequence[Audit] = (),
) -> list[Cell]:
    """Every cell of a release with its state, in the order of series, groups and statistics.

    `live` are the releases of the period that can still be read, `named` the universities that consented to be
    known. Carried cells hold the value and count last published; suppressed ones keep theirs for the preview of the
    association and must be emptied when they are stored.
    """
    cells = {cell.key: cell for one in series for cell in planned(one, groups)}
    protection = Protection(cells, live, named)
    for cell in cells.values():
        cell.rule = broken_rule(cell, named)
        cell.state = State.SUPPRESSED if cell.rule else State.RELEASED
    _compare_with_live(cells, protection)
    families = _families(series, groups, nestings)
    protection.run(families)
    while _across(cells, live, protection) or _audit(cells, audits, live, protection):
        protection.run(families)
    for cell in cells.values():
        _carry(cell, protection)
    return list(cells.values())


def planned(series: Series, groups: Sequence[Group]) -> Iterable[Cell]:
    """The cells of one series before any rule; groups without a contributor have none."""
    for group in groups:
        if series.everyone_only and group.dimension != "all":
            continue
        rows = [row for row in series.rows if row.university in group.members]
        for statistic in STATISTICS[series.kind] if rows else ():
            key = Key(series.indicator, series.period, group.code, statistic)
            vector = vector_of(rows, statistic)
            yield Cell(
                key, group.version, vector, VALUES.get(statistic, _quantile)(rows, statistic), len(rows)
            )


def broken_rule(cell: Cell, named: Collection[str] = ()) -> str:
    """The number of the first of rules 1 to 3 that the cell breaks, '' when it breaks none."""
    statistic = Statistic(cell.key.statistic)
    if cell.value is None:
        return "1"
    if statistic in SHARES:
        return quantile_rule(cell.vector, tail=statistic in TAILS, named=named)
    check = passes_rule if statistic is Statistic.COUNT else magnitudes_rule
    return check(cell.vector, named)


def _compare_with_live(cells: Mapping[Key, Cell], protection: Protection) -> None:
    for key, cell in cells.items():
        known = [release.known[key].vector for release in protection.live if key in release.known]
        if any(too_few_changed(before, cell.vector) for before in known):
            protection.take_back(key, "5")


def _families(
    series: Sequence[Series], groups: Sequence[Group], nestings: Sequence[Nesting]
) -> list[tuple[Family, ...]]:
    families = [f for one in series if not one.everyone_only for f in cohort_families(one, groups)]
    everyone = [g.code for g in groups if g.dimension == "all"]
    return families + [f for code in everyone for f in nesting_families(nestings, code)]


def _across(cells: Mapping[Key, Cell], live: Sequence[Live], protection: Protection) -> bool:
    """Rule 4 across indicators; True when it took a cell back."""
    found = list(given_away(cells, live, protection.named))
    for key in found:
        protection.take_back(key, "4")
    return bool(found)


def _audit(
    cells: Mapping[Key, Cell], audits: Sequence[Audit], live: Sequence[Live], protection: Protection
) -> bool:
    """Runs the audits once; True when one of them took a cell back."""
    moved = False
    for audit in audits:
        for finding in list(audit(cells, live)):
            if cells[finding.key].fresh:
                protection.take_back(finding.key, audit.name)
                moved = True
    return moved


def _carry(cell: Cell, protection: Protection) -> None:
    if cell.state is State.CARRIED:
        before = protection.last_known(cell.key)
        cell.value, cell.n = before.value, before.n


def vector_of(rows: Iterable[Contributor], statistic: str) -> dict[str, tuple[Decimal, ...]]:
    """Who stands in a cell of this statistic, with which magnitudes."""
    ratio = statistic == Statistic.RATIO
    return {row.university: (row.numerator, row.denominator) if ratio else (row.value,) for row in rows}


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES)


def _ratio(rows: Sequence[Contributor], _statistic: Statistic) -> Decimal | None:
    bottom = sum((row.denominator for row in rows), Decimal(0))
    return _rounded(sum((row.numerator for row in rows), Decimal(0)) / bottom) if bottom else None


def _sum(rows: Sequence[Contributor], _statistic: Statistic) -> Decimal:
    return sum((row.value for row in rows), Decimal(0))


def _mean(rows: Sequence[Contributor], statistic: Statistic) -> Decimal:
    return _rounded(_sum(rows, statistic) / len(rows))


def _quantile(rows: Sequence[Contributor], statistic: Statistic) -> Decimal | None:
    return _rounded(quantile([row.value for row in rows], SHARES[statistic])) if len(rows) > 2 else None


VALUES: dict[Statistic, Callable[[Sequence[Contributor], Statistic], Decimal | None]] = {
    Statistic.RATIO: _ratio,
    Statistic.SUM: _sum,
    Statistic.COUNT: _sum,
    Statistic.MEAN: _mean,
}
