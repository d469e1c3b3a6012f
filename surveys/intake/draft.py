"""What the stages write into while a file is read: columns of figures, findings, and where cells went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from surveys.intake.result import Ambiguity, Ignored, Issue, MappingEntry


@dataclass(frozen=True)
class Blank:
    """An empty cell where a figure could have been."""

    sheet: str
    row: int
    column: int
    facility: str
    item: str
    measure: str
    period: str


@dataclass
class Draft:
    """Parallel lists of figures (`rows` and `cols` count from 0) and everything found on the way.

    `assumed` are headers without a unit, by item and measure: (sheet, cell).
    `bare_costs` are items whose cost has no unit written: (sheet, cell).
    `corrections` are negative cells: (facility, item, measure, period), the exact value and where it stands.
    `left` collects regions (sheet, top, left, bottom, right, why) of cells that are no figures.
    """

    facility: list[str] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    measure: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    flag: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    sheet: list[str] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    raw: list[Any] = field(default_factory=list)
    factor: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    ambiguous: list[Ambiguity] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    left: list[tuple[str, int, int, int, int, str]] = field(default_factory=list)
    reported: set[tuple[str, int, int]] = field(default_factory=set)
    mapping: list[MappingEntry] = field(default_factory=list)
    blanks: list[Blank] = field(default_factory=list)
    other_periods: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    seen_periods: set[str] = field(default_factory=set)
    explicit_years: set[int] = field(default_factory=set)
    seasonal_blanks: list[tuple[str, list[tuple[int, int]], str]] = field(default_factory=list)
    denominators: list[dict[str, Any]] = field(default_factory=list)
    outside: list[dict[str, Any]] = field(default_factory=list)
    assumed: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    bare_costs: dict[str, tuple[str, str]] = field(default_factory=dict)
    signed: dict[str, str] = field(default_factory=dict)
    corrections: list[tuple[tuple[str, str, str, str], str, str]] = field(default_factory=list)
    facilities_at: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    units_seen: dict[tuple[str, str], dict[tuple[str, str], tuple[str, int, int]]] = field(
        default_factory=dict
    )

    def add(
        self,
        facility: str,
        item: str,
        measure: str,
        period: str,
        exact: str,
        flag: str,
        text: str,
        sheet: str,
        row: int,
        column: int,
        raw: Any,
        factor: str = "1",
    ) -> None:
        """One figure or one missing figure (exact '')."""
        self.facility.append(facility)
        self.item.append(item)
        self.measure.append(measure)
        self.period.append(period)
        self.exact.append(exact)
        self.flag.append(flag)
        self.text.append(text)
        self.sheet.append(sheet)
        self.row.append(row)
        self.column.append(column)
        self.raw.append(raw)
        self.factor.append(factor)

    def merge(self, other: Draft) -> None:
        """Take over everything another draft holds."""
        for name in (
            "facility",
            "item",
            "measure",
            "period",
            "exact",
            "flag",
            "text",
            "sheet",
            "row",
            "column",
            "raw",
            "factor",
            "issues",
            "ambiguous",
            "ignored",
            "left",
            "mapping",
            "blanks",
            "denominators",
            "outside",
            "corrections",
            "seasonal_blanks",
        ):
            getattr(self, name).extend(getattr(other, name))
        self.reported |= other.reported
        self.bare_costs = other.bare_costs | self.bare_costs
        self.seen_periods |= other.seen_periods
        self.explicit_years |= other.explicit_years
        self.other_periods.update(other.other_periods)
        self.assumed = other.assumed | self.assumed
        self.signed = other.signed | self.signed
        for name, place in other.facilities_at.items():
            self.facilities_at.setdefault(name, place)
        for key, seen in other.units_seen.items():
            for unit, place in seen.items():
                self.units_seen.setdefault(key, {}).setdefault(unit, place)

    def leave(self, sheet: str, top: int, left: int, bottom: int, right: int, why: str) -> None:
        """Cells that are left out on purpose."""
        self.left.append((sheet, top, left, bottom, right, why))
