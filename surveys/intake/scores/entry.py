"""One score that a sheet should hold: whose, of which item, what its cell says and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from surveys.definition import Criterion
from surveys.intake.numbers import Cleaner
from surveys.intake.references import cell_name
from surveys.intake.scores.matching import points_of
from surveys.intake.scores.places import of_row
from surveys.intake.scores.points import Reading, read_points
from surveys.intake.scores.rows import ITEM as ITEM_ROW
from surveys.intake.scores.rows import Row
from surveys.intake.scores.table import FACILITY, ITEM, Column, Table
from surveys.intake.scores.words import SCORE_ROLE, Words

MISSING = ("missing", "not_applicable")


@dataclass(frozen=True)
class Entry:
    """A score. `taken_off`: its column holds deductions; `beside` is what a column of deductions beside the score says;
    `stated` are the full points the sheet gives; `source` is the facility its column names;
    `evidence` the cell where
    proof should stand (None: the sheet asks for none), `proved` whether anything stands there; `merged` how
    many items share the cell."""

    table: Table
    row: int
    column: int
    item: Criterion
    facility: str
    raw: object
    reading: Reading
    taken_off: bool = False
    beside: Reading | None = None
    stated: Decimal | None = None
    text: str = ""
    source: str = ""
    evidence: tuple[int, int] | None = None
    proved: bool = True
    merged: int = 1

    @property
    def sheet(self) -> str:
        return self.table.grid.sheet.name

    @property
    def cell(self) -> str:
        return cell_name(self.row, self.column)

    @property
    def filled(self) -> bool:
        """Whether the cell says anything of a score."""
        return self.reading.state not in MISSING

    @property
    def value(self) -> Decimal | None:
        """The points the cell says, after a deduction; None where it says none."""
        if self.reading.state not in ("points", "taken") or (
            self.reading.state == "taken" and not self.taken_off
        ):
            return None
        amount = Decimal(self.reading.exact)
        return self.item.points - amount if self.taken_off else amount

    def of(self, facility: str) -> Entry:
        """The same score of another facility."""
        return replace(self, facility=facility)


def entries_of(table: Table, rows: list[Row], words: Words, cleaner: Cleaner, place: str) -> list[Entry]:
    """Every score of a table. `place` is the facility of the table where neither row nor column names one."""
    if table.across:
        return _across(table, words, cleaner)
    found = []
    for row in rows:
        if row.kind != ITEM_ROW or not row.item or row.confidence < words.definition.confidence_accept:
            continue
        for column, taken_off in value_columns(table):
            facility = row.facility or of_row(table, row.index) or column.facility or place
            item = words.evaluation.item(row.item)
            first, last = table.span(row.index, column.index)
            merged = sum(1 for other in rows if other.kind == ITEM_ROW and first <= other.index <= last)
            found.append(_entry(table, row, column, item, facility, taken_off, cleaner, merged))
    return [entry for entry in found if entry]


def value_columns(table: Table) -> list[tuple[Column, bool]]:
    """The columns that hold what is filed, each with whether it holds deductions."""
    scores = table.of_role(SCORE_ROLE)
    scored = {c.facility for c in scores}
    taken = [c for c in table.of_role("deduct") if c.facility not in scored and "" not in scored]
    return [*((c, False) for c in scores), *((c, True) for c in taken)]


def _entry(
    table: Table,
    row: Row,
    column: Column,
    item: Criterion,
    facility: str,
    taken_off: bool,
    cleaner: Cleaner,
    merged: int,
) -> Entry | None:
    r, c, grid = row.index, column.index, table.grid
    owner = grid.owner.get((r, c), (r, c))
    if owner[0] == r and owner[1] != c and owner[1] >= table.left:
        # written once for several facilities
        return None
    raw = grid.value(*owner)
    beside = None if taken_off else _deduction(table, r, column, cleaner)
    spot, proved = _evidence(table, r, column)
    found, stated = read(table, r, c, raw, cleaner), points_of(row, item.points)
    return Entry(table, r, c, item, facility, raw, found, taken_off, beside, stated,
                 _text(table, r, column), column.facility, spot, proved, merged)  # fmt: skip


def read(table: Table, r: int, c: int, raw: object, cleaner: Cleaner) -> Reading:
    """What a cell says, also where it holds an error or a formula without its result."""
    if (r, c) in table.grid.sheet.faults:
        return read_points(table.grid.sheet.faults[r, c] or "#REF!", cleaner)
    if (r, c) in table.grid.sheet.no_value and raw in ("", None, "="):
        return Reading("bad", "", "formula_without_value")
    return read_points(raw, cleaner)


def _deduction(table: Table, r: int, score: Column, cleaner: Cleaner) -> Reading | None:
    column = next((c for c in table.of_role("deduct") if c.facility in ("", score.facility)), None)
    if column is None:
        return None
    found = read(table, r, column.index, table.grid.value(r, column.index), cleaner)
    return found if found.state in ("points", "taken") else None


def _beside(table: Table, score: Column, *roles: str) -> list[Column]:
    return [c for c in table.of_role(*roles) if c.facility in ("", score.facility)]


def _text(table: Table, r: int, score: Column) -> str:
    """What the office wrote beside a score, joined."""
    said = [
        " ".join(str(v).split()) for c in _beside(table, score, "note", "evidence")
        if (v := table.grid.value(r, c.index)) not in ("", None) and str(v).strip()
    ]  # fmt: skip
    return "；".join(dict.fromkeys(said))


def _evidence(table: Table, r: int, score: Column) -> tuple[tuple[int, int] | None, bool]:
    columns = _beside(table, score, "evidence")
    if not columns:
        return None, True
    return (r, columns[0].index), any(str(table.grid.value(r, c.index)).strip() for c in columns)


def _across(table: Table, words: Words, cleaner: Cleaner) -> list[Entry]:
    """Items in the header, a facility in each row."""
    found = []
    for r in range(table.bottom + 1, table.end):
        facility = of_row(table, r) if table.of_role(FACILITY) else ""
        own = [
            str(table.grid.rows[r][c.index])
            for c in table.of_role(FACILITY)
            if c.index < len(table.grid.rows[r])
        ]
        if (
            not facility
            or not any(t.strip() for t in own)
            or words.is_total(facility)
            or words.role(facility)
        ):
            # 满分, 合计, 平均
            continue
        for column in table.of_role(ITEM):
            raw = table.grid.value(r, column.index)
            item = words.evaluation.item(column.item)
            found.append(
                Entry(table, r, column.index, item, facility, raw, read(table, r, column.index, raw, cleaner))
            )
    return found
