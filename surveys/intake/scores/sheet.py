"""One sheet of scores: its tables, what each row is, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from surveys.definition.evaluation import SCORE
from surveys.definition.said import Said, listing, say, term
from surveys.intake.draft import Draft
from surveys.intake.grid import Grid
from surveys.intake.margins import SheetFacts
from surveys.intake.numbers import Cleaner
from surveys.intake.places import clean_name
from surveys.intake.read import Sheet
from surveys.intake.references import cell_name, column_letters
from surveys.intake.result import Issue
from surveys.intake.scores.entry import Entry, entries_of, value_columns
from surveys.intake.scores.headless import tell_headless
from surveys.intake.scores.layout import lay_out
from surveys.intake.scores.matching import entries as mapping_entries
from surveys.intake.scores.matching import header_of, match
from surveys.intake.scores.places import by_name, facts_of, margins, of_others, stated_above
from surveys.intake.scores.rows import GROUP, ITEM, PLACE, SECTION, STRANGE, TEXT, TOTAL, Row, classify
from surveys.intake.scores.table import FACILITY, UNKNOWN, Column, ScoreGrid, Table
from surveys.intake.scores.vetoes import answers
from surveys.intake.scores.words import Words

COLUMNS = {
    "code": say("编号"), "name": say("指标名称"), "group": say("指标分组"), "criterion": say("评分标准"),
    "points": say("满分，以平台的为准"), "level": say("层面"), "weight": say("权重，平台自己算"),
    "rating": say("等级，平台自己评"), "other_score": say("别人打的或往年的分，不读"),
    "aside": say("均分、排名等，平台自己算"),
    "evidence": say("佐证，随分写入"), "note": say("说明，随分写入"), "deduct": say("扣分，和得分核对"),
    "veto": say("否决项"),
    "veto_answer": say("否决项的回答"), FACILITY: say("楼宇名称"), "university": say("学校名称"), "total": say("合计"),
    SCORE: say("不是指标的行"), UNKNOWN: say("没有认出的文字列"), "": say("没有表头的文字"),
}  # fmt: skip
ROWS = {
    TOTAL: say("合计"),
    GROUP: say("分组标题"),
    PLACE: say("楼宇名称"),
    SECTION: say("分组标题"),
    TEXT: say("落款和说明"),
}
SHOWN = 3


@dataclass
class Scores:
    """What one sheet gave: tables, rows, scores with the facility each names ('' for none), answers to vetoes, and the
    facilities its tables stand under."""

    sheet: Sheet
    grid: Grid
    facts: SheetFacts
    tables: list[Table] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    by_table: dict[int, list[Row]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    vetoes: list[tuple[str, str, str]] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    draft: Draft = field(default_factory=Draft)

    def rows_of(self, table: Table) -> list[Row]:
        """The rows of one of its tables."""
        return self.by_table.get(id(table), [])


def read_scores(sheet: Sheet, words: Words, cleaner: Cleaner, own: tuple[str, ...]) -> Scores:
    """Lay out one sheet and read its scores; nothing is judged yet. `own` are names of the university."""
    grid = ScoreGrid(sheet)
    tables = lay_out(grid, words)
    found = Scores(sheet, grid, facts_of(grid, tables, words), tables)
    for table in tables:
        found.by_table[id(table)] = [] if table.across else classify(table, words)
        found.rows += found.by_table[id(table)]
    match(found.rows, words)
    for table in tables:
        if of_others(table, words):
            for column in value_columns(table):
                column[0].role = "other_score"
    above = stated_above(grid, tables, found.rows, words)
    named = by_name(sheet.name, words, own)
    found.stated += [named] if named and not tables else []
    for table in tables:
        place = clean_name(above[id(table)] or named)
        found.stated += [place] if place else []
        found.entries += entries_of(table, found.rows_of(table), words, cleaner, place)
        found.vetoes += answers(found.draft, found.rows_of(table), words, place)
        found.draft.mapping += mapping_entries(found.rows_of(table), words)
    return found


def tell(found: Scores, words: Words) -> None:
    """What is said of a sheet beside its scores: rows nobody knows, hidden parts, and every cell that is no score."""
    draft = found.draft
    strange: dict[str, list[Row]] = {}
    for row in found.rows:
        if row.kind == STRANGE:
            strange.setdefault(row.key or cell_name(*row.at), []).append(row)
        elif row.kind == ITEM and row.source == "remembered" and not row.item:
            why = say("对应关系里选了不用")
            draft.leave(found.sheet.name, row.index, row.table.left, row.index, row.table.right, why)
        elif row.kind == ITEM and row.confidence < words.definition.confidence_accept:
            _unsure(draft, row, words)
    for rows in strange.values():
        _strange(draft, rows, words)
    rows_scored: dict[int, set[int]] = {}
    for entry in found.entries:
        rows_scored.setdefault(id(entry.table), set()).add(entry.row)
    for table in found.tables:
        scored = rows_scored.get(id(table), set())
        _left_out(draft, table, found.rows_of(table), scored)
        _hidden(draft, table, scored)
        _unknown_columns(draft, table)
        _guessed_columns(draft, table)
    tell_headless(draft, found.grid, found.tables, words)
    if found.tables:
        for r in margins(found.grid, found.tables):
            draft.leave(found.sheet.name, r, 0, r, found.grid.width, say("标题和说明"))
    else:
        why = say("没有认出表头")
        draft.leave(found.sheet.name, 0, 0, len(found.grid.rows), found.grid.width, why)


def _names(row: Row, words: Words) -> str:
    return listing(
        say("{code} {name}", code=key, name=term(words.evaluation.item(key).name))
        for key in row.nearest[:SHOWN]
    )


def _strange(draft: Draft, rows: list[Row], words: Words) -> None:
    """Rows of one text that is no item's: told once."""
    row, table = rows[0], rows[0].table
    where = cell_name(*((row.index, row.texts[0][0]) if row.texts else row.at))
    sheet = table.grid.sheet.name
    draft.reported |= {(sheet, r.index, c) for r in rows for c, _ in r.table.own(r.index)}
    about = {"sheet": sheet, "cell": where, "text": header_of(row)}
    message = (
        say(
            "“{sheet}”表 {cell} “{text}”不在评估指标里，没有写入；名称相近的有 {names}。",
            **about,
            names=_names(row, words),
        )
        if row.nearest
        else say("“{sheet}”表 {cell} “{text}”不在评估指标里，没有写入。", **about)
    )
    remedy = say("是哪一项就在“对应关系”里选；不用报就不用管。")
    cells = tuple(cell for r in rows for cell in _value_cells(r))
    draft.issues.append(Issue("unmapped_row", "warning", sheet, where, message, remedy, cells=cells))


def _unsure(draft: Draft, row: Row, words: Words) -> None:
    table, sheet = row.table, row.table.grid.sheet.name
    cells = _value_cells(row)
    draft.reported |= {(sheet, row.index, c) for c, _ in table.own(row.index)}
    name = say("{code} {name}", code=row.item, name=term(words.evaluation.item(row.item).name))
    where = cells[0] if cells else cell_name(*row.at)
    message = say("“{sheet}”表 {cell} “{text}”像是 {name}，但不确定，没有写入。", sheet=sheet, cell=where,
                  text=header_of(row), name=name)  # fmt: skip
    draft.issues.append(
        Issue("mapping_unclear", "error", sheet, where, message, say("在“对应关系”里选定一次，以后都记住。"),
              item=row.item, measure=SCORE, cells=cells)
    )  # fmt: skip


def _value_cells(row: Row) -> tuple[str, ...]:
    return tuple(cell_name(row.index, c.index) for c, _ in value_columns(row.table))


def _left_out(draft: Draft, table: Table, rows: list[Row], scored: set[int]) -> None:
    """The parts of a table that are no scores, each with its reason."""
    name, last = table.grid.sheet.name, max(table.end - 1, table.bottom)
    if table.across:
        for r in range(table.bottom + 1, table.end):
            if r not in scored:
                draft.leave(name, r, table.left, r, table.right, say("满分、合计和均分，不是哪一处的分"))
    draft.leave(name, table.top, table.left, table.bottom, table.right, say("表头"))
    for row in rows:
        if row.kind in ROWS:
            draft.leave(name, row.index, table.left, row.index, table.right, ROWS[row.kind])
    for column in table.columns:
        if column.role in COLUMNS and not (column.role == UNKNOWN and _is_numeric(table, column.index)):
            why = _why(column)
            draft.leave(name, table.bottom + 1, column.index, last, column.index, why)


def _why(column: Column) -> Said:
    why = COLUMNS[column.role]
    if not column.title:
        return why
    letters = column_letters(column.index)
    return say("{column} 列 {title}：{why}", column=letters, title=column.title, why=why)


def _is_numeric(table: Table, c: int) -> bool:
    return any(isinstance(table.grid.value(r, c), float) for r in range(table.bottom + 1, table.end))


def _unknown_columns(draft: Draft, table: Table) -> None:
    """Columns of numbers whose heads say nothing: told, never guessed."""
    name = table.grid.sheet.name
    for column in (c for c in table.of_role(UNKNOWN) if _is_numeric(table, c.index)):
        cells = [
            (r, column.index)
            for r in range(table.bottom + 1, table.end)
            if table.grid.value(r, column.index) != ""
        ]
        draft.reported |= {(name, r, c) for r, c in cells}
        where = cell_name(*column.at)
        message = say(
            "“{sheet}”表 {cell} “{title}”没有认出来，这一列没有写入。",
            sheet=name,
            cell=where,
            title=column.title,
        )
        draft.issues.append(
            Issue("unmapped_column", "warning", name, where, message,
                  say("是自评分就把表头改成“自评分”；是楼宇就写登记的名称。"),
                  cells=tuple(cell_name(*p) for p in cells))
        )  # fmt: skip


def _guessed_columns(draft: Draft, table: Table) -> None:
    name = table.grid.sheet.name
    for column in (c for c in table.columns if c.guessed):
        where = cell_name(*column.at)
        message = say(
            "“{sheet}”表 {cell} “{title}”当作一处的名称，下面的分写给它。",
            sheet=name,
            cell=where,
            title=column.title,
        )
        remedy = say("确认它是楼宇、食堂或门店的名称；不是就把这一列删掉再上传。")
        draft.issues.append(Issue("facility_assumed", "warning", name, where, message, remedy))


def _hidden(draft: Draft, table: Table, scored: set[int]) -> None:
    sheet = table.grid.sheet
    rows = [r for r in sorted(sheet.hidden_rows) if table.bottom < r < table.end and table.own(r)]
    for r in rows:
        loaded = r in scored
        message = (
            say("“{sheet}”表第 {rows} 行是隐藏的，已读入。", sheet=sheet.name, rows=str(r + 1))
            if loaded
            else say("“{sheet}”表第 {rows} 行是隐藏的，不是数据行。", sheet=sheet.name, rows=str(r + 1))
        )
        remedy = say("确认这些行该报；不该报就删掉再上传。") if loaded else ""
        severity = "warning" if loaded else "info"
        draft.issues.append(
            Issue("hidden_row", severity, sheet.name, cell_name(r, table.left), message, remedy)
        )
    values = {c.index for c, _ in value_columns(table)} | {c.index for c in table.columns if c.item}
    for column in table.columns:
        if column.index not in sheet.hidden_columns or not column.path:
            continue
        loaded = column.index in values
        about = {"sheet": sheet.name, "column": column_letters(column.index), "title": column.title}
        message = (
            say("“{sheet}”表 {column} 列“{title}”是隐藏的，已读入。", **about)
            if loaded
            else say("“{sheet}”表 {column} 列“{title}”是隐藏的，不是数据列。", **about)
        )
        remedy = say("确认这一列该报。") if loaded else ""
        severity = "warning" if loaded else "info"
        draft.issues.append(
            Issue("hidden_column", severity, sheet.name, cell_name(*column.at), message, remedy)
        )
