"""What a job of a kind does. Higher rooms register handlers; jobs knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


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


def job(kind: str) -> Callable[[Handler], Handler]:
    """Registers a handler. It must be idempotent: it may run again after a killed worker. It returns a small dict
    that becomes the job's result, or raises JobError."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise RuntimeError(f"two handlers for job {kind}")
        _handlers[kind] = handler
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """Raises KeyError for an unknown kind."""
    return _handlers[kind]
