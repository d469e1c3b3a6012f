"""Lay out a sheet: its tables, what each column is, and what each row is.

Small recognisers vote on a column: its header words, and the share of its cells that read as periods, items,
units or numbers. The strongest vote wins and its strength is kept as the confidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from surveys.intake import periods
from surveys.intake.headers import (
    Column,
    Grid,
    Header,
    find_header,
    is_facility,
    is_numeric,
)
from surveys.intake.rowkinds import classify, is_total
from surveys.intake.table import Table
from surveys.intake.words import Label, Vocabulary

SAMPLE = 60


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
    classify(table, words)
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
    if label.role == "item":
        places = _share(values, lambda v, w: isinstance(v, str) and is_facility(w.label(v), w), words)
        return "facility" if places > 0.5 and _share(values, _reads_item, words) < 0.3 else "item"
    if label.role in ("facility", "campus"):
        return label.role
    if not values:
        return "empty"
    if numbers > 0.5:
        return "data" if column.facility else "unknown"
    return "text"


def _with(column: Column, role: str) -> Column:
    return replace(column, role=role)


def _share(values: list, reads, words: Vocabulary) -> float:
    kept = [v for v in values if not is_total(v, words)]
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
            months = [v for v in values if not is_total(v, words)]
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
