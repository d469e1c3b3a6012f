"""Tables beside each other that begin in different rows: each is read as if it stood on a sheet of its own."""

from __future__ import annotations

from dataclasses import replace

from surveys.intake.grid import Grid
from surveys.intake.headers import find_header
from surveys.intake.pairs import pair_panels
from surveys.intake.read import Sheet
from surveys.intake.words import Vocabulary

# longer sheets are lists, and looking through all their columns costs time
LONGEST = 500
NARROWEST = 2


def panels(sheet: Sheet, words: Vocabulary) -> list[Sheet]:
    """The sheet itself, or its panels: parts between empty columns whose headers stand in different rows.

    A panel keeps its rows and columns where they are; what is not its own is empty, `columns` says what is.
    """
    if slip := pair_panels(sheet, words):
        return slip
    blocks = _blocks(sheet) if len(sheet.rows) <= LONGEST else []
    if len(blocks) < 2:
        return [sheet]
    spans: list[tuple[int, int]] = []
    for first, last in blocks:
        if spans and _header_row(sheet, first, last, words) is None:
            # columns without labels of their own, and notes, belong to the table at their left
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first if spans else 0, last))
    tops = [_header_row(sheet, first, last, words) for first, last in spans]
    for k in range(len(spans) - 1, 0, -1):
        if tops[k] == tops[k - 1] or None in tops[k - 1 : k + 1]:
            spans[k - 1 : k + 1] = [(spans[k - 1][0], spans[k][1])]
            tops[k - 1 : k + 1] = [tops[k - 1]]
    return [_panel(sheet, first, last) for first, last in spans] if len(spans) > 1 else [sheet]


def _blocks(sheet: Sheet) -> list[tuple[int, int]]:
    """Runs of columns that hold anything, as (first, last)."""
    found: list[tuple[int, int]] = []
    for c in range(sheet.width):
        if any(c < len(row) and row[c] not in ("", None) for row in sheet.rows):
            if found and found[-1][1] == c - 1:
                found[-1] = (found[-1][0], c)
            else:
                found.append((c, c))
    return found


def _header_row(sheet: Sheet, first: int, last: int, words: Vocabulary) -> int | None:
    """The last row of a part's header if it has one of its own with a column of months, items or places."""
    if last - first + 1 < NARROWEST:
        return None
    header = find_header(Grid(_panel(sheet, first, last)), 0, words, within=len(sheet.rows))
    own = header and any(c.label.role in ("period", "item", "facility", "campus") for c in header.columns)
    return header.bottom if header and own else None


def _panel(sheet: Sheet, first: int, last: int) -> Sheet:
    rows = [[value if first <= c <= last else "" for c, value in enumerate(row)] for row in sheet.rows]
    return replace(
        sheet,
        rows=rows,
        columns=(first, last),
        merges=[m for m in sheet.merges if first <= m[1] and m[3] <= last],
        no_value={p for p in sheet.no_value if first <= p[1] <= last},
        faults={p: fault for p, fault in sheet.faults.items() if first <= p[1] <= last},
        hidden_columns={c for c in sheet.hidden_columns if first <= c <= last},
    )
