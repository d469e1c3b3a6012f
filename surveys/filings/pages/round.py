"""One report from draft to acceptance: steps, figures, timeline."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.catalog.models import ObligationState
from surveys.catalog.names import base_unit, item_name
from surveys.definition import Definition
from surveys.filings.models import Event, EventKind, Filing
from surveys.filings.pages.grid import totals
from surveys.submissions.models import Decision, DecisionKind, Submission
from ui.formats import change, labelled, moment, number, scale_for

State = ObligationState
ORDER = (State.DRAFT, State.SUBMITTED, State.SEALED, State.ACCEPTED)
SHOWN_EVENTS = {
    EventKind.LOADED,
    EventKind.UNDONE,
    EventKind.SUBMITTED,
    EventKind.TAKEN_BACK,
    EventKind.SENT_BACK,
    EventKind.SIGNED,
    EventKind.WITHDRAWN,
    EventKind.AMENDED,
    EventKind.GIVEN_UP,
}


def steps_of(
    state: str, events: list[Event], submission: Submission | None, decision: Decision | None, questions: int
) -> list[dict]:
    """The five steps: draft, signed, sealed, review, accepted."""
    first = next((e for e in events if e.kind == EventKind.LOADED), None)
    last_sign = next((e for e in reversed(events) if e.kind == EventKind.SIGNED), None)
    sealed = state in (State.SEALED, State.RETURNED, State.ACCEPTED)
    version = submission.version if submission else 1
    review = [_("%(n)s 条疑问") % {"n": questions}] if questions else []
    if state == State.RETURNED and decision:
        review = [_("已退回"), moment(decision.decided_at)]
    return [
        {
            "title": _("草稿"),
            "lines": (first.actor_name, moment(first.at)) if first else (),
            "state": _at(state, State.DRAFT),
        },
        {
            "title": _("签发"),
            "lines": (last_sign.actor_name, moment(last_sign.at)) if sealed and last_sign else (),
            "state": _at(state, State.SUBMITTED),
        },
        {
            "title": _("封存 v%(n)s") % {"n": version} if sealed else _("封存"),
            "lines": (moment(submission.sealed_at),) if sealed and submission else (),
            "state": "sealed" if sealed else "",
        },
        {"title": _("审核"), "lines": tuple(review), "state": _at(state, State.SEALED)},
        {
            "title": pgettext("decision", "接受"),
            "lines": (moment(decision.decided_at),) if state == State.ACCEPTED and decision else (),
            "state": "done" if state == State.ACCEPTED else "",
        },
    ]


def _at(state: str, step: str) -> str:
    place = {
        State.NONE: 0,
        State.DRAFT: 0,
        State.SUBMITTED: 1,
        State.RETURNED: 2,
        State.SEALED: 2,
        State.ACCEPTED: 3,
    }
    here, wanted = place[state], ORDER.index(step)
    if state == State.RETURNED and step in (State.DRAFT, State.SEALED):
        return "now" if step == State.DRAFT else "done"
    return "done" if here > wanted else "now" if here == wanted and state != State.NONE else ""


def headline(definition: Definition, rows: list[dict], before: list[dict]) -> list[dict]:
    """Up to four figures: the year's quantity of the first items that have one, with last year beside it."""
    now, then = totals(rows), totals(before)
    measure = definition.measures[0].key if definition.measures else ""
    found = []
    for item in definition.items:
        value = now.get((item.key, measure))
        if value is None or len(found) == 4:
            continue
        past = then.get((item.key, measure))
        scale = scale_for([value], base_unit(definition, item.key, measure))
        shown = scale.of(value)
        found.append(
            {
                "label": item_name(definition, item.key),
                "value": number(shown, 0 if scale.divisor == 1 else 1),
                "unit": scale.unit,
                "note": _note(value, past, scale),
            }
        )
    return found


def _note(value: Decimal, past: Decimal | None, scale) -> str:
    if not past:
        return _("没有上年的数可比")
    return _("上年 %(past)s，%(change)s") % {
        "past": number(scale.of(past), 0 if scale.divisor == 1 else 1),
        "change": change((value - past) / past),
    }


def timeline_of(
    state: str, events: list[Event], submissions: list[Submission], decisions: dict, questions: int
) -> list[dict]:
    """What happened, oldest first, and what comes next."""
    items = [(e.at, _event_item(e)) for e in events if e.kind in SHOWN_EVENTS]
    for submission in submissions:
        items.append(
            (
                submission.sealed_at,
                {
                    "title": _("封存 v%(n)s") % {"n": submission.version},
                    "at": submission.sealed_at,
                    "state": "sealed",
                },
            )
        )
        decision = decisions.get(submission.pk)
        if decision and decision.kind != DecisionKind.WITHDRAWN:
            items.append(
                (
                    decision.decided_at,
                    {
                        "title": decision.get_kind_display(),
                        "by": " ".join(filter(None, [decision.decided_by_name, decision.reason])),
                        "at": decision.decided_at,
                        "state": "done",
                    },
                )
            )
    made = [item for _at_, item in sorted(items, key=lambda pair: pair[0])]
    return made + _next(state, questions)


def _event_item(event: Event) -> dict:
    facts = event.facts
    by = event.actor_name
    if event.kind == EventKind.LOADED:
        count = facts.get("values", 0)
        by = _("%(who)s，%(n)s 个数") % {"who": by, "n": number(count)}
    elif event.text and event.kind in (EventKind.SENT_BACK, EventKind.WITHDRAWN, EventKind.AMENDED):
        by = labelled(by, event.text)
    return {"title": event.get_kind_display(), "by": by, "at": event.at, "state": "done"}


def _next(state: str, questions: int) -> list[dict]:
    waiting = {
        State.SUBMITTED: [{"title": _("等签发"), "by": _("签的人不能是填的人"), "state": "now"}],
        State.SEALED: [
            {
                "title": _("审核中"),
                "by": _("%(n)s 条疑问待答复") % {"n": questions} if questions else "",
                "state": "now",
            },
            {"title": pgettext("decision", "接受"), "by": _("之后计入全市汇总")},
        ],
        State.RETURNED: [{"title": _("改后再报"), "state": "now"}],
    }
    return waiting.get(state, [])


def who_wrote(filing: Filing, version: int) -> list[str]:
    """Names of those who had a hand in the version, once each."""
    return list(
        dict.fromkeys(
            filing.writers.filter(version=version).order_by("at").values_list("actor_name", flat=True)
        )
    )
