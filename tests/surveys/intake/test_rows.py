"""Rows that are not simply a figure of their own: worked-out rows, ditto marks, corrections, parts."""

from __future__ import annotations

import pytest

from surveys.intake import run

ELECTRICITY = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]
WATER = [30000, 18000, 31000, 32000, 33000, 35000, 24000, 19000, 34000, 33000, 31000, 30500]
MONTHS = [f"{m}月" for m in range(1, 13)]
YEAR = [f"2024-{m:02d}" for m in range(1, 13)]


def _year(item: str, measure: str, numbers: list, facility: str = "") -> dict:
    return {(facility, item, measure, period): n for period, n in zip(YEAR, numbers, strict=False)}


def test_worked_out_rows_between_months_across(read, values, kinds):
    rows = [
        ["项目", "单位", *MONTHS],
        ["用电量", "度", *ELECTRICITY],
        ["电价", "元/度", *[0.6] * 12],
        ["同比", "%", *[3.1] * 12],
        ["折标煤", "吨", *[38] * 12],
        ["用水量", "吨", *WATER],
        ["去年同期用水量", "吨", *[30000] * 12],
    ]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year("water", "quantity", WATER)
    assert kinds(result) == []
    left = [i.cells for i in result.ignored if i.why.startswith("同比")]
    assert left == ["A3:N5", "A7:N7"]


def test_worked_out_rows_below_months_down(read, values, kinds):
    rows = [["月份", "用电量（度）"], *[[MONTHS[m], ELECTRICITY[m]] for m in range(12)],
            ["合计", sum(ELECTRICITY)], ["月平均", 281667], ["去年同期", 3300000], ["同比增长", 0.02]]  # fmt: skip
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == []


def test_years_and_their_change_below_each_other(read, values, kinds):
    rows = [["项目", "年份", *MONTHS], ["用电量（度）", "2023年", *[n - 900 for n in ELECTRICITY]],
            [None, "2024年", *ELECTRICITY], [None, "增减率", *[0.02] * 12]]  # fmt: skip
    result = read({"表": rows}, {"表": ["A2:A4"]})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == []


@pytest.mark.parametrize("mark", ["〃", "同上", '"'])
def test_ditto_mark_names_what_stands_above(read, values, mark):
    rows = [["楼宇", "项目", *MONTHS], ["图书馆", "用电(度)", *ELECTRICITY], [mark, "用水(吨)", *WATER]]
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY, "图书馆") | _year(
        "water", "quantity", WATER, "图书馆"
    )


def test_parts_of_a_total_below_it_are_asked_once_at_their_name(read, values, kinds):
    rows = [
        ["项目", "单位", *MONTHS],
        ["用电总量", "度", *ELECTRICITY],
        ["其中：教学用电", "度", *[100000] * 12],
    ]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == [("mapping_unclear", "error", "A3")]


def test_correction_makes_both_rows_a_question_with_the_balance(read, values, kinds):
    rows = [
        ["月份", "能源", "用量（万kWh）"],
        *[[YEAR[m], "电", ELECTRICITY[m] / 10000] for m in range(12)],
        ["2024-02", "电", -0.12],
    ]
    result = read({"流水": rows})
    expected = _year("electricity", "quantity", ELECTRICITY)
    del expected["", "electricity", "quantity", "2024-02"]
    assert values(result) == expected
    assert kinds(result) == [("negative", "error", "C14")]
    assert [(a.cell, float(a.suggested)) for a in result.ambiguous] == [("C3", 178800)]


def test_negative_figure_alone_is_no_correction(read, values, kinds):
    rows = [
        ["月份", "能源", "用量（kWh）"],
        *[[YEAR[m], "电", ELECTRICITY[m]] for m in range(11)],
        ["2024-12", "电", -5],
    ]
    result = read({"流水": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY[:11])
    assert (kinds(result), result.ambiguous) == ([("negative", "error", "C13")], [])


def test_name_of_a_row_that_nobody_knows_is_asked_once_at_its_own_cell(read):
    """Items down, months across: one question per name, not one per month."""
    months = [f"{m}月" for m in range(1, 13)]
    rows = [["2024年台账"], ["名目", "单位", *months], ["动力与照明", "万度", *[80 + m for m in range(12)]],
            ["动力与照明付款", "万元", *[46 + m for m in range(12)]],
            ["自来水", "吨", *[30000 + m for m in range(12)]]]  # fmt: skip
    result = read({"台账": rows})
    asked = sorted((i.cell, i.kind) for i in result.issues if i.kind == "unmapped_column")
    assert asked == [("A3", "unmapped_column"), ("A4", "unmapped_column")]
    assert sorted(m.header for m in result.needs_confirmation) == ["动力与照明", "动力与照明付款"]
    assert set(result.frame["item"]) == {"water"}


def test_list_with_an_endless_cell_is_read_and_the_cell_told(tmp_path, context):
    """The csv module gives up at 131,072 characters."""
    path = tmp_path / "长.csv"
    lines = [
        "月份,用电量(kWh),备注",
        *(f"{m}月,{30000 + m},{'长' * 140_000 if m == 3 else ''}" for m in range(1, 13)),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(run(path, context()).frame) == 12
