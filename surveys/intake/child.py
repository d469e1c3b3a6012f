"""The same pipeline in a fresh process with limits on memory and time.

The parent writes the context as JSON to the child's standard input and reads JSON lines from its output:
`{"progress": [stage, done, total]}` as it goes, one `{"result": …}` at the end. Nothing is unpickled.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from surveys.definition.said import say
from surveys.instruments.figures import Figures
from surveys.intake.context import Context
from surveys.intake.references import column_letters
from surveys.intake.result import (
    IntakeResult,
    MappingEntry,
    ambiguity_data,
    ambiguity_of,
    ignored_data,
    ignored_of,
    issue_data,
    issue_of,
)
from surveys.intake.sniff import RE_SAVE, Refused

CODED = ("facility", "item", "measure", "period", "flag", "text", "sheet", "factor")
# the escape itself, not a backslash that happens to stand before the letters
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
Progress = Callable[[str, int, int], None]
LOG = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ChildLimits:
    """resident: peak memory in bytes; address: address space; cpu: seconds of processor; wall: seconds in all."""

    resident: int = 640 << 20
    address: int = 3 << 30
    cpu: int = 20
    wall: int = 120


LIMITS = ChildLimits()
# how often the child is looked at, and what it may grow by before the next look and its end
LOOK_SECONDS, GROWTH = 0.005, 48 << 20


def run_in_child(
    path: str | Path, context: Context, progress: Progress | None = None, limits: ChildLimits = LIMITS
) -> IntakeResult:
    """Like `run`, guarded: a crash or a limit becomes verdict reject_file with a clear sentence."""
    from surveys.intake.pipeline import refused

    name = Path(path).name
    order = {"path": str(Path(path).resolve()), "limits": asdict(limits), "context": context.to_json()}
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 (read after the child has ended)
    process = subprocess.Popen(
        [sys.executable, "-m", "surveys.intake.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, env=_environment(),
    )  # fmt: skip
    watcher = _Watcher(process, limits)
    watcher.start()
    try:
        answer = _converse(process, json.dumps(order, ensure_ascii=False), progress)
        code = process.wait()
    finally:
        watcher.stop.set()
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            pipe.close()
    if answer is None:
        _log(name, watcher.reason, code, complaints)
    complaints.close()
    if answer is None:
        return refused(name, context, _excuse(name, watcher.reason, code))
    return from_data(answer, context)


def _log(name: str, reason: str, code: int, complaints) -> None:
    complaints.seek(0)
    said = complaints.read()[-4000:].decode("utf-8", "replace")
    LOG.error("intake child ended with %s %s for %s: %s", code, reason, name, said)


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


def _excuse(name: str, reason: str, code: int) -> Refused:
    if reason == "memory" or code == 97:
        return Refused(
            "too_heavy",
            say("“{name}”读起来要的内存太多，已停止。", name=name),
            say("只留数据表，删掉空白区和图片，再上传。"),
        )
    if reason == "time" or code in (-24, -9, 98):
        return Refused(
            "too_slow", say("“{name}”读了太久，已停止。", name=name), say("只留数据表，按年分开，再上传。")
        )
    return Refused("damaged", say("“{name}”读不下去，文件可能已损坏。", name=name), RE_SAVE)


def to_data(result: IntakeResult) -> dict[str, Any]:
    """A result as plain data. Columns of few distinct texts go as codes; a raw text equal to the exact one as null."""
    figures = result.figures
    coded = {n: [c.tolist(), v] for n in CODED for c, v in (figures.codes(n),)}
    raw = [None if r == e else r for r, e in zip(figures["raw"], figures["exact"], strict=True)]
    return {
        "verdict": result.verdict, "coded": coded, "exact": figures["exact"], "raw": raw,
        "place": figures.place.T.tolist(),
        "issues": [issue_data(i) for i in result.issues],
        "ambiguous": [ambiguity_data(a) for a in result.ambiguous],
        "ignored": [ignored_data(i) for i in result.ignored],
        "mapping": [asdict(m) for m in result.mapping],
        "meta": result.meta, "facilities_unknown": result.facilities_unknown, "file": result.file,
        "facility_names": result.facility_names,
    }  # fmt: skip


def from_data(data: dict[str, Any], context: Context) -> IntakeResult:
    """A result again from plain data; values are read from their exact texts. Only texts and numbers are taken."""
    texts = {name: [str(values[c]) for c in codes] for name, (codes, values) in data["coded"].items()}
    exact = [str(e) for e in data["exact"]]
    rows, columns = data["place"]
    letters = {c: column_letters(int(c)) for c in set(columns)}
    texts |= {
        "exact": exact, "raw": [e if r is None else str(r) for r, e in zip(data["raw"], exact, strict=True)],
        "cell": [f"{letters[c]}{int(r) + 1}" for r, c in zip(rows, columns, strict=True)],
    }  # fmt: skip
    value = np.array([float(e) if e else float("nan") for e in exact], dtype=float)
    names = context.university_names
    return IntakeResult(
        str(data["verdict"]), Figures(texts, value, np.array([rows, columns], dtype=np.int64).reshape(2, -1).T),
        [issue_of(i) for i in data["issues"]], [ambiguity_of(a) for a in data["ambiguous"]],
        [ignored_of(i) for i in data["ignored"]], [MappingEntry(**m) for m in data["mapping"]], data["meta"],
        data["facilities_unknown"], data["file"], context.definition.code, names[0] if names else "", context.period,
        context.definition, data["facility_names"],
    )  # fmt: skip


def main() -> int:
    """The child: limits on itself first, then the work, then one line of JSON."""
    gc.disable()  # a short life: collecting costs more than it frees
    order = json.loads(sys.stdin.buffer.read())
    limits = ChildLimits(**order["limits"])
    _limit(limits)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def tell(stage: str, done: int, total: int) -> None:
        out.write(json.dumps({"progress": [stage, done, total]}) + "\n")

    from surveys.intake.pipeline import run

    try:
        result = run(order["path"], Context.from_json(order["context"]), tell)
    except MemoryError:
        return 97
    said = json.dumps({"result": to_data(result)}, ensure_ascii=False, default=str, separators=(",", ":"))
    out.write(without_nul(said) + "\n")
    out.flush()
    return 0


def without_nul(text: str) -> str:
    """JSON whose strings hold no NUL: a workbook may write one (`_x0000_`), a database keeps none."""
    return NUL.sub(r"\1", text) if "\\u0000" in text else text


def _limit(limits: ChildLimits) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.address, limits.address))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
