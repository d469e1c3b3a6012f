"""The stages in order."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from surveys.definition.said import say
from surveys.intake.context import Context
from surveys.intake.result import IntakeResult, Issue, no_figures, verdict_of
from surveys.intake.sniff import Refused, decode, sniff

if TYPE_CHECKING:
    import pandas as pd

    from surveys.instruments.figures import Figures

Progress = Callable[[str, int, int], None]
AGAIN = say("确认文件还在，再上传一次。")
# what lays out and reads the workbooks of a kind of instrument; without one they are tables of figures
READERS = {"evaluation": "surveys.intake.scores"}
STAGES = ("sniff", "read", "layout", "check", "done")


def run(path: str | Path, context: Context, progress: Progress | None = None) -> IntakeResult:
    """Read, check and report one file in this process; never raises for a bad file (verdict reject_file)."""
    tell = progress or (lambda stage, done, total: None)
    path = Path(path)
    try:
        return _run(path, context, tell)
    except Refused as refusal:
        return refused(path.name, context, refusal)


def _run(path: Path, context: Context, tell: Progress) -> IntakeResult:
    from surveys.intake.read import read

    tell("sniff", 0, 1)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused("unreadable", say("“{name}”打不开。", name=path.name), AGAIN) from error
    sniffed = sniff(data, path.name)
    tell("read", 0, 1)
    book = read(sniffed, path.name)
    sniffed.parts.clear()
    return assemble(path.name, book, context, tell)


def assemble(file: str, book, context: Context, tell: Progress) -> IntakeResult:
    """Everything after reading: layout to verdict, as the kind of the instrument asks. Refused for a file of another
    university or year."""
    if reader := READERS.get(context.definition.kind):
        return import_module(reader).assemble(file, book, context, tell)
    from surveys.intake.annotated import is_ours
    from surveys.intake.finish import finish
    from surveys.intake.headless import in_one_column
    from surveys.intake.identity import check_university, check_year
    from surveys.intake.margins import numbered
    from surveys.intake.numbers import Cleaner
    from surveys.intake.panels import panels
    from surveys.intake.sheets import read_sheet
    from surveys.intake.words import Vocabulary

    words, cleaner = Vocabulary(context.definition, context.mapping), Cleaner(context.definition)
    # what we wrote into it ourselves is not read
    sheets = [sheet for sheet in book.sheets if not is_ours(sheet)]
    drafts, months = [], numbered([s.name for s in sheets])
    for number, sheet in enumerate(sheets):
        tell("layout", number, len(sheets))
        for panel in panels(sheet, words):
            drafts.append(read_sheet(panel, words, cleaner, context, months.get(sheet.name)))
    visible = [d for d in drafts if not d.sheet.hidden]
    facts = [(d.sheet.name, d.facts) for d in visible]
    check_university(file, facts, context)
    if not any(d.layout.tables for d in drafts):
        if any(in_one_column(d.layout.grid) for d in drafts):
            raise Refused(
                "not_a_table",
                say("“{name}”的每一行都挤在一个格子里，读不出表头。", name=file),
                say("选中这一列，用“数据”里的“分列”按空格或制表符分开，保存后再上传。"),
            )
        raise Refused(
            "not_a_table",
            say("“{name}”里没有认出表头。", name=file),
            say("表头要有月份、用电量（kWh）、电费（元）这样的列名，数字在它们下面。"),
        )
    check_year(file, facts, {y for d in visible for y in d.draft.explicit_years}, context)
    tell("check", 0, 1)
    result = finish(file, book, drafts, context)
    said = any(i.severity != "info" for i in result.issues)
    if not (len(result.figures) or result.ambiguous or said or result.meta["denominators"]):
        raise Refused(
            "no_figures",
            say("“{name}”有表头，但里面没有一个要报的数。", name=file),
            say("填好再上传；填在别的文件里就上传那一份。"),
        )
    tell("done", 1, 1)
    return result


def refused(file: str, context: Context, refusal: Refused) -> IntakeResult:
    """The result of a file that is refused whole: one error, nothing loaded."""
    issue = Issue(refusal.kind, "error", refusal.sheet, refusal.cell, refusal.message, refusal.suggestion)
    names = context.university_names
    return IntakeResult(
        "reject_file",
        no_figures(),
        [issue],
        file=file,
        instrument=context.definition.code,
        university=names[0] if names else "",
        period=context.period,
        definition=context.definition,
        meta={"skipped": [], "encoding": "", "refused": refusal.kind},
    )


def recheck(frame: Figures | pd.DataFrame, context: Context) -> list[Issue]:
    """The checks alone, on figures or a frame with the columns of result.COLUMNS: for the grid and after merging."""
    from surveys.intake.check import run_checks

    return run_checks(frame, context)[0]


__all__ = ["assemble", "decode", "recheck", "refused", "run", "verdict_of"]
