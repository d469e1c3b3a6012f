"""Numbers that stand under no header: reported cell by cell, never dropped as if they were remarks."""

from __future__ import annotations

import re

from surveys.definition.said import say
from surveys.intake.draft import Draft
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.layout import Layout
from surveys.intake.references import cell_name
from surveys.intake.result import Issue

# blanks that set columns apart within one text
_GAP = re.compile(r"\t|\s{2,}|\u3000+")

NO_TABLE = say("没有认出表头")


def report_headless(draft: Draft, layout: Layout) -> None:
    """Rows of numbers outside of every table: a table whose header is gone, reported cell by cell."""
    name, grid = layout.grid.sheet.name, layout.grid
    rows = [r for r in layout.margins if sum(1 for _, v in grid.own(r) if is_numeric(v)) > 1]
    if len(rows) < 2 or grid.sheet.hidden:
        return
    cells = [(r, c) for r in rows for c, v in grid.own(r) if is_numeric(v)]
    draft.reported |= {(name, r, c) for r, c in cells}
    draft.issues.append(
        Issue(
            "no_table",
            "warning",
            name,
            cell_name(*cells[0]),
            say(
                "“{sheet}”表第 {row} 行起有 {n} 个数，上面没有认出表头，没有写入。",
                sheet=name,
                row=rows[0] + 1,
                n=len(cells),
            ),
            say("要报这些数，就在上面加一行表头：月份、用电量（kWh）、电费（元）等。"),
            cells=tuple(cell_name(*place) for place in cells),
        )
    )


def in_one_column(grid: Grid) -> bool:
    """Whether whole lines of a table were pasted into one cell each: 1月    12345    678."""
    lines = [cells[0][1] for r in range(min(len(grid.rows), 200)) if len(cells := grid.own(r)) == 1]
    parts = [_GAP.split(v.strip()) for v in lines if isinstance(v, str)]
    return sum(1 for some in parts if sum(map(is_numeric, some)) >= 2) >= 3


def report_no_table(draft: Draft, layout: Layout) -> None:
    """A sheet in which no header was found: left out, its numbers reported."""
    if layout.tables or not layout.grid.rows:
        return
    name = layout.grid.sheet.name
    draft.leave(name, 0, layout.grid.left, len(layout.grid.rows), layout.grid.right, NO_TABLE)
    cells = [(r, c) for r in range(len(layout.grid.rows)) for c, v in layout.grid.own(r) if is_numeric(v)]
    if len(cells) >= 6 and not layout.grid.sheet.hidden:
        draft.reported |= {(name, r, c) for r, c in cells}
        draft.issues.append(
            Issue(
                "no_table",
                "warning",
                name,
                None,
                say("“{sheet}”表里有数字，但没有认出表头，没有写入。", sheet=name),
                say("确认这张表不用报；要报就加上表头：月份、用电量（kWh）、电费（元）等。"),
                cells=tuple(cell_name(*place) for place in cells),
            )
        )
