"""Lists that several universities share: whose row it is stands in a column; rows of others are never loaded."""

from __future__ import annotations

import re

from surveys.definition.said import listing, say
from surveys.intake.context import Context
from surveys.intake.draft import Draft
from surveys.intake.headers import Column
from surveys.intake.identity import own_names, short_names
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.sniff import Refused
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_UNIVERSITY = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:大学|高等专科学校|职业技术学院|师范学院|医学院)(?:[(（].+[)）])?"
)
# names that a sentence tells
_SHOWN = 4
# rows by which a column is told
SAMPLE = 200


def leave_others(draft: Draft, table: Table, words: Vocabulary, context: Context) -> None:
    """Take rows of other universities out of a table, each cell reported; Refused where all rows are theirs."""
    column = next((c for c in table.columns if _names_institutions(c, table, words, context)), None)
    if column is None:
        return
    column.role = "institution"
    own = {fold(n) for n in own_names(context)} | {fold(n) for n in context.university_names}
    known = {fold(s) for n in context.known_universities for s in short_names(n)}
    name, owner = table.grid.sheet.name, ""
    others: dict[int, str] = {}
    for r in table.data_rows:
        owner = str(table.grid.value(r, column.index)).strip() or owner
        if _is_other(owner, own, known):
            others[r] = owner
    if not others:
        return
    table.data_rows = [r for r in table.data_rows if r not in others]
    # sums of a shared list are of all its universities
    table.aside_rows += table.total_rows
    table.total_rows = []
    draft.reported |= {(name, r, c) for r in others for c, _ in table.grid.own(r)}
    names = listing(list(dict.fromkeys(others.values()))[:_SHOWN])
    first = next(iter(others))
    where = cell_name(first, column.index)
    if not table.data_rows:
        raise Refused(
            "wrong_university",
            say("“{sheet}”表 {cell} 起写的都是别的学校：{names}。", sheet=name, cell=where, names=names),
            say("换成本校的文件；如果这就是本校的别名，联系秘书处登记别名。"), name, where,
        )  # fmt: skip
    draft.issues.append(
        Issue("other_university", "warning", name, where,
              say("“{sheet}”表有 {n} 行是别的学校的（{names}），没有写入。", sheet=name, n=len(others), names=names),
              say("确认这些行不是本校的；是本校的别名，联系秘书处登记。"),
              cells=tuple(cell_name(r, column.index) for r in others))
    )  # fmt: skip


def _names_institutions(column: Column, table: Table, words: Vocabulary, context: Context) -> bool:
    """Whether a column of texts names universities: its header says so, or the own name stands among its values."""
    if column.role not in ("text", "facility", "unknown", "item", "unit", "empty") or not table.data_rows:
        return False
    rows = table.data_rows[:SAMPLE]
    values = {str(v).strip() for r in rows if (v := table.grid.value(r, column.index)) not in ("", None)}
    texts = [v for v in values if not re.fullmatch(r"[\d.,\s-]*", v)]
    if not texts or len(texts) < len(values):
        return False
    own = {fold(n) for n in own_names(context)}
    mine = any(fold(v) in own for v in texts)
    headed = fold(column.title) in {fold(w) for w in words.definition.words("institution")}
    like = sum(1 for v in texts if _UNIVERSITY.fullmatch(v) or fold(v) in own)
    return mine or (headed and like == len(texts))


def _is_other(owner: str, own: set[str], known: set[str]) -> bool:
    clean = fold(owner)
    if not clean or any(clean.startswith(n) for n in own):
        return False
    return clean in known or bool(_UNIVERSITY.fullmatch(owner))
