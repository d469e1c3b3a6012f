"""Roles of columns that only the other columns, or the values below, tell."""

from __future__ import annotations

from surveys.definition.evaluation import SCORE
from surveys.intake.grid import is_numeric
from surveys.intake.places import clean_name
from surveys.intake.scores.table import FACILITY, UNKNOWN, Column, Table
from surveys.intake.scores.words import EITHER, Words


def settle_roles(table: Table, words: Words) -> None:
    """Roles that only the other columns tell: 分数, a grade where there are no scores, two scores, bare names."""
    if table.across:
        _first_of_places(table, words)
        return
    if words.both_answers(c.title for c in table.columns):
        for column in (c for c in table.of_role(UNKNOWN) if words.is_answer(c.title)):
            column.role = "veto_answer"
    either = table.of_role(EITHER)
    for column in either:
        column.role = (
            "points"
            if table.of_role(SCORE)
            else SCORE
            if table.of_role("points")
            else _by_values(table, column, words)
        )
    scores = table.of_role(SCORE)
    if not scores and not table.of_role("deduct") and not table.vetoes:
        for column in table.of_role("rating")[:1] or _bare_names(table):
            column.guessed = column.role == UNKNOWN
            column.facility = clean_name(column.path[-1]) if column.guessed else ""
            column.role = SCORE
    _one_score_each(table)


def _by_values(table: Table, column: Column, words: Words) -> str:
    full = {float(item.points) for item in words.names.items}
    values = [
        v
        for r in range(table.bottom + 1, table.end)
        if isinstance(v := table.grid.value(r, column.index), float)
    ]
    return "points" if values and all(v in full or v >= 5 for v in values) else SCORE


def _bare_names(table: Table) -> list[Column]:
    """Columns of numbers with names nobody knows, two or more side by side: facilities called as no list has it."""
    found = [c for c in table.of_role(UNKNOWN) if _numbers(table, c.index) >= 3]
    return found if len(found) > 1 else []


def _numbers(table: Table, c: int) -> int:
    return sum(1 for r in range(table.bottom + 1, table.end) if is_numeric(table.grid.value(r, c)))


def _one_score_each(table: Table) -> None:
    """Of two columns of scores for one facility the one that is called 自评 or 自查 counts; where that tells nothing
    (上学期得分, 下学期得分), none of them does."""
    for role in (SCORE, "deduct"):
        by_place: dict[str, list[Column]] = {}
        for column in table.of_role(role):
            by_place.setdefault(column.facility, []).append(column)
        for columns in by_place.values():
            own = [c for c in columns if "自" in c.title] if len(columns) > 1 else columns
            for column in columns:
                if len(own) != 1:
                    column.role = UNKNOWN
                elif column is not own[0]:
                    column.role = "other_score"


def _first_of_places(table: Table, words: Words) -> None:
    """Where items stand across, the first column of texts names the facilities."""
    if table.of_role(FACILITY):
        return
    for column in table.of_role(UNKNOWN, "name", "code", ""):
        texts = [
            v
            for r in range(table.bottom + 1, table.end)
            if isinstance(v := table.grid.value(r, column.index), str) and v
        ]
        if texts and any(words.is_place(t) for t in texts):
            column.role = FACILITY
            return
