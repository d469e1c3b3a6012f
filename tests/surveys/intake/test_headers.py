"""Headers in unusual places: levels in rows with names of their own, units set apart, sums without a name."""

from __future__ import annotations

import pytest

ELECTRICITY = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]
WATER = [30000, 18000, 31000, 32000, 33000, 35000, 24000, 19000, 34000, 33000, 31000, 30500]
MONTHS = [f"{m}月" for m in range(1, 13)]
YEAR = [f"2024-{m:02d}" for m in range(1, 13)]


def _year(item: str, measure: str, numbers: list, facility: str = "") -> dict:
    return {(facility, item, measure, period): n for period, n in zip(YEAR, numbers, strict=False)}


def _both(facility: str = "") -> dict:
    return _year("electricity", "quantity", ELECTRICITY, facility) | _year(
        "water", "quantity", WATER, facility
    )


def _doubled() -> list[list]:
    return [[MONTHS[m], *[ELECTRICITY[m], WATER[m]] * 2] for m in range(12)]


def test_levels_named_in_the_first_column_over_months(read, values, kinds):
    rows = [["2024年各楼水电"], ["序号", 1, None, 2, None], ["校区", "东校区", None, None, None],
            ["楼宇名称", "行政楼", None, "图书馆", None], ["建筑类型", "行政办公", None, "图书馆", None],
            ["项目", "用电量", "用水量", "用电量", "用水量"], ["单位", "度", "吨", "度", "吨"], *_doubled(),
            ["合计", *[sum(ELECTRICITY), sum(WATER)] * 2], ["备注", "含地下室"]]  # fmt: skip
    merges = ["B2:C2", "D2:E2", "B3:E3", "B4:C4", "D4:E4", "B5:C5", "D5:E5"]
    result = read({"表": rows}, {"表": merges})
    assert values(result) == _both("行政楼") | _both("图书馆")
    assert kinds(result) == []


def test_named_levels_without_merged_cells_and_one_name_on_two_campuses(read, values):
    rows = [["校区", "东校区", None, "西校区", None], ["楼宇", "图书馆", None, "图书馆", None],
            ["项目", *["用电量", "用水量"] * 2], ["单位", *["度", "吨"] * 2], *_doubled()]  # fmt: skip
    assert values(read({"2024": rows})) == _both("东校区图书馆") | _both("西校区图书馆")


def test_carriers_across_with_use_and_cost_below(read, values, kinds):
    def report(m):
        use, cost = [ELECTRICITY[m] / 10000, WATER[m]], [ELECTRICITY[m] * 0.6, WATER[m] * 6.0]
        return [["序号", 1, 2], ["能源种类", "电力", "自来水"], ["计量单位", "万度", "吨"],
                ["消费量", *use], ["单价（元）", 6000, 6], ["金额（元）", *cost]]  # fmt: skip

    result = read({MONTHS[m]: report(m) for m in range(12)})
    got = values(result)
    assert {k: v for k, v in got.items() if k[2] == "quantity"} == _both()
    assert got[("", "water", "cost", "2024-03")] == 31000 * 6
    assert (len(got), kinds(result)) == (48, [])


def test_running_numbers_over_the_columns_are_no_months(read, values):
    rows = [["序号", *range(1, 8)], ["楼宇", *[f"{n}号楼" for n in range(1, 8)]], ["项目", *["用电量（度）"] * 7],
            *[[MONTHS[m], *[ELECTRICITY[m] + n for n in range(7)]] for m in range(12)]]  # fmt: skip
    got = values(read({"2024": rows}))
    assert got[("7号楼", "electricity", "quantity", "2024-02")] == 180006
    assert len(got) == 84


@pytest.mark.parametrize(("header", "factor"), [("汽油消耗量 L", 1), ("汽油 吨", 1379.3), ("汽油 升", 1)])
def test_unit_set_apart_by_a_blank(read, values, header, factor):
    rows = [["月份", "用电量 kWh", header], *[[MONTHS[m], ELECTRICITY[m], 5 + m] for m in range(12)]]
    got = values(read({"2024": rows}))
    assert got[("", "gasoline", "quantity", "2024-03")] == pytest.approx(7 * factor)


def test_quarter_rows_between_months_need_no_word_for_sum(read, values, kinds):
    rows = [["月份", "用电量（度）", "供热量（GJ）"]]
    heat = [1200, 1000, 700, None, None, None, None, None, None, None, 650, 1100]
    for m in range(12):
        rows.append([MONTHS[m], ELECTRICITY[m], heat[m]])
        if m % 3 == 2:
            part = slice(m - 2, m + 1)
            rows.append(
                [
                    f"{'一二三四'[m // 3]}季度",
                    sum(ELECTRICITY[part]) + (m == 8),
                    sum(h or 0 for h in heat[part]),
                ]
            )
    rows.append(["总计", sum(ELECTRICITY), sum(h or 0 for h in heat)])
    result = read({"2024": rows})
    warm = {("", "heat", "quantity", YEAR[m]): h for m, h in enumerate(heat) if h}
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | warm
    assert [(i.kind, i.cell) for i in result.issues if i.kind == "subtotal_mismatch"] == []


def test_quarter_row_far_from_its_months_is_reported(read, values):
    rows = [["月份", "用电量（度）"], *[[MONTHS[m], ELECTRICITY[m]] for m in range(3)], ["一季度", 800000]]
    result = read({"2024": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY[:3])
    assert [(i.kind, i.cell) for i in result.issues if i.kind == "subtotal_mismatch"] == [
        ("subtotal_mismatch", "B5")
    ]


def test_sum_below_the_buildings_needs_no_name(read, values, kinds):
    rows = [["2024年用电（度）"], ["楼宇", *MONTHS], ["图书馆", *ELECTRICITY], ["1号楼", *WATER],
            [None, *[a + b for a, b in zip(ELECTRICITY, WATER, strict=True)]]]  # fmt: skip
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY, "图书馆") | _year(
        "electricity", "quantity", WATER, "1号楼"
    )
    assert kinds(result) == []


def test_sheet_named_after_a_campus_and_a_month(read, values):
    def sheet(m):
        return [["项目", "单位", "数量"], ["电", "度", ELECTRICITY[m]], ["水", "吨", WATER[m]]]

    sheets = {f"{campus}{m + 1}月": sheet(m) for campus in ("东区", "西区") for m in range(12)}
    assert values(read(sheets)) == _both("东区") | _both("西区")


@pytest.mark.parametrize(("number", "other"), [("A1", "A2"), (None, None)])
def test_second_meter_of_a_building_is_asked_and_no_sum(read, values, kinds, number, other):
    rows = [["2024年用电（度）"], ["楼宇", "表号", *MONTHS], ["图书馆", number, *ELECTRICITY], [None, other, *WATER],
            *[[f"{n}号楼", f"B{n}", *WATER] for n in range(1, 6)]]  # fmt: skip
    result = read({"表": rows})
    assert {k[0] for k in values(result)} == {f"{n}号楼" for n in range(1, 6)}
    assert {k for k, _, _ in kinds(result)} == {"duplicate"}
