"""The services of one data folder: database and broker, started together, held by one lock."""

import fcntl
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.postgres import APP, OWNER, Postgres
from local.valkey import Valkey

# The kernel's limit for the address of a unix socket is 108 bytes; PostgreSQL adds `/.s.PGSQL.5432`.
LONGEST_SOCKET_FOLDER = 80


class AlreadyRunning(RuntimeError):
    """Another process holds the data folder."""


@dataclass
class Services:
    """PostgreSQL and Valkey over one data folder. `durable=False` is for tests."""

    folder: Path
    database: str
    durable: bool = True

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.sockets = socket_folder(self.folder)
        logs = self.folder / "log"
        self.postgres = Postgres(self.folder / "postgres", self.sockets, logs / "postgres.log", self.durable)
        self.valkey = Valkey(
            self.folder / "valkey", self.sockets / "valkey.sock", logs / "valkey.log", self.durable
        )
        self._lock = None

    def start(self) -> None:
        """Takes the folder and starts both services. Raises AlreadyRunning with a sentence for the user."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "?"
            raise AlreadyRunning(
                f"{self.folder} 已在使用（进程 {holder}）。先停掉它（Ctrl-C 或 kill {holder}），再启动一次。"
            ) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        self.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.postgres.start()
        self.valkey.start()

    def stop(self) -> None:
        """Stops both services and lets the folder go."""
        self.valkey.stop()
        self.postgres.stop()
        if self._lock:
            self._lock.close()
            self._lock = None

    def ensure_database(self, name: str | None = None) -> bool:
        """Creates the database when it is missing; returns True when it did."""
        name = name or self.database
        if self.postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return False
        self.postgres.sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE template0')
        self.postgres.sql(
            f"REVOKE ALL ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO {OWNER};"
            f"CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS unaccent;"
            f'GRANT CONNECT ON DATABASE "{name}" TO {APP}',
            database=name,
        )
        return True

    def drop_database(self) -> None:
        """Drops the database and the roles that are named after it; nothing happens when there is none."""
        self.postgres.sql(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        roles = self.postgres.sql(
            f"SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'r_{self.database}_')"
        )
        for role in roles.splitlines():
            self.postgres.sql(f'DROP ROLE "{role}"')

    def environment(self, *, login: str = APP) -> dict[str, str]:
        """What a process needs to reach these services; `login` is the database login."""
        return {
            "HOUQIN_DATABASE_HOST": str(self.sockets),
            "HOUQIN_DATABASE_NAME": self.database,
            "HOUQIN_DATABASE_USER": login,
            "HOUQIN_BROKER_URL": f"redis+socket://{self.valkey.socket}",
            "HOUQIN_CACHE_URL": f"unix://{self.valkey.socket}?db=1",
            "HOUQIN_FILES_ROOT": str(self.folder / "files"),
            "HOUQIN_MEDIA_ROOT": str(self.folder / "media"),
            "HOUQIN_MAIL_FOLDER": str(self.folder / "mail"),
        }


def socket_folder(folder: Path) -> Path:
    """`folder/run`, or a private folder in the temporary directory where the path would be too long."""
    if len(str(folder / "run")) <= LONGEST_SOCKET_FOLDER:
        return folder / "run"
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"houqin-{os.getuid()}-{digest}"
