"""Months and other times as people write them (cases T01–T09)."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from surveys.definition import DefinitionError, parse
from surveys.intake import Context, run

SPELLING = ("month_spelling", "info", "A2")


@pytest.fixture
def dated(ask):
    """One figure dated by what is written in the month column, for 2024-03 unless said otherwise."""

    def make(*cells, head="月份", **more):
        rows = [[head, "用电量(kWh)", "电费(元)"]]
        rows += [[cell, 3000 + 50 * i, 1800 + 30 * i] for i, cell in enumerate(cells)]
        return ask(rows, period=more.pop("period", "2024-03"), **more)

    return make


@pytest.mark.parametrize(
    "text", ["2024年03月份", "2024.3", "2024-3", "2024/03", "202403", "24.3", 2024.3, 24.3, 202403]
)
def test_t01_every_spelling_of_march(dated, text):
    found = dated(text)
    assert (found.series(), found.series(measure="cost")) == ({"2024-03": "3000"}, {"2024-03": "1800"})
    assert found.said == ([SPELLING], "clean")


def test_t01_the_usual_spelling_needs_no_word(dated):
    found = dated("2024年3月")
    assert found.series() == {"2024-03": "3000"}
    assert found.said == ([], "clean")


def test_t02_number_between_january_and_october_is_told_by_its_neighbours(dated):
    found = dated(2024.8, 2024.9, 2024.1, 2024.11, 2024.12, period="2024-H2")
    assert list(found.series()) == ["2024-08", "2024-09", "2024-10", "2024-11", "2024-12"]
    found = dated(2024.1, 2024.2, 2024.3, period="2024-Q1")
    assert list(found.series()) == ["2024-01", "2024-02", "2024-03"]


def test_t02_number_alone_is_asked_with_both_months_and_the_figure_in_its_unit(ask):
    rows = [["楼宇", "月份", "用电量(万kWh)", "电费(万元)"], ["主楼", 2024.1, 307, 180]]
    found = ask(rows, period="2024")
    assert found.figures == {}
    assert found.issues[0] == ("ambiguous_period", "error", "B2")
    assert found.verdict == "errors"
    asked = [
        (a.cell, a.facility, [(r["period"], float(r["value"])) for r in a.readings])
        for a in found.result.ambiguous
    ]
    assert asked == [
        ("C2", "主楼", [("2024-01", 3070000), ("2024-10", 3070000)]),
        ("D2", "主楼", [("2024-01", 1800000), ("2024-10", 1800000)]),
    ]


def test_t03_serial_number_of_a_day(dated):
    found = dated(45352)
    assert found.series() == {"2024-03": "3000"}
    assert found.said == ([SPELLING], "clean")


@pytest.mark.parametrize("style", ["General", "yyyy-mm-dd"])
def test_t03_serial_number_in_a_workbook_that_counts_from_1904(tmp_path, ask_file, style):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["月份", "用电量(kWh)", "电费(元)"], [43890, 3000, 1800]):
        book.active.append(row)
    book.active["A2"].number_format = style
    book.save(tmp_path / "表.xlsx")
    assert ask_file(tmp_path / "表.xlsx", period="2024-03").series() == {"2024-03": "3000"}


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_t04_month_without_a_year_is_of_the_year_that_is_filed(dated, year):
    found = dated("3月", period=f"{year}-03")
    assert found.series() == {f"{year}-03": "3000"}
    assert found.said == ([], "clean")


@pytest.mark.parametrize(
    ("text", "period", "said"),
    [
        ("一季度", "2024-Q1", []),
        ("Q1", "2024-Q1", []),
        ("1-3月", "2024-Q1", [SPELLING]),
        ("上半年", "2024-H1", []),
    ],
)
def test_t05_quarter_and_half_stay_whole(dated, text, period, said):
    found = dated(text, period="2024")
    assert (found.series(), found.series(measure="cost")) == ({period: "3000"}, {period: "1800"})
    assert found.said == (sorted([("period_granularity", "warning", "B2"), *said]), "warnings")


def test_t05_both_halves_and_their_year(dated):
    found = dated("上半年", "下半年", "全年", period="2024")
    assert found.series() == {"2024-H1": "3000", "2024-H2": "3050"}
    assert [i for i in found.issues if i[0] == "subtotal_mismatch"] == [
        ("subtotal_mismatch", "warning", "B4"), ("subtotal_mismatch", "warning", "C4")]  # fmt: skip


def test_t06_heating_season_is_an_interval_over_two_years(ask):
    rows = [["期间", "热力(GJ)", "热费(元)"], ["2023-2024采暖季", 3000, 240000]]
    found = ask(rows, period="2024")
    assert found.figures == {}
    assert found.said == ([("bad_period", "error", "A2")], "errors")
    assert "11 月 15 日" in found.result.issues[0].message
    assert "3 月 15 日" in found.result.issues[0].message


def test_t06_heating_season_in_the_title_is_not_taken_for_a_year(ask):
    rows = [["2023-2024采暖季供热统计"], ["楼宇", "热力(GJ)", "热费(元)"], ["主楼", 3000, 240000]]
    found = ask(rows, period="2024")
    assert found.figures == {}
    assert {i[:2] for i in found.issues} == {("bad_period", "error")}


def test_t06_months_without_a_year_under_a_heating_season_are_asked(ask):
    rows = [
        ["2023-2024采暖季供热统计"],
        ["月份", "热力(GJ)", "热费(元)"],
        ["11月", 3000, 240000],
        ["1月", 3200, 256000],
    ]
    found = ask(rows, period="2024")
    assert found.series("heat") == {"2024-01": "3200"}
    assert ("school_year", "error", "A3") in found.issues
    assert [(a.cell, [(r["period"], r["value"]) for r in a.readings]) for a in found.result.ambiguous] == [
        ("B3", [("2023-11", "3000"), ("2024-11", "3000")]),
        ("C3", [("2023-11", "240000"), ("2024-11", "240000")]),
    ]


def test_t07_reading_day_and_billing_period_belong_to_the_month_they_end_in(dated):
    found = dated("2024/3/26")
    assert found.series() == {"2024-03": "3000"}
    assert found.said == ([SPELLING], "clean")
    found = dated(datetime.date(2024, 3, 26), head="抄表日期")
    assert found.series() == {"2024-03": "3000"}
    assert found.said == ([], "clean")
    found = dated("2024/2/27-2024/3/26", head="抄表周期")
    assert found.series() == {"2024-03": "3000"}
    assert found.said == ([SPELLING], "clean")


def test_t07_definition_may_give_a_bill_to_the_month_it_began_in(workbook, energy, values):
    early = parse({**energy.body, "billing_month": "start"})
    rows = [
        ["计费周期", "用电量(kWh)"],
        ["2024/2/27-2024/3/26", 3000],
        ["3月27日-4月26日", 3100],
        ["2024年6月", 3200],
    ]
    result = run(workbook({"表": rows}), Context(early, ("示例大学",), {}, "2024"))
    assert {k[3]: v for k, v in values(result).items()} == {"2024-02": 3000, "2024-03": 3100, "2024-06": 3200}
    with pytest.raises(DefinitionError, match="billing_month"):
        parse({**energy.body, "billing_month": "middle"})


def test_t08_school_year_beside_months_is_an_error(dated):
    found = dated("2023-2024学年", "3月")
    assert found.series() == {"2024-03": "3050"}
    assert found.said == ([("bad_period", "error", "A2")], "errors")
    assert "学年" in found.result.issues[0].message.partition("：")[0]


def test_t08_months_without_a_year_under_a_school_year_are_asked(ask):
    rows = [
        ["2023-2024学年用电统计"],
        ["月份", "用电量(kWh)", "电费(元)"],
        ["3月", 3000, 1800],
        ["10月", 3100, 1860],
    ]
    found = ask(rows, period="2024")
    assert found.series() == {"2024-03": "3000"}
    assert ("school_year", "error", "A4") in found.issues
    assert found.verdict == "errors"
    assert [(a.cell, [(r["period"], r["value"]) for r in a.readings]) for a in found.result.ambiguous] == [
        ("B4", [("2023-10", "3100"), ("2024-10", "3100")]),
        ("C4", [("2023-10", "1860"), ("2024-10", "1860")]),
    ]


def test_t09_chinese_numerals(dated):
    found = dated("二〇二四年三月")
    assert found.series() == {"2024-03": "3000"}
    assert found.said == ([SPELLING], "clean")
