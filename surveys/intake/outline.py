"""Lists in outline: one column of labels in which a group stands over its members with their sum beside it, as pivot
tables print them (松园校区 over 1月 to 12月, or 1月 over its buildings)."""

from __future__ import annotations

from surveys.intake import periods
from surveys.intake.grid import is_numeric
from surveys.intake.headers import Column
from surveys.intake.rowkinds import is_total
from surveys.intake.table import Table
from surveys.intake.wholes import number
from surveys.intake.words import Vocabulary

FEWEST = 2
LONGEST = 5000
LABELS = ("period", "text", "facility", "campus", "unknown", "item")


def settle_outline(table: Table, words: Vocabulary) -> None:
    """Put the group rows of an outline into `table.outer_rows`: each figure of theirs adds up what stands below it.

    The column of labels gets the role of the members. Where one group adds up and another does not, nobody knows whose
    the rows of the other are: they become `unsure_rows`.
    """
    label, data = _only_label(table), table.of_role("data")
    if label is None or not data or len(table.grid.rows) > LONGEST:
        return
    rows = [r for r in range(table.header.bottom + 1, len(table.grid.rows)) if table.grid.own(r)]
    rows = [r for r in rows if not is_total(table.grid.value(r, label.index), words)]
    groups = _groups(table, label, rows)
    good = [(top, inner) for top, inner in groups if _adds_up(table, data, top, inner)]
    if len(groups) < FEWEST or not any(len(inner) > 1 for _, inner in good):
        return
    nothing = set(words.definition.words("placeholder"))
    if any(str(table.grid.value(top, label.index)).strip() in nothing for top, _ in groups):
        return
    table.outer_rows = [top for top, _ in good]
    table.unsure_rows = [r for group in groups if group not in good for r in (group[0], *group[1])]
    months_inside = _when(table, label, good[0][1][0])
    label.role = "period" if months_inside else "facility"


def _only_label(table: Table) -> Column | None:
    """The one column that names rows, left of all others; None where there are more or its header names a kind."""
    first = min((c.index for c in table.of_role("data")), default=0)
    silent = ("empty", "data", "total", "price", "aside", "note", "part")
    # words right of the figures are remarks
    named = [c for c in table.columns if c.role not in silent and (c.role != "text" or c.index < first)]
    alone = len(named) == 1 and named[0].index == min(c.index for c in table.columns if c.role != "empty")
    return named[0] if alone and named[0].role in LABELS else None


def _when(table: Table, label: Column, r: int) -> bool:
    value = table.grid.value(r, label.index)
    return isinstance(value, str) and periods.parse_text(value) is not None


def _groups(table: Table, label: Column, rows: list[int]) -> list[tuple[int, list[int]]]:
    """(group row, its member rows): groups are months and members not, or the other way round."""
    with_figures = [r for r in rows if any(is_numeric(v) for c, v in table.grid.own(r) if c != label.index)]
    if not with_figures:
        return []
    outer = _when(table, label, with_figures[0])
    groups: list[tuple[int, list[int]]] = []
    for r in with_figures:
        if _when(table, label, r) == outer:
            groups.append((r, []))
        else:
            groups[-1][1].append(r)
    return groups


def _adds_up(table: Table, data: list[Column], top: int, inner: list[int]) -> bool:
    told = 0
    for column in data:
        whole = number(table.grid.value(top, column.index))
        parts = [number(table.grid.value(r, column.index)) for r in inner]
        summed = sum(p for p in parts if p is not None)
        if whole is None and not any(parts):
            continue
        if whole is None or abs(whole - summed) > max(1e-6 * abs(whole), 0.01 * len(inner)):
            return False
        told += 1
    return told > 0
