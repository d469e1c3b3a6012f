"""What a job of a kind does. Higher rooms register handlers; jobs knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from jobs.models import Queue


class Progress(Protocol):
    """Reports how far a job is: the stage in the user's words, and counts."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None: ...


@dataclass(frozen=True)
class Work:
    """What a handler gets: plain data."""

    job_id: str
    university_code: str
    actor_id: int | None
    actor_name: str
    arguments: dict


class JobError(Exception):
    """The job cannot be done and trying again will not help. The text is for the person who waits."""


Handler = Callable[[Work, Progress], dict | None]
_handlers: dict[str, Handler] = {}
_queues: dict[str, str] = {}


def job(kind: str, *, queue: str = Queue.ORDINARY) -> Callable[[Handler], Handler]:
    """Registers a handler for the jobs of a queue. It must be idempotent: it may run again after a killed worker.
    It returns a small dict that becomes the job's result, or raises JobError."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise RuntimeError(f"two handlers for job {kind}")
        _handlers[kind] = handler
        _queues[kind] = queue
        return handler

    return register


def handler_of(kind: str, queue: str = Queue.ORDINARY) -> Handler:
    """Raises KeyError for a kind that is unknown or of another queue: the owner's worker runs no one else's work."""
    if _queues.get(kind, Queue.ORDINARY) != queue:
        raise KeyError(f"{kind} is not a job of the queue {queue}")
    return _handlers[kind]
