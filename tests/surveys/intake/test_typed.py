"""What is typed into a cell of the form is read by the rules of a workbook's cells."""

import pytest

from surveys import instruments
from surveys.intake.typed import Typist, fitting

TYPIST = Typist(instruments.get("energy"))


def typed(text: str, item: str = "electricity", measure: str = "quantity", period: str = "2024-05"):
    return TYPIST.read(item, measure, period, text)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("0", "0"), ("12.50", "12.5"), ("1,234", "1234"), ("１２３４", "1234"), ("12.3万", "123000"),
        ("3000度", "3000"), ("1.2 MWh", "1200"), ("1.2万kWh", "12000"), (" 5 ", "5"), ("1.5e3", "1500"),
    ],
)  # fmt: skip
def test_number_is_kept_exactly_in_the_base_unit(text, exact):
    found = typed(text)
    assert (found.state, found.exact, found.flag) == ("number", exact, "")


@pytest.mark.parametrize(("text", "factor"), [("12.3万", "10000"), ("1.2 MWh", "1000")])
def test_conversion_is_said(text, factor):
    assert typed(text).notes == (f"“{text}”按 ×{factor} 换算。",)


@pytest.mark.parametrize("text", ["一万二千", "一万二千度", "壹万贰仟"])
def test_number_written_out_is_read(text):
    assert (typed(text).state, typed(text).exact) == ("number", "12000")


def test_unit_of_the_column_itself_needs_no_words():
    assert typed("3000度").notes == ()


def test_tonnes_of_diesel_are_litres_by_the_factor_of_the_definition():
    assert typed("2 吨", "diesel").exact == "2381"


@pytest.mark.parametrize("text", ["约3000", "3000左右", "≈3000", "3000（估）"])
def test_estimate_is_flagged_and_said(text):
    found = typed(text)
    assert (found.exact, found.flag, found.notes) == ("3000", "estimated", (f"“{text}”是约数，标为估计值。",))


def test_estimate_in_another_unit_says_both():
    assert typed("约0.3万").notes == ("“约0.3万”是约数，标为估计值。", "“约0.3万”按 ×10000 换算。")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abc", "“abc”不是数字。改成纯数字，单位写在表头。"),
        ("-5", "“-5”是负数，用量和费用不能为负。核对读数；换表就分段填，冲账就填净额。"),
        ("12元", "“12元”的单位“元”不能用于电力用量。改成纯数字，单位写在表头。"),
        ("1.234,5", "“1.234,5”像欧式写法，逗号和点的意思不明。改成纯数字，单位写在表头。"),
        ("1" + "0" * 16, f"“1{'0' * 16}”太大，不能超过 16 位。核对小数点和单位。"),
        ("#REF!", "是公式错误 #REF!。在 Excel 里修好公式，或改成数值。"),
    ],
)
def test_what_is_no_figure_is_refused_with_the_reason(text, message):
    found = typed(text)
    assert (found.state, found.exact, found.message) == ("bad", "", message)


@pytest.mark.parametrize(("text", "reason"), [("", ""), ("—", ""), ("表坏", "表坏"), ("未抄表", "未抄表")])
def test_blank_is_missing_with_the_reason_that_was_typed(text, reason):
    found = typed(text)
    assert (found.state, found.flag, found.reason) == ("missing", "missing", reason)


@pytest.mark.parametrize(("text", "period"), [("不适用", "2024-01"), ("", "2024-07"), ("—", "2024-07")])
def test_what_does_not_apply_needs_no_reason(text, period):
    assert typed(text, "heat", period=period).flag == "not_applicable"


def test_heat_in_summer_can_be_typed():
    assert typed("12", "heat", period="2024-07").exact == "12"


@pytest.mark.parametrize(
    ("exact", "kept"), [("1.123456785", "1.12345678"), ("1.10", "1.1"), ("100", "100"), ("0.000", "0")]
)
def test_number_is_kept_as_the_draft_keeps_it(exact, kept):
    assert fitting(exact) == kept
