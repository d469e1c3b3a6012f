"""The clerk's answers to what intake asked, and the frame they lead to: frame and plain data in and out.

An answer belongs to a place (`Sheet1!C14`):
  {"action": "multiply", "factor": "10000"}   the value times the factor (a unit slip)
  {"action": "set", "value": "1.5"}           this value, in the base unit
  {"action": "reading", "value": "915900"}    one of the readings of an ambiguous cell, in the base unit
  {"action": "keep", "reason": "…"}           the value as it stands in the file; the reason is kept
  {"action": "missing"}                       no figure; the blank needs a reason before the draft is handed in
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from surveys.definition.said import SAID

ACTIONS = ("multiply", "set", "reading", "keep", "missing")
# answered by matching names, not by a value
ELSEWHERE = ("facility_unknown",)
# answered by confirming what a header means, as long as there is one to confirm
HEADERS = ("unmapped_column", "mapping_unclear")
KEY = ("facility", "item", "measure", "period")
UNKNOWN = {"item": "", "measure": "", "period": "", "value": "", "expected": ""}


class AnswerError(ValueError):
    """An answer that cannot be used; the text says why."""


@dataclass(frozen=True)
class Question:
    """One place that holds up the writing: an error of a cell, or a cell with more than one honest reading."""

    place: str
    sheet: str
    cell: str
    facility: str
    item: str
    measure: str
    period: str
    value: str
    suggested: str
    readings: tuple[Mapping[str, str], ...]
    fix: Mapping[str, str] | None
    kind: str
    rule: str
    message: str
    # how the message is made (`surveys.definition.said`); None where nothing is put into it
    form: list | None = None

    @property
    def answerable(self) -> bool:
        """Whether it is known which figure the cell is: otherwise only a better file helps."""
        return bool(self.item and self.measure and self.period)


def place_of(sheet: str | None, cell: str | None) -> str:
    """`sheet!cell`."""
    return f"{sheet or ''}!{cell or ''}"


def places_of(issue: Mapping[str, Any]) -> list[str]:
    """Every place a finding speaks of, its own first: `cells` names further ones as `C5` or `Sheet1!C5`."""
    own = [place_of(issue.get("sheet"), issue["cell"])] if issue.get("cell") else []
    more = [c if "!" in c else place_of(issue.get("sheet"), c) for c in issue.get("cells", ())]
    return list(dict.fromkeys([*own, *more])) or [place_of(issue.get("sheet"), None)]


def is_of_header(issue: Mapping[str, Any], report: Mapping[str, Any]) -> bool:
    """Whether a finding goes when the headers are confirmed, so that it is no question of its own."""
    return issue["kind"] in HEADERS and bool(report.get("to_confirm"))


def questions(report: Mapping[str, Any]) -> list[Question]:
    """Everything that must be answered before the frame can be written, in the order of the file."""
    asked = {place_of(a["sheet"], a["cell"]): a for a in report.get("ambiguous", ())}
    found: dict[str, Question] = {}
    for issue in report.get("issues", ()):
        if issue["severity"] != "error" or issue["kind"] in ELSEWHERE or is_of_header(issue, report):
            continue
        for number, place in enumerate(places_of(issue)):
            # which figure a further cell is, the finding does not say; an ambiguity of the same cell may
            facts = issue if number == 0 else {**issue, **UNKNOWN}
            merged = {**facts, **{k: v for k, v in asked.get(place, {}).items() if v}}
            merged[SAID] = {**facts.get(SAID, {}), **asked.get(place, {}).get(SAID, {})}
            sheet, _sep, cell = place.rpartition("!")
            found.setdefault(place, _question(place, {**merged, "sheet": sheet, "cell": cell}, issue))
    for place, cell in asked.items():
        found.setdefault(place, _question(place, cell, {}))
    return list(found.values())


def open_questions(report: Mapping[str, Any], answers: Mapping[str, Mapping]) -> list[Question]:
    """The questions without an answer."""
    return [question for question in questions(report) if question.place not in answers]


def check(question: Question, answer: Mapping[str, str]) -> dict[str, str]:
    """The answer as it is kept. Raises AnswerError when it does not fit the question."""
    action = answer.get("action")
    if action not in ACTIONS:
        raise AnswerError(_("没有选择怎么改。"))
    if not question.answerable:
        raise AnswerError(_("这一格不知道是哪个数，改好表格后重新上传。"))
    if action == "keep" and not (answer.get("reason") or "").strip():
        raise AnswerError(_("写明为什么这个数没有错。"))
    if action == "keep" and not question.value:
        raise AnswerError(_("这一格没有读出数，不能照原样写入。"))
    made = {
        name: str(answer[name]).strip()
        for name in ("action", "factor", "value", "reason")
        if answer.get(name)
    }
    value_of(question, made)
    return made


def value_of(question: Question, answer: Mapping[str, str]) -> Decimal | None:
    """The figure an answer leads to, in the base unit; None for no figure. Raises AnswerError."""
    action = answer["action"]
    if action == "missing":
        return None
    if action in ("set", "reading"):
        value = _number(answer.get("value"))
        if action == "reading" and value not in _readable(question):
            raise AnswerError(_("这不是给出的读法之一。"))
        return value
    value = _number(question.value)
    return value if action == "keep" else _number(str(value * _number(answer.get("factor"))))


def is_figure(text: Any) -> bool:
    """Whether a text can be the value of a figure: what is not offered as an answer either."""
    try:
        _number(text)
    except AnswerError:
        return False
    return True


def answered(frame, report: Mapping[str, Any], answers: Mapping[str, Mapping]):
    """The frame with one more row per answered question. Cells with an open question are in no row already."""
    import pandas as pd

    rows = []
    for question in questions(report):
        answer = answers.get(question.place)
        if answer is None:
            continue
        value = value_of(question, answer)
        text = "" if value is None else format(value, "f")
        rows.append(
            {
                **{name: getattr(question, name) for name in KEY},
                "value": None if value is None else float(value),
                "exact": text,
                "flag": "missing" if value is None else "",
                "text": "",
                "sheet": question.sheet,
                "cell": question.cell,
                "raw": question.value,
            }
        )
    if not rows:
        return frame
    places = {(row["sheet"], row["cell"]) for row in rows}
    keep = [(s, c) not in places for s, c in zip(frame["sheet"], frame["cell"], strict=True)]
    extra = pd.DataFrame(rows, columns=list(frame.columns))
    return pd.concat([frame[keep], extra.astype({"value": "float64"})], ignore_index=True)


def _question(place: str, cell: Mapping[str, Any], issue: Mapping[str, Any]) -> Question:
    facts = {
        name: str(cell.get(name) or "")
        for name in ("sheet", "cell", *KEY, "value", "kind", "rule", "message")
    }
    suggested = str(cell.get("suggested") or cell.get("expected") or "")
    readings = tuple(cell.get("readings") or ())
    said = "message" if facts["message"] else "note"
    facts["message"] = str(cell.get(said) or "")
    form = (cell.get(SAID) or {}).get(said)
    return Question(
        place, suggested=suggested, readings=readings, fix=issue.get("fix") or None, form=form, **facts
    )


def _readings(question: Question) -> list[Mapping[str, str]]:
    extra = [{"value": question.suggested}] if question.suggested else []
    return [*question.readings, *extra]


def _readable(question: Question) -> set[Decimal]:
    """The readings that can be a figure."""
    texts = [reading.get("value") for reading in _readings(question)]
    return {_number(text) for text in texts if is_figure(text)}


def _number(text: Any) -> Decimal:
    try:
        number = Decimal(str(text or "").replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise AnswerError(_("“%(text)s”不是数。只填数字，例如 1234.5。") % {"text": text}) from None
    if not number.is_finite() or number < 0:
        raise AnswerError(_("用量和费用不能是负数。"))
    if number >= Decimal(10) ** 16:
        raise AnswerError(_("数太大了，核对单位。"))
    return number
