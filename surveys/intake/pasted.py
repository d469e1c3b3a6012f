"""A block that was copied out of a spreadsheet → which of its cells go where in the form, and why the others do not.

The block lies on the form where the person has put it, unless it says more itself: headings name its columns, months
name its rows, a unit in a heading converts. Sums and texts beside it are left out, each with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from surveys.definition import Definition
from surveys.definition.said import Said, say, unit_term
from surveys.intake.labels import Label, agree
from surveys.intake.mapping import product
from surveys.intake.typed import Typist
from surveys.intake.words import Vocabulary

Pair = tuple[str, str]
HEADINGS = say("是表头")
PERIODS = say("是月份")
TOTAL = say("是合计，平台自己算")
BELOW = say("超出最后一行")
BESIDE = say("超出最后一列")


@dataclass(frozen=True)
class Placed:
    """A cell of the block and where it goes; `factor` is what its heading's unit multiplies by."""

    row: int
    column: int
    text: str
    item: str
    measure: str
    period: str
    factor: str = "1"


@dataclass(frozen=True)
class Left:
    """A cell of the block that goes nowhere, and why. Rows and columns count from 0."""

    row: int
    column: int
    text: str
    why: Said


@dataclass
class Arrangement:
    """Where a block goes. `blank`: how many empty cells it has among the figures; `named`: whether its headings or its
    months decided, and not the place alone."""

    placed: list[Placed] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    blank: int = 0
    named: bool = False


@dataclass(frozen=True)
class _Column:
    pair: Pair | None
    factor: str = "1"
    why: Said | None = None


class Arranger:
    """Lays blocks on a form of `columns` (item, measure) across and `periods` down, as they are seen. A heading may
    name a column of the definition that is not among them."""

    def __init__(self, definition: Definition, columns: Sequence[Pair], periods: Sequence[str]):
        self.definition, self.columns, self.periods = definition, list(columns), list(periods)
        self.words, self.typist = Vocabulary(definition), Typist(definition)

    def arrange(self, block: Sequence[Sequence[str]], row: int, column: int) -> Arrangement:
        """`block` put on the form with its first figure at (`row`, `column`), both counted from 0."""
        rows = trimmed(block)
        found = Arrangement()
        if not rows:
            return found
        turned = self._months_across(rows)
        if turned:
            rows = [list(line) for line in zip(*rows, strict=True)]
        heads = self._heads(rows)
        sides = self._sides(rows, heads)
        periods = self._rows(rows, heads, sides, row)
        columns = self._columns(rows, heads, sides, column)
        self._sort(rows, heads, sides, periods, columns, found)
        named = any(c.pair and c.pair != self._at(column + n) for n, c in enumerate(columns))
        found.named = named or turned or any(p != self._period(row + n) for n, p in enumerate(periods) if p)
        return _turned(found) if turned else found

    def _sort(self, rows, heads, sides, periods, columns, found: Arrangement) -> None:
        for r, line in enumerate(rows):
            for c, text in enumerate(line):
                if not text.strip():
                    inside = r >= heads and c >= sides
                    found.blank += bool(inside and periods[r - heads] and columns[c - sides].pair)
                elif r < heads or c < sides:
                    found.left.append(Left(r, c, text, HEADINGS if r < heads else PERIODS))
                else:
                    self._place(r, c, text, periods[r - heads], rows[r][:sides], columns[c - sides], found)

    def _place(self, r, c, text, period, side, column: _Column, found: Arrangement) -> None:
        if period and column.pair:
            found.placed.append(Placed(r, c, text, *column.pair, period, column.factor))
            return
        total = any(self.words.label(cell).total for cell in side)
        why = column.why if period else TOTAL if total else BELOW
        found.left.append(Left(r, c, text, why or BESIDE))

    def _months_across(self, rows: list[list[str]]) -> bool:
        """Whether the months stand across: in the first row at least two of them, none in the first column."""
        across = sum(self._is_period(text) for text in rows[0][1:])
        return across >= 2 and not any(self._is_period(line[0]) for line in rows[1:])

    def _heads(self, rows: list[list[str]]) -> int:
        """How many rows at the top are headings: no figure in them, and the last says something of the vocabulary."""
        found = 0
        for number, line in enumerate(rows[:-1] if len(rows) > 1 else rows):
            written = [text for text in line if text.strip()]
            if any(self._figure(text) for text in written) or self._is_period(line[0]):
                break
            if any(self.words.label(text).speaks for text in written):
                found = number + 1
        return found

    def _sides(self, rows: list[list[str]], heads: int) -> int:
        """How many columns at the left name the rows: months, sums, running numbers; never all of them."""
        body, found = rows[heads:], 0
        for c in range(len(rows[0]) - 1):
            head = [self.words.label(line[c]) for line in rows[:heads] if line[c].strip()]
            role = next((x.role for x in head if x.role in ("period", "sequence", "year")), "")
            texts = [line[c] for line in body if line[c].strip()]
            if not role and not (texts and all(self._names_a_row(text) for text in texts)):
                break
            found = c + 1
        return found

    def _names_a_row(self, text: str) -> bool:
        return not self._figure(text) and (self._is_period(text) or self.words.label(text).total)

    def _rows(self, rows, heads: int, sides: int, start: int) -> list[str]:
        """The period of each row of the body, '' for one that goes nowhere."""
        found = []
        for number, line in enumerate(rows[heads:]):
            named = [when for text in line[:sides] if (when := self._when(text))]
            if any(self.words.label(text).total for text in line[:sides]):
                found.append("")
            elif sides and any(self._when(line[c]) for line in rows[heads:] for c in range(sides)):
                found.append(named[-1] if named and named[-1] in self.periods else "")
            else:
                found.append(self._period(start + number))
        return found

    def _columns(self, rows, heads: int, sides: int, start: int) -> list[_Column]:
        """What each column of the body is: by its headings when they name an item, else by its place."""
        across = _filled(rows[:heads])
        labels = [
            agree([self.words.label(line[c]) for line in across if line[c].strip()])
            for c in range(sides, len(rows[0]))
        ]
        if not any(label.items for label in labels):
            return [self._by_place(start + n) for n in range(len(labels))]
        return [self._by_heading(label) for label in labels]

    def _by_place(self, number: int) -> _Column:
        return _Column(self._at(number), why=BESIDE)

    def _by_heading(self, label: Label) -> _Column:
        if label.role or label.total or len(label.items) != 1:
            if label.items and not label.role:
                why = say("表头“{text}”认不准是哪一项", text=label.text)
            else:
                why = say("表头“{text}”不是要填的数", text=label.text)
            return _Column(None, why=why)
        item = label.items[0]
        measure = label.measure or self._measure(label)
        if not label.unit:
            return _Column((item, measure))
        found = self.definition.measure(measure)
        accept = self.definition.item(item).accept if found.unit_from == "item" else found.accept
        if label.unit.key not in accept:
            base = self.definition.unit_label(self.definition.unit_of(item, measure))
            why = say("单位“{unit}”换算不到{base}", unit=label.unit.word, base=unit_term(base))
            return _Column(None, why=why)
        return _Column((item, measure), product(accept[label.unit.key], label.unit.scale))

    def _measure(self, label: Label) -> str:
        """The measure of a heading that names none: by its unit, else the first."""
        for measure in self.definition.measures:
            if label.unit and not measure.unit_from and label.unit.key in measure.accept:
                return measure.key
        return self.definition.measures[0].key

    def _figure(self, text: str) -> bool:
        return self.typist.cleaner.clean(text).state == "number" and not self._is_period(text)

    def _is_period(self, text: str) -> bool:
        """Whether a text is a month or its kin; a bare number is a figure."""
        return bool(self._when(text)) and not text.strip().replace(".", "").isdecimal()

    def _when(self, text: str) -> str:
        when = self.words.label(text).when
        return when.text(int(self.periods[0][:4])) if when and self.periods else ""

    def _at(self, number: int) -> Pair | None:
        return self.columns[number] if 0 <= number < len(self.columns) else None

    def _period(self, number: int) -> str:
        return self.periods[number] if 0 <= number < len(self.periods) else ""


def trimmed(block: Sequence[Sequence[str]]) -> list[list[str]]:
    """The block as a rectangle, without empty rows and columns at its ends."""
    rows = [list(line) for line in block]
    while rows and not any(text.strip() for text in rows[-1]):
        rows.pop()
    width = max((n + 1 for line in rows for n, text in enumerate(line) if text.strip()), default=0)
    return [(line + [""] * width)[:width] for line in rows]


def _filled(heads: list[list[str]]) -> list[list[str]]:
    """Headings with the text of a merged cell over all of its columns; the last row stands for itself."""
    found = []
    for number, line in enumerate(heads):
        kept, row = "", []
        for text in line:
            kept = text if text.strip() or number == len(heads) - 1 else kept
            row.append(kept)
        found.append(row)
    return found


def _turned(found: Arrangement) -> Arrangement:
    """Rows and columns as they stood in the block before it was turned."""
    placed = [Placed(p.column, p.row, p.text, p.item, p.measure, p.period, p.factor) for p in found.placed]
    left = [Left(x.column, x.row, x.text, x.why) for x in found.left]
    return Arrangement(sorted(placed, key=lambda p: (p.row, p.column)), left, found.blank, found.named)
