"""Work on a stranger's file in a fresh process with limits on memory and time.

The parent writes its order as JSON to the child's standard input and reads JSON lines from its output:
`{"progress": [stage, done, total]}` as it goes, one `{"result": …}` at the end. Nothing is unpickled.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Progress = Callable[[str, int, int], None]
LOG = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
# what a child ends with when its memory does not suffice
OUT_OF_MEMORY = 97


@dataclass(frozen=True)
class ChildLimits:
    """resident: peak memory in bytes; address: address space; cpu: seconds of processor; wall: seconds in all."""

    resident: int = 640 << 20
    address: int = 3 << 30
    cpu: int = 20
    wall: int = 120


@dataclass(frozen=True)
class Ended:
    """How a child ended: its answer (None when it gave none), why it was stopped (memory, time, '') and its code."""

    answer: dict[str, Any] | None
    reason: str
    code: int


LIMITS = ChildLimits()
# how often the child is looked at, and what it may grow by before the next look and its end
LOOK_SECONDS, GROWTH = 0.005, 48 << 20


def guarded(
    module: str,
    order: dict[str, Any],
    name: str,
    progress: Progress | None = None,
    limits: ChildLimits = LIMITS,
) -> Ended:
    """Runs a module as a child with this order (plain data) and the limits. `name` is the file's, for the log."""
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 (read after the child has ended)
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, env=_environment(),
    )  # fmt: skip
    watcher = _Watcher(process, limits)
    watcher.start()
    try:
        text = json.dumps({**order, "limits": asdict(limits)}, ensure_ascii=False)
        answer = _converse(process, text, progress)
        code = process.wait()
    finally:
        watcher.stop.set()
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            pipe.close()
    if answer is None:
        _log(module, name, watcher.reason, code, complaints)
    complaints.close()
    return Ended(answer, watcher.reason, code)


def ordered() -> dict[str, Any]:
    """In the child: the order, once the limits that came with it are set."""
    order = json.loads(sys.stdin.buffer.read())
    _limit(ChildLimits(**order["limits"]))
    return order


def _log(module: str, name: str, reason: str, code: int, complaints) -> None:
    complaints.seek(0)
    said = complaints.read()[-4000:].decode("utf-8", "replace")
    LOG.error("%s ended with %s %s for %s: %s", module, code, reason, name, said)


def _environment() -> dict[str, str]:
    keep = {
        k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "HOME", "TZ", "VIRTUAL_ENV")
    }
    one = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    )
    return {**keep, **one, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


class _Watcher(threading.Thread):
    """Ends the child when its resident memory or its time is up; RLIMIT cannot count resident memory."""

    def __init__(self, process: subprocess.Popen, limits: ChildLimits):
        super().__init__(daemon=True)
        self.process, self.limits, self.reason = process, limits, ""
        self.stop = threading.Event()

    def run(self) -> None:
        started = time.monotonic()
        while not self.stop.wait(LOOK_SECONDS) and self.process.poll() is None:
            if _resident(self.process.pid) > self.limits.resident - GROWTH:
                self.reason = "memory"
            elif time.monotonic() - started > self.limits.wall:
                self.reason = "time"
            if self.reason:
                self.process.kill()
                return


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _converse(process: subprocess.Popen, order: str, progress: Progress | None) -> dict[str, Any] | None:
    try:
        process.stdin.write(order.encode())
        process.stdin.close()
    except BrokenPipeError:
        pass
    answer = None
    for line in process.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "progress" in message and progress:
            stage, done, total = message["progress"]
            progress(str(stage), int(done), int(total))
        answer = message.get("result", answer)
    return answer


def _limit(limits: ChildLimits) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.address, limits.address))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
