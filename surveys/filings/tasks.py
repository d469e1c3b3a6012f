"""In the background: reading a workbook in intake's child process, packing the originals; progress as they go."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from django.utils.translation import gettext as _

from files import storage
from files.serving import clean_name
from jobs.failpoints import reach
from jobs.models import Job
from jobs.registry import JobError, Progress, Work
from surveys.catalog import queries as catalog
from surveys.filings import frames, originals
from surveys.filings.intake_context import context_of
from surveys.filings.models import Upload, UploadState
from surveys.filings.operations.uploads import READ_JOB, record_reading
from surveys.intake import run_in_child
from surveys.intake.result import IntakeResult, ambiguity_data, ignored_data, issue_data
from tenants.facilities.models import Facility
from tenants.tasks import university_job

# progress is written to the database: more often than this nobody sees it
PROGRESS_EVERY = 0.25


@university_job(READ_JOB)
def read_upload(work: Work, progress: Progress) -> dict:
    """Reads the original of an upload and keeps what intake says. Running it twice, or after a kill at any point,
    leaves the same: the report and the frame are written in one transaction, once."""
    upload = Upload.objects.select_related("filing").filter(pk=work.arguments["upload"]).first()
    if upload is None:
        raise JobError(_("这份上传已经不在了。"))
    if upload.state != UploadState.RECEIVED:
        return {"upload": str(upload.pk), "verdict": upload.verdict}
    reach("read.begun")
    result = _read(upload, work.university_code, progress)
    reach("read.done")
    frame_sha256 = ""
    refused = result.verdict == "reject_file"
    if not refused:
        frame_sha256 = storage.store(work.university_code, [frames.pack(result.frame)]).sha256
    reach("read.stored")
    record_reading(
        upload_id=str(upload.pk),
        verdict=result.verdict,
        report=report_of(result, {facility.code for facility in Facility.objects.only("code")}),
        frame_sha256=frame_sha256,
        state=UploadState.REFUSED if refused else UploadState.READ,
        now=catalog.database_now(),
    )
    reach("read.recorded")
    return {"upload": str(upload.pk), "verdict": result.verdict}


@university_job(originals.PACK_JOB)
def pack_originals(work: Work, progress: Progress) -> dict:
    """Every original in one archive in private storage; archives made before are taken away. Running it again makes
    the same."""
    uploads = list(Upload.objects.select_related("filing").defer("report", "answers").order_by("-created_at"))
    titles = {row.round_id: row.round.title for row in catalog.obligations_of(work.university_code)}
    entries = originals.arranged(uploads, titles)
    total, seldom = len({entry.path for entry in entries if entry.path}), _seldom(progress)
    with tempfile.TemporaryDirectory(prefix="houqin-") as folder:
        target = Path(folder) / "originals.zip"
        out = originals.write_archive(
            target, entries, work.university_code, lambda done: seldom("pack", done, total)
        )
        reach("pack.written")
        with target.open("rb") as archive:
            stored = storage.store(work.university_code, iter(lambda: archive.read(originals.CHUNK), b""))
    reach("pack.stored")
    for sha256 in originals.former_packs(Job.objects.get(pk=work.job_id)) - {stored.sha256}:
        storage.remove(work.university_code, sha256)
    packed = len({entry.path for entry in out if entry.path})
    left = sum(not entry.path for entry in out)
    return {
        "sha256": stored.sha256,
        "size": stored.size,
        "files": packed,
        "left": left,
        "uploads": len(uploads),
    }


def _read(upload: Upload, university_code: str, progress: Progress) -> IntakeResult:
    obligation = catalog.obligation(upload.filing.round_code, university_code, upload.filing.unit)
    context = context_of(obligation.round, upload.filing, university_code, upload.filing.unit)
    original = storage.path_of(university_code, upload.sha256)
    with tempfile.TemporaryDirectory(prefix="houqin-") as folder:
        # the name is part of the evidence: some files say whose they are nowhere else
        named = Path(folder) / clean_name(upload.name)
        shutil.copyfile(original, named)
        return run_in_child(named, context, progress=_seldom(progress))


def _seldom(progress: Progress) -> Progress:
    """Passes on a new stage at once and counts at most every PROGRESS_EVERY seconds."""
    last: dict = {"stage": None, "at": 0.0}

    def report(stage: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if stage != last["stage"] or now - last["at"] >= PROGRESS_EVERY:
            last.update(stage=stage, at=now)
            progress(stage, done, total)

    return report


def report_of(result: IntakeResult, register: set[str]) -> dict:
    """What intake said, as plain data, without the observations. A name that is not in the register (codes) is
    unknown, also where the register is empty."""
    frame = result.frame
    named = set(frame["facility"]) - register - {""} if len(frame) else set()
    filled = frame["value"].notna() if len(frame) else []
    sheets = frame.loc[filled, "sheet"].value_counts(sort=False).to_dict() if len(frame) else {}
    return {
        "issues": [issue_data(issue) for issue in result.issues],
        "ambiguous": [ambiguity_data(cell) for cell in result.ambiguous],
        "ignored": [ignored_data(cells) for cells in result.ignored],
        "mapping": [asdict(entry) for entry in result.mapping],
        "to_confirm": [entry.key for entry in result.needs_confirmation if entry.key],
        "facilities_unknown": sorted({*result.facilities_unknown, *named}),
        "meta": result.meta,
        "values": int(sum(filled)) if len(frame) else 0,
        "rows": len(frame),
        "sheets": {str(name): int(count) for name, count in sheets.items()},
    }
