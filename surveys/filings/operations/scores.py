"""The self evaluation by hand: points with what is said beside them, and the answers to the vetoes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.definition import Evaluation
from surveys.definition.evaluation import SCORE
from surveys.filings import queries
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Filing, Flag
from surveys.filings.operations.drafts import begin, finish
from surveys.filings.operations.sheet import Saved, save_cells
from tenants.actors import Actor

LONGEST = 500


def save_scores(
    *,
    filing: Filing,
    evaluation: Evaluation,
    period: str,
    edits: Iterable[Mapping],
    revision: int,
    batch: uuid.UUID,
    actor: Actor,
    now: datetime.datetime,
) -> Saved:
    """Writes items of one part: {item, text (points as typed), applies, remark}. What cannot be read is left out and
    told; the same `batch` is written once. Raises FilingError, also for an item of another part, and Conflict."""
    edits, mine = list(edits), {item.key for item in evaluation.items_of(facility=bool(filing.unit))}
    for edit in edits:
        if edit["item"] not in mine:
            raise FilingError(_("“%(name)s”不在这一份里评。") % {"name": _named(evaluation, edit["item"])})
    cells = [
        {
            "facility": filing.unit, "item": edit["item"], "measure": SCORE, "period": period,
            "text": edit["text"] if edit["applies"] else "", "flag": None if edit["applies"] else Flag.NOT_APPLICABLE,
            "remark": edit["remark"][:LONGEST],
        }
        for edit in edits
    ]  # fmt: skip
    return save_cells(filing=filing, edits=cells, revision=revision, batch=batch, actor=actor, now=now)


def _named(evaluation: Evaluation, key: str) -> str:
    try:
        return evaluation.item(key).name
    except KeyError:
        return key


@transaction.atomic
def answer_vetoes(
    *,
    filing: Filing,
    answers: Mapping[str, Mapping],
    actor: Actor,
    now: datetime.datetime,
    revision: int | None = None,
) -> int:
    """Answers by veto {holds: bool, text}; one that holds says what happened. Those that are not given stay as they
    are. Returns how many changed. Raises FilingError, Conflict."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision)
    evaluation = queries.definition_of(draft.round).evaluation
    names = {veto.key: veto.name for veto in evaluation.vetoes} if evaluation else {}
    wanted = dict(draft.filing.vetoes)
    for key, given in answers.items():
        if key not in names:
            raise FilingError(_("表样里没有这条否决项：%(key)s。") % {"key": key})
        text = given.get("text", "").strip()[:LONGEST]
        if given["holds"] and not text:
            raise FilingError(_("否决项“%(name)s”触发了，写明情况。") % {"name": names[key]})
        wanted[key] = {"holds": bool(given["holds"]), "text": text if given["holds"] else ""}
    changed = [key for key, answer in wanted.items() if draft.filing.vetoes.get(key) != answer]
    if changed:
        draft.filing.vetoes = wanted
        draft.filing.save(update_fields=["vetoes"])
        facts = {"vetoes": {key: wanted[key] for key in changed}}
        finish(draft, kind=EventKind.VETOES, actor=actor, what="explanation", facts=facts, fields=changed)
        filing.revision, filing.vetoes = draft.filing.revision, wanted
    return len(changed)
