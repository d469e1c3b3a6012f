"""Numbered indicator functions of the energy instrument: figures in, a frame out, nothing else.

Figures: facility, item, measure, period, value (base units of the definition). Output frame, one row per indicator
and period: indicator, basis, period, numerator, denominator, value. Sums run over all facilities; where a university
files its whole ('') and buildings for one item and period, the whole counts and the buildings do not.
Arithmetic is float64 over exact inputs: results agree with exact decimals to 1e-9 relative.

A published function never changes: a new formula is a new number, the old one stays in INDICATORS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from surveys.definition import Definition, FactorSet, GridFactor, Indicator
from surveys.instruments.figures import Figures, as_figures

COLUMNS = ["indicator", "basis", "period", "numerator", "denominator", "value"]
TRANSPORT = ("gasoline", "diesel")


@dataclass(frozen=True)
class Totals:
    """Sums of one measure: `periods` in order, and for each item an array in step with them, NaN where nothing was
    filed."""

    periods: list[str]
    items: Mapping[str, np.ndarray]

    def __getitem__(self, item: str) -> np.ndarray:
        """The sums of an item; NaN throughout for one that was never filed."""
        return self.items.get(item, np.full(len(self.periods), np.nan))

    def over(self, periods: list[str]) -> Totals:
        """The same sums in step with other periods."""
        place = {period: i for i, period in enumerate(self.periods)}
        there = np.array([place.get(period, -1) for period in periods], dtype=int)
        padded = {item: np.append(sums, np.nan) for item, sums in self.items.items()}
        return Totals(periods, {item: sums[there] for item, sums in padded.items()})

    def weighted(self, weights: Iterable[tuple[str, float | np.ndarray]]) -> np.ndarray:
        """Σ sums × weight per period, over (item, weight); NaN where none of the items was filed."""
        parts = [self[item] * weight for item, weight in weights]
        if not parts:
            return np.full(len(self.periods), np.nan)
        filed = ~np.isnan(parts).all(axis=0)
        return np.where(filed, np.nansum(parts, axis=0), np.nan)


@dataclass(frozen=True)
class Inputs:
    """What every indicator function gets.

    sums: the quantities in base units; costs likewise in yuan, over the same periods.
    denominators: {(key, period): value}, falling back to (key, year).
    """

    sums: Totals
    costs: Totals
    denominators: Mapping[tuple[str, str], float]
    definition: Definition
    factors: FactorSet
    indicator: Indicator


class Result(NamedTuple):
    """An indicator over the periods of its inputs; `below` is None where it is no ratio."""

    above: np.ndarray
    below: np.ndarray | None = None


def compute(
    figures: Figures | pd.DataFrame,
    denominators: Iterable[Mapping[str, Any]],
    definition: Definition,
    basis: str = "",
    keys: Iterable[str] | None = None,
    whole_period: str = "",
) -> pd.DataFrame:
    """All indicators of a definition over figures.

    denominators: rows {key, period, value[, facility]}; rows with a facility are summed unless a row without one
    is there. basis: equivalent_value or quota (default of the definition). whole_period: also group all figures
    under this wider period, for example `2024`, instead of month by month.
    Raises KeyError for an unknown basis. A figure whose denominator is missing or zero has value NaN.
    """
    basis = basis or definition.basis_default
    figures, factors, known = as_figures(figures), definition.factor_set(basis), _denominators(denominators)
    sums = totals(figures, "quantity", whole_period)
    costs = totals(figures, "cost", whole_period).over(sums.periods)
    wanted = set(keys) if keys is not None else None
    rows: list[tuple] = []
    for indicator in definition.indicators:
        if wanted is None or indicator.key in wanted:
            inputs = Inputs(sums, costs, known, definition, factors, indicator)
            rows += _rows(inputs, INDICATORS[indicator.function](inputs), basis if indicator.basis else "")
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(inputs: Inputs, result: Result, basis: str) -> Iterator[tuple]:
    below = np.full(len(result.above), np.nan) if result.below is None else result.below
    value = result.above if result.below is None else result.above / below
    columns = inputs.sums.periods, result.above.tolist(), below.tolist(), value.tolist()
    return ((inputs.indicator.key, basis, *row) for row in zip(*columns, strict=True))


def totals(figures: Figures | pd.DataFrame, measure: str, whole_period: str = "") -> Totals:
    """Sums of one measure by period and item; `whole_period`: of all periods, under this name."""
    figures = as_figures(figures)
    period, periods = figures.codes("period")
    item, items = figures.codes("item")
    rows = figures.marked("measure", measure.__eq__) & ~np.isnan(figures.value)
    whole = figures.marked("facility", "".__eq__)
    covered = np.zeros((len(periods), len(items)), dtype=bool)
    covered[period[rows & whole], item[rows & whole]] = True
    rows &= whole | ~covered[period, item]
    if whole_period:
        period, periods = np.zeros_like(period), [whole_period]
    table = _sums(figures.value[rows], period[rows] * len(items) + item[rows], len(periods) * len(items))
    table = table.reshape(len(periods), len(items))
    filled = ~np.isnan(table)
    down = [i for i in np.argsort(periods).tolist() if filled[i].any()]
    across = [j for j in np.argsort(items).tolist() if filled[:, j].any()]
    return Totals([periods[i] for i in down], {items[j]: table[down, j] for j in across})


def _sums(value: np.ndarray, place: np.ndarray, places: int) -> np.ndarray:
    """Values summed by place, NaN where there is none. Sums are exact and rounded once, so they depend neither on the
    order of the rows nor on who adds them up."""
    sums = np.full(places, np.nan)
    order = np.argsort(place, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(place[order])) + 1) if len(order) else ():
        sums[place[rows[0]]] = math.fsum(value[rows].tolist())
    return sums


def _denominators(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    parts: dict[tuple[str, str], float] = {}
    for row in rows:
        place, value = (row["key"], str(row.get("period", ""))), float(row["value"])
        if row.get("facility"):
            parts[place] = parts.get(place, 0.0) + value
        else:
            found[place] = value
    return parts | found


def denominator(inputs: Inputs) -> np.ndarray:
    """The indicator's denominator per period: of the period itself, else of its year; NaN if unknown or zero."""
    key, known = inputs.indicator.denominator, inputs.denominators
    values = [known.get((key, p), known.get((key, p[:4]), float("nan"))) for p in inputs.sums.periods]
    return _positive(np.array(values, dtype=float))


def _positive(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, np.nan)


def comprehensive_energy(sums: Totals, factors: FactorSet, exclude: Iterable[str] = ()) -> np.ndarray:
    """Comprehensive energy in kgce per period: Σ quantity × kgce per base unit (GB/T 2589-2020). Water never counts.

    Items without a factor in this set are left out, as in its standard.
    """
    left_out = {*exclude, "pv_generation"}
    return sums.weighted(
        (i, float(factors.kgce[i])) for i in sums.items if i in factors.kgce and i not in left_out
    )


def energy_kgce_1(inputs: Inputs) -> Result:
    """Comprehensive energy, kgce. Σ quantity × factor of one basis (GB/T 2589-2020; rule S06: one set per table)."""
    return Result(comprehensive_energy(inputs.sums, inputs.factors))


def eui_kgce_m2_1(inputs: Inputs) -> Result:
    """Energy per floor area, kgce/m²: comprehensive energy with heating, without the items the indicator excludes."""
    energy = comprehensive_energy(inputs.sums, inputs.factors, inputs.indicator.exclude)
    return Result(energy, denominator(inputs))


def per_capita_kgce_1(inputs: Inputs) -> Result:
    """Energy per head, kgce per person: comprehensive energy / headcount."""
    return Result(comprehensive_energy(inputs.sums, inputs.factors), denominator(inputs))


def per_capita_water_1(inputs: Inputs) -> Result:
    """Water per head, m³ per person: water / headcount."""
    return Result(inputs.sums["water"], denominator(inputs))


def eui_kwh_m2_1(inputs: Inputs) -> Result:
    """Electricity per floor area, kWh/m²: (electricity − electricity for heating) / floor area.

    Electricity for heating is not filed apart in this version, so nothing is subtracted.
    """
    return Result(inputs.sums["electricity"], denominator(inputs))


def per_capita_kwh_1(inputs: Inputs) -> Result:
    """Electricity per head, kWh per person: electricity / headcount."""
    return Result(inputs.sums["electricity"], denominator(inputs))


def heat_kgce_m2_1(inputs: Inputs) -> Result:
    """Heating energy per heated floor area, kgce/m²: heat × factor / heated area."""
    return Result(_heat(inputs), denominator(inputs))


def _heat(inputs: Inputs) -> np.ndarray:
    return inputs.sums["heat"] * float(inputs.factors.kgce["heat"])


def nonheat_kgce_m2_1(inputs: Inputs) -> Result:
    """Energy without heating and transport per floor area, kgce/m² (S06)."""
    energy = comprehensive_energy(inputs.sums, inputs.factors, ("heat", *TRANSPORT))
    return Result(energy, denominator(inputs))


def std_student_water_1(inputs: Inputs) -> Result:
    """Water per standard head, m³ per person: Vu = Wu / Nu, Nu = 统招生 + 留学生 + 0.5 × 教职工 (S06, S28)."""
    return Result(inputs.sums["water"], denominator(inputs))


def grid_factor(definition: Definition, year: int) -> tuple[float, GridFactor, str]:
    """kgCO₂/kWh for an accounting year: the newest data year not after it, local before region before national.

    Returns (value, the row, which of local/region/national). Before the first data year the first row is used.
    Raises KeyError if the definition has no grid factors.
    """
    rows = [g for g in definition.grid if g.year <= year] or sorted(definition.grid, key=lambda g: g.year)[:1]
    if not rows:
        raise KeyError("grid_factors")
    newest = max(rows, key=lambda g: g.year)
    for place in definition.grid_order:
        value = getattr(newest, place)
        if value is not None:
            return float(value), newest, place
    raise KeyError("grid_factors")


def co2(inputs: Inputs) -> np.ndarray:
    """kgCO₂ per period: Σ quantity × factor, electricity by the grid factor of the period's year."""
    weights = [(i, float(inputs.definition.co2[i])) for i in inputs.sums.items if i in inputs.definition.co2]
    if "electricity" in inputs.sums.items:
        rates = [grid_factor(inputs.definition, int(p[:4]))[0] for p in inputs.sums.periods]
        weights.append(("electricity", np.array(rates)))
    return inputs.sums.weighted(weights)


def co2_kg_1(inputs: Inputs) -> Result:
    """Emissions, kgCO₂: Σ quantity × factor (S05, S06), electricity × grid factor (the definition's policy)."""
    return Result(co2(inputs))


def co2_m2_1(inputs: Inputs) -> Result:
    """Emissions per floor area, kgCO₂/m²."""
    return Result(co2(inputs), denominator(inputs))


def unit_price_1(inputs: Inputs) -> Result:
    """Mean price of the indicator's item, yuan per base unit: cost / quantity, where both were filed."""
    item = inputs.indicator.item
    return Result(inputs.costs[item], _positive(inputs.sums[item]))


INDICATORS: dict[str, Callable[[Inputs], Result]] = {
    "energy_kgce@1": energy_kgce_1,
    "eui_kgce_m2@1": eui_kgce_m2_1,
    "per_capita_kgce@1": per_capita_kgce_1,
    "per_capita_water@1": per_capita_water_1,
    "eui_kwh_m2@1": eui_kwh_m2_1,
    "per_capita_kwh@1": per_capita_kwh_1,
    "heat_kgce_m2@1": heat_kgce_m2_1,
    "nonheat_kgce_m2@1": nonheat_kgce_m2_1,
    "std_student_water@1": std_student_water_1,
    "co2_kg@1": co2_kg_1,
    "co2_m2@1": co2_m2_1,
    "unit_price@1": unit_price_1,
}
