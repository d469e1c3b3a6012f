"""Workbooks in shapes no sample shows."""

from __future__ import annotations

import datetime
import zipfile

import pytest
import xlwt

from surveys.intake import run
from surveys.intake.html import tables

ELECTRICITY = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]
WATER = [30000, 18000, 31000, 32000, 33000, 35000, 24000, 19000, 34000, 33000, 31000, 30500]
MONTHS = [f"{m}月" for m in range(1, 13)]


def _year(item: str, measure: str, numbers: list, facility: str = "", times: float = 1.0) -> dict:
    return {(facility, item, measure, f"2024-{m:02d}"): n * times for m, n in enumerate(numbers, 1)}


def _cost(numbers: list, price: float) -> list:
    return [round(n * price, 2) for n in numbers]


def test_months_across_for_the_whole_campus(read, values, kinds):
    rows = [
        ["2024年能源消耗统计"], ["项目", *MONTHS, "合计"],
        ["用电量（万千瓦时）", *[n / 10000 for n in ELECTRICITY], sum(ELECTRICITY) / 10000],
        ["电费（万元）", *[c / 10000 for c in _cost(ELECTRICITY, 0.6)], sum(_cost(ELECTRICITY, 0.6)) / 10000],
        ["自来水（立方米）", *WATER, sum(WATER)],
        ["水费（元）", *_cost(WATER, 6), sum(_cost(WATER, 6))],
    ]  # fmt: skip
    result = read({"Sheet1": rows})
    assert values(result) == dict((
            _year("electricity", "quantity", ELECTRICITY) | _year("electricity", "cost", _cost(ELECTRICITY, 0.6))
            | _year("water", "quantity", WATER) | _year("water", "cost", _cost(WATER, 6))).items())  # fmt: skip
    assert kinds(result, "error", "warning") == []


def test_header_in_row_seven_with_three_levels(read, values, kinds):
    rows = [
        ["附件3"], ["示例大学能源资源消耗情况表"], ["（2024年度）"], [], ["填报单位：示例大学", None, None, "单位：见表"], [],  # noqa: E501
        ["月份", "电力", None, None, None, "自来水", None],
        [None, "消耗量", None, "费用", None, "消耗量", "费用"],
        [None, "数值", "备注", "金额(万元)", "备注", "立方米", "元"],
        *[[f"{m + 1}月份", ELECTRICITY[m], "", _cost(ELECTRICITY, 0.6)[m] / 10000, "", WATER[m], _cost(WATER, 6)[m]]
          for m in range(12)],
    ]  # fmt: skip
    merges = ["A7:A9", "B7:E7", "F7:G7", "B8:C8", "D8:E8"]
    result = read({"表": rows}, {"表": merges})
    got = values(result)
    assert {k: v for k, v in got.items() if k[1] == "water"} == _year("water", "quantity", WATER) | _year(
        "water", "cost", _cost(WATER, 6)
    )
    assert {k: v for k, v in got.items() if k[2] == "cost" and k[1] == "electricity"} == _year(
        "electricity", "cost", _cost(ELECTRICITY, 0.6)
    )


def test_sheet_per_carrier(read, values, kinds):
    def sheet(unit, numbers, costs):
        return [
            ["月份", f"用量（{unit}）", "金额（元）"],
            *[[MONTHS[m], numbers[m], costs[m]] for m in range(12)],
        ]

    result = read(
        {
            "用电": sheet("度", ELECTRICITY, _cost(ELECTRICITY, 0.6)),
            "用水": sheet("吨", WATER, _cost(WATER, 6)),
            "说明": [["本表由后勤处编制"]],
        }
    )
    assert values(result) == (
        _year("electricity", "quantity", ELECTRICITY)
        | _year("electricity", "cost", _cost(ELECTRICITY, 0.6))
        | _year("water", "quantity", WATER)
        | _year("water", "cost", _cost(WATER, 6))
    )
    assert kinds(result, "error", "warning") == []


def test_sheet_per_campus(read, values):
    def sheet(numbers):
        return [["2024年用电统计"], ["月份", "用电量(kWh)", "电费(元)"],
                *[[MONTHS[m], numbers[m], _cost(numbers, 0.6)[m]] for m in range(12)]]  # fmt: skip

    half = [n / 2 for n in ELECTRICITY]
    result = read({"东校区": sheet(ELECTRICITY), "西校区": sheet(half)})
    assert values(result) == (
        _year("electricity", "quantity", ELECTRICITY, "东校区")
        | _year("electricity", "quantity", half, "西校区")
        | _year("electricity", "cost", _cost(ELECTRICITY, 0.6), "东校区")
        | _year("electricity", "cost", _cost(half, 0.6), "西校区")
    )


def test_campuses_across_and_a_total_column(read, values, kinds):
    rows = [["月份", "用电量（kWh）", None, None], [None, "南校区", "北校区", "合计"],
            *[[MONTHS[m], ELECTRICITY[m], WATER[m], ELECTRICITY[m] + WATER[m]] for m in range(12)]]  # fmt: skip
    result = read({"电": rows}, {"电": ["A1:A2", "B1:D1"]})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY, "南校区") | _year(
        "electricity", "quantity", WATER, "北校区"
    )
    assert kinds(result) == []


def test_csv_with_byte_order_mark_and_semicolons(tmp_path, context, values):
    lines = ["年月;用电量(MWh);电费(元)", *[f"2024-{m:02d};{ELECTRICITY[m - 1] / 1000};{ELECTRICITY[m - 1] * 0.6:.2f}"
                                       for m in range(1, 13)]]  # fmt: skip
    path = tmp_path / "能耗.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    result = run(path, context())
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", [float(f"{n * 0.6:.2f}") for n in ELECTRICITY]
    )
    assert result.meta["encoding"] == "utf-8-bom"


def test_old_xls_workbook(tmp_path, context, values):
    book = xlwt.Workbook()
    sheet = book.add_sheet("2024年")
    for r, row in enumerate(
        [
            ["月份", "用电量（度）", "电费（元）"],
            *[[MONTHS[m], ELECTRICITY[m], _cost(ELECTRICITY, 0.6)[m]] for m in range(12)],
        ]
    ):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    path = tmp_path / "旧表.xls"
    book.save(str(path))
    result = run(path, context())
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", _cost(ELECTRICITY, 0.6)
    )
    assert result.meta["kind"] == "xls"


def test_html_table_named_xls(tmp_path, context, values):
    rows = "".join(
        f"<tr><td>{MONTHS[m]}</td><td>{ELECTRICITY[m]:,}</td><td>{WATER[m]:,}</td></tr>" for m in range(12)
    )
    path = tmp_path / "导出.xls"
    path.write_text("<html><meta charset=utf-8><table><tr><th rowspan=2>月份<th>电<th>水</tr><tr><th>用电量(kWh)"
                    f"<th>用水量(吨)</tr>{rows}</table></html>", encoding="utf-8")  # fmt: skip
    result = run(path, context())
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year("water", "quantity", WATER)


def test_quarters_without_months_are_kept_as_quarters(read, values, kinds):
    rows = [["能源", "单位", "一季度", "二季度", "三季度", "四季度"], ["电力", "万kWh", 78, 89.5, 78, 92.5],
            ["水", "吨", 79000, 100000, 77000, 94500]]  # fmt: skip
    result = read({"2024": rows})
    assert values(result) == {("", "electricity", "quantity", f"2024-Q{q}"): v for q, v in enumerate(
        [780000, 895000, 780000, 925000], 1)} | {("", "water", "quantity", f"2024-Q{q}"): v for q, v in enumerate(
            [79000, 100000, 77000, 94500], 1)}  # fmt: skip
    assert kinds(result, "warning") == [("period_granularity", "warning", "C2"), ("period_granularity", "warning", "C3"),  # noqa: E501
                                        *kinds(result, "warning")[2:]]  # fmt: skip


def test_quarter_columns_beside_their_months_are_totals(read, values, kinds):
    head = ["能源", "单位"]
    numbers: list = ["电力", "kWh"]
    for q in range(4):
        head += [*MONTHS[q * 3 : q * 3 + 3], f"{'一二三四'[q]}季度"]
        part = ELECTRICITY[q * 3 : q * 3 + 3]
        numbers += [*part, sum(part) + (7 if q == 1 else 0)]
    result = read({"表": [head, numbers]})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert [i.cell for i in result.issues if i.kind == "subtotal_mismatch"] == ["J2"]


def test_long_list_with_other_words_and_orders(read, values):
    rows = [["部位", "品种", "金额", "数量", "单位", "时间"]]
    for m in range(1, 13):
        rows.append(["第一食堂", "天然气", 3100 + m, 1000 + m, "标方", f"2024/{m}"])
        rows.append(["第一食堂", "液化气", 510.0, 5, "瓶(15kg)", f"2024/{m}"])
        rows.append(["图书馆", "耗电", 12000.5, 20000 + m, "千瓦时", f"2024/{m}"])
    got = values(read({"流水": rows}))
    assert got[("第一食堂", "natural_gas", "quantity", "2024-03")] == 1003
    assert got[("第一食堂", "lpg", "quantity", "2024-12")] == 75
    assert got[("图书馆", "electricity", "quantity", "2024-07")] == 20007
    assert got[("第一食堂", "natural_gas", "cost", "2024-10")] == 3110
    assert len(got) == 72


def test_building_written_once_per_block_without_merging(read, values):
    rows = [["楼名", "指标", *MONTHS]]
    for name in ("1号楼", "2号楼"):
        rows.append([name, "用电量（度）", *ELECTRICITY])
        rows.append(["", "用水量（吨）", *WATER])
    result = read({"Sheet1": rows})
    assert values(result) == (
        _year("electricity", "quantity", ELECTRICITY, "1号楼")
        | _year("water", "quantity", WATER, "1号楼")
        | _year("electricity", "quantity", ELECTRICITY, "2号楼")
        | _year("water", "quantity", WATER, "2号楼")
    )


def test_two_half_years_side_by_side(read, values):
    rows = [["月份", "用电量(kWh)", "电费(元)", None, "月份", "用电量(kWh)", "电费(元)"]]
    for m in range(6):
        rows.append([m + 1, ELECTRICITY[m], _cost(ELECTRICITY, 0.6)[m], None, m + 7, ELECTRICITY[m + 6],
                     _cost(ELECTRICITY, 0.6)[m + 6]])  # fmt: skip
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", _cost(ELECTRICITY, 0.6)
    )


def test_two_tables_one_below_the_other(read, values):
    rows = [["一、用电"], ["月份", "用电量(kWh)", "电费(元)"], *[[MONTHS[m], ELECTRICITY[m], _cost(ELECTRICITY, 0.6)[m]] for m in range(12)],  # noqa: E501
            ["合计", sum(ELECTRICITY), sum(_cost(ELECTRICITY, 0.6))], [], ["二、用水"],
            ["月份", "用水量(吨)", "水费(元)"], *[[MONTHS[m], WATER[m], _cost(WATER, 6)[m]] for m in range(12)]]  # fmt: skip  # noqa: E501
    assert values(read({"表": rows})) == (
        _year("electricity", "quantity", ELECTRICITY)
        | _year("electricity", "cost", _cost(ELECTRICITY, 0.6))
        | _year("water", "quantity", WATER)
        | _year("water", "cost", _cost(WATER, 6))
    )


def test_group_title_rows_name_the_item(read, values):
    rows = [["月份", "数量", "金额（元）"], ["电（kWh）"], *[[MONTHS[m], ELECTRICITY[m], _cost(ELECTRICITY, 0.6)[m]] for m in range(12)],  # noqa: E501
            ["水（吨）"], *[[MONTHS[m], WATER[m], _cost(WATER, 6)[m]] for m in range(12)]]  # fmt: skip
    assert values(read({"表": rows})) == (
        _year("electricity", "quantity", ELECTRICITY)
        | _year("electricity", "cost", _cost(ELECTRICITY, 0.6))
        | _year("water", "quantity", WATER)
        | _year("water", "cost", _cost(WATER, 6))
    )


def test_months_as_bare_numbers_across(read, values):
    rows = [
        ["楼宇", "项目", "单位", *range(1, 13), "全年"],
        ["主楼", "用电量", "kWh", *ELECTRICITY, sum(ELECTRICITY)],
    ]
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY, "主楼")


def test_costs_in_one_caption_unit(read, values):
    rows = [["2024年水电费支出表"], ["单位：万元"], ["月份", "电费", "水费"],
            *[[MONTHS[m], ELECTRICITY[m] * 0.6 / 10000, WATER[m] * 6 / 10000] for m in range(12)]]  # fmt: skip
    got = values(read({"表": rows}))
    assert got[("", "electricity", "cost", "2024-01")] == 186000
    assert got[("", "water", "cost", "2024-02")] == 108000
    assert len(got) == 24


def test_unknown_column_is_reported_and_not_loaded(read, values, kinds):
    rows = [["月份", "用电量(kWh)", "空压站流量"], *[[MONTHS[m], ELECTRICITY[m], m + 1] for m in range(12)]]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert [i.cell for i in result.issues if i.kind == "unmapped_column"] == ["C1"]


def test_water_and_electricity_in_one_cost_column_is_asked(read, values, kinds):
    rows = [
        ["月份", "用电量(kWh)", "水电费(元)"],
        *[[MONTHS[m], ELECTRICITY[m], 1000 + m] for m in range(12)],
    ]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == [("unmapped_column", "error", "C1")]


def test_gasoline_without_a_unit_is_asked(read, values, kinds):
    rows = [["月份", "用电量(kWh)", "汽油用量"], *[[MONTHS[m], ELECTRICITY[m], 700 + m] for m in range(12)]]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == [("unit_missing", "error", "C1")]
    assert [r["label"] for r in result.ambiguous[0].readings] == ["按 L", "按 kg", "按 t"]


def test_same_month_twice_is_asked_with_the_sum(read, values, kinds):
    rows = [["月份", "用电量(kWh)"], *[[MONTHS[m], ELECTRICITY[m]] for m in range(12)], ["3月", 5]]
    result = read({"表": rows})
    assert kinds(result) == [("duplicate", "error", "B14"), ("duplicate", "error", "B4")]
    assert {a.suggested for a in result.ambiguous} == {"290005"}
    assert len(values(result)) == 11


def test_remembered_mapping_is_used(read, values):
    rows = [["月份", "动力消耗"], *[[MONTHS[m], ELECTRICITY[m]] for m in range(12)]]
    mapping = {"headers": {"动力消耗": {"item": "electricity", "measure": "quantity", "unit": "kWh"}}}
    result = read({"表": rows}, mapping=mapping)
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert [m.source for m in result.mapping] == ["remembered"]


def test_header_confirmed_as_not_used_is_left_out_with_its_reason(read, values):
    rows = [["月份", "用电量(kWh)", "空压站流量"], *[[MONTHS[m], ELECTRICITY[m], m + 1] for m in range(12)]]
    first = read({"表": rows})
    keys = [m.key for m in first.mapping if not m.item]
    result = read(
        {"表": rows}, mapping={"headers": {k: {"item": "", "measure": "", "unit": ""} for k in keys}}
    )
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert [i.kind for i in result.issues if i.kind == "unmapped_column"] == []


def test_one_kind_of_row_confirmed_as_not_used(read, values):
    rows = [["项目", "单位", *MONTHS], ["用电量", "kWh", *ELECTRICITY], ["空调冷凝水", "吨", *WATER]]
    first = read({"表": rows})
    keys = {m.key for m in first.mapping if m.confidence < 0.85}
    assert keys == {"空调冷凝水"}
    result = read(
        {"表": rows}, mapping={"headers": {k: {"item": "", "measure": "", "unit": ""} for k in keys}}
    )
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert result.verdict in ("clean", "warnings")


def test_unit_confirmed_once_answers_the_question(read, values):
    rows = [["月份", "用电量(kWh)", "汽油用量"], *[[MONTHS[m], ELECTRICITY[m], 700 + m] for m in range(12)]]
    key = next(m.key for m in read({"表": rows}).mapping if m.item == "gasoline")
    confirmed = {key: {"item": "gasoline", "measure": "quantity", "unit": "kg"}}
    got = values(read({"表": rows}, mapping={"headers": confirmed}))
    assert got[("", "gasoline", "quantity", "2024-01")] == pytest.approx(700 * 1.3793)


def test_same_words_on_two_sheets_are_remembered_apart(read, values):
    def sheet(unit, numbers):
        return [
            ["月份", f"用量（{unit}）", "金额（元）"],
            *[[MONTHS[m], numbers[m], numbers[m] * 2.5] for m in range(12)],
        ]

    sheets = {"天然气": sheet("m3", WATER), "用水": sheet("m3", WATER)}
    first = read(sheets)
    assert values(read(sheets, mapping=first.remember())) == values(first)


def test_parts_of_one_fuel_are_added_up(read, values, kinds):
    rows = [["月份", "汽油（升）", None, "用电量(kWh)"], [None, "车辆用油", "其他用油", None],
            *[[MONTHS[m], 500.5 + m, 20.25, ELECTRICITY[m]] for m in range(12)]]  # fmt: skip
    result = read({"表": rows}, {"表": ["A1:A2", "B1:C1", "D1:D2"]})
    got = values(result)
    assert {k: v for k, v in got.items() if k[1] == "gasoline"} == {
        ("", "gasoline", "quantity", f"2024-{m:02d}"): 519.75 + m for m in range(1, 13)
    }
    assert kinds(result) == []
    assert (
        result.meta["cells"]["loaded"] + result.meta["cells"]["reported"] + result.meta["cells"]["ignored"]
        == result.meta["cells"]["all"]
    )


def test_two_half_years_one_below_the_other(read, values):
    rows = [["项目", *MONTHS[:6]], ["用电量(kWh)", *ELECTRICITY[:6]], ["用水量(吨)", *WATER[:6]], [],
            ["项目", *MONTHS[6:]], ["用电量(kWh)", *ELECTRICITY[6:]], ["用水量(吨)", *WATER[6:]]]  # fmt: skip
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "water", "quantity", WATER
    )


def test_month_groups_over_measures(read, values):
    head = [x for m in MONTHS for x in (m, None)]
    rows = [["楼宇", *head], [None, *["用电量(kWh)", "电费(元)"] * 12],
            ["主楼", *[x for n in ELECTRICITY for x in (n, n * 0.5)]]]  # fmt: skip
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY, "主楼") | _year(
        "electricity", "cost", [n * 0.5 for n in ELECTRICITY], "主楼"
    )


def test_reading_dates_stand_for_their_month(read, values):
    rows = [
        ["抄表日期", "用电量(kWh)"],
        *[[datetime.date(2024, m + 1, 26), ELECTRICITY[m]] for m in range(12)],
    ]
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY)


def test_sub_items_of_electricity_that_add_up_are_parts_of_the_total(read, values, kinds):
    rows = [["月份", "照明插座用电(kWh)", "空调用电(kWh)", "总用电量(kWh)"],
            *[[MONTHS[m], n * 0.6, n * 0.4, n] for m, n in enumerate(ELECTRICITY)]]  # fmt: skip
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == []


def test_sub_items_of_electricity_that_are_not_all_are_asked_and_the_total_is_loaded(read, values, kinds):
    rows = [["月份", "照明插座用电(kWh)", "空调用电(kWh)", "总用电量(kWh)"],
            *[[MONTHS[m], n * 0.6, n * 0.3, n] for m, n in enumerate(ELECTRICITY)]]  # fmt: skip
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert kinds(result) == [("mapping_unclear", "error", "B1"), ("mapping_unclear", "error", "C1")]


def test_month_beyond_any_number_is_left_out_and_said(workbook, context, values):
    rows = [["月份", "用电量(kWh)"], *[[m + 1, ELECTRICITY[m]] for m in range(12)]]
    path = workbook({"表": rows})
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data.replace(b"<v>5</v>", b"<v>1e999</v>") if name == sheet else data)
    result = run(path, context())
    assert [(i.severity, i.cell) for i in result.issues if i.kind == "bad_period"] == [("error", "A6")]
    assert len(values(result)) == 11


@pytest.mark.parametrize(
    ("span", "cells"), [("2", 2), (" 2 ", 2), ("2\x1f", 2), ("9" * 5000, 1000), ("x", 1), ("", 1)]
)
def test_span_of_an_html_cell_is_read_whatever_stands_there(span, cells):
    [sheet] = tables(f'<table><tr><td colspan="{span}">电<td>水</tr></table>')
    assert len(sheet.rows[0]) == cells + 1
