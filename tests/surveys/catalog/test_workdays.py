"""Working days as the State Council published them, and what is said of a year it has not published."""

import datetime

import pytest

from surveys.catalog import workdays
from surveys.catalog.times import assumption, days_left, last_day
from tests.surveys.factories import SHANGHAI

DATE = datetime.date


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (DATE(2025, 10, 1), False),  # National Day
        (DATE(2025, 9, 28), True),  # a Sunday worked for it
        (DATE(2025, 10, 11), True),  # a Saturday worked for it
        (DATE(2025, 10, 12), False),  # an ordinary Sunday
        (DATE(2025, 1, 28), False),  # the eve of the Spring Festival
        (DATE(2025, 1, 26), True),  # a Sunday worked for it
    ],
)
def test_holidays_are_free_and_weekends_worked_for_them_are_not(day, works):
    assert (workdays.is_known(day), workdays.is_workday(day)) == (True, works)


def test_days_are_counted_across_a_golden_week():
    # 30 September is a Tuesday; 1–8 October are free, 9 and 10 and the Saturday 11 are worked
    assert workdays.between(DATE(2025, 9, 30), DATE(2025, 10, 11)) == 3
    assert workdays.between(DATE(2025, 10, 11), DATE(2025, 9, 30)) == -3
    assert workdays.shifted(DATE(2025, 9, 30), 1) == DATE(2025, 10, 9)
    assert workdays.shifted(DATE(2025, 10, 9), -1) == DATE(2025, 9, 30)
    assert workdays.shifted(DATE(2025, 10, 9), -3) == DATE(2025, 9, 28)


def test_shifting_and_counting_agree():
    start = DATE(2025, 1, 20)
    for number in range(1, 60):
        assert workdays.between(start, workdays.shifted(start, number)) == number


def test_a_year_without_a_published_arrangement_is_monday_to_friday_and_said_so():
    assert not workdays.is_known(DATE(2031, 1, 1))
    assert [workdays.is_workday(DATE(2031, 1, day)) for day in (1, 3, 4, 5, 6)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    start, end = (datetime.datetime(year, 12, 30, tzinfo=SHANGHAI) for year in (2025, 2031))
    assert assumption(start, end).endswith("2031 年的放假安排还没有收录，工作日按周一至周五算。")
    assert assumption(start, start) == ""


def test_days_left_are_said_in_working_days():
    due = datetime.datetime(2025, 10, 11, 17, tzinfo=SHANGHAI)
    assert days_left(due, datetime.datetime(2025, 9, 30, 9, tzinfo=SHANGHAI)) == "还有 3 个工作日"
    assert days_left(due, due - datetime.timedelta(hours=1)) == "今天截止"
    assert days_left(due, datetime.datetime(2025, 10, 14, 9, tzinfo=SHANGHAI)) == "已过 2 个工作日"


def test_what_is_due_at_midnight_was_due_the_day_before():
    assert last_day(datetime.datetime(2025, 4, 1, tzinfo=SHANGHAI)) == DATE(2025, 3, 31)
