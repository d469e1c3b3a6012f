"""Score sheets: an evaluation's items down, facilities in the head, the sheet's name or across.

What is about reading figures stays with intake (sniff, read, grid, numbers, identity, facilities, account); here is
only what makes a table of scores different: items are rows, a number is at most its item's points, and a blank is never
nothing.
"""

from __future__ import annotations

from surveys.definition.said import listing, say, term
from surveys.intake.account import account
from surveys.intake.annotated import is_ours, mark_of
from surveys.intake.check import run_checks
from surveys.intake.context import Context
from surveys.intake.copies import hidden_sheet
from surveys.intake.draft import Draft
from surveys.intake.finish import OUR_OWN, to_figures
from surveys.intake.identity import check_university, check_year, own_names
from surveys.intake.numbers import Cleaner
from surveys.intake.result import IntakeResult, Issue, no_figures, verdict_of
from surveys.intake.scores.belongs import check_any, check_instrument
from surveys.intake.scores.doubles import one_each
from surveys.intake.scores.entry import Entry
from surveys.intake.scores.judge import Bench, judge
from surveys.intake.scores.places import without_editions
from surveys.intake.scores.sheet import Scores, read_scores, tell
from surveys.intake.scores.sums import Sums, check_sums
from surveys.intake.scores.whose import settle_places
from surveys.intake.scores.words import Words
from surveys.intake.sniff import Refused

# items that a sentence names one by one
SHOWN = 6
RANK = {"error": 0, "warning": 1, "info": 2}


def assemble(file: str, book, context: Context, tell_stage) -> IntakeResult:
    """Everything after reading the file: its scores, findings and questions. Refused for a file of another university,
    year or instrument, and for one without a score."""
    words = Words(
        context.definition,
        context.mapping,
        tuple(n for f in context.facilities for n in (f.name, *f.aliases)),
    )
    cleaner, own = Cleaner(context.definition), own_names(context)
    sources = [sheet for sheet in book.sheets if not is_ours(sheet)]
    sheets: list[Scores] = []
    for number, sheet in enumerate(sources):
        tell_stage("layout", number, len(sources))
        sheets.append(read_scores(sheet, words, cleaner, own))
    facts = [(s.sheet.name, s.facts) for s in sheets if not s.sheet.hidden]
    check_university(file, facts, context)
    kept = check_instrument(file, sheets, words)
    check_any(file, kept, context)
    check_year(without_editions(file), facts, set(), context)
    kept = _of_this_year(kept, context)
    tell_stage("check", 0, 1)
    result = _finish(file, book, sheets, kept, context, words, cleaner, own)
    _refuse_empty(file, result)
    tell_stage("done", 1, 1)
    return result


def _of_this_year(kept: list[Scores], context: Context) -> list[Scores]:
    """Without the sheets that name other years beside one of this year: each is told."""
    year = context.period[:4]
    strange = (
        [s for s in kept if s.facts.years and year not in map(str, s.facts.years)] if year.isdecimal() else []
    )
    for sheet in strange:
        years, name = listing(map(str, sheet.facts.years)), sheet.sheet.name
        message = say(
            "“{sheet}”表写的是 {years} 年，不属于 {period}，没有写入。",
            sheet=name,
            years=years,
            period=context.period,
        )
        remedy = say("确认填报期；要报那一年就到那一次的填报页上传。")
        sheet.draft.issues.append(Issue("wrong_period", "warning", name, None, message, remedy))
    return [s for s in kept if all(s is not other for other in strange)]


def _refuse_empty(file: str, result: IntakeResult) -> None:
    filled = any(exact for exact in result.figures["exact"]) if len(result.figures) else False
    said = any(flag == "not_applicable" for flag in result.figures["flag"]) if len(result.figures) else False
    told = any(i.severity == "error" or i.kind in ("unmapped_row", "unmapped_column") for i in result.issues)
    if not (filled or said or told or result.ambiguous or result.meta["veto"]):
        raise Refused(
            "no_figures",
            say("“{name}”有表头，但里面没有一个分。", name=file),
            say("填好自评得分再上传；填在别的文件里就上传那一份。"),
        )


def _finish(
    file: str, book, sheets: list[Scores], kept: list[Scores], context: Context, words: Words, cleaner: Cleaner,
    own: tuple[str, ...],
) -> IntakeResult:  # fmt: skip
    issues: list[Issue] = []
    left = [(sheet.name, OUR_OWN) for sheet in book.sheets if is_ours(sheet)]
    left += [(s.sheet.name, say("不是这次评估的表")) for s in sheets if all(s is not k for k in kept)]
    kept, hidden = _without_hidden_copies(kept, issues)
    left += hidden
    unknown, names = settle_places(file, kept, context, words, own, issues)
    draft = Draft()
    bench = Bench(draft, context.period, names)
    entries = [entry for sheet in kept for entry in sheet.entries]
    sure = _without_contradicted(bench, entries)
    for entry in one_each(bench, sure):
        judge(bench, entry)
    sums = Sums(entries)
    for sheet in kept:
        tell(sheet, words)
        for table in sheet.tables:
            check_sums(sheet.draft, table, sheet.rows_of(table), sums, cleaner)
    for sheet in sheets:
        draft.merge(sheet.draft)
    _tell_texts(draft, entries)
    issues += _absent(entries, kept, words)
    figures = to_figures(draft) if draft.item else no_figures()
    checks, skipped = run_checks(figures, context)
    veto, by_facility = _vetoes(kept, words, draft, names)
    issues += [*draft.issues, *checks]
    result = IntakeResult(
        verdict_of(issues, draft.ambiguous), figures, sorted(issues, key=lambda i: RANK[i.severity]),
        draft.ambiguous, [], draft.mapping,
        {"skipped": skipped, "encoding": book.encoding, "kind": book.kind, "denominators": [], "outside": [],
         "signed": {}, "sheets": [s.name for s in book.sheets], "veto": veto, "veto_by_facility": by_facility},
        unknown, file, context.definition.code, context.university_names[0] if context.university_names else "",
        context.period, context.definition, names,
    )  # fmt: skip
    if number := mark_of(book.sheets):
        result.meta["annotated"] = number
    account(result, book, draft, left, no_figures())
    return result


def _without_hidden_copies(
    kept: list[Scores], issues: list[Issue]
) -> tuple[list[Scores], list[tuple[str, str]]]:
    """Without hidden sheets that say again what visible ones say: (sheets, [(sheet, why)] of those left out)."""
    seen = {
        (place, e.item.key)
        for s in kept
        if not s.sheet.hidden
        for e in s.entries
        for place in (e.facility, "")
    }
    found, left = [], []
    for sheet in kept:
        if not sheet.sheet.hidden:
            found.append(sheet)
        elif not sheet.entries or any((e.facility, e.item.key) in seen for e in sheet.entries):
            if sheet.entries:
                issues.append(hidden_sheet(sheet, say("内容与其他表重复，没有读入")))
            left.append((sheet.sheet.name, say("隐藏的表")))
        else:
            issues.append(hidden_sheet(sheet, say("里面的数已读入")))
            found.append(sheet)
    return found, left


def _without_contradicted(bench: Bench, entries: list[Entry]) -> list[Entry]:
    """Without columns of deductions that take off more than half of all: rather scores under a wrong head, so each is
    asked. What is read as a deduction is told once per column."""
    columns: dict[tuple[int, int], list[Entry]] = {}
    for entry in entries:
        if entry.taken_off and entry.value is not None:
            columns.setdefault((id(entry.table), entry.column), []).append(entry)
    doubted: set[int] = set()
    for found in columns.values():
        taken = sum(e.item.points - e.value for e in found)
        if 2 * taken > sum(e.item.points for e in found):
            doubted |= {id(e) for e in found}
            _ask_deductions(bench, found)
        else:
            _tell_deductions(bench, found)
    return [entry for entry in entries if id(entry) not in doubted]


def _tell_deductions(bench: Bench, found: list[Entry]) -> None:
    first, title, where = _head(found)
    bench.draft.issues.append(
        Issue("deduction_not_score", "info", first.sheet, where,
              say("“{sheet}”表 {cell} “{title}”是扣分，{n} 项按满分减扣分写入。", sheet=first.sheet, cell=where,
                  title=title,
                  n=len(found)))
    )  # fmt: skip


def _ask_deductions(bench: Bench, found: list[Entry]) -> None:
    first, title, where = _head(found)
    for entry in found:
        bench.report(entry)
        taken = entry.item.points - entry.value
        readings = [(say("满分减扣分"), entry.value), (say("当作得分"), taken)]
        bench.ask(entry, "", readings, say("扣掉了一半以上，像是得分"))
    bench.draft.issues.append(
        Issue("deduction_not_score", "warning", first.sheet, where,
              say("“{sheet}”表 {cell} “{title}”合起来扣掉了一半以上，像是得分，没有写入。", sheet=first.sheet,
                  cell=where,
                  title=title),
              say("是得分就把表头改成“自评分”；真是扣分就逐项确认。"), cells=tuple(e.cell for e in found))
    )  # fmt: skip


def _head(found: list[Entry]) -> tuple[Entry, str, str]:
    from surveys.intake.references import cell_name

    first = found[0]
    column = first.table.columns[first.column - first.table.left]
    return first, column.title, cell_name(*column.at)


def _tell_texts(draft: Draft, entries: list[Entry]) -> None:
    """Once per sheet: scores that were written as text."""
    by_sheet: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.reading.kind in ("text_number", "unit_in_cell") and isinstance(entry.raw, str):
            by_sheet.setdefault(entry.sheet, []).append(entry)
    for sheet, found in by_sheet.items():
        draft.issues.append(
            Issue("text_number", "info", sheet, found[0].cell,
                  say("“{sheet}”表 {cell} 起有 {n} 个分是文字，按数读入。", sheet=sheet, cell=found[0].cell,
                      n=len(found)))
        )  # fmt: skip


def _absent(entries: list[Entry], kept: list[Scores], words: Words) -> list[Issue]:
    """One warning for the items that a file has no line for. A file of the school's items alone, or without them, is
    no half file: they are filed apart."""
    told = {row.item for sheet in kept for row in sheet.rows if row.item} | {e.item.key for e in entries}
    levels = {e.item.at_school for e in entries}
    gone = [i for i in words.names.items if i.key not in told and i.at_school in levels]
    if not gone or not entries:
        return []
    names = [say("{code} {name}", code=i.key, name=term(i.name)) for i in gone[:SHOWN]]
    listed = listing(names) if len(gone) <= SHOWN else say("{names} 等", names=listing(names))
    message = say("文件里没有 {n} 项：{names}。", n=len(gone), names=listed)
    return [Issue("missing", "warning", None, None, message, say("在平台上补填；不适用就写“不适用”和理由。"))]


def _vetoes(
    kept: list[Scores], words: Words, draft: Draft, names: dict[str, str]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Answers that are the same wherever they are given, and those of each facility by its name. Vetoes of which some
    are asked and others are not in the file are told."""
    by_facility: dict[str, dict[str, str]] = {}
    for place, key, answer in (found for sheet in kept for found in sheet.vetoes):
        by_facility.setdefault(names.get(place, place), {}).setdefault(key, answer)
    order = [veto.key for veto in words.evaluation.vetoes]
    said: dict[str, set[str]] = {}
    for found in by_facility.values():
        for key, answer in found.items():
            said.setdefault(key, set()).add(answer)
    return {key: next(iter(said[key])) for key in order if len(said.get(key, ())) == 1}, by_facility
