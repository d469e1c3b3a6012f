"""Months that became numbers: 2024.1 is January or October."""

from __future__ import annotations

import re

from surveys.intake.periods import When, year_of


def decimal_months(values: list[object]) -> list[When | str | None]:
    """Read a column where months may have become numbers (2024.1): "?" where January and October cannot be told.

    2024.1 is January or October; its place between neighbours that are certain decides, otherwise it stays open.
    """
    pairs = [_decimal_month(v) for v in values]
    found: list[When | str | None] = [None] * len(values)
    rows = [i for i, pair in enumerate(pairs) if pair]
    for position, i in enumerate(rows):
        year, candidates = pairs[i]
        if len(candidates) == 2:
            before = _neighbour(pairs, rows, position, -1)
            after = _neighbour(pairs, rows, position, 1)
            candidates = [m for m in candidates if _fits(year * 12 + m, before, after)]
        found[i] = When(year, f"{candidates[0]:02d}", False) if len(candidates) == 1 else "?"
    return found


def _fits(when: int, before: int | None, after: int | None) -> bool:
    if before is None and after is None:
        return False
    return (before is None or before <= when <= before + 1) and (after is None or when <= after <= when + 1)


def _neighbour(pairs: list, rows: list[int], position: int, step: int) -> int | None:
    own = pairs[rows[position]]
    place = position + step
    while 0 <= place < len(rows):
        year, months = pairs[rows[place]]
        if len(months) == 1:
            return year * 12 + months[0]
        if (year, months) != own:
            return None
        place += step
    return None


def _decimal_month(value: object) -> tuple[int, list[int]] | None:
    text = repr(value) if isinstance(value, float) else str(value).strip()
    match = re.fullmatch(r"((?:20)?\d{2})\.(\d{1,2})", text)
    if not match:
        return None
    year, month = year_of(match.group(1)), match.group(2)
    if month == "1" and isinstance(value, float):
        return year, [1, 10]
    number = int(month)
    if not 1 <= number <= 12:
        return None
    return year, [number]
