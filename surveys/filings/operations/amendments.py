"""Amending what was accepted: opening a further version, and giving it up: the draft is the accepted one again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.failpoints import reach
from surveys.catalog.models import ObligationState
from surveys.filings import amendment, queries
from surveys.filings.errors import FilingError
from surveys.filings.meanwhile import BOUNDARY, SIZES
from surveys.filings.models import (
    Denominator,
    Event,
    EventKind,
    Explanation,
    Filing,
    Observation,
    ObservationChange,
    UploadState,
)
from surveys.filings.operations.drafts import Draft, begin, finish, move
from surveys.filings.operations.values import rows_at
from surveys.filings.sizes import sealed_sizes, size_row
from surveys.submissions import queries as sealed
from surveys.submissions.boundary import answers_in
from surveys.submissions.comparison import differing
from surveys.submissions.models import Submission
from surveys.submissions.operations.common import tell_association
from tenants.actors import Actor

State = ObligationState
KEY = ("facility", "item", "measure", "period")
PLACE = ("rule", "facility", "item", "measure", "period")
REMOVE = """DELETE FROM filings_observation o
            USING unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS n (facility, item, measure, period)
            WHERE o.filing_id = %s AND o.facility = n.facility AND o.item = n.item AND o.measure = n.measure
            AND o.period = n.period"""


@transaction.atomic
def amend(*, filing: Filing, reason: str, actor: Actor, now: datetime.datetime) -> None:
    """Opens a further version of an accepted filing. The accepted one stands until another is accepted. Whoever opens
    it has a hand in it. Raises FilingError without a reason, after the closing, or when nothing is accepted."""
    if not reason.strip():
        raise FilingError(_("写明为什么更正，审核人和协会都会看到。"))
    draft = begin(filing_id=filing.pk, actor=actor, now=now, states=(State.ACCEPTED,))
    accepted = sealed.accepted_version(filing.round_code, actor.university_code, filing.unit)
    move(draft, State.DRAFT, actor)
    finish(
        draft,
        kind=EventKind.AMENDED,
        actor=actor,
        what="explanation",
        text=reason.strip(),
        facts={"version": accepted.version, "submission": accepted.number},
    )


@transaction.atomic
def give_up(*, filing: Filing, actor: Actor, now: datetime.datetime) -> int:
    """Ends an amendment: values, denominators, explanations and files are those of the accepted version again, and so
    is the obligation. Also after the closing. Returns how many values were put back. Raises FilingError."""
    states = (State.DRAFT, State.RETURNED)
    draft = begin(filing_id=filing.pk, actor=actor, now=now, states=states, timed=False)
    if draft.obligation.accepted_at is None:
        raise FilingError(_("没有已接受的版本，不能放弃更正。"))
    accepted = sealed.accepted_version(filing.round_code, actor.university_code, filing.unit)
    since = amendment.begun(draft.filing)
    restored = _restore_values(draft, accepted, since, actor)
    reach("giveup.values")
    put_back = {SIZES: _restore_sizes(draft, accepted, actor)}
    _restore_words(draft, accepted, actor)
    _restore_uploads(draft, accepted, since)
    put_back[BOUNDARY] = _restore_statements(draft, accepted)
    reach("giveup.restored")
    draft.filing.issues = accepted.issues
    was_returned = draft.obligation.state == State.RETURNED
    move(draft, State.ACCEPTED, actor)
    reach("giveup.moved")
    facts = {"version": accepted.version} | {what: changed for what, changed in put_back.items() if changed}
    finish(draft, kind=EventKind.GIVEN_UP, actor=actor, facts=facts)
    if was_returned:
        newest = sealed.latest(filing.round_code, actor.university_code, filing.unit)
        tell_association(newest, gettext_lazy("%(university)s放弃更正：%(round)s v%(version)s"))
    return restored


def _restore_values(draft: Draft, accepted: Submission, since: Event | None, actor: Actor) -> int:
    rows = sealed.sealed_rows(accepted)
    found = differing(queries.values_of(draft.filing), rows)
    keys = [difference.key for difference in found]
    if not keys:
        return 0
    before = rows_at(draft.filing, keys)
    with connection.cursor() as cursor:
        cursor.execute(REMOVE, [*(list(column) for column in zip(*keys, strict=True)), draft.filing.pk])
    wanted = {tuple(row[name] for name in KEY): row for row in rows}
    origins = _origins(draft, since)
    back = {key: _observation(draft, wanted[key], origins.get(key)) for key in keys if key in wanted}
    Observation.objects.bulk_create(back.values(), batch_size=1000)
    changes = [_change(draft, key, before.get(key), back.get(key), actor) for key in keys]
    ObservationChange.objects.bulk_create(changes, batch_size=1000)
    return len(keys)


def _origins(draft: Draft, since: Event | None) -> dict[tuple, dict]:
    """Where the accepted values came from: what stood in each place before the amendment touched it first."""
    if since is None:
        return {}
    rows = ObservationChange.objects.filter(filing_id=draft.filing.pk, revision__gt=since.revision)
    found: dict[tuple, dict] = {}
    for row in rows.order_by("revision", "pk").values_list(*KEY, "before"):
        found.setdefault(row[:4], row[4] or {})
    return found


def _observation(draft: Draft, row: dict, origin: dict | None) -> Observation:
    origin = origin or {}
    return Observation(
        filing_id=draft.filing.pk,
        **{name: row[name] for name in (*KEY, "value", "text", "flag")},
        upload_id=origin.get("upload"),
        sheet=origin.get("sheet") or "",
        cell=origin.get("cell") or "",
        raw=origin.get("raw") or "",
    )


def _change(draft: Draft, key: tuple, before: dict | None, back: Observation | None, actor: Actor):
    after = back and {name: getattr(back, name) for name in ("text", "flag", "sheet", "cell", "raw")} | {
        "value": None if back.value is None else format(back.value, "f"),
        "upload": back.upload_id and str(back.upload_id),
    }
    return ObservationChange(
        filing_id=draft.filing.pk,
        revision=draft.next_revision,
        **dict(zip(KEY, key, strict=True)),
        before=before,
        after=after,
        actor_id=actor.id,
        actor_name=actor.name,
        at=draft.now,
    )


def _restore_sizes(draft: Draft, accepted: Submission, actor: Actor) -> dict:
    """Key → what stands again, None where nothing does; of the sizes that had changed."""
    changed = _put_back(sealed_sizes(draft.filing), accepted.denominators)
    draft.filing.denominators.exclude(key__in=accepted.denominators).delete()
    who = {"actor_id": actor.id, "actor_name": actor.name}
    for key, entry in changed.items():
        if entry is not None:
            Denominator.objects.update_or_create(filing=draft.filing, key=key, defaults=size_row(entry) | who)
    return changed


def _put_back(now: Mapping, accepted: Mapping) -> dict:
    """Key → entry of what was accepted, None where there was none; of the keys in which the two differ."""
    return {key: accepted.get(key) for key in sorted({*now, *accepted}) if now.get(key) != accepted.get(key)}


def _restore_words(draft: Draft, accepted: Submission, actor: Actor) -> None:
    kept = {tuple(entry[name] for name in PLACE): entry for entry in accepted.explanations}
    for row in draft.filing.explanations.all():
        entry = kept.pop(tuple(getattr(row, name) for name in PLACE), None)
        if entry is None:
            row.delete()
        elif entry["text"] != row.text:
            row.text, row.actor_name = entry["text"], entry["actor_name"]
            row.save(update_fields=["text", "actor_name"])
    Explanation.objects.bulk_create(
        Explanation(
            filing=draft.filing,
            **{name: entry[name] for name in (*PLACE, "text", "actor_name")},
            actor_id=actor.id,
        )
        for entry in kept.values()
    )


def _restore_statements(draft: Draft, accepted: Submission) -> dict:
    """The boundaries that were put back, as `_restore_sizes` gives the sizes."""
    filing, said = draft.filing, accepted.declared
    span = said.get("covers", {})
    filing.nil_reason = said.get("nil", {}).get("reason", "")
    filing.covers_from, filing.covers_to = span.get("from", ""), span.get("to", "")
    filing.covers_reason = span.get("reason", "")
    put_back = _put_back(filing.boundary, answers_in(said))
    filing.boundary = dict(answers_in(said))
    filing.save(update_fields=["nil_reason", "covers_from", "covers_to", "covers_reason", "boundary"])
    return put_back


def _restore_uploads(draft: Draft, accepted: Submission, since: Event | None) -> None:
    """Files written during the amendment are out of the draft again, those taken out during it are back."""
    sealed_files = set(accepted.files.values_list("sha256", flat=True))
    written = draft.filing.uploads.filter(state=UploadState.LOADED).exclude(sha256__in=sealed_files)
    written.update(state=UploadState.UNDONE, undone_at=draft.now)
    if since is not None:
        undone = draft.filing.uploads.filter(state=UploadState.UNDONE, undone_at__gte=since.at)
        undone.filter(sha256__in=sealed_files).update(state=UploadState.LOADED, undone_at=None)
