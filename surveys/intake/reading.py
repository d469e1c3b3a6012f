"""How each column was read: mapping entries, and findings about columns that could not be."""

from __future__ import annotations

from surveys.definition.said import say
from surveys.intake.desk import Desk
from surveys.intake.headers import Column
from surveys.intake.mapping import NOT_USED, Resolution, path_key
from surveys.intake.references import cell_name
from surveys.intake.result import Issue, MappingEntry

NO_HEADER = say("（没有表头）")


def report_problems(desk: Desk, column: Column, resolutions: list[Resolution], values: list) -> set[int]:
    """One finding per column or row label that cannot be loaded; returns the kinds concerned."""
    used = {k for k, v in zip(desk.labels.kind, values, strict=True) if v not in ("", None)}
    said: set[tuple] = set()
    for k in sorted(used):
        found = resolutions[k]
        if not found.problem or found.problem == NOT_USED or (found.problem, found.key, found.unit) in said:
            continue
        said.add((found.problem, found.key, found.unit))
        r, c = _where_said(desk, column, k, found)
        cell = cell_name(r, c)
        text = str(desk.table.grid.value(r, c)).strip()
        severity = (
            "warning"
            if found.problem == "unmapped_column" and not found.measure and not _kind_items(desk, column, k)
            else "error"
        )
        issue = Issue(
            found.problem,
            severity,
            desk.sheet,
            cell,
            say(
                "“{sheet}”表 {cell} “{text}”{note}，这些数没有写入。",
                sheet=desk.sheet,
                cell=cell,
                text=text,
                note=found.note,
            ),
            say("在“对应关系”里选定它是什么、什么单位；选一次，以后都记住。"),
            item=found.item,
            measure=found.measure,
        )
        if issue not in desk.draft.issues[-200:]:
            desk.draft.issues.append(issue)
    return {k for k in used if resolutions[k].problem}


def _kind_items(desk: Desk, column: Column, k: int) -> bool:
    labels, _, _ = desk.labels.kinds[k]
    return bool(column.label.items or any(x.items for x in labels))


def _where_said(desk: Desk, column: Column, k: int, found: Resolution) -> tuple[int, int]:
    """The cell to point to: the unit, the row label, or the header."""
    first = desk.labels.rows[desk.labels.kind.index(k)]
    about_unit = found.problem.startswith("unit") or (found.unit_from == "cell" and not found.problem)
    if about_unit and desk.labels.unit_column is not None:
        return first, desk.labels.unit_column
    told_by_row = any(
        x.items or (found.problem == "unmapped_column" and x.rest) for x in desk.labels.kinds[k][0]
    )
    if found.unit_from == "row" or (not column.label.items and told_by_row):
        item = next((c.index for c in reversed(desk.table.of_role("item"))), None)
        if item is not None and (found.unit_from == "row" or found.problem):
            return first, item
    return column.at if found.problem == "mapping_unclear" else column.unit_at or column.at


def _where_named(desk: Desk, column: Column, k: int, found: Resolution) -> tuple[int, int]:
    """The cell of the name a mapping is about: the row's, where only months stand over the figures."""
    if (
        k < len(desk.labels.kinds)
        and column.label.when
        and not column.label.items
        and desk.labels.kinds[k][0]
    ):
        item = next((c.index for c in reversed(desk.table.of_role("item"))), None)
        if item is not None:
            return desk.labels.rows[desk.labels.kind.index(k)], item
    return column.at


def note_mapping(desk: Desk, column: Column, resolutions: list[Resolution], problems: set[int]) -> None:
    draft = desk.draft
    for k, found in enumerate(resolutions):
        at = cell_name(*_where_named(desk, column, k, found))
        rows = "_".join(x.text for x in desk.labels.kinds[k][0]) if k < len(desk.labels.kinds) else ""
        header = (
            "_".join(t for t in (column.title if not column.label.when else "", rows) if t) or column.title
        )
        if found.problem == NOT_USED or (found.problem and k not in problems):
            continue
        entry = MappingEntry(
            desk.sheet,
            at,
            header,
            found.item,
            found.measure,
            found.unit,
            found.factor,
            found.confidence,
            found.source,
            found.key,
        )
        mark = (entry.header, entry.item, entry.measure, entry.unit, entry.factor)
        if not any((e.header, e.item, e.measure, e.unit, e.factor) == mark for e in draft.mapping):
            draft.mapping.append(entry)
        if found.assumed and not found.problem:
            draft.assumed.setdefault((found.item, found.measure), (desk.sheet, at))
        if found.item and not found.problem and not found.unit_from and not found.assumed:
            draft.bare_costs.setdefault(found.item, (desk.sheet, at))
        if found.item and not found.problem and k < len(desk.labels.kinds):
            seen = draft.units_seen.setdefault((found.item, found.measure), {})
            r, c = _where_said(desk, column, k, found)
            seen.setdefault((found.unit, found.factor), (desk.sheet, r, c))


def report_unknown(desk: Desk, column: Column) -> None:
    """A column of numbers nobody explained: reported, not guessed."""
    cell = cell_name(*column.at)
    title = column.title.replace("\n", "") or NO_HEADER
    desk.draft.issues.append(
        Issue(
            "unmapped_column",
            "warning",
            desk.sheet,
            cell,
            say(
                "“{sheet}”表 {cell} “{title}”没有认出来，这一列没有写入。",
                sheet=desk.sheet,
                cell=cell,
                title=title,
            ),
            say("在“对应关系”里选定它是什么，或选“不用”。"),
        )
    )
    desk.draft.mapping.append(
        MappingEntry(desk.sheet, cell, title, "", "", "", "1", 0.0, "content", path_key(column))
    )
    for r in desk.labels.rows:
        desk.draft.reported.add((desk.sheet, r, column.index))
