"""From the drafts of all sheets to the result: one frame, all findings, the verdict, and where every cell went."""

from __future__ import annotations

import numpy as np

from surveys.definition.said import listing, say, term
from surveys.instruments.figures import Figures
from surveys.intake.account import account
from surveys.intake.annotated import is_ours, mark_of
from surveys.intake.cells import missing, off_season
from surveys.intake.check import run_checks
from surveys.intake.context import Context
from surveys.intake.copies import drop_copies, hidden_sheet
from surveys.intake.coverage import absent, drop_spans, wide
from surveys.intake.draft import Draft
from surveys.intake.facilities import settle
from surveys.intake.overlap import add_parts, ask_corrections, drop_wider, find_doubles
from surveys.intake.references import cell_name, column_letters
from surveys.intake.result import Ambiguity, IntakeResult, Issue, verdict_of
from surveys.intake.sheets import SheetDraft
from surveys.intake.twins import drop_twins
from surveys.intake.unitfindings import assumed, converted

OUR_OWN = say("平台写的页")


def finish(file: str, book, drafts: list[SheetDraft], context: Context) -> IntakeResult:
    """The result of a file whose sheets have been read."""
    issues: list[Issue] = []
    left_sheets, every = [(sheet.name, OUR_OWN) for sheet in book.sheets if is_ours(sheet)], drafts
    drafts, left_sheets = _without_strangers(drafts, context, issues, left_sheets)
    drafts, found, copies = drop_copies(drafts)
    issues += found
    left_sheets += copies
    draft = Draft()
    left_sheets = _panels_left(every, drafts, left_sheets, draft)
    for one in drafts:
        draft.merge(one.draft)
        if one.sheet.hidden and one.draft.item:
            issues.append(hidden_sheet(one, say("里面的数已读入")))
    _blanks(draft, context)
    issues = [*issues, *_other_periods(draft, context), *converted(draft, context)]
    figures, corrected = ask_corrections(to_figures(draft), draft)
    figures, unknown, names = settle(figures, context, issues)
    figures, found, dropped = drop_wider(figures)
    issues += found
    figures, found = drop_spans(figures)
    issues += found
    figures, merged = add_parts(figures, context)
    for sheet, r, c, why in merged:
        draft.leave(sheet, r, c, r, c, why)
    figures, twins = drop_twins(figures)
    for sheet, r, c, why in twins:
        draft.leave(sheet, r, c, r, c, why)
    figures, found, asked = find_doubles(figures, context)
    issues += [*found, *wide(figures, context), *absent(figures, context), *assumed(draft, figures, context)]
    asked_keys = frozenset((i.facility, i.item, i.measure, i.period) for i in draft.issues if i.period)
    checks, skipped = run_checks(figures, context, asked_keys)
    figures, more = _take_out(figures, checks)
    issues += [*draft.issues, *checks]
    ambiguous = [*draft.ambiguous, *corrected, *asked, *more]
    result = IntakeResult(
        verdict_of(issues, ambiguous),
        figures,
        _ordered(issues),
        ambiguous,
        [],
        draft.mapping,
        {
            "skipped": skipped,
            "encoding": book.encoding,
            "kind": book.kind,
            "denominators": draft.denominators,
            "outside": draft.outside,
            "signed": draft.signed,
            "sheets": [s.name for s in book.sheets],
        },
        unknown,
        file,
        context.definition.code,
        context.university_names[0] if context.university_names else "",
        context.period,
        context.definition,
        names,
    )
    if number := mark_of(book.sheets):
        result.meta["annotated"] = number
    account(result, book, draft, left_sheets, dropped)
    return result


def to_figures(draft: Draft) -> Figures:
    """The figures of a draft, with their cells by name and by number."""
    letters = {c: column_letters(c) for c in set(draft.column)}
    cells = [f"{letters[c]}{r + 1}" for c, r in zip(draft.column, draft.row, strict=True)]
    nan = float("nan")
    texts = {name: getattr(draft, name) for name in ("facility", "item", "measure", "period", "exact", "flag", "text",
                                                     "sheet", "factor")}  # fmt: skip
    texts |= {"cell": cells, "raw": [v if type(v) is str else _raw(v) for v in draft.raw]}
    value = np.array([float(e) if e else nan for e in draft.exact], dtype=float)
    return Figures(texts, value, np.array([draft.row, draft.column], dtype=np.int64).reshape(2, -1).T)


def _raw(value: object) -> str:
    if type(value) is float:
        text = repr(value)
        return text[:-2] if text.endswith(".0") else text
    return "" if value is None else str(value)


def _without_strangers(
    drafts: list[SheetDraft], context: Context, issues: list[Issue], left: list[tuple[str, str]]
) -> tuple[list[SheetDraft], list[tuple[str, str]]]:
    """Without hidden sheets that hold nothing of this period (old templates) and sheets of other years."""
    kept = []
    for one in drafts:
        others = one.draft.other_periods
        if one.sheet.hidden and not one.draft.item:
            if others or one.layout.tables:
                when = listing(sorted({p for rows in others.values() for _, _, p in rows})[:3])
                what = (
                    say("里面是 {when} 的数据，不属于本期，没有读入", when=when)
                    if when
                    else say("没有本期的数，没有读入")
                )
                issues.append(hidden_sheet(one, what))
            left.append((one.sheet.name, say("隐藏的表，不属于本期")))
            continue
        kept.append(one)
    return kept, left


def _panels_left(
    every: list[SheetDraft], kept: list[SheetDraft], left: list[tuple[str, str]], draft: Draft
) -> list[tuple[str, str]]:
    """Sheets left out whole; of one that was read in parts only those parts are left out that were not kept."""
    names, reasons = {one.sheet.name for one in kept}, dict(left)
    for one in every:
        if one.sheet.name in reasons and one.sheet.name in names and not any(one is k for k in kept):
            grid = one.layout.grid
            draft.leave(one.sheet.name, 0, grid.left, len(grid.rows), grid.right, reasons[one.sheet.name])
    return [(name, why) for name, why in left if name not in names]


def _blanks(draft: Draft, context: Context) -> None:
    """Decide on each empty cell: out of season or never used is fine, a gap in a series is a missing figure."""
    if not draft.blanks:
        return
    series = set(zip(draft.facility, draft.item, draft.measure, strict=True))
    alive = set(zip(draft.facility, draft.period, strict=True))
    seasonal: dict[tuple[str, str], list] = {}
    for b in draft.blanks:
        if off_season(context.definition, b.item, b.period):
            seasonal.setdefault((b.sheet, b.item), []).append(b)
        elif (b.facility, b.item, b.measure) in series and (b.facility, b.period) in alive:
            missing(
                draft,
                context.definition,
                b.sheet,
                b.row,
                b.column,
                b.facility,
                b.item,
                b.measure,
                b.period,
                "",
                "blank",
            )
    for (sheet, item), cells in seasonal.items():
        draft.seasonal_blanks.append(
            (
                sheet,
                [(b.row, b.column) for b in cells],
                say("{name}非采暖月空白，不是 0", name=term(context.definition.item(item).name)),
            )
        )


def _other_periods(draft: Draft, context: Context) -> list[Issue]:
    issues = []
    for sheet, rows in draft.other_periods.items():
        r, c, _ = rows[0]
        when = sorted({p[:4] for _, _, p in rows})
        for row, column, period in rows:
            draft.leave(sheet, row, column, row, column, say("{period}，不属于本期", period=period))
        issues.append(
            Issue(
                "wrong_period",
                "warning",
                sheet,
                cell_name(r, c),
                say(
                    "“{sheet}”表里有 {n} 个 {years} 年的数，不属于 {period}，没有写入。",
                    sheet=sheet,
                    n=len(rows),
                    years=listing(when),
                    period=context.period,
                ),
                say("确认填报期；要报这些数就到对应的填报期上传。"),
            )
        )
    return issues


def _take_out(figures: Figures, checks: list[Issue]) -> tuple[Figures, list[Ambiguity]]:
    """A cell in error is in no observation: it is asked instead, with the suggestion of the check."""
    wrong = {(i.sheet, i.cell): i for i in checks if i.severity == "error" and i.cell}
    if not wrong:
        return figures, []
    asked = []
    for i in wrong.values():
        readings = (
            {"label": say("按表里的单位"), "value": i.value},
            {"label": say("按建议"), "value": i.expected},
        )
        asked.append(
            Ambiguity(
                i.sheet, i.cell, i.facility, i.item, i.measure, i.period, i.expected, readings, i.message
            )
        )
    return figures.where(~figures.at_cells(set(wrong))), asked


def _ordered(issues: list[Issue]) -> list[Issue]:
    rank = {"error": 0, "warning": 1, "info": 2}
    return sorted(issues, key=lambda i: rank[i.severity])
