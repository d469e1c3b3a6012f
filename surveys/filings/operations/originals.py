"""Asking for the archive of a university's originals."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import record
from jobs.models import Job
from jobs.operations import enqueue
from surveys.filings.errors import FilingError
from surveys.filings.models import Upload
from surveys.filings.originals import PACK_JOB, is_open, newest_pack
from tenants.actors import Actor


@transaction.atomic
def order_originals(*, actor: Actor) -> Job:
    """Queues the archive of every original; one that is being made is not doubled. Raises FilingError where there is
    nothing to pack."""
    if not Upload.objects.exists():
        raise FilingError(_("还没有上传过文件，没有可打包的。"))
    newest = newest_pack(actor.university_code)
    if is_open(newest):
        return newest
    job = enqueue(
        kind=PACK_JOB,
        arguments={},
        university_code=actor.university_code,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    record(
        actor_id=actor.id,
        university_code=actor.university_code,
        action="originals.packed",
        object_type="job",
        object_id=str(job.pk),
    )
    return job
