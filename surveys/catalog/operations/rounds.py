"""Opening rounds, moving their times."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit.operations import record
from notices.operations import notify
from surveys.catalog.models import Obligation, Participation, Round, Version
from surveys.catalog.plan import Plan
from surveys.catalog.queries import (
    CLOSED,
    by_facility,
    database_now,
    has_own_part,
    participants,
    round_state,
)
from ui.formats import deadline, full_day


class RoundIsClosed(Exception):
    """Nobody can file in the round any more; the text says what to do."""


@transaction.atomic
def open_round(
    *,
    code: str,
    version: Version,
    title: str,
    period: str,
    opens_at: datetime.datetime,
    due_at: datetime.datetime,
    closes_at: datetime.datetime,
    universities: Iterable[str],
    plan: Plan | None = None,
    actor_id: int | None = None,
) -> Round:
    """Creates a round of a published version and what each university (codes) owes in it; it reminds by `plan`.

    Raises ValidationError for a code that is taken, times out of order or a version that is not published.
    """
    if version.published_at is None:
        raise ValidationError(_("表样还没有发布，不能用来开批次。"))
    times = {"opens_at": opens_at, "due_at": due_at, "closes_at": closes_at}
    reminders = (plan or Plan()).body()
    round = Round(code=code, version=version, title=title, period=period, reminders=reminders, **times)
    round.full_clean()
    round.save(force_insert=True)
    add_universities(round=round, universities=universities, actor_id=actor_id)
    record(actor_id=actor_id, action="round.opened", object_type="round", object_id=code)
    return round


@transaction.atomic
def add_universities(*, round: Round, universities: Iterable[str], actor_id: int | None = None) -> int:
    """Lets universities (codes) owe the round and tells them, unless it is closed; those that owe it already are left
    as they are. Returns how many were new."""
    known = participants(round)
    new = [code for code in dict.fromkeys(universities) if code not in known]
    if by_facility(round):
        rows = [Participation(round=round, university_code=code) for code in new]
        Participation.objects.bulk_create(rows, ignore_conflicts=True)
    if has_own_part(round):
        owed = [Obligation(round=round, university_code=code) for code in new]
        Obligation.objects.bulk_create(owed, ignore_conflicts=True)
    if new:
        record(actor_id=actor_id, action="round.universities_added", object_type="round", object_id=round.pk)
    if round_state(round, database_now()) != CLOSED:
        with translation.override(settings.LANGUAGE_CODE):
            for code in new:
                _announce(round, code)
    return len(new)


def _announce(round: Round, university_code: str) -> None:
    values = {"round": round.title, "opens": full_day(round.opens_at), "due": deadline(round.due_at)}
    notify(
        subject=_("要填报：%(round)s") % values,
        body=_("%(opens)s 开始，%(due)s 截止。") % values,
        university_code=university_code,
        path=f"/u/{university_code}/rounds/{round.pk}/",
    )


@transaction.atomic
def let_join(
    *, round: Round, universities: Iterable[str], now: datetime.datetime, actor_id: int | None
) -> int:
    """Lets universities (codes) that came after the round was opened owe it as well. Returns how many were new. Raises
    RoundIsClosed: they could not file any more."""
    if round_state(round, now) == CLOSED:
        raise RoundIsClosed(_("批次已关闭，加进来的学校不能报。先改时间，再加学校。"))
    return add_universities(round=round, universities=universities, actor_id=actor_id)


@transaction.atomic
def change_times(
    *,
    round: Round,
    opens_at: datetime.datetime,
    due_at: datetime.datetime,
    closes_at: datetime.datetime,
    actor_id: int | None,
) -> Round:
    """Moves a round's times; the trail names which. Raises ValidationError for times out of order."""
    current = Round.objects.select_for_update().get(pk=round.pk)
    wanted = {"opens_at": opens_at, "due_at": due_at, "closes_at": closes_at}
    changed = [name for name, value in wanted.items() if getattr(current, name) != value]
    for name, value in wanted.items():
        setattr(current, name, value)
    current.full_clean()
    if changed:
        current.save(update_fields=changed)
        record(
            actor_id=actor_id,
            action="round.times_changed",
            object_type="round",
            object_id=round.pk,
            fields=changed,
        )
    return current
