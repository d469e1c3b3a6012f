"""One table of a sheet: its columns and what each of its rows is."""

from __future__ import annotations

from dataclasses import dataclass, field

from surveys.intake.grid import Grid
from surveys.intake.headers import Column, Header
from surveys.intake.labels import Label

ROW_ROLES = ("period", "year", "item", "unit", "facility", "campus")


@dataclass
class Table:
    """One table of a sheet. Rows are absolute; `data_rows` hold figures, `total_rows` sums of them, `aside_rows`
    what is worked out from them (同比, 月平均, 单价); `title` is the lone text right above the header.

    `outer_rows` are the groups of an outline, each the sum of the rows below it, `unsure_rows` those of groups that do
    not add up.

    `nameless` are rows of a block that names no place while others of its form do; `part_rows` are summed up by a row
    of their own, and `said` is what the label cells of that row mean.
    """

    grid: Grid
    header: Header
    end: int
    columns: list[Column]
    data_rows: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    footer_rows: list[int] = field(default_factory=list)
    repeated_rows: list[int] = field(default_factory=list)
    aside_rows: list[int] = field(default_factory=list)
    part_rows: list[int] = field(default_factory=list)
    outer_rows: list[int] = field(default_factory=list)
    unsure_rows: list[int] = field(default_factory=list)
    said: dict[tuple[int, int], object] = field(default_factory=dict)
    section_rows: dict[int, Label] = field(default_factory=dict)
    section_of: dict[int, Label] = field(default_factory=dict)
    fill: set[int] = field(default_factory=set)
    ditto: frozenset[str] = frozenset()
    title: str = ""
    nameless: list[int] = field(default_factory=list)

    def of_role(self, *roles: str) -> list[Column]:
        return [c for c in self.columns if c.role in roles]
