"""A workbook that an operator brings for a university: read at once, written when nothing in it asks a question."""

from __future__ import annotations

import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from files import storage
from files.serving import clean_name
from notices.operations import notify
from surveys.catalog import queries as catalog
from surveys.catalog.models import Obligation
from surveys.filings import frames, queries
from surveys.filings.intake_context import context_of
from surveys.filings.models import Upload, UploadState
from surveys.filings.operations.drafts import begin, ensure_filing
from surveys.filings.operations.loading import Counts
from surveys.filings.operations.uploads import load_upload, record_reading, trail
from surveys.intake import run_in_child
from surveys.intake.result import IntakeResult
from tenants.actors import Actor


def read_workbook(*, obligation: Obligation, name: str, content: bytes) -> IntakeResult:
    """What intake says of a workbook (its bytes) for an obligation, in its child. Nothing is written. Called inside
    the university."""
    code, unit = obligation.university_code, obligation.unit
    filing = queries.find_filing(obligation.round_id, unit)
    context = context_of(obligation.round, filing, code, unit)
    with TemporaryDirectory(prefix="houqin-") as folder:
        path = Path(folder) / clean_name(name)
        path.write_bytes(content)
        return run_in_child(path, context)


@transaction.atomic
def deliver(
    *, obligation: Obligation, name: str, content: bytes, result: IntakeResult, report: dict, actor: Actor,
    now: datetime.datetime,
) -> Counts:  # fmt: skip
    """Keeps a workbook that was read (`report` is the plain data of its result) as an upload and writes it into the
    draft, under the university's role; the university is told by whom. Raises FilingError, Conflict; then nothing of
    it is in the draft."""
    original = storage.store(actor.university_code, [content])
    frame = storage.store(actor.university_code, [frames.pack(result.frame)])
    upload = _arrived(obligation, clean_name(name), original, actor, now)
    record_reading(
        upload_id=str(upload.pk), verdict=result.verdict, report=report, frame_sha256=frame.sha256,
        state=UploadState.READ, now=now,
    )  # fmt: skip
    filing = queries.find_filing(obligation.round_id, obligation.unit)
    counts = load_upload(upload=upload, revision=filing.revision, actor=actor, now=catalog.database_now())
    _tell(obligation, upload, actor)
    return counts


def _arrived(obligation: Obligation, name: str, stored, actor: Actor, now: datetime.datetime) -> Upload:
    filing = ensure_filing(
        round_code=obligation.round_id, university_code=actor.university_code, unit=obligation.unit
    )
    begin(filing_id=filing.pk, actor=actor, now=now)
    upload = Upload.objects.create(
        filing=filing,
        name=name,
        sha256=stored.sha256,
        size=stored.size,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    trail(upload, actor, "filing.delivered")
    return upload


def _tell(obligation: Obligation, upload: Upload, actor: Actor) -> None:
    values = {"who": actor.name, "round": obligation.round.title, "name": upload.name}
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            subject=_("%(who)s代本校写入了一份表格：%(round)s") % values,
            body=_("“%(name)s”已写入草稿，核对后再提交。不对的，可以在它的页面上撤销。") % values,
            university_code=actor.university_code,
            role="clerk",
            path=f"/u/{actor.university_code}/rounds/uploads/{upload.pk}/",
        )
