"""The boundary (边界) in words: the same before signing, on a seal's pages, on its paper and in the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from surveys.catalog.names import item_name, unit_name
from surveys.definition import Boundary, Definition
from surveys.submissions.boundary import INCLUDED, NONE, Answers
from surveys.submissions.pages.declared import Declared, by_whom
from ui.formats import labelled, listed, noted, number

WORDS = {"none": lazy("没有"), "deducted": lazy("已扣除"), "included": lazy("未扣除，含在内")}


@dataclass(frozen=True)
class BoundaryLine:
    """What is said of one boundary: `said` the choice in words, `amounts` what was deducted; `open`: it is inside the
    figures, and `reason` says why."""

    key: str
    name: str
    choice: str
    said: str
    amounts: tuple[str, ...]
    reason: str

    @property
    def open(self) -> bool:
        return self.choice == INCLUDED

    @property
    def answer(self) -> str:
        """已扣除（电力 12,000 kWh）"""
        return noted(self.said, self.reason or (listed(self.amounts) if self.amounts else ""))

    @property
    def sentence(self) -> str:
        return labelled(self.name, self.answer)


def boundary_lines(definition: Definition, answers: Answers) -> list[BoundaryLine]:
    """Answers {boundary: answer} as a seal keeps them, in the order of the definition."""
    known = [each for each in definition.boundaries if each.key in answers]
    return [boundary_line(definition, each, answers[each.key]) for each in known]


def boundary_line(definition: Definition, known: Boundary, answer: Mapping) -> BoundaryLine:
    kept = answer["amounts"]
    amounts = tuple(amount(definition, item, kept[item]) for item in known.items if item in kept)
    choice = answer["choice"]
    return BoundaryLine(known.key, known.name, choice, str(WORDS[choice]), amounts, answer["reason"])


def answer_words(definition: Definition, key: str, answer: Mapping | None) -> str:
    """One answer in one line; the word for none where it was taken away."""
    known = next(each for each in definition.boundaries if each.key == key)
    return boundary_line(definition, known, answer).answer if answer else _("还没有选")


def amount(definition: Definition, item: str, kept: Mapping) -> str:
    """电力 12,000 kWh, with a mark where it is an estimate."""
    unit = unit_name(definition.unit_of(item, definition.measures[0].key))
    text = f"{item_name(definition, item)} {number(Decimal(kept['value']))} {unit}"
    return noted(text, _("估计")) if kept.get("flag") == "estimated" else text


def boundary_differences(
    definition: Definition, before: Answers, after: Answers
) -> list[tuple[str, str, str]]:
    """(name, what was said, what is said) of the boundaries that two versions do not share."""
    found = []
    for known in definition.boundaries:
        one, other = before.get(known.key), after.get(known.key)
        if one != other:
            said = [boundary_line(definition, known, each).answer if each else "" for each in (one, other)]
            found.append((_("边界：%(name)s") % {"name": known.name}, *said))
    return found


def boundary_part(definition: Definition, declared: Mapping) -> dict | None:
    """What pages and papers show of the boundary in a seal's declarations: a line for each where there is somebody,
    the names of the others in one, who said it; None where nothing is declared."""
    entry = declared.get("boundary")
    if not entry:
        return None
    found = boundary_lines(definition, entry["answers"])
    there = [line for line in found if line.choice != NONE]
    nobody = [line.name for line in found if line.choice == NONE]
    return {
        "lines": there,
        "nobody": listed(nobody) if nobody else "",
        "sentences": [
            *(line.sentence for line in there),
            *([labelled(WORDS[NONE], listed(nobody))] if nobody else []),
        ],
        "open": [line for line in there if line.open],
        "by": by_whom(entry),
    }


def boundary_notices(definition: Definition, declared: Mapping) -> list[Declared]:
    """What is inside the figures, as the reviewer is told first."""
    part = boundary_part(definition, declared)
    return [
        Declared(_("%(name)s含在用量里，没有扣除") % {"name": line.name}, line.reason, part["by"])
        for line in (part or {}).get("open", ())
    ]
