"""The same figures written twice in one table: a column and its copy, or 用电量（kWh） beside 用电量（万kWh）."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from surveys.definition.said import say
from surveys.instruments.figures import Figures
from surveys.intake.references import column_letters

# as many rows must agree, and all of them
FEWEST = 3

Left = tuple[str, int, int, str]


def drop_twins(figures: Figures) -> tuple[Figures, list[Left]]:
    """Without columns that repeat another of their sheet row by row: (kept, [(sheet, row, column, why)]).

    Of two columns the one with more digits stays. Agreeing means: equal but for the rounding of the coarser one.
    """
    key = figures.key()
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    if not len(counts) or counts.max() == 1:
        return figures, []
    columns: dict[tuple[str, int], dict[tuple[int, int], int]] = {}
    for i in np.flatnonzero(counts[inverse] > 1):
        r, c = map(int, figures.place[i])
        columns.setdefault((figures["sheet"][i], c), {})[r, int(key[i])] = int(i)
    keep, left = np.ones(len(figures), dtype=bool), []
    for (sheet, c), one in columns.items():
        for (other_sheet, k), other in columns.items():
            if sheet != other_sheet or k <= c or not _same(figures, one, other, keep):
                continue
            lost, column = (one, k) if _digits(figures, one) < _digits(figures, other) else (other, c)
            why = say("与 {column} 列是同一些数，只取一次", column=column_letters(column))
            keep[list(lost.values())] = False
            left += [(sheet, int(figures.place[i][0]), int(figures.place[i][1]), why) for i in lost.values()]
    return (figures.where(keep), left) if left else (figures, [])


def _same(figures: Figures, one: dict, other: dict, keep: np.ndarray) -> bool:
    if one.keys() != other.keys() or not all(keep[i] for i in (*one.values(), *other.values())):
        return False
    pairs = [(one[k], other[k]) for k in one if not np.isnan(figures.value[[one[k], other[k]]]).any()]
    if len(pairs) < FEWEST or len(pairs) < len(one):
        return False
    return all(
        abs(figures.value[a] - figures.value[b]) <= max(_step(figures, a), _step(figures, b))
        for a, b in pairs
    )


def _step(figures: Figures, i: int) -> float:
    """Half of what one in the last digit written is worth; next to nothing for a number written in full."""
    _, _, places = figures["raw"][i].partition(".")
    own = figures["factor"][i]
    worth = Decimal(own) * Decimal(10) ** -len(places) / 2 if places.isdecimal() or not places else Decimal(0)
    return float(worth) * 1.001 if own != "1" else 1e-9 * abs(float(figures.value[i]))


def _digits(figures: Figures, column: dict) -> int:
    """How many digits the figures of a column have, zeros at the end not counted."""
    return sum(len(figures["raw"][i].replace(".", "").strip("0")) for i in column.values())
