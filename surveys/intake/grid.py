"""The cells of a sheet with its merges resolved."""

from __future__ import annotations

import re

from surveys.intake.periods import parse_value
from surveys.intake.read import Sheet
from surveys.intake.units import fold

# rows of a sheet whose headers may be written out cell by cell; longer ones are lists
WRITTEN_OUT = 500
MOST = 0.6

_NUMERIC = re.compile(r"[-+(¥￥]?\s*[\d０-９][\d０-９,，.． ]*(?:[eE][+-]?\d+)?\s*[)%元]?")


class Grid:
    """A sheet with its merges resolved: `owner` gives the anchor of a merged cell."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.rows = sheet.rows
        self.width = sheet.width
        self.left, self.right = sheet.columns or (0, sheet.width)
        self.owner: dict[tuple[int, int], tuple[int, int]] = {}
        if len(self.rows) <= WRITTEN_OUT:
            self._join_repeated()
        height = len(self.rows)
        for top, left, bottom, right in sheet.merges:
            for r in range(top, min(bottom, height - 1) + 1):
                for c in range(left, min(right, self.width - 1) + 1):
                    self.owner[r, c] = (top, left)

    def _join_repeated(self) -> None:
        """Merge what a system wrote out: one text in cells side by side, over a row that says more, or alone."""
        texts = [not any(isinstance(v, float) for v in row) for row in self.rows] + [False]
        for r, row in enumerate(self.rows):
            filled = [v for v in row if v not in ("", None)]
            if not texts[r] or len(filled) < 2 or len(set(map(str, filled))) == len(filled):
                continue
            runs = _runs(row)
            # a text that fills most of its row is a title
            title = (
                runs and row[runs[0][0]] is filled[0] and runs[0][1] - runs[0][0] + 1 >= MOST * len(filled)
            )
            if not title and (not texts[r + 1] or parse_value(filled[0]) is not None):
                continue
            for first, last in runs:
                self.rows = list(self.rows) if self.rows is self.sheet.rows else self.rows
                self.rows[r] = [*self.rows[r][: first + 1], *[""] * (last - first), *self.rows[r][last + 1 :]]
                self.owner.update({(r, c): (r, first) for c in range(first, last + 1)})

    def value(self, r: int, c: int) -> object:
        """The value of a cell, or of the merged range it belongs to; '' outside."""
        r, c = self.owner.get((r, c), (r, c))
        row = self.rows[r] if 0 <= r < len(self.rows) else ()
        value = row[c] if c < len(row) else ""
        return "" if value is None else value

    def own(self, r: int) -> list[tuple[int, object]]:
        """The non-empty cells of a row itself, merged continuations left out."""
        return [(c, v) for c, v in enumerate(self.rows[r]) if v not in ("", None) and str(v).strip()]


def _runs(row: list) -> list[tuple[int, int]]:
    """(first, last) of neighbouring cells that hold the same word or words."""
    found, first = [], 0
    said = [fold(v) if isinstance(v, str) else v for v in row]
    for c in range(1, len(row) + 1):
        if c == len(row) or said[c] != said[first]:
            if (
                c - first > 1
                and isinstance(row[first], str)
                and len(row[first].strip()) > 1
                and not is_numeric(row[first])
            ):
                found.append((first, c - 1))
            first = c
    return found


def is_numeric(value: object) -> bool:
    """Whether a cell holds a number, typed as one or written as text."""
    if isinstance(value, str):
        return bool(_NUMERIC.fullmatch(value.strip()))
    return isinstance(value, float | int) and not isinstance(value, bool)
