"""Writing jobs. The row is saved with the data; the queue is only nudged, and a sweep finds what was missed."""

import logging
import uuid

from django.db import transaction

from jobs.models import Job

logger = logging.getLogger(__name__)


def enqueue(
    *,
    kind: str,
    arguments: dict,
    university_code: str = "",
    actor_id: int | None = None,
    actor_name: str = "",
) -> Job:
    """Saves a job in the caller's transaction and nudges the queue once that is committed. With the broker down
    the job stays `queued` and the sweep sends it later."""
    job = Job.objects.create(
        kind=kind,
        arguments=arguments,
        university_code=university_code,
        actor_id=actor_id,
        actor_name=actor_name,
    )
    transaction.on_commit(lambda: nudge(job.pk))
    return job


def nudge(job_id: uuid.UUID) -> bool:
    """Sends the task; returns False when the broker does not answer."""
    from jobs.tasks import run_job  # the task module imports this one

    try:
        run_job.apply_async([str(job_id)], retry=False)
    except Exception as error:  # kombu raises whatever its transport raises
        logger.warning("broker unreachable, job %s waits for the sweep: %s", job_id, error)
        return False
    return True
