"""The plugin of a soak run: gathers what the promises' tests did, from every worker, and writes the report.

Loaded by `manage.py test --soak` only. What a test said travels with its report, so it does not matter which process
ran it; a test that failed says so by failing.
"""

import datetime
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from local.testing import SOAK_REPORT_VARIABLE
from tests import soak
from tests.soak import NOT_YET, PROMISES, Said

ROOT = Path(__file__).resolve().parents[1]
PROMISE, SAID = "promise", "said"


@dataclass
class Kept:
    """What became of one promise."""

    said: dict[str, Said] = field(default_factory=dict)
    tests: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def result(self) -> str:
        """FAILED, not run, short (less was tried than promised), or held."""
        if self.failed or any(said.wrong for said in self.said.values()):
            return "FAILED"
        if not self.tests - set(self.skipped):
            return "not run"
        short = [s for s in self.said.values() if s.wanted is not None and s.done < s.wanted]
        return "short" if short or self.skipped else "held"


class Gathering:
    """Lives in the process that writes the report."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.started, self.clock = datetime.datetime.now(datetime.UTC), time.monotonic()
        # before the report itself changes the tree
        self.commit = commit()
        self.promises = {name: Kept() for name in PROMISES}
        self.known: dict[str, str] = {}
        self.others: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        properties = dict(report.user_properties)
        # a process that is lost in the middle of a test sends no properties with its last report
        promise = self.known.setdefault(report.nodeid, properties.get(PROMISE, ""))
        kept = self.promises.get(promise)
        if kept is None:
            if report.failed:
                self.others.append(report.nodeid)
            return
        kept.tests.add(report.nodeid)
        kept.seconds += report.duration
        if report.failed and report.nodeid not in kept.failed:
            kept.failed.append(report.nodeid)
        if report.skipped:
            kept.skipped.append(report.nodeid)
        if report.when == "call":
            for what, plain in properties.get(SAID, {}).items():
                said = Said(**plain)
                self.promises[said.promise or promise].said.setdefault(what, Said()).add(said)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.others.append(f"{report.nodeid} (not collected)")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        self.target.write_text(self.text(int(exitstatus)))
        print(f"\n{self.target}")

    def text(self, exitstatus: int) -> str:
        """The whole report."""
        return "\n".join([*self._head(exitstatus), *self._table(), *self._counts(), *self._rest()]) + "\n"

    def _head(self, exitstatus: int) -> Iterator[str]:
        results = [kept.result for kept in self.promises.values()]
        told = ", ".join(f"{results.count(r)} {r}" for r in ("held", "short", "not run", "FAILED"))
        full = soak.scale() >= 1
        counts = "full" if full else f"a trial at {soak.scale():g} of the full counts; it closes nothing"
        seconds = time.monotonic() - self.clock
        yield "# The promises, tried at their full counts"
        yield ""
        yield "Written by `python3 manage.py test --soak`; not edited. `short`: less was tried than the full count."
        yield ""
        yield f"- date: {self.started.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M} (Asia/Shanghai)"
        yield f"- commit: {self.commit}"
        yield f"- counts: {counts}"
        yield f"- machine: {os.cpu_count()} processors, {memory()}, {platform.system()}"
        yield f"- duration: {duration(seconds)}"
        yield f"- result: {told}; pytest's exit code {exitstatus}"
        yield ""

    def _table(self) -> Iterator[str]:
        yield "| promise | result | tests | time |"
        yield "|---|---|---:|---:|"
        for name, kept in self.promises.items():
            yield f"| {PROMISES[name]} | {kept.result} | {len(kept.tests)} | {duration(kept.seconds)} |"
        for promise, missing in NOT_YET.items():
            yield f"| {promise} | not in the house yet: {missing} | | |"
        yield ""

    def _counts(self) -> Iterator[str]:
        yield "| promise | what was tried | full count | done | wrong |"
        yield "|---|---|---:|---:|---:|"
        for name, kept in self.promises.items():
            for what, said in sorted(kept.said.items()):
                if said.peak is not None:
                    full, done = f"≤ {said.most:,g}", f"{said.peak:,.4g}"
                else:
                    full, done = "all" if said.wanted is None else f"{said.wanted:,}", f"{said.done:,}"
                yield f"| {name} | {what} | {full} | {done} | {said.wrong:,} |"
        yield ""

    def _rest(self) -> Iterator[str]:
        failed = [f"{n} ({p})" for p, kept in self.promises.items() for n in kept.failed]
        skipped = sorted({f"{n} ({p})" for p, kept in self.promises.items() for n in kept.skipped})
        for title, names in (("Failed", failed + self.others), ("Skipped", skipped)):
            if names:
                yield f"{title}:"
                yield ""
                yield from (f"- {name}" for name in names)
                yield ""


def pytest_configure(config: pytest.Config) -> None:
    """In every process; the report is written by the one that is no worker."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gathering(Path(os.environ[SOAK_REPORT_VARIABLE])), "soak-report")


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker(PROMISE)
    if marker is None:
        return
    if marker.args[0] not in PROMISES:
        raise pytest.UsageError(f"{item.nodeid}: no promise is called {marker.args[0]}")
    item.user_properties.append((PROMISE, marker.args[0]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    soak.listen()
    try:
        return (yield)
    finally:
        item.user_properties.append((SAID, soak.heard()))


def commit() -> str:
    """The commit and whether the files were the commit's."""
    try:
        head = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain").splitlines()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}, " + (f"and {len(changed)} files changed since" if changed else "tree clean")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def memory() -> str:
    """The machine's memory."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / (1 << 30):.0f} GiB"


def duration(seconds: float) -> str:
    """12 s, 3 min 5 s, 1 h 2 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
