"""What titles, captions and labels say about the time, the place and the unit of the figures below them."""

from __future__ import annotations

import pytest

ELECTRICITY = [310000, 180000, 290000, 280000, 285000, 330000, 250000, 210000, 320000, 290000, 300000, 335000]
WATER = [30000, 18000, 31000, 32000, 33000, 35000, 24000, 19000, 34000, 33000, 31000, 30500]
MONTHS = [f"{m}月" for m in range(1, 13)]
YEAR = [f"2024-{m:02d}" for m in range(1, 13)]
LAST = [n - 9000 for n in ELECTRICITY]


def _year(item: str, measure: str, numbers: list, facility: str = "") -> dict:
    return {(facility, item, measure, period): n for period, n in zip(YEAR, numbers, strict=False)}


def _totals(title: str) -> list[list]:
    return [[title], ["能源品种", "单位", "消费量"], ["电", "度", 780000], ["水", "吨", 79000]]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("示例大学2024年一季度能耗表", "2024-Q1"),
        ("2024年第三季度能源消耗统计", "2024-Q3"),
        ("2024年上半年能源消耗统计", "2024-H1"),
        ("2024年1月至6月能耗", "2024-H1"),
        ("统计期间：2024年1月1日至2024年3月31日", "2024-Q1"),
        ("截至2024年6月能源消耗情况", "2024-H1"),
        ("2024年5月份能耗表", "2024-05"),
        ("2024年能耗表", "2024"),
    ],
)
def test_time_of_figures_whose_table_names_none(read, values, title, period):
    assert values(read({"表": _totals(title)})) == {
        ("", "electricity", "quantity", period): 780000,
        ("", "water", "quantity", period): 79000,
    }


@pytest.mark.parametrize("title", ["截至2024年9月能源消耗情况", "2024年2-5月能耗"])
def test_several_months_in_one_figure_are_no_month_and_no_year(read, values, kinds, title):
    result = read({"表": _totals(title)})
    assert values(result) == {}
    assert kinds(result) == [("period_granularity", "error", "C3"), ("period_granularity", "error", "C4")]


@pytest.mark.parametrize("title", ["2023-2024学年能耗", "2023年9月至2024年8月能耗"])
def test_school_year_in_one_figure_cannot_be_placed(read, values, kinds, title):
    result = read({"表": _totals(title)})
    assert values(result) == {}
    assert {k for k, _, _ in kinds(result)} == {"bad_period"}


def test_month_sheet_with_its_quarter_in_the_title(read, values):
    result = read({MONTHS[m]: _totals(f"2024年{'一二三四'[m // 3]}季度能耗月报") for m in range(12)})
    assert values(result) == _year("electricity", "quantity", [780000] * 12) | _year(
        "water", "quantity", [79000] * 12
    )


def test_years_across_over_their_months(read, values):
    rows = [["项目", "2023年", *[None] * 11, "2024年", *[None] * 11], [None, *MONTHS, *MONTHS], ["用电量（度）", *LAST, *ELECTRICITY]]  # fmt: skip  # noqa: E501
    result = read({"表": rows}, {"表": ["A1:A2", "B1:M1", "N1:Y1"]})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)


@pytest.mark.parametrize("title", ["{}年", "示例大学{}年用电统计表"])
@pytest.mark.parametrize("years", [(2023, 2024), (2024, 2023)])
def test_years_below_each_other_under_their_titles(read, values, title, years):
    rows: list = []
    for year in years:
        numbers = ELECTRICITY if year == 2024 else LAST
        rows += [
            [title.format(year)],
            ["月份", "用电量（度）"],
            *[[MONTHS[m], numbers[m]] for m in range(12)],
            [],
        ]
    result = read({"表": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert [i.severity for i in result.issues if i.kind == "wrong_period"] == ["warning"]


def test_row_of_units_with_its_own_name(read, values):
    rows = [["月份", "用电量", "电费", "用水量"], ["单位", "万kWh", "万元", "吨"],
            *[[MONTHS[m], ELECTRICITY[m] / 10000, ELECTRICITY[m] * 0.00006, WATER[m]] for m in range(12)]]  # fmt: skip
    got = values(read({"2024": rows}))
    assert {k: v for k, v in got.items() if k[2] == "quantity"} == _year(
        "electricity", "quantity", ELECTRICITY
    ) | _year("water", "quantity", WATER)
    assert got[("", "electricity", "cost", "2024-01")] == pytest.approx(186000)


def test_title_and_unit_in_one_row_are_no_header(read, values):
    rows = [["2024年用电情况统计表", None, None, "单位：万千瓦时"], ["校区", *MONTHS], ["东校区", *[n / 10000 for n in ELECTRICITY]]]  # fmt: skip  # noqa: E501
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY, "东校区")


@pytest.mark.parametrize("header", ["电费(万元,含税)", "电费（含税）（万元）", "电费（万元）（不含增值税）"])
def test_remark_beside_the_unit(read, values, header):
    rows = [["月份", header], *[[MONTHS[m], ELECTRICITY[m] / 10000] for m in range(12)]]
    assert values(read({"2024": rows})) == _year("electricity", "cost", ELECTRICITY)


def test_place_and_month_beside_the_item_in_a_row(read, values):
    rows = [
        ["2024年"],
        ["项目", *MONTHS],
        ["图书馆用电量（度）", *ELECTRICITY],
        ["图书馆用水量（吨）", *WATER],
    ]
    assert values(read({"表": rows})) == _year("electricity", "quantity", ELECTRICITY, "图书馆") | _year(
        "water", "quantity", WATER, "图书馆"
    )
    rows = [["项目", "数值", "单位"], *[[f"{m + 1}月用电量", ELECTRICITY[m], "度"] for m in range(12)]]
    assert values(read({"2024年": rows})) == _year("electricity", "quantity", ELECTRICITY)


def test_tax_and_last_month_beside_the_figures_are_left_out(read, values, kinds):
    rows = [["月份", "能源", "上月用量（度）", "本月用量（度）", "税率", "税额（元）", "金额（元）"]]
    rows += [
        [YEAR[m], "电", ELECTRICITY[m - 1], ELECTRICITY[m], 0.13, 5.5, ELECTRICITY[m] * 0.5]
        for m in range(12)
    ]
    result = read({"流水": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", [n * 0.5 for n in ELECTRICITY]
    )
    assert kinds(result) == []


def test_estimate_said_in_a_bracket(read, values, kinds):
    rows = [
        ["月份", "用电量（度）"],
        *[[MONTHS[m], ELECTRICITY[m]] for m in range(11)],
        ["12月", "335000（估）"],
    ]
    result = read({"2024": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY)
    assert ("estimated", "warning", "B13") in kinds(result, "warning")


# Units said once for all, or not at all


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("表", "2024年用电（万千瓦时）"),
        ("用电量（万度）", "2024年统计"),
        ("用电", "计量单位为万kWh"),
        ("用电", "万千瓦时"),
    ],
)
def test_unit_in_the_title_or_the_name_of_the_sheet(read, values, sheet, title):
    rows = [
        [title],
        ["月份", "东校区", "西校区"],
        *[[MONTHS[m], ELECTRICITY[m] / 10000, WATER[m] / 10000] for m in range(12)],
    ]
    if "用电" not in sheet + title:
        rows.insert(0, ["用电统计"])
    assert values(read({sheet: rows})) == _year("electricity", "quantity", ELECTRICITY, "东校区") | _year(
        "electricity", "quantity", WATER, "西校区"
    )


def test_quantity_without_a_unit_is_said_and_without_a_cost_warned_of(read, kinds):
    rows = [
        ["月份", "用电量", "用水量", "水费"],
        *[[MONTHS[m], ELECTRICITY[m], WATER[m], WATER[m] * 6] for m in range(12)],
    ]
    result = read({"2024": rows})
    assert [(i.severity, i.cell) for i in result.issues if i.kind == "unit_assumed"] == [
        ("warning", "B1"),
        ("info", "C1"),
    ]


# Periods and headers that say more than they need to


@pytest.mark.parametrize(
    "spell", ["2024.{0:02d}.01-2024.{0:02d}.28", "{0}月1日-{0}月28日", "2024年{0}月1日至2024年{0}月28日"]
)
def test_billing_period_from_day_to_day(read, values, spell):
    rows = [["计费周期", "用电量(度)"], *[[spell.format(m + 1), ELECTRICITY[m]] for m in range(12)]]
    assert values(read({"2024年": rows})) == _year("electricity", "quantity", ELECTRICITY)


def test_billing_period_belongs_to_the_month_it_ends_in(read, values):
    days = [f"{2024 - (m == 0)}-{(m - 1) % 12 + 1:02d}-26至2024-{m + 1:02d}-25" for m in range(12)]
    rows = [["抄表周期", "用电量(度)"], *[[days[m], ELECTRICITY[m]] for m in range(12)]]
    assert values(read({"2024年": rows})) == _year("electricity", "quantity", ELECTRICITY)


def test_heading_over_several_items_takes_nothing_from_their_certainty(read, values, kinds):
    rows = [["月份", "水电消耗", None], [None, "电", "水"], [None, "用量", "用量"], [None, "(度)", "(吨)"],
            *[[MONTHS[m], ELECTRICITY[m], WATER[m]] for m in range(12)]]  # fmt: skip
    result = read({"2024": rows}, {"2024": ["A1:A4", "B1:C1"]})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year("water", "quantity", WATER)


def test_english_beside_the_chinese(read, values):
    rows = [["月份 Month", "用电量 Electricity (kWh)", "用水量 Water (m3)"], *[[MONTHS[m], ELECTRICITY[m], WATER[m]] for m in range(12)]]  # fmt: skip  # noqa: E501
    assert values(read({"2024": rows})) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "water", "quantity", WATER
    )


def test_foreign_unit_in_a_bracket_is_not_taken_for_an_english_word(read, values, kinds):
    rows = [["月份", "用电量（therm）"], *[[MONTHS[m], ELECTRICITY[m]] for m in range(12)]]
    result = read({"2024": rows})
    assert values(result) == {}
    assert kinds(result) == [("mapping_unclear", "error", "B1")]


def test_months_under_a_header_no_list_knows(read, values):
    rows = [["编号", "用能月", "耗电(度)"], *[[m + 1, f"{m + 1:02d}", ELECTRICITY[m]] for m in range(12)]]
    assert values(read({"2024": rows})) == _year("electricity", "quantity", ELECTRICITY)


def test_total_beside_parts_that_are_not_sure_is_loaded_and_the_parts_are_asked(read, values, kinds):
    rows = [["月份", "用电量（度）", "基本电费（元）", "电费合计（元）"],
            *[[MONTHS[m], ELECTRICITY[m], 5000, ELECTRICITY[m] * 0.5] for m in range(12)]]  # fmt: skip
    result = read({"2024": rows})
    assert values(result) == _year("electricity", "quantity", ELECTRICITY) | _year(
        "electricity", "cost", [n * 0.5 for n in ELECTRICITY]
    )
    assert kinds(result) == [("mapping_unclear", "error", "C1")]


def test_list_dated_by_the_day_of_payment_alone_is_said(read, values, kinds):
    rows = [
        ["开票日期", "项目", "金额（元）"],
        *[[f"2024-{m + 1:02d}-08", "电费", WATER[m] * 6] for m in range(12)],
    ]
    result = read({"明细": rows})
    assert len(values(result)) == 12
    assert [(i.severity, i.cell) for i in result.issues if i.kind == "paid_day"] == [("warning", "A1")]
    dated = [["所属月份", *rows[0]], *[[f"{m + 1}月", *row] for m, row in enumerate(rows[1:])]]
    assert [i for i in read({"明细": dated}).issues if i.kind == "paid_day"] == []


def test_title_right_above_a_table_wins_over_that_of_the_sheet(read, values):
    rows = [["2024年用电量（度）"], ["说明"], [], ["用水量（吨）"], ["月份", "图书馆", "第一食堂"],
            *[[MONTHS[m], ELECTRICITY[m], WATER[m]] for m in range(12)]]  # fmt: skip
    assert {k[1] for k in values(read({"表": rows}))} == {"water"}


def test_block_without_its_building_among_named_ones_is_asked(read, values, kinds):
    def block(title):
        return [[title], ["月份", "用电量（度）"], *[[MONTHS[m], ELECTRICITY[m]] for m in range(12)], []]

    tables = [*block("楼名：逸夫楼"), *block("楼名：图书馆")]
    result = read({"表": [*block(None), [], *tables]})
    assert {k[0] for k in values(result)} == {"逸夫楼", "图书馆"}


def test_last_year_under_a_place_is_no_figure_of_it(read, values):
    rows = [["用电量（度）"], ["月份", "图书馆", None, "第一食堂", None], [None, "本年", "上年", "本年", "上年"],
            *[[MONTHS[m], ELECTRICITY[m], 5, WATER[m], 6] for m in range(12)]]  # fmt: skip
    found = values(read({"用电": rows}, {"用电": ["B2:C2", "D2:E2", "A2:A3"]}))
    assert found == _year("electricity", "quantity", ELECTRICITY, "图书馆") | _year(
        "electricity", "quantity", WATER, "第一食堂"
    )


def test_sum_of_meters_told_apart_by_number_is_the_figure_and_others_are_asked(read, values, kinds):
    head = ["楼宇", "表号", *MONTHS]
    parts = [["图书馆", "E0001", *ELECTRICITY], [None, "E0002", *WATER]]
    whole = [a + b for a, b in zip(ELECTRICITY, WATER, strict=True)]
    rows = [["用电量（度）"], head, *parts, [None, "小计", *whole], ["第一食堂", "E0003", *WATER]]
    assert values(read({"表": rows})) == _year("electricity", "quantity", whole, "图书馆") | _year(
        "electricity", "quantity", WATER, "第一食堂"
    )
    wrong = [
        ["用电量（度）"],
        head,
        *parts,
        [None, "小计", *(n + 9 for n in whole)],
        ["第一食堂", "E0003", *WATER],
    ]
    result = read({"表": wrong})
    assert {k[0] for k in values(result)} == {"第一食堂"}
    assert {kind for kind, _, _ in kinds(result)} == {"duplicate"}


def test_unit_of_money_in_brackets_behind_a_title_is_that_of_the_costs(read, values):
    rows = [
        ["2024年电费支出情况表（金额单位：万元）"],
        ["月份", "电费"],
        ["1月", 25.5],
        ["2月", 14.25],
        ["3月", 24],
    ]
    result = read({"表": rows})
    assert values(result) == {
        ("", "electricity", "cost", "2024-01"): 255000,
        ("", "electricity", "cost", "2024-02"): 142500,
        ("", "electricity", "cost", "2024-03"): 240000,
    }


@pytest.mark.parametrize(
    ("title", "loaded"),
    [
        ("2024年用电预算执行情况（单位：万元）", ("cost", 240000)),
        ("2024年用电定额执行情况（单位：万度）", ("quantity", 240000)),
        ("2024年用电预算执行情况", None),
    ],
)
def test_what_was_executed_is_money_or_use_as_the_unit_says_and_else_asked(
    read, values, kinds, title, loaded
):
    rows = [[title], ["月份", "预算数", "执行数"], ["1月", 25, 24], ["2月", 15, 14], ["3月", 24, 23]]
    result = read({"表": rows})
    found = {key[2]: number for key, number in values(result).items() if key[3] == "2024-01"}
    assert found == (dict([loaded]) if loaded else {})
    assert ("mapping_unclear" in {kind for kind, *_ in kinds(result)}) == (loaded is None)


def test_units_of_use_and_of_money_in_one_title_each_go_to_their_own(read, values):
    rows = [["2024年用电情况（电量单位：万度，金额单位：千元）"], ["月份", "用电量", "电费"],
            ["1月", 40, 248], ["2月", 30, 186], ["3月", 41, 254]]  # fmt: skip
    result = read({"表": rows})
    assert values(result)["", "electricity", "quantity", "2024-01"] == 400000
    assert values(result)["", "electricity", "cost", "2024-01"] == 248000


def test_blocks_of_one_form_in_other_units_are_each_what_their_title_says(read, values):
    rows = [["一、电"], ["楼宇", "本月用量（度）", "金额（元）"], ["图书馆", 5000, 3100],
            ["二、水"], ["楼宇", "本月用量（吨）", "金额（元）"], ["图书馆", 300, 1860]]  # fmt: skip
    result = read({"3月": rows})
    assert values(result) == {
        ("图书馆", "electricity", "quantity", "2024-03"): 5000,
        ("图书馆", "electricity", "cost", "2024-03"): 3100,
        ("图书馆", "water", "quantity", "2024-03"): 300,
        ("图书馆", "water", "cost", "2024-03"): 1860,
    }


def test_what_the_residents_used_of_the_whole_is_told_and_never_a_place_of_its_own(read, values):
    rows = [["项目", "单位", "1月", "2月", "3月"], ["总用电量", "度", 9000, 8000, 8800],
            ["其中：家属区用电", "度", 900, 800, 880]]  # fmt: skip
    result = read({"表": rows})
    assert {key[0] for key in values(result)} == {""}
    assert [(i.kind, i.severity) for i in result.issues if i.kind == "part_of_whole"] == [
        ("part_of_whole", "warning")
    ]


def test_outline_of_which_one_group_does_not_add_up_loads_only_the_others(read, values):
    rows = [["行标签", "求和项:用电量(kWh)"], ["松园校区", 300], ["1月", 100], ["2月", 200],
            ["柳湖校区", 700], ["1月", 300], ["2 目", 400], ["总计", 1000]]  # fmt: skip
    result = read({"表": rows})
    assert values(result) == {
        ("松园校区", "electricity", "quantity", "2024-01"): 100,
        ("松园校区", "electricity", "quantity", "2024-02"): 200,
    }
    assert "nameless_table" in {i.kind for i in result.issues}


def test_marks_of_footnotes_say_nothing(read, values):
    rows = [
        ["月份", "用电量（度）①", "水费*", "用水量注2（吨）"],
        ["1月", 100, 60, 10],
        ["2月", 120, 66, 11],
        ["3月", 90, 54, 9],
    ]
    found = values(read({"表": rows}))
    assert found["", "electricity", "quantity", "2024-01"] == 100
    assert found["", "water", "cost", "2024-01"] == 60


def test_days_and_their_sum_are_the_sum_alone(read, values):
    rows = [["日期", "用电量(kWh)"], *[[f"2024-01-{d:02d}", 10 + d] for d in range(1, 32)], ["1月合计", 806]]
    assert values(read({"表": rows})) == {("", "electricity", "quantity", "2024-01"): 806}


def test_header_in_two_languages_is_one_header(read, values):
    rows = [
        ["Month", "Electricity", "Water"],
        ["月份", "用电量（万度）", "用水量（吨）"],
        ["1月", 40, 900],
        ["2月", 30, 800],
    ]
    result = read({"表": rows})
    assert values(result)["", "electricity", "quantity", "2024-01"] == 400000
    assert [i for i in result.issues if i.kind == "bad_period"] == []
