"""What the clerk says beside the values: reasons, denominators with their calibre, what a header means."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.catalog.names import worded
from surveys.filings import queries
from surveys.filings.answers import is_of_header
from surveys.filings.errors import FilingError
from surveys.filings.models import Denominator, EventKind, Explanation, Filing, Upload, UploadState
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
def set_denominators(
    *,
    filing: Filing,
    values: Mapping[str, tuple],
    actor: Actor,
    now: datetime.datetime,
    revision: int | None = None,
) -> int:
    """Denominators by key: (value or '', calibre). '' takes one away. Returns how many changed.

    Raises FilingError for a key, a calibre or a number that cannot be.
    """
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision)
    known = {d.key: d for d in worded(queries.definition_of(draft.round)).denominators}
    before = queries.denominators_of(draft.filing)
    changed = 0
    for key, (value, calibre) in values.items():
        if key not in known:
            raise FilingError(_("表样里没有“%(key)s”。") % {"key": key})
        number = _positive(value, known[key].name)
        if number is None:
            changed += draft.filing.denominators.filter(key=key).delete()[0]
            continue
        if calibre not in {c.key for c in known[key].calibres}:
            raise FilingError(_("选择“%(name)s”的口径。") % {"name": known[key].name})
        if key in before and (before[key].value, before[key].calibre) == (number, calibre):
            continue
        Denominator.objects.update_or_create(
            filing=draft.filing,
            key=key,
            defaults={"value": number, "calibre": calibre, "actor_id": actor.id, "actor_name": actor.name},
        )
        changed += 1
    if changed:
        finish(draft, kind=EventKind.DENOMINATORS, actor=actor, what="denominator", fields=list(values))
        filing.revision = draft.filing.revision
    return changed


def _positive(value, name: str) -> Decimal | None:
    text = str(value if value is not None else "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise FilingError(_("%(name)s：“%(value)s”不是数。") % {"name": name, "value": value}) from None
    if not number.is_finite() or not 0 < number < Decimal(10) ** 16:
        raise FilingError(_("%(name)s要大于 0；没有就留空，并写明原因。") % {"name": name})
    return number


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
