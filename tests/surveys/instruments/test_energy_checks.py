"""Each check alone: what it finds, what it leaves alone, when it is skipped."""

from __future__ import annotations

import pandas as pd
import pytest
from django.utils import translation

from surveys import instruments
from surveys.catalog.sentences import sentence
from surveys.intake import Context, recheck
from surveys.intake.check import run_checks
from surveys.intake.result import issue_data
from tests.english.sentences import chinese_left

PLACES = {"1号楼", "2号楼"}
ENERGY = instruments.get("energy")
YEAR = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]


def _series(item="electricity", numbers=YEAR, measure="quantity", facility="", year=2024) -> list[dict]:
    return [
        {"facility": facility, "item": item, "measure": measure, "period": f"{year}-{m:02d}",
         "value": float("nan") if n is None else float(n), "exact": "" if n is None else f"{n}",
         "flag": "" if n is not None else "missing", "text": "", "sheet": "表",
         "cell": f"{'BC'[measure == 'cost']}{m + 1}", "raw": f"{n}"}
        for m, n in enumerate(numbers, 1)
    ]  # fmt: skip


def _both(price=0.6, numbers=YEAR, **more) -> list[dict]:
    costs = [None if n is None else round(n * price, 2) for n in numbers]
    return [*_series(numbers=numbers, **more), *_series(numbers=costs, measure="cost", **more)]


def _found(rows: list[dict], rule: str, **more) -> list[tuple[str, str, str | None]]:
    issues = recheck(pd.DataFrame(rows), Context(ENERGY, ("示例大学",), {}, "2024", **more))
    with translation.override("en"):
        said = [sentence(issue_data(i), "message", ENERGY) for i in issues]
    # whatever a test finds has its English, buildings keep their names
    assert [text for text in said if chinese_left(text, PLACES)] == []
    return [(i.kind, i.severity, i.cell) for i in issues if i.rule == rule]


def _history(*years: list, item="electricity") -> pd.DataFrame:
    rows = [r for n, numbers in enumerate(years, 1) for r in _series(item, numbers, year=2024 - n)]
    return pd.DataFrame(rows)[["facility", "item", "measure", "period", "value"]]


def test_usual_year_has_no_finding():
    assert recheck(pd.DataFrame(_both()), Context(ENERGY, ("示例大学",), {}, "2024")) == []


def test_skipped_checks_say_why():
    _, skipped = run_checks(pd.DataFrame(_both()), Context(ENERGY, ("示例大学",), {}, "2024"))
    assert skipped == ["B02: 没有往年数据", "B04: 没有扣除的量", "B05: 没有面积", "V02: 没有往年数据",
                       "V03: 没有人数和面积", "V04: 没有全年的数或没有人数和面积",
                       "V11: 没有已发布的同类数据"]  # fmt: skip


def test_v01_unit_price_outside_the_range():
    assert _found(_both(price=2.0), "V01") == [("unit_price", "warning", "B2")]


def test_v02_without_history_is_silent():
    assert _found(_both(numbers=[n * 3 for n in YEAR]), "V02") == []


def test_v02_one_month_out_of_line_with_one_year_of_history():
    now = [n * (2 if m == 5 else 1.05) for m, n in enumerate(YEAR, 1)]
    assert _found(_both(numbers=now), "V02", history=_history(YEAR)) == [("year_on_year", "warning", "B6")]


def test_v02_a_noisy_series_gets_a_wider_tolerance():
    wild = [1.0, 1.4, 0.7, 1.3, 0.8, 1.5, 0.6, 1.35, 0.75, 1.45, 0.65, 1.3]
    now = [round(n * f) for n, f in zip(YEAR, wild, strict=True)]
    assert _found(_both(numbers=now), "V02", history=_history(YEAR)) == []


def test_v02_seasonal_swings_are_not_findings():
    swing = [100, 100, 100, 400, 500, 900, 1000, 900, 500, 300, 100, 100]
    assert (
        _found(
            _both(numbers=[n * 1.02 for n in swing]),
            "V02",
            history=_history(swing, [n * 0.97 for n in swing]),
        )
        == []
    )


@pytest.mark.parametrize(("factor", "severity"), [(1.05, None), (1.2, "info"), (1.5, "warning")])
def test_v02_flat_limits_where_there_is_one_month_of_history(factor, severity):
    history = _history(YEAR).query("period == '2023-03'")
    now = [n * (factor if m == 3 else 1) for m, n in enumerate(YEAR, 1)]
    assert _found(_both(numbers=now), "V02", history=history) == (
        [("year_on_year", severity, "B4")] if severity else []
    )


def test_v02_the_same_file_as_last_year():
    assert _found(_both(), "V02", history=_history(YEAR)) == [("same_as_last_year", "warning", "B2")]


def test_v03_headcount_jump():
    people = (
        {"key": "headcount", "period": "2023", "value": 20000},
        {"key": "headcount", "period": "2024", "value": 23000},
    )
    assert _found(_both(), "V03", denominators=people) == [("denominator_change", "warning", None)]
    assert _found(_both(), "V03", denominators=({**people[0]}, {**people[1], "value": 21000})) == []


def test_v04_indicator_beyond_the_plausible():
    people = ({"key": "headcount", "period": "2024", "value": 100},)
    kinds = {k for k, _, _ in _found(_both(), "V04", denominators=people)}
    assert kinds == {"indicator_range"}


def _peers(low: str, high: str) -> dict:
    return {"per_capita_kwh": {"kind": "A", "period": "2023", "p25": low, "p75": high}}


# 3,381,000 kWh of 3,000 people are 1,127 kWh each: plausible
PEOPLE = ({"key": "headcount", "period": "2024", "value": 3000},)


@pytest.mark.parametrize(
    ("low", "high", "kinds"),
    [
        ("900", "1200", []),
        ("700", "800", ["peer_range"]),
        ("700", "850", []),
        ("1400", "1450", ["peer_range"]),
    ],
)
def test_v11_indicator_far_from_the_released_middle_half(low, high, kinds):
    found = _found(_both(), "V11", denominators=PEOPLE, peers=_peers(low, high))
    assert [kind for kind, _severity, _cell in found] == kinds


def test_v11_leaves_to_v04_what_is_not_plausible_at_all():
    people = ({"key": "headcount", "period": "2024", "value": 100},)
    assert _found(_both(), "V11", denominators=people, peers=_peers("700", "800")) == []


def test_v11_needs_the_whole_year():
    rows = [r for r in _both() if r["period"] != "2024-12"]
    assert _found(rows, "V11", denominators=PEOPLE, peers=_peers("700", "800")) == []


def test_v05_cost_without_quantity():
    rows = [r for r in _both() if not (r["measure"] == "quantity" and r["period"] == "2024-04")]
    assert _found(rows, "V05") == [("unmatched", "warning", "C5")]


def test_v05_no_second_finding_where_the_gap_is_known():
    rows = _both()
    for row in rows:
        if row["measure"] == "quantity" and row["period"] == "2024-04":
            row |= {"value": float("nan"), "exact": "", "flag": "missing"}
    assert _found(rows, "V05") == []


def test_v05_heated_area_without_heat():
    area = ({"key": "heated_area", "period": "2024", "value": 5000},)
    assert _found(_both(), "V05", denominators=area) == [("heated_without_heat", "warning", None)]


def test_v06_some_months_typed_in_ten_thousands():
    rows = _both()
    for row in rows:
        if row["measure"] == "quantity" and row["period"] in ("2024-07", "2024-08"):
            row |= {"value": row["value"] / 10000, "exact": str(row["value"] / 10000)}
    assert _found(rows, "V06") == [("unit_suspect", "error", "B8"), ("unit_suspect", "error", "B9")]


def test_v06_the_whole_column_in_the_wrong_unit():
    rows = [
        *_series(numbers=[n / 10000 for n in YEAR]),
        *_series(numbers=[n * 0.6 for n in YEAR], measure="cost"),
    ]
    assert _found(rows, "V06") == [("unit_suspect", "error", f"B{m}") for m in range(2, 14)]


def test_v06_cost_in_ten_thousand_yuan_blames_the_cost():
    rows = [*_series(), *_series(numbers=[n * 0.6 / 10000 for n in YEAR], measure="cost")]
    assert {cell[0] for _, _, cell in _found(rows, "V06")} == {"C"}


def test_v06_a_price_convicts_the_one_that_left_its_series_also_in_a_seasonal_item():
    heat = [1100, 950_000, 700, None, None, None, None, None, None, None, 600, 1000]
    costs = [None if n is None else 90 * (n if n < 10_000 else 950) for n in heat]
    rows = [*_series("heat", heat), *_series("heat", costs, measure="cost")]
    assert _found(rows, "V06") == [("unit_suspect", "error", "B3")]


def test_v06_without_cost_the_series_decides():
    numbers = [*YEAR[:5], 33.0, *YEAR[6:]]
    assert _found(_series(numbers=numbers), "V06") == [("unit_suspect", "error", "B7")]


def test_v06_without_cost_history_decides_for_a_whole_column():
    numbers = [round(n / 10000, 4) for n in YEAR]
    assert len(_found(_series(numbers=numbers), "V06", history=_history(YEAR))) == 12


def test_v06_a_low_month_with_a_normal_price_is_acquitted():
    assert _found(_both(numbers=[*YEAR[:7], 250, *YEAR[8:]]), "V06") == []


def test_v06_quantity_and_cost_both_ten_thousand_times_too_small_is_a_warning():
    found = _found(_both(numbers=[*YEAR[:7], 25, *YEAR[8:]]), "V06")
    assert found == [("unit_suspect", "warning", "B9"), ("unit_suspect", "warning", "C9")]


def test_v06_offers_one_click():
    issues = recheck(
        pd.DataFrame(_series(numbers=[*YEAR[:5], 33.5, *YEAR[6:]])),
        Context(ENERGY, ("示例大学",), {}, "2024"),
    )
    slip = next(i for i in issues if i.rule == "V06")
    assert (slip.expected, slip.fix) == ("335000.0", {"action": "multiply", "factor": "10000"})


def test_v07_meter_readings():
    numbers = [1000 + sum(YEAR[: m + 1]) for m in range(12)]
    assert _found(_series(numbers=numbers), "V07") == [("cumulative", "warning", "B2")]


def test_v07_a_meter_that_stood_high_already():
    numbers = [8000000 + sum(YEAR[: m + 1]) // 10 for m in range(12)]
    assert _found(_series(numbers=numbers), "V07") == [("cumulative", "warning", "B2")]


def test_v08_heat_in_july_and_none_in_january():
    heat = [0, 900, 500, None, None, None, 20, None, None, None, 400, 800]
    assert _found(_both(price=90, item="heat", numbers=heat), "V08") == [
        ("season_zero", "warning", "B2"), ("off_season", "warning", "B8")]  # fmt: skip


def test_v09_three_equal_months():
    assert _found(_series(numbers=[*YEAR[:3], 285000, 285000, 285000, *YEAR[6:]]), "V09") == [
        ("flat", "warning", "B2")
    ]


def test_v09_no_drop_in_the_holidays():
    numbers = [*YEAR[:7], 420000, *YEAR[8:]]
    assert _found(_series(numbers=numbers), "V09") == [("vacation", "warning", "B9")]


def test_v10_buildings_above_the_whole():
    rows = [*_series(), *_series(facility="1号楼"), *_series(facility="2号楼", numbers=[5] * 12)]
    assert len(_found(rows, "V10")) == 12


def test_v10_water_that_no_building_used():
    rows = [*_series("water"), *_series("water", [n * 0.7 for n in YEAR], facility="1号楼")]
    assert _found(rows, "V10")[0] == ("water_balance", "info", "B2")


def test_every_finding_has_a_rule_a_remedy_and_a_sentence():
    rows = [*_both(price=2.0), *_series("heat", [0] * 12)]
    for issue in recheck(pd.DataFrame(rows), Context(ENERGY, ("示例大学",), {}, "2024")):
        assert issue.rule != ""
        assert issue.message.endswith("。")
        assert issue.suggestion.endswith("。")


def _deducted(**amounts: dict[str, str]) -> list[str]:
    issues = recheck(pd.DataFrame(_both()), Context(ENERGY, ("示例大学",), {}, "2024", deducted=amounts))
    return [i.message for i in issues if i.rule == "B04"]


def test_b04_an_amount_as_large_as_half_of_what_was_filed_is_asked():
    assert sum(YEAR) == 3380000
    assert _deducted(electricity={"residents": "1689999"}) == []
    assert _deducted(electricity={"residents": "1690000"}) == [
        "家属区扣除的电力共 1,690,000 kWh，是填报的 3,380,000 kWh 的 50%。"
    ]
    assert _deducted(electricity={"residents": "1000000", "merchants": "2400000.5"}) == [
        "家属区、对外营业的商户扣除的电力共 3,400,000.5 kWh，比填报的 3,380,000 kWh 还多。"
    ]


def test_b04_counts_the_whole_where_buildings_stand_beside_it():
    rows = [*_both(), *_both(facility="1号楼")]
    found = _found(rows, "B04", deducted={"electricity": {"residents": "1690000"}})
    assert found == [("deducted", "warning", None)]


def test_b04_what_is_not_filed_is_not_compared():
    assert _deducted(water={"residents": "1690000"}) == []
