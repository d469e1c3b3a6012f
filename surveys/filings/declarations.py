"""What a university declares beside its figures: nothing to report, only some of the months, and who else uses energy
behind its meters. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from surveys.definition import Definition
from surveys.filings.boundary import answers_of
from surveys.filings.models import EventKind, Filing
from surveys.intake.periods import months_in

# the keys of Submission.declared that are the draft's own statements
STATEMENTS = ("nil", "covers", "boundary", "vetoes")


def covered_months(filing: Filing, months: Iterable[str]) -> tuple[str, ...]:
    """Of some months (`YYYY-MM`) those the filing covers; all of them where it declares nothing."""
    return tuple(month for month in months if covers_month(filing, month))


def covers_month(filing: Filing, month: str) -> bool:
    """Whether the filing covers a month; what is no month it always covers."""
    if not filing.covers_from or len(month) != 7:
        return True
    return filing.covers_from <= month <= filing.covers_to


def is_partial(filing: Filing, period: str) -> bool:
    """Whether the filing leaves out months of the period."""
    months = months_in(period)
    return len(covered_months(filing, months)) < len(months)


def statements(filing: Filing, definition: Definition) -> dict[str, dict[str, Any]]:
    """The draft's statements as a seal keeps them: who said it and when as well."""
    found = {}
    if filing.nil_reason:
        found["nil"] = {"reason": filing.nil_reason, **_said(filing, EventKind.NIL)}
    if filing.covers_from:
        span = {"from": filing.covers_from, "to": filing.covers_to, "reason": filing.covers_reason}
        found["covers"] = span | _said(filing, EventKind.COVERS)
    if answers := answers_of(filing, definition):
        found["boundary"] = {"answers": answers, **_said(filing, EventKind.BOUNDARY)}
    if definition.evaluation and filing.vetoes:
        found["vetoes"] = {"answers": filing.vetoes, **_said(filing, EventKind.VETOES)}
    return found


def same_statements(one: Mapping, other: Mapping) -> bool:
    """Whether two versions state the same, whoever said it."""
    return [_plain(one.get(key)) for key in STATEMENTS] == [_plain(other.get(key)) for key in STATEMENTS]


def _plain(entry: Mapping | None) -> dict:
    return {name: entry.get(name) for name in ("reason", "from", "to", "answers")} if entry else {}


def _said(filing: Filing, kind: str) -> dict[str, str]:
    event = filing.events.filter(kind=kind).order_by("-revision").first()
    return {"by": event.actor_name, "at": event.at.isoformat()} if event else {}
