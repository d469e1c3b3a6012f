"""Numbered indicator functions of the energy instrument: frames in, a frame out, nothing else.

Input frame: facility, item, measure, period, value (base units of the definition). Output frame, one row per
period: indicator, basis, period, numerator, denominator, value. Sums run over all facilities; where a university
files its whole ('') and buildings for one item and period, the whole counts and the buildings do not.
Arithmetic is float64 over exact inputs: results agree with exact decimals to 1e-9 relative.

A published function never changes: a new formula is a new number, the old one stays in INDICATORS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from surveys.definition import Definition, FactorSet, GridFactor, Indicator
from surveys.instruments.figures import Figures, as_figures

COLUMNS = ["indicator", "basis", "period", "numerator", "denominator", "value"]
TRANSPORT = ("gasoline", "diesel")


@dataclass(frozen=True)
class Inputs:
    """What every indicator function gets.

    sums: index period, one column per item, the quantities in base units; costs likewise in yuan.
    denominators: {(key, period): value}, falling back to (key, year).
    """

    sums: pd.DataFrame
    costs: pd.DataFrame
    denominators: Mapping[tuple[str, str], float]
    definition: Definition
    factors: FactorSet
    indicator: Indicator


def compute(
    frame: Figures | pd.DataFrame,
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
    frame = as_figures(frame)
    sums, costs = totals(frame, "quantity", whole_period), totals(frame, "cost", whole_period)
    known = _denominators(denominators)
    parts = []
    for indicator in definition.indicators:
        if keys is not None and indicator.key not in set(keys):
            continue
        inputs = Inputs(sums, costs, known, definition, definition.factor_set(basis), indicator)
        result = INDICATORS[indicator.function](inputs)
        parts.append(result.assign(indicator=indicator.key, basis=basis if indicator.basis else ""))
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def totals(frame: Figures | pd.DataFrame, measure: str, whole_period: str = "") -> pd.DataFrame:
    """Sums of one measure: index period, a column per item, NaN where nothing was filed."""
    figures = as_figures(frame)
    period, periods = figures.codes("period")
    item, items = figures.codes("item")
    rows = figures.marked("measure", measure.__eq__) & ~np.isnan(figures.value)
    whole = figures.marked("facility", "".__eq__)
    covered = np.zeros((len(periods), len(items)), dtype=bool)
    covered[period[rows & whole], item[rows & whole]] = True
    rows &= whole | ~covered[period, item]
    if whole_period:
        period, periods = np.zeros_like(period), [whole_period]
    return _sums(figures.value[rows], period[rows], periods, item[rows], items)


def _sums(
    value: np.ndarray, period: np.ndarray, periods: list[str], item: np.ndarray, items: list[str]
) -> pd.DataFrame:
    """Values summed by period and item, given as numbers among their names; what has no value is left out.

    Sums are exact and rounded once, so they depend neither on the order of the rows nor on who adds them up.
    """
    table = np.full((len(periods), len(items)), np.nan)
    place = period * len(items) + item
    order = np.argsort(place, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(place[order])) + 1) if len(order) else ():
        table.flat[place[rows[0]]] = math.fsum(value[rows].tolist())
    filled = ~np.isnan(table)
    down = [i for i in np.argsort(periods).tolist() if filled[i].any()]
    across = [j for j in np.argsort(items).tolist() if filled[:, j].any()]
    return pd.DataFrame(
        table[np.ix_(down, across)],
        pd.Index([periods[i] for i in down], name="period"),
        pd.Index([items[j] for j in across], name="item"),
    )


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


def denominator(inputs: Inputs) -> pd.Series:
    """The indicator's denominator per period: of the period itself, else of its year; NaN if unknown or zero."""
    key = inputs.indicator.denominator
    values = [
        inputs.denominators.get((key, p), inputs.denominators.get((key, p[:4]), float("nan")))
        for p in inputs.sums.index
    ]
    series = pd.Series(values, index=inputs.sums.index, dtype=float)
    return series.where(series > 0)


def _result(inputs: Inputs, numerator: pd.Series, below: pd.Series | None) -> pd.DataFrame:
    value = numerator if below is None else numerator / below
    return pd.DataFrame(
        {
            "period": numerator.index,
            "numerator": numerator.to_numpy(dtype=float),
            "denominator": float("nan") if below is None else below.to_numpy(dtype=float),
            "value": value.to_numpy(dtype=float),
        }
    )


def _column(inputs: Inputs, item: str) -> pd.Series:
    if item in inputs.sums:
        return inputs.sums[item].astype(float)
    return pd.Series(float("nan"), index=inputs.sums.index, dtype=float)


def comprehensive_energy(sums: pd.DataFrame, factors: FactorSet, exclude: Iterable[str] = ()) -> pd.Series:
    """Comprehensive energy in kgce per period: Σ quantity × kgce per base unit (GB/T 2589-2020). Water never counts.

    sums: index period, a column per item. Items without a factor in this set are left out, as in its standard.
    """
    items = [i for i in sums.columns if i in factors.kgce and i not in set(exclude) and i != "pv_generation"]
    if not items:
        return pd.Series(float("nan"), index=sums.index, dtype=float)
    weights = pd.Series({i: float(factors.kgce[i]) for i in items})
    return (sums[items].astype(float) * weights).sum(axis=1, min_count=1)


def energy_kgce_1(inputs: Inputs) -> pd.DataFrame:
    """Comprehensive energy, kgce. Σ quantity × factor of one basis (GB/T 2589-2020; rule S06: one set per table)."""
    return _result(inputs, comprehensive_energy(inputs.sums, inputs.factors), None)


def eui_kgce_m2_1(inputs: Inputs) -> pd.DataFrame:
    """Energy per floor area, kgce/m²: comprehensive energy with heating, without the items the indicator excludes."""
    energy = comprehensive_energy(inputs.sums, inputs.factors, inputs.indicator.exclude)
    return _result(inputs, energy, denominator(inputs))


def per_capita_kgce_1(inputs: Inputs) -> pd.DataFrame:
    """Energy per head, kgce per person: comprehensive energy / headcount."""
    return _result(inputs, comprehensive_energy(inputs.sums, inputs.factors), denominator(inputs))


def per_capita_water_1(inputs: Inputs) -> pd.DataFrame:
    """Water per head, m³ per person: water / headcount."""
    return _result(inputs, _column(inputs, "water"), denominator(inputs))


def eui_kwh_m2_1(inputs: Inputs) -> pd.DataFrame:
    """Electricity per floor area, kWh/m²: (electricity − electricity for heating) / floor area.

    Electricity for heating is not filed apart in this version, so nothing is subtracted.
    """
    return _result(inputs, _column(inputs, "electricity"), denominator(inputs))


def per_capita_kwh_1(inputs: Inputs) -> pd.DataFrame:
    """Electricity per head, kWh per person: electricity / headcount."""
    return _result(inputs, _column(inputs, "electricity"), denominator(inputs))


def heat_kgce_m2_1(inputs: Inputs) -> pd.DataFrame:
    """Heating energy per heated floor area, kgce/m²: heat × factor / heated area."""
    return _result(inputs, _heat(inputs), denominator(inputs))


def _heat(inputs: Inputs) -> pd.Series:
    return _column(inputs, "heat") * float(inputs.factors.kgce["heat"])


def nonheat_kgce_m2_1(inputs: Inputs) -> pd.DataFrame:
    """Energy without heating and transport per floor area, kgce/m² (S06)."""
    energy = comprehensive_energy(inputs.sums, inputs.factors, ("heat", *TRANSPORT))
    return _result(inputs, energy, denominator(inputs))


def std_student_water_1(inputs: Inputs) -> pd.DataFrame:
    """Water per standard head, m³ per person: Vu = Wu / Nu, Nu = 统招生 + 留学生 + 0.5 × 教职工 (S06, S28)."""
    return _result(inputs, _column(inputs, "water"), denominator(inputs))


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


def co2(inputs: Inputs) -> pd.Series:
    """kgCO₂ per period: Σ quantity × factor, electricity by the grid factor of the period's year."""
    items = [i for i in inputs.sums.columns if i in inputs.definition.co2]
    weights = pd.Series({i: float(inputs.definition.co2[i]) for i in items}, dtype=float)
    total = (
        (inputs.sums[items].astype(float) * weights).sum(axis=1, min_count=1)
        if items
        else pd.Series(float("nan"), index=inputs.sums.index)
    )
    if "electricity" in inputs.sums:
        rates = pd.Series(
            [grid_factor(inputs.definition, int(p[:4]))[0] for p in inputs.sums.index],
            index=inputs.sums.index,
        )
        total = total.add(inputs.sums["electricity"].astype(float) * rates, fill_value=0.0)
    return total


def co2_kg_1(inputs: Inputs) -> pd.DataFrame:
    """Emissions, kgCO₂: Σ quantity × factor (S05, S06), electricity × grid factor (the definition's policy)."""
    return _result(inputs, co2(inputs), None)


def co2_m2_1(inputs: Inputs) -> pd.DataFrame:
    """Emissions per floor area, kgCO₂/m²."""
    return _result(inputs, co2(inputs), denominator(inputs))


def unit_price_1(inputs: Inputs) -> pd.DataFrame:
    """Mean price of the indicator's item, yuan per base unit: cost / quantity, where both were filed."""
    quantity = _column(inputs, inputs.indicator.item)
    cost = (
        inputs.costs[inputs.indicator.item].reindex(quantity.index)
        if inputs.indicator.item in inputs.costs
        else (quantity * float("nan"))
    )
    return _result(inputs, cost.astype(float), quantity.where(quantity > 0))


INDICATORS: dict[str, Callable[[Inputs], pd.DataFrame]] = {
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
