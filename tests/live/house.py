"""A whole house for a test: database, broker, web, worker and beat as processes of their own, to be killed and stopped.

The database is durable as in production and lies in a cluster of its own, so that stopping it disturbs nobody else.
"""

import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from jobs.models import Queue
from local import processes
from local.services import Services
from local.testing import TEMPLATE, TEMPLATE_DUMP, test_environment

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60


def eventually(question: Callable[[], Any], *, seconds: float = 60, what: str = "") -> Any:
    """The first true answer. Raises AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := question():
            return answer
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what or question}"
        time.sleep(0.05)


class House:
    """`start` and `kill` take the names web, worker and beat; `services` are the database and the broker."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.services = Services(folder, TEMPLATE)
        self.files = Path(self.services.environment()["HOUQIN_FILES_ROOT"])
        self.traps = folder / "traps"
        self.port = _free_port()
        self.running: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Starts the services on a copy of the tests' template; the programs are started one by one."""
        self.services.start()
        self.services.postgres.restore(Path(os.environ["HOUQIN_TEST_SERVICES"]) / TEMPLATE_DUMP)
        self.traps.mkdir()

    def close(self) -> None:
        """Leaves no process."""
        for name in [*self.running]:
            self.kill(name)
        self.services.stop()

    def environment(self) -> dict[str, str]:
        return {
            **test_environment(self.services),
            "HOUQIN_BASE_URL": self.address,
            # connections live on, as in production
            "HOUQIN_DATABASE_CONN_MAX_AGE": "300",
            "HOUQIN_FAILPOINTS": str(self.traps),
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *names: str) -> None:
        """Starts programs and waits until they answer."""
        for name in names:
            log = self.log(name)
            log.unlink(missing_ok=True)
            self.running[name] = processes.start(self._command(name), log=log, environment=self.environment())
        for name in names:
            eventually(lambda name=name: self._is_ready(name), seconds=READY_SECONDS, what=f"{name} is ready")

    def _command(self, name: str) -> list[str]:
        python = [sys.executable, "-m"]
        # the application is loaded before the fork: a killed child is replaced in an instant
        web = [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
               "--threads", "6", "--preload", "--worker-tmp-dir", str(self.services.sockets)]  # fmt: skip
        celery = [*python, "celery", "-A", "config"]
        return {
            "web": web,
            # celery replaces killed children every five seconds; the next delivery should not have to wait for that
            "worker": [*celery, "worker", "--concurrency", "6", "--loglevel", "INFO"],
            "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
        }[name]

    def _is_ready(self, name: str) -> bool:
        assert self.running[name].poll() is None, self.log(name).read_text()[-3000:]
        if name == "web":
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                return False
            return True
        word = {"worker": " ready.", "beat": "beat: Starting"}[name]
        return word in self.log(name).read_text(errors="replace")

    def log(self, name: str) -> Path:
        """What a program has printed."""
        return self.folder / "log" / f"{name}.log"

    def kill(self, name: str) -> None:
        """kill -9 for the program and its children, as when the machine is lost."""
        processes.kill(self.running.pop(name))

    def revive(self) -> list[str]:
        """Starts again what has ended by itself, as systemd does; the names of it. A worker ends that holds a message
        while its broker goes: kombu 5.7 wants to give the message back and trips over the lost connection."""
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        self.start(*ended)
        return ended

    def eventually(self, question: Callable[[], Any], *, seconds: float = 60) -> Any:
        """As the function of that name, with programs that are started again when they end."""

        def revived() -> Any:
            self.revive()
            return question()

        return eventually(revived, seconds=seconds, what=str(question))

    def kill_children(self, name: str) -> None:
        """kill -9 for the children that do the work, as when memory runs out. The program makes new ones."""
        for pid in self.children(name):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def children(self, name: str) -> list[int]:
        """The process numbers of a program's direct children."""
        pid = self.running[name].pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def trap(self, point: str) -> Path:
        """Whoever reaches the point next is killed there, once; the file is gone once that has happened."""
        path = self.traps / point
        path.touch()
        return path

    def deliver(self, job_id: Any, times: int = 2) -> None:
        """Sends the task of a job again, as a broker does that has lost sight of a worker."""
        self.send("jobs.run", [str(job_id)], times)

    def is_idle(self) -> bool:
        """Whether no task waits, and none that was handed out is unfinished."""
        with self._broker() as broker:
            return broker.llen(Queue.ORDINARY) == 0 and broker.hlen("unacked") == 0

    def deliver_unfinished(self) -> None:
        """What a lost worker held is delivered again: the broker does so an hour after it was handed out."""
        with self._broker() as broker:
            for tag, kept in broker.hgetall("unacked").items():
                message, _exchange, queue = json.loads(kept)
                broker.lpush(queue, json.dumps(message))
                broker.hdel("unacked", tag)
                broker.zrem("unacked_index", tag)

    def _broker(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.services.valkey.socket))

    def send(self, task: str, arguments: list | None = None, times: int = 1) -> None:
        """Puts a task on this house's queue."""
        with Celery(broker=self.environment()["HOUQIN_BROKER_URL"], set_as_current=False) as sender:
            for _ in range(times):
                sender.send_task(task, arguments or [], queue=Queue.ORDINARY.value)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
