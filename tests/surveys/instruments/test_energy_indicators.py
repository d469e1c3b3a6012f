"""Indicators against published and hand-made numbers."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from surveys import instruments
from surveys.instruments.energy.indicators import Totals, comprehensive_energy, compute, grid_factor
from surveys.instruments.figures import Figures, joined

ENERGY = instruments.get("energy")
EXAMPLE = ENERGY.body["published_example"]


def _frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["facility", "item", "measure", "period", "value"])


def _values(frame: pd.DataFrame, denominators=(), **more) -> dict[tuple[str, str], float]:
    found = compute(frame, denominators, ENERGY, **more).dropna(subset=["value"])
    return {(r.indicator, r.period): r.value for r in found.itertuples()}


@pytest.fixture
def published():
    quantities = EXAMPLE["quantities"].items()
    frame = _frame([("", item, "quantity", "2025-Q1", float(value)) for item, value in quantities])
    rows = [{"key": k, "period": "2025", "value": EXAMPLE[k]} for k in ("headcount", "floor_area")]
    return frame, rows


def test_published_figures_of_a_real_quarter(published):
    got = _values(*published)
    assert got["per_capita_kwh", "2025-Q1"] == pytest.approx(
        float(EXAMPLE["published"]["per_capita_kwh"]), abs=0.005
    )
    assert got["per_capita_water", "2025-Q1"] == pytest.approx(
        float(EXAMPLE["published"]["per_capita_water"]), abs=0.005
    )
    assert got["eui_kwh_m2", "2025-Q1"] == pytest.approx(float(EXAMPLE["published"]["eui_kwh_m2"]), abs=0.005)


def test_published_standard_coal_of_electricity_and_gasoline():
    factors = ENERGY.factor_set("equivalent_value").kgce
    kgce = {
        item: Decimal(EXAMPLE["quantities"][item]) * factors[item] for item in ("electricity", "gasoline")
    }
    assert float(kgce["electricity"]) == pytest.approx(377026.33, rel=1e-6)
    assert float(kgce["gasoline"]) == pytest.approx(1631.57, rel=1e-5)


def test_published_gas_uses_the_factor_of_the_quota_basis():
    factor = ENERGY.factor_set("quota").kgce["natural_gas"]
    assert float(Decimal(EXAMPLE["quantities"]["natural_gas"]) * factor) == pytest.approx(17402.83, rel=1e-6)


def test_water_is_never_converted():
    dry = Totals(["2024"], {"electricity": np.array([1000.0])})
    wet = Totals(["2024"], {**dry.items, "water": np.array([5000.0])})
    for basis in ("equivalent_value", "quota"):
        factors = ENERGY.factor_set(basis)
        assert comprehensive_energy(wet, factors).tolist() == comprehensive_energy(dry, factors).tolist()


def test_each_figure_names_its_one_basis():
    frame = _frame([("", "electricity", "quantity", "2024", 1000.0)])
    rows = {
        b: compute(frame, [], ENERGY, basis=b, keys=["energy_kgce"]).iloc[0]
        for b in ("equivalent_value", "quota")
    }
    assert {b: (r.basis, round(r.value, 6)) for b, r in rows.items()} == {
        "equivalent_value": ("equivalent_value", 122.9), "quota": ("quota", 310.0)}  # fmt: skip


def test_months_add_up_under_a_wider_period():
    frame = _frame([("", "electricity", "quantity", f"2024-{m:02d}", 100.0 * m) for m in range(1, 13)])
    got = _values(frame, [{"key": "headcount", "period": "2024", "value": 10}], whole_period="2024")
    assert got["per_capita_kwh", "2024"] == pytest.approx(780.0)


def test_buildings_are_added_and_yield_to_a_figure_of_the_whole():
    parts = [
        ("A楼", "electricity", "quantity", "2024-01", 10.0),
        ("B楼", "electricity", "quantity", "2024-01", 20.0),
    ]
    rows = [{"key": "headcount", "period": "2024", "value": 1}]
    assert _values(_frame(parts), rows)["per_capita_kwh", "2024-01"] == 30.0
    whole = [*parts, ("", "electricity", "quantity", "2024-01", 35.0)]
    assert _values(_frame(whole), rows)["per_capita_kwh", "2024-01"] == 35.0


def test_unknown_or_zero_denominator_gives_no_figure():
    frame = _frame([("", "water", "quantity", "2024", 100.0)])
    assert ("per_capita_water", "2024") not in _values(frame)
    assert ("per_capita_water", "2024") not in _values(
        frame, [{"key": "headcount", "period": "2024", "value": 0}]
    )


def test_energy_per_area_leaves_out_vehicle_fuel():
    frame = _frame(
        [("", "electricity", "quantity", "2024", 1000.0), ("", "gasoline", "quantity", "2024", 500.0)]
    )
    got = _values(frame, [{"key": "floor_area", "period": "2024", "value": 100}])
    assert got["eui_kgce_m2", "2024"] == pytest.approx(1.229)
    assert got["energy_kgce", "2024"] == pytest.approx(122.9 + 500 * 1.066765)


def test_unit_price_is_cost_over_quantity():
    frame = _frame(
        [("", "electricity", "quantity", "2024-01", 100.0), ("", "electricity", "cost", "2024-01", 61.0)]
    )
    assert _values(frame)["price_electricity", "2024-01"] == pytest.approx(0.61)


@pytest.mark.parametrize(("year", "value", "place"), [(2021, 0.7355, "local"), (2022, 0.7041, "local"), (2023, 0.6361, "region"),  # noqa: E501
                                                      (2026, 0.6361, "region"), (2019, 0.7355, "local")])  # fmt: skip
def test_grid_factor_is_the_newest_not_after_the_year_local_first(year, value, place):
    found, _, where = grid_factor(ENERGY, year)
    assert (found, where) == (value, place)


def test_emissions_use_the_grid_factor_of_their_year():
    frame = _frame([("", "electricity", "quantity", "2022", 1000.0), ("", "heat", "quantity", "2022", 10.0)])
    assert _values(frame)["co2_kg", "2022"] == pytest.approx(704.1 + 1100)


def test_figures_do_not_depend_on_the_order_of_the_rows():
    rows = [
        (f"{n}号楼", item, "quantity", f"2024-{month:02d}", (n * 7919 + month * 104729) % 99991 / 100)
        for n in range(40)
        for month in range(1, 13)
        for item in ("electricity", "natural_gas")
    ]
    exact = sum(Decimal(str(row[4])) for row in rows if row[1] == "electricity")
    size = [{"key": "headcount", "period": "2024", "value": 1}]
    found = _values(_frame(rows), size, whole_period="2024")
    assert found["per_capita_kwh", "2024"] == float(exact)
    for shift in (1, 333, 777):
        assert _values(_frame(rows[shift:] + rows[:shift]), size, whole_period="2024") == found


def test_figures_of_several_units_joined_count_as_one():
    rows = [(f"{n}号楼", "water", "quantity", f"2024-{n:02d}", float(n)) for n in range(1, 9)]
    parts = [Figures.from_frame(_frame(rows[:3])), Figures.from_frame(_frame(rows[3:]))]
    size = [{"key": "headcount", "period": "2024", "value": 4}]
    assert _values(joined(parts), size) == _values(_frame(rows), size)
