"""Rows, tables and sheets that only show how to fill in a form: left out, and said."""

from __future__ import annotations

import re

from surveys.definition.said import say
from surveys.intake.draft import Draft
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

# 某某楼, XX楼, ××公寓 stand for any place
_ANY_PLACE = re.compile(r"(某某?|[x×*]{2,}).{0,4}")


def leave_examples(draft: Draft, table: Table, words: Vocabulary) -> None:
    """Take the rows of examples out of a table; all of them where its title or sheet says it is one."""
    says = _pattern(words)
    name = table.grid.sheet.name
    sheets = {fold(w) for w in words.definition.words("instructions")}
    whole = says.fullmatch(fold(table.title)) or fold(name) in sheets
    rows = list(table.data_rows) if whole else _examples(table, says)
    if not rows or (not whole and len(rows) == len(table.data_rows) > 1):
        return
    gone = set(rows)
    table.data_rows = [r for r in table.data_rows if r not in gone]
    if whole:
        rows += table.total_rows
        table.total_rows = []
    for r in rows:
        draft.leave(name, r, table.grid.left, r, table.grid.right, say("示例"))
    where = cell_name(rows[0], table.grid.own(rows[0])[0][0])
    draft.issues.append(
        Issue("example", "warning" if whole else "info", name, where,
              say("“{sheet}”表 {cell} 起有 {n} 行是示例，没有写入。", sheet=name, cell=where, n=len(rows)),
              say("不是示例就去掉“示例”二字，或移到别的表里，再上传。"))
    )  # fmt: skip


def _pattern(words: Vocabulary) -> re.Pattern:
    said = sorted((fold(w) for w in words.definition.words("example")), key=len, reverse=True)
    said = "|".join(map(re.escape, said)) or "(?!)"
    return re.compile(rf"[(]?(?:[此本][行表]为?)?(?:{said})(?:行|表|楼|数据|\\d{{1,2}})?[)]?(?:[:,，。].*)?")


def _examples(table: Table, says: re.Pattern) -> list[int]:
    """The data rows that say so in a cell of their own, or whose place is any place; each text is looked at once."""
    rows, found = table.grid.rows, set()
    for column in (c for c in table.columns if c.role not in ("data", "total", "period", "unit", "price")):
        c, place = column.index, column.role == "facility"
        texts = {rows[r][c] for r in table.data_rows if c < len(rows[r]) and isinstance(rows[r][c], str)}
        said = {t for t in texts if _says(fold(t), place, says)}
        if said:
            found |= {r for r in table.data_rows if c < len(rows[r]) and rows[r][c] in said}
    return sorted(found)


def _says(text: str, place: bool, says: re.Pattern) -> bool:
    return bool(says.fullmatch(text) or (place and _ANY_PLACE.fullmatch(text)))
