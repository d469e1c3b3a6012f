"""Numbers, sizes and dates as the look writes them."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from ui import formats

TODAY = datetime.date(2026, 3, 12)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (3421000, None, "3,421,000"),
        (Decimal("52300.00000000"), None, "52,300"),
        (Decimal("52300.5"), None, "52,300.5"),
        (-1234567.8, 0, "−1,234,568"),
        (2.5, 0, "3"),
        (Decimal("0.125"), 2, "0.13"),
        (0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (None, 1, "—"),
        ("", 1, "—"),
        ("暂无", 0, "—"),
        (float("nan"), 0, "—"),
        (True, 0, "—"),
    ],
)
def test_number(value, decimals, text):
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (186000, None, "+186,000"),
        (-3, None, "−3"),
        (0, 1, "0.0"),
        (0.04, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (None, 0, "—"),
    ],
)
def test_signed(value, decimals, text):
    assert formats.signed(value, decimals) == text


def test_shares_and_changes_come_from_ratios():
    assert formats.percent(0.918) == "91.8%"
    assert formats.change(0.207) == "+20.7%"
    assert formats.change(Decimal("-0.372")) == "−37.2%"
    assert formats.change(None) == formats.percent(None) == "—"


def test_count_and_measure_word_stay_together():
    assert formats.counted(61, "所") == "61\u00a0所"


@pytest.mark.parametrize(
    ("values", "unit", "first"),
    [
        ([33482000, 1210000], "万 kWh", "3,348.2"),
        ([651000], "万 tce", "65.1"),
        ([99999], "tce", "99,999.0"),
        ([1_500_000_000, 3], "亿 元", "15.0"),
        ([None, None], "元", "—"),
    ],
)
def test_one_unit_for_a_column_is_chosen_by_the_largest(values, unit, first):
    scale = formats.scale_for(values, unit.split()[-1])
    assert scale.unit == unit
    assert formats.number(scale.of(values[0]), 1) == first


def test_english_does_not_count_in_myriads():
    with translation.override("en"):
        assert formats.scale_for([33482000], "kWh").unit == "million kWh"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (86016, "84 KB"), (1258291, "1.2 MB"), (39845888, "38 MB"), (3 * 1024**3, "3.0 GB")],
)
def test_file_size(size, text):
    assert formats.file_size(size) == text


def test_dates_in_text():
    due = datetime.datetime(2026, 3, 31, 17, 0, tzinfo=SHANGHAI)
    assert formats.deadline(due, TODAY) == "3月31日（周二）17:00"
    assert formats.weekday(TODAY, TODAY) == "3月12日（周四）"
    assert formats.moment(datetime.datetime(2026, 3, 20, 8, 5, tzinfo=SHANGHAI), TODAY) == "3月20日 8:05"
    assert formats.day(datetime.date(2025, 3, 28), TODAY) == "2025年3月28日"
    assert formats.iso_day(due) == "2026-03-31"


def test_aware_moments_are_read_in_shanghai():
    late = datetime.datetime(2026, 3, 30, 20, 30, tzinfo=datetime.UTC)
    assert formats.moment(late, TODAY) == "3月31日 4:30"


def test_dates_in_english():
    with translation.override("en"):
        due = datetime.datetime(2026, 3, 31, 17, 0, tzinfo=SHANGHAI)
        assert formats.deadline(due, TODAY) == "Tue 31 Mar 17:00"


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "今天"), (1, "明天"), (-1, "昨天"), (19, "19 天后"), (-3, "3 天前"), (31, "31 天后"), (32, "")],
)
def test_relative_only_within_a_month(days, text):
    assert formats.relative(TODAY + datetime.timedelta(days=days), TODAY) == text


def test_no_date_is_not_reported():
    assert {formats.day(None), formats.deadline(None), formats.moment(None), formats.iso_day(None)} == {"—"}
    assert formats.relative(None) == ""


def test_change_from_next_to_nothing_to_sixteen_digits_is_still_written():
    assert formats.change(Decimal("9999999999999999.99999999") / Decimal("0.00000001")).startswith(
        "+99,999,999"
    )
