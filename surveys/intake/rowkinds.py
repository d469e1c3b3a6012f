"""What each row under a header is: figures, a total, a section title, a footer, a repeated or a new header."""

from __future__ import annotations

import re
from dataclasses import replace

from surveys.intake import periods
from surveys.intake.anchors import looks_like_header
from surveys.intake.apart import is_apart
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.labels import Label
from surveys.intake.openings import captions, together
from surveys.intake.places import is_facility
from surveys.intake.table import ROW_ROLES, Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_REMARK = re.compile(r"(注|说明|备注|填表说明)\d*[:：、.]")


def classify(table: Table, words: Vocabulary) -> None:
    """Say of each row under the header what it is; the table ends at a new header or a long gap of margin text."""
    grid, header = table.grid, table.header
    label_columns = [c.index for c in table.columns if c.role in (*ROW_ROLES, "sequence", "type", "text")]
    notes = {c.index for c in table.of_role("note")}
    figures = [
        c.index
        for c in table.columns
        if c.role in ("data", "total", "unknown", "price", "meter_start", "meter_end")
    ]
    needed = [c.index for c in table.of_role("period", "item", "facility")]
    template = {fold(grid.rows[header.bottom][c]) for c, _ in grid.own(header.bottom)}
    section = Label("")
    ordinary = _ordinary(grid, header.bottom + 1, needed, figures, words)
    outer = set(table.outer_rows)
    for r in range(header.bottom + 1, len(grid.rows)):
        if r in outer:
            section = words.label(grid.own(r)[0][1])
            section = section if section.when else replace(section, role="facility")
            continue
        if ordinary and ordinary[r - header.bottom - 1]:
            table.data_rows.append(r)
            if section.text:
                table.section_of[r] = section
            continue
        kind = _kind(table, r, label_columns, figures, template, words, notes)
        if kind == "header":
            table.end = _title_of_next(table, r, words)
            return
        if kind == "section":
            section = words.label(_spoken_cells(grid, r, notes)[0][1])
            table.section_rows[r] = section
        elif kind:
            if kind == "repeated" and (title := _title_above(table, r, words)).text:
                section = table.section_rows[table.footer_rows.pop()] = title
            getattr(table, f"{kind}_rows").append(r)
            if kind == "data" and section.text:
                table.section_of[r] = section


def _title_of_next(table: Table, header: int, words: Vocabulary) -> int:
    """Where a table ends that a new header follows: a title and captions right above that header are not its own."""
    end = header
    for above in range(header - 1, table.header.bottom, -1):
        cells = table.grid.own(above)
        if not cells:
            continue
        lone = end == header and len(cells) == 1
        if not (lone or captions(cells, words)):
            break
        if above in table.section_rows:
            del table.section_rows[above]
        elif above in table.footer_rows:
            table.footer_rows.remove(above)
        elif lone and above in table.data_rows and not is_numeric(cells[0][1]):
            table.data_rows.remove(above)
        else:
            break
        end = above
    return end


def _ordinary(grid: Grid, start: int, needed: list[int], figures: list[int], words: Vocabulary) -> list[bool]:
    """Per row whether it is plainly data: every label cell filled and usual, and a number among the figures.

    Decided on the distinct values of whole columns; empty where merged cells make each row its own case.
    """
    if not needed or not figures or grid.owner:
        return []
    rows = grid.rows[start:]
    found: list[bool] = [False] * len(rows)
    for c in figures:
        found = [f or type(row[c]) is float for f, row in zip(found, rows, strict=True)]
        if all(found):
            break
    for c in needed:
        column = [row[c] for row in rows]
        usual = {value: _cell_kind(value, words) == "plain" for value in set(column)}
        found = [f and usual[value] for f, value in zip(found, column, strict=True)]
    return found


def _is_aside(value: object, words: Vocabulary) -> bool:
    """Whether a row label says that its figures are not asked for: 同比, 月平均, 单价, 折标煤."""
    if not isinstance(value, str):
        return False
    label = words.label(value)
    return label.role in ("aside", "price") and label.source != "remembered"


def _cell_kind(value: object, words: Vocabulary) -> str:
    if value in ("", None) or is_total(value, words) or _is_aside(value, words):
        return "odd"
    if isinstance(value, str) and words.label(value).role == "note":
        return "odd"
    return "odd" if isinstance(value, str) and _is_footer(value, words) else "plain"


def _kind(
    table: Table, r: int, label_columns: list[int], figures: list[int], template: set[str], words: Vocabulary,
    notes: set[int],
) -> str:  # fmt: skip
    grid = table.grid
    cells = _spoken_cells(grid, r, notes)
    if not cells:
        return ""
    in_figures = [v for c, v in cells if c in figures]
    numbers = sum(1 for v in in_figures if is_numeric(v))
    labels = [(c, v) for c, v in cells if c in label_columns]
    again = len(template & {fold(v) for _, v in cells})
    if numbers == 0 and again >= 2 and again >= (0.7 if len(cells) > 2 else 1) * len(cells):
        return "header" if _says_otherwise(table, r, words) else "repeated"
    if numbers == 0 and r > table.header.bottom + 1 and looks_like_header(grid, r, words, strict=True):
        return "header"
    if numbers == 0 and (_footer(cells, words) or captions(cells, words)):
        return "footer"
    spoken = [grid.value(r, c) for c in label_columns if grid.value(r, c) != ""]
    if any(is_total(v, words) for v in spoken) or (not spoken and _nameless_total(table, r, figures, words)):
        return "total"
    if any(_is_aside(grid.value(r, c.index), words) for c in table.of_role("item", "period", "year")):
        return "aside"
    if any(words.label(grid.value(r, c.index)).role == "note" for c in table.of_role("item", "period")):
        return "footer"
    if (
        len(cells) == 1
        and numbers == 0
        and _titles(cells[0][1], words)
        and not _required_here(table, cells[0][0], cells[0][1])
    ):
        return "section"
    if in_figures or _has_no_value(table, r, figures):
        return "data"
    if any(grid.value(r, c.index) != "" for c in table.of_role("period", "item", "facility")):
        return (
            "data"
            if len(labels) == len(cells)
            and not _footer(cells, words)
            and len(cells) <= len(label_columns)
            and _all_known(table, r, words)
            else "footer"
        )
    return "footer"


def _says_otherwise(table: Table, r: int, words: Vocabulary) -> bool:
    """Whether a header like the first has other figures under it: 用量（度） and further down 用量（吨）."""
    for column in table.of_role("data", "unknown"):
        again, first = table.grid.value(r, column.index), column.path[-1][1] if column.path else ""
        if again != "" and fold(again) != fold(first):
            here, there = words.label(again), words.label(first)
            if here.speaks and (here.items, here.unit, here.when) != (there.items, there.unit, there.when):
                return True
    return False


def _spoken_cells(grid: Grid, r: int, notes: set[int]) -> list[tuple[int, object]]:
    """The cells of a row that say what it is: a remark beside it makes it nothing else."""
    cells = grid.own(r)
    return [(c, v) for c, v in cells if c not in notes] or cells


def _nameless_total(table: Table, r: int, figures: list[int], words: Vocabulary) -> bool:
    """A row without a name: 合计 written over a figure column, or bare sums below the last of the buildings.

    Between buildings, or with a meter's number, it may as well be a second meter of the one above: no total.
    """
    cells = table.grid.own(r)
    if any(is_total(v, words) for _, v in cells):
        return True
    places = table.of_role("facility")
    if (
        not places
        or not table.data_rows
        or table.of_role("period")
        or any(c not in figures for c, _ in cells)
    ):
        return False
    return not any(
        table.grid.value(k, places[0].index) != "" and len(table.grid.own(k)) > 2
        for k in range(r + 1, len(table.grid.rows))
    )


def _title_above(table: Table, r: int, words: Vocabulary) -> Label:
    """The lone text over a repeated header that names a year, a month, an item or a place: it titles what follows."""
    above = next((k for k in range(r - 1, table.header.bottom, -1) if table.grid.own(k)), None)
    if not table.footer_rows or above != table.footer_rows[-1]:
        return Label("")
    cells = table.grid.own(above)
    said = together(captions(cells, words))
    if said.text or len(cells) > 1:
        return said
    label = words.label(cells[0][1])
    named = label.when or label.item or is_facility(label, words) or is_apart(label.text, words)
    return label if named else Label("")


def _titles(value: object, words: Vocabulary) -> bool:
    """Whether a lone text names what the following rows are about; a full date is a signature, not a title."""
    label = words.label(value)
    speaks = label.speaks and not (label.when and label.when.day)
    return speaks or is_facility(label, words) or (isinstance(value, str) and is_apart(value, words))


def _has_no_value(table: Table, r: int, figures: list[int]) -> bool:
    sheet = table.grid.sheet
    return any((r, c) in sheet.no_value or (r, c) in sheet.faults for c in figures)


def _required_here(table: Table, column: int, value: object) -> bool:
    """A lone month in the period column is a row without figures, not a section title; likewise a lone item."""
    if any(c.index == column for c in table.of_role("period")):
        when = periods.parse_value(value)
        return when is not None and bool(when.month)
    lone = isinstance(value, str) and periods.parse_text(value)
    item = any(c.index == column for c in table.of_role("item"))
    return item and not lone and len(table.of_role(*ROW_ROLES)) > 1


def _all_known(table: Table, r: int, words: Vocabulary) -> bool:
    for column in table.of_role("period"):
        if periods.parse_value(table.grid.value(r, column.index)) is None:
            return False
    return all(words.label(table.grid.value(r, c.index)).items for c in table.of_role("item"))


def _footer(cells: list[tuple[int, object]], words: Vocabulary) -> bool:
    return any(isinstance(v, str) and _is_footer(v, words) for _, v in cells)


def _is_footer(text: str, words: Vocabulary) -> bool:
    if not any(mark in text for mark in ":：、."):
        return False
    clean = fold(text)
    return bool(_REMARK.match(clean) or words.footer.search(clean))


def is_total(value: object, words: Vocabulary) -> bool:
    """Whether a label says that its row or column sums others."""
    return isinstance(value, str) and words.may_be_total(value) and words.label(value).total
