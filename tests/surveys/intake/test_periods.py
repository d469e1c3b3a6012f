"""Months, quarters and years as people write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.intake.decimals import decimal_months
from surveys.intake.periods import covers, months_in, parse_text, parse_value


@pytest.mark.parametrize("text", ["2024年3月", "2024年3月份", "2024年03月", "2024.3", "2024-3", "2024/03", "202403", "24.3", "24年3月",  # noqa: E501
                                  "二〇二四年三月", "2024 年 3 月", "Mar 2024", "2024-03-01", "2024/3/26", "20240326", "3月", "三月", "3月份"])  # fmt: skip  # noqa: E501
def test_every_spelling_of_march(text):
    assert parse_text(text).text(2024) == "2024-03"


@pytest.mark.parametrize(("text", "period"), [("一季度", "2024-Q1"), ("Q1", "2024-Q1"), ("1-3月", "2024-Q1"), ("第四季度", "2024-Q4"), ("2023Q2", "2023-Q2"),  # noqa: E501
                                              ("上半年", "2024-H1"), ("2023年下半年", "2023-H2"), ("2023年", "2023"), ("1-12月", "2024"), ("2-5月", "2024-M2-5")])  # fmt: skip  # noqa: E501
def test_wider_periods_stay_wide(text, period):
    assert parse_text(text).text(2024) == period


@pytest.mark.parametrize(
    "text",
    [
        "行政楼",
        "13月",
        "2024年13月",
        "合计",
        "2023-2024学年",
        "2023-2024采暖季",
        "1号楼",
        "",
        "2024-02-31",
    ],
)
def test_what_is_no_period(text):
    assert parse_text(text) is None


@pytest.mark.parametrize(
    "value", [45352.0, 202403.0, 3.0, "3", datetime.date(2024, 3, 1), datetime.datetime(2024, 3, 26)]
)
def test_numbers_and_dates_in_a_period_column(value):
    assert parse_value(value).text(2024) == "2024-03"


def test_numbers_are_no_period_elsewhere():
    assert parse_value(3.0, role=False) is None


def test_january_and_october_are_told_apart_by_their_neighbours():
    found = decimal_months([2024.1, 2024.2, 2024.3, 2024.9, 2024.1, 2024.11])
    assert [w.part for w in found] == ["01", "02", "03", "09", "10", "11"]


def test_january_and_october_without_neighbours_stay_open():
    assert decimal_months([2024.1]) == ["?"]


@given(
    st.integers(2000, 2099),
    st.integers(1, 12),
    st.sampled_from(["{}年{}月", "{}-{:02d}", "{}/{}", "{}.{:02d}", "{}{:02d}", "{}年{:02d}月份"]),
)
def test_any_month_in_any_spelling(year, month, spelling):
    assert parse_text(spelling.format(year, month)).text(1999) == f"{year}-{month:02d}"


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_nothing(text):
    when = parse_text(text)
    assert when is None or months_in(when.text(2024)) != ()


def test_a_year_covers_its_months_and_not_the_next():
    assert (
        covers("2024", "2024-03"),
        covers("2024", "2024-Q2"),
        covers("2024-Q1", "2024-04"),
        covers("2024", "2025-01"),
    ) == (True, True, False, False)


@pytest.mark.parametrize("blank", ["\x1f", "\x1c", "\u3000", "\u2009", "\x85"])
def test_month_with_any_blank_beside_it_is_the_month(blank):
    assert parse_value(f"5{blank}") == parse_value("5")
    assert parse_value(f"0{blank}") is None
