"""Publishing definitions, opening rounds, and moving obligations from state to state."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from audit.operations import record
from notices.operations import notify
from surveys.catalog.models import Instrument, Obligation, ObligationState, Round, Version
from surveys.catalog.queries import CLOSED, HANDED_IN, LATE, OPEN, database_now, round_state
from surveys.definition import Definition
from ui.formats import deadline, full_day

__all__ = [
    "RoundIsClosed",
    "TransitionRefused",
    "add_universities",
    "change_times",
    "database_now",
    "let_join",
    "open_round",
    "publish_version",
    "remind",
    "set_obligation_state",
]

State = ObligationState
# from → to. Withdrawing leads from sealed to draft; an amendment begins at accepted.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.NONE: frozenset({State.DRAFT}),
    State.DRAFT: frozenset({State.NONE, State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.DRAFT, State.SEALED}),
    State.SEALED: frozenset({State.DRAFT, State.RETURNED, State.ACCEPTED}),
    State.RETURNED: frozenset({State.DRAFT, State.SUBMITTED}),
    State.ACCEPTED: frozenset({State.DRAFT, State.SUBMITTED}),
}
REMIND_AGAIN = datetime.timedelta(days=1)


class NothingToRemind(Exception):
    """The round takes nothing at this moment; the text says why."""


class RoundIsClosed(Exception):
    """Nobody can file in the round any more; the text says what to do."""


class TransitionRefused(Exception):
    """The obligation cannot go from where it stands to where it was sent."""

    def __init__(self, before: str, after: str):
        self.before, self.after = before, after
        labels = {"before": State(before).label, "after": State(after).label}
        super().__init__(_("现在是“%(before)s”，不能改为“%(after)s”。") % labels)


@transaction.atomic
def publish_version(
    definition: Definition, *, actor_id: int | None = None, now: datetime.datetime | None = None
) -> Version:
    """Freezes a definition as the next version of its instrument, which goes to the committee the definition names.
    The same definition (by its hash) is published once: repeating it returns the version there is."""
    instrument, _created = Instrument.objects.get_or_create(
        code=definition.code,
        defaults={
            "kind": definition.kind,
            "title": definition.title["zh"],
            "title_en": definition.title.get("en", ""),
            "committee_code": definition.committee,
        },
    )
    # two publishers at once: the second waits here and then finds the first one's version
    instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    existing = instrument.versions.filter(sha256=definition.definition_hash).first()
    if existing:
        return existing
    instrument.committee_code = definition.committee
    instrument.save(update_fields=["committee_code"])
    last = instrument.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        instrument=instrument,
        number=last + 1,
        body=definition.canonical_json(),
        sha256=definition.definition_hash,
        published_at=now or database_now(),
    )
    record(actor_id=actor_id, action="version.published", object_type="version", object_id=str(version.pk))
    return version


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
    actor_id: int | None = None,
) -> Round:
    """Creates a round of a published version and what each university (codes) owes in it.

    Raises ValidationError for a code that is taken, times out of order or a version that is not published.
    """
    if version.published_at is None:
        raise ValidationError(_("表样还没有发布，不能用来开批次。"))
    times = {"opens_at": opens_at, "due_at": due_at, "closes_at": closes_at}
    round = Round(code=code, version=version, title=title, period=period, **times)
    round.full_clean()
    round.save(force_insert=True)
    add_universities(round=round, universities=universities, actor_id=actor_id)
    record(actor_id=actor_id, action="round.opened", object_type="round", object_id=code)
    return round


@transaction.atomic
def add_universities(*, round: Round, universities: Iterable[str], actor_id: int | None = None) -> int:
    """Lets universities (codes) owe the round and tells them, unless it is closed; those that owe it already are left
    as they are. Returns how many were new."""
    known = set(round.obligations.filter(unit="").values_list("university_code", flat=True))
    new = [code for code in dict.fromkeys(universities) if code not in known]
    rows = [Obligation(round=round, university_code=code) for code in new]
    Obligation.objects.bulk_create(rows, ignore_conflicts=True)
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


@transaction.atomic
def set_obligation_state(
    *, round_code: str, university_code: str, state: str, now: datetime.datetime, unit: str = ""
) -> Obligation:
    """Moves an obligation along TRANSITIONS; where it stands already is no move. Being sealed for the first time
    sets first_sealed_at, once. Works under the university's role, which may write these columns only (and neither
    `returned` nor `accepted`).

    Raises TransitionRefused, Obligation.DoesNotExist.
    """
    row = Obligation.objects.select_for_update().get(
        round_id=round_code, university_code=university_code, unit=unit
    )
    if row.state == state:
        return row
    if state not in TRANSITIONS[row.state]:
        raise TransitionRefused(row.state, state)
    fields = {"state": state, "state_at": now}
    if state == State.SEALED and row.first_sealed_at is None:
        fields["first_sealed_at"] = now
    Obligation.objects.filter(pk=row.pk).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)
    return row


@transaction.atomic
def remind(*, round: Round, actor_id: int, now: datetime.datetime) -> list[str]:
    """A notice to every university that has not handed in, except those reminded within a day. Returns the codes of
    the reminded. Raises NothingToRemind when the round is not open for filing."""
    state = round_state(round, now)
    if state not in (OPEN, LATE):
        raise NothingToRemind(_("批次未开始或已关闭，学校现在不能报，不提醒。"))
    owing = round.obligations.select_for_update().exclude(state__in=HANDED_IN)
    due = owing.exclude(reminded_at__gt=now - REMIND_AGAIN).order_by("university_code", "unit")
    ids = [row.pk for row in due]
    codes = list(dict.fromkeys(row.university_code for row in due))
    with translation.override(settings.LANGUAGE_CODE):
        for code in codes:
            _send_reminder(round, code, late=state == LATE)
    Obligation.objects.filter(pk__in=ids).update(reminded_at=now)
    if codes:
        record(actor_id=actor_id, action="round.reminded", object_type="round", object_id=round.pk)
    return codes


def _send_reminder(round: Round, university_code: str, *, late: bool) -> None:
    values = {"round": round.title, "due": deadline(round.due_at), "closes": deadline(round.closes_at)}
    subject = _("%(round)s已过截止时间，还没有报送") if late else _("%(round)s还没有报送")
    body = _("%(closes)s 关闭，之前仍可报。") if late else _("%(due)s 截止。")
    notify(
        subject=subject % values,
        body=body % values,
        university_code=university_code,
        path=f"/u/{university_code}/rounds/{round.pk}/",
    )
