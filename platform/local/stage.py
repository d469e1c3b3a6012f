"""The city on a stage of its own: a copy of the seeded database with web and worker, for the browser tests."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from local import processes
from local.folders import state_hash
from local.postgres import OWNER
from local.services import Services

CITY = "houqin_city"
PASSWORD = "browser-tests-only"
READY_SECONDS = 90
# the broker's databases before it belong to the suite
FIRST_QUEUE = 3


class Stage:
    """Copies the city into `database` and serves it until `close`. The services are the running suite's."""

    def __init__(self, root: Path, database: str, *, place: int = 0):
        """`place` tells stages apart that stand at the same time: each has a queue of its own, or the worker of one
        would take, and find nothing behind, the jobs of the other."""
        self.root, self.database, self.queue = root, database, FIRST_QUEUE + place
        self.services = Services(Path(os.environ["HOUQIN_TEST_SERVICES"]), CITY, durable=False)
        self.port = _free_port()
        self.running: list = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Builds the city once per state of the code, copies it, starts web and worker."""
        with (self.services.folder / "city-lock").open("w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            self._build()
        sql = self.services.postgres.sql
        sql(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        sql(f'CREATE DATABASE "{self.database}" OWNER {OWNER} TEMPLATE {CITY}')
        self._start()

    def close(self) -> None:
        """Stops both and drops the copy."""
        for process in self.running:
            processes.stop(process, seconds=5)
        self.services.postgres.sql(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _build(self) -> None:
        marker, wanted = self.services.folder / "city-hash", state_hash(self.root)
        exists = self.services.postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{CITY}'")
        if exists and marker.exists() and marker.read_text() == wanted:
            return
        marker.unlink(missing_ok=True)
        self.services.drop_database()
        self.services.ensure_database()
        for module, login in (("local.city.universities_seed", OWNER), ("local.city.seed", "houqin_app")):
            environment = self._environment(CITY) | {"HOUQIN_DATABASE_USER": login}
            subprocess.run([sys.executable, "-m", module], env=environment, cwd=self.root, check=True)
        marker.write_text(wanted)

    def _start(self) -> None:
        python = [sys.executable, "-m"]
        web = [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--threads", "4"]
        worker = [*python, "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
        for name, command in (("web", web), ("worker", worker)):
            log = self.services.folder / "log" / f"{self.database}-{name}.log"
            self.running.append(
                processes.start(command, log=log, environment=self._environment(self.database))
            )
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the stage did not start, see {self.services.folder}/log") from None
                time.sleep(0.2)

    def _environment(self, database: str) -> dict[str, str]:
        own_queue = f"{self.services.environment()['HOUQIN_BROKER_URL']}?virtual_host={self.queue}"
        return {
            **os.environ,
            **self.services.environment(),
            "HOUQIN_BROKER_URL": own_queue,
            "HOUQIN_DATABASE_NAME": database,
            "HOUQIN_ROLE_PREFIX": CITY,
            "HOUQIN_STAGE": "demo",
            "HOUQIN_BASE_URL": self.address,
            "HOUQIN_DEMO_PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
