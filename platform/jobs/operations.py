"""Writing jobs. The row is saved with the data; the queue is only nudged, and a sweep finds what was missed."""

import logging
import uuid

from django.db import transaction

from jobs.models import Job, Queue

logger = logging.getLogger(__name__)


def enqueue(
    *,
    kind: str,
    arguments: dict,
    university_code: str = "",
    actor_id: int | None = None,
    actor_name: str = "",
    queue: str = Queue.ORDINARY,
) -> Job:
    """Saves a job in the caller's transaction and nudges its queue once that is committed. With the broker down
    the job stays `queued` and the sweep sends it later."""
    job = Job.objects.create(
        kind=kind,
        queue=queue,
        arguments=arguments,
        university_code=university_code,
        actor_id=actor_id,
        actor_name=actor_name,
    )
    transaction.on_commit(lambda: nudge(job.pk, queue))
    return job


def nudge(job_id: uuid.UUID, queue: str = Queue.ORDINARY) -> bool:
    """Sends the task to the job's queue; returns False when the broker does not answer."""
    from jobs.tasks import run_job  # the task module imports this one

    try:
        run_job.apply_async([str(job_id)], queue=str(queue), retry=False)
    except Exception as error:  # kombu raises whatever its transport raises
        logger.warning("broker unreachable, job %s waits for the sweep: %s", job_id, error)
        return False
    return True
