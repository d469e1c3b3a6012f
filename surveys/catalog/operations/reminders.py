"""Reminding who has not handed in: by hand, and by the round's plan on working days, ever higher up."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.operations import record
from notices.operations import notify, notify_association
from surveys.catalog import plan as plans
from surveys.catalog import workdays
from surveys.catalog.addresses import page_of, title_of
from surveys.catalog.models import MANUAL, ExtensionState, Obligation, Reminder, Round
from surveys.catalog.queries import HANDED_IN, LATE, OPEN, STANDS, is_running, window_state
from surveys.catalog.times import days_left, last_day
from tenants.models import Membership, University, UniversityState
from ui.formats import deadline, listed

REMIND_AGAIN = datetime.timedelta(days=1)
# people are reminded in office hours
FROM_HOUR, TO_HOUR = 9, 18


class NothingToRemind(Exception):
    """The round takes nothing at this moment; the text says why."""


@transaction.atomic
def change_plan(*, round: Round, plan: plans.Plan, actor_id: int | None) -> Round:
    """Changes when a round reminds by itself. What was sent stays sent."""
    Round.objects.filter(pk=round.pk).update(reminders=plan.body())
    round.reminders = plan.body()
    record(actor_id=actor_id, action="round.plan_changed", object_type="round", object_id=round.pk)
    return round


@transaction.atomic
def remind(*, round: Round, actor_id: int, now: datetime.datetime, actor_name: str = "") -> list[str]:
    """A notice to every university that has not handed in and still can, except those reminded within a day. Returns
    the codes of the reminded. Raises NothingToRemind when nobody can file in the round."""
    if not Round.objects.filter(is_running(now), pk=round.pk).exists():
        raise NothingToRemind(_("批次未开始或已关闭，学校现在不能报，不提醒。"))
    found = [
        row for row in _owing(round, now) if not row.reminded_at or row.reminded_at <= now - REMIND_AGAIN
    ]
    with translation.override(settings.LANGUAGE_CODE):
        for row in {row.university_code: row for row in reversed(found)}.values():
            _send(row, now, role="")
    Reminder.objects.bulk_create(_kept(row, MANUAL, "", now, actor_name) for row in found)
    Obligation.objects.filter(pk__in=[row.pk for row in found]).update(reminded_at=now)
    if found:
        record(actor_id=actor_id, action="round.reminded", object_type="round", object_id=round.pk)
    return sorted({row.university_code for row in found})


def follow_plans(*, now: datetime.datetime) -> int:
    """Sends what the plans of all running rounds have for today. On a day off, and outside of office hours, nothing.
    Repeating it, a run that was missed and two runs at once send nothing twice. Returns how many reminders went."""
    local = timezone.localtime(now)
    if not workdays.is_workday(local.date()) or not FROM_HOUR <= local.hour < TO_HOUR:
        return 0
    return sum(_follow(round, now) for round in Round.objects.filter(is_running(now)))


@transaction.atomic
def _follow(round: Round, now: datetime.datetime) -> int:
    plan, today = plans.Plan.from_body(round.reminders), timezone.localdate(now)
    rows = _owing(round, now)
    sent, since = _sent(rows), _since(round, rows)
    going = [
        (row, step)
        for row in rows
        for step in plans.pending(
            plan.steps(last_day(row.due_at)),
            sent.get((row.pk, last_day(row.due_at)), set()),
            today=today,
            since=since[row.pk],
        )
    ]
    vacant = _vacant(row.university_code for row, _step in going)
    with translation.override(settings.LANGUAGE_CODE):
        for row, step in going:
            if step.to != plans.ASSOCIATION:
                _send(row, now, role="" if (row.university_code, step.to) in vacant else step.to)
        _escalate(round, [row for row, step in going if step.to == plans.ASSOCIATION])
    Reminder.objects.bulk_create(_kept(row, step.key, step.to, now) for row, step in going)
    told = [row.pk for row, step in going if step.to != plans.ASSOCIATION]
    Obligation.objects.filter(pk__in=told).update(reminded_at=now)
    if going:
        record(actor_id=None, action="round.reminded", object_type="round", object_id=round.pk)
    return len(going)


def _vacant(codes: Iterable[str]) -> set[tuple[str, str]]:
    """(university, role) that nobody with an open account has, though the university has people: what is for that
    role goes to all of them."""
    rows = Membership.objects.filter(university__code__in=set(codes), user__is_active=True)
    held = set(rows.values_list("university__code", "role"))
    roles = (plans.CLERK, plans.APPROVER)
    return {(code, role) for code, _held in held for role in roles if (code, role) not in held}


def _owing(round: Round, now: datetime.datetime) -> list[Obligation]:
    """Locked: who has not handed in and still can; a university that is suspended cannot."""
    suspended = University.objects.filter(state=UniversityState.SUSPENDED).values("code")
    rows = (
        round.obligations.exclude(university_code__in=suspended)
        .select_for_update(of=("self",))
        .select_related("round")
    )
    owing = rows.annotate(stands=STANDS).exclude(stands__in=HANDED_IN).order_by("university_code", "unit")
    return [row for row in owing if window_state(row, now) in (OPEN, LATE)]


def _sent(rows: list[Obligation]) -> dict[tuple[int, datetime.date], set[str]]:
    found: dict[tuple[int, datetime.date], set[str]] = {}
    kept = Reminder.objects.filter(obligation__in=rows).values_list("obligation_id", "due_on", "step")
    for obligation, due_on, step in kept:
        found.setdefault((obligation, due_on), set()).add(step)
    return found


def _since(round: Round, rows: list[Obligation]) -> dict[int, datetime.date]:
    """From when on steps count for each obligation: the opening, or the last extension."""
    found = {row.pk: timezone.localdate(round.opens_at) for row in rows}
    for row in rows:
        if row.is_extended:
            given = row.extensions.filter(state=ExtensionState.GRANTED).order_by("answered_at").last()
            if given:
                found[row.pk] = max(found[row.pk], timezone.localdate(given.answered_at))
    return found


def _kept(row: Obligation, step: str, to: str, now: datetime.datetime, by: str = "") -> Reminder:
    return Reminder(
        obligation=row,
        university_code=row.university_code,
        step=step,
        to=to,
        due_on=last_day(row.due_at),
        sent_at=now,
        sent_by_name=by,
    )


def _send(row: Obligation, now: datetime.datetime, *, role: str) -> None:
    late = now >= row.due_at
    values = {
        "round": title_of(row),
        "due": deadline(row.due_at),
        "closes": deadline(row.closes_at),
        "left": days_left(row.due_at, now),
    }
    if role == plans.APPROVER:
        subject = _("%(round)s逾期未报，请督促填报人")
    else:
        subject = _("%(round)s已过截止时间，还没有报送") if late else _("%(round)s还没有报送")
    body = _("%(left)s；%(closes)s 关闭，之前仍可报。") if late else _("%(due)s 截止，%(left)s。")
    notify(
        subject=subject % values,
        body=body % values,
        university_code=row.university_code,
        role=role,
        path=page_of(row),
    )


def _escalate(round: Round, rows: list[Obligation]) -> None:
    """One message to the association for all who are late since so many days."""
    codes = list(dict.fromkeys(row.university_code for row in rows))
    if not codes:
        return
    names = dict(University.objects.filter(code__in=codes).values_list("code", "short_name"))
    values = {"round": round.title, "n": len(codes)}
    text = ngettext("%(round)s：%(n)s 所学校逾期未报", "%(round)s：%(n)s 所学校逾期未报", len(codes))
    notify_association(
        subject=text % values,
        body=_("%(names)s。学校的填报人和审核人都提醒过。")
        % {"names": listed(names.get(c, c) for c in codes)},
        university_code="",
        committee_code=round.version.instrument.committee_code,
        path=reverse("rounds:round", args=[round.pk]) + "?state=overdue",
    )
