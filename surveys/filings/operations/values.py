"""Values by hand: one cell or several, each with its former value kept. Written set by set, never row by row."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import connection, transaction
from django.utils.translation import gettext as _

from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Filing, Flag, ObservationChange
from surveys.filings.operations.drafts import Draft, begin, finish
from surveys.intake.periods import covers
from tenants.actors import Actor

KEY = ("facility", "item", "measure", "period")
Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Written:
    """What a cell is to be: `value` None is no figure, and `flag` says of what kind; `raw` how it was typed, `text`
    what is said beside it."""

    value: Decimal | None
    flag: str = ""
    raw: str = ""
    text: str = ""


@transaction.atomic
def set_values(
    *, filing: Filing, values: Iterable[Mapping], revision: int, actor: Actor, now: datetime.datetime
) -> int:
    """Writes values by hand: mappings with KEY (facility optional), `value` (Decimal, text or None) and `flag`.
    Returns how many differed from what was there. Raises FilingError, Conflict."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision)
    changed = write_cells(draft, {key_of(draft, each): _written(each) for each in values}, actor)
    if changed:
        finish(draft, kind=EventKind.EDITED, actor=actor, what="value", facts={"changed": changed})
        filing.revision = draft.filing.revision
    return changed


def key_of(draft: Draft, given: Mapping) -> Place:
    """(facility, item, measure, period) of a mapping with KEY. Raises FilingError for what the round cannot have."""
    definition: Definition = queries.definition_of(draft.round)
    key = {name: str(given.get(name) or "") for name in KEY}
    try:
        definition.item(key["item"]), definition.measure(key["measure"])
    except KeyError:
        raise FilingError(_("表样里没有这个数：%(item)s %(measure)s。") % key) from None
    if not covers(draft.round.period, key["period"]):
        raise FilingError(_("%(period)s 不在本批次的期间里。") % key)
    return tuple(key[name] for name in KEY)


def write_cells(draft: Draft, wanted: Mapping[Place, Written | None], actor: Actor) -> int:
    """Makes the cells what is wanted of them, None takes a cell away; each that differs keeps what it was. Returns how
    many differed. Locking, revision and trace are the caller's."""
    before = rows_at(draft.filing, wanted)
    differ = {key: after for key, after in wanted.items() if not _same(before.get(key), after)}
    if not differ:
        return 0
    with connection.cursor() as cursor:
        _remove(cursor, draft.filing, [key for key, after in differ.items() if after is None])
        _put(cursor, draft.filing, {key: after for key, after in differ.items() if after is not None})
    ObservationChange.objects.bulk_create(
        [_change(draft, key, before.get(key), after, actor) for key, after in differ.items()], batch_size=1000
    )
    return len(differ)


def rows_at(filing: Filing, keys: Iterable[Place]) -> dict[Place, dict]:
    """What stands in these cells of the draft, as `before` of a change has it; a cell without a row is not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT facility, item, measure, period, value, flag, text, sheet, cell, raw, upload_id
                FROM filings_observation JOIN {AT} USING (facility, item, measure, period)
                WHERE filing_id = %s""",
            [*_columns(keys), filing.pk],
        )
        found = {}
        for *key, value, flag, text, sheet, cell, raw, upload in cursor.fetchall():
            found[tuple(key)] = {
                "value": _text(value),
                "flag": flag,
                "text": text,
                "sheet": sheet,
                "cell": cell,
                "raw": raw,
                "upload": upload and str(upload),
            }
        return found


AT = "unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS at (facility, item, measure, period)"
REMOVE = f"""DELETE FROM filings_observation o USING {AT}
             WHERE o.filing_id = %s AND (o.facility, o.item, o.measure, o.period)
                 = (at.facility, at.item, at.measure, at.period)"""
PUT = """INSERT INTO filings_observation
           (filing_id, facility, item, measure, period, value, flag, raw, text, sheet, cell, upload_id)
         SELECT %s, given.*, '', '', NULL
         FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[], %s::text[], %s::text[], %s::text[])
           AS given
         ON CONFLICT (filing_id, facility, item, measure, period) DO UPDATE
         SET value = excluded.value, flag = excluded.flag, raw = excluded.raw, text = excluded.text, sheet = '',
             cell = '', upload_id = NULL"""


def _columns(keys: Iterable[Place]) -> list[list[str]]:
    return [list(column) for column in zip(*keys, strict=True)] or [[], [], [], []]


def _remove(cursor, filing: Filing, keys: list[Place]) -> None:
    if keys:
        cursor.execute(REMOVE, [*_columns(keys), filing.pk])


def _put(cursor, filing: Filing, cells: Mapping[Place, Written]) -> None:
    if cells:
        written = list(cells.values())
        columns = [[getattr(w, name) for w in written] for name in ("value", "flag", "raw", "text")]
        cursor.execute(PUT, [filing.pk, *_columns(cells), *columns])


def _same(before: dict | None, after: Written | None) -> bool:
    if before is None or after is None:
        return before is None and after is None
    value = None if before["value"] is None else Decimal(before["value"])
    return (value, before["flag"], before["text"]) == (after.value, after.flag, after.text)


def _change(draft: Draft, key: Place, before: dict | None, after: Written | None, actor: Actor):
    kept = after and {
        "value": _text(after.value),
        "flag": after.flag,
        "text": after.text,
        "sheet": "",
        "cell": "",
        "raw": after.raw,
        "upload": None,
    }
    return ObservationChange(
        filing_id=draft.filing.pk,
        revision=draft.next_revision,
        **dict(zip(KEY, key, strict=True)),
        before=before,
        after=kept,
        actor_id=actor.id,
        actor_name=actor.name,
        at=draft.now,
    )


def _written(given: Mapping) -> Written:
    value, flag = _number(given.get("value")), given.get("flag") or ""
    return Written(value, Flag.MISSING if value is None and not flag else flag)


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
