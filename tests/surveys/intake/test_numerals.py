"""Numbers written out are read as they stand, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.intake.numerals import chinese_number, written_out

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", "12"), ("二十", "20"), ("三百零五", "305"), ("一千二百三十", "1230"), ("一万二千", "12000"),
        ("十二万三千四百", "123400"), ("两千", "2000"), ("一千万", "10000000"), ("三亿零五百万", "305000000"),
        ("壹仟贰佰", "1200"), ("壹拾", "10"), ("一百一十", "110"), ("一万零三十", "10030"),
    ],
)  # fmt: skip
def test_number_written_out(text, number):
    assert written_out(text) == (number, "")


@pytest.mark.parametrize(
    ("text", "found"),
    [("一万二千度", ("12000", "度")), ("壹仟贰佰元整", ("1200", "元")), ("三万kWh", ("30000", "kWh"))],
)
def test_what_follows_is_the_unit(text, found):
    assert written_out(text) == found


@pytest.mark.parametrize(
    "text",
    # a dash, names and years, what is spoken otherwise than it is written, parts out of order
    [
        "一",
        "千瓦时",
        "三相电",
        "二〇二四",
        "一万二",
        "三百五",
        "百一",
        "十千",
        "一百千",
        "一万亿万",
        "12",
        "",
        "零零十",
    ],
)
def test_what_may_be_read_two_ways_is_not_read(text):
    assert written_out(text) is None


def spelt(number: int) -> str:
    """A number below a hundred million in full, the way a bank wants it."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return spelt(high) + "万" + gap + (spelt(low) if low else "")
    said, gap = "", False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + sign
        gap = not digit
    return said


@given(st.integers(10, 99_999_999))
def test_every_number_spelt_in_full_is_read_back(number):
    assert written_out(spelt(number)) == (str(number), "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12), ("十", 10), ("二十", 20), ("三", 3), ("〇", 0), ("两", 2), ("二〇二四", 2024), ("二○二四", 2024),
        ("二O二四", 2024), ("二零二四", 2024), ("", None), ("五月", None), ("½", None), ("12", None), ("百", None),
        ("十十", None), ("二二十", None),
    ],
)  # fmt: skip
def test_month_or_year_in_chinese(text, number):
    assert chinese_number(text) == number
