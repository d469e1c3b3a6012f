"""Where the tables of a sheet are: header blocks of one to three levels, anywhere near the top or further down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from surveys.intake.anchors import codes_beside, looks_like_header, row_labels
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.labels import Label, agree
from surveys.intake.namedrows import Level, Spoken, column_label, find_levels, speak
from surveys.intake.places import clean_name, is_facility, is_place
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

DEEPEST = 3
FIRST_ROWS = 30
# stands for the name of a column that has none in its group
UNNAMED = Label("", rest="?")


@dataclass
class Column:
    """A column of a table: its header path and what the path says. `at` is the header cell to point to; `coded` where
    its cells are codes of items."""

    index: int
    path: list[tuple[int, str]]
    label: Label
    levels: list[Label] = field(default_factory=list)
    role: str = ""
    facility: str = ""
    unit_at: tuple[int, int] | None = None
    coded: bool = False

    @property
    def title(self) -> str:
        """The path as one text: 电_用电量（万kWh）."""
        return "_".join(dict.fromkeys(text for _, text in self.path if text))

    @property
    def at(self) -> tuple[int, int]:
        return (self.path[-1][0] if self.path else 0, self.index)


@dataclass
class Header:
    """The rows top..bottom (inclusive) of a header block and its columns."""

    top: int
    bottom: int
    columns: list[Column]


def find_header(grid: Grid, start: int, words: Vocabulary, within: int = FIRST_ROWS) -> Header | None:
    """The next header block at or after row `start`, or None."""
    for r in range(start, min(start + within, len(grid.rows))):
        named = find_levels(grid, r, words)
        if named:
            at, levels = named
            return Header(r, levels[-1].row, _named_columns(grid, at, levels, words))
        if looks_like_header(grid, r, words):
            top = _upwards(grid, r, start, words)
            bottom = _downwards(grid, r, top, words)
            return Header(top, bottom, _columns(grid, top, bottom, words))
    return None


def _named_columns(grid: Grid, at: int, levels: list[Level], words: Vocabulary) -> list[Column]:
    """Columns under named header rows; what stands in the column of the names is told by its contents."""
    spoken = speak(levels, grid.width, at, words)
    columns = []
    for c in range(grid.width):
        said = spoken.get(c) or Spoken([], [], "")
        unit_at = next((r for r, text in reversed(said.path) if words.label(text).unit), None)
        label = column_label(said)
        unit = (unit_at, c) if unit_at is not None else None
        path = said.path
        if c == at:
            path, label = [(levels[-1].row, str(grid.value(levels[-1].row, at)))], Label("", role="item")
        columns.append(Column(c, path, label, said.levels, label.role, said.facility, unit))
    return columns


def _upwards(grid: Grid, anchor: int, start: int, words: Vocabulary) -> int:
    """Group rows above the anchor: short texts in at least two places, no margin text, no numbers."""
    top = anchor
    if anchor - 2 >= start and not grid.own(anchor - 1) and _heads_groups(grid, anchor - 2, words):
        top = anchor - 2
    while top > start and anchor - top < DEEPEST - 1:
        cells = grid.own(top - 1)
        texts = [str(v).strip() for _, v in cells]
        if len(cells) < 2 or any(len(t) > 15 or re.search("[:：]", t) for t in texts):
            break
        if any(is_numeric(v) for _, v in cells) or any(
            words.label(v).unit for _, v in cells if len(cells) == 2
        ):
            break
        top -= 1
    return top


def _heads_groups(grid: Grid, r: int, words: Vocabulary) -> bool:
    """Whether a row, set apart from the header by an empty one, names items or places over merged columns."""
    cells = grid.own(r)
    labels = [words.label(v) for _, v in cells]
    merged = all(grid.owner.get((r, c)) == (r, c) for c, _ in cells)
    return len(cells) >= 2 and merged and all(x.items or is_facility(x, words) for x in labels)


def _downwards(grid: Grid, anchor: int, top: int, words: Vocabulary) -> int:
    bottom = anchor
    while bottom + 1 < len(grid.rows) and bottom - top < DEEPEST:
        below = bottom + 1
        if not grid.own(below) and below + 1 < len(grid.rows) and _heads_groups(grid, bottom, words):
            below += 1
        codes = below < len(grid.rows) and (
            codes_beside(grid, below, bottom) or codes_beside(grid, bottom, below)
        )
        if not (codes or _continues(grid, bottom, below, words) or _column_numbers(grid, below)):
            break
        bottom = below
    return bottom


def _continues(grid: Grid, above: int, r: int, words: Vocabulary) -> bool:
    """Whether row r, the next after `above`, is a further header level: words under merged, blank or general cells."""
    labels = row_labels(grid, r, words)
    months = {c for c, label in labels.items() if label.when and not label.rest}
    if not labels or any(is_numeric(v) and c not in months for c, v in grid.own(r)):
        return False
    if any(str(v).strip() in words.definition.words("placeholder") for _, v in grid.own(r)):
        return False
    if len(labels) == 1 and not any(label.unit for label in labels.values()):
        # a lone text is the title of a group of rows
        return False
    again = {c for c in labels if grid.value(above, c) == grid.value(r, c)}
    if len(again) < len(labels):
        labels = {c: label for c, label in labels.items() if c not in again}
    under = sum(1 for c in labels if _open_above(grid, above, c) or (labels[c].unit and not labels[c].items))
    spoken = sum(1 for label in labels.values() if label.speaks)
    first = grid.value(r, min(labels))
    joined = grid.owner.get((r, 0)) == grid.owner.get((above, 0), 0) or grid.value(r, 0) in (
        "",
        grid.value(above, 0),
    )
    if not joined and words.label(first).when:
        return False
    return under >= 0.6 * len(labels) and (spoken >= 0.5 * len(labels) or (len(labels) >= 2 and joined))


def _open_above(grid: Grid, r: int, c: int) -> bool:
    owner = grid.owner.get((r, c))
    if owner is not None:
        return (owner == (r, c) and grid.owner.get((r, c + 1)) == owner) or owner[1] < c
    return not str(grid.value(r, c)).strip() or not str(grid.value(r, c + 1)).strip()


def _column_numbers(grid: Grid, r: int) -> bool:
    """The row of column numbers in official forms: 甲 乙 1 2 3."""
    texts = [str(v).strip().removesuffix(".0") for _, v in grid.own(r)]
    numbers = [int(t) for t in texts if t.isdecimal()]
    others = [t for t in texts if not t.isdecimal()]
    return (
        len(numbers) >= 3
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 2
        and all(t in "甲乙丙丁戊" for t in others)
        and (bool(others) or (numbers[0] == 1 and len(numbers) > 4))
        and len(texts) > 0.8 * sum(1 for c in range(grid.width) if grid.value(r, c) != "")
        and bool(others)
    )


def _columns(grid: Grid, top: int, bottom: int, words: Vocabulary) -> list[Column]:
    rows = [r for r in range(top, bottom + 1) if not _column_numbers(grid, r)]
    rows = [r for r in rows if not any(codes_beside(grid, r, k) for k in rows)]
    labelled = {r: row_labels(grid, r, words) for r in rows}
    columns = []
    for c in range(grid.width):
        places = dict.fromkeys(_header_place(grid, r, c, list(labelled)) for r in labelled)
        path, levels = [], []
        for place in places:
            text = str(grid.value(*place)).strip()
            label = labelled.get(place[0], {}).get(place[1]) or words.label(grid.value(*place))
            names_a_row = label.role == "unit" and any(lv.role for lv in levels)
            if text and not names_a_row and (not path or path[-1][1] != text):
                path.append((place[0], text))
                levels.append(label)
        if path and _unnamed(grid, c, path[-1][0], bottom):
            path.append((bottom, ""))
            levels.append(UNNAMED)
        columns.append(_column(c, path, levels, words))
    return columns


def _unnamed(grid: Grid, c: int, row: int, bottom: int) -> bool:
    """Whether a column has no name of its own under a group whose other columns have one."""
    owner = grid.owner.get((row, c))
    beside = [k for k in range(grid.width) if k != c and owner and grid.owner.get((row, k)) == owner]
    if not beside or any(grid.owner.get((r, c)) == owner for r in range(row + 1, bottom + 1)):
        return False
    return any(grid.value(r, k) != "" for r in range(row + 1, bottom + 1) for k in beside)


def _header_place(grid: Grid, r: int, c: int, levels: list[int]) -> tuple[int, int]:
    """The cell that speaks for column c at level r: itself, its merge, or the group to its left if unmerged."""
    lower = [k for k in levels if k > r]
    owner = grid.owner.get((r, c))
    if owner:
        return owner
    if grid.value(r, c) != "" or not lower:
        return r, c
    below = any(grid.value(k, c) != "" for k in lower)
    left = c - 1
    while below and left >= 0 and grid.value(r, left) == "":
        left -= 1
    if below and left >= 0:
        anchor = grid.owner.get((r, left))
        if anchor is None and any(grid.value(k, left) != "" for k in lower):
            return r, left
    return r, c


def _column(c: int, path: list[tuple[int, str]], levels: list[Label], words: Vocabulary) -> Column:
    if any(lv.when and lv.when.month for lv in levels):
        # 春季学期 over months tells nothing that they do not
        levels = [lv if lv.when or not words.is_term(lv.text) else Label(lv.text) for lv in levels]
    known = "_".join(fold(text) for _, text in path)
    label = agree(levels) if levels else Label("")
    if known in words.remembered and len(path) > 1:
        label = replace(words.label(known), text=label.text)
    facility = next((clean_name(lv.text) for lv in levels if is_facility(lv, words)), "")
    if not facility and label.rest and (label.items or label.when) and is_place(label.rest, words):
        facility = label.rest
    unit_at = next((p[0] for p, lv in zip(reversed(path), reversed(levels), strict=True) if lv.unit), None)
    if facility:
        label = _without_place(levels, facility, label)
    return Column(c, path, label, levels, label.role, facility, (unit_at, c) if unit_at is not None else None)


def _without_place(levels: list[Label], facility: str, label: Label) -> Label:
    """The label once the facility named in it is taken out: it no longer lowers the confidence."""
    left = label.rest.replace(fold(facility), "", 1)
    return replace(label, rest=left, confidence=label.confidence if left else max(label.confidence, 0.9))
