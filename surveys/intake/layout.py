"""Lay out a sheet: its tables, what each column is, and what each row is.

Small recognisers vote on a column: its header words, and the share of its cells that read as periods, items,
units or numbers. The strongest vote wins and its strength is kept as the confidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from surveys.intake import periods
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.headers import Column, Header, find_header
from surveys.intake.labels import Label
from surveys.intake.openings import apply_openings, opening_of, title_of
from surveys.intake.outline import settle_outline
from surveys.intake.pairs import header_of_pairs
from surveys.intake.places import clean_name, is_code, is_facility
from surveys.intake.rowkinds import classify, is_total
from surveys.intake.rowsums import days_of_month, settle_row_sums
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.votes import reads_item, vote
from surveys.intake.wholes import (
    adds_up,
    promote_totals,
    settle_bills,
    settle_lone_sum,
    settle_sum_row,
    settle_sums_of_nothing,
    settle_taxed,
    settle_wholes,
    sums_places,
)
from surveys.intake.widerows import lone_halves, wholes_without_parts, wider_rows
from surveys.intake.words import Vocabulary

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
    openings: list[Label] = []
    start = 0
    while start < len(grid.rows):
        pairs = grid.sheet.pairs if not start else None
        header = header_of_pairs(grid.sheet, words) if pairs else find_header(grid, start, words)
        if header is None:
            break
        table = _table(grid, header, words)
        if table.data_rows:
            tables.append(table)
            table.title = title_of(grid, start, header, words)
            openings.append(opening_of(grid, start, header, table.title, words))
        start = max(table.end, header.bottom + 1)
    apply_openings(openings, tables, words)
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
    # titles of groups and signatures say nothing of the columns they stand in
    sample = [r for r in sample if any(is_numeric(v) for _, v in grid.own(r))] or sample
    columns = [vote(grid, column, sample, words) for column in header.columns]
    table = Table(grid, header, len(grid.rows), columns, ditto=frozenset(words.definition.words("ditto")))
    _years_apart(table, sample)
    _leading_labels(table, sample, words)
    _kinds_of_rows(table, words)
    _name_siblings(table, sample, words)
    _units_beside(table, sample, words)
    settle_taxed(table, sample, words)
    settle_bills(table, words)
    settle_wholes(table, sample, words)
    promote_totals(table, words)
    settle_sums_of_nothing(table, sample, words)
    settle_lone_sum(table, sample, words)
    _name_places(table, sample)
    _mark_coal(table, words)
    settle_outline(table, words)
    classify(table, words)
    table.nameless += [r for r in table.unsure_rows if r in set(table.data_rows)]
    wholes_without_parts(table, words)
    wider_rows(table)
    lone_halves(table, words)
    settle_sum_row(table, words)
    _find_fill(table)
    settle_row_sums(table, words)
    return table


def _years_apart(table: Table, sample: list[int]) -> None:
    """A column of nothing but years beside one of months is the year of these months: 年度 | 月份."""
    columns = table.of_role("period")
    if len(columns) < 2:
        return
    whens = {c.index: [periods.parse_value(table.grid.value(r, c.index)) for r in sample] for c in columns}
    years = [c for c in columns if all(w and not w.part for w in whens[c.index] if w) and any(whens[c.index])]
    months = [c for c in columns if any(w and w.month for w in whens[c.index])]
    if months:
        for column in years:
            column.role = "year"


def _leading_labels(table: Table, sample: list[int], words: Vocabulary) -> None:
    """Columns without any header word left of the figures: the first text column names places (or months as 1–12)."""
    figures = [c.index for c in table.columns if c.role == "data"]
    if not figures:
        return
    months = all(c.label.when and c.label.when.month for c in table.of_role("data"))
    for column in table.columns:
        if months and column.role == "unknown" and column.index < min(figures):
            days = [v for r in sample if not is_total(v := table.grid.value(r, column.index), words)]
            column.role = "period" if days_of_month(days) else column.role
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
    _names_of_rows(table, sample, min(figures), words)


def _kinds_of_rows(table: Table, words: Vocabulary) -> None:
    """A column of nothing but 本期, 上年同期, 同比 or years says which of these a row is, whatever its header."""
    for column in table.of_role("text"):
        rows = range(table.header.bottom + 1, len(table.grid.rows))
        texts = {v for r in rows for c, v in table.grid.own(r) if c == column.index and isinstance(v, str)}
        labels = [words.label(t) for t in texts if not is_total(t, words)]
        asides = [x for x in labels if x.role == "aside"]
        if asides and len(labels) <= 6 and all(x.filler or x.when or x in asides for x in labels):
            column.role = "item"


def _units_beside(table: Table, sample: list[int], words: Vocabulary) -> None:
    """Where each number has its unit in a column right of it, the column of numbers is in that unit."""
    columns = {c.index: c for c in table.columns}
    beside = [(columns[u.index - 1], u) for u in table.of_role("unit") if u.index - 1 in columns]
    beside = [(number, unit) for number, unit in beside if number.role == "data"]
    if len(beside) < 2 or len(beside) < len(table.of_role("unit")):
        return
    for number, column in beside:
        said = {fold(v) for r in sample if (v := table.grid.value(r, column.index)) not in ("", None)}
        unit = words.units.parse(said.pop()) if len(said) == 1 else None
        if unit is None:
            number.role = "unknown"
            continue
        number.levels = [*number.levels, Label(unit.word, unit=unit, confidence=1.0)]
        number.label = replace(number.label, unit=unit)
    for _, column in beside:
        column.role = "empty" if not column.path else "note"


def _names_of_rows(table: Table, sample: list[int], first: int, words: Vocabulary) -> None:
    """Where months stand over figures and nothing says what they are of, the words beside them must: names that nobody
    knows are then asked one by one, next to one that is known or to units of their own."""
    data = table.of_role("data")
    if table.of_role("item", "period") or any(
        c.label.items or c.label.measure or not c.label.when for c in data
    ):
        return
    left = [c for c in table.of_role("text") if c.index < first and not c.label.role]
    for column in reversed(left):
        values = [v for r in sample if (v := table.grid.value(r, column.index)) not in ("", None)]
        if len(set(values)) > 1 and (table.of_role("unit") or any(reads_item(v, words) for v in values)):
            column.role = "item"
            return


def _name_places(table: Table, sample: list[int]) -> None:
    """Columns headed by nothing but names are places when most of them look like it and months run down."""
    # 上年 and 同比 under a place are none of its figures
    named = [c for c in table.of_role("data", "unknown") if c.facility or (c.role == "unknown" and c.path)]
    if any(c.label.items or c.label.measure or c.label.when for c in table.of_role("data")):
        return
    if (
        not table.of_role("period", "item")
        or len(named) < 2
        or sum(1 for c in named if c.facility or is_code(c.title)) * 2 < len(named)
    ):
        return
    places = [c for c in named if c.facility or is_code(c.title)]
    for column in named:
        if column not in places and adds_up(table, column, places, sample, 2):
            # 小汁 is no house that uses what all others use together
            column.role = "total"
            continue
        column.role, column.facility = "data", column.facility or clean_name(column.title)
        column.label = replace(column.label, rest="", confidence=max(column.label.confidence, 0.9))


def _name_siblings(table: Table, sample: list[int], words: Vocabulary) -> None:
    """A name nobody knows that stands in a row of places over figures is one: 图书馆 | 静思轩A | 第一食堂."""
    over: dict[int, list[tuple[Column, Label]]] = {}
    for column in table.of_role("data", "unknown"):
        for (row, _), level in zip(column.path, column.levels, strict=False):
            over.setdefault(row, []).append((column, level))
    for level_of in over.values():
        places = [c for c, level in level_of if is_facility(level, words)]
        strange = [(c, level) for c, level in level_of if level.strange and not c.facility]
        if len(places) >= len([c for c, level in strange if not is_facility(level, words)]) > 0:
            for column, level in strange:
                if sums_places(table, column, places, sample):
                    column.role = "total"
                    continue
                column.facility = clean_name(level.text)
                if column.role == "unknown":
                    column.role = "total" if column.label.total else "unknown"


def _find_fill(table: Table) -> None:
    """Label columns whose blanks mean "as above": written once per block without merging the cells."""
    rows = table.data_rows
    for column in table.of_role("facility", "campus", "item", "period", "year"):
        if any((r, column.index) in table.grid.owner for r in rows[:SAMPLE]):
            continue
        blank = sum(1 for r in rows[: SAMPLE * 4] if table.grid.value(r, column.index) == "")
        first = table.grid.value(rows[0], column.index) != "" if rows else False
        alone = column.role == "facility" and not table.of_role("item", "period")
        alone = alone and any(table.grid.value(r, column.index) == "" for r in rows)
        if first and (alone or blank >= 0.3 * min(len(rows), SAMPLE * 4)):
            table.fill.add(column.index)


def _mark_coal(table: Table, words: Vocabulary) -> None:
    """Give columns of standard coal beside quantities their role; alone they may be what is filed (其他能源)."""
    found = [c for c in table.columns if c.role in ("data", "aside", "unknown") and _is_coal(c, words)]
    if any(c.role == "data" and c not in found for c in table.columns):
        for column in found:
            column.role = "coal"


def _is_coal(column: Column, words: Vocabulary) -> bool:
    text, own = fold(column.title), {i.key for i in words.definition.items if i.unit == "tce"}
    if own & set(column.label.items) or any(w in text for w in words.definition.words("coal_sum")):
        return False
    said = [fold(w) for w in words.definition.words("coal") if fold(w) in text]
    # kgce/m2 is an indicator, no amount
    return any(f"{w}/" not in text for w in said)
