"""Monthly figures as dense arrays: one row per series (facility × item), one column per month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from surveys.instruments.figures import KEY, Figures, as_figures, is_month

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("quantity", "cost")
NAMED = (*KEY, "exact", "sheet", "cell")


@dataclass
class Cube:
    """`series` [(facility, item)], `months` ['2024-01', …] in order; `value[measure]` floats (NaN for none) and
    `row[measure]` positions among the figures (−1 for none), both of shape (series, months)."""

    figures: Figures
    series: list[tuple[str, str]]
    months: list[str]
    value: dict[str, np.ndarray]
    row: dict[str, np.ndarray]
    # columns as people say them, by their numbers
    told: dict[tuple[int, ...], str] = field(default_factory=dict)

    @cached_property
    def items(self) -> np.ndarray:
        """The item of each series."""
        return np.array([item for _, item in self.series], dtype=object)

    @cached_property
    def month(self) -> np.ndarray:
        """The month number of each column."""
        return np.array([int(p[5:7]) for p in self.months], dtype=int)

    @cached_property
    def month_names(self) -> list[str]:
        """The month of each column as people write it: 1, 12."""
        return list(map(str, self.month.tolist()))

    @cached_property
    def first(self) -> list[int]:
        """The column of each series' first quantity; 0 where it has none."""
        return (~np.isnan(self.value["quantity"])).argmax(axis=1).tolist()

    def at(self, measure: str, i: int, j: int) -> dict[str, str]:
        """One figure as a finding names it: facility, item, measure, period, exact, sheet, cell."""
        place = self.row[measure].item(i, j)
        facility, item, kind, period, exact, sheet, cell = self._named
        # written out: half the time of a loop over the names, and a bad workbook asks a thousand times
        return {
            "facility": facility[place], "item": item[place], "measure": kind[place], "period": period[place],
            "exact": exact[place], "sheet": sheet[place], "cell": cell[place],
        }  # fmt: skip

    @cached_property
    def _named(self) -> list[Sequence[str]]:
        return [self.figures[name] for name in NAMED]

    def cells(self, measure: str, i: int, js: list[int]) -> tuple[str, ...]:
        """Where several figures of one series stand: (`Sheet1!C5`, …)."""
        sheet, cell = self.figures["sheet"], self.figures["cell"]
        row = self.row[measure][i].tolist()
        return tuple([f"{sheet[row[j]]}!{cell[row[j]]}" for j in js])

    @cached_property
    def _item_codes(self) -> tuple[np.ndarray, list[str]]:
        number_of: dict[str, int] = defaultdict(count().__next__)
        codes = np.array([number_of[item] for _, item in self.series], dtype=np.int64)
        return codes, list(number_of)

    def per_item(self, numbers: dict[str, float]) -> np.ndarray:
        """A number per series by its item, as a column; NaN where there is none."""
        codes, items = self._item_codes
        return np.array([numbers.get(item, np.nan) for item in items], dtype=float)[codes][:, None]


def build(frame: Figures | pd.DataFrame) -> Cube:
    """The cube of figures in either form; of several under one key the last counts."""
    figures = as_figures(frame)
    period, periods = figures.codes("period")
    monthly = [is_month(p) for p in periods]
    months = sorted(p for p, ok in zip(periods, monthly, strict=True) if ok)
    column_of = {p: j for j, p in enumerate(months)}
    columns = np.array([column_of.get(p, -1) for p in periods] or [-1], dtype=np.int64)
    keep = ~np.isnan(figures.value)
    if len(figures):
        keep &= columns[period] >= 0
    positions = np.flatnonzero(keep)
    facility, facilities = figures.codes("facility")
    item, items = figures.codes("item")
    width = max(len(items), 1)
    pair = facility[positions] * width + item[positions]
    there = np.zeros(max(len(facilities), 1) * width, dtype=bool)
    there[pair] = True
    distinct, series = np.flatnonzero(there).tolist(), (np.cumsum(there) - 1)[pair]
    shape = (len(distinct), len(months))
    measure, names = figures.codes("measure")
    value = {m: np.full(shape, np.nan) for m in MEASURES}
    row = {m: np.full(shape, -1, dtype=np.int64) for m in MEASURES}
    for name in (n for n in MEASURES if n in names):
        own = measure[positions] == names.index(name)
        place = series[own], columns[period[positions[own]]]
        value[name][place] = figures.value[positions[own]]
        row[name][place] = positions[own]
    return Cube(figures, [(facilities[s // width], items[s % width]) for s in distinct], months, value, row)
