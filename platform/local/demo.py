"""`manage.py demo`: the city, from nothing to an address in the browser; `--once` proves the main job and exits."""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from local import processes
from local.folders import state_hash, var_folder
from local.postgres import OWNER
from local.services import AlreadyRunning, Services

DATABASE = "houqin"
DEFAULT_PORT = 8000
READY_SECONDS = 60
# as often within this time a program may be started again
REVIVED_TIMES, REVIVED_SECONDS = 3, 60


def services(root: Path) -> Services:
    """The demo's services."""
    return Services(var_folder(root) / "demo", DATABASE)


def main(root: Path, arguments: list[str]) -> int:
    """Runs the demo until Ctrl-C or TERM, or once. Returns the exit code: 2 when it is running already."""
    parser = argparse.ArgumentParser(prog="manage.py demo", description="示范城市")
    parser.add_argument("--once", action="store_true", help="从头到尾走一遍主流程，打印结果后退出")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--fresh", action="store_true", help="丢弃已有的示范数据，重新建立")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    demo = Demo(root, services(root), options.port, options.fresh)
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, _interrupt)
    try:
        demo.start()
        say(f"就绪，用时 {time.monotonic() - started:.0f} 秒。")
        if options.once:
            return demo.prove()
        demo.introduce()
        return demo.watch()
    except AlreadyRunning as error:
        print(f"houqin: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        demo.stop()


def _interrupt(number: int, frame: object) -> None:
    # a second signal must not tear the orderly stop apart
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def say(text: str) -> None:
    print(text, flush=True)


@dataclass
class Demo:
    """Services, data, web, worker and beat of one demo."""

    root: Path
    services: Services
    port: int
    afresh: bool = False
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    commands: dict[str, list[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts everything in order, with a line for each step. Raises AlreadyRunning."""
        say("数据库和队列…")
        self.services.start()
        if self.afresh:
            self.services.drop_database()
        fresh = self.services.ensure_database()
        self.prepare(fresh)
        say("网站、任务和定时…")
        self._start_programs()
        self._wait_until_ready()

    def prepare(self, fresh: bool) -> None:
        """Migrates and fills the city unless the data has the state of the code already."""
        marker = self.services.folder / "state-hash"
        wanted = state_hash(self.root)
        if not fresh and marker.exists() and marker.read_text() == wanted:
            return
        say("表结构和示范数据…")
        self._run("local.city.universities_seed", login=OWNER)
        self._run("local.city.seed")
        marker.write_text(wanted)

    def environment(self, **changes: str) -> dict[str, str]:
        """The environment of the demo's programs."""
        return {
            **os.environ,
            **self.services.environment(**changes),
            "HOUQIN_STAGE": "demo",
            "HOUQIN_BASE_URL": self.address,
            "HOUQIN_DEMO_PASSWORD": self.password(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def password(self) -> str:
        """The demo people's password: made once per data folder, never usable outside."""
        path = self.services.folder / "password"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(9))
        return path.read_text()

    def _run(self, module: str, **changes: str) -> None:
        """One preparation step in a process of its own; its lines are shown, its failure ends the demo."""
        result = subprocess.run(
            [sys.executable, "-m", module],
            env=self.environment(**changes),
            cwd=self.root,
            start_new_session=True,
        )
        if result.returncode:
            raise SystemExit(
                f"houqin: {module} 失败（退出码 {result.returncode}），日志在 {self.services.folder}/log。"
            )

    def _start_programs(self) -> None:
        python = [sys.executable, "-m"]
        self.commands = {
            "web": [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "2",
                    "--threads", "4", "--worker-tmp-dir", str(self.services.sockets), "--graceful-timeout", "5"],
            "worker": [*python, "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO"],
            # the only one with the owner's login: it makes the schemas of new universities and runs nothing else
            "provisioning": [*python, "celery", "-A", "config", "worker", "--queues", "provisioning",
                             "--pool", "solo", "--hostname", "provisioning@%h", "--loglevel", "INFO"],
            "beat": [*python, "celery", "-A", "config", "beat", "--loglevel", "WARNING", "--pidfile="],
        }  # fmt: skip
        for name in self.commands:
            self._start_program(name)

    def _start_program(self, name: str) -> None:
        log = self.services.folder / "log" / f"{name}.log"
        login = {"login": OWNER} if name == "provisioning" else {}
        self.running[name] = processes.start(
            self.commands[name], log=log, environment=self.environment(**login)
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            self._fail_if_any_died()
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise SystemExit(
            f"houqin: 网站没有在 {READY_SECONDS} 秒内启动，看 {self.services.folder}/log/web.log。"
        )

    def _fail_if_any_died(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                log = self.services.folder / "log" / f"{name}.log"
                tail = log.read_text(errors="replace")[-1200:]
                raise SystemExit(f"houqin: {name} 停了（退出码 {process.returncode}）：\n{tail}")

    def introduce(self) -> None:
        """The address and the people to sign in as."""
        from local.city.people import INTRODUCTION

        say(f"\n  {self.address}/\n\n  密码（只在这里能用）：{self.password()}\n")
        for email, who in INTRODUCTION:
            say(f"  {email:<24} {who}")
        say("\n  按 Ctrl-C 停止。")

    def watch(self) -> int:
        """Waits; a program that dies is started again, as systemd does. One that dies again and again ends the demo
        with its log."""
        revived: list[float] = []
        while True:
            now = time.monotonic()
            revived = [at for at in revived if now - at < REVIVED_SECONDS]
            if len(revived) >= REVIVED_TIMES:
                self._fail_if_any_died()
            revived += [now for _name in self._revive()]
            time.sleep(1)

    def _revive(self) -> list[str]:
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        for name in ended:
            say(f"houqin: {name} 停了（退出码 {self.running[name].returncode}），重新启动。")
            self._start_program(name)
        return ended

    def prove(self) -> int:
        """Walks the main job through the running demo; returns 0 when every step held."""
        result = subprocess.run(
            [sys.executable, "-m", "local.city.proof"],
            env=self.environment(),
            cwd=self.root,
            start_new_session=True,
        )
        return result.returncode

    def stop(self) -> None:
        """Stops the programs, all at once, then the services."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for process in self.running.values():
            processes.stop(process, seconds=8)
        self.running.clear()
        self.services.stop()
