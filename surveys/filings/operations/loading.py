"""Values into the draft by COPY: the first load straight into the table, later ones over a staging table that
compares, so that only what changed is written. The natural key carries it; no row is built in Python."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from surveys.filings.errors import FilingError
from surveys.filings.models import Filing, Upload
from tenants.actors import Actor

if TYPE_CHECKING:
    import pandas as pd

KEY = ("facility", "item", "measure", "period")
BLOCK = 4000
COLUMNS = (*KEY, "value", "text", "flag", "sheet", "cell", "raw")
SAME = "(o.value, o.text, o.flag) IS DISTINCT FROM (n.value, n.text, n.flag)"
STAGING = """CREATE TEMP TABLE incoming (facility text, item text, measure text, period text, value numeric(24, 8),
             text text, flag text, sheet text, cell text, raw text) ON COMMIT DROP"""
JSON = """jsonb_build_object('value', {0}.value::text, 'text', {0}.text, 'flag', {0}.flag, 'sheet', {0}.sheet,
          'cell', {0}.cell, 'raw', {0}.raw, 'upload', {1})"""
CHANGES = f"""
INSERT INTO filings_observationchange
  (filing_id, revision, upload_id, facility, item, measure, period, before, after, actor_id, actor_name, at)
SELECT o.filing_id, %(revision)s, %(upload)s, o.facility, o.item, o.measure, o.period,
       {JSON.format("o", "o.upload_id::text")}, {JSON.format("n", "%(upload)s::text")},
       %(actor)s, %(name)s, %(now)s
FROM incoming n JOIN filings_observation o USING (facility, item, measure, period)
WHERE o.filing_id = %(filing)s AND {SAME}"""
UPSERT = f"""
INSERT INTO filings_observation AS o
  (filing_id, facility, item, measure, period, value, text, flag, upload_id, sheet, cell, raw)
SELECT %(filing)s, facility, item, measure, period, value, text, flag, %(upload)s, sheet, cell, raw FROM incoming
ON CONFLICT (filing_id, facility, item, measure, period) DO UPDATE
SET value = excluded.value, text = excluded.text, flag = excluded.flag, upload_id = excluded.upload_id,
    sheet = excluded.sheet, cell = excluded.cell, raw = excluded.raw
WHERE {SAME.replace("n.", "excluded.")}"""


@dataclass(frozen=True)
class Counts:
    """What a load did: figures that are new, changed, and as they were."""

    inserted: int
    changed: int
    same: int


@transaction.atomic
def load_frame(
    *, filing: Filing, frame: pd.DataFrame, upload_id: uuid.UUID | None, actor: Actor, now: datetime.datetime
) -> Counts:
    """Writes a tidy frame (intake's columns) into the draft; what is there and equal is left alone. Only the values:
    locking, revision and trace are the caller's. Raises FilingError when a figure comes twice."""
    if frame.empty:
        return Counts(0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM filings_observation WHERE filing_id = %s LIMIT 1", [filing.pk])
        if cursor.fetchone() is None:
            _copy_once(cursor, frame, {"filing_id": filing.pk, "upload_id": upload_id})
            return Counts(len(frame), 0, 0)
        _refuse_twice(frame)
        return _merge(cursor, filing, frame, upload_id, actor, now)


def _merge(cursor, filing, frame, upload_id, actor, now) -> Counts:
    values = {
        "filing": filing.pk,
        "revision": filing.revision + 1,
        "upload": upload_id,
        "actor": actor.id,
        "name": actor.name,
        "now": now,
    }
    cursor.execute(STAGING)
    _copy(cursor, "incoming", frame, {})
    cursor.execute(CHANGES, values)
    changed = cursor.rowcount
    cursor.execute(UPSERT, values)
    inserted = cursor.rowcount - changed
    cursor.execute("DROP TABLE incoming")
    return Counts(inserted, changed, len(frame) - inserted - changed)


def _copy_once(cursor, frame: pd.DataFrame, constants: dict) -> None:
    """Straight into the table; its key finds a figure that comes twice, cheaper than looking first."""
    try:
        with transaction.atomic():
            _copy(cursor, "filings_observation", frame, constants)
    except IntegrityError:
        _refuse_twice(frame)
        raise


def _refuse_twice(frame: pd.DataFrame) -> None:
    twice = frame.duplicated(list(KEY))
    if twice.any():
        row = frame[twice].iloc[0]
        raise FilingError(
            _("同一个数出现两次：%(item)s %(period)s（%(sheet)s!%(cell)s）。删去一处后重新上传。")
            % {name: row[name] for name in ("item", "period", "sheet", "cell")}
        )


def _copy(cursor, table: str, frame: pd.DataFrame, constants: dict) -> None:
    """Streams the frame as COPY text. `exact` is the decimal as it was read; a float never reaches the database."""
    columns = [*constants, *COLUMNS]
    # the constant columns stand first and are the same in each line
    heads = ["\\N" if value is None else str(value) for value in constants.values()]
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        # in blocks: the server writes one while the next is being put together
        for start in range(0, len(frame), BLOCK):
            copy.write(_block(frame.iloc[start : start + BLOCK], heads))


def _block(frame: pd.DataFrame, heads: list[str]) -> str:
    rows = zip(*map(repeat, heads), *(_column(frame, name) for name in COLUMNS), strict=False)
    # sorted, because an index grows faster at one place than everywhere
    return "\n".join(sorted(map("\t".join, rows))) + "\n"


def _column(frame: pd.DataFrame, name: str) -> list[str]:
    if name == "value":
        return [text or "\\N" for text in frame["exact"].tolist()]
    texts = frame[name].tolist()
    # one scan tells whether anything needs escaping; names and cells hardly ever do
    together = "".join(texts)
    if any(mark in together for mark in "\\\t\n\r"):
        texts = [_escaped(text) for text in texts]
    return texts


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def unload(*, filing: Filing, upload: Upload) -> Counts:
    """Takes back what an upload wrote and nobody has touched since: new figures go, changed ones get their former
    value. Returns how many went, how many were restored, and how many later edits stayed."""
    values = {"filing": filing.pk, "upload": upload.pk}
    with connection.cursor() as cursor:
        cursor.execute(STAYED, values)
        stayed = cursor.fetchone()[0]
        cursor.execute(REMOVE, values)
        removed = cursor.rowcount
        cursor.execute(RESTORE, values)
        return Counts(removed, cursor.rowcount, stayed)


KEYS_EQUAL = " AND ".join(f"c.{name} = o.{name}" for name in KEY)
STAYED = f"""SELECT count(*) FROM filings_observationchange c JOIN filings_observation o
             ON o.filing_id = c.filing_id AND {KEYS_EQUAL}
             WHERE c.filing_id = %(filing)s AND c.before->>'upload' = %(upload)s::text
             AND o.upload_id IS DISTINCT FROM %(upload)s"""
REMOVE = f"""DELETE FROM filings_observation o WHERE o.filing_id = %(filing)s AND o.upload_id = %(upload)s
             AND NOT EXISTS (SELECT 1 FROM filings_observationchange c WHERE c.filing_id = o.filing_id
                             AND c.upload_id = %(upload)s AND {KEYS_EQUAL})"""
RESTORE = f"""UPDATE filings_observation o
              SET value = (c.before->>'value')::numeric, text = c.before->>'text', flag = c.before->>'flag',
                  sheet = c.before->>'sheet', cell = c.before->>'cell', raw = c.before->>'raw',
                  upload_id = (c.before->>'upload')::uuid
              FROM filings_observationchange c
              WHERE c.filing_id = o.filing_id AND {KEYS_EQUAL} AND c.upload_id = %(upload)s
              AND o.filing_id = %(filing)s AND o.upload_id = %(upload)s"""
