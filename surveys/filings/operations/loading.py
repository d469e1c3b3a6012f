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
from surveys.intake.numbers import DIGITS, is_too_large
from tenants.actors import Actor

if TYPE_CHECKING:
    import pandas as pd

KEY = ("facility", "item", "measure", "period")
BLOCK = 4000
# a float that rounds its decimal may lie below the largest figure
NEARLY = 10.0 ** (DIGITS - 1)
COLUMNS = (*KEY, "value", "text", "flag", "sheet", "cell", "raw")
SAME = "(o.value, o.text, o.flag) IS DISTINCT FROM (n.value, n.text, n.flag)"
STAGING = """CREATE TEMP TABLE incoming (facility text, item text, measure text, period text, value numeric(24, 8),
             text text, flag text, sheet text, cell text, raw text) ON COMMIT DROP"""
JSON = """jsonb_build_object('value', {0}.value::text, 'text', {0}.text, 'flag', {0}.flag, 'sheet', {0}.sheet,
          'cell', {0}.cell, 'raw', {0}.raw, 'upload', {1})"""
LOG = """
INSERT INTO filings_observationchange
  (filing_id, revision, upload_id, facility, item, measure, period, before, after, actor_id, actor_name, at)"""
WHO = "%(actor)s, %(name)s, %(now)s"
CHANGES = f"""{LOG}
SELECT o.filing_id, %(revision)s, %(upload)s, o.facility, o.item, o.measure, o.period,
       {JSON.format("o", "o.upload_id::text")}, {JSON.format("n", "%(upload)s::text")}, {WHO}
FROM incoming n JOIN filings_observation o USING (facility, item, measure, period)
WHERE o.filing_id = %(filing)s AND {SAME}"""
# a figure that comes back where one was taken away: its history goes on
AGAIN = f"""{LOG}
SELECT %(filing)s, %(revision)s, %(upload)s, n.facility, n.item, n.measure, n.period,
       NULL, {JSON.format("n", "%(upload)s::text")}, {WHO}
FROM incoming n
WHERE (n.facility, n.item, n.measure, n.period) IN
        (SELECT facility, item, measure, period FROM filings_observationchange WHERE filing_id = %(filing)s)
  AND NOT EXISTS (SELECT 1 FROM filings_observation o
                  WHERE o.filing_id = %(filing)s AND (o.facility, o.item, o.measure, o.period)
                      = (n.facility, n.item, n.measure, n.period))"""
# neither a figure nor the memory of one
UNWRITTEN = """SELECT NOT EXISTS (SELECT 1 FROM filings_observation WHERE filing_id = %(filing)s)
               AND NOT EXISTS (SELECT 1 FROM filings_observationchange WHERE filing_id = %(filing)s)"""
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
    _refuse_too_large(frame)
    with connection.cursor() as cursor:
        cursor.execute(UNWRITTEN, {"filing": filing.pk})
        if cursor.fetchone()[0]:
            _copy_once(cursor, frame, {"filing_id": filing.pk, "upload_id": upload_id})
            return Counts(len(frame), 0, 0)
        _refuse_twice(frame)
        return _merge(cursor, filing, frame, upload_id, actor, now)


def _merge(cursor, filing, frame, upload_id, actor, now) -> Counts:
    values = _values(filing, upload_id, actor, now)
    cursor.execute(STAGING)
    _copy(cursor, "incoming", frame, {})
    cursor.execute(CHANGES, values)
    changed = cursor.rowcount
    cursor.execute(AGAIN, values)
    cursor.execute(UPSERT, values)
    inserted = cursor.rowcount - changed
    cursor.execute("DROP TABLE incoming")
    return Counts(inserted, changed, len(frame) - inserted - changed)


def _values(filing: Filing, upload_id: uuid.UUID | None, actor: Actor, now: datetime.datetime) -> dict:
    """What the statements are told: the filing, whose hand it is, and the revision the write leads to."""
    return {
        "filing": filing.pk,
        "revision": filing.revision + 1,
        "upload": upload_id,
        "actor": actor.id,
        "name": actor.name,
        "now": now,
    }


def _copy_once(cursor, frame: pd.DataFrame, constants: dict) -> None:
    """Straight into the table; its key finds a figure that comes twice, cheaper than looking first."""
    try:
        with transaction.atomic():
            _copy(cursor, "filings_observation", frame, constants)
    except IntegrityError:
        _refuse_twice(frame)
        raise


def _refuse_too_large(frame: pd.DataFrame) -> None:
    # hardly any figure is near this: one look at the floats tells
    if not (frame["value"] > NEARLY).any():
        return
    large = next((place for place, text in enumerate(frame["exact"].tolist()) if is_too_large(text)), None)
    if large is not None:
        row = frame.iloc[large]
        raise FilingError(
            _("%(sheet)s!%(cell)s 的数太大，不能超过 16 位。改正后重新上传。")
            % {"sheet": row["sheet"], "cell": row["cell"]}
        )


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


def unload(*, filing: Filing, upload: Upload, actor: Actor, now: datetime.datetime) -> Counts:
    """Takes back what an upload wrote and nobody has touched since: new figures go, changed ones get their former
    value, and each leaves its change behind. Returns how many went, how many were restored, and how many later edits
    stayed."""
    values = _values(filing, upload.pk, actor, now)
    with connection.cursor() as cursor:
        # of rows that came a moment ago the planner knows nothing and compares each with each: minutes, not a second
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(STAYED, values)
        stayed = cursor.fetchone()[0]
        cursor.execute(GONE, values)
        cursor.execute(BACK, values)
        cursor.execute(REMOVE, values)
        removed = cursor.rowcount
        cursor.execute(RESTORE, values)
        restored = cursor.rowcount
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return Counts(removed, restored, stayed)


KEYS_EQUAL = " AND ".join(f"c.{name} = o.{name}" for name in KEY)
STAYED = f"""SELECT count(DISTINCT (o.facility, o.item, o.measure, o.period))
             FROM filings_observationchange c JOIN filings_observation o
             ON o.filing_id = c.filing_id AND {KEYS_EQUAL}
             WHERE c.filing_id = %(filing)s AND c.before->>'upload' = %(upload)s::text
             AND o.upload_id IS DISTINCT FROM %(upload)s"""
# what the upload wrote where nothing stood, and where something did
NEW = f"""o.filing_id = %(filing)s AND o.upload_id = %(upload)s
          AND NOT EXISTS (SELECT 1 FROM filings_observationchange c WHERE c.filing_id = o.filing_id
                          AND c.upload_id = %(upload)s AND c.before IS NOT NULL AND {KEYS_EQUAL})"""
OLD = f"""c.filing_id = o.filing_id AND {KEYS_EQUAL} AND c.upload_id = %(upload)s AND c.before IS NOT NULL
          AND o.filing_id = %(filing)s AND o.upload_id = %(upload)s"""
# these changes name no upload: what an upload changed is what undoes it
GONE = f"""{LOG}
SELECT o.filing_id, %(revision)s, NULL, o.facility, o.item, o.measure, o.period,
       {JSON.format("o", "o.upload_id::text")}, NULL, {WHO}
FROM filings_observation o WHERE {NEW}"""
BACK = f"""{LOG}
SELECT o.filing_id, %(revision)s, NULL, o.facility, o.item, o.measure, o.period,
       {JSON.format("o", "o.upload_id::text")}, c.before, {WHO}
FROM filings_observation o, filings_observationchange c WHERE {OLD}"""
REMOVE = f"DELETE FROM filings_observation o WHERE {NEW}"
RESTORE = f"""UPDATE filings_observation o
              SET value = (c.before->>'value')::numeric, text = c.before->>'text', flag = c.before->>'flag',
                  sheet = c.before->>'sheet', cell = c.before->>'cell', raw = c.before->>'raw',
                  upload_id = (c.before->>'upload')::uuid
              FROM filings_observationchange c WHERE {OLD}"""
