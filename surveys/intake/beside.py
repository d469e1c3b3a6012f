"""What stands beside the figures of a sheet: codes that must stay text, and who signed below the tables."""

from __future__ import annotations

import re

from surveys.definition.said import say
from surveys.intake.draft import Draft
from surveys.intake.layout import Layout
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.table import Table
from surveys.intake.words import Vocabulary


def check_codes(draft: Draft, table: Table) -> None:
    """Codes that became numbers: 18 digits do not fit into one, the last ones are gone for good."""
    name = table.grid.sheet.name
    for column in table.of_role("identifier"):
        lost = [r for r in table.data_rows if _digits_lost(table.grid.value(r, column.index))]
        if not lost:
            continue
        draft.reported |= {(name, r, column.index) for r in lost}
        cells = tuple(cell_name(r, column.index) for r in lost)
        text = say(
            "“{sheet}”表 {cell} 起有 {n} 个“{title}”变成了数字“{raw}”，后面几位已经丢了。", sheet=name, cell=cells[0],
            n=len(lost), title=column.title, raw=table.grid.value(lost[0], column.index),
        )  # fmt: skip
        remedy = say("把这一列设成文本格式，重新填一遍代码；不报代码就删掉这一列。")
        draft.issues.append(Issue("digits_lost", "error", name, cells[0], text, remedy, cells=cells))


def _digits_lost(value: object) -> bool:
    """Whether a code is a number beyond the 15 digits a spreadsheet keeps, or one already written as 9.1E+17."""
    if isinstance(value, float):
        return value >= 1e15
    return isinstance(value, str) and bool(re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d{2}", value.strip()))


def read_signatures(draft: Draft, layout: Layout, words: Vocabulary) -> None:
    """Who signed and when, from the rows under the tables: 填表人：王五."""
    grid = layout.grid
    last = max((t.header.bottom for t in layout.tables), default=len(grid.rows))
    rows = [r for t in layout.tables for r in t.footer_rows] + [r for r in layout.margins if r > last]
    names = sorted(words.definition.words("signature"), key=len, reverse=True)
    pattern = re.compile(rf"({'|'.join(map(re.escape, names)) or '(?!)'})\s*[:：]\s*([^\s:：]+)")
    for r in rows:
        for _, value in grid.own(r):
            for name, said in pattern.findall(str(value)):
                draft.signed.setdefault(name, said)
