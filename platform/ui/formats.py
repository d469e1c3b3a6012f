"""How numbers, sizes and dates are written. Pure functions from a value to text; the filters are these."""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUS = "\u2212"
NOT_REPORTED = "—"
NBSP = "\u00a0"


def as_decimal(value):
    """A number as Decimal; None where there is none ('' and text included)."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


# a change from next to nothing to a figure of sixteen digits has more of them than usual arithmetic keeps
WIDE = Context(prec=500)


def rounded(number, decimals):
    """Half up, as spreadsheets show it: the office compares the page with its workbook."""
    return number.quantize(Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP, context=WIDE)


def number(value, decimals=None):
    """`-1234567.8` → `−1,234,568` with decimals 0. Without decimals as stored, without trailing zeros.

    None is "not reported", written —; zero is 0. A column gives the same decimals to all its cells.
    """
    amount = as_decimal(value)
    if amount is None:
        return NOT_REPORTED
    if decimals is not None:
        amount = rounded(amount, decimals)
    text = f"{abs(amount):,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if amount < 0 else "") + text


def signed(value, decimals=None):
    """A difference: `+186,000`, `−3`; what rounds to nothing is `0` without a sign."""
    text = number(value, decimals)
    if text == NOT_REPORTED or not text.strip(f"{MINUS}0.,"):
        return text.lstrip(MINUS)
    return text if text.startswith(MINUS) else "+" + text


def percent(value, decimals=1):
    """A share from its ratio: 0.918 → `91.8%`."""
    amount = as_decimal(value)
    return NOT_REPORTED if amount is None else number(amount * 100, decimals) + "%"


def change(value, decimals=1):
    """A relative change from its ratio, with its sign: 0.207 → `+20.7%`."""
    amount = as_decimal(value)
    return NOT_REPORTED if amount is None else signed(amount * 100, decimals) + "%"


def counted(value, measure):
    """A count and its measure word that stay on one line: 61, 所 → `61 所` with a no-break space."""
    return f"{number(value)}{NBSP}{measure}"


def listed(words):
    """Words one after the other: 综合类、理工类; — when there are none."""
    return _("、").join(words) or NOT_REPORTED


def phrases(parts):
    """Parts of one sentence: 草稿，312 个数，3 个错误."""
    return _("，").join(parts)


def noted(text, note):
    """A text with a note behind it: GB/T 2589-2020（2021）; the text alone where there is no note."""
    return _("%(text)s（%(note)s）") % {"text": text, "note": note} if note else str(text)


def labelled(label, value):
    """`综合类：14.7`"""
    return _("%(label)s：%(value)s") % {"label": label, "value": value}


@dataclass(frozen=True)
class Scale:
    """The unit of one column or chart: values are divided by `divisor`, `unit` stands once in the header."""

    divisor: int
    unit: str

    def of(self, value):
        """The value in this unit, None stays None."""
        amount = as_decimal(value)
        return None if amount is None else amount / self.divisor


def _steps():
    """Divisors, words, the least largest value they suit. Chinese counts in myriads, English does not."""
    if (get_language() or "zh").startswith("zh"):
        return ((10**8, "亿", 10**8), (10**4, "万", 10**5))
    return ((10**9, "billion", 10**9), (10**6, "million", 10**6))


def scale_for(values, unit=""):
    """One unit for all these values, chosen by the largest: 33,482,000 kWh → a Scale of 万 kWh."""
    largest = max((abs(v) for v in map(as_decimal, values) if v is not None), default=Decimal(0))
    for divisor, word, least in _steps():
        if largest >= least:
            return Scale(divisor, f"{word} {unit}".strip())
    return Scale(1, unit)


def file_size(size):
    """`84 KB`, `1.2 MB`; the unit people see in their file manager."""
    size = float(size or 0)
    for unit, limit in (("B", 1024), ("KB", 1024**2), ("MB", 1024**3)):
        if size < limit:
            amount = size * 1024 / limit
            return f"{amount:.1f} {unit}" if unit == "MB" and amount < 10 else f"{amount:.0f} {unit}"
    return f"{size / 1024**3:.1f} GB"


def _local(when):
    """A date or datetime as people here read it: aware moments in the current time zone."""
    if isinstance(when, datetime.datetime) and timezone.is_aware(when):
        return timezone.localtime(when)
    return when


def _chinese():
    return (get_language() or "zh").startswith("zh")


def day(when, today=None):
    """`3月12日`, with the year where it is not this one: `2025年3月28日`."""
    if not when:
        return NOT_REPORTED
    when, today = _local(when), today or timezone.localdate()
    if _chinese():
        text = f"{when.month}月{when.day}日"
        return text if when.year == today.year else f"{when.year}年{text}"
    text = f"{when.day} {_ENGLISH_MONTHS[when.month - 1]}"
    return text if when.year == today.year else f"{text} {when.year}"


def month_name(number):
    """`3月`, in English `Mar`: a month in a header, at an axis, in a sentence."""
    return f"{number}月" if _chinese() else _ENGLISH_MONTHS[number - 1]


def full_day(when):
    """`2025年3月28日`, the year always there: the date of a document."""
    return day(when, today=datetime.date.min)


def weekday(when, today=None):
    """`3月12日（周四）`: a day people plan for."""
    if not when:
        return NOT_REPORTED
    local = _local(when)
    if _chinese():
        return f"{day(when, today)}（周{'一二三四五六日'[local.weekday()]}）"
    return f"{_ENGLISH_DAYS[local.weekday()]} {day(when, today)}"


def clock(when):
    """`8:05`, `17:00`."""
    local = _local(when)
    return f"{local.hour}:{local.minute:02d}" if local else NOT_REPORTED


def moment(value, today=None):
    """`3月12日 8:05`: when something happened."""
    return f"{day(value, today)} {clock(value)}" if value else NOT_REPORTED


def deadline(value, today=None):
    """`3月31日（周二）17:00`: when something must be done."""
    if not value:
        return NOT_REPORTED
    return f"{weekday(value, today)}{'' if _chinese() else ' '}{clock(value)}"


def to_the_second(value):
    """`2026-03-20 08:05:12`: a moment on a paper, where it may be compared."""
    return _local(value).strftime("%Y-%m-%d %H:%M:%S") if value else NOT_REPORTED


def iso_day(value):
    """`2026-03-12`, for tables."""
    return _local(value).strftime("%Y-%m-%d") if value else NOT_REPORTED


def relative(value, today=None):
    """`19 天后`, `今天`, `昨天`, `3 天前`; nothing beyond 31 days. Stands beside the date, never alone."""
    if not value:
        return ""
    local = _local(value)
    local = local.date() if isinstance(local, datetime.datetime) else local
    days = (local - (today or timezone.localdate())).days
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}
    if days in near:
        return near[days]
    if abs(days) > 31:
        return ""
    if days > 0:
        return ngettext("%(days)s 天后", "%(days)s 天后", days) % {"days": days}
    return ngettext("%(days)s 天前", "%(days)s 天前", -days) % {"days": -days}


_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def tied(text):
    """A title with its numbers tied to what they count: `30 所` never breaks between the two."""
    return re.sub(r"(?<=\d) (?=[\u4e00-\u9fff])", "\u00a0", str(text))
