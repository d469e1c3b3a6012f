"""Workbooks as offices keep them: buildings across, month reports, stacked tables, payment lists."""

from __future__ import annotations

import datetime

import pytest

ELECTRICITY = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]
WATER = [30000, 18000, 31000, 32000, 33000, 35000, 24000, 19000, 34000, 33000, 31000, 30500]
MONTHS = [f"{m}月" for m in range(1, 13)]
YEAR = [f"2024-{m:02d}" for m in range(1, 13)]


def _year(item: str, measure: str, numbers: list, facility: str = "") -> dict:
    return {(facility, item, measure, period): n for period, n in zip(YEAR, numbers, strict=False)}


def _cost(numbers: list, price: float) -> list:
    return [round(n * price, 2) for n in numbers]


def _part(numbers: list, share: float) -> list:
    return [int(n * share) for n in numbers]


def _electricity_and_water(facility: str = "") -> dict:
    return _year("electricity", "quantity", ELECTRICITY, facility) | _year(
        "water", "quantity", WATER, facility
    )


def _month_report(m: int) -> list[list]:
    return [["能源品种", "计量单位", "消费量"], ["电", "度", ELECTRICITY[m]], ["水", "吨", WATER[m]]]


# Buildings


def test_buildings_across_and_months_down(read, values, kinds):
    names = ["第一教学楼", "图书\n馆", "学苑食堂"]
    parts = [_part(ELECTRICITY, share) for share in (0.1, 0.2, 0.15)]
    rows = [["2024年各楼用电量统计表"], ["单位：千瓦时"], ["月份", *names, "合计"],
            *[[MONTHS[m], *[p[m] for p in parts], sum(p[m] for p in parts)] for m in range(12)]]  # fmt: skip
    result = read({"用电": rows})
    clean = ["第一教学楼", "图书馆", "学苑食堂"]
    assert values(result) == {
        k: v
        for name, p in zip(clean, parts, strict=True)
        for k, v in _year("electricity", "quantity", p, name).items()
    }
    assert kinds(result) == []


def test_numbered_buildings_across_with_one_that_has_only_a_name(read, values):
    names = ["A1", "A2", "B座3号楼", "明德"]
    parts = [_part(ELECTRICITY, 0.1 + n / 20) for n in range(4)]
    rows = [["分楼用电（度）"], ["月份", *names], *[[MONTHS[m], *[p[m] for p in parts]] for m in range(12)]]
    got = values(read({"2024": rows}))
    assert {k[0] for k in got} == set(names)
    assert len(got) == 48


def test_uses_of_electricity_across_are_no_buildings(read, values, kinds):
    parts = [_part(ELECTRICITY, 0.5), _part(ELECTRICITY, 0.3)]
    rows = [["2024年用电分项（kWh）"], ["月份", "照明", "空调"], *[[MONTHS[m], parts[0][m], parts[1][m]] for m in range(12)]]  # fmt: skip  # noqa: E501
    result = read({"用电": rows})
    assert values(result) == {}
    assert [i.cell for i in result.issues if i.kind == "unmapped_column"] == ["B2", "C2"]


def test_group_header_over_the_months_names_their_span(read, values):
    rows = [["校区", "楼名", "1-12月用电量（千瓦时）", *[None] * 11], [None, None, *MONTHS],
            ["东校区", "图书馆", *ELECTRICITY], [None, "明德楼", *_part(ELECTRICITY, 0.5)]]  # fmt: skip
    result = read({"表": rows}, {"表": ["A1:A2", "B1:B2", "C1:N1", "A3:A4"]})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY, "图书馆") | _year(
        "electricity", "quantity", _part(ELECTRICITY, 0.5), "明德楼"
    )


def test_campus_titles_tell_buildings_of_one_name_apart(read, values):
    rows = [["楼宇", "类别", *MONTHS]]
    for campus in ("南校区", "北校区"):
        rows += [[campus], ["图书馆", "电(度)", *ELECTRICITY], ["图书馆", "水(吨)", *WATER]]
    assert values(read({"表": rows})) == _electricity_and_water("南校区图书馆") | _electricity_and_water(
        "北校区图书馆"
    )


def test_one_table_per_building_below_each_other(read, values):
    rows = [["2024年能耗"]]
    for name in ("图书馆", "第一食堂"):
        rows += [[name], ["月份", "用电量（度）", "用水量（吨）"], *[[MONTHS[m], ELECTRICITY[m], WATER[m]] for m in range(12)], []]  # fmt: skip  # noqa: E501
    assert values(read({"表": rows})) == _electricity_and_water("图书馆") | _electricity_and_water("第一食堂")


# Month reports


def test_this_month_beside_the_year_so_far(read, values, kinds):
    def report(m):
        return [[f"2024年{m + 1}月水电月报"], ["项目", "单位", "本月", "本年累计", "上年同期"],
                ["用电量", "千瓦时", ELECTRICITY[m], sum(ELECTRICITY[: m + 1]), 300000],
                ["用水量", "吨", WATER[m], sum(WATER[: m + 1]), 31000]]  # fmt: skip

    result = read({MONTHS[m]: report(m) for m in range(12)})
    assert values(result) == _electricity_and_water()
    assert kinds(result) == []


@pytest.mark.parametrize("name", ["{:02d}", "{}", "{}月水电气", "2024年{}月报表"])
def test_names_of_month_sheets(read, values, name):
    assert values(read({name.format(m + 1): _month_report(m) for m in range(12)})) == _electricity_and_water()


def test_numbers_that_are_no_run_of_months_name_no_month(read, values):
    result = read({"3": _month_report(0), "7": _month_report(1), "8": _month_report(2)})
    assert values(result) == {}
    assert result.verdict == "errors"


def test_summary_of_the_month_sheets_needs_no_name(read, values):
    whole = [
        ["能源品种", "单位", *MONTHS],
        ["电", "度", *ELECTRICITY[:4], 286000, *ELECTRICITY[5:]],
        ["水", "吨", *WATER],
    ]
    result = read({"2024年": whole} | {MONTHS[m]: _month_report(m) for m in range(12)})
    assert values(result) == _electricity_and_water()
    assert [
        (i.kind, i.severity, i.sheet, i.cell) for i in result.issues if i.kind == "subtotal_mismatch"
    ] == [("subtotal_mismatch", "warning", "2024年", "G2")]


def test_sheet_of_the_whole_university_beside_its_buildings_is_their_sum(read, values):
    def sheet(numbers):
        return [["月份", "用电量（度）"], *[[MONTHS[m], numbers[m]] for m in range(12)]]

    one, other = _part(ELECTRICITY, 0.25), _part(ELECTRICITY, 0.5)
    sums = [a + b for a, b in zip(one, other, strict=True)]
    result = read({"图书馆": sheet(one), "明德楼": sheet(other), "学校": sheet(sums)})
    assert values(result) == _year("electricity", "quantity", one, "图书馆") | _year(
        "electricity", "quantity", other, "明德楼"
    )


def test_several_months_below_each_other_on_one_sheet(read, values):
    rows: list = []
    for m in range(12):
        rows += [[f"2024年{m + 1}月"], *_month_report(m), []]
    assert values(read({"上下半年": rows})) == _electricity_and_water()


# Headers


@pytest.mark.parametrize("corner", ["月份", "    月份\n项目", "项目\\月份", None])
def test_corner_of_a_table_with_months_across(read, values, corner):
    rows = [[corner, *MONTHS], ["用电量（度）", *ELECTRICITY], ["用水量（吨）", *WATER]]
    assert values(read({"表": rows})) == _electricity_and_water()


def test_one_table_per_carrier_with_unit_in_its_title(read, values):
    rows = [["一、电力（单位：千瓦时）"], ["月份", *MONTHS], ["用量", *ELECTRICITY], ["金额（元）", *_cost(ELECTRICITY, 0.6)], [],  # noqa: E501
            ["二、自来水（单位：立方米）"], ["月份", *MONTHS], ["用量", *WATER], ["金额（元）", *_cost(WATER, 6)]]  # fmt: skip  # noqa: E501
    assert values(read({"表": rows})) == (
        _electricity_and_water()
        | _year("electricity", "cost", _cost(ELECTRICITY, 0.6))
        | _year("water", "cost", _cost(WATER, 6))
    )


def test_months_across_that_became_numbers(read, values):
    numbers = [*[2024 + m / 10 for m in range(1, 10)], 2024.1, 2024.11, 2024.12]
    rows = [["项目", *numbers], ["用电量（度）", *ELECTRICITY], ["用水量（吨）", *WATER]]
    assert values(read({"表": rows})) == _electricity_and_water()


def test_total_of_all_costs_is_a_total(read, values, kinds):
    light, water = _cost(ELECTRICITY, 0.6), _cost(WATER, 6)
    rows = [["月份", "电费(元)", "水费(元)", "合计费用(元)"],
            *[[MONTHS[m], light[m], water[m], round(light[m] + water[m], 2)] for m in range(12)]]  # fmt: skip
    result = read({"2024": rows})
    assert values(result) == _year("electricity", "cost", light) | _year("water", "cost", water)
    assert kinds(result) == []


# Lists of payments


def test_category_named_after_its_bill_beside_quantity_and_amount(read, values):
    rows = [["序号", "支付金额(元)", "数量", "计量单位", "费用项目", "费用所属期"]]
    rows += [[m + 1, _cost(ELECTRICITY, 0.6)[m], ELECTRICITY[m], "度", "电费", YEAR[m]] for m in range(12)]
    assert values(read({"明细": rows})) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", _cost(ELECTRICITY, 0.6)
    )


def test_one_number_column_for_use_and_cost(read, values):
    rows = [["月份", "指标", "数值", "单位"]]
    for m in range(12):
        rows += [
            [YEAR[m], "用电量", ELECTRICITY[m] / 10000, "万kWh"],
            [YEAR[m], "电费", _cost(ELECTRICITY, 0.6)[m], "元"],
        ]
    assert values(read({"明细": rows})) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", _cost(ELECTRICITY, 0.6)
    )


@pytest.mark.parametrize("later", ["缴费日期", "开票日期", "登记日期"])
def test_month_a_bill_belongs_to_counts_and_not_the_day_it_was_paid(read, values, later):
    paid = [datetime.date(2024 + (m + 1) // 12, (m + 1) % 12 + 1, 8) for m in range(12)]
    rows = [["所属月份", "项目", "用量（度）", later, "金额（元）"]]
    rows += [[YEAR[m], "电", ELECTRICITY[m], paid[m], _cost(ELECTRICITY, 0.6)[m]] for m in range(12)]
    assert values(read({"缴费": rows})) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", _cost(ELECTRICITY, 0.6)
    )


def test_bill_from_a_day_to_a_day_belongs_to_the_month_of_its_end(read, values):
    rows = [["起始日期", "截止日期", "项目", "用量", "单位"]]
    for m in range(12):
        first = datetime.date(2024 - (m == 0), (m - 1) % 12 + 1, 26)
        rows.append([first, datetime.date(2024, m + 1, 25), "电", ELECTRICITY[m], "度"])
    assert values(read({"缴费": rows})) == _year("electricity", "quantity", ELECTRICITY)


def test_petrol_by_its_grade(read, values):
    rows = [["月份", "品种", "数量", "单位"], *[[p, "92#汽油", 400 + m, "升"] for m, p in enumerate(YEAR)]]
    assert values(read({"油": rows})) == _year("gasoline", "quantity", [400 + m for m in range(12)])


def test_steam_by_weight_cannot_be_converted(read, values, kinds):
    rows = [
        ["月份", "用电量（度）", "蒸汽（吨）"],
        *[[MONTHS[m], ELECTRICITY[m], 300 + m] for m in range(12)],
    ]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == [("unit_unknown", "error", "C1")]


# Periods that are no month


def test_quarter_named_in_the_title_only(read, values):
    rows = [
        ["2024年1-3月能源消耗汇总"],
        ["能源品种", "单位", "消费量"],
        ["电", "度", 780000],
        ["水", "吨", 79000],
    ]
    assert values(read({"表": rows})) == {
        ("", "electricity", "quantity", "2024-Q1"): 780000,
        ("", "water", "quantity", "2024-Q1"): 79000,
    }


def test_nine_months_in_one_number_are_not_taken_for_the_year(read, values, kinds):
    rows = [["2024年1-9月能源消耗汇总"], ["能源品种", "单位", "消费量"], ["电", "度", 2455000]]
    result = read({"表": rows})
    assert values(result) == {}
    assert kinds(result) == [("period_granularity", "error", "C3")]


def test_nine_months_in_one_row_below_their_months_are_a_total(read, values, kinds):
    rows = [
        ["月份", "用电量（度）"],
        *[[MONTHS[m], ELECTRICITY[m]] for m in range(9)],
        ["1-9月", sum(ELECTRICITY[:9]) + 5],
    ]
    result = read({"2024": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY[:9])
    assert [(i.kind, i.cell) for i in result.issues if i.kind == "subtotal_mismatch"] == [
        ("subtotal_mismatch", "B11")
    ]


# Files that are not to be read


def test_sender_written_short_is_another_university(read):
    rows = [
        ["2024年能耗"],
        ["填报单位：沽上师大"],
        ["月份", "用电量(度)"],
        *[[MONTHS[m], 5] for m in range(12)],
    ]
    result = read({"表": rows})
    assert (result.verdict, [i.kind for i in result.issues]) == ("reject_file", ["wrong_university"])


def test_template_that_was_never_filled_in(read):
    result = read({"表": [["月份", "用电量（度）", "用水量（吨）"], *[[m] for m in MONTHS]]})
    assert (result.verdict, [i.kind for i in result.issues]) == ("reject_file", ["no_figures"])
