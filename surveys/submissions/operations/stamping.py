"""The stamped paper comes back: a scan is tied to the seal whose code it bears."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from files import storage
from files.serving import clean_name
from surveys.submissions.codes import cleaned, code_of, read_address
from surveys.submissions.errors import SubmissionError
from surveys.submissions.models import Proof, StampedCopy, Submission
from surveys.submissions.operations import common
from surveys.submissions.scan import LARGEST, MEGABYTE, PAGES, NotAScan, Scan, read_scan


class NotThisPaper(SubmissionError):
    """The scan is of another paper, or does not say of which; the text says what to do."""


def receive_stamped(
    *, submission: Submission, name: str, data: bytes, code: str, actor_id: int, actor_name: str,
    now: datetime.datetime,
) -> StampedCopy:  # fmt: skip
    """Keeps a scan (PDF, JPEG, PNG) of the stamped paper, under the university's role. What its QR code says must be
    this seal; where no code can be read, `code` as somebody typed it from the paper. The same file sent twice is one.
    Raises NotThisPaper, SubmissionError for a file that cannot be taken, OSError when the disk is full."""
    try:
        scan = read_scan(data, name)
    except NotAScan as error:
        raise SubmissionError(_refused(error.reason)) from error
    proof = _proof(submission, scan, code)
    stored = storage.store(submission.university_code, [scan.content])
    return _keep(submission, clean_name(name), stored, proof, actor_id, actor_name, now)


@transaction.atomic
def _keep(submission, name, stored, proof, actor_id, actor_name, now) -> StampedCopy:
    common.lock(submission)
    known = StampedCopy.objects.filter(submission=submission, sha256=stored.sha256).first()
    if known:
        return known
    copy = StampedCopy.objects.create(
        submission=submission,
        university_code=submission.university_code,
        name=name,
        sha256=stored.sha256,
        size=stored.size,
        proof=proof,
        sent_by_id=actor_id,
        sent_by_name=actor_name,
        sent_at=now,
    )
    common.trail(submission, actor_id, "submission.stamped")
    return copy


def _proof(submission: Submission, scan: Scan, typed: str) -> str:
    """How the scan is tied to the seal. Raises NotThisPaper."""
    wanted = (submission.number, code_of(submission))
    found = [address for address in map(read_address, scan.codes) if address]
    if wanted in found:
        return Proof.SCANNED
    if found:
        raise NotThisPaper(_another(submission, *found[0]))
    if not typed.strip():
        raise NotThisPaper(
            _("没有认出纸上的二维码。重扫一次：整页、不折、200 dpi 以上；或照纸上抄下 16 位校验码再传。")
        )
    if cleaned(typed) != code_of(submission):
        raise NotThisPaper(
            _("抄下的校验码和第 %(n)s 版的不一致。看一下纸上的版本号和校验码。") % {"n": submission.version}
        )
    return Proof.TYPED


def _another(submission: Submission, number: str, code: str) -> str:
    if number == submission.number:
        return _("这张纸的校验码和封存的数据不一致，不是平台为第 %(n)s 版打印的。请重新打印、盖章。") % {
            "n": submission.version
        }
    return _("这是 %(number)s 的纸，不是 %(wanted)s 的。到那一版的页面上传，或重新打印这一版。") % {
        "number": number,
        "wanted": submission.number,
    }


def _refused(reason: str) -> str:
    limit = min(LARGEST, settings.UPLOAD_MAX_BYTES) // MEGABYTE
    return {
        "empty": _("文件是空的。重新扫描后再传。"),
        "large": _("文件太大：扫描件不超过 %(n)s MB、5000 万像素。把分辨率设为 200–300 dpi 再扫。")
        % {"n": limit},
        "kind": _("只收扫描件：PDF、JPG 或 PNG。"),
        "damaged": _("文件打不开，可能没有传完整。重新扫描后再传。"),
        "pages": _("页数太多：一份盖章件不超过 %(n)s 页。只扫盖了章的这份报表。") % {"n": PAGES},
        "locked": _("PDF 有密码，打不开。去掉密码再传。"),
    }[reason]
