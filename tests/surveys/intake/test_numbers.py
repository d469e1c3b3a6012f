"""Values of cells, one spelling at a time."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import instruments
from surveys.intake.numbers import Cleaner, plain, times

CLEANER = Cleaner(instruments.get("energy"))


@pytest.mark.parametrize(("value", "exact"), [
    (268.9749, "268.9749"), (52512.0, "52512"), (1e-7, "0.0000001"), (1.2e22, "12000000000000000000000"),
    ("1,234,567.8", "1234567.8"), ("１２３４．５", "1234.5"), ("1，234", "1234"), ("12 345", "12345"),
    ("12\u00a0345", "12345"), ("12\u200b345", "12345"), ("1.2E+06", "1200000"), ("¥12,300.00", "12300.00"),
    ("12300元", "12300"), ("3000kWh", "3000"), ("3000度", "3000"), ("3000 KWH", "3000"), ("+5", "5"), (".5", "0.5"),
    ("0", "0"), (0.0, "0"),
])  # fmt: skip
def test_number_is_read_exactly(value, exact):
    found = CLEANER.clean(value)
    assert (found.state, Decimal(found.exact)) == ("number", Decimal(exact))


@pytest.mark.parametrize(("value", "exact", "scale", "unit"), [
    ("12.3万", "12.3", "10000", ""), ("12.3万度", "12.3", "1", "万度"), ("12.3 万kWh", "12.3", "1", "万kWh"), ("1.23万元", "1.23", "1", "万元"),  # noqa: E501
])  # fmt: skip
def test_unit_in_the_cell_is_kept_apart(value, exact, scale, unit):
    found = CLEANER.clean(value)
    assert (found.kind, found.exact, found.scale, found.unit) == ("unit_in_cell", exact, scale, unit)


@pytest.mark.parametrize("value", ["约3000", "3000左右", "≈3000", "大约3000", "暂估3000", "约3,000"])
def test_estimate_is_marked(value):
    found = CLEANER.clean(value)
    assert (found.state, found.kind, found.exact) == ("number", "estimated", "3000")


@pytest.mark.parametrize(
    "value",
    [
        "-",
        "--",
        "——",
        "---",
        "—",
        "/",
        "\\",
        "无",
        "N/A",
        "#N/A",
        "null",
        "空",
        "",
        " ",
        None,
        "待结算",
        "未抄表",
    ],
)
def test_no_figure_is_missing_and_never_zero(value):
    found = CLEANER.clean(value)
    assert (found.state, found.exact) == ("missing", "")


@pytest.mark.parametrize(("value", "kind"), [
    ("#REF!", "excel_error"), ("#DIV/0!", "excel_error"), ("#VALUE!", "excel_error"), ("(1,200)", "negative"), (-5.0, "negative"),  # noqa: E501
    ("-1,200", "negative"), ("12.345,6", "ambiguous_number"), ("1.234.567", "ambiguous_number"), ("1O5", "not_a_number"),  # noqa: E501
    ("l23", "not_a_number"), ("1、234", "not_a_number"), ("85%", "not_a_number"), ("见附件", "not_a_number"), (True, "not_a_number"),  # noqa: E501
    (datetime.date(2024, 1, 1), "not_a_number"), (float("nan"), "not_a_number"), ("3000斤", "not_a_number"), ("12,34", "ambiguous_number"),  # noqa: E501
])  # fmt: skip
def test_what_is_no_figure_is_an_error(value, kind):
    found = CLEANER.clean(value)
    assert (found.state, found.kind) == ("bad", kind)


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
def test_any_float_keeps_its_exact_value(value):
    assert float(plain(value)) == value


@given(
    st.decimals(min_value=0, max_value=10**12, places=4),
    st.sampled_from(["1", "10000", "0.001", "1.3793", "34.12"]),
)
def test_conversion_is_the_exact_product(value, factor):
    assert Decimal(times(format(value, "f"), factor)) == value * Decimal(factor)


@given(st.integers(0, 10**12), st.sampled_from(["{:,}", "{}", " {} ", "￥{:,}", "{}.00", "{:,}元"]))
def test_any_spelling_of_a_whole_number_is_that_number(number, spelling):
    found = CLEANER.clean(spelling.format(number))
    assert (found.state, Decimal(found.exact)) == ("number", number)


@given(st.text(max_size=30))
def test_any_text_gives_an_answer_and_a_number_only_if_digits_are_there(text):
    found = CLEANER.clean(text)
    assert found.state in ("number", "missing", "not_applicable", "bad")
    if found.state == "number":
        assert Decimal(found.exact) >= 0
        assert any(ch.isdigit() or ch.isnumeric() for ch in text)
