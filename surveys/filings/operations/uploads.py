"""A workbook from its arrival to the draft, and back out of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import record
from files import storage
from files.serving import clean_name
from jobs.failpoints import reach
from jobs.operations import enqueue
from surveys.filings import answers as asked
from surveys.filings import frames, queries
from surveys.filings.errors import FilingError
from surveys.filings.models import EventKind, Explanation, Filing, Upload, UploadState
from surveys.filings.operations.drafts import Draft, begin, finish
from surveys.filings.operations.loading import Counts, load_frame, unload
from tenants.actors import Actor
from ui.formats import file_size, labelled

READ_JOB = "filings.read_upload"
# the same bytes again within this time are one upload: a double click, a reload of the answer
SAME_UPLOAD = datetime.timedelta(minutes=2)


def receive_upload(
    *, filing: Filing, name: str, chunks: Iterable[bytes], actor: Actor, now: datetime.datetime
) -> Upload:
    """Keeps the original, writes its row and its job in one transaction, and returns the row. The same bytes again
    while the first are being read are the same upload.

    Raises FilingError (not open, too large, empty), OSError when the disk is full. Nothing is half-written: bytes
    without a row are found by their hash when the clerk tries again.
    """
    stored = storage.store(actor.university_code, _limited(chunks))
    reach("receive.stored")
    if not stored.size:
        raise FilingError(_("文件是空的，没有收到任何内容。换一个文件再传。"))
    with transaction.atomic():
        draft = begin(filing_id=filing.pk, actor=actor, now=now)
        again = _same(draft, stored.sha256)
        if again:
            return again
        about = {"name": clean_name(name), "sha256": stored.sha256, "size": stored.size}
        upload = _arrived(draft, actor, "filing.received", **about)
        reach("receive.written")
    return upload


def _limited(chunks: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise FilingError(too_large())
        yield chunk


def too_large() -> str:
    """What a person reads whose file is over the limit."""
    limit = file_size(settings.UPLOAD_MAX_BYTES)
    return _(
        "文件超过 %(limit)s 上限。多数是表里贴了照片或有大片空白格式：删去图片，或另存为 xlsx 后重传。"
    ) % {"limit": limit}


def _same(draft: Draft, sha256: str) -> Upload | None:
    """The upload these bytes already are: one that waits to be read, or that came a moment ago."""
    for upload in draft.filing.uploads.filter(sha256=sha256).order_by("-created_at")[:1]:
        waits = upload.state == UploadState.RECEIVED
        if not queries.is_stuck(upload) and (waits or upload.created_at > draft.now - SAME_UPLOAD):
            return upload
    return None


def _arrived(draft: Draft, actor: Actor, action: str, **about) -> Upload:
    """The row of a workbook that came, its reading queued, with its trace."""
    upload = Upload.objects.create(filing=draft.filing, actor_id=actor.id, actor_name=actor.name, **about)
    _queue(upload, actor)
    trail(upload, actor, action)
    return upload


def _queue(upload: Upload, actor: Actor) -> None:
    job = enqueue(
        kind=READ_JOB,
        arguments={"upload": str(upload.pk)},
        university_code=actor.university_code,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    upload.job_id = job.pk
    upload.save(update_fields=["job_id"])


@transaction.atomic
def record_reading(
    *, upload_id: str, verdict: str, report: dict, frame_sha256: str, state: str, now: datetime.datetime
) -> bool:
    """Keeps what intake said, once: a second run of the job finds the upload read and changes nothing. Returns
    whether it was written."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != UploadState.RECEIVED:
        return False
    upload.verdict, upload.report, upload.frame_sha256 = verdict, report, frame_sha256
    upload.state, upload.read_at = state, now
    upload.mapping_confirmed = not report.get("to_confirm")
    upload.save()
    return True


@transaction.atomic
def read_again(*, upload: Upload, actor: Actor, now: datetime.datetime) -> Upload:
    """Queues the kept original for another reading, after the register or the headers changed or when the last reading
    was given up. Answers stay."""
    draft = begin(filing_id=upload.filing_id, actor=actor, now=now)
    upload = draft.filing.uploads.select_for_update().get(pk=upload.pk)
    if upload.state not in (UploadState.READ, UploadState.REFUSED) and not queries.is_stuck(upload):
        raise FilingError(_("这份文件现在不能重新核对。"))
    upload.state = UploadState.RECEIVED
    upload.save(update_fields=["state"])
    _queue(upload, actor)
    trail(upload, actor, "filing.read_again")
    return upload


@transaction.atomic
def take_again(*, upload: Upload, actor: Actor, now: datetime.datetime) -> Upload:
    """A former upload once more: its kept original as a new upload, to be read, compared with the draft and written.
    The answers come with it. One that is being read already is not doubled. Raises FilingError."""
    draft = begin(filing_id=upload.filing_id, actor=actor, now=now)
    former = draft.filing.uploads.select_for_update().get(pk=upload.pk)
    if former.state not in (UploadState.UNDONE, UploadState.LOADED):
        raise FilingError(_("这份文件还没有写入过，在它自己的页面上写入。"))
    waiting = draft.filing.uploads.filter(
        sha256=former.sha256, state__in=(UploadState.RECEIVED, UploadState.READ)
    )
    if again := waiting.order_by("-created_at").first():
        return again
    about = {field: getattr(former, field) for field in ("name", "sha256", "size", "answers")}
    return _arrived(draft, actor, "filing.taken_again", **about)


def trail(upload: Upload, actor: Actor, action: str) -> None:
    """What became of an upload, for the trail."""
    record(
        actor_id=actor.id,
        university_code=actor.university_code,
        action=action,
        object_type="upload",
        object_id=str(upload.pk),
    )


@transaction.atomic
def answer_questions(
    *, upload: Upload, given: Mapping[str, Mapping | None], actor: Actor, now: datetime.datetime
) -> Upload:
    """Keeps the clerk's answers by place; None takes one back. A kept value's reason becomes an explanation.

    Raises FilingError for an answer that does not fit or a file that is no longer waiting.
    """
    draft = begin(filing_id=upload.filing_id, actor=actor, now=now)
    upload = draft.filing.uploads.select_for_update().get(pk=upload.pk)
    if upload.state != UploadState.READ:
        raise FilingError(_("这份文件已经写入或撤销，不能再改答案。"))
    by_place = {question.place: question for question in asked.questions(upload.report)}
    for place, answer in given.items():
        if answer is None:
            upload.answers.pop(place, None)
        elif place not in by_place:
            raise FilingError(_("没有 %(place)s 这个问题。") % {"place": place})
        else:
            upload.answers[place] = _checked(draft, by_place[place], answer, actor)
    upload.save(update_fields=["answers"])
    finish(
        draft,
        kind=EventKind.RESOLVED,
        actor=actor,
        what="mapping",
        text=upload.name,
        facts={"places": [*given]},
    )
    return upload


def _checked(draft: Draft, question: asked.Question, answer: Mapping, actor: Actor) -> dict:
    try:
        made = asked.check(question, answer)
    except asked.AnswerError as error:
        raise FilingError(labelled(question.place, error)) from None
    if made["action"] == "keep":
        key = {name: getattr(question, name) for name in ("facility", "item", "measure", "period")}
        Explanation.objects.update_or_create(
            filing=draft.filing,
            rule=question.rule or question.kind,
            **key,
            defaults={"text": made["reason"], "actor_id": actor.id, "actor_name": actor.name},
        )
    return made


def load_upload(*, upload: Upload, revision: int, actor: Actor, now: datetime.datetime) -> Counts:
    """Writes an upload into the draft: values by COPY, former values, revision, hand and trail in one transaction.

    Raises FilingError while something is open (the text counts it), Conflict when someone else wrote meanwhile.
    """
    upload.refresh_from_db()
    frame = (
        frames.unpack(storage.read(actor.university_code, upload.frame_sha256))
        if upload.frame_sha256
        else None
    )
    with transaction.atomic():
        draft = begin(filing_id=upload.filing_id, actor=actor, now=now)
        current = draft.filing.uploads.select_for_update().get(pk=upload.pk)
        if current.state == UploadState.LOADED:
            return Counts(0, 0, len(frame) if frame is not None else 0)
        # who clicks twice has written already and meets the line above; everybody else is a conflict
        begin(filing_id=upload.filing_id, actor=actor, now=now, revision=revision)
        if current.state != UploadState.READ or frame is None:
            raise FilingError(_("这份文件不能写入：它没有核对完，或者已经撤销。"))
        refuse_open(current)
        frame = asked.answered(frame, current.report, current.answers)
        reach("load.begun")
        counts = load_frame(filing=draft.filing, frame=frame, upload_id=current.pk, actor=actor, now=now)
        reach("load.copied")
        current.state, current.loaded_at = UploadState.LOADED, now
        current.save(update_fields=["state", "loaded_at"])
        finish(
            draft,
            kind=EventKind.LOADED,
            actor=actor,
            what="value",
            text=current.name,
            facts={"upload": str(current.pk), "values": int(frame["value"].notna().sum()), **vars(counts)},
        )
        reach("load.finished")
    upload.refresh_from_db()
    return counts


def refuse_open(upload: Upload) -> None:
    """Raises FilingError while an error or an ambiguous cell has no answer or the headers are not confirmed."""
    left = len(asked.open_questions(upload.report, upload.answers)) + len(
        upload.report.get("facilities_unknown", ())
    )
    if left:
        raise FilingError(_("还有 %(n)s 处没有改正，改正后才能写入。") % {"n": left})
    if not upload.mapping_confirmed:
        raise FilingError(_("有没把握的表头，确认一次后才能写入。"))


@transaction.atomic
def undo_upload(*, upload: Upload, actor: Actor, now: datetime.datetime) -> Counts:
    """Takes an upload out of the draft again; edits made after it stay. Only the last one written can be undone.

    Returns counts (inserted: removed figures, changed: restored ones, same: later edits kept). Raises FilingError.
    """
    draft = begin(filing_id=upload.filing_id, actor=actor, now=now)
    current = draft.filing.uploads.select_for_update().get(pk=upload.pk)
    if current.state != UploadState.LOADED:
        raise FilingError(_("这份文件没有写入，不用撤销。"))
    last = queries.last_loaded(draft.filing)
    if last and last.pk != current.pk:
        raise FilingError(_("之后又写入了“%(name)s”，先撤销那一次。") % {"name": last.name})
    counts = unload(filing=draft.filing, upload=current, actor=actor, now=now)
    current.state, current.undone_at = UploadState.UNDONE, now
    current.save(update_fields=["state", "undone_at"])
    finish(
        draft,
        kind=EventKind.UNDONE,
        actor=actor,
        what="value",
        text=current.name,
        facts={
            "upload": str(current.pk),
            "removed": counts.inserted,
            "restored": counts.changed,
            "kept": counts.same,
        },
    )
    upload.refresh_from_db()
    return counts
