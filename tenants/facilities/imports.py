"""From an uploaded table to a preview, and from the preview to the register."""

import json
import uuid
from dataclasses import dataclass

import tablib
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult
from import_export.tmp_storages import CacheStorage

from audit.operations import record
from tenants.actors import Actor
from tenants.facilities.resources import COLUMNS, FacilityResource, shown
from tenants.tables import Table, read_table

NAMES = {column: name for name, column in COLUMNS.items()}
CODE = COLUMNS["code"]
NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"


@dataclass(frozen=True)
class Change:
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: its column ('' = the row), what stands there, what to do."""

    column: str
    value: str
    remedy: str


@dataclass(frozen=True)
class Line:
    """One row of the file: its number there, what would happen to it, and why not."""

    number: int
    outcome: str
    code: str
    name: str
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What an import would do. `token` finds the rows again when it is confirmed."""

    token: str
    lines: tuple[Line, ...]
    unused: tuple[str, ...]

    def of(self, outcome: str) -> list[Line]:
        """The lines with one outcome."""
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def new(self) -> list[Line]:
        return self.of(NEW)

    @property
    def changed(self) -> list[Line]:
        return self.of(CHANGED)

    @property
    def same(self) -> list[Line]:
        return self.of(SAME)

    @property
    def bad(self) -> list[Line]:
        return self.of(BAD)

    @property
    def writes(self) -> int:
        return len(self.new) + len(self.changed)


class PreviewGone(Exception):
    """The rows are no longer kept: the file has to be sent again."""


class ImportRefused(Exception):
    """The register changed since the preview and some rows no longer fit; `preview` says which."""

    def __init__(self, preview: Preview):
        super().__init__()
        self.preview = preview


def preview(data: bytes, *, actor: Actor) -> Preview:
    """Reads a file and says what it would change; writes nothing but the kept rows. Raises Refused."""
    table = read_table(data, set(COLUMNS.values()))
    token = uuid.uuid4().hex
    # the cache, not a host's disk; its keys carry the university (tenants.cache), the name carries the person
    _kept(token, actor).save(json.dumps([table.headers, table.rows]))
    return _run(table, token, dry_run=True)


@transaction.atomic
def confirm(token: str, *, actor: Actor) -> Preview:
    """Writes what a preview showed, all or nothing. Raises PreviewGone, ImportRefused."""
    text = _kept(token, actor).read()
    if text is None:
        raise PreviewGone
    headers, rows = json.loads(text)
    table = Table(tuple(headers), tuple((number, tuple(cells)) for number, cells in rows))
    done = _run(table, token, dry_run=False)
    if done.bad:
        raise ImportRefused(done)
    for line in (*done.new, *done.changed):
        record(
            actor_id=actor.id,
            university_code=actor.university_code,
            action="facility.imported",
            object_type="facility",
            object_id=line.code,
            fields=[NAMES[change.column] for change in line.changes],
        )
    transaction.on_commit(_kept(token, actor).remove)
    return done


def _run(table: Table, token: str, *, dry_run: bool) -> Preview:
    resource = FacilityResource()
    # rows are found by their code, which a file need not have
    more = () if CODE in table.headers else (CODE,)
    rows = ((*cells, *("" for _column in more)) for _number, cells in table.rows)
    dataset = tablib.Dataset(*rows, headers=[*table.headers, *more])
    result = resource.import_data(
        dataset,
        dry_run=dry_run,
        rollback_on_validation_errors=True,
        numbers=[number for number, _cells in table.rows],
    )
    if result.base_errors:
        # a fault of ours, not of the file: nothing was written
        raise result.base_errors[0].error
    known = set(COLUMNS.values())
    unused = tuple(header for header in table.headers if header and header not in known)
    return Preview(token, tuple(_lines(resource, table, result)), unused)


def _lines(resource: FacilityResource, table: Table, result: Result):
    for (number, cells), row in zip(table.rows, result.rows, strict=True):
        values = dict(zip(table.headers, cells, strict=True))
        if row.is_invalid() or row.is_error():
            yield Line(
                number,
                BAD,
                values.get("代码", ""),
                values.get("名称", ""),
                faults=tuple(_faults(row, values)),
            )
            continue
        changes = () if row.is_skip() else tuple(_changes(resource, row))
        outcome = SAME if row.is_skip() else NEW if row.is_new() else CHANGED
        yield Line(number, outcome, row.instance.code, row.instance.name, changes)


def _changes(resource: FacilityResource, row: RowResult):
    for name, column in COLUMNS.items():
        field = resource.fields[name]
        before = "" if row.is_new() else shown(field.export(row.original))
        after = shown(field.export(row.instance))
        if before != after:
            yield Change(column, before, after)


def _faults(row: RowResult, values: dict[str, str]):
    if row.validation_error is None:
        yield Fault("", "", _("这一行写不进去，原因不明：核对后再传，仍不行请告诉秘书处。"))
        return
    error = row.validation_error
    messages = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, texts in messages.items():
        column = COLUMNS.get(name, "")
        for text in texts:
            yield Fault(column, values.get(column, ""), text)


def _kept(token: str, actor: Actor) -> CacheStorage:
    return CacheStorage(name=f"facilities-{actor.id}-{token}")
