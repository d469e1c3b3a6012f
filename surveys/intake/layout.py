"""Lay out a sheet: its tables, what each column is, and what each row is.

Small recognisers vote on a column: its header words, and the share of its cells that read as periods, items,
units or numbers. The strongest vote wins and its strength is kept as the confidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from surveys.intake import periods
from surveys.intake.headers import (
    Column,
    Grid,
    Header,
    find_header,
    is_facility,
    is_numeric,
    looks_like_header,
)
from surveys.intake.words import Label, Vocabulary, fold

SAMPLE = 60
_REMARK = re.compile(r"(注|说明|备注|填表说明)\d*[:：、.]")
ROW_ROLES = ("period", "year", "item", "unit", "facility", "campus")
DATA_ROLES = ("", "data")


@dataclass
class Table:
    """One table of a sheet. Rows are absolute; `data_rows` hold figures, `total_rows` sums of them."""

    grid: Grid
    header: Header
    end: int
    columns: list[Column]
    data_rows: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    footer_rows: list[int] = field(default_factory=list)
    repeated_rows: list[int] = field(default_factory=list)
    section_rows: dict[int, Label] = field(default_factory=dict)
    section_of: dict[int, Label] = field(default_factory=dict)
    fill: set[int] = field(default_factory=set)

    def of_role(self, *roles: str) -> list[Column]:
        return [c for c in self.columns if c.role in roles]


@dataclass
class Layout:
    """The tables of a sheet, and the margin rows above, between and below them."""

    grid: Grid
    tables: list[Table]
    margins: list[int]


def lay_out(grid: Grid, words: Vocabulary) -> Layout:
    """All tables of one sheet; a sheet without a recognisable header has none."""
    tables: list[Table] = []
    start = 0
    while start < len(grid.rows):
        header = find_header(grid, start, words)
        if header is None:
            break
        table = _table(grid, header, words)
        if table.data_rows:
            tables.append(table)
        start = max(table.end, header.bottom + 1)
    covered = {r for t in tables for r in range(t.header.top, t.end)}
    margins = (
        [r for r in range(len(grid.rows)) if r not in covered and grid.own(r)]
        if len(grid.rows) < 5000
        else [
            r
            for r in (*range(min(20, len(grid.rows))), *range(max(len(grid.rows) - 30, 20), len(grid.rows)))
            if r not in covered and grid.own(r)
        ]
    )
    return Layout(grid, tables, margins)


def _table(grid: Grid, header: Header, words: Vocabulary) -> Table:
    body = range(header.bottom + 1, len(grid.rows))
    sample = [r for r in body[:SAMPLE] if grid.own(r)]
    columns = [_vote(grid, column, sample, words) for column in header.columns]
    table = Table(grid, header, len(grid.rows), columns)
    _leading_labels(table, sample, words)
    _promote_totals(table)
    _classify(table, words)
    _find_fill(table)
    return table


def _vote(grid: Grid, column: Column, sample: list[int], words: Vocabulary) -> Column:
    """Settle the role of one column from its header and its contents."""
    values = [v for r in sample if (v := grid.value(r, column.index)) not in ("", None)]
    label = column.label
    if label.role in (
        "sequence",
        "note",
        "aside",
        "price",
        "multiplier",
        "meter_start",
        "meter_end",
        "unit",
        "type",
    ):
        role = "item" if label.role == "type" and _share(values, _reads_item, words) > 0.7 else label.role
        return _with(column, role)
    if label.role.startswith("denominator"):
        return _with(column, label.role)
    if label.role in ("item", "facility", "period", "campus", "year", ""):
        return _with(column, _by_content(values, label, column, words))
    return _with(column, label.role)


def _by_content(values: list, label: Label, column: Column, words: Vocabulary) -> str:
    if label.total and not (label.items or label.measure):
        return "total"
    numbers = _share(values, lambda v, _: is_numeric(v), words)
    if label.role == "year" and _share(values, _reads_period, words) > 0.5:
        return "year"
    if label.role == "period":
        return "period"
    if label.when or label.items or label.measure or label.unit:
        return "data"
    if _share(values, _reads_period_strictly, words) > 0.6:
        return "period"
    if _share(values, _reads_item, words) > 0.6:
        return "item"
    if values and numbers < 0.3 and _share(values, _reads_unit, words) > 0.6:
        return "unit"
    if label.role in ("item", "facility", "campus"):
        return "facility" if label.role == "item" else label.role
    if not values:
        return "empty"
    if numbers > 0.5:
        return "data" if column.facility else "unknown"
    return "text"


def _with(column: Column, role: str) -> Column:
    return replace(column, role=role)


def _share(values: list, reads, words: Vocabulary) -> float:
    kept = [v for v in values if not _is_total(v, words)]
    return sum(1 for v in kept if reads(v, words)) / len(kept) if kept else 0.0


def _reads_period(value: object, _: Vocabulary) -> bool:
    return periods.parse_value(value) is not None


def _reads_period_strictly(value: object, words: Vocabulary) -> bool:
    return not is_numeric(value) and periods.parse_value(value, role=False) is not None


def _reads_item(value: object, words: Vocabulary) -> bool:
    label = words.label(value)
    return bool(label.items or label.measure) and label.confidence >= 0.7 and not label.role


def _reads_unit(value: object, words: Vocabulary) -> bool:
    return isinstance(value, str) and words.units.parse(value) is not None


def _is_total(value: object, words: Vocabulary) -> bool:
    return isinstance(value, str) and words.may_be_total(value) and words.label(value).total


def _leading_labels(table: Table, sample: list[int], words: Vocabulary) -> None:
    """Columns without any header word left of the figures: the first text column names places (or months as 1–12)."""
    figures = [c.index for c in table.columns if c.role == "data"]
    if not figures:
        return
    for column in table.columns:
        if column.role != "text" and not (column.role == "unknown" and not column.path):
            continue
        values = [v for r in sample if (v := table.grid.value(r, column.index)) not in ("", None)]
        before = column.index < min(figures)
        if column.role == "unknown":
            months = [v for v in values if not _is_total(v, words)]
            if (
                before
                and months
                and all(periods.parse_value(v) for v in months)
                and not table.of_role("period")
            ):
                column.role = "period"
        elif before and not table.of_role("facility") and not column.label.role:
            places = sum(1 for v in values if isinstance(v, str) and is_facility(words.label(v), words))
            if places >= 0.5 * max(len(values), 1):
                column.role = "facility"


def _promote_totals(table: Table) -> None:
    """A 合计 column that names an item and has no parts beside it holds the figures themselves."""
    data = [c for c in table.columns if c.role == "data"]
    for column in data:
        if not column.label.total:
            continue
        parts = [
            c
            for c in data
            if not c.label.total
            and c.label.items == column.label.items
            and (c.label.measure or "quantity") == (column.label.measure or "quantity")
        ]
        if parts:
            column.role = "total"
    months = [c for c in data if c.label.when and c.label.when.month]
    if len(months) >= 3:
        for column in data:
            when = column.label.when
            if when and not when.month and not column.label.items:
                column.role = "total"


def _classify(table: Table, words: Vocabulary) -> None:
    """Say of each row under the header what it is; the table ends at a new header or a long gap of margin text."""
    grid, header = table.grid, table.header
    label_columns = [c.index for c in table.columns if c.role in (*ROW_ROLES, "sequence", "type", "text")]
    figures = [
        c.index
        for c in table.columns
        if c.role in ("data", "total", "unknown", "price", "meter_start", "meter_end")
    ]
    needed = [c.index for c in table.of_role("period", "item", "facility")]
    template = {fold(grid.rows[header.bottom][c]) for c, _ in grid.own(header.bottom)}
    section = Label("")
    ordinary = _ordinary(grid, header.bottom + 1, needed, figures, words)
    for r in range(header.bottom + 1, len(grid.rows)):
        if ordinary and ordinary[r - header.bottom - 1]:
            table.data_rows.append(r)
            if section.text:
                table.section_of[r] = section
            continue
        kind = _kind(table, r, label_columns, figures, template, words)
        if kind == "header":
            table.end = r
            return
        if kind == "section":
            section = words.label(grid.own(r)[0][1])
            table.section_rows[r] = section
        elif kind:
            getattr(table, f"{kind}_rows").append(r)
            if kind == "data" and section.text:
                table.section_of[r] = section


def _ordinary(grid: Grid, start: int, needed: list[int], figures: list[int], words: Vocabulary) -> list[bool]:
    """Per row whether it is plainly data: every label cell filled and usual, and a number among the figures.

    Decided on the distinct values of whole columns; empty where merged cells make each row its own case.
    """
    if not needed or not figures or grid.owner:
        return []
    rows = grid.rows[start:]
    found: list[bool] = [False] * len(rows)
    for c in figures:
        found = [f or type(row[c]) is float for f, row in zip(found, rows, strict=True)]
        if all(found):
            break
    for c in needed:
        column = [row[c] for row in rows]
        usual = {value: _cell_kind(value, words) == "plain" for value in set(column)}
        found = [f and usual[value] for f, value in zip(found, column, strict=True)]
    return found


def _cell_kind(value: object, words: Vocabulary) -> str:
    if value in ("", None) or _is_total(value, words):
        return "odd"
    return "odd" if isinstance(value, str) and _is_footer(value, words) else "plain"


def _kind(
    table: Table, r: int, label_columns: list[int], figures: list[int], template: set[str], words: Vocabulary
) -> str:
    grid = table.grid
    cells = grid.own(r)
    if not cells:
        return ""
    in_figures = [v for c, v in cells if c in figures]
    numbers = sum(1 for v in in_figures if is_numeric(v))
    labels = [(c, v) for c, v in cells if c in label_columns]
    if numbers == 0 and len(cells) >= 3 and len(template & {fold(v) for _, v in cells}) >= 0.7 * len(cells):
        return "repeated"
    if numbers == 0 and r > table.header.bottom + 1 and looks_like_header(grid, r, words, strict=True):
        return "header"
    if numbers == 0 and _footer(cells, words):
        return "footer"
    spoken = [grid.value(r, c) for c in label_columns if grid.value(r, c) != ""]
    if any(_is_total(v, words) for v in spoken):
        return "total"
    if (
        len(cells) == 1
        and numbers == 0
        and _titles(cells[0][1], words)
        and not _required_here(table, cells[0][0], cells[0][1])
    ):
        return "section"
    if in_figures or _has_no_value(table, r, figures):
        return "data"
    if any(grid.value(r, c.index) != "" for c in table.of_role("period", "item", "facility")):
        return (
            "data"
            if len(labels) == len(cells)
            and not _footer(cells, words)
            and len(cells) <= len(label_columns)
            and _all_known(table, r, words)
            else "footer"
        )
    return "footer"


def _titles(value: object, words: Vocabulary) -> bool:
    """Whether a lone text names what the following rows are about; a full date is a signature, not a title."""
    label = words.label(value)
    return (label.speaks and not (label.when and label.when.day)) or is_facility(label, words)


def _has_no_value(table: Table, r: int, figures: list[int]) -> bool:
    sheet = table.grid.sheet
    return any((r, c) in sheet.no_value or (r, c) in sheet.faults for c in figures)


def _required_here(table: Table, column: int, value: object) -> bool:
    """A lone month in the period column is a row without figures, not a section title; likewise a lone item."""
    if any(c.index == column for c in table.of_role("period")):
        return periods.parse_value(value) is not None
    return len(table.of_role(*ROW_ROLES)) > 1 and any(c.index == column for c in table.of_role("item"))


def _all_known(table: Table, r: int, words: Vocabulary) -> bool:
    for column in table.of_role("period"):
        if periods.parse_value(table.grid.value(r, column.index)) is None:
            return False
    return all(words.label(table.grid.value(r, c.index)).items for c in table.of_role("item"))


def _footer(cells: list[tuple[int, object]], words: Vocabulary) -> bool:
    return any(isinstance(v, str) and _is_footer(v, words) for _, v in cells)


def _is_footer(text: str, words: Vocabulary) -> bool:
    if not any(mark in text for mark in ":：、."):
        return False
    clean = fold(text)
    return bool(_REMARK.match(clean) or words.footer.search(clean))


def _find_fill(table: Table) -> None:
    """Label columns whose blanks mean "as above": written once per block without merging the cells."""
    rows = table.data_rows
    for column in table.of_role("facility", "campus", "item", "period", "year"):
        if any((r, column.index) in table.grid.owner for r in rows[:SAMPLE]):
            continue
        blank = sum(1 for r in rows[: SAMPLE * 4] if table.grid.value(r, column.index) == "")
        first = table.grid.value(rows[0], column.index) != "" if rows else False
        if first and blank >= 0.3 * min(len(rows), SAMPLE * 4):
            table.fill.add(column.index)
