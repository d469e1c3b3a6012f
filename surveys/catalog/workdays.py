"""Working days of the People's Republic: the published holidays and the Saturdays and Sundays worked for them. Pure.

The calendar (chinesecalendar) knows the years whose arrangement the State Council has published. In any other year
Monday to Friday are working days, and `is_known` says that this was assumed.
"""

from __future__ import annotations

import datetime

import chinese_calendar

DAY = datetime.timedelta(days=1)


def is_known(day: datetime.date) -> bool:
    """Whether the arrangement of the day's year is in the calendar."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_workday(day: datetime.date) -> bool:
    """Whether people work on the day; in a year the calendar does not know, from Monday to Friday."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def shifted(day: datetime.date, number: int) -> datetime.date:
    """The `number`-th working day after the day, before it where the number is negative; 0 is the day itself."""
    step = DAY if number > 0 else -DAY
    for _turn in range(abs(number)):
        day += step
        while not is_workday(day):
            day += step
    return day


def between(start: datetime.date, end: datetime.date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative where `end` comes first."""
    if end < start:
        return -between(end, start)
    return sum(is_workday(start + number * DAY) for number in range(1, (end - start).days + 1))


def assumed(start: datetime.date, end: datetime.date) -> tuple[int, ...]:
    """The years between two days that the calendar does not know."""
    years = range(min(start.year, end.year), max(start.year, end.year) + 1)
    return tuple(year for year in years if not is_known(datetime.date(year, 1, 1)))
