"""Tables of what is not the university's own, or already inside another table: reported whole, never added."""

from __future__ import annotations

import re

from surveys.definition.said import say
from surveys.intake.draft import Draft
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.rows import column_values
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import NUMBERING, Vocabulary

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_LEFT_OUT = re.compile(r"(?:不含|不包[括含]|已?扣除|剔除|除去?|减去?)\S*")


def is_apart(text: str, words: Vocabulary) -> bool:
    """Whether a title says that its table is a part of another (其中：…, 已含在上表) or of somebody else (商户用电).

    A title that only says what is left out (不含商户) or included (含商户) speaks of the whole.
    """
    folded = _LEFT_OUT.sub("", fold(text))
    if any(fold(w) in folded for w in words.definition.words("inside")):
        return True
    return is_outside(folded, words)


def is_outside(text: str, words: Vocabulary) -> bool:
    """Whether a label begins with somebody else than the university: 家属区用电, 其中：商户用水."""
    bare = NUMBERING.sub("", _BRACKETS.sub("", fold(text)))
    bare = re.sub(r"^(?:20\d{2}年?度?)?(?:各|全校|学校|校内)?", "", bare)
    return bare.startswith(tuple(fold(w) for w in words.definition.words("outside")))


def report_apart(draft: Draft, table: Table, words: Vocabulary) -> dict[str, list[int]]:
    """Take rows that stand apart out of a table, those of each title reported with their cells. Returns them by
    title."""
    name = table.grid.sheet.name
    whole = next((t for t in (table.title, name) if t and is_apart(t, words)), "")
    said: dict[str, list[int]] = {}
    own = _rows_of_others(table, words)
    if not whole and not table.section_of and not own:
        return said
    for r in table.data_rows:
        section = table.section_of.get(r)
        title = section.text if section and is_apart(section.text, words) else whole or own.get(r, "")
        if title:
            said.setdefault(title, []).append(r)
    for title, rows in said.items():
        _report(draft, table, title, rows, name)
        table.data_rows = [r for r in table.data_rows if r not in set(rows)]
    return said


def _rows_of_others(table: Table, words: Vocabulary) -> dict[int, str]:
    """Rows whose label names an item of somebody else (家属区用电) in a table that has the item's own row as well."""
    columns = [column_values(table, c.index, table.data_rows) for c in table.of_role("item")]
    named = {v for values in columns for v in set(values) if isinstance(v, str) and words.label(v).items}
    theirs = {v for v in named if is_outside(v, words)}
    own = {i for v in named - theirs for i in words.label(v).items}
    told = {v for v in theirs if own & set(words.label(v).items)}
    if not told:
        return {}
    rows = [(r, v) for values in columns for r, v in zip(table.data_rows, values, strict=True)]
    return {r: v.strip() for r, v in rows if v in told}


def _report(draft: Draft, table: Table, title: str, rows: list[int], name: str) -> None:
    columns = [c.index for c in table.of_role("data", "unknown")]
    cells = [(r, c) for r in rows for c in columns if table.grid.value(r, c) not in ("", None)]
    draft.reported |= {(name, r, c) for r in rows for c, _ in table.grid.own(r)}
    if not cells:
        return
    where = cell_name(*cells[0])
    draft.issues.append(
        Issue("part_of_whole", "warning", name, where,
              say("“{sheet}”表 {cell} 起的“{title}”是其中项或不属学校自用，有 {n} 个数，没有写入。",
                  sheet=name, cell=where, title=title, n=len(cells)),
              say("已含在学校用量里就不用管；没有含在里面、又该报的，改掉标题再上传。"),
              cells=tuple(cell_name(r, c) for r, c in cells))
    )  # fmt: skip


def report_nameless(draft: Draft, table: Table) -> None:
    """Take a block out of a table that names no place while others of its form do: asked for, not the whole's."""
    rows, name = table.nameless, table.grid.sheet.name
    columns = [c.index for c in table.of_role("data", "unknown")]
    cells = [(r, c) for r in rows for c in columns if table.grid.value(r, c) not in ("", None)]
    table.data_rows = [r for r in table.data_rows if r not in set(rows)]
    if not cells:
        return
    draft.reported |= {(name, r, c) for r in rows for c, _ in table.grid.own(r)}
    where = cell_name(*cells[0])
    text = say(
        "“{sheet}”表 {cell} 起的一块没有写是哪栋楼，别的几块都写了；{n} 个数没有写入。", sheet=name, cell=where,
        n=len(cells),
    )  # fmt: skip
    remedy = say("在这一块上面写明楼名；是全校的数就写“全校”，再上传。")
    named = tuple(cell_name(r, c) for r, c in cells)
    draft.issues.append(Issue("nameless_table", "error", name, where, text, remedy, cells=named))
