"""Declaring beside the figures: nothing to report, the months covered, what the university does not have."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.catalog.names import month_span
from surveys.filings import completeness
from surveys.filings.declarations import covered_months
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Explanation, Filing, Flag, Observation
from surveys.filings.operations.drafts import Draft, begin, checked, finish
from surveys.filings.operations.values import Place, Written, key_of, rows_at, write_cells
from surveys.intake.periods import months_in
from tenants.actors import Actor


@transaction.atomic
def declare_nil(*, filing: Filing, reason: str, actor: Actor, now: datetime.datetime) -> None:
    """The university has nothing to report in the round. Raises FilingError without a reason, or while the draft has
    figures."""
    if not reason.strip():
        raise FilingError(_("写明为什么没有可报的数，一句话即可。"))
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    if Observation.objects.filter(filing_id=filing.pk, value__isnull=False).exists():
        raise FilingError(_("草稿里有数，不能零报告。先撤销上传或清空这些数。"))
    draft.filing.nil_reason = reason.strip()[:300]
    draft.filing.save(update_fields=["nil_reason"])
    finish(draft, kind=EventKind.NIL, actor=actor, what="explanation", text=draft.filing.nil_reason)


@transaction.atomic
def cancel_nil(*, filing: Filing, actor: Actor, now: datetime.datetime) -> None:
    """There is something to report after all. Does nothing where nothing was declared. Raises FilingError."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    if not draft.filing.nil_reason:
        return
    draft.filing.nil_reason = ""
    draft.filing.save(update_fields=["nil_reason"])
    finish(draft, kind=EventKind.NIL_OFF, actor=actor, what="explanation")


@transaction.atomic
def declare_months(
    *, filing: Filing, first: str, last: str, reason: str, actor: Actor, now: datetime.datetime
) -> None:
    """The filing covers the months `first` to `last` (`YYYY-MM`) only; the whole period takes the statement back.
    Raises FilingError for months that are not the round's, out of order, or without a reason."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    months = months_in(draft.round.period)
    if first not in months or last not in months or first > last:
        raise FilingError(_("选本批次里的起止月份，起始不晚于终止。"))
    whole = (first, last) == (months[0], months[-1])
    if not whole and not reason.strip():
        raise FilingError(_("写明为什么不满期，例如新校区 3 月启用。"))
    span = ("", "", "") if whole else (first, last, reason.strip()[:300])
    current = draft.filing
    if span == (current.covers_from, current.covers_to, current.covers_reason):
        return
    current.covers_from, current.covers_to, current.covers_reason = span
    current.issues = checked(draft)
    current.save(update_fields=["covers_from", "covers_to", "covers_reason"])
    text = "" if whole else f"{month_span(first, last)} {span[2]}"
    finish(draft, kind=EventKind.COVERS, actor=actor, what="explanation", text=text)


@transaction.atomic
def declare_absent(
    *, filing: Filing, cells: Iterable[Mapping], reason: str, actor: Actor, now: datetime.datetime
) -> int:
    """The university does not have what the cells name ({facility, item, measure, period}; period '' for every month
    the filing covers): each is marked not applicable, with one reason. Returns how many were marked. Raises
    FilingError without a reason or cells."""
    cells = list(cells)
    if not reason.strip():
        raise FilingError(_("写明原因，一句话即可。"))
    if not cells:
        raise FilingError(_("没有选中要说明的数。"))
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    marked = write_cells(draft, _unreported(draft, cells), actor)
    for key in {(str(c.get("facility") or ""), c["item"], c["measure"]) for c in cells}:
        place = dict(zip(("facility", "item", "measure"), key, strict=True))
        Explanation.objects.update_or_create(
            filing=draft.filing,
            rule=completeness.BLANK,
            **place,
            period="",
            defaults={"text": reason.strip(), "actor_id": actor.id, "actor_name": actor.name},
        )
    facts = {"changed": marked}
    finish(draft, kind=EventKind.ABSENT, actor=actor, what="value", text=reason.strip(), facts=facts)
    return marked


def _unreported(draft: Draft, cells: list[Mapping]) -> dict[Place, Written]:
    """The cells by month as not applicable, without those that have a figure: that is never marked away."""
    months = covered_months(draft.filing, months_in(draft.round.period))
    keys = [
        key_of(draft, {**cell, "period": period})
        for cell in cells
        for period in ([cell["period"]] if cell.get("period") else months)
    ]
    there = rows_at(draft.filing, keys)
    blank = [key for key in keys if key not in there or there[key]["value"] is None]
    return {key: Written(None, Flag.NOT_APPLICABLE) for key in blank}
