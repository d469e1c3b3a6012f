"""The originals of a university in one archive: which file lies where in it, and the archive itself."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from documents.spreadsheet import Sheet, csv_bytes
from files import storage
from files.serving import clean_name
from jobs.models import Job, JobState
from surveys.filings.models import Upload

PACK_JOB = "filings.pack_originals"
# an archive that a browser takes without trouble; what is beyond it is listed and has its own page
LARGEST = 500 * 1024 * 1024
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Packed:
    """One upload and its path in the archive, '' where it is not in it; `why` says so then."""

    upload: Upload
    title: str
    path: str
    why: str = ""


def arranged(uploads: Iterable[Upload], titles: dict[str, str], largest: int = LARGEST) -> list[Packed]:
    """Uploads, newest first, with their places: a folder for each report (round code → title), day and name. The same
    bytes lie there once; what is over `largest` bytes together stays out."""
    found, paths, size = [], {}, 0
    for upload in uploads:
        title = titles.get(upload.filing.round_code, upload.filing.round_code)
        if upload.sha256 not in paths:
            if size + upload.size > largest:
                found.append(Packed(upload, title, "", _("超出压缩包的上限，没有收入")))
                continue
            size += upload.size
            paths[upload.sha256] = _free(_path(upload, title), set(paths.values()))
        found.append(Packed(upload, title, paths[upload.sha256]))
    return found


def _path(upload: Upload, title: str) -> str:
    return f"{clean_name(title)}/{localtime(upload.created_at):%Y-%m-%d} {clean_name(upload.name)}"


def _free(path: str, taken: set[str]) -> str:
    """The path, with a number before its ending where another file has it."""
    stem, dot, ending = path.rpartition(".")
    number, found = 1, path
    while found in taken:
        number += 1
        found = f"{stem} ({number}).{ending}" if dot else f"{path} ({number})"
    return found


def write_archive(
    target: Path, entries: list[Packed], university_code: str, told: Callable[[int], None]
) -> list[Packed]:
    """Writes the archive with a list of everything; calls `told` with the number of files written so far. The same
    originals make the same bytes. Returns the entries as they came out: a file that the storage has lost stays out."""
    written: dict[str, bool] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for entry in entries:
            if entry.path and entry.path not in written:
                written[entry.path] = _add(archive, entry, university_code)
                told(len(written))
        out = [
            e if written.get(e.path, True) else Packed(e.upload, e.title, "", _("存储里没有这份文件"))
            for e in entries
        ]
        archive.writestr(_info(_("清单.csv"), (1980, 1, 1, 0, 0, 0)), csv_bytes(_list(out)))
    return out


def _add(archive: zipfile.ZipFile, entry: Packed, university_code: str) -> bool:
    try:
        source = storage.path_of(university_code, entry.upload.sha256).open("rb")
    except FileNotFoundError:
        return False
    at = localtime(entry.upload.created_at)
    with source, archive.open(_info(entry.path, at.timetuple()[:6]), "w") as inside:
        for chunk in _chunks(source):
            inside.write(chunk)
    return True


def _chunks(source) -> Iterator[bytes]:
    return iter(lambda: source.read(CHUNK), b"")


def _info(path: str, at: tuple) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, at)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _list(entries: list[Packed]) -> Sheet:
    heads = [_("报表"), _("文件名"), _("状态"), _("谁传的"), _("时间"), _("校验码"), _("在压缩包里")]
    rows = [
        [
            e.title, e.upload.name, str(e.upload.get_state_display()), e.upload.actor_name,
            localtime(e.upload.created_at), e.upload.sha256, e.path or e.why,
        ]
        for e in entries
    ]  # fmt: skip
    return Sheet(_("清单"), heads, rows)


def newest_pack(university_code: str) -> Job | None:
    """The archive that was asked for last, however far it is."""
    rows = Job.objects.filter(kind=PACK_JOB, university_code=university_code)
    return rows.order_by("-created_at").first()


def is_open(job: Job | None) -> bool:
    """Whether an archive is being made."""
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def former_packs(job: Job) -> set[str]:
    """The hashes of archives made before a job that nothing else of the university names."""
    rows = Job.objects.filter(
        kind=PACK_JOB, university_code=job.university_code, created_at__lt=job.created_at, state=JobState.DONE
    )
    made = {sha256 for sha256 in rows.values_list("result__sha256", flat=True) if sha256}
    return made - set(Upload.objects.filter(sha256__in=made).values_list("sha256", flat=True))
