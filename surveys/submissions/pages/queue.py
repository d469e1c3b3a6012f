"""The queue of the review: every obligation of the chosen rounds with its newest seal, by what waits."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.reach import Reach
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.queries import is_overdue, is_running, owed_in, rounds_within
from surveys.submissions.boundary import included
from surveys.submissions.indicators import Computed, headline
from surveys.submissions.models import Submission
from surveys.submissions.queries import (
    last_accepted_ids,
    newest_seals,
    states_of,
    undecided,
    waiting,
    year_before,
)
from tenants.models import University

WAITING, QUERIED, RETURNED, ACCEPTED, LATE, ALL = "waiting", "queried", "returned", "accepted", "late", "all"
TABS = {
    WAITING: gettext_lazy("待审"),
    QUERIED: gettext_lazy("等学校答复"),
    RETURNED: gettext_lazy("退回未重报"),
    ACCEPTED: gettext_lazy("已接受"),
    LATE: gettext_lazy("逾期未报"),
    ALL: gettext_lazy("全部"),
}
# sent back and not handed in again, whatever the university is doing meanwhile
OPEN_STATES = (
    ObligationState.RETURNED,
    ObligationState.DRAFT,
    ObligationState.SUBMITTED,
    ObligationState.NONE,
)


@dataclass(frozen=True)
class Item:
    """One line of the queue. `group` is the tab it belongs to besides late and all; `submission` the newest seal, None
    where nothing was sealed. `state` is a key of ui.states; `word` replaces its usual word; `warnings`: findings, and
    boundaries that are inside the figures; `waited`: days of the calendar since the seal, None once decided."""

    university_code: str
    name: str
    kind: str
    unit: str
    unit_name: str
    round: Round
    submission: Submission | None
    state: str
    word: str
    group: str
    late: bool
    due_at: datetime.datetime
    warnings: int = 0
    waited: int | None = None
    headline: Computed | None = None

    @property
    def url(self) -> str:
        return reverse("review:submission", args=[self.submission.number]) if self.submission else ""


def items(rounds: list[Round], kind: str, now: datetime.datetime) -> list[Item]:
    """Every obligation of the rounds as a line, what waits longest first; `kind` narrows to a type of university."""
    universities = {u.code: u for u in University.objects.all() if not kind or u.kind == kind}
    order = {code: place for place, code in enumerate(universities)}
    seals = newest_seals(rounds)
    states = states_of(list(seals.values()))
    by_code = {round.pk: round for round in rounds}
    found = [
        _item(row, by_code[row.round_id], universities[row.university_code], seals, states, now)
        for row in owed_in(rounds, universities)
    ]
    return sorted(found, key=lambda i: (_since(i), order[i.university_code], i.unit))


def _since(item: Item) -> float:
    """Sealed moments first, the oldest at the front; what was never sealed behind them."""
    return item.submission.sealed_at.timestamp() if item.submission else float("inf")


def _item(row: Obligation, round: Round, university: University, seals: dict, states: dict, now) -> Item:
    seal = seals.get((row.round_id, row.university_code, row.unit))
    late = is_overdue(row, now)
    state = states[seal.pk] if seal else row.state
    group = {"review": WAITING, "answered": WAITING, "queried": QUERIED, "accepted": ACCEPTED}.get(state, "")
    if state == "returned" and row.state in OPEN_STATES:
        group = RETURNED
    if state == "withdrawn":
        state = row.state
    return Item(
        university_code=row.university_code,
        name=university.name,
        kind=university.kind,
        unit=row.unit,
        unit_name=row.unit_name or row.unit,
        round=round,
        submission=seal,
        state=state,
        word=_word(seal, state, row.is_amending),
        group=group,
        late=late,
        due_at=row.due_at,
        warnings=seal.warning_count + included(seal.declared) if seal else 0,
        waited=_days(seal.sealed_at, now) if seal and group in (WAITING, QUERIED) else None,
    )


def _days(since: datetime.datetime, now: datetime.datetime) -> int:
    """As the desk counts them: sealed yesterday is one, whatever the hour."""
    return (timezone.localdate(now) - timezone.localdate(since)).days


def _word(seal: Submission | None, state: str, amending: bool) -> str:
    """What the usual word of the state does not say."""
    if state == "answered":
        return _("已答复，待看")
    if state == "queried":
        return _("等学校答复")
    if state == "review" and seal and amending:
        return _("更正，第 %(version)s 版，待审") % {"version": seal.version}
    if state == "review" and seal and seal.version > 1:
        return _("第 %(version)s 版，待审") % {"version": seal.version}
    return _("待审") if state == "review" else ""


def counted(found: list[Item]) -> Counter:
    """How many lines each tab has."""
    counts = Counter(item.group for item in found if item.group)
    counts[LATE] = sum(item.late for item in found)
    counts[ALL] = len(found)
    return counts


def of_tab(found: list[Item], tab: str) -> list[Item]:
    """The lines of one tab."""
    if tab == ALL:
        return found
    return [item for item in found if (item.late if tab == LATE else item.group == tab)]


def with_headlines(found: list[Item]) -> list[Item]:
    """The lines with their headline indicator beside the year before; for the lines of one page."""
    earlier: dict[str, dict] = {}
    for round in {item.round.pk: item.round for item in found if item.submission}.values():
        codes = [item.university_code for item in found if item.round.pk == round.pk]
        instrument = round.version.instrument_id
        earlier[round.pk] = last_accepted_ids(instrument, year_before(round.period), codes)
    return [
        replace(
            item,
            headline=headline(
                item.submission.pk, earlier[item.round.pk].get((item.university_code, item.unit))
            ),
        )
        if item.submission
        else item
        for item in found
    ]


def rounds_in_view(reach: Reach, now: datetime.datetime) -> list[Round]:
    """The rounds a reviewer has to do with: running ones and those with a seal that waits."""
    unfinished = undecided(reach).order_by().values("round")
    return list(rounds_within(reach).filter(is_running(now) | Q(pk__in=unfinished)))


def neighbours(submission: Submission, reach: Reach) -> tuple[int, int, str, str]:
    """Where a seal stands among those in reach that wait: place, how many, number of the one before, of the one
    after."""
    numbers = [seal.number for seal in waiting(reach)]
    if submission.number not in numbers:
        return 0, len(numbers), "", ""
    place = numbers.index(submission.number)
    after = numbers[place + 1] if place + 1 < len(numbers) else ""
    return place + 1, len(numbers), numbers[place - 1] if place else "", after


def context(rounds: list[Round], found: list[Item], filters, page, now: datetime.datetime) -> dict:
    """What the template of the queue shows."""
    counts = counted(found)
    kept = {"round": filters.chosen("round"), "kind": filters.chosen("kind")}
    tabs = [
        {"label": label, "count": counts[key], "current": key == filters.tab, "url": _url(tab=key, **kept)}
        for key, label in TABS.items()
    ]
    oldest = next((item.submission for item in of_tab(found, WAITING)), None)
    return {
        "rounds": rounds,
        "one_round": rounds[0] if len(rounds) == 1 else None,
        "counts": counts,
        "tabs": tabs,
        "tab": filters.tab,
        "filters": filters,
        "filtered": any(kept.values()),
        "page_obj": page,
        "oldest": oldest,
        "headline": _same_headline(page.object_list),
        "now": now,
        "wide": True,
    }


def _same_headline(shown: list[Item]) -> Computed | None:
    """The headline that all lines share, for the header of the column; None when they differ."""
    found = {item.headline.indicator.key: item.headline for item in shown if item.headline}
    return next(iter(found.values())) if len(found) == 1 else None


def _url(**values: str) -> str:
    return reverse("review:queue") + "?" + urlencode({key: value for key, value in values.items() if value})
