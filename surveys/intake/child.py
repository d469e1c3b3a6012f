"""The same pipeline in a fresh process with limits on memory and time (surveys.intake.guard)."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from surveys.definition.said import say
from surveys.instruments.figures import Figures
from surveys.intake.context import Context
from surveys.intake.guard import LIMITS, OUT_OF_MEMORY, ChildLimits, Progress, guarded, ordered
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


def run_in_child(
    path: str | Path, context: Context, progress: Progress | None = None, limits: ChildLimits = LIMITS
) -> IntakeResult:
    """Like `run`, guarded: a crash or a limit becomes verdict reject_file with a clear sentence."""
    from surveys.intake.pipeline import refused

    name = Path(path).name
    order = {"path": str(Path(path).resolve()), "context": context.to_json()}
    ended = guarded("surveys.intake.child", order, name, progress, limits)
    if ended.answer is None:
        return refused(name, context, _excuse(name, ended.reason, ended.code))
    return from_data(ended.answer, context)


def _excuse(name: str, reason: str, code: int) -> Refused:
    if reason == "memory" or code == OUT_OF_MEMORY:
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
    order = ordered()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def tell(stage: str, done: int, total: int) -> None:
        out.write(json.dumps({"progress": [stage, done, total]}) + "\n")

    from surveys.intake.pipeline import run

    try:
        result = run(order["path"], Context.from_json(order["context"]), tell)
    except MemoryError:
        return OUT_OF_MEMORY
    said = json.dumps({"result": to_data(result)}, ensure_ascii=False, default=str, separators=(",", ":"))
    out.write(without_nul(said) + "\n")
    out.flush()
    return 0


def without_nul(text: str) -> str:
    """JSON whose strings hold no NUL: a workbook may write one (`_x0000_`), a database keeps none."""
    return NUL.sub(r"\1", text) if "\\u0000" in text else text


if __name__ == "__main__":
    sys.exit(main())
