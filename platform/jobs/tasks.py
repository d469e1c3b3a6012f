"""Running jobs: at least once, one runner at a time, each step visible."""

import datetime
import logging
import traceback
import zlib

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import Job, JobState, Queue
from jobs.operations import nudge
from jobs.registry import JobError, Work, handler_of

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# a queued job is nudged again after this; a running one is taken to be dead
QUEUED_TOO_LONG = datetime.timedelta(seconds=10)
SILENT_TOO_LONG = datetime.timedelta(seconds=30)


@shared_task(name="jobs.run", bind=True)
def run_job(self, job_id: str) -> None:
    """Runs one job unless it is finished or another worker holds it. The lock lives in the database session, so it
    dies with the worker."""
    key = zlib.crc32(job_id.encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(2, %s)", [key - 2**31])
        if not cursor.fetchone()[0]:
            return
    try:
        _run_locked(job_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(2, %s)", [key - 2**31])


def served_queue() -> str:
    """The queue of this process: the database login decides, not the command line."""
    is_owner = connection.settings_dict["USER"] == settings.OWNER_LOGIN
    return Queue.PROVISIONING if is_owner else Queue.ORDINARY


def _run_locked(job_id: str) -> None:
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.state in (JobState.DONE, JobState.FAILED):
        return
    if job.queue != served_queue():
        logger.error(
            "job %s belongs to the queue %s: is a worker started with the wrong login?", job_id, job.queue
        )
        return
    if job.attempts >= MAX_ATTEMPTS:
        # every worker that took it was killed; the next one would be too
        _finish(job_id, JobState.FAILED, message=_gave_up(), cause=f"no end after {job.attempts} attempts")
        return
    attempts = job.attempts + 1
    _update(job_id, state=JobState.RUNNING, attempts=attempts)
    work = Work(job_id, job.university_code, job.actor_id, job.actor_name, job.arguments)
    try:
        result = handler_of(job.kind, job.queue)(work, lambda *a, **k: report(job_id, *a, **k)) or {}
    except JobError as error:
        _finish(job_id, JobState.FAILED, message=str(error), cause="JobError")
    except Exception as error:
        logger.exception("job %s (%s) failed, attempt %s", job_id, job.kind, attempts)
        if attempts < MAX_ATTEMPTS and _may_pass(error):
            _update(job_id, state=JobState.QUEUED, cause=traceback.format_exc()[-4000:])
            return
        _finish(job_id, JobState.FAILED, message=_gave_up(), cause=traceback.format_exc()[-4000:])
    else:
        _finish(job_id, JobState.DONE, result=result)


def _gave_up() -> str:
    return _("没有完成：系统出错，已通知运维。文件和草稿都还在，可以再试一次。")


def _may_pass(error: Exception) -> bool:
    """Trouble of the moment (a database restarting, a lock), as against a fault of the code."""
    from django.db.utils import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError | OSError)


def report(job_id: str, stage: str, done: int = 0, total: int = 0) -> None:
    """Shows progress. Call it outside of transactions, or nobody sees it before the end."""
    _update(job_id, stage=stage, done=done, total=total)


def _update(job_id: str, **fields) -> None:
    Job.objects.filter(pk=job_id).update(beat_at=timezone.now(), **fields)


def _finish(job_id: str, state: JobState, **fields) -> None:
    _update(job_id, state=state, finished_at=timezone.now(), **fields)


@shared_task(name="jobs.sweep")
def sweep() -> int:
    """Nudges jobs that the queue has forgotten; returns how many."""
    now = timezone.now()
    lost = Q(state=JobState.QUEUED, beat_at__lt=now - QUEUED_TOO_LONG)
    silent = Q(state=JobState.RUNNING, beat_at__lt=now - SILENT_TOO_LONG)
    with transaction.atomic():
        waiting = Job.objects.select_for_update(skip_locked=True).filter(lost | silent)
        found = dict(waiting.order_by("created_at").values_list("pk", "queue")[:200])
        Job.objects.filter(pk__in=found).update(beat_at=F("beat_at") + datetime.timedelta(seconds=10))
    return sum(nudge(job_id, queue) for job_id, queue in found.items())
