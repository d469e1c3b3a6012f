"""Reminding who has not handed in."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit.operations import record
from notices.operations import notify
from surveys.catalog.models import Obligation, Round
from surveys.catalog.queries import HANDED_IN, LATE, OPEN, STANDS, is_running, window_state
from ui.formats import deadline

REMIND_AGAIN = datetime.timedelta(days=1)


class NothingToRemind(Exception):
    """The round takes nothing at this moment; the text says why."""


@transaction.atomic
def remind(*, round: Round, actor_id: int, now: datetime.datetime) -> list[str]:
    """A notice to every university that has not handed in and still can, except those reminded within a day. Returns
    the codes of the reminded. Raises NothingToRemind when nobody can file in the round."""
    if not Round.objects.filter(is_running(now), pk=round.pk).exists():
        raise NothingToRemind(_("批次未开始或已关闭，学校现在不能报，不提醒。"))
    rows = round.obligations.select_for_update(of=("self",)).select_related("round")
    owing = rows.annotate(stands=STANDS).exclude(stands__in=HANDED_IN)
    due = owing.exclude(reminded_at__gt=now - REMIND_AGAIN).order_by("university_code", "unit")
    found = [row for row in due if window_state(row, now) in (OPEN, LATE)]
    told = {row.university_code: row for row in reversed(found)}
    with translation.override(settings.LANGUAGE_CODE):
        for code in sorted(told):
            _send_reminder(told[code], late=window_state(told[code], now) == LATE)
    Obligation.objects.filter(pk__in=[row.pk for row in found]).update(reminded_at=now)
    if told:
        record(actor_id=actor_id, action="round.reminded", object_type="round", object_id=round.pk)
    return sorted(told)


def _send_reminder(row: Obligation, *, late: bool) -> None:
    values = {
        "round": row.round.title,
        "due": deadline(row.due_at),
        "closes": deadline(row.closes_at),
    }
    subject = _("%(round)s已过截止时间，还没有报送") if late else _("%(round)s还没有报送")
    body = _("%(closes)s 关闭，之前仍可报。") if late else _("%(due)s 截止。")
    notify(
        subject=subject % values,
        body=body % values,
        university_code=row.university_code,
        path=f"/u/{row.university_code}/rounds/{row.round_id}/",
    )
