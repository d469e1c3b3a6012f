"""Answers to what excludes an award: as written, never a score."""

from __future__ import annotations

import re

from surveys.definition.said import say, term
from surveys.intake.draft import Draft
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.scores.places import of_row
from surveys.intake.scores.rows import VETO, Row
from surveys.intake.scores.words import SCORE_ROLE, Words

TICKS = "√✓✔☑■●"
# one of two boxes on a form: □是 ☑否
_TICKED = re.compile(rf"[{TICKS}]\s*([\u4e00-\u9fff]{{1,3}})")
NOT_SCORES = say("否决项，不是得分")


def answers(draft: Draft, rows: list[Row], words: Words, place: str) -> list[tuple[str, str, str]]:
    """(facility, veto, answer as written) of a table's vetoes; what nobody answered, or not by yes or no, is told."""
    names = {veto.key: veto.name for veto in words.evaluation.vetoes}
    found = []
    for row in (row for row in rows if row.kind == VETO):
        table, r = row.table, row.index
        draft.leave(table.grid.sheet.name, r, table.left, r, table.right, NOT_SCORES)
        cell, text = _answer(row, words)
        if words.is_answer(text):
            found.append((row.facility or of_row(table, r) or place, row.item, text))
            continue
        about = {
            "sheet": table.grid.sheet.name,
            "cell": cell_name(*cell),
            "code": row.item,
            "name": term(names[row.item]),
        }
        message = (
            say(
                "“{sheet}”表 {cell} 否决项 {code} {name}答的是“{raw}”，看不出是还是否。",
                **about,
                raw=text[:40],
            )
            if text
            else say("“{sheet}”表 {cell} 否决项 {code} {name}没有回答。", **about)
        )
        draft.issues.append(
            Issue(
                "veto_missing",
                "warning",
                table.grid.sheet.name,
                cell_name(*cell),
                message,
                say("写“是”或“否”。"),
            )
        )
    return found


def _answer(row: Row, words: Words) -> tuple[tuple[int, int], str]:
    """The cell of an answer and its text: in the column of answers, else any cell of the row that says yes or no."""
    table = row.table
    columns = table.of_role("veto_answer") or table.of_role("rating", SCORE_ROLE)
    for column in columns:
        text = str(table.grid.value(row.index, column.index)).strip()
        if text and text in TICKS and words.is_answer(column.title):
            # 是 | 否 in the header, one of them ticked
            return (row.index, column.index), column.title
        if ticked := _TICKED.search(text):
            return (row.index, column.index), ticked.group(1)
        if text:
            return (row.index, column.index), text
    others = {c.index for c in table.of_role("note", "evidence")}
    for c, value in table.own(row.index):
        if c not in others and words.is_answer(value):
            return (row.index, c), str(value).strip()
    return (row.index, columns[0].index if columns else row.at[1]), ""
