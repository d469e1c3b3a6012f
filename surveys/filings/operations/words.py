"""What the clerk says beside the values: reasons, and what a header means."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.filings import queries
from surveys.filings.answers import is_of_header
from surveys.filings.completeness import BLANK
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Explanation, Filing, Upload, UploadState
from surveys.filings.models import Mapping as RememberedMapping
from surveys.filings.operations.drafts import Draft, begin, finish
from surveys.filings.operations.uploads import read_again
from surveys.intake.periods import covers
from tenants.actors import Actor

KEY = ("facility", "item", "measure", "period")
# a sentence or a few; it is printed and sealed
LONGEST = 500


@transaction.atomic
def explain(
    *,
    filing: Filing,
    rule: str,
    cells: Iterable[Mapping],
    text: str,
    actor: Actor,
    now: datetime.datetime,
    revision: int | None = None,
) -> int:
    """One reason for all cells of one rule (or of completeness.BLANK); cells are mappings with KEY, missing parts ''.
    A reason given before is replaced. Returns for how many cells. Raises FilingError for an empty reason."""
    # a form counts a new line once and sends two signs
    text, cells = text.replace("\r\n", "\n").strip(), list(cells)
    if not text:
        raise FilingError(_("写明原因，一句话即可。"))
    if not cells:
        raise FilingError(_("没有选中要说明的数。"))
    if len(text) > LONGEST:
        raise FilingError(_("原因最多 %(n)s 字，写要点。") % {"n": LONGEST})
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision)
    places = [{name: str(cell.get(name) or "") for name in KEY} for cell in cells]
    _check_explained(draft, rule, places)
    for place in places:
        Explanation.objects.update_or_create(
            filing=draft.filing,
            rule=rule,
            **place,
            defaults={"text": text, "actor_id": actor.id, "actor_name": actor.name},
        )
    finish(
        draft,
        kind=EventKind.EXPLAINED,
        actor=actor,
        what="explanation",
        facts={"rule": rule, "cells": len(cells)},
    )
    filing.revision = draft.filing.revision
    return len(cells)


def _check_explained(draft: Draft, rule: str, places: list[dict]) -> None:
    """Raises FilingError for a rule that asks nothing here, or a place that neither the form nor a finding has: what
    is explained is sealed."""
    definition, issues = queries.definition_of(draft.round), _issues(draft.filing)
    rules = {BLANK, *(check.id for check in definition.checks), *(i["rule"] or i["kind"] for i in issues)}
    if rule not in rules:
        raise FilingError(_("没有要说明的“%(rule)s”。刷新页面再看一眼。") % {"rule": rule[:30]})
    found = {tuple(issue[name] for name in KEY) for issue in issues}
    items = {"", *(x.key for x in definition.items), *(x.key for x in definition.denominators)}
    measures = {"", *(x.key for x in definition.measures)}
    for place in places:
        known = place["item"] in items and place["measure"] in measures and len(place["facility"]) <= 40
        inside = not place["period"] or covers(draft.round.period, place["period"])
        if not (known and inside) and tuple(place[name] for name in KEY) not in found:
            raise FilingError(_("表样里没有这个数：%(item)s %(measure)s。") % place)


def _issues(filing: Filing) -> list[dict]:
    """What the checks say of the draft and of its files."""
    reports = filing.uploads.exclude(state=UploadState.UNDONE).values_list("report__issues", flat=True)
    return [*filing.issues, *(issue for found in reports for issue in found or ())]


@transaction.atomic
def confirm_mapping(
    *, upload: Upload, entries: Iterable[Mapping], actor: Actor, now: datetime.datetime
) -> bool:
    """Remembers headers ({key, item, measure, unit}; item '' = not used) for this university and marks the upload's
    mapping as seen. Where one means something else than was read, the original is read again with what was said.
    Returns whether it is read again. Raises FilingError."""
    draft = begin(filing_id=upload.filing_id, actor=actor, now=now)
    current = draft.filing.uploads.select_for_update().get(pk=upload.pk)
    if current.state not in (UploadState.READ, UploadState.REFUSED):
        raise FilingError(_("这份文件已经写入或撤销，表头不用再确认。"))
    definition = queries.definition_of(draft.round)
    read = {
        m["key"]: (m["item"], m["measure"], m["unit"])
        for m in current.report.get("mapping", ())
        if m.get("key")
    }
    # what was not loaded for want of a meaning is read with the one that was confirmed
    differs = any(is_of_header(issue, current.report) for issue in current.report.get("issues", ()))
    for entry in entries:
        _check_header(definition, entry)
        said = (entry["item"], entry["measure"], entry["unit"])
        differs = differs or read.get(entry["key"]) != said
        RememberedMapping.objects.update_or_create(
            instrument_code=draft.round.version.instrument_id,
            key=entry["key"],
            defaults={
                "item": entry["item"],
                "measure": entry["measure"],
                "unit": entry["unit"],
                "actor_id": actor.id,
                "actor_name": actor.name,
            },
        )
    current.mapping_confirmed = True
    current.save(update_fields=["mapping_confirmed"])
    finish(draft, kind=EventKind.MAPPED, actor=actor, what="mapping", text=current.name)
    if differs:
        read_again(upload=current, actor=actor, now=now)
    return differs


def _check_header(definition, entry: Mapping) -> None:
    for name in ("key", "unit"):
        if len(entry[name]) > RememberedMapping._meta.get_field(name).max_length:
            raise FilingError(_("“%(text)s…”太长，在表格里改短后重新上传。") % {"text": entry[name][:30]})
    if not entry["item"] or entry["key"].startswith(queries.FACILITY_KEY):
        return
    try:
        definition.item(entry["item"]), definition.measure(entry["measure"])
    except KeyError:
        raise FilingError(_("表样里没有这个项目：%(item)s %(measure)s。") % entry) from None
