"""The university's first page: what to do, and where every report stands."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from surveys.catalog import queries as catalog
from surveys.catalog.addresses import key_of, title_of
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.filings import queries
from surveys.filings.models import Filing
from surveys.submissions.models import Decision, Submission
from surveys.submissions.queries import WITHOUT_PAYLOAD, states_of
from tenants.actors import Actor
from ui.formats import deadline, number, phrases
from ui.states import shape_and_word
from ui.tables import Column, Table, row, table

State = ObligationState
# what the clerk and what the approver has in hand
CLERK_STATES = (State.NONE, State.DRAFT, State.RETURNED)
APPROVER_STATES = (State.SUBMITTED,)


@dataclass(frozen=True)
class Duty:
    """One thing to do: when, what, where it stands, and the button."""

    title: str
    facts: str
    state: str
    word: str
    days: int | None
    when: str
    url: str
    act: str
    mine: bool
    soon: bool = False


@dataclass(frozen=True)
class Standing:
    """One obligation with everything the lists need."""

    obligation: Obligation
    filing: Filing | None
    values: int
    submission: Submission | None
    decision: Decision | None
    review: str

    @property
    def shown_state(self) -> str:
        """The state as shown: what review says of a sealed one."""
        if self.obligation.state == State.SEALED:
            return self.review or "review"
        return self.obligation.state


def standings(university_code: str) -> list[Standing]:
    """Everything the university owes or owed, newest round first."""
    obligations = list(catalog.obligations_of(university_code))
    filings = {(f.round_code, f.unit): f for f in Filing.objects.all()}
    counts = queries.value_counts(list(filings.values()))
    newest: dict[tuple, Submission] = {}
    for s in (
        Submission.objects.filter(university_code=university_code).defer(*WITHOUT_PAYLOAD).order_by("version")
    ):
        newest[(s.round_id, s.unit)] = s
    decisions = {d.submission_id: d for d in Decision.objects.filter(submission__in=[*newest.values()])}
    reviews = states_of(list(newest.values()))
    found = []
    for o in obligations:
        key = (o.round_id, o.unit)
        filing, submission = filings.get(key), newest.get(key)
        found.append(
            Standing(
                o,
                filing,
                counts.get(filing.pk, 0) if filing else 0,
                submission,
                decisions.get(submission.pk) if submission else None,
                reviews.get(submission.pk, "") if submission else "",
            )
        )
    return found


def duties(found: list[Standing], actor: Actor, now: datetime.datetime) -> list[Duty]:
    """What there is to do, what is in the actor's own hands first, then by due date."""
    made = [duty for standing in found if (duty := _duty(standing, actor, now))]
    made += [_naming(round, actor, now) for round in catalog.unnamed_rounds(actor.university_code, now)]
    return sorted(made, key=lambda d: (not d.mine, d.days is None, d.days or 0))


def _duty(standing: Standing, actor: Actor, now: datetime.datetime) -> Duty | None:
    o, round = standing.obligation, standing.obligation.round
    if now < round.opens_at or o.state == State.ACCEPTED:
        return None
    closed = catalog.window_state(o, now) == catalog.CLOSED
    if closed and o.state in (State.NONE, State.DRAFT):
        return None
    mine, act, target = _act(standing, actor)
    if act is None:
        return None
    days = (timezone.localdate(o.due_at) - timezone.localdate(now)).days
    waiting = o.state in (State.SUBMITTED, State.SEALED) or o.is_amending
    facts = deadline(o.due_at)
    return Duty(
        title=title_of(o),
        facts=_facts(standing, facts),
        state=standing.shown_state,
        word=_word(standing),
        days=None if waiting else days,
        when=_("更正") if _mending(o) else _when(o.state, days),
        url=target,
        act=act,
        mine=mine,
        soon=not waiting and days <= 3,
    )


def _naming(round: Round, actor: Actor, now: datetime.datetime) -> Duty:
    """A round in which no facility has been named yet."""
    days = (timezone.localdate(round.due_at) - timezone.localdate(now)).days
    edit = actor.may("filings.edit")
    return Duty(
        title=round.title,
        facts=_("还没有申报参评的单元 · %(due)s 截止") % {"due": deadline(round.due_at)},
        state=State.NONE,
        word="",
        days=days,
        when=_when(State.NONE, days),
        url=reverse("filings:round", args=[actor.university_code, round.pk]),
        act=_("去申报") if edit else _("查看"),
        mine=edit,
        soon=days <= 3,
    )


def _mending(o: Obligation) -> bool:
    """The clerk's turn in an amendment."""
    return o.is_amending and o.state in (State.DRAFT, State.RETURNED)


def _act(standing: Standing, actor: Actor) -> tuple[bool, str | None, str]:
    """(in the actor's hands, the button, where it leads); no button when there is nothing to do."""
    o, code = standing.obligation, actor.university_code
    page = reverse("filings:round", args=[code, key_of(o)])
    edit = actor.may("filings.edit")
    if o.state == State.SUBMITTED:
        if actor.may("filings.sign"):
            return True, _("去签发"), reverse("filings:sign", args=[code, key_of(o)])
        return False, _("查看"), page
    if o.state == State.SEALED:
        return (
            (edit, _("答复疑问"), page + "#queries") if standing.review == "queried" else (False, None, page)
        )
    if not edit:
        return False, _("查看"), page
    if o.state == State.RETURNED:
        return True, _("处理退回"), page
    if standing.values == 0 and not standing.filing:
        return True, _("去填报"), reverse("filings:upload", args=[code, key_of(o)])
    return True, _("继续填报"), page


def _facts(standing: Standing, due: str) -> str:
    o = standing.obligation
    if _mending(o) and o.state == State.DRAFT:
        return _("正在更正，已接受的一版仍有效")
    if o.state == State.RETURNED and standing.decision:
        by = {"who": standing.decision.decided_by_name, "due": due}
        return _("%(who)s 退回 · %(due)s 截止") % by
    if o.state == State.SUBMITTED and o.state_at:
        return _("%(at)s 提交") % {"at": deadline(o.state_at)}
    return _("%(due)s 截止") % {"due": due}


def _word(standing: Standing) -> str:
    """`草稿，312 个数，3 个错误`."""
    if standing.obligation.state not in (State.DRAFT, State.RETURNED) or not standing.filing:
        return ""
    _shape, word = shape_and_word(standing.obligation.state)
    parts = [str(word)]
    if standing.values:
        parts.append(ngettext("%(n)s 个数", "%(n)s 个数", standing.values) % {"n": number(standing.values)})
    errors = sum(issue["severity"] == "error" for issue in standing.filing.issues)
    if errors:
        parts.append(ngettext("%(n)s 个错误", "%(n)s 个错误", errors) % {"n": errors})
    return phrases(parts)


def _when(state: str, days: int) -> str:
    if state == State.SUBMITTED:
        return _("等签发")
    if state == State.SEALED:
        return _("等答复")
    return _("天后") if days > 0 else _("今天截止") if days == 0 else _("天前已截止")


def standing_table(found: list[Standing], code: str) -> Table:
    """Where every report stands: name, period, state, handed in, decided."""
    columns = [
        Column(_("表"), kind="text"),
        Column(_("期间"), kind="text"),
        Column(_("状态"), kind="text", key=True),
        Column(_("截止"), kind="day"),
        Column(pgettext("date", "报送"), kind="day"),
        Column(_("审结"), kind="day"),
    ]
    lines = [
        row(
            title_of(s.obligation),
            s.obligation.round.period,
            state_markup(s),
            s.obligation.due_at,
            s.submission.sealed_at if s.submission else None,
            s.decision.decided_at if s.decision else None,
            url=reverse("filings:round", args=[code, key_of(s.obligation)]),
        )
        for s in found
    ]
    return table(columns, lines, stack=True, label=_("填报状态"))


def state_markup(standing: Standing):
    """The state with its shape, and the version where there is a seal."""
    shape, word = shape_and_word(standing.shown_state)
    version = f" v{standing.submission.version}" if standing.submission else ""
    return format_html('<span class="hq-status is-{}">{}{}</span>', shape, word, version)


def greeting(now: datetime.datetime) -> str:
    """By the hour here."""
    hour = timezone.localtime(now).hour
    if hour < 5:
        return _("夜深了")
    return (
        _("早上好") if hour < 11 else _("中午好") if hour < 13 else _("下午好") if hour < 18 else _("晚上好")
    )
