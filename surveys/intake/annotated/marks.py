"""What is marked: findings, questions and what was left out, as places in the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LEVELS = {"error": "错误", "asked": "要确认", "warning": "提醒", "info": "留意"}
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Mark:
    """One finding. `sheet` and `cell` are where it stands ('' when it is about the file or the sheet), `cells` further
    cells it speaks for. `level` is a key of LEVELS."""

    level: str
    sheet: str
    cell: str
    text: str
    remedy: str = ""
    value: str = ""
    rule: str = ""
    cells: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Every cell of the finding, its own first, each once."""
        named = (self.cell, *self.cells)
        return tuple(dict.fromkeys(cell for cell in named if CELL.fullmatch(cell)))


def marks_of(report: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[Mark]:
    """The marks of a report as uploads keep it (`issues`, `ambiguous`): what must be mended first, then what is asked,
    then what is to be explained, each in the order it was found."""
    found = [
        Mark(
            issue["severity"] if issue["severity"] in LEVELS else "info",
            issue.get("sheet") or "", issue.get("cell") or "", issue["message"], issue.get("suggestion") or "",
            str(issue.get("value") or ""), issue.get("rule") or "", tuple(issue.get("cells") or ()),
        )
        for issue in report.get("issues", ())
    ]  # fmt: skip
    told = {(mark.sheet, mark.cell) for mark in found if mark.level == "error"}
    found += [
        _asked(cell) for cell in report.get("ambiguous", ()) if (cell["sheet"], cell["cell"]) not in told
    ]
    order = list(LEVELS)
    return sorted(found, key=lambda mark: order.index(mark.level))


def _asked(cell: Mapping[str, Any]) -> Mark:
    readings = "；".join(f"{r.get('label', '')} → {r.get('value', '')}" for r in cell.get("readings") or ())
    note = cell.get("note") or "有不止一种读法"
    text = f"{note}，没有读入。" + (f"可能是：{readings}。" if readings else "")
    return Mark("asked", cell["sheet"], cell["cell"], text, "在平台上选一种读法，或在这里改成唯一的写法。")
