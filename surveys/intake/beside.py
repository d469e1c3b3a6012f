"""What stands beside the figures of a sheet: codes that must stay text, and who signed below the tables."""

from __future__ import annotations

import re

from surveys.definition.said import say
from surveys.intake.desk import Desk
from surveys.intake.draft import Draft
from surveys.intake.layout import Layout
from surveys.intake.periods import When
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.table import Table
from surveys.intake.units import fold
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


def tell_paid_days(draft: Draft, desk: Desk) -> None:
    """Where only the day of payment dates a list: a bill may be of the month before, and nobody but the clerk knows."""
    columns = desk.table.of_role("period")
    paid = {fold(w) for w in desk.definition.words("paid")}
    if len(columns) != 1 or fold(columns[0].title) not in paid or desk.table.of_role("year"):
        return
    column, name = columns[0], desk.sheet
    if not any(isinstance(w, When) and w.day for w in desk.labels.when.get(column.index, ())):
        return
    where = cell_name(*column.at)
    text = say(
        "“{sheet}”表 {cell} 只有“{title}”，没有写费用属于哪个月；按这个日期归月。", sheet=name, cell=where,
        title=column.title,
    )  # fmt: skip
    remedy = say("账单是上个月的，就加一列“所属月份”再上传；都是当月的，写明原因。")
    draft.issues.append(Issue("paid_day", "warning", name, where, text, remedy))


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
