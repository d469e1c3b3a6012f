"""What the clerk says beside the values: reasons, and what a header means."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.filings import queries
from surveys.filings.answers import is_of_header
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Explanation, Filing, Upload, UploadState
from surveys.filings.models import Mapping as RememberedMapping
from surveys.filings.operations.drafts import begin, finish
from surveys.filings.operations.uploads import read_again
from tenants.actors import Actor

KEY = ("facility", "item", "measure", "period")


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
    text, cells = text.strip(), list(cells)
    if not text:
        raise FilingError(_("写明原因，一句话即可。"))
    if not cells:
        raise FilingError(_("没有选中要说明的数。"))
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision)
    for cell in cells:
        Explanation.objects.update_or_create(
            filing=draft.filing,
            rule=rule,
            **{name: str(cell.get(name) or "") for name in KEY},
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
