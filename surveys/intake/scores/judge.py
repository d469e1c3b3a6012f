"""From scores to figures, findings and questions: what is loaded, what is missing, what must be asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from surveys.definition.evaluation import SCORE
from surveys.definition.said import Said, say, term
from surveys.instruments.grading import shown
from surveys.intake.draft import Draft
from surveys.intake.references import cell_name
from surveys.intake.result import Ambiguity, Issue
from surveys.intake.scores.entry import Entry

PLAIN = say("改成纯数字，例如 1.5。")
REMEDY = {
    "excel_error": say("在 Excel 里修好公式，或改成数值。"),
    "formula_without_value": say("在 Excel 里选中它，复制，选择性粘贴为数值，再上传。"),
    "too_large": say("核对小数点和单位。"),
    "full_marks": say("得满分就写出分数。"),
}


NOISE = Decimal("1e-9")


@dataclass
class Bench:
    """What judging writes into: the draft, the period of the filing, and the names of facilities by their ids."""

    draft: Draft
    period: str
    names: dict[str, str]

    def issue(
        self, entry: Entry, kind: str, severity: str, message: str, remedy: str = "", expected: str = ""
    ) -> None:
        """A finding about one score."""
        value = format(entry.value, "f") if entry.value is not None else ""
        self.draft.issues.append(
            Issue(kind, severity, entry.sheet, entry.cell, message, remedy, facility=entry.facility,
                  item=entry.item.key, measure=SCORE, period=self.period, value=value, expected=expected)
        )  # fmt: skip

    def ask(self, entry: Entry, suggested: str, readings: list[tuple[str, Decimal]], note: str) -> None:
        """A score with more than one honest reading; what cannot be a score of the item is no reading."""
        possible = [(label, value) for label, value in readings if 0 <= value <= entry.item.points]
        self.draft.ambiguous.append(
            Ambiguity(entry.sheet, entry.cell, entry.facility, entry.item.key, SCORE, self.period, suggested,
                      tuple({"label": label, "value": _exact(value)} for label, value in possible), note)
        )  # fmt: skip

    def about(self, entry: Entry) -> dict[str, str]:
        """The places of every sentence about a score."""
        return {"sheet": entry.sheet, "cell": entry.cell, "name": self.name(entry)}

    def name(self, entry: Entry) -> Said:
        """梅园3号楼 D1.1 分管校领导与例会, as a part of a sentence."""
        name = say("{code} {name}", code=entry.item.key, name=term(entry.item.name))
        place = self.names.get(entry.facility, entry.facility)
        return say("{place} {name}", place=place, name=name) if place else name

    def report(self, entry: Entry) -> None:
        """The cell is told, not loaded."""
        self.draft.reported.add((entry.sheet, entry.row, entry.column))


def judge(bench: Bench, entry: Entry) -> None:
    """One score: loaded, missing, not applicable, or asked."""
    if entry.merged > 1 and entry.filled:
        _merged(bench, entry)
    elif entry.reading.state == "missing":
        _missing(bench, entry)
    elif entry.reading.state == "not_applicable":
        _not_applicable(bench, entry)
    elif entry.reading.state == "bad":
        _bad(bench, entry)
    elif entry.reading.state == "taken" and not entry.taken_off:
        _deduction(bench, entry)
    else:
        _points(bench, entry)


def _points(bench: Bench, entry: Entry) -> None:
    value, full = entry.value, entry.item.points
    if 0 < value - full < NOISE:
        # what a spreadsheet makes of 0.1 + 0.2
        value = full
    stated = Decimal(entry.reading.of) if entry.reading.of else entry.stated
    if stated is not None and stated != full:
        _other_points(bench, entry, stated)
    elif value > full:
        _over(bench, entry, value)
    elif value < 0:
        _too_much_off(bench, entry)
    elif entry.beside and abs(full - Decimal(entry.beside.exact) - value) > Decimal("0.001"):
        _contradicted(bench, entry, full - Decimal(entry.beside.exact))
    else:
        _load(bench, entry, value)


def _load(bench: Bench, entry: Entry, value: Decimal) -> None:
    estimated = entry.reading.kind == "estimated"
    _add(bench, entry, _exact(value), "estimated" if estimated else "")
    if estimated:
        bench.issue(
            entry, "estimated", "warning",
            say("“{sheet}”表 {cell} {name}“{raw}”是约数，按 {value} 写入并标为估计值。", **bench.about(entry),
                raw=str(entry.raw).strip(), value=_exact(value)),
            say("改成准数；改不了就写明怎么估的。"),
        )  # fmt: skip
    if not entry.proved and value:
        spot = cell_name(*entry.evidence)
        bench.draft.issues.append(
            Issue("evidence_missing", "warning", entry.sheet, spot,
                  say("“{sheet}”表 {cell} {name}有分，没有佐证。", sheet=entry.sheet, cell=spot,
                      name=bench.name(entry)),
                  say("写上佐证材料，或在平台上传。"), facility=entry.facility, item=entry.item.key, measure=SCORE,
                  period=bench.period)
        )  # fmt: skip


def _add(bench: Bench, entry: Entry, exact: str, flag: str) -> None:
    text = "；".join(t for t in (entry.reading.note, entry.text) if t)
    bench.draft.add(entry.facility, entry.item.key, SCORE, bench.period, exact, flag, text, entry.sheet, entry.row,
                    entry.column, entry.raw)  # fmt: skip


def _missing(bench: Bench, entry: Entry) -> None:
    _add(bench, entry, "", "missing")
    raw = str(entry.raw or "").strip()
    what = say("填的是“{raw}”", raw=raw) if raw else say("是空的")
    message = say("“{sheet}”表 {cell} {name}{what}，按未评处理，不当作 0。", **bench.about(entry), what=what)
    remedy = (
        say("没有扣分就填 0；不适用就写“不适用”和理由。")
        if entry.taken_off
        else say("补上得分；不适用就写“不适用”和理由。")
    )
    bench.issue(entry, "missing", "warning", message, remedy)


def _not_applicable(bench: Bench, entry: Entry) -> None:
    _add(bench, entry, "", "not_applicable")
    bench.issue(entry, "not_applicable", "info",
                say("“{sheet}”表 {cell} {name}不适用：不当作 0，按组内比例折算。", **bench.about(entry)))  # fmt: skip


def _bad(bench: Bench, entry: Entry) -> None:
    bench.report(entry)
    kind, full = entry.reading.kind, entry.item.points
    said = entry.reading.message or say("是公式，文件里没有存下结果")
    bench.issue(entry, kind, "error",
                say("“{sheet}”表 {cell} {name}{what}。", **bench.about(entry), what=said), REMEDY.get(kind, PLAIN),
                expected=_exact(full) if kind == "full_marks" else "")  # fmt: skip
    beside = entry.beside
    if kind == "full_marks":
        bench.ask(entry, _exact(full), [(say("按满分"), full)], say("没有写分数"))
    elif kind == "formula_without_value" and beside and Decimal(beside.exact) <= full:
        left = full - Decimal(beside.exact)
        bench.ask(entry, _exact(left), [(say("满分减扣分"), left)], say("公式没有存下结果"))


def _over(bench: Bench, entry: Entry, value: Decimal) -> None:
    bench.report(entry)
    full = entry.item.points
    message = say("“{sheet}”表 {cell} {name}得 {value} 分，满分是 {full} 分。", **bench.about(entry),
                  value=shown(value), full=shown(full))  # fmt: skip
    bench.issue(entry, "score_over_max", "error", message, say("改成不超过满分的数。"), _exact(full))
    bench.ask(entry, _exact(full), [(say("按满分"), full)], say("超过满分"))


def _too_much_off(bench: Bench, entry: Entry) -> None:
    bench.report(entry)
    message = say("“{sheet}”表 {cell} {name}扣了 {value} 分，满分只有 {full} 分。", **bench.about(entry),
                  value=shown(Decimal(entry.reading.exact)), full=shown(entry.item.points))  # fmt: skip
    bench.issue(entry, "score_inconsistent", "error", message, say("核对扣分，一项最多扣到 0 分。"))
    bench.ask(entry, "", [(say("扣完"), Decimal(0))], say("扣分比满分多"))


def _deduction(bench: Bench, entry: Entry) -> None:
    """A negative number where a score should be: as often what was taken off."""
    bench.report(entry)
    taken, full = Decimal(entry.reading.exact), entry.item.points
    left = full - taken
    message = say("“{sheet}”表 {cell} {name}填的是“{raw}”，像是扣分，不是得分。", **bench.about(entry),
                  raw=str(entry.raw).strip().removesuffix(".0"))  # fmt: skip
    suggested = _exact(left) if left >= 0 else ""
    bench.issue(
        entry,
        "deduction_not_score",
        "error",
        message,
        say("填得分；是扣分就确认按满分减扣分写入。"),
        suggested,
    )
    bench.ask(entry, suggested, [(say("满分减扣分"), left)], say("像是扣分"))


def _other_points(bench: Bench, entry: Entry, stated: Decimal) -> None:
    """Another version of the form: the points of the sheet are not those of the definition."""
    bench.report(entry)
    full, value = entry.item.points, entry.value
    message = say("“{sheet}”表 {cell} {name}：表里的满分是 {stated} 分，规定是 {full} 分。", **bench.about(entry),
                  stated=shown(stated), full=shown(full))  # fmt: skip
    bench.issue(
        entry, "score_inconsistent", "error", message, say("按规定的满分重新打分；得分没有变就确认照写。")
    )
    readings = [(say("照表里的得分"), value)]
    if stated > 0 and value <= stated:
        scaled = (value * full / stated).quantize(Decimal("0.01"))
        readings.append((say("按比例折算"), scaled))
    bench.ask(entry, "", readings, say("满分和规定的不一样"))


def _contradicted(bench: Bench, entry: Entry, left: Decimal) -> None:
    """Score and deduction beside it do not make the full points: nobody knows which of the two is right."""
    bench.report(entry)
    message = say("“{sheet}”表 {cell} {name}得 {value} 分，旁边扣 {taken} 分，合起来不是满分 {full} 分。",
                  **bench.about(entry), value=shown(entry.value), taken=shown(Decimal(entry.beside.exact)),
                  full=shown(entry.item.points))  # fmt: skip
    bench.issue(entry, "score_inconsistent", "error", message, say("核对得分和扣分，改错的一处。"))
    bench.ask(entry, "", [(say("按得分"), entry.value), (say("满分减扣分"), left)], say("得分和扣分对不上"))


def _merged(bench: Bench, entry: Entry) -> None:
    bench.report(entry)
    message = say("“{sheet}”表 {cell} {name}和别的项合并在一个格子里，共 {n} 行，看不出各得几分。",
                  **bench.about(entry), n=entry.merged)  # fmt: skip
    bench.issue(entry, "score_inconsistent", "error", message, say("取消合并，每项写自己的分。"))


def _exact(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
