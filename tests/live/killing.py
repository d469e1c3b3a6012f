"""Two ways to be killed in the middle of an operation: at a named point, or at a random moment of a stage."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from jobs.models import Job, JobState
from tenants.context import in_public
from tests.live.browser import Person
from tests.live.house import House, eventually

TRIES = 4


class Named:
    """Somebody is killed at `point`, whichever stage that is in."""

    def __init__(self, house: House, point: str):
        self.point, self._trap = point, house.trap(point)

    @contextmanager
    def during(self, stage: str, program: str) -> Iterator[None]:
        yield

    def check(self) -> None:
        """The kill did happen."""
        assert not self._trap.exists(), f"nobody came by {self.point}"

    def __str__(self) -> str:
        return self.point


class Nobody:
    """Nobody is killed; `seconds` is how long each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def during(self, stage: str, program: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[stage] = time.monotonic() - started

    def check(self) -> None:
        """Nothing to check."""


class AtRandom:
    """The program of a random stage is killed at a random moment of it: its children, or the whole program."""

    def __init__(self, house: House, seconds: dict[str, float], chance: random.Random):
        self.house = house
        self.stage = chance.choice(sorted(seconds))
        self.moment = chance.uniform(0, seconds[self.stage])
        self.whole = chance.random() < 0.5
        self.happened = False

    @contextmanager
    def during(self, stage: str, program: str) -> Iterator[None]:
        if stage != self.stage:
            yield
            return
        killer = threading.Timer(self.moment, self._kill, [program])
        killer.start()
        try:
            yield
        finally:
            killer.join()
            if program not in self.house.running:
                self.house.deliver_unfinished()
                self.house.start(program)

    def _kill(self, program: str) -> None:
        # the web server is always one of which only the child dies: nobody else listens at its port
        if self.whole and program != "web":
            self.house.kill(program)
        else:
            self.house.kill_children(program)
        self.happened = True

    def check(self) -> None:
        """The kill did happen."""
        assert self.happened

    def __str__(self) -> str:
        return f"{'all' if self.whole else 'a child'} after {self.moment:.3f} s of {self.stage}"


Killing = Named | Nobody | AtRandom


def insist(person: Person, path: str, **posted):
    """Sends a form as often as it takes until an answer comes, then once more, as an impatient person does. Returns the
    first answer; none is a fault of the server."""

    def send():
        answer = person.post(path, **posted)
        assert answer is None or answer.status_code < 500, answer.text[:500]
        return answer

    first = next((answer for answer in (send() for _ in range(TRIES)) if answer is not None), None)
    assert first is not None, f"no answer from {path}"
    send()
    return first


def done_by_worker(house: House, job_id, killing: Killing) -> None:
    """Waits for a job; once its worker was killed, its task is delivered twice more."""

    def is_done() -> bool:
        with in_public():
            return Job.objects.get(pk=job_id).state == JobState.DONE

    with killing.during("work", "worker"):
        eventually(lambda: is_done() or _was_killed(killing), what=f"the job is done or killed: {killing}")
    house.deliver(job_id)
    eventually(is_done, what=f"the job is done: {killing}")


def _was_killed(killing: Killing) -> bool:
    return isinstance(killing, AtRandom) or (isinstance(killing, Named) and not killing._trap.exists())
