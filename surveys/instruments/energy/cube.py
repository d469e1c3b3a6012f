"""Monthly figures as dense arrays: one row per series (facility × item), one column per month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

MEASURES = ("quantity", "cost")


@dataclass
class Cube:
    """`series` [(facility, item)], `months` ['2024-01', …] in order; `value[measure]` floats (NaN for none) and
    `row[measure]` positions in the frame (−1 for none), both of shape (series, months)."""

    frame: pd.DataFrame
    series: list[tuple[str, str]]
    months: list[str]
    value: dict[str, np.ndarray]
    row: dict[str, np.ndarray]

    @cached_property
    def items(self) -> np.ndarray:
        """The item of each series."""
        return np.array([item for _, item in self.series], dtype=object)

    @cached_property
    def month(self) -> np.ndarray:
        """The month number of each column."""
        return np.array([int(p[5:7]) for p in self.months], dtype=int)

    @cached_property
    def columns(self) -> dict[str, list]:
        """Columns of the frame as lists, for the few rows a finding needs."""
        return {
            n: self.frame[n].tolist()
            for n in ("sheet", "cell", "exact", "facility", "item", "measure", "period")
        }

    def at(self, measure: str, i: int, j: int) -> dict[str, Any]:
        """The frame's row of one figure as a dictionary."""
        position = int(self.row[measure][i, j])
        return {name: column[position] for name, column in self.columns.items()}

    def per_item(self, numbers: dict[str, float]) -> np.ndarray:
        """A number per series by its item, as a column; NaN where there is none."""
        return np.array([[numbers.get(item, np.nan)] for _, item in self.series], dtype=float).reshape(-1, 1)


def is_month(period: str) -> bool:
    """Whether a period is a month: 2024-03."""
    return len(period) == 7 and period[5:].isdigit()


def build(frame: pd.DataFrame) -> Cube:
    """The cube of a frame; of several figures under one key the last counts."""
    period_codes, periods = pd.factorize(frame["period"], sort=True)
    monthly = np.array([is_month(p) for p in periods], dtype=bool)
    facility_codes, facilities = pd.factorize(frame["facility"])
    item_codes, items = pd.factorize(frame["item"])
    keep = (monthly[period_codes] if len(periods) else np.zeros(len(frame), dtype=bool)) & frame[
        "value"
    ].notna()
    keep = np.asarray(keep)
    series_codes, series = pd.factorize(
        facility_codes[keep].astype(np.int64) * max(len(items), 1) + item_codes[keep]
    )
    columns = np.cumsum(monthly) - 1
    positions, months = (
        np.flatnonzero(keep),
        columns[period_codes[keep]] if len(periods) else np.array([], int),
    )
    shape = (len(series), int(monthly.sum()))
    measure = frame["measure"].to_numpy(dtype=object)[keep]
    numbers = frame["value"].to_numpy(dtype=float)[keep]
    value = {m: np.full(shape, np.nan) for m in MEASURES}
    row = {m: np.full(shape, -1, dtype=np.int64) for m in MEASURES}
    for name in MEASURES:
        own = measure == name
        value[name][series_codes[own], months[own]] = numbers[own]
        row[name][series_codes[own], months[own]] = positions[own]
    count = max(len(items), 1)
    return Cube(frame, [(facilities[s // count], items[s % count]) for s in series],
                [p for p, ok in zip(periods, monthly, strict=True) if ok], value, row)  # fmt: skip
