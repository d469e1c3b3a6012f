"""Values by hand: one cell or several, each with its former value kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.filings import queries
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Filing, Flag, Observation, ObservationChange
from surveys.filings.operations.drafts import Draft, begin, finish
from surveys.intake.periods import covers
from tenants.actors import Actor

KEY = ("facility", "item", "measure", "period")


@transaction.atomic
def set_values(
    *, filing: Filing, values: Iterable[Mapping], revision: int, actor: Actor, now: datetime.datetime
) -> int:
    """Writes values by hand: mappings with KEY (facility optional), `value` (Decimal, text or None) and `flag`.
    Returns how many differed from what was there. Raises FilingError, Conflict."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision)
    changed = sum(_set(draft, value, actor) for value in values)
    if changed:
        finish(draft, kind=EventKind.EDITED, actor=actor, what="value", facts={"changed": changed})
        filing.revision = draft.filing.revision
    return changed


def _set(draft: Draft, given: Mapping, actor: Actor) -> bool:
    key = _key(draft, given)
    after = {"value": _number(given.get("value")), "flag": given.get("flag") or "", "text": ""}
    if after["value"] is None and not after["flag"]:
        after["flag"] = Flag.MISSING
    row = Observation.objects.filter(filing_id=draft.filing.pk, **key).first()
    if row and (row.value, row.flag, row.text) == (after["value"], after["flag"], after["text"]):
        return False
    Observation.objects.filter(filing_id=draft.filing.pk, **key).delete()
    Observation.objects.bulk_create([Observation(filing_id=draft.filing.pk, **key, **after)])
    ObservationChange.objects.create(
        filing_id=draft.filing.pk,
        revision=draft.next_revision,
        **key,
        before=row and _plain(row),
        after={**after, "value": _text(after["value"]), "upload": None, "sheet": "", "cell": "", "raw": ""},
        actor_id=actor.id,
        actor_name=actor.name,
        at=draft.now,
    )
    return True


def _key(draft: Draft, given: Mapping) -> dict[str, str]:
    definition = queries.definition_of(draft.round)
    key = {name: str(given.get(name) or "") for name in KEY}
    try:
        definition.item(key["item"]), definition.measure(key["measure"])
    except KeyError:
        raise FilingError(_("表样里没有这个数：%(item)s %(measure)s。") % key) from None
    if not covers(draft.round.period, key["period"]):
        raise FilingError(_("%(period)s 不在本批次的期间里。") % key)
    return key


def _number(value) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise FilingError(_("“%(value)s”不是数。只填数字，例如 1234.5。") % {"value": value}) from None
    if not number.is_finite() or number < 0 or number >= Decimal(10) ** 16:
        raise FilingError(_("“%(value)s”不能作用量或费用：不能是负数，也不能超过 16 位。") % {"value": value})
    return number


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _plain(row: Observation) -> dict:
    return {
        "value": _text(row.value),
        "flag": row.flag,
        "text": row.text,
        "sheet": row.sheet,
        "cell": row.cell,
        "raw": row.raw,
        "upload": row.upload_id and str(row.upload_id),
    }
