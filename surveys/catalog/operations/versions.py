"""A definition becomes the next version of its instrument: one person proposes it, another one holds its factors and
its items against their sources and publishes it."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.operations import record
from surveys.catalog.models import Instrument, Version
from surveys.catalog.queries import database_now, definition_of, newest_version
from surveys.definition import Definition
from surveys.definition.checking import to_check


class VersionError(Exception):
    """The step is not possible; the text says why and what to do."""


@transaction.atomic
def publish_version(
    definition: Definition, *, actor_id: int | None = None, now: datetime.datetime | None = None
) -> Version:
    """Freezes a definition as the next version of its instrument, which goes to the committee the definition names.
    The same definition (by its hash) is published once: repeating it returns the version there is. For what is built
    by code; at the desk two persons do it, `propose_version` and `check_version`."""
    instrument = _instrument(definition)
    version = instrument.versions.filter(sha256=definition.definition_hash).first()
    if version is None:
        version = _next(instrument, definition)
    return version if version.published_at else _publish(version, definition, actor_id, now or database_now())


@transaction.atomic
def propose_version(
    definition: Definition, *, actor_id: int, actor_name: str, now: datetime.datetime
) -> Version:
    """Lays a definition before a second person. Another one that waits is replaced; the same one stays as it is.
    Raises VersionError when it is published already."""
    instrument = _instrument(definition)
    found = instrument.versions.filter(sha256=definition.definition_hash).first()
    if found and found.published_at:
        raise VersionError(_("这一版已经发布，不用再提请。"))
    if found:
        return found
    instrument.versions.filter(published_at=None).delete()
    by = {"proposed_by_id": actor_id, "proposed_by_name": actor_name, "proposed_at": now}
    version = _next(instrument, definition, **by)
    record(actor_id=actor_id, action="version.proposed", object_type="version", object_id=str(version.pk))
    return version


@transaction.atomic
def take_back_version(*, version: Version, actor_id: int) -> None:
    """Removes a version that waits for its second person. Raises VersionError once it is published."""
    found = _waiting(version)
    record(actor_id=actor_id, action="version.taken_back", object_type="version", object_id=str(found.pk))
    found.delete()


@transaction.atomic
def check_version(
    *, version: Version, checked: Collection[str], actor_id: int, actor_name: str, now: datetime.datetime
) -> Version:
    """Publishes a proposed version. `checked` are the keys of the factor tables, groups of items, vetoes, grades and
    terms that the second person held against their sources: every one that differs from the version published last.
    Raises VersionError when it is the person who proposed it, when one is missing or when it does not wait any
    more."""
    found = _waiting(version)
    if found.proposed_by_id == actor_id:
        raise VersionError(_("提请的人不能自己核对：请协会另一位同事核对后发布。"))
    definition = definition_of(found)
    before = newest_version(found.instrument_id)
    missing = set(to_check(definition, definition_of(before) if before else None)) - set(checked)
    if missing:
        raise VersionError(_("还有 %(n)s 张表没有勾选“已核对”，没有发布。") % {"n": len(missing)})
    found.checked_by_id, found.checked_by_name = actor_id, actor_name
    return _publish(found, definition, actor_id, now)


def _instrument(definition: Definition) -> Instrument:
    Instrument.objects.get_or_create(
        code=definition.code,
        defaults={
            "kind": definition.kind,
            "title": definition.title["zh"],
            "title_en": definition.title.get("en", ""),
            "committee_code": definition.committee,
        },
    )
    # two at once: the second waits here and then finds what the first one did
    return Instrument.objects.select_for_update().get(pk=definition.code)


def _waiting(version: Version) -> Version:
    Instrument.objects.select_for_update().get(pk=version.instrument_id)
    found = Version.objects.filter(pk=version.pk, published_at=None).first()
    if found is None:
        raise VersionError(_("这一版已经发布或撤回，请刷新后再看。"))
    return found


def _next(instrument: Instrument, definition: Definition, **fields) -> Version:
    last = instrument.versions.aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        instrument=instrument,
        number=last + 1,
        body=definition.canonical_json(),
        sha256=definition.definition_hash,
        **fields,
    )


def _publish(
    version: Version, definition: Definition, actor_id: int | None, now: datetime.datetime
) -> Version:
    Instrument.objects.filter(pk=version.instrument_id).update(committee_code=definition.committee)
    version.published_at = now
    version.save(update_fields=["published_at", "checked_by_id", "checked_by_name"])
    record(actor_id=actor_id, action="version.published", object_type="version", object_id=str(version.pk))
    return version
