"""The grid's cells: what was typed, cleaned by intake's own rules and written together, once."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.catalog.models import Round
from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.completeness import BLANK
from surveys.filings.errors import FilingError
from surveys.filings.models import Event, EventKind, Explanation, Filing, Flag, Observation, Writer
from surveys.filings.operations.drafts import Draft, begin, check_revision, finish
from surveys.filings.operations.values import KEY, Place, Written, key_of, rows_at, write_cells
from surveys.intake.typed import Typed, Typist
from tenants.actors import Actor
from tenants.facilities.models import Facility

# a page of the grid has some hundred cells
MOST = 2000


@dataclass
class Saved:
    """What became of a batch: how many cells differed from what was there, what was typed by place, and whether the
    batch had been written before, its answer lost on the way. Typed ones in state `bad` were not written."""

    revision: int
    changed: int = 0
    typed: dict[Place, Typed] = field(default_factory=dict)
    again: bool = False


@transaction.atomic
def save_cells(
    *,
    filing: Filing,
    edits: Iterable[Mapping],
    revision: int,
    batch: uuid.UUID,
    actor: Actor,
    now: datetime.datetime,
) -> Saved:
    """Writes what was typed: mappings with KEY, `text`, and where the person said so `flag` ('' for none), `reason`
    (why there is no figure) and `remark` (what is said beside it). What cannot be read is left out and told; the rest
    stands.

    The same `batch` is written once, however often it comes. Raises FilingError, Conflict."""
    edits = list(edits)
    if len(edits) > MOST:
        raise FilingError(_("一次最多保存 %(n)s 格。") % {"n": MOST})
    if done := _written_before(filing, batch, actor):
        return _again(done.filing, edits)
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    # the same batch twice at once: the second has waited for the first
    if _written_before(filing, batch, actor):
        return _again(draft.filing, edits)
    check_revision(draft.filing, revision, actor)
    saved = _write(draft, edits, batch, actor)
    filing.revision = saved.revision = draft.filing.revision
    return saved


def _again(filing: Filing, edits: list[Mapping]) -> Saved:
    """The answer to a batch that was written before, with what of it could not be read."""
    round = Round.objects.get(pk=filing.round_code)
    places = {tuple(str(edit.get(name) or "") for name in KEY): edit for edit in edits}
    return Saved(filing.revision, typed=_typed(queries.definition_of(round), places), again=True)


def _write(draft: Draft, edits: list[Mapping], batch: uuid.UUID, actor: Actor) -> Saved:
    places = {key_of(draft, edit): edit for edit in edits}
    if len(places) < len(edits):
        raise FilingError(_("同一格在一次保存里出现两次。"))
    _check_facilities(draft.filing, {key[0] for key in places})
    typed = _typed(queries.definition_of(draft.round), places)
    before = rows_at(draft.filing, places)
    wanted = {
        key: _wanted(typed[key], edit, before.get(key))
        for key, edit in places.items()
        if typed[key].state != "bad"
    }
    changed = write_cells(draft, wanted, actor)
    reasons = _give_reasons(draft, {key: typed[key].reason for key in wanted}, actor)
    facts = {"changed": changed, "reasons": reasons, "batch": str(batch)}
    if changed:
        finish(draft, kind=EventKind.EDITED, actor=actor, what="value", facts=facts)
    elif reasons:
        finish(draft, kind=EventKind.EXPLAINED, actor=actor, what="explanation", facts=facts)
    if changed and reasons:
        _hand(draft, actor, "explanation")
    return Saved(draft.filing.revision, changed, typed)


def _typed(definition: Definition, places: Mapping[Place, Mapping]) -> dict[Place, Typed]:
    typist = Typist(definition)
    found = {}
    for key, edit in places.items():
        _facility, item, measure, period = key
        read = typist.read(item, measure, period, edit["text"])
        found[key] = _said_so(read, edit)
    return found


def _said_so(read: Typed, edit: Mapping) -> Typed:
    """What was typed with what the person said beside it: an estimate or none, why there is no figure."""
    flag, reason = edit.get("flag"), (edit.get("reason") or "").strip()
    if read.state == "number":
        wanted = read.flag if flag is None else Flag.ESTIMATED if flag == Flag.ESTIMATED else ""
        return Typed("number", read.exact, wanted, notes=read.notes)
    if read.state == "missing" and flag == Flag.NOT_APPLICABLE:
        return Typed("not_applicable", flag=Flag.NOT_APPLICABLE)
    if read.state == "missing" and reason:
        return Typed("missing", flag=Flag.MISSING, reason=reason)
    return read


def _wanted(typed: Typed, edit: Mapping, before: dict | None) -> Written | None:
    """What the cell is to be. A figure typed by hand that is taken away without a reason leaves nothing behind; what
    came out of a workbook stays known as missing."""
    raw, said = edit["text"].strip(), (edit.get("remark") or "").strip()
    if typed.state == "number":
        return Written(Decimal(typed.exact), typed.flag, "" if raw == typed.exact else raw, said)
    if typed.state == "missing" and not (typed.reason or said) and not (before and before["upload"]):
        return None
    return Written(None, typed.flag, raw, said)


def _give_reasons(draft: Draft, reasons: Mapping[Place, str], actor: Actor) -> int:
    """Keeps why cells have no figure, and drops it where there is one now. Returns how many changed."""
    given = {
        tuple(getattr(row, name) for name in KEY): row
        for row in Explanation.objects.filter(filing=draft.filing, rule=BLANK)
    }
    gone = [given[key].pk for key, reason in reasons.items() if not reason and key in given]
    new = {
        key: reason
        for key, reason in reasons.items()
        if reason and (key not in given or given[key].text != reason)
    }
    if gone:
        Explanation.objects.filter(pk__in=gone).delete()
    Explanation.objects.bulk_create(
        [
            Explanation(
                filing=draft.filing,
                rule=BLANK,
                **dict(zip(KEY, key, strict=True)),
                text=reason,
                actor_id=actor.id,
                actor_name=actor.name,
            )
            for key, reason in new.items()
        ],
        update_conflicts=True,
        unique_fields=["filing", "rule", *KEY],
        update_fields=["text", "actor_id", "actor_name"],
    )
    return len(gone) + len(new)


def _check_facilities(filing: Filing, codes: set[str]) -> None:
    known = {"", *Facility.objects.filter(code__in=codes).values_list("code", flat=True)}
    unknown = codes - known
    if unknown:
        there = Observation.objects.filter(filing_id=filing.pk, facility__in=unknown)
        unknown -= set(there.values_list("facility", flat=True))
    if unknown:
        raise FilingError(_("没有登记“%(code)s”这处楼宇。") % {"code": sorted(unknown)[0]})


def _hand(draft: Draft, actor: Actor, what: str) -> None:
    Writer.objects.get_or_create(
        filing=draft.filing,
        version=draft.version,
        actor_id=actor.id,
        what=what,
        defaults={"actor_name": actor.name},
    )


def _written_before(filing: Filing, batch: uuid.UUID, actor: Actor) -> Event | None:
    """The event of a batch that was written already."""
    rows = Event.objects.filter(filing_id=filing.pk, actor_id=actor.id, facts__batch=str(batch))
    return rows.select_related("filing").first()
