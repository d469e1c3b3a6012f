"""Rows that are wider than the others: quarters beside their months, halves, and what the whole school used."""

from __future__ import annotations

from surveys.intake import periods
from surveys.intake.rowkinds import is_total
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary


def wider_rows(table: Table) -> None:
    """Move rows of a quarter or half whose months are rows of their own to the totals.

    Only where the period alone tells rows apart: in a list of items a quarter may be all there is of one of them.
    """
    columns = table.of_role("period")
    if len(columns) != 1 or table.of_role("item", "facility", "campus", "year") or table.section_of:
        return
    whens = {r: periods.parse_value(table.grid.value(r, columns[0].index)) for r in table.data_rows}
    if len({w.year for w in whens.values() if w and w.year}) > 1:
        return
    months = {w.month for w in whens.values() if w and w.month}
    for r, when in whens.items():
        if when and not when.month:
            covered = {periods.month_of(m) for m in periods.months_in(when.text(2000))}
            if covered and covered <= months:
                table.total_rows.append(r)
    table.data_rows = [r for r in table.data_rows if r not in set(table.total_rows)]
    table.total_rows.sort()


def lone_halves(table: Table, words: Vocabulary) -> None:
    """Move 上半年 and 下半年 back from the totals where nothing in the table says what they are made of."""
    columns = table.of_role("period")
    if len(columns) != 1 or not table.total_rows:
        return
    at = columns[0].index
    others = [c.index for c in table.of_role("item", "facility", "campus")]
    covered = {m for r in table.data_rows for m in _months_of(table.grid.value(r, at))}
    for r in list(table.total_rows):
        months = _months_of(table.grid.value(r, at))
        summed = any(is_total(table.grid.value(r, c), words) for c in others)
        if len(months) == 6 and not months & covered and not summed:
            table.total_rows.remove(r)
            table.data_rows.append(r)
    table.data_rows.sort()


def _months_of(value: object) -> set[int]:
    """The months a period covers, as numbers; empty for no period."""
    when = periods.parse_value(value)
    return {periods.month_of(m) for m in periods.months_in(when.text(2000))} if when else set()


def wholes_without_parts(table: Table, words: Vocabulary) -> None:
    """Move 全校用电量 back from the totals where no other row is about that item: what the whole school used is the
    figure and no sum of anything."""
    items = table.of_role("item")
    if not items or not table.total_rows:
        return
    whole = tuple(fold(w) for w in words.definition.words("whole"))
    labels = {
        r: [words.label(table.grid.value(r, c.index)) for c in items]
        for r in table.data_rows + table.total_rows
    }
    parted = {i for r in table.data_rows for label in labels[r] for i in label.items}
    for r in list(table.total_rows):
        named = [x for x in labels[r] if x.items and fold(x.text).startswith(whole)]
        others = [
            c
            for c in table.of_role("facility", "campus", "period")
            if is_total(table.grid.value(r, c.index), words)
        ]
        if named and not others and parted.isdisjoint(named[0].items) and not _sum_word(named[0].text, words):
            table.total_rows.remove(r)
            table.data_rows.append(r)
    table.data_rows.sort()


def _sum_word(text: str, words: Vocabulary) -> bool:
    """Whether a label also has a word for sums: 全校电费合计."""
    whole = {fold(w) for w in words.definition.words("whole")}
    return any(w in fold(text) for w in words.totals if w not in whole)
