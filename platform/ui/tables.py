"""Tables as data: columns that say how their cells are written, rows, and cells with their flags.

Four things never mix: — is not reported, 0 is zero, a hatched cell cannot be seen or need not be filled, a
dashed outline is an estimate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .formats import NOT_REPORTED, change, iso_day, number, percent, signed

_WRITERS = {"signed": signed, "percent": percent, "change": change}
NUMERIC = ("number", *_WRITERS)


@dataclass(frozen=True)
class Column:
    """One column: its header, unit (second line), kind and decimals.

    kind: number, signed, percent, change (both from ratios), day, text. `role` tells a chart what it is.
    `key` puts the cell on the first line of a phone's row; `wide` hides it there.
    """

    label: str
    unit: str = ""
    kind: str = "number"
    decimals: int | None = None
    role: str = ""
    key: bool = False
    wide: bool = False

    @property
    def numeric(self):
        return self.kind in NUMERIC

    def write(self, value):
        """A value of this column as text."""
        if self.kind == "day":
            return iso_day(value)
        if self.kind == "number":
            return number(value, self.decimals)
        if self.kind in _WRITERS:
            return _WRITERS[self.kind](value, self.decimals if self.decimals is not None else 1)
        return NOT_REPORTED if value in (None, "") else value


@dataclass(frozen=True)
class Cell:
    """One cell. `text` (safe markup too) replaces the written value; flag: bad, warn, est, hatch, dim."""

    value: object = None
    text: object = None
    flag: str = ""
    span: int = 1
    sub: str = ""


def suppressed(word, span=1):
    """A cell (or several) that a release does not publish: hatched, with the word, and no value anywhere."""
    return Cell(text=word, flag="hatch", span=span)


def not_applicable(span=1):
    """A cell that need not be filled, such as heat in summer: hatched, empty to the eye, spoken as a dash."""
    return Cell(text=NOT_REPORTED, flag="hatch", span=span)


def estimated(value):
    """A value that was estimated: dashed outline."""
    return Cell(value=value, flag="est")


@dataclass(frozen=True)
class Row:
    """One row: the name it begins with (th scope=row), then one cell per further column."""

    head: object
    cells: Sequence[Cell] = ()
    url: str = ""
    sub: str = ""
    kind: str = ""  # sum or me


@dataclass(frozen=True)
class Table:
    """Columns and rows. stack: two lines a row on phones; sticky, frozen: header, first column stay."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: str = ""
    stack: bool = False
    sticky: bool = False
    frozen: bool = False
    grid: bool = False
    label: str = ""

    def lines(self):
        """For the template: each row with its cells paired with the column they begin in."""
        for row in self.rows:
            yield row, list(self._paired(row))

    def _paired(self, row):
        position = 1
        for cell in row.cells:
            column = self.columns[position]
            yield {
                "column": column,
                "cell": cell,
                "text": column.write(cell.value) if cell.text is None else cell.text,
                "data": "" if cell.value is None or not column.numeric else str(cell.value),
            }
            position += cell.span


def as_cell(value):
    """Anything as a Cell; None is "not reported"."""
    return value if isinstance(value, Cell) else Cell(value=value)


def row(head, *values, url="", sub="", kind=""):
    """A Row from plain values or Cells."""
    return Row(head, tuple(as_cell(value) for value in values), url=url, sub=sub, kind=kind)


def table(columns, rows, **options):
    """A Table from columns and rows; a row may be a Row or a plain sequence whose first value is its head."""
    made = tuple(r if isinstance(r, Row) else row(*r) for r in rows)
    return Table(tuple(columns), made, **options)


def total(label, rows, width):
    """A sum row over `width` columns; cells without a value count nothing, a column of them stays —."""
    sums = []
    for index in range(width):
        known = [
            r.cells[index].value for r in rows if index < len(r.cells) and r.cells[index].value is not None
        ]
        sums.append(sum(known) if known else None)
    return replace(row(label, *sums), kind="sum")
