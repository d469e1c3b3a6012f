"""What goes wrong in the business itself (cases B01–B13): meters, multipliers, units of fuels, wrong years, names."""

from __future__ import annotations

from itertools import accumulate

import pandas as pd
import pytest

MONTHS = [f"{m}月" for m in range(1, 13)]
YEAR = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]
HEAD = ["月份", "用电量(kWh)", "电费(元)"]


def _year(numbers, costs=None, head=HEAD) -> list[list]:
    if costs is None:
        return [head[:2], *[[m, n] for m, n in zip(MONTHS, numbers, strict=True)]]
    return [head, *[[m, n, c] for m, n, c in zip(MONTHS, numbers, costs, strict=True)]]


def _cost(numbers) -> list[float]:
    return [round(n * 0.6, 2) for n in numbers]


def _before(numbers=YEAR, item: str = "electricity", measure: str = "quantity") -> pd.DataFrame:
    rows = [("", item, measure, f"2023-{m:02d}", float(n)) for m, n in enumerate(numbers, 1)]
    return pd.DataFrame(rows, columns=["facility", "item", "measure", "period", "value"])


def _loaded(numbers) -> dict[str, str]:
    return {f"2024-{m:02d}": f"{n}" for m, n in enumerate(numbers, 1)}


def test_b01_readings_in_place_of_consumption_are_noticed(ask):
    readings = list(accumulate(YEAR, initial=5_000_000))[1:]
    found = ask(_year(readings, _cost(YEAR)), period="2024")
    assert found.series() == _loaded(readings)
    assert found.said == ([("cumulative", "warning", "B2"), ("unit_price", "warning", "B2")], "warnings")


def test_b01_difference_of_readings_times_multiplier_is_the_consumption(ask):
    rows = [["2024年电表抄见（kWh）"], ["月份", "上月表底", "本月表底", "倍率"],
            ["1月", 100, 200, 30], ["2月", 200, 280, 30], ["3月", 280, 385, 30]]  # fmt: skip
    found = ask(rows)
    assert found.series() == {"2024-01": "3000", "2024-02": "2400", "2024-03": "3150"}
    assert found.said == ([("unmatched", "warning", "C3")], "warnings")


def test_b01_last_readings_alone_are_an_error(ask):
    found = ask([["月份", "本月表底", "倍率"], ["1月", 100, 30], ["2月", 160, 30], ["3月", 230, 30]])
    assert found.figures == {}
    assert found.said == ([("meter_only", "error", "B1")], "errors")


@pytest.mark.parametrize("times", [30, 40, 60])
def test_b02_forgotten_multiplier_is_seen_against_last_year(ask, times):
    numbers = [round(n / times, 2) if m in (3, 4, 5) else n for m, n in enumerate(YEAR)]
    found = ask(_year(numbers), period="2024", history=_before())
    assert len(found.series()) == 12
    assert [(i.kind, i.severity, i.cells) for i in found.result.issues if i.rule == "B02"] == [
        ("multiplier", "warning", ("表!B5", "表!B6", "表!B7"))]  # fmt: skip
    assert f"1/{times}，" in next(i.message for i in found.result.issues if i.rule == "B02")
    # one cause is told once
    assert [i for i in found.result.issues if i.rule == "V02"] == []
    assert found.verdict == "warnings"


def test_b02_usual_year_needs_no_word_about_multipliers(ask):
    found = ask(_year([n + 1000 for n in YEAR], _cost(YEAR)), period="2024", history=_before())
    assert found.said == ([], "clean")


def test_b03_meter_that_ran_backwards_is_an_error_and_says_how_to_fill_in_a_change(ask):
    rows = [["2024年电表抄见（kWh）"], ["月份", "上月表底", "本月表底", "倍率"],
            ["1月", 100, 200, 30], ["2月", 200, 10, 30], ["3月", 10, 100, 30]]  # fmt: skip
    found = ask(rows)
    assert found.series() == {"2024-01": "3000", "2024-03": "2700"}
    assert ("negative", "error", "C4") in found.issues
    assert found.verdict == "errors"
    assert "旧表止码" in next(i.suggestion for i in found.result.issues if i.kind == "negative")


def test_b03_old_and_new_meter_in_one_row_are_added_up(ask):
    rows = [["2024年电表抄见（kWh）"], ["月份", "旧表起码", "旧表止码", "新表起码", "新表止码", "倍率"],
            ["1月", 100, 200, None, None, 30], ["2月", 200, 240, 0, 40, 30],
            ["3月", None, None, 40, 145, 30]]  # fmt: skip
    found = ask(rows)
    assert found.series() == {"2024-01": "3000", "2024-02": "2400", "2024-03": "3150"}
    assert [i for i in found.issues if i[1] == "error"] == []


@pytest.mark.parametrize("title", ["其中：商户用电", "二、家属区用电（已含在上表）", "基建临时用电"])
def test_b04_what_others_use_is_told_and_never_added(ask, title):
    own = [["1月", 31000, 18600], ["2月", 18000, 10800], ["3月", 29000, 17400]]
    others = [["1月", 900, 720], ["2月", 800, 640], ["3月", 950, 760]]
    found = ask([HEAD, *own, [], [title], HEAD, *others])
    assert list(found.series().values()) == ["31000", "18000", "29000"]
    assert found.said == ([("part_of_whole", "warning", "B8"), ("repeated_header", "info", "A7")], "warnings")
    assert next(i.cells for i in found.result.issues) == ("B8", "C8", "B9", "C9", "B10", "C10")


@pytest.mark.parametrize(
    ("title", "boundary"),
    [
        ("其中：商户用电", "merchants"),
        ("二、家属区用电（已含在上表）", "residents"),
        ("基建临时用电", "construction"),
    ],
)
def test_b04_what_others_use_is_added_up_beside_the_figures(ask, title, boundary):
    own = [["1月", 31000, 18600], ["2月", 18000, 10800], ["3月", 29000, 17400]]
    others = [["1月", 900, 720], ["2月", 800, 640], ["3月", "0.095万", 760]]
    found = ask([HEAD, *own, [], [title], HEAD, *others])
    (part,) = found.result.meta["outside"]
    assert (part["boundary"], part["title"], part["amounts"]) == (boundary, title, {"electricity": "2650"})
    assert list(found.series().values()) == ["31000", "18000", "29000"]


@pytest.mark.parametrize(
    ("title", "others"),
    [
        # half a sum would be worse than none
        ("家属区用电", [["1月", 900, 720], ["2月", "八百多", 640]]),
        # months and the quarter they make
        ("家属区用电", [["1月", 900, 720], ["2月", 800, 640], ["一季度", 2650, 2120]]),
        ("附属中学用电", [["1月", 900, 720], ["2月", 800, 640]]),
        ("家属区及商户用电", [["1月", 900, 720], ["2月", 800, 640]]),
    ],
)
def test_b04_what_cannot_be_told_is_not_added_up(ask, title, others):
    own = [["1月", 31000, 18600], ["2月", 18000, 10800], ["3月", 29000, 17400]]
    assert ask([HEAD, *own, [], [title], HEAD, *others]).result.meta["outside"] == []


def test_b04_title_that_only_says_what_is_inside_or_outside_speaks_of_the_whole(ask):
    rows = [
        ["2024年用电（不含家属区、商户）"],
        HEAD,
        ["1月", 31000, 18600],
        ["2月", 18000, 10800],
        ["3月", 29000, 17400],
    ]
    assert ask(rows).said == ([], "clean")


def test_b05_area_in_the_column_of_heat(ask):
    area = ({"key": "heated_area", "facility": "", "period": "2024", "value": "652424.20"},)
    rows = [
        ["月份", "热力(GJ)", "热费(元)"],
        ["1月", 652424.2, 52193936],
        ["2月", 31000, 2480000],
        ["3月", 22000, 1760000],
    ]
    found = ask(rows, denominators=area)
    assert len(found.figures) == 6
    assert [i for i in found.issues if i[0] == "heat_is_area"] == [("heat_is_area", "warning", "B2")]
    assert found.verdict == "warnings"


def test_b06_gas_by_weight_and_gas_in_bottles_are_asked(ask):
    found = ask(
        [
            ["月份", "天然气(kg)", "天然气费(元)"],
            ["1月", 3000, 9000],
            ["2月", 2500, 7500],
            ["3月", 2800, 8400],
        ]
    )
    assert found.series("natural_gas") == {}
    assert found.said == ([("unit_unknown", "error", "B1"), ("unmatched", "warning", "C2")], "errors")
    found = ask(
        [
            ["月份", "天然气(m3)", "天然气费(元)"],
            ["1月", "3000kg", 9000],
            ["2月", 2500, 7500],
            ["3月", 2800, 8400],
        ]
    )
    assert found.series("natural_gas") == {"2024-02": "2500", "2024-03": "2800"}
    assert found.said == ([("unit_unknown", "error", "B2")], "errors")
    found = ask(
        [["月份", "液化气(瓶)", "液化气费(元)"], ["1月", 30, 3600], ["2月", 28, 3360], ["3月", 31, 3720]]
    )
    assert found.series("lpg") == {}
    assert found.issues[0] == ("mapping_unclear", "error", "B1")


def test_b06_bottled_gas_without_a_unit_is_asked_with_each_unit(ask):
    found = ask(
        [["月份", "液化气用量", "液化气费(元)"], ["1月", 450, 3600], ["2月", 420, 3360], ["3月", 460, 3680]]
    )
    assert found.series("lpg") == {}
    assert found.issues[0] == ("unit_missing", "error", "B1")
    assert found.asked == {"B2": ["450", "450000"], "B3": ["420", "420000"], "B4": ["460", "460000"]}


@pytest.mark.parametrize(
    ("litres", "yuan"),
    [(5600, 700), (5600, 5600), (70, 8000)],
    ids=["swapped", "the same twice", "above 100"],
)
def test_b07_litres_and_yuan_mixed_up_show_in_the_price(ask, litres, yuan):
    rows = [["月份", "汽油(L)", "汽油费(元)"], *[[m, litres + i, yuan + i] for i, m in enumerate(MONTHS[:3])]]
    found = ask(rows)
    assert len(found.figures) == 6
    assert found.said == ([("unit_price", "warning", "B2")], "warnings")


def test_b10_one_figure_for_twelve_months_and_even_steps(ask):
    found = ask(_year([25000] * 12, [15000] * 12), period="2024")
    assert found.said == ([("flat", "warning", "B2")], "warnings")
    falling = [25000 - 100 * m for m in range(12)]
    assert ask(_year(falling, _cost(falling)), period="2024").said == (
        [("flat", "warning", "B2")],
        "warnings",
    )


QUARTERS = [
    ["一季度", 780000, 468000],
    ["二季度", 895000, 537000],
    ["三季度", 780000, 468000],
    ["四季度", 925000, 555000],
]


def test_b11_quarters_that_do_not_make_the_year_in_one_table(ask):
    found = ask([HEAD, *QUARTERS, ["全年", 3500000, 2028000]], period="2024")
    assert found.series() == {
        "2024-Q1": "780000",
        "2024-Q2": "895000",
        "2024-Q3": "780000",
        "2024-Q4": "925000",
    }
    assert found.said == (
        [("period_granularity", "warning", "B2"), ("subtotal_mismatch", "warning", "B6")],
        "warnings",
    )


def test_b11_quarters_that_do_not_make_the_year_on_another_sheet(ask):
    head = ["期间", *HEAD[1:]]
    found = ask({"季报": [head, *QUARTERS], "年报": [head, ["2024年", 3500000, 2028000]]}, period="2024")
    assert found.series() == {
        "2024-Q1": "780000",
        "2024-Q2": "895000",
        "2024-Q3": "780000",
        "2024-Q4": "925000",
    }
    assert [i.at for i in found.result.issues if i.kind == "subtotal_mismatch"] == ["年报!B2"]
    assert [i.expected for i in found.result.issues if i.kind == "subtotal_mismatch"] == ["3.38e+06"]
    assert found.verdict == "warnings"


OWN, OTHERS = ("示例大学", "Shili University", "示大"), {"甲子大学": "jz", "Jiazi University": "jz"}


def _from(name: str) -> list[list]:
    return [[f"填报单位：{name}"], HEAD, ["1月", 3000, 1800], ["2月", 2500, 1500], ["3月", 3100, 1860]]


@pytest.mark.parametrize("name", ["示例大学", "示例大学(卫津路)", "示大", "Shili Univ", "Shili University"])
def test_b12_own_name_in_every_form_is_taken(ask, name):
    found = ask(_from(name), names=OWN, known=OTHERS)
    assert found.series() == {"2024-01": "3000", "2024-02": "2500", "2024-03": "3100"}
    assert found.said == ([], "clean")


@pytest.mark.parametrize(
    "name", ["甲子大学", "甲子大学(东校区)", "Jiazi Univ", "Jiazi University", "JIAZI UNIV."]
)
def test_b12_name_of_another_university_never_lets_a_file_in(ask, name):
    found = ask(_from(name), names=OWN, known=OTHERS)
    assert found.figures == {}
    assert found.said == ([("wrong_university", "error", "A1")], "reject_file")


def test_b13_same_figures_as_last_year(ask):
    found = ask(_year(YEAR, _cost(YEAR)), period="2024", history=_before())
    assert found.series() == _loaded(YEAR)
    assert found.said == ([("same_as_last_year", "warning", "B2")], "warnings")


def test_b03_readings_of_two_carriers_are_never_added_up(ask):
    rows = [["2024年电表抄见（kWh）"], ["月份", "上月读数", "本月读数", "上期读数", "本期读数"],
            ["1月", 1000, 4000, 10, 40], ["2月", 4000, 6500, 40, 70], ["3月", 6500, 9600, 70, 95]]  # fmt: skip
    assert ask(rows).series() == {"2024-01": "3000", "2024-02": "2500", "2024-03": "3100"}
