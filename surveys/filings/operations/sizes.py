"""Headcount and areas with their calibre, and the parts of an area that were in use for some of the months."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.catalog.names import worded
from surveys.definition import Denominator as Size
from surveys.filings import queries
from surveys.filings.errors import FilingError
from surveys.filings.meanwhile import SIZES, merged
from surveys.filings.models import Denominator, EventKind, Filing
from surveys.filings.operations.drafts import begin, finish
from surveys.filings.sizes import sealed_sizes, size_entry, size_row
from surveys.instruments.sizes import Part, part_data, weighted
from surveys.intake.periods import months_in
from tenants.actors import Actor

# parts of one size
MOST_PARTS = 20
LONGEST_NAME = 40


@transaction.atomic
def set_denominators(
    *,
    filing: Filing,
    values: Mapping[str, tuple],
    actor: Actor,
    now: datetime.datetime,
    revision: int | None = None,
) -> int:
    """Denominators by key: (value or '', calibre), or (value, calibre, parts) with what was in use throughout and the
    parts [{name, value, first, last}] as they were typed; parts without name and value are none. '' takes one away.
    Returns how many changed.

    Raises FilingError for a key, a calibre, a number or a part that cannot be; Clash where somebody wrote the same
    sizes after `revision`. What the actor left as it was at `revision` stays as it is now.
    """
    draft = begin(filing_id=filing.pk, actor=actor, now=now)
    known = {d.key: d for d in worded(queries.definition_of(draft.round)).denominators}
    before, typed = sealed_sizes(draft.filing), _typed(known, values, months_in(draft.round.period))
    names = {key: size.name for key, size in known.items()}
    wanted = merged(draft.filing, SIZES, revision=revision, now=before, typed=typed, names=names, actor=actor)
    changed = {key: entry for key, entry in wanted.items() if before.get(key) != entry}
    for key, entry in changed.items():
        _write(draft.filing, key, entry, actor)
    if changed:
        finish(
            draft,
            kind=EventKind.DENOMINATORS,
            actor=actor,
            what="denominator",
            facts={"sizes": changed},
            fields=list(values),
        )
        filing.revision = draft.filing.revision
    return len(changed)


def _typed(known: Mapping[str, Size], values: Mapping[str, tuple], months: Sequence[str]) -> dict:
    """Key → the size as a seal would keep it, None for nothing."""
    found = {}
    for key, (value, calibre, *parts) in values.items():
        if key not in known:
            raise FilingError(_("表样里没有“%(key)s”。") % {"key": key})
        kept = _wanted(known[key], value, calibre, parts[0] if parts else (), months)
        found[key] = kept and size_entry(Denominator(**kept))
    return found


def _write(filing: Filing, key: str, entry: Mapping | None, actor: Actor) -> None:
    """Writes one size (an entry of a seal), or takes it away (None)."""
    if entry is None:
        filing.denominators.filter(key=key).delete()
        return
    who = {"actor_id": actor.id, "actor_name": actor.name}
    Denominator.objects.update_or_create(filing=filing, key=key, defaults=size_row(entry) | who)


def _wanted(known: Size, value, calibre: str, typed: Iterable[Mapping], months: Sequence[str]) -> dict | None:
    """What is to be kept of one size; None for nothing."""
    parts = _parts(known, typed, months)
    number = _number(value, known.name, least=Decimal(0) if parts else None)
    if number is None and not parts:
        return None
    if calibre not in {c.key for c in known.calibres}:
        raise FilingError(_("选择“%(name)s”的口径。") % {"name": known.name})
    if not parts:
        return {"value": number, "calibre": calibre, "whole": None, "parts": []}
    whole = number or Decimal(0)
    kept = [part_data(part) for part in parts]
    return {"value": weighted(whole, parts, months), "calibre": calibre, "whole": whole, "parts": kept}


def _parts(known: Size, typed: Iterable[Mapping], months: Sequence[str]) -> list[Part]:
    given = [part for part in typed if part["name"].strip() or part["value"].strip()]
    if given and not known.by_months:
        raise FilingError(_("“%(name)s”不按月计，只填全年的数。") % {"name": known.name})
    if len(given) > MOST_PARTS:
        raise FilingError(_("“%(name)s”最多分 %(n)s 处。") % {"name": known.name, "n": MOST_PARTS})
    found = [_part(known, part, months) for part in given]
    for one, other in combinations(found, 2):
        if one.name == other.name and one.overlaps(other):
            raise FilingError(_("“%(name)s”填了两次，月份有重叠，删去一处。") % {"name": one.name})
    return found


def _part(known: Size, typed: Mapping, months: Sequence[str]) -> Part:
    name = typed["name"].strip()[:LONGEST_NAME]
    if not name:
        words = {"size": known.name, "value": typed["value"].strip()}
        raise FilingError(_("%(size)s：写明 %(value)s 是哪一处，例如新校区一期。") % words)
    value = _number(typed["value"], name)
    if value is None:
        raise FilingError(_("“%(name)s”还没有填面积。") % {"name": name})
    first, last = typed["first"] or months[0], typed["last"] or months[-1]
    if first not in months or last not in months or first > last:
        raise FilingError(_("“%(name)s”：选本批次里的起止月份，起始不晚于终止。") % {"name": name})
    return Part(name, value, first, last)


def _number(value, name: str, least: Decimal | None = None) -> Decimal | None:
    """A number above 0 (from `least` on where there is one) out of what was typed; None for nothing."""
    text = str(value if value is not None else "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise FilingError(_("%(name)s：“%(value)s”不是数。") % {"name": name, "value": value}) from None
    if not number.is_finite() or not 0 <= number < Decimal(10) ** 16 or (least is None and not number):
        raise FilingError(_("%(name)s要大于 0；没有就留空，并写明原因。") % {"name": name})
    return number
