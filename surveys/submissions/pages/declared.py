"""What was declared beside the figures of a seal, in words: on the pages, and on the paper."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.catalog.names import month_span
from ui.formats import full_day, moment


@dataclass(frozen=True)
class Declared:
    """One declaration: what it says, why, who said it and when ('' where it is not known)."""

    title: str
    reason: str
    by: str = ""

    @property
    def sentence(self) -> str:
        """On the paper: one line."""
        return _("%(title)s。原因：%(reason)s") % {"title": self.title, "reason": self.reason}


def declared_lines(declared: Mapping) -> list[Declared]:
    """The declarations of Submission.declared, what changes the reading of the figures first."""
    found = []
    if entry := declared.get("nil"):
        found.append(Declared(_("零报告：本校在这个批次没有可报的数"), entry["reason"], by_whom(entry)))
    if entry := declared.get("covers"):
        span = month_span(entry["from"], entry["to"])
        title = _("只报%(months)s；要整期数据的指标不计算，不按月数放大") % {"months": span}
        found.append(Declared(title, entry["reason"], by_whom(entry)))
    if entry := declared.get("signed_for"):
        until = _("代签到 %(day)s 为止") % {"day": full_day(datetime.date.fromisoformat(entry["until"]))}
        title = _("由%(by)s代%(name)s签发") % {"by": entry["by"], "name": entry["name"]}
        found.append(Declared(title, entry["reason"], until))
    return found


def by_whom(entry: Mapping) -> str:
    """Who declared it and when; '' where that is not known."""
    if not entry.get("at"):
        return entry.get("by", "")
    return f"{entry['by']} {moment(datetime.datetime.fromisoformat(entry['at']))}"
