"""Months, quarters and years as people write them → `2024-03`, `2024-Q1`, `2024-H1`, `2024`, `2025-03-18`."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from surveys.intake.numerals import chinese_number

_ENGLISH = {
    m: i
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}


@dataclass(frozen=True)
class When:
    """A period read from a cell. `year` is 0 when the cell names none; `plain` is False for an unusual spelling.

    part: 03, Q1, H1, '' for the year, or M1-9 for months that are none of these. `begun`: year (0 for none) and month
    in which a billing period began that ends in this month.
    """

    year: int
    part: str
    plain: bool = True
    day: str = ""
    begun: tuple[int, int] | None = None

    def text(self, year: int) -> str:
        """The period with `year` filled in where the cell named none."""
        head = str(self.year or year)
        return f"{head}-{self.part}" if self.part else head

    @property
    def month(self) -> int:
        """The month 1–12, or 0 for a quarter, half or year."""
        return int(self.part) if self.part.isdecimal() else 0


def at_start(when: When | None) -> When | None:
    """A billing period by the month it began in; anything else as it is."""
    return When(when.begun[0], f"{when.begun[1]:02d}", False) if when and when.begun else when


def month_of(period: str) -> int:
    """The month of `2024-03`, 0 for anything wider."""
    return int(period[5:7]) if len(period) >= 7 and period[5:7].isdecimal() else 0


def months_in(period: str) -> tuple[str, ...]:
    """The months a period covers: twelve for `2024`, three for `2024-Q1`, one for `2024-03`; () if unreadable."""
    year, part = period[:4], period[5:]
    if not year.isdecimal():
        return ()
    if not part:
        first, last = 1, 12
    elif part[0] == "Q" and part[1:] in "1234":
        first = int(part[1:]) * 3 - 2
        last = first + 2
    elif part in ("H1", "H2"):
        first, last = (1, 6) if part == "H1" else (7, 12)
    elif part[:2].isdecimal():
        first = last = int(part[:2])
    elif several := re.fullmatch(r"M(\d+)-(\d+)", part):
        first, last = int(several.group(1)), int(several.group(2))
    else:
        return ()
    return tuple(f"{year}-{m:02d}" for m in range(first, last + 1))


def parts_of(period: str) -> tuple[tuple[str, ...], ...]:
    """What a wider period may be the sum of: its months, else its quarters, else its halves."""
    months, year = set(months_in(period)), period[:4]
    wider = ([f"{year}-Q{n}" for n in range(1, 5)], [f"{year}-H1", f"{year}-H2"])
    inside = (tuple(p for p in some if p != period and set(months_in(p)) <= months) for some in wider)
    return tuple(sorted(months)), *inside


def is_span(period: str) -> bool:
    """Whether a period is a run of months that is no quarter, half or year: 2024-M1-9."""
    return period[5:6] == "M"


def covers(wide: str, narrow: str) -> bool:
    """Whether `narrow` lies inside `wide` (both periods)."""
    months = months_in(narrow)
    return bool(months) and set(months) <= set(months_in(wide))


_N = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_Y = r"(?:(\d{4}|\d{2}|[一二三四五六七八九〇零○O]{4})(?:年度?|[-./]|\s)?)"
_PATTERNS = [
    (
        "day",
        re.compile(
            r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
            r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
        ),
    ),
    ("compact_day", re.compile(r"(20\d{2})(\d{2})(\d{2})")),
    ("range", re.compile(rf"{_Y}?{_N}月?[-—–~至到]+{_N}月份?")),
    ("quarter", re.compile(rf"{_Y}?第?([1-4一二三四])季度?")),
    ("quarter", re.compile(rf"{_Y}?-?[Qq]([1-4])")),
    ("half", re.compile(rf"{_Y}?(上半年|下半年|[Hh][12])")),
    ("month", re.compile(rf"{_Y}?{_N}月份?")),
    ("month", re.compile(r"(20\d{2})(?:[-./]|-?M)(\d{1,2})")),
    ("month", re.compile(r"(20\d{2})(0[1-9]|1[0-2])")),
    ("short", re.compile(r"(\d{2})[-./](\d{1,2})")),
    ("english", re.compile(r"(?:(20\d{2})[-./ ]?)?([A-Za-z]{3})[A-Za-z]*\.?(?:[-./ ,]*(20\d{2}|\d{2}))?")),
    ("year", re.compile(r"(20\d{2})(?:年度?|全年|年全年)?")),
    ("year", re.compile(r"([二][〇零○O][一二三四五六七八九〇零○O]{2})年度?")),
]


_DAY = r"(?:(20\d{2})[-./年])?(\d{1,2})[-./月](\d{1,2})日?"
_DAYS = re.compile(rf"{_DAY}[-—–~至到]+{_DAY}")
# how long the month is: 1月(31天)
_LENGTH = re.compile(r"\(?(?:共)?(?:28|29|30|31)[天日]\)$")
# a week by its days: 第1周(1.1-1.7)
_WEEK = re.compile(r"^第[\d一二三四五六]{1,3}周[(:]?(?=\d)")
_MAYBE = re.compile(r"[年月季半qQhHM\-./—–~至到]|^\d+$|^[A-Za-z]{3}")


@lru_cache(maxsize=20000)
def parse_text(text: str) -> When | None:
    """A period from text that is nothing but a period; None otherwise."""
    clean = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("\n", "")
    clean = _WEEK.sub("", _LENGTH.sub("", clean)).strip("()[]").replace("元月", "1月")
    if not clean or len(clean) > 32 or not _MAYBE.search(clean):
        return None
    if billed := _DAYS.fullmatch(clean):
        return _billed(*billed.groups())
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(clean)
        if match:
            found = _build(kind, match)
            if found:
                return found
    return None


def _billed(*parts: str | None) -> When | None:
    """A billing period from a day to a day: the month it ends in, or the months it covers if there are several."""
    first_year, first_month, first_day, last_year, last_month, last_day = (int(p) if p else 0 for p in parts)
    end_year = last_year or first_year
    year = end_year or 2000
    start_year = first_year or year - (first_month > last_month)
    try:
        first = datetime.date(start_year, first_month, first_day)
        last = datetime.date(year, last_month, last_day)
    except ValueError:
        return None
    if first <= last and (last - first).days <= 35:
        return When(end_year, f"{last.month:02d}", False, begun=(start_year if end_year else 0, first.month))
    return span(end_year, first.month, last.month) if first.year == last.year and first.day == 1 else None


def _build(kind: str, match: re.Match) -> When | None:
    groups = match.groups()
    if kind in ("day", "compact_day"):
        try:
            day = datetime.date(*map(int, groups))
        except ValueError:
            return None
        return When(day.year, f"{day.month:02d}", False, day.isoformat())
    if kind == "english":
        month = _ENGLISH.get(groups[1].lower())
        return When(year_of(groups[0] or groups[2]), f"{month:02d}", False) if month else None
    if kind == "year":
        return When(year_of(groups[0]), "")
    year = year_of(groups[0])
    if kind == "range":
        return span(year, _number(groups[1]), _number(groups[2]))
    if kind == "quarter":
        return When(year, f"Q{_number(groups[1])}")
    if kind == "half":
        return When(year, "H1" if groups[1] in ("上半年", "H1", "h1") else "H2")
    month = _number(groups[1])
    if not month or not 1 <= month <= 12:
        return None
    return When(
        year, f"{month:02d}", kind == "month" and match.string.endswith("月") and groups[1].isdecimal()
    )


def span(year: int, first: int | None, last: int | None) -> When | None:
    """The months first..last as a quarter, half or year where they are one; None for no span at all."""
    parts = {
        (1, 3): "Q1",
        (4, 6): "Q2",
        (7, 9): "Q3",
        (10, 12): "Q4",
        (1, 6): "H1",
        (7, 12): "H2",
        (1, 12): "",
    }
    if not first or not last or not 1 <= first < last <= 12:
        return None
    return When(year, parts.get((first, last), f"M{first}-{last}"), False)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else chinese_number(text)


def year_of(text: str | None) -> int:
    """2024 of 2024, 24 and 二〇二四; 0 for none."""
    if not text:
        return 0
    number = _number(text) or 0
    return number + 2000 if number < 100 else number


def parse_value(value: object, role: bool = True, year: int = 0) -> When | None:
    """A period from any cell value. In a period column (`role`) bare 1–12, 202403 and serial dates count too."""
    if isinstance(value, datetime.datetime | datetime.date):
        return When(value.year, f"{value.month:02d}", True, f"{value:%Y-%m-%d}")
    if isinstance(value, str):
        found = parse_text(value)
        if found or not role:
            return found
        # what strips a text and what reads a number do not agree on every blank
        bare = value.strip()
        if not bare.isdecimal():
            return _numeral(bare)
        value = float(bare)
    if isinstance(value, float | int) and not isinstance(value, bool) and role:
        return _from_number(float(value))
    return None


def _numeral(text: str) -> When | None:
    """A month written as a bare Chinese numeral: 一 to 十二."""
    number = chinese_number(text) if len(text) <= 2 else None
    return When(0, f"{number:02d}", False) if number and 1 <= number <= 12 else None


def _from_number(number: float) -> When | None:
    # an infinity is no integer either
    if not number.is_integer():
        return None
    whole = int(number)
    if 1 <= whole <= 12:
        return When(0, f"{whole:02d}", False)
    if 200001 <= whole <= 209912 and 1 <= whole % 100 <= 12:
        return When(whole // 100, f"{whole % 100:02d}", False)
    if 2000 <= whole <= 2099:
        return When(whole, "")
    if 36526 <= whole <= 62000:
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=whole)
        return When(day.year, f"{day.month:02d}", False, day.isoformat())
    return None


def from_1904(value: object) -> object:
    """The serial number of a day in a workbook that counts from 1904, as other workbooks count it."""
    serial = isinstance(value, float) and value.is_integer() and 36526 - 1462 <= value <= 62000
    return value + 1462 if serial else value
