"""Background work inside a university: the university is a required part of the job, never a default."""

from functools import wraps

from jobs.registry import Handler, Progress, Work, job
from tenants.context import in_public, in_university


def university_job(kind: str):
    """Registers a job that runs inside its university. A job without one is refused; progress is written from
    neutral ground. Raises RuntimeError for a job without a university."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def inside(work: Work, progress: Progress) -> dict | None:
            if not work.university_code:
                raise RuntimeError(f"job {kind} needs a university")

            def reported(stage: str, done: int = 0, total: int = 0) -> None:
                with in_public():
                    progress(stage, done, total)

            with in_university(work.university_code):
                return handler(work, reported)

        return job(kind)(inside)

    return register
