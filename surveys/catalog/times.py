"""Deadlines in words, counted in the working days of the People's Republic."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.catalog import workdays
from surveys.catalog.models import MANUAL
from surveys.catalog.plan import APPROVER, ASSOCIATION
from ui.formats import listed


def days_left(due: datetime.datetime, now: datetime.datetime) -> str:
    """`还有 5 个工作日`, `今天截止`, `已过 2 个工作日`: from today to the day of the deadline."""
    today, last = timezone.localdate(now), last_day(due)
    if last == today and now < due:
        return _("今天截止")
    number = workdays.between(today, last)
    if now >= due:
        past = max(-number, 0)
        return ngettext("已过 %(n)s 个工作日", "已过 %(n)s 个工作日", past) % {"n": past}
    return ngettext("还有 %(n)s 个工作日", "还有 %(n)s 个工作日", number) % {"n": number}


def last_day(due: datetime.datetime) -> datetime.date:
    """The last whole or part day before a deadline: what is due at midnight was due the day before."""
    return timezone.localdate(due - datetime.timedelta(microseconds=1))


def assumption(start: datetime.datetime, end: datetime.datetime) -> str:
    """What must be said where a year's holidays are not known; '' where they are."""
    years = workdays.assumed(timezone.localdate(start), timezone.localdate(end))
    if not years:
        return ""
    return _("%(years)s 年的放假安排还没有收录，工作日按周一至周五算。") % {"years": listed(map(str, years))}


def step_words(key: str) -> str:
    """A step of a plan in words: `截止前 3 个工作日`."""
    if key == APPROVER:
        return _("升级到审核人")
    if key == ASSOCIATION:
        return _("升级到协会")
    if key == MANUAL:
        return _("手工提醒")
    where, _dash, number = key.partition("-")
    if where == "before":
        return ngettext("截止前 %(n)s 个工作日", "截止前 %(n)s 个工作日", int(number)) % {"n": number}
    return ngettext("截止后 %(n)s 个工作日", "截止后 %(n)s 个工作日", int(number)) % {"n": number}
