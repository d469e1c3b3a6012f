"""Items with numbers outside of every table: a table whose header is gone."""

from __future__ import annotations

from surveys.definition.said import say
from surveys.intake.draft import Draft
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.scores.layout import item_in
from surveys.intake.scores.places import margins
from surveys.intake.scores.table import Table
from surveys.intake.scores.words import Words


def tell_headless(draft: Draft, grid: Grid, tables: list[Table], words: Words) -> None:
    """One warning for the numbers beside items that stand above the first table of a sheet, or in one without any."""
    rows = (
        []
        if grid.sheet.hidden
        else [r for r in margins(grid, tables) if any(is_numeric(v) for _, v in grid.own(r))]
    )
    if not any(item_in(v, words) for r in rows for _, v in grid.own(r)):
        return
    cells = [(r, c) for r in rows for c, v in grid.own(r) if is_numeric(v)]
    name = grid.sheet.name
    draft.reported |= {(name, r, c) for r, c in cells}
    message = say("“{sheet}”表第 {row} 行起有 {n} 个数，上面没有认出表头，没有写入。", sheet=name, row=cells[0][0] + 1,
                  n=len(cells))  # fmt: skip
    remedy = say("要报这些分，就在上面加一行表头：编码、指标名称、自评得分等。")
    named = tuple(cell_name(*place) for place in cells)
    draft.issues.append(Issue("no_table", "warning", name, named[0], message, remedy, cells=named))
