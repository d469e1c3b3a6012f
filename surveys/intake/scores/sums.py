"""Sums of a score sheet against the scores they sum up."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from itertools import accumulate

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
NOTHING = Decimal(0)
_WHOLE = re.compile(r"总|合计|共计")


class Sums:
    """What the scores of a file add up to: row by row of each table, and in all for each facility."""

    def __init__(self, entries: list[Entry]):
        self.rows: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
        self.unread: set[tuple[int, int]] = set()
        self.whole: dict[tuple[str, str, bool], Decimal] = defaultdict(Decimal)
        for entry in entries:
            place, amount = (id(entry.table), entry.column), _amount(entry)
            self.rows[place][entry.row] = amount
            self.unread |= {place} if entry.reading.state == "bad" else set()
            for sheet in (entry.sheet, ""):
                self.whole[sheet, entry.source, entry.taken_off] += amount

    def of_file(self, sheet: str, column: Column, taken_off: bool) -> list[Decimal]:
        """All scores of a sheet, and of the file, under this column's facility or under none."""
        places = {"", column.facility}
        return [sum((self.whole[s, place, taken_off] for place in places), NOTHING) for s in (sheet, "")]


def _amount(entry: Entry) -> Decimal:
    """What the sheet itself would add up: the number as it stands."""
    said = entry.reading.state in ("points", "taken")
    return Decimal(entry.reading.exact) if said and entry.reading.exact else NOTHING


def check_sums(draft: Draft, table: Table, rows: list[Row], sums: Sums, cleaner: Cleaner) -> None:
    """A warning for each sum that is the sum of nothing it can be the sum of. A grand total may be of more tables."""
    totals = [n for n, row in enumerate(rows) if row.kind in (TOTAL, GROUP)]
    for column, taken_off in value_columns(table) if totals else ():
        place = id(table), column.index
        amounts = sums.rows.get(place)
        if not amounts or place in sums.unread:
            continue
        own = [amounts.get(row.index) if row.kind == ITEM else None for row in rows]
        whole = sums.of_file(table.grid.sheet.name, column, taken_off)
        for n, possible in zip(totals, _possible(rows, totals, own), strict=True):
            _one(draft, rows[n], column, possible, whole, cleaner)


def _one(
    draft: Draft, row: Row, column: Column, possible: list[Decimal], whole: list[Decimal], cleaner: Cleaner
) -> None:
    table, name = row.table, row.table.grid.sheet.name
    found = read(table, row.index, column.index, table.grid.value(row.index, column.index), cleaner)
    if found.state not in ("points", "taken") or not possible:
        return
    stated = Decimal(found.exact)
    if any(abs(stated - each) <= NEAR for each in (*possible, *whole)):
        return
    grand = row.kind == TOTAL and bool(_WHOLE.search(row.label))
    expected, where = whole[0] if grand else possible[0], cell_name(row.index, column.index)
    message = say("“{sheet}”表 {cell} 的合计是 {stated}，各项相加是 {expected}。", sheet=name, cell=where,
                  stated=shown(stated), expected=shown(expected))  # fmt: skip
    remedy = say("核对合计和各项，改错的一处；写入的是各项的分。")
    draft.issues.append(
        Issue(
            "subtotal_mismatch",
            "warning",
            name,
            where,
            message,
            remedy,
            value=str(stated),
            expected=str(expected),
        )
    )


def _possible(rows: list[Row], totals: list[int], own: list[Decimal | None]) -> list[list[Decimal]]:
    """For each total the sums it may be: of the rows since the last one, of those down to the next one, of all so far,
    of all. A title of a group sums up what follows."""
    added = list(accumulate((amount or NOTHING for amount in own), initial=NOTHING))
    scored = list(accumulate((amount is not None for amount in own), initial=0))
    found = []
    for k, n in enumerate(totals):
        above = totals[k - 1] + 1 if k else 0
        below = totals[k + 1] if k + 1 < len(totals) else len(rows)
        spans = [(above, n), (n + 1, below), (0, n), (0, len(rows))]
        if rows[n].kind == GROUP:
            spans[:2] = reversed(spans[:2])
        found.append([added[last] - added[first] for first, last in spans if scored[last] > scored[first]])
    return found
