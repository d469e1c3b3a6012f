"""Sums of a score sheet against the scores they sum up."""

from __future__ import annotations

import re
from decimal import Decimal

from surveys.definition.said import say
from surveys.instruments.grading import shown
from surveys.intake.draft import Draft
from surveys.intake.numbers import Cleaner
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.scores.entry import Entry, read, value_columns
from surveys.intake.scores.rows import GROUP, ITEM, TOTAL, Row
from surveys.intake.scores.table import Column, Table

NEAR = Decimal("0.011")
_WHOLE = re.compile(r"总|合计|共计")


def check_sums(
    draft: Draft, table: Table, rows: list[Row], entries: list[Entry], cleaner: Cleaner, every: list[Entry]
) -> None:
    """A warning for each sum that is the sum of nothing it can be the sum of. `entries` are those of the sheet, `every`
    those of the file: a grand total may be of several tables."""
    for column, taken_off in value_columns(table):
        amounts = {
            e.row: _amount(e, taken_off) for e in entries if e.table is table and e.column == column.index
        }
        if not amounts or any(
            e.reading.state == "bad" for e in entries if e.column == column.index and e.table is table
        ):
            continue
        whole = [_together(some, column, taken_off) for some in (entries, every)]
        for n, row in enumerate(rows):
            if row.kind in (TOTAL, GROUP):
                _one(draft, table, rows, n, column, amounts, cleaner, whole)


def _amount(entry: Entry, taken_off: bool) -> Decimal:
    """What the sheet itself would add up: the number as it stands."""
    return (
        Decimal(entry.reading.exact)
        if entry.reading.exact and entry.reading.state in ("points", "taken")
        else Decimal(0)
    )


def _together(entries: list[Entry], column: Column, taken_off: bool) -> Decimal:
    own = [e for e in entries if e.taken_off is taken_off and e.source in ("", column.facility)]
    return sum((_amount(e, taken_off) for e in own), Decimal(0))


def _one(
    draft: Draft, table: Table, rows: list[Row], n: int, column: Column, amounts: dict[int, Decimal], cleaner: Cleaner,
    whole: list[Decimal],
) -> None:  # fmt: skip
    row = rows[n]
    found = read(table, row.index, column.index, table.grid.value(row.index, column.index), cleaner)
    if found.state not in ("points", "taken"):
        return
    stated = Decimal(found.exact)
    possible = _possible(rows, n, amounts)
    if not possible or any(abs(stated - each) <= NEAR for each in (*possible, *whole)):
        return
    grand = row.kind == TOTAL and bool(_WHOLE.search(row.label))
    expected = whole[0] if grand else possible[0]
    where = cell_name(row.index, column.index)
    draft.issues.append(
        Issue("subtotal_mismatch", "warning", table.grid.sheet.name, where,
              say("“{sheet}”表 {cell} 的合计是 {stated}，各项相加是 {expected}。", sheet=table.grid.sheet.name,
                  cell=where, stated=shown(stated), expected=shown(expected)),
              say("核对合计和各项，改错的一处；写入的是各项的分。"), value=str(stated), expected=str(expected))
    )  # fmt: skip


def _possible(rows: list[Row], n: int, amounts: dict[int, Decimal]) -> list[Decimal]:
    """The sums a row may be: of the rows since the last sum, of those down to the next one, of all so far, of all."""

    def add(some: list[Row]) -> Decimal | None:
        own = [amounts[r.index] for r in some if r.kind == ITEM and r.index in amounts]
        return sum(own, Decimal(0)) if own else None

    above = next((k for k in range(n - 1, -1, -1) if rows[k].kind in (TOTAL, GROUP)), -1)
    below = next((k for k in range(n + 1, len(rows)) if rows[k].kind in (TOTAL, GROUP)), len(rows))
    since, until = add(rows[above + 1 : n]), add(rows[n + 1 : below])
    first = (until, since) if rows[n].kind == GROUP else (since, until)
    sums = [*first, add(rows[:n]), add(rows)]
    return [each for each in sums if each is not None]
