"""Annotating in a fresh process with limits: the package is a stranger's."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from surveys.intake.guard import OUT_OF_MEMORY, ChildLimits, guarded, ordered

# somebody waits for the download
LIMITS = ChildLimits(wall=25)


class NotAnnotated(Exception):
    """The workbook could not be annotated within the limits; the log says why."""


def annotate_in_child(
    path: str | Path, name: str, report: Mapping[str, Any], number: str, limits: ChildLimits = LIMITS
) -> bytes:
    """The file at `path` (called `name`) with the marks of a report (`issues`, `ambiguous`), as the bytes of an .xlsx.
    `number` is the upload's. Raises NotAnnotated."""
    with tempfile.TemporaryDirectory(prefix="houqin-") as folder:
        out = Path(folder) / "out.xlsx"
        marked = {key: list(report.get(key, ())) for key in ("issues", "ambiguous")}
        order = {"path": str(path), "name": name, "report": marked, "number": number, "out": str(out)}
        ended = guarded("surveys.intake.annotated.child", order, name, limits=limits)
        if ended.answer is None:
            raise NotAnnotated(f"{ended.code} {ended.reason}")
        return out.read_bytes()


def main() -> int:
    """The child: limits on itself first, then the work, then one line of JSON."""
    gc.disable()  # a short life: collecting costs more than it frees
    order = ordered()
    from surveys.intake.annotated.marks import marks_of
    from surveys.intake.annotated.workbook import annotate
    from surveys.intake.sniff import sniff

    try:
        data = Path(order["path"]).read_bytes()
        marks = marks_of(order["report"])
        Path(order["out"]).write_bytes(annotate(sniff(data), marks, order["number"], order["name"]))
    except MemoryError:
        return OUT_OF_MEMORY
    print(json.dumps({"result": {"marks": len(marks)}}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
