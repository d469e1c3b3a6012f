"""Where every non-empty cell went: loaded, reported, or ignored with a reason. Nothing is dropped silently."""

from __future__ import annotations

import numpy as np

from files.precheck import column_number
from surveys.definition.said import listing, say
from surveys.instruments.figures import Figures
from surveys.intake.draft import Draft
from surveys.intake.references import cell_name
from surveys.intake.result import Ignored, IntakeResult, Issue, verdict_of

# cells that a sentence names one by one
SHOWN = 8


def account(
    result: IntakeResult, book, draft: Draft, left_sheets: list[tuple[str, str]], dropped: Figures
) -> None:
    """Fill `ignored` and meta["cells"]; a cell that is nowhere becomes a warning."""
    totals = {"loaded": 0, "reported": 0, "ignored": 0, "all": 0}
    regions: dict[str, list] = {}
    for sheet, *rest in draft.left:
        regions.setdefault(sheet, []).append(rest)
    whole = dict(left_sheets)
    by_sheet = _by_sheet(result.figures)
    wider = _by_sheet(dropped)
    for sheet in book.sheets:
        filled = _filled(sheet)
        totals["all"] += int(filled.sum())
        if sheet.name in whole:
            result.ignored.append(
                Ignored(sheet.name, _range(0, 0, *filled.shape), whole[sheet.name], int(filled.sum()))
            )
            totals["ignored"] += int(filled.sum())
            continue
        loaded = _mark(filled.shape, by_sheet.get(sheet.name))
        reported = _reported(filled.shape, sheet.name, result, draft) & ~loaded
        totals["loaded"] += int((loaded & filled).sum())
        totals["reported"] += int((reported & filled).sum())
        rest = filled & ~loaded & ~reported
        totals["ignored"] += _regions(result, sheet.name, rest, regions.get(sheet.name, []))
        wide = _mark(filled.shape, wider.get(sheet.name)) & rest
        if wide.any():
            totals["ignored"] += _flat(result, sheet.name, rest, wide, say("已有分月的数，这些合计不写入"))
        if rest.any():
            for r, c in np.argwhere(rest):
                if isinstance(sheet.rows[r][c], str) and not sheet.rows[r][c].strip():
                    rest[r, c] = False
                    totals["all"] -= 1
        if rest.any():
            _unread(result, sheet.name, rest, totals)
    for sheet, cells, why in draft.seasonal_blanks:
        for column in sorted({c for _, c in cells}):
            rows = [r for r, c in cells if c == column]
            result.ignored.append(
                Ignored(sheet, _range(min(rows), column, max(rows) + 1, column + 1), why, 0)
            )
    result.meta["cells"] = totals
    result.verdict = verdict_of(result.issues, result.ambiguous)


def _by_sheet(figures: Figures) -> dict[str, np.ndarray]:
    """Places (row, column) of the figures of each sheet."""
    codes, names = figures.codes("sheet")
    return {name: figures.place[codes == i] for i, name in enumerate(names)}


def _filled(sheet) -> np.ndarray:
    """Which cells hold anything; a cell of blanks counts only until it is seen to be left over."""
    width = sheet.width
    if not sheet.rows or not width:
        return np.zeros((len(sheet.rows), width), dtype=bool)
    cells = np.empty((len(sheet.rows), width), dtype=object)
    cells[:] = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in sheet.rows]
    filled = (cells != "") & (cells != None)  # noqa: E711 (elementwise)
    # errors and formulas without a result hold something too, though the reader gives nothing for them
    for r, c in (*sheet.faults, *sheet.no_value):
        if r < filled.shape[0] and c < filled.shape[1]:
            filled[r, c] = True
    return filled


def _mark(shape: tuple[int, int], places: np.ndarray | None) -> np.ndarray:
    mask = np.zeros(shape, dtype=bool)
    if places is not None and len(places):
        mask[places[:, 0], places[:, 1]] = True
    return mask


def _places(cells: list[str]) -> tuple[list[int], list[int]]:
    rows, columns, cache = [], [], {}
    for cell in cells:
        letters = cell.rstrip("0123456789")
        if letters not in cache:
            cache[letters] = column_number(letters)
        rows.append(int(cell[len(letters) :]) - 1)
        columns.append(cache[letters])
    return rows, columns


def _reported(shape: tuple[int, int], sheet: str, result: IntakeResult, draft: Draft) -> np.ndarray:
    mask = np.zeros(shape, dtype=bool)
    places = [(r, c) for name, r, c in draft.reported if name == sheet]
    for entry in (*result.issues, *result.ambiguous):
        if entry.sheet == sheet and entry.cell and getattr(entry, "severity", "error") != "info":
            rows, columns = _places([entry.cell])
            places.append((rows[0], columns[0]))
    for r, c in places:
        if r < shape[0] and c < shape[1]:
            mask[r, c] = True
    return mask


def _regions(result: IntakeResult, sheet: str, rest: np.ndarray, regions: list) -> int:
    """Cells in the regions left out, each listed once with its reason; narrows `rest` in place."""
    taken = 0
    singles: dict[str, list[tuple[int, int]]] = {}
    for top, left, bottom, right, why in sorted(regions, key=lambda g: g[1] == g[3]):
        part = rest[top : bottom + 1, left : right + 1]
        count = int(part.sum())
        if not count:
            continue
        if top == bottom and left == right:
            singles.setdefault(why, []).append((top, left))
        else:
            result.ignored.append(
                Ignored(
                    sheet,
                    _range(top, left, min(bottom + 1, rest.shape[0]), min(right + 1, rest.shape[1])),
                    why,
                    count,
                )
            )
        part[:] = False
        taken += count
    for why, places in singles.items():
        result.ignored.append(Ignored(sheet, _told(places), why, len(places)))
    return taken


def _flat(result: IntakeResult, sheet: str, rest: np.ndarray, mask: np.ndarray, why: str) -> int:
    places = [(int(r), int(c)) for r, c in np.argwhere(mask)]
    result.ignored.append(Ignored(sheet, _told(places), why, len(places)))
    rest[mask] = False
    return len(places)


def _unread(result: IntakeResult, sheet: str, rest: np.ndarray, totals: dict[str, int]) -> None:
    places = [(int(r), int(c)) for r, c in np.argwhere(rest)]
    totals["reported"] += len(places)
    result.issues.append(
        Issue(
            "unread_cells",
            "warning",
            sheet,
            cell_name(*places[0]),
            say("“{sheet}”表 {cells} 没有认出来，没有写入。", sheet=sheet, cells=_told(places)),
            say("确认这些格子不是要报的数；是的话，检查它们的表头和月份。"),
            cells=tuple(cell_name(*p) for p in places[:200]),
        )
    )


def _range(top: int, left: int, bottom: int, right: int) -> str:
    """A block as a reference; bottom and right are exclusive."""
    first, last = cell_name(top, left), cell_name(max(bottom - 1, top), max(right - 1, left))
    return first if first == last else f"{first}:{last}"


def _told(places: list[tuple[int, int]]) -> str:
    """The cells as a part of a sentence."""
    shown = listing(cell_name(*p) for p in places[:SHOWN])
    if len(places) > SHOWN:
        return say("{cells} 等 {n} 格", cells=shown, n=len(places))
    return say("{cells} 共 {n} 格", cells=shown, n=len(places)) if len(places) > 1 else shown
