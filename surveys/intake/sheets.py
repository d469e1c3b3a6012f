"""One sheet from grid to draft: lay out, read the margins, extract, compare totals, say what was left out."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.definition.said import listing, say
from surveys.intake.apart import report_apart, report_nameless
from surveys.intake.beside import check_codes, read_signatures, tell_paid_days
from surveys.intake.context import Context
from surveys.intake.draft import Draft
from surveys.intake.examples import leave_examples
from surveys.intake.grid import Grid
from surveys.intake.headers import Column
from surveys.intake.headless import NO_TABLE, report_headless, report_no_table
from surveys.intake.identity import own_names
from surveys.intake.institutions import leave_others
from surveys.intake.layout import Layout, lay_out
from surveys.intake.margins import SheetFacts, sheet_facts
from surveys.intake.numbers import Cleaner
from surveys.intake.outside import tell_outside
from surveys.intake.periods import When
from surveys.intake.read import Sheet
from surveys.intake.references import cell_name, column_letters
from surveys.intake.result import Issue
from surveys.intake.table import Table
from surveys.intake.tidy import extract
from surveys.intake.totals import check_totals
from surveys.intake.words import Vocabulary

WHY = {
    "sequence": say("序号、编号"),
    "identifier": say("代码，不写入"),
    "note": say("备注"),
    "type": say("建筑类型"),
    "price": say("单价"),
    "aside": say("同比、占比、均值、单价、折标等，平台自己算"),
    "coal": say("同比、占比、均值、单价、折标等，平台自己算"),
    "meter_start": say("表底读数"),
    "meter_end": say("表底读数"),
    "multiplier": say("倍率"),
    "total": say("合计"),
    "part": say("其中项，已含在合计里"),
    "text": say("文字说明"),
    "period": say("月份"),
    "year": say("年份"),
    "item": say("品种"),
    "unit": say("单位"),
    "facility": say("楼宇名称"),
    "campus": say("校区"),
    "institution": say("学校名称"),
    "empty": say("空列"),
}


@dataclass
class SheetDraft:
    """What one sheet gave."""

    sheet: Sheet
    layout: Layout
    facts: SheetFacts
    draft: Draft


def read_sheet(
    sheet: Sheet, words: Vocabulary, cleaner: Cleaner, context: Context, when: When | None = None
) -> SheetDraft:
    """Lay out and extract one sheet. `when`: the month its place among the other sheets gives it."""
    grid = Grid(sheet)
    layout = lay_out(grid, words)
    facts = sheet_facts(layout, words, own_names(context), when)
    draft = Draft()
    if (
        facts.clash
        and layout.tables
        and not any(t.of_role("period") or any(c.label.when for c in t.columns) for t in layout.tables)
    ):
        _clash(draft, grid, facts)
        return SheetDraft(sheet, layout, facts, draft)
    for table in layout.tables:
        leave_others(draft, table, words, context)
        leave_examples(draft, table, words)
        report_nameless(draft, table)
        apart = report_apart(draft, table, words)
        tell_outside(draft, table, apart, facts, words, cleaner, context.period)
        desk = extract(draft, table, facts, words, cleaner, context.period)
        check_totals(desk)
        _left_out(draft, table)
        _notes(draft, table, words)
        check_codes(draft, table)
        _hidden(draft, table)
        _spelling(draft, desk)
        tell_paid_days(draft, desk)
    read_signatures(draft, layout, words)
    _margins(draft, layout)
    report_no_table(draft, layout)
    return SheetDraft(sheet, layout, facts, draft)


def _clash(draft: Draft, grid: Grid, facts: SheetFacts) -> None:
    sheet = grid.sheet
    draft.issues.append(
        Issue(
            "period_conflict",
            "error",
            sheet.name,
            None,
            say(
                "“{sheet}”表的表名和标题说的月份不一样（{months}），整张表没有写入。",
                sheet=sheet.name,
                months=listing(facts.clash.split("、")),
            ),
            say("改对表名或标题里的月份，再上传。"),
        )
    )
    draft.leave(sheet.name, 0, grid.left, len(sheet.rows), grid.right, say("月份互相矛盾"))


def _left_out(draft: Draft, table: Table) -> None:
    """The parts of a table that hold no figures, each with its reason."""
    name, header = table.grid.sheet.name, table.header
    last = max(table.end - 1, header.bottom)
    draft.leave(name, header.top, table.grid.left, header.bottom, table.grid.right, say("表头"))
    for column in table.columns:
        if column.role in WHY:
            draft.leave(name, header.bottom + 1, column.index, last, column.index, _reason(column))
        elif column.role.startswith("denominator"):
            draft.leave(
                name, header.bottom + 1, column.index, last, column.index, say("人数、面积，另作分母")
            )
    for rows, why in (
        (table.total_rows, WHY["total"]),
        (table.outer_rows, WHY["total"]),
        (table.part_rows, WHY["part"]),
        (table.aside_rows, WHY["aside"]),
        (table.footer_rows, say("落款和说明")),
        (table.repeated_rows, say("重复的表头")),
        (list(table.section_rows), say("分组标题")),
    ):
        for first, end in _blocks(rows):
            draft.leave(name, first, table.grid.left, end, table.grid.right, why)
    for first, _ in _blocks(table.repeated_rows):
        draft.issues.append(
            Issue(
                "repeated_header",
                "info",
                name,
                cell_name(first, 0),
                say("“{sheet}”表第 {row} 行是重复的表头，跳过。", sheet=name, row=first + 1),
                "",
            )
        )


def _reason(column: Column) -> str:
    return say(
        "{column} 列 {title}：{why}", column=column_letters(column.index), title=column.title.replace("\n", ""),
        why=WHY[column.role],
    )  # fmt: skip


def _blocks(rows: list[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring rows as (first, last)."""
    blocks: list[tuple[int, int]] = []
    for r in sorted(rows):
        if blocks and blocks[-1][1] == r - 1:
            blocks[-1] = (blocks[-1][0], r)
        else:
            blocks.append((r, r))
    return blocks


def _notes(draft: Draft, table: Table, words: Vocabulary) -> None:
    """Remarks that raise a doubt are shown to people; others stay where they are."""
    doubts = words.definition.words("doubt")
    name = table.grid.sheet.name
    for column in table.of_role("note"):
        for r in table.data_rows:
            row = table.grid.rows[r]
            text = row[column.index] if column.index < len(row) else ""
            if isinstance(text, str) and text and any(d in text for d in doubts):
                where = cell_name(r, column.index)
                draft.reported.add((name, r, column.index))
                draft.issues.append(
                    Issue(
                        "other_note",
                        "info",
                        name,
                        where,
                        say(
                            "“{sheet}”表 {cell} 备注写着“{text}”。", sheet=name, cell=where, text=text.strip()
                        ),
                        say("确认这一行的数是否包含不该算的部分。"),
                    )
                )


def _hidden(draft: Draft, table: Table) -> None:
    sheet = table.grid.sheet
    data = set(table.data_rows)
    inside = [r for r in sheet.hidden_rows if table.header.bottom < r < table.end and table.grid.own(r)]
    for first, last in _blocks(inside):
        loaded = any(r in data for r in range(first, last + 1))
        place = next((c.index for role in ("facility", "period", "item") for c in table.of_role(role)), 0)
        where, rows = cell_name(first, place), f"{first + 1}–{last + 1}"
        draft.issues.append(
            Issue(
                "hidden_row",
                "warning" if loaded else "info",
                sheet.name,
                where,
                say("“{sheet}”表第 {rows} 行是隐藏的，已读入。", sheet=sheet.name, rows=rows)
                if loaded
                else say("“{sheet}”表第 {rows} 行是隐藏的，不是数据行。", sheet=sheet.name, rows=rows),
                say("确认这些行该报；不该报就删掉再上传。") if loaded else "",
            )
        )
    for column in table.columns:
        if column.index in sheet.hidden_columns and column.path:
            loaded = column.role == "data"
            where = cell_name(*column.at)
            about = {"sheet": sheet.name, "column": column_letters(column.index), "title": column.title}
            draft.issues.append(
                Issue(
                    "hidden_column",
                    "warning" if loaded else "info",
                    sheet.name,
                    where,
                    say("“{sheet}”表 {column} 列“{title}”是隐藏的，已读入。", **about)
                    if loaded
                    else say("“{sheet}”表 {column} 列“{title}”是隐藏的，不是数据列。", **about),
                    say("确认这一列该报。") if loaded else "",
                )
            )


def _spelling(draft: Draft, desk) -> None:
    for c, whens in desk.labels.when.items():
        odd = [
            r for r, w in zip(desk.labels.rows, whens, strict=True) if w not in (None, "?") and not w.plain
        ]
        if c >= 0 and odd:
            where = cell_name(odd[0], c)
            draft.issues.append(
                Issue(
                    "month_spelling",
                    "info",
                    desk.sheet,
                    where,
                    say(
                        "“{sheet}”表 {cell} 起有 {n} 个月份的写法已统一。",
                        sheet=desk.sheet,
                        cell=where,
                        n=len(odd),
                    ),
                    "",
                )
            )


def _margins(draft: Draft, layout: Layout) -> None:
    name, grid = layout.grid.sheet.name, layout.grid
    if layout.tables:
        report_headless(draft, layout)
    for first, last in _blocks(layout.margins):
        why = say("标题和说明") if layout.tables else NO_TABLE
        draft.leave(name, first, grid.left, last, grid.right, why)
