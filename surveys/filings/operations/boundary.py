"""Choosing the boundary (边界): who uses energy behind the university's meters, and what was deducted for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.catalog.names import item_name, worded
from surveys.catalog.sentences import spoken
from surveys.definition import Boundary, Definition
from surveys.definition.said import form_of
from surveys.filings import queries
from surveys.filings.boundary import matters, said_of
from surveys.filings.errors import FilingError
from surveys.filings.meanwhile import BOUNDARY, merged
from surveys.filings.models import EventKind, Filing
from surveys.filings.operations.drafts import begin, finish
from surveys.intake.typed import Typist
from surveys.submissions.boundary import CHOICES, DEDUCTED, INCLUDED
from tenants.actors import Actor

LONGEST_REASON = 300


@transaction.atomic
def set_boundary(
    *,
    filing: Filing,
    answers: Mapping[str, Mapping],
    actor: Actor,
    now: datetime.datetime,
    revision: int | None = None,
) -> int:
    """Answers by boundary as they were typed: {choice, amounts: {item: text}, reason}. Amounts are read as a cell of
    the form is; they count with `deducted` only, the reason with `included` only. What does not matter to the draft is
    left out; what is not among the answers stays, and so does what the actor left as it was at `revision`. Returns how
    many changed. Raises FilingError for an answer that is missing or cannot be; Clash where somebody answered the same
    after `revision`."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    definition = queries.definition_of(draft.round)
    matter = matters(draft.filing, worded(definition))
    before, names = said_of(draft.filing, matter), {each.key: each.name for each, _items in matter}
    typed = {
        each.key: _answer(definition, draft.round.period, each, items, answers.get(each.key) or {})
        for each, items in matter
        if each.key in answers or each.key not in before
    }
    wanted = before | merged(
        draft.filing, BOUNDARY, revision=revision, now=before, typed=typed, names=names, actor=actor
    )
    changed = {key: answer for key, answer in wanted.items() if before.get(key) != answer}
    if changed:
        draft.filing.boundary = wanted
        draft.filing.save(update_fields=["boundary"])
        facts = {"boundary": changed}
        finish(
            draft, kind=EventKind.BOUNDARY, actor=actor, what="explanation", facts=facts, fields=list(changed)
        )
        filing.revision, filing.boundary = draft.filing.revision, wanted
    return len(changed)


def _answer(
    definition: Definition, period: str, each: Boundary, items: Iterable[str], typed: Mapping
) -> dict:
    choice = typed.get("choice", "")
    if choice not in CHOICES:
        raise FilingError(_("选定“%(name)s”：没有、已扣除，还是含在内。") % {"name": each.name})
    amounts = _amounts(definition, period, each, items, typed) if choice == DEDUCTED else {}
    reason = typed.get("reason", "").strip()[:LONGEST_REASON] if choice == INCLUDED else ""
    if choice == DEDUCTED and not amounts:
        raise FilingError(_("“%(name)s”写明扣除了多少，至少一个品种。") % {"name": each.name})
    if choice == INCLUDED and not reason:
        raise FilingError(_("“%(name)s”含在用量里，写明为什么没有扣除。") % {"name": each.name})
    return {"choice": choice, "amounts": amounts, "reason": reason}


def _amounts(
    definition: Definition, period: str, each: Boundary, items: Iterable[str], typed: Mapping
) -> dict[str, dict[str, str]]:
    """What was deducted of each item; nothing of those that are empty or 0."""
    typist, given = Typist(definition), typed.get("amounts") or {}
    found = {}
    for item in items:
        read = typist.read(item, definition.measures[0].key, period, given.get(item, ""))
        if read.state == "bad":
            about = {"name": each.name, "item": item_name(worded(definition), item)}
            raise FilingError(_("“%(name)s”的%(item)s：") % about + _in_words(read.message, definition))
        if read.state == "number" and read.exact.strip("0."):
            found[item] = {"value": read.exact, "flag": read.flag}
    return found


def _in_words(message: str, definition: Definition) -> str:
    form = form_of(message)
    return spoken(str(message), form if isinstance(form, list) else None, definition)
