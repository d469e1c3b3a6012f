"""Tables of the paper as plain texts: what statistics.typ reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Content = dict[str, Any]


def head(text: object, unit: object = "") -> dict[str, str]:
    """The head of a column: its words and, below, its unit."""
    return {"text": str(text), "unit": str(unit)}


def table(
    heads: list[dict[str, str]],
    rows: list[list[str]],
    *,
    words: Sequence[int] = (0,),
    total: Sequence[str] = (),
    note: str = "",
    widths: Sequence[int] = (),
) -> Content:
    """Heads, rows and a row of totals. `words` are the columns that hold no numbers; `widths` shares of the page, 0 for
    as wide as its words, nothing at all for equal shares."""
    return {"head": heads, "rows": rows, "words": list(words), "total": list(total), "note": note,
            "widths": list(widths)}  # fmt: skip
