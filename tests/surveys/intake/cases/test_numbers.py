"""Numbers as people write them (cases N01–N22), each in its own small workbook: May between two usual months."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

CLEAN = ([], "clean")
MONTHS = [f"{m}月" for m in range(1, 13)]


def _error(kind: str) -> tuple:
    return [(kind, "error", "B3")], "errors"


def test_n01_thousands_commas_in_text(may):
    got, found = may("1,234,567.8", 700000)
    assert got == ("1234567.8", "700000")
    assert found.said == CLEAN


def test_n02_full_width_digits(may):
    got, found = may("１２３４．５", 700)
    assert got == ("1234.5", "700")
    assert found.said == CLEAN


def test_n03_full_width_comma_is_a_comma_and_an_enumeration_comma_is_asked(may):
    got, found = may("1，234", 700)
    assert got == ("1234", "700")
    assert found.said == CLEAN
    got, found = may("1、234", 700)
    assert got == (None, "700")
    assert found.said == _error("not_a_number")


@pytest.mark.parametrize("text", ["12.3万", "12.3万度", "12.3 万kWh"])
def test_n04_ten_thousands_in_the_cell(may, text):
    got, found = may(text, 70000)
    assert got == ("123000", "70000")
    assert found.said == ([("unit_converted", "info", "B3")], "clean")


def test_n04_number_written_out_in_chinese(may):
    got, found = may("一万二千三百", 7000)
    assert got == ("12300", "7000")
    assert found.said == CLEAN


def test_n05_unit_of_the_header_wins_over_that_of_the_form(may):
    got, found = may(307, 1800000, unit="万kWh")
    assert got == ("3070000", "1800000")
    assert found.said == ([("unit_converted", "info", "B1")], "clean")


def test_n06_hundreds_where_last_year_had_millions_are_asked(ask):
    numbers = [310, 180, 290, 280, 285, 330, 250, 210, 320, 290, 300, 335]
    history = pd.DataFrame(
        [("", "electricity", "quantity", f"2023-{m:02d}", n * 10000.0) for m, n in enumerate(numbers, 1)],
        columns=["facility", "item", "measure", "period", "value"],
    )
    rows = [["月份", "用电量(kWh)"], *[[m, n] for m, n in zip(MONTHS, numbers, strict=True)]]
    found = ask(rows, period="2024", history=history)
    assert found.figures == {}
    assert found.asked == {f"B{r}": [str(n), str(n * 10000)] for r, n in enumerate(numbers, 2)}
    suspects = [("unit_suspect", "error", f"B{r}") for r in range(2, 14)]
    assert found.said == (sorted([*suspects, ("unmatched", "warning", "B2")]), "errors")
    assert {i.fix["factor"] for i in found.result.issues if i.kind == "unit_suspect"} == {"10000"}


@pytest.mark.parametrize("text", ["约3000", "3000左右", "≈3000"])
def test_n07_estimate_is_loaded_and_flagged(may, text):
    got, found = may(text)
    assert got == ("3000", "1800")
    assert found.said == ([("estimated", "warning", "B3")], "warnings")
    assert found.result.frame["flag"].tolist().count("estimated") == 1


@pytest.mark.parametrize("text", ["3000kWh", "3000度", "3000 KWH"])
def test_n08_own_unit_behind_the_number(may, text):
    got, found = may(text)
    assert got == ("3000", "1800")
    assert found.said == CLEAN


@pytest.mark.parametrize("text", ["-", "--", "——", "---", "/", "\\", "无", "N/A", "#N/A", "null", "空"])
def test_n09_placeholder_is_a_missing_figure_and_never_zero(may, text):
    got, found = may(text)
    assert got == ("missing", "1800")
    assert found.said == ([("missing", "warning", "B3")], "warnings")


def test_n10_zero_is_a_figure_and_a_blank_is_none(may):
    got, found = may(0, 0)
    assert got == ("0", "0")
    assert found.said == CLEAN
    got, found = may(None)
    assert got == ("missing", "1800")
    assert found.said == ([("missing", "warning", "B3")], "warnings")


@pytest.mark.parametrize("text", ["#REF!", "#DIV/0!", "#VALUE!"])
def test_n11_error_of_a_formula_names_its_cell_and_is_counted(may, text):
    got, found = may(text)
    assert got == (None, "1800")
    assert found.said == _error("excel_error")
    assert (found.result.meta["cells"]["all"], found.result.meta["cells"]["reported"]) == (12, 1)


def test_n12_formula_without_a_stored_value_asks_for_values(may):
    got, found = may("=SUM(B2:B2)")
    assert got == (None, "1800")
    assert found.said == _error("formula_without_value")
    assert found.asked == {"B3": []}
    assert "选择性粘贴" in found.result.issues[0].suggestion
    assert (found.result.meta["cells"]["all"], found.result.meta["cells"]["reported"]) == (12, 1)


@pytest.mark.parametrize("value", ["(1,200)", -1200])
def test_n13_negative_use_is_an_error(may, value):
    got, found = may(value)
    assert got == (None, "1800")
    assert found.said == _error("negative")


def test_n14_scientific_notation(may):
    got, found = may("1.2E+06", 720000)
    assert got == ("1200000", "720000")
    assert found.said == CLEAN


@pytest.mark.parametrize("text", ["12 345", "12\u00a0345", "12\u200b345", " 12345 "])
def test_n15_blanks_of_all_kinds_inside_a_number(may, text):
    got, found = may(text, 7400)
    assert got == ("12345", "7400")
    assert found.said == CLEAN


def test_n16_european_number_is_not_guessed(may):
    got, found = may("12.345,6", 7400)
    assert got == (None, "7400")
    assert found.said == _error("ambiguous_number")


@pytest.mark.parametrize(
    ("text", "said"), [("¥12,300.00", []), ("12300元", []), ("1.23万元", [("unit_converted", "info", "C3")])]
)
def test_n17_money_with_its_sign_or_unit(may, text, said):
    got, found = may(20000, text)
    assert got == ("20000", "12300")
    assert found.said == (said, "clean")


def test_n18_number_stored_as_text(tmp_path, ask_file):
    book = openpyxl.Workbook()
    for row in (
        ["月份", "用电量(kWh)", "电费(元)"],
        ["1月", 3000, 1800],
        ["2月", "3200", "1900"],
        ["3月", 3100, 1860],
    ):
        book.active.append(row)
    for cell in ("B3", "C3"):
        book.active[cell].number_format, book.active[cell].data_type = "@", "s"
    book.save(tmp_path / "表.xlsx")
    found = ask_file(tmp_path / "表.xlsx")
    assert found.series() == {"2024-01": "3000", "2024-02": "3200", "2024-03": "3100"}
    assert found.said == CLEAN


@pytest.mark.parametrize("code", ["9.11201E+17", 911201000000000000.0])
@pytest.mark.parametrize("head", ["统一社会信用代码", "身份证号"])
def test_n19_code_that_lost_its_digits_is_an_error(ask, head, code):
    rows = [[head, "月份", "用电量(kWh)", "电费(元)"]]
    rows += [[code, m, 3000 + 50 * i, 1800 + 30 * i] for i, m in enumerate(MONTHS[:3])]
    found = ask(rows)
    assert found.series() == {"2024-01": "3000", "2024-02": "3050", "2024-03": "3100"}
    assert found.said == ([("digits_lost", "error", "A2")], "errors")


def test_n19_code_kept_as_text_is_no_finding(ask):
    rows = [["统一社会信用代码", "月份", "用电量(kWh)", "电费(元)"]]
    rows += [["91120100000000000X", m, 3000 + 50 * i, 1800 + 30 * i] for i, m in enumerate(MONTHS[:3])]
    assert ask(rows).said == CLEAN


@pytest.mark.parametrize("text", ["3OOO", "l200"])
def test_n20_letters_for_digits_are_pointed_out(may, text):
    got, found = may(text)
    assert got == (None, "1800")
    assert found.said == _error("not_a_number")
    assert "里有字母" in found.result.issues[0].message


def test_n21_percentage_is_no_quantity_and_its_own_column_is_left_out(may, ask):
    got, found = may("85%")
    assert got == (None, "1800")
    assert found.said == _error("not_a_number")
    rows = [["月份", "用电量(kWh)", "电费(元)", "完成率"], ["1月", 3000, 1800, "85%"], ["2月", 3050, 1830, 85],
            ["3月", 3100, 1860, 0.85]]  # fmt: skip
    found = ask(rows)
    assert found.series() == {"2024-01": "3000", "2024-02": "3050", "2024-03": "3100"}
    assert found.said == CLEAN
    assert [(g.cells, g.count) for g in found.result.ignored][-1] == ("D2:D4", 3)


def test_n22_every_place_of_a_number_is_kept(may):
    got, found = may(3000.123456789012, 1800.5)
    assert got == ("3000.123456789012", "1800.5")
    assert found.said == CLEAN
