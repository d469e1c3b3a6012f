"""Another day for one university: asked for, granted or refused, or given without asking.

A university that has not handed in gets another due day, and closes no earlier than that. One that has handed in, and
needs the round open again to amend what was accepted, gets another closing: whether it was on time stays as it was.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from audit.operations import record
from notices.operations import notify, notify_association
from surveys.catalog.addresses import page_of, title_of
from surveys.catalog.models import Extension, ExtensionState, Obligation
from surveys.catalog.queries import moment_on
from tenants.models import University
from ui.formats import deadline, full_day

LONGEST = datetime.timedelta(days=366)


class ExtensionError(Exception):
    """The day cannot be asked for or given; the text says why and what to do."""


@transaction.atomic
def ask_extension(
    *,
    obligation: Obligation,
    wished_on: datetime.date,
    reason: str,
    actor_id: int,
    actor_name: str,
    now: datetime.datetime,
) -> Extension:
    """The university asks for another last day, under its role. Asking again while a request is open changes nothing
    and returns that request. Raises ExtensionError."""
    row = _locked(obligation)
    waiting = row.extensions.filter(state=ExtensionState.ASKED).first()
    if waiting:
        return waiting
    _check_moment(row, moment_on(wished_on, row.round), now)
    made = Extension.objects.create(
        obligation=row,
        university_code=row.university_code,
        reason=_reason(reason),
        wished_on=wished_on,
        asked_by_id=actor_id,
        asked_by_name=actor_name,
        asked_at=now,
    )
    _trail(made, actor_id, "extension.asked")
    _tell_association(made)
    return made


@transaction.atomic
def take_back_request(
    *, extension: Extension, actor_id: int, actor_name: str, now: datetime.datetime
) -> Extension:
    """The university takes a request back that nobody has answered, under its role; the association is told. Raises
    ExtensionError."""
    _locked(extension.obligation)
    current = Extension.objects.select_related("obligation__round__version__instrument").get(pk=extension.pk)
    _check_waiting(current)
    current.state = ExtensionState.TAKEN_BACK
    current.taken_back_by_name, current.taken_back_at = actor_name, now
    current.save(update_fields=["state", "taken_back_by_name", "taken_back_at"])
    _trail(current, actor_id, "extension.taken_back")
    _tell_association(current)
    return current


def _check_waiting(current: Extension) -> None:
    """Raises ExtensionError unless the request waits for an answer."""
    if current.state == ExtensionState.TAKEN_BACK:
        raise ExtensionError(_("这个申请学校已经收回。"))
    if current.state != ExtensionState.ASKED:
        values = {"who": current.answered_by_name, "what": current.get_state_display()}
        raise ExtensionError(_("%(who)s刚刚答复过：%(what)s。") % values)


@transaction.atomic
def answer_request(
    *,
    extension: Extension,
    until: datetime.date | None,
    answer: str,
    actor_id: int,
    actor_name: str,
    now: datetime.datetime,
) -> Extension:
    """The association grants a last day, the wished one or another, or refuses (`until` None), which needs an answer.
    Raises ExtensionError, also for the second of two who answer."""
    row = _locked(extension.obligation)
    current = Extension.objects.select_related("obligation__round").get(pk=extension.pk)
    _check_waiting(current)
    if until is None and not answer.strip():
        raise ExtensionError(_("不同意要写明原因，学校会看到。"))
    current.state = ExtensionState.REFUSED if until is None else ExtensionState.GRANTED
    current.answer = answer.strip()[:300]
    return _answered(current, row, until, actor_id, actor_name, now)


@transaction.atomic
def give_extension(
    *,
    obligation: Obligation,
    until: datetime.date,
    reason: str,
    actor_id: int,
    actor_name: str,
    now: datetime.datetime,
) -> Extension:
    """The association gives a university another last day without being asked; a request that is open is answered by
    it. Raises ExtensionError."""
    row = _locked(obligation)
    waiting = row.extensions.filter(state=ExtensionState.ASKED).first()
    made = waiting or Extension(obligation=row, university_code=row.university_code, reason=_reason(reason))
    made.state = ExtensionState.GRANTED
    if waiting:
        made.answer = reason.strip()[:300]
    return _answered(made, row, until, actor_id, actor_name, now)


def _answered(made: Extension, row: Obligation, until: datetime.date | None, actor_id, actor_name, now):
    made.answered_by_id, made.answered_by_name, made.answered_at = actor_id, actor_name, now
    if until is not None:
        made.until = moment_on(until, row.round)
        _check_moment(row, made.until, now)
        _extend(row, made.until)
    made.save()
    granted = made.state == ExtensionState.GRANTED
    _trail(made, actor_id, "extension.granted" if granted else "extension.refused")
    _tell_university(made, row)
    return made


def _extend(row: Obligation, until: datetime.datetime) -> None:
    fields = {"extended_closes_at": max(until, row.closes_at)}
    if row.first_sealed_at is None:
        fields["extended_due_at"] = until
    Obligation.objects.filter(pk=row.pk).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)


def _check_moment(row: Obligation, until: datetime.datetime, now: datetime.datetime) -> None:
    """Raises ExtensionError for a day that is past, that changes nothing, or that is far away."""
    first = row.first_sealed_at is None
    current = row.due_at if first else row.closes_at
    if until <= now:
        raise ExtensionError(_("这一天已经过了，写今天以后的日期。"))
    if until <= current:
        text = (
            _("现在的截止是 %(at)s，要写更晚的日期。")
            if first
            else _("%(at)s 才关闭，现在就能更正，不用延期。")
        )
        raise ExtensionError(text % {"at": deadline(current)})
    if until > now + LONGEST:
        raise ExtensionError(_("最多延一年。"))


def _reason(text: str) -> str:
    if not text.strip():
        raise ExtensionError(_("写明原因，一句话即可。"))
    return text.strip()[:300]


def _locked(obligation: Obligation) -> Obligation:
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("round__version__instrument")
    return rows.get(pk=obligation.pk)


def _trail(made: Extension, actor_id: int, action: str) -> None:
    record(
        actor_id=actor_id,
        university_code=made.university_code,
        action=action,
        object_type="extension",
        object_id=str(made.pk),
    )


def _tell_association(made: Extension) -> None:
    row = made.obligation
    name = University.objects.get(code=made.university_code).name
    with translation.override(settings.LANGUAGE_CODE):
        taken_back = made.state == ExtensionState.TAKEN_BACK
        said = (
            _("%(university)s收回了延期申请：%(round)s")
            if taken_back
            else _("%(university)s申请延期：%(round)s")
        )
        subject = said % {"university": name, "round": title_of(row)}
        body = _("希望延到 %(day)s。原因：%(reason)s") % {
            "day": full_day(made.wished_on),
            "reason": made.reason,
        }
    notify_association(
        subject=subject,
        body=body,
        university_code=made.university_code,
        committee_code=row.round.version.instrument.committee_code,
        path=reverse("rounds:extensions"),
    )


def _tell_university(made: Extension, row: Obligation) -> None:
    granted = made.state == ExtensionState.GRANTED
    with translation.override(settings.LANGUAGE_CODE):
        values = {"round": title_of(row), "at": deadline(made.until) if made.until else ""}
        if not granted:
            subject = _("%(round)s：延期没有同意") % values
        elif row.first_sealed_at is None:
            subject = _("%(round)s：延至 %(at)s") % values
        else:
            subject = _("%(round)s：可以更正，到 %(at)s 为止") % values
        body = made.answer or (made.reason if made.asked_at is None else "")
    notify(
        subject=subject,
        body=body,
        university_code=made.university_code,
        path=page_of(row),
    )
