"""The cells of a sheet with its merges resolved."""

from __future__ import annotations

import re

from surveys.intake.read import Sheet

_NUMERIC = re.compile(r"[-+(¥￥]?\s*[\d０-９][\d０-９,，.． ]*(?:[eE][+-]?\d+)?\s*[)%元]?")


class Grid:
    """A sheet with its merges resolved: `owner` gives the anchor of a merged cell."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.rows = sheet.rows
        self.width = sheet.width
        self.left, self.right = sheet.columns or (0, sheet.width)
        self.owner: dict[tuple[int, int], tuple[int, int]] = {}
        height = len(self.rows)
        for top, left, bottom, right in sheet.merges:
            for r in range(top, min(bottom, height - 1) + 1):
                for c in range(left, min(right, self.width - 1) + 1):
                    self.owner[r, c] = (top, left)

    def value(self, r: int, c: int) -> object:
        """The value of a cell, or of the merged range it belongs to; '' outside."""
        r, c = self.owner.get((r, c), (r, c))
        row = self.rows[r] if 0 <= r < len(self.rows) else ()
        value = row[c] if c < len(row) else ""
        return "" if value is None else value

    def own(self, r: int) -> list[tuple[int, object]]:
        """The non-empty cells of a row itself, merged continuations left out."""
        return [(c, v) for c, v in enumerate(self.rows[r]) if v not in ("", None) and str(v).strip()]


def is_numeric(value: object) -> bool:
    """Whether a cell holds a number, typed as one or written as text."""
    if isinstance(value, str):
        return bool(_NUMERIC.fullmatch(value.strip()))
    return isinstance(value, float | int) and not isinstance(value, bool)
