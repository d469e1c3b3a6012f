"""Cases seen in published reports (R1–R5)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

MONTHS = [f"{m}月" for m in range(1, 13)]
YEAR = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]


def test_r1_kilograms_of_coal_written_as_tonnes(ask):
    rows = [["能源", "单位", "用量", "折标准煤(tce)"], ["电", "kWh", 3067749, 377026.33],
            ["天然气", "m³", 14331.57, 17402.83], ["汽油", "L", 1529.46, 1631.57]]  # fmt: skip
    found = ask(rows)
    assert found.figures == {
        ("", "electricity", "quantity", "2024-Q1"): "3067749",
        ("", "natural_gas", "quantity", "2024-Q1"): "14331.57",
        ("", "gasoline", "quantity", "2024-Q1"): "1529.46",
    }
    coal = [i for i in found.result.issues if i.kind == "coal_mismatch"]
    assert [(i.severity, i.cell) for i in coal] == [("warning", "D2"), ("warning", "D3"), ("warning", "D4")]
    assert all("单位应为 kgce" in i.message for i in coal)
    assert coal[0].expected == "377.026"
    assert found.verdict == "warnings"


def test_r1_standard_coal_that_agrees_needs_no_word(ask):
    rows = [["能源", "单位", "用量", "折标准煤(kgce)"], ["电", "kWh", 3067749, 377026.33]]
    assert [i for i in ask(rows).issues if i[0].startswith("coal")] == []


def test_r1_standard_coal_that_is_plainly_wrong(ask):
    rows = [["能源", "单位", "用量", "折标准煤(tce)"], ["电", "kWh", 3067749, 400]]
    found = ask(rows)
    assert [i for i in found.issues if i[0].startswith("coal")] == [("coal_mismatch", "warning", "D2")]


def test_r2_quantity_written_again_in_place_of_standard_coal(ask):
    rows = [
        ["2024年一季度"],
        ["项目", "用量(万度)", "能耗(吨标煤)"],
        ["用电", 5.2697, 5.2697],
        ["总能耗", None, 5.9707],
    ]
    found = ask(rows)
    assert found.figures == {("", "electricity", "quantity", "2024-Q1"): "52697"}
    assert [
        (i.kind, i.severity, i.cell, i.expected) for i in found.result.issues if i.cell in ("C3", "C4")
    ] == [
        ("coal_not_converted", "error", "C3", "6.47646"),
        ("subtotal_mismatch", "warning", "C4", "5.2697"),
    ]
    assert found.verdict == "errors"


def test_r3_a_year_full_of_findings_is_explained_and_not_refused(ask):
    history = pd.DataFrame(
        [("", "electricity", "quantity", f"2023-{m:02d}", n * 0.7) for m, n in enumerate(YEAR, 1)],
        columns=["facility", "item", "measure", "period", "value"],
    )
    rows = [
        ["月份", "用电量(kWh)", "电费(元)"],
        *[[m, n, n * 0.6] for m, n in zip(MONTHS, YEAR, strict=True)],
    ]
    found = ask(rows, period="2024", history=history)
    assert len(found.figures) == 24
    assert found.said == ([("year_on_year", "warning", "B2")], "warnings")
    assert "写明原因" in found.result.issues[0].suggestion


def test_r4_headcount_area_price_and_indicator_out_of_line(ask):
    counts = [("headcount", "2023", "20000"), ("headcount", "2024", "23000"), ("floor_area", "2023", "20000"),
              ("floor_area", "2024", "23000")]  # fmt: skip
    denominators = tuple({"key": k, "facility": "", "period": p, "value": v} for k, p, v in counts)
    rows = [["月份", "用电量(kWh)", "电费(元)"], *[[m, n, n * 2] for m, n in zip(MONTHS, YEAR, strict=True)]]
    found = ask(rows, period="2024", denominators=denominators)
    assert len(found.figures) == 24
    assert {(i.rule, i.kind, i.severity) for i in found.result.issues} == {
        ("V01", "unit_price", "warning"),
        ("V03", "denominator_change", "warning"),
        ("V04", "indicator_range", "warning"),
    }
    assert found.verdict == "warnings"


@pytest.mark.parametrize("word", ["约束值", "定额", "基准值（kgce/m2）", "引导值", "目标值"])
def test_r6_quota_written_in_a_file_is_never_taken(ask, energy, word):
    rows = [
        ["月份", "用电量(kWh)", "电费(元)", word],
        *[[m, 3000.0 + n, 1800, 16.5] for n, m in enumerate(MONTHS[:3])],
    ]
    found = ask([*rows, ["注：约束值为25.5"]])
    assert set(found.series().values()) == {"3000", "3001", "3002"}
    assert {k[1:3] for k in found.figures} == {("electricity", "quantity"), ("electricity", "cost")}
    assert found.said == ([], "clean")
    # what an indicator is held against stands in the definition, once
    assert {p for p in energy.plausible if list(energy.plausible).count(p) > 1} == set()


def test_r5_grid_factors_of_2021_and_2022_are_not_swapped(energy):
    national = {g.year: g.national for g in energy.grid if g.year in (2021, 2022)}
    assert national == {2021: Decimal("0.5568"), 2022: Decimal("0.5366")}
