"""Where the tables of a score sheet are: header rows, the columns below them, several tables side by side."""

from __future__ import annotations

import datetime

from surveys.definition.evaluation import SCORE
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.places import clean_name
from surveys.intake.scores.roles import settle_roles
from surveys.intake.scores.table import ITEM, UNKNOWN, Column, Table
from surveys.intake.scores.words import EITHER, LABELS, VALUES, Words
from surveys.intake.units import fold

DEEPEST = 3
# items in one row that make it the head of a table with facilities below each other
ACROSS = 4
# a name with its code and its points; what is longer is no header
LONGEST_NAME = 60


def lay_out(grid: Grid, words: Words) -> list[Table]:
    """The tables of a sheet in the order of their headers."""
    found: list[Table] = []
    r = 0
    while r < len(grid.rows):
        labels = _header(grid, r, words)
        if not labels:
            r += 1
            continue
        top, bottom = _height(grid, r, words)
        for left, right in _spans(grid, labels, r):
            table = Table(grid, top, bottom, left, right)
            table.across = _items_across(grid, r, words) >= ACROSS
            _columns(table, words)
            found.append(table)
        r = bottom + 1
    for n, table in enumerate(found):
        below = [
            t.top
            for t in found[n + 1 :]
            if t.top > table.bottom and t.left <= table.right and table.left <= t.right
        ]
        table.end = min(below, default=len(grid.rows))
    for table in found:
        settle_roles(table, words)
    return found


def _header(grid: Grid, r: int, words: Words) -> dict[int, str]:
    """Column → role or place of a header row; empty for any other row."""
    cells = grid.own(r)
    if len(cells) < 2 or any(_is_value(v) for _, v in cells):
        return {}
    if _items_across(grid, r, words) >= ACROSS:
        return {c: ITEM if item_in(v, words) else words.role(v) or UNKNOWN for c, v in cells}
    if not any(words.role(v) for _, v in cells) or any(item_in(v, words) for _, v in cells):
        return {}
    labels = {c: words.role(v) or ("place" if words.is_place(v) else UNKNOWN) for c, v in cells}
    if words.both_answers(v for _, v in cells):
        labels |= {c: "veto_answer" for c, v in cells if words.is_answer(v)}
    kinds = set(labels.values())
    places = sum(1 for kind in labels.values() if kind == "place")
    known = sum(1 for kind in labels.values() if kind != UNKNOWN)
    subject = kinds & {*LABELS, "veto"}
    value = kinds & {*VALUES, "points", EITHER, "other_score", "veto_answer"} or places >= 2
    return labels if subject and value and 2 * known >= len(labels) else {}


def _is_value(value: object) -> bool:
    return is_numeric(value) or isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta)


def item_in(value: object, words: Words) -> str:
    """The item that a cell names beyond doubt, by its lettered code or its whole name."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        return ""
    code, rest = words.codes.read(value)
    if code and code.strength == "lettered" and code.keys:
        return code.keys[0]
    # 内容 and its kin are words of headers whatever an item is called
    if fold(value) in words.heads:
        return ""
    return words.names.same(rest or value)


def _items_across(grid: Grid, r: int, words: Words) -> int:
    cells = grid.own(r)
    if len(cells) < ACROSS or not any(item_in(v, words) for _, v in cells[: ACROSS + 2]):
        return 0
    return len({item for _, v in cells if (item := item_in(v, words))})


def _height(grid: Grid, r: int, words: Words) -> tuple[int, int]:
    """First and last row of the header that has its words in row r."""
    top = bottom = r
    while (
        bottom + 1 < len(grid.rows)
        and bottom - r < DEEPEST - 1
        and _continues(grid, bottom + 1, bottom, words)
    ):
        bottom += 1
    if r and _stands_over(grid, r - 1, r, words):
        top = r - 1
    return top, bottom


def _continues(grid: Grid, r: int, above: int, words: Words) -> bool:
    """Whether a row says more precisely what stands in the row above: each of its cells lies under a merged or an
    empty one, or under a place."""
    cells = grid.own(r)
    if not cells or any(_is_value(v) or item_in(v, words) for _, v in cells):
        return False
    new = [(c, v) for c, v in cells if fold(v) != fold(grid.value(above, c))]
    return bool(new) and all(
        _is_open(grid, above, c) and _says_more(grid, above, c, v, words) for c, v in new
    )


def _says_more(grid: Grid, above: int, c: int, value: object, words: Words) -> bool:
    """Whether a cell may stand in a second row of a header: a word of headers, a place, any name under a score."""
    if words.role(value) or words.is_place(value):
        return True
    over = next((v for k in range(c, -1, -1) if str(v := grid.value(above, k)).strip()), "")
    named = words.role(over) in (*VALUES, "other_score") or words.is_place(over)
    return named and not words.codes.veto(value)


def _is_open(grid: Grid, r: int, c: int) -> bool:
    """Whether a cell of an upper header row stands over several columns, or is empty beside one that may."""
    own = grid.rows[r][c] if c < len(grid.rows[r]) else ""
    if (r, c) in grid.owner:
        owner = grid.owner[r, c]
        return (
            any(grid.owner.get((r, k)) == owner for k in (c - 1, c + 1))
            and grid.owner.get((r + 1, c)) != owner
        )
    if own in ("", None):
        return c > 0
    beside = [grid.rows[r][k] for k in (c - 1, c + 1) if 0 <= k < len(grid.rows[r])]
    right = grid.rows[r][c + 1] if c + 1 < len(grid.rows[r]) else own
    # over several columns without merging: written once and left empty, or written again
    return own in beside or (right in ("", None) and (r, c + 1) not in grid.owner)


def _stands_over(grid: Grid, r: int, below: int, words: Words) -> bool:
    """Whether a row holds nothing but places, or whose scores they are, over the values of the header below."""
    cells = grid.own(r)
    if not cells or any(_is_value(v) for _, v in cells):
        return False
    first = min((c for c, v in grid.own(below) if words.role(v) in (*VALUES, "points", EITHER)), default=None)
    if first is None or any(c < first for c, _ in cells):
        return False
    return all(words.is_place(v) or words.role(v) in (*VALUES, "other_score") for _, v in cells)


def _spans(grid: Grid, labels: dict[int, str], r: int) -> list[tuple[int, int]]:
    """The columns of each table of a header row: a new one begins with a label behind a value."""
    starts, valued = [0], False
    for c in sorted(labels):
        kind = labels[c]
        if valued and kind in ("code", "name", "veto"):
            starts.append(c)
            valued = False
        valued = valued or kind in (*VALUES, EITHER, "veto_answer")
    # what has no value of its own is no table
    if len(starts) > 1 and not valued:
        starts.pop()
    ends = [s - 1 for s in starts[1:]] + [max(grid.width - 1, 0)]
    return list(zip(starts, ends, strict=True))


def _columns(table: Table, words: Words) -> None:
    for c in range(table.left, table.right + 1):
        path, at = _path(table, c)
        column = Column(c, path, at)
        if table.across:
            _across(column, words)
        else:
            _role(column, words)
        table.columns.append(column)


def _path(table: Table, c: int) -> tuple[list[str], tuple[int, int]]:
    """The header texts over a column, from the top, and the lowest cell that holds one."""
    grid, path, at = table.grid, [], (table.bottom, c)
    low = any(str(grid.value(r, c)).strip() for r in range(table.top + 1, table.bottom + 1))
    for r in range(table.top, table.bottom + 1):
        text = str(grid.value(r, c)).strip()
        if not text and r < table.bottom and low:
            # written without merging: the text at the left stands over this column too
            text = next(
                (
                    str(v).strip()
                    for k in range(c - 1, table.left - 1, -1)
                    if str(v := grid.value(r, k)).strip()
                ),
                "",
            )
            if text and not _may_span(grid, r, c):
                text = ""
        if text and text not in path:
            path.append(text)
            at = grid.owner.get((r, c), (r, c))
    return path, at


def _may_span(grid: Grid, r: int, c: int) -> bool:
    """Whether an empty header cell may belong to the text at its left."""
    return (r, c) not in grid.owner


def _role(column: Column, words: Words) -> None:
    roles = [words.role(text) for text in column.path]
    spoken = [role for role in roles if role]
    places = [
        text for text, role in zip(column.path, roles, strict=True) if not role and words.is_place(text)
    ]
    if places:
        column.facility = clean_name(places[-1])
    if "other_score" in spoken:
        column.role = "other_score"
    elif spoken:
        column.role = spoken[-1]
        strange = [t for t, role in zip(column.path, roles, strict=True) if not role and t not in places]
        if spoken[-1] == SCORE and len(column.path) > 1 and roles[-1] == "" and strange:
            column.facility = column.facility or clean_name(strange[-1])
    elif places:
        column.role = SCORE
    elif column.path:
        column.role = UNKNOWN


def _across(column: Column, words: Words) -> None:
    text = column.path[-1] if column.path else ""
    if item := item_in(text, words):
        column.role, column.item = ITEM, item
    elif words.is_total(text):
        column.role = "total"
    else:
        column.role = words.role(text) or (UNKNOWN if text else "")
