"""One question of an upload as a line on the page: what was read, what is suggested, how it can be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from surveys.catalog.names import base_unit, value_name
from surveys.catalog.sentences import sentence, spoken
from surveys.definition import Definition
from surveys.filings import answers as asked
from surveys.filings.models import Upload
from ui.formats import noted, number


@dataclass(frozen=True)
class Choice:
    """One way to answer a question: what is posted, and its words."""

    action: str
    label: str
    value: str = ""
    factor: str = ""


@dataclass(frozen=True)
class Line:
    """One cell of a finding."""

    place: str
    name: str
    value: str
    unit: str
    expected: str
    message: str
    choices: tuple[Choice, ...] = ()
    can_keep: bool = False
    answerable: bool = False
    answered: str = ""
    # further cells of the same finding
    more: int = 0


def question_line(q: asked.Question, upload: Upload, definition: Definition, names: Mapping) -> Line:
    answer = upload.answers.get(q.place)
    unit = base_unit(definition, q.item, q.measure)
    return Line(
        place=q.place,
        name=value_name(definition, q.item, q.measure, q.period, names.get(q.facility, q.facility)),
        value=shown(q.value),
        unit=unit,
        expected=shown(q.suggested),
        message=asks(q, definition),
        choices=_choices(q, unit, definition),
        can_keep=bool(q.value) and asked.is_figure(q.value),
        answerable=q.answerable,
        answered=_answered(q, answer, unit) if answer else "",
    )


def asks(q: asked.Question, definition: Definition) -> str:
    """What a question says; the note of an ambiguity is a part of a sentence elsewhere and begins small."""
    said = spoken(q.message, q.form, definition)
    return said[:1].upper() + said[1:]


def _choices(q: asked.Question, unit: str, definition: Definition) -> tuple[Choice, ...]:
    found: list[Choice] = []
    if q.fix and q.fix.get("action") == "multiply":
        factor = str(q.fix["factor"])
        value = _multiplied(q, factor)
        if value is not None:
            found.append(Choice("multiply", f"×{number(factor)} = {number(value)} {unit}", factor=factor))
    elif q.fix and asked.is_figure(q.fix.get("value") or "x"):
        found.append(Choice("set", f"{number(q.fix['value'])} {unit}", value=str(q.fix["value"])))
    for reading in q.readings:
        value = str(reading.get("value", ""))
        if value and asked.is_figure(value) and not any(_same(c, value, q) for c in found):
            label = sentence(reading, "label", definition) or reading.get("note") or reading.get("unit") or ""
            found.append(Choice("reading", noted(f"{number(value)} {unit}", label), value=value))
    return tuple(found)


def _multiplied(q: asked.Question, factor: str) -> Decimal | None:
    """The product, None where it can be no figure."""
    try:
        return asked.value_of(q, {"action": "multiply", "factor": factor})
    except asked.AnswerError:
        return None


def _same(choice: Choice, value: str, q: asked.Question) -> bool:
    if choice.action == "multiply":
        return _multiplied(q, choice.factor) == Decimal(value)
    return asked.is_figure(choice.value) and Decimal(choice.value) == Decimal(value)


def _answered(q: asked.Question, answer: Mapping, unit: str) -> str:
    if answer["action"] == "missing":
        return _("没有数据，留空")
    value = f"{number(asked.value_of(q, answer))} {unit}"
    return _("%(value)s，原样保留") % {"value": value} if answer["action"] == "keep" else value


def is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except (InvalidOperation, TypeError):
        return False


def shown(text: str) -> str:
    """A number with its thousands, anything else as it stands."""
    return number(text) if text and is_number(text) else (text or "")
