"""Subtotals and totals written in the file: never loaded, always compared with the sum of what they cover."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np

from surveys.definition.said import say
from surveys.intake.desk import Desk
from surveys.intake.headers import Column
from surveys.intake.labels import Label
from surveys.intake.numbers import Cleaner, plain
from surveys.intake.periods import When, parse_text
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.units import fold

_HALVES = {"上半年": range(1, 7), "下半年": range(7, 13)}


def check_totals(desk: Desk) -> None:
    """Issues `subtotal_mismatch` (V10, warning) for the total rows and columns of one table."""
    table = desk.table
    if not table.total_rows and not table.of_role("total"):
        return
    columns = [c for c in table.columns if c.role == "data"]
    matrix = {c.index: _numbers(desk, c.index) for c in columns}
    for row in table.total_rows:
        for column in columns:
            _row_total(desk, row, column, matrix[column.index])
    for total in table.of_role("total"):
        _column_total(desk, total, columns, matrix)


def _numbers(desk: Desk, c: int) -> np.ndarray:
    """The numbers of a column over the data rows as written: NaN for none, infinity for one that cannot be read."""
    grid, sheet = desk.table.grid, desk.table.grid.sheet
    found = []
    for r in desk.table.data_rows:
        value = grid.rows[r][c] if c < len(grid.rows[r]) else ""
        if type(value) is float:
            found.append(value)
        elif (r, c) in sheet.no_value or (r, c) in sheet.faults:
            found.append(float("inf"))
        else:
            found.append(_as_number(value, desk.cleaner))
    return np.array(found, dtype=float)


def _as_number(value: object, cleaner: Cleaner) -> float:
    if value in ("", None):
        return float("nan")
    clean = cleaner.clean(value)
    if clean.state == "number":
        return float(clean.exact) * float(clean.scale)
    return float("inf") if clean.state == "bad" else float("nan")


def _row_total(desk: Desk, row: int, column: Column, numbers: np.ndarray) -> None:
    grid = desk.table.grid
    value = grid.rows[row][column.index] if column.index < len(grid.rows[row]) else ""
    stated = _as_number(value, desk.cleaner)
    if not np.isfinite(stated) or (row, column.index) in grid.sheet.no_value:
        return
    rows = np.array(desk.table.data_rows)
    alike = _same_labels(desk, row, rows)
    scopes = _scopes(desk, row, rows)
    _compare(
        desk,
        row,
        column,
        stated,
        value,
        [numbers[alike & scope] for scope in scopes],
        _units_differ(desk, column, alike & scopes[0]),
    )


def _units_differ(desk: Desk, column: Column, scope: np.ndarray) -> bool:
    kinds = {desk.labels.kind[i] for i in np.flatnonzero(scope)}
    words = {
        desk.labels.kinds[k][1].key + desk.labels.kinds[k][1].scale for k in kinds if desk.labels.kinds[k][1]
    }
    return len(words) > 1 and column.label.measure not in {
        m.key for m in desk.definition.measures if not m.unit_from
    }


def _same_labels(desk: Desk, row: int, rows: np.ndarray) -> np.ndarray:
    """Data rows that agree with the total row in every label it repeats (item, month, facility)."""
    table = desk.table
    alike = np.ones(len(rows), dtype=bool)
    for column in table.of_role("item", "period", "facility", "campus"):
        value = table.grid.value(row, column.index)
        if value in ("", None) or (isinstance(value, str) and _sums(desk.words.label(value))):
            continue
        alike &= np.array([table.grid.value(r, column.index) == value for r in rows], dtype=bool)
    return alike


def _scopes(desk: Desk, row: int, rows: np.ndarray) -> list[np.ndarray]:
    """The row sets a total may cover, the likeliest first: what its words say, since the last total, all above, all."""
    table = desk.table
    text = "".join(
        fold(table.grid.value(row, c.index))
        for c in table.columns
        if c.role in ("period", "item", "facility", "campus", "sequence", "text", "type")
        and _sums(desk.words.label(table.grid.value(row, c.index)))
    )
    block = [r for r in table.total_rows if r < row and not _adjacent(table.total_rows, r, row)]
    since = (rows > max(block, default=-1)) & (rows < row)
    everything, above = np.ones(len(rows), dtype=bool), rows < row
    hint = _hint(desk, text, rows)
    first = [hint] if hint is not None else [since] if "小计" in text else []
    return [*first, everything, since, above]


def _sums(label: Label) -> bool:
    return label.total or bool(label.when and not label.when.month)


def _adjacent(totals: list[int], first: int, last: int) -> bool:
    """Total rows that stand together (one per item) are one block."""
    return all(r in totals for r in range(first, last))


def _hint(desk: Desk, text: str, rows: np.ndarray) -> np.ndarray | None:
    months = next((set(m) for word, m in _HALVES.items() if word in text), None)
    quarter = re.search(r"第?[一二三四1-4]季度", text)
    if quarter and (when := parse_text(quarter.group())):
        months = set(range(int(when.part[1]) * 3 - 2, int(when.part[1]) * 3 + 1))
    if months:
        whens = next(iter(desk.labels.when.values()))
        return np.array([isinstance(w, When) and w.month in months for w in whens], dtype=bool)
    rest = re.sub("|".join(sorted(map(re.escape, desk.words.totals), key=len, reverse=True)), "", text)
    if not rest:
        return None
    for column in desk.table.of_role("campus", "facility", "period", "item"):
        same = np.array([fold(desk.table.grid.value(r, column.index)) == rest for r in rows], dtype=bool)
        if same.any():
            return same
    same = np.array(
        [fold(desk.table.section_of[r].text) == rest if r in desk.table.section_of else False for r in rows]
    )
    return same if same.any() else None


def _compare(
    desk: Desk, row: int, column: Column, stated: float, value: object, scopes: list[np.ndarray], mixed: bool
) -> None:
    if mixed or any(np.isinf(s).any() for s in scopes[:1]):
        return
    if stated == 0 and np.isnan(scopes[0]).all():
        return
    usable = [s[~np.isnan(s)] for s in scopes]
    usable = [s for s in usable if len(s) and not np.isinf(s).any()]
    if not usable or any(abs(s.sum() - stated) <= tolerance(value, stated, len(s)) for s in usable):
        return
    _mismatch(desk, row, column, value, usable[0].sum())


def tolerance(value: object, stated: float, parts: int) -> float:
    """How far a total may be off by rounding alone: half a unit of its last place per part."""
    text = plain(value) if isinstance(value, float) else str(value)
    places = len(text.rpartition(".")[2]) if "." in text else 0
    return max(0.5 * 10.0 ** -min(places, 6) * max(parts, 1), abs(stated) * 1e-9)


def _mismatch(desk: Desk, row: int, column: Column, value: object, expected: float) -> None:
    where = cell_name(row, column.index)
    total = format(Decimal(repr(round(float(expected), 6))).normalize(), "f")
    check = next((c for c in desk.definition.checks if c.id == "V10"), None)
    desk.draft.reported.add((desk.sheet, row, column.index))
    desk.draft.issues.append(
        Issue(
            "subtotal_mismatch",
            "warning",
            desk.sheet,
            where,
            say(
                "“{sheet}”表 {cell} 合计填的是 {stated}，各项相加是 {total}。",
                sheet=desk.sheet,
                cell=where,
                stated=str(value).removesuffix(".0"),
                total=total,
            ),
            check.remedy if check else say("核对合计和分项，改错的一处。"),
            rule="V10",
            value=str(value).removesuffix(".0"),
            expected=total,
        )
    )


def _column_total(desk: Desk, total: Column, columns: list[Column], matrix: dict[int, np.ndarray]) -> None:
    """A 合计 column against the months (or parts) beside it, row by row, all rows at once."""
    parts = _parts_of(total, columns)
    if len(parts) < 2:
        return
    stated = _numbers(desk, total.index)
    stack = np.vstack([matrix[c.index] for c in parts])
    readable = ~np.isinf(stack).any(axis=0) & np.isfinite(stated) & ~np.isnan(stack).all(axis=0)
    sums = np.nansum(np.where(np.isinf(stack), np.nan, stack), axis=0)
    counts = (~np.isnan(stack)).sum(axis=0)
    for i in np.flatnonzero(readable & (np.abs(sums - stated) > 1e-9 * np.abs(stated))):
        r = desk.table.data_rows[i]
        value = desk.table.grid.rows[r][total.index]
        if abs(sums[i] - stated[i]) > tolerance(value, stated[i], int(counts[i])):
            _mismatch(desk, r, total, value, sums[i])


def _parts_of(total: Column, columns: list[Column]) -> list[Column]:
    text = fold(total.title)
    months = next((set(m) for word, m in _HALVES.items() if word in text), None)
    quarter = re.search(r"[一二三四1-4]季度|q[1-4]", text)
    if quarter and (when := parse_text(quarter.group())):
        months = set(range(int(when.part[1]) * 3 - 2, int(when.part[1]) * 3 + 1))
    alike = [
        c
        for c in columns
        if (not total.label.items or c.label.items == total.label.items)
        and (not total.label.measure or c.label.measure == total.label.measure)
    ]
    if months:
        return [c for c in alike if c.label.when and c.label.when.month in months]
    dated = [c for c in alike if c.label.when and c.label.when.month]
    if dated:
        return dated
    places = [c for c in alike if c.facility]
    if places:
        return places
    measures = {(c.label.items if total.label.items else (), c.label.measure) for c in alike}
    before = [c for c in alike if c.index < total.index]
    return before if len(measures) == 1 or all(c.label.measure == "cost" for c in before) else []
