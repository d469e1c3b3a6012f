"""What the pages of the rounds show: completion, the wall of who stands where, and the same as a table to take away."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.reach import Reach
from documents.spreadsheet import Sheet
from surveys.catalog import workdays
from surveys.catalog.models import Extension, ObligationState, Reminder, Round
from surveys.catalog.plan import APPROVER, ASSOCIATION, CLERK, Plan
from surveys.catalog.queries import (
    HANDED_IN,
    LATE,
    OPEN,
    Completion,
    Standing,
    by_facility,
    completion,
    has_instruments,
    moment_on,
    round_state,
    standings,
)
from surveys.catalog.times import assumption, last_day, step_words
from tenants.models import University
from ui.formats import listed
from ui.pictures import Segment, segments
from ui.states import shape_and_word

# from done to not begun; `sealed` is what the association reviews
ORDER = ("accepted", "sealed", "returned", "submitted", "draft", "none")
WORDS = {"sealed": "review"}
ALL, MISSING, OVERDUE = "", "missing", "overdue"


@dataclass(frozen=True)
class RoundLine:
    """One round with its state by the database's clock and its counts."""

    round: Round
    state: str
    counts: Completion
    # somebody can file, though the round is closed for the others
    extended: bool = False

    @property
    def url(self) -> str:
        return reverse("rounds:round", args=[self.round.pk])

    @property
    def segments(self) -> list[Segment]:
        """The completion bar: a part per state that somebody is in."""
        found = segments({WORDS.get(state, state): self.counts.of(state) for state in ORDER})
        return [part for part in found if part.count]

    @property
    def parted(self) -> bool:
        """Whether facilities file one by one: then parts are counted, not universities."""
        return by_facility(self.round)

    @property
    def missing(self) -> int:
        """How many have not handed in."""
        return self.counts.total - self.counts.handed_in

    @property
    def running(self) -> bool:
        return self.extended or self.state in (OPEN, LATE)


def line(round: Round, now: datetime.datetime) -> RoundLine:
    """A round as the lists and the wall show it."""
    extended = round.obligations.filter(extended_closes_at__gt=now).exists()
    return RoundLine(round, round_state(round, now), completion(round, now), extended)


def nothing_in(reach: Reach) -> str:
    """What a secretary is told whose committee has no instrument; '' where there may be something to see."""
    if reach.everything or has_instruments(reach):
        return ""
    if not reach.committees:
        return _(
            "岗位上没有写专委会代码，所以没有可看的报表。协会秘书处在“人员”里写上代码，报表就出现在这里。"
        )
    return _(
        "秘书只看得到本专委会（%(codes)s）的报表，现在还没有归它的。代码不对，找协会秘书处在“人员”里改；"
        "代码没错，归它的表样发布后出现在这里。"
    ) % {"codes": listed(sorted(reach.committees))}


def state_key(standing: Standing) -> str:
    """The state of a standing as ui.states knows it: what is sealed is under review."""
    return WORDS.get(standing.state, standing.state)


def filtered(found: list[Standing], chosen: str) -> list[Standing]:
    """The standings of one filter: a state, `missing` (not handed in), `overdue`, or all."""
    if chosen == MISSING:
        return [s for s in found if s.state not in HANDED_IN]
    if chosen == OVERDUE:
        return [s for s in found if s.overdue]
    return [s for s in found if not chosen or s.state == chosen]


def tabs(found: list[Standing], chosen: str) -> list[dict]:
    """The filters of the wall that hold somebody, with counts."""
    labels = {ALL: _("全部"), MISSING: _("未报"), OVERDUE: _("逾期")}
    labels |= {
        state: str(shape_and_word(WORDS.get(state, state))[1]) for state in ORDER if state in ObligationState
    }
    counted = {key: len(filtered(found, key)) for key in labels}
    return [
        {"key": key, "label": label, "count": counted[key], "current": key == chosen}
        for key, label in labels.items()
        if counted[key] or key in (ALL, chosen)
    ]


@dataclass(frozen=True)
class RequestLine:
    """A request for another day with the names one needs to answer it: whose, in which round, how many working days
    the wish adds to the time there is, and what must be said where a year's holidays are not known."""

    extension: Extension
    name: str
    round: Round
    due_at: datetime.datetime
    amends: bool
    workdays: int
    note: str


def request_lines(found: Iterable[Extension], now: datetime.datetime) -> list[RequestLine]:
    """Requests as the desk lists them."""
    found = list(found)
    codes = {entry.university_code for entry in found}
    names = dict(University.objects.filter(code__in=codes).values_list("code", "name"))
    return [_request_line(entry, names.get(entry.university_code, entry.university_code)) for entry in found]


def _request_line(entry: Extension, name: str) -> RequestLine:
    row = entry.obligation
    amends = row.accepted_at is not None
    start = row.closes_at if amends else row.due_at
    until = entry.until or (moment_on(entry.wished_on, row.round) if entry.wished_on else start)
    added = workdays.between(last_day(start), last_day(until))
    return RequestLine(entry, name, row.round, start, amends, added, assumption(start, until))


@dataclass(frozen=True)
class PlanLine:
    """One step of the plan for the round's own due day: its words, to whom, the day, how many got it so far."""

    words: str
    to: str
    day: datetime.date
    sent: int


def plan_lines(round: Round) -> list[PlanLine]:
    """The steps of a round's plan with their days."""
    sent = Counter(Reminder.objects.filter(obligation__round=round).values_list("step", flat=True))
    steps = Plan.from_body(round.reminders).steps(last_day(round.due_at))
    return [PlanLine(step_words(s.key), to_words(s.to), s.day, sent[s.key]) for s in steps]


@dataclass(frozen=True)
class ReminderLine:
    """One reminder that was sent."""

    name: str
    words: str
    to: str
    reminder: Reminder


def reminder_lines(round: Round, limit: int = 200) -> list[ReminderLine]:
    """Who was reminded when in a round, newest first."""
    rows = Reminder.objects.filter(obligation__round=round).order_by("-sent_at", "-pk")[:limit]
    names = dict(University.objects.values_list("code", "name"))
    return [
        ReminderLine(
            names.get(row.university_code, row.university_code), step_words(row.step), to_words(row.to), row
        )
        for row in rows
    ]


def to_words(to: str) -> str:
    """Whom a step is for, in words."""
    return {CLERK: _("填报人"), APPROVER: _("审核人"), ASSOCIATION: _("协会")}.get(to, _("全校"))


def reminded(round: Round) -> dict[tuple[str, str], Reminder]:
    """(university, unit) → the newest reminder."""
    rows = (
        Reminder.objects.filter(obligation__round=round)
        .select_related("obligation")
        .order_by("sent_at", "pk")
    )
    return {(row.university_code, row.obligation.unit): row for row in rows}


def sheet(round: Round, now: datetime.datetime) -> Sheet:
    """Who stands where as a table: a row per obligation, moments in local time."""
    header = [
        _("学校"),
        _("学校代码"),
        _("单元"),
        _("状态"),
        _("状态时间"),
        _("首次报送"),
        _("按时"),
        _("逾期"),
        _("延至"),
        _("更正中"),
    ]
    return Sheet(round.title, header, [_row(standing) for standing in standings(round, now)])


def _row(standing: Standing) -> Sequence[object]:
    sealed = standing.first_sealed_at
    return [
        standing.name,
        standing.university_code,
        standing.unit,
        str(shape_and_word(state_key(standing))[1]),
        localtime(standing.state_at) if standing.state_at else None,
        localtime(sealed) if sealed else None,
        None if standing.on_time is None else _("是") if standing.on_time else _("否"),
        _("是") if standing.overdue else _("否"),
        localtime(standing.due_at) if standing.due_at else None,
        _("是") if standing.amending else _("否"),
    ]
