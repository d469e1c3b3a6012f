"""One figure as a person types it into the form: the rules of a workbook's cells, without a workbook around it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from surveys.definition import Definition
from surveys.definition.said import Said, say
from surveys.intake.cells import PLAIN, REMEDY, factor_in, off_season, strange_unit
from surveys.intake.desk import figure_name
from surveys.intake.numbers import LARGEST, Cleaned, Cleaner, times, too_large

ESTIMATED, MISSING, NOT_APPLICABLE = "estimated", "missing", "not_applicable"
# what the draft keeps: sixteen digits before the point, eight behind it
FINEST = Decimal(1).scaleb(-8)


@dataclass(frozen=True)
class Typed:
    """What was typed means. state: number (`exact` is its decimal text in the base unit), missing, not_applicable or
    bad; `flag` as an observation has it; `reason` the words that say why there is no figure; `notes` what was done to
    the number; `message` why it cannot be kept and what to do."""

    state: str
    exact: str = ""
    flag: str = ""
    reason: str = ""
    notes: tuple[Said, ...] = ()
    message: str = ""


class Typist:
    """Reads what is typed into the cells of one definition."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self.cleaner = Cleaner(definition)

    def read(self, item: str, measure: str, period: str, text: str, factor: str = "1") -> Typed:
        """A text in the cell of (item, measure, period) whose column has the base unit, or one `factor` times as large.
        Never raises for a text; KeyError for an item or a measure that the definition does not have."""
        clean = self.cleaner.clean(text)
        if clean.state == "number":
            return self._number(item, measure, text, clean, factor)
        if clean.state == "not_applicable":
            return Typed("not_applicable", flag=NOT_APPLICABLE)
        if clean.state == "missing":
            return self._missing(item, period, text, clean)
        return Typed("bad", message=self._why(text, clean))

    def _number(self, item: str, measure: str, text: str, clean: Cleaned, factor: str) -> Typed:
        found = factor_in(self.definition, self.cleaner.units, item, measure, clean, factor)
        if found is None:
            strange = strange_unit(clean, figure_name(self.definition, item, measure))
            return Typed("bad", message=self._why(text, strange))
        exact = fitting(times(clean.exact, found))
        if exact is None:
            return Typed("bad", message=self._why(text, too_large(text)))
        if (most := self._most(item)) is not None and Decimal(exact) > most:
            return Typed(
                "bad", message=say("“{raw}”超过满分 {points} 分。", raw=text.strip(), points=f"{most:f}")
            )
        flag = ESTIMATED if clean.kind == "estimated" else ""
        notes = []
        if flag:
            notes.append(say("“{raw}”是约数，标为估计值。", raw=text.strip()))
        if found != factor or factor != "1":
            notes.append(say("“{raw}”按 ×{factor} 换算。", raw=text.strip(), factor=found))
        return Typed("number", exact, flag, notes=tuple(notes))

    def _most(self, item: str) -> Decimal | None:
        """The points of an item of an evaluation; None for any other figure."""
        evaluation = self.definition.evaluation
        return evaluation.item(item).points if evaluation else None

    def _missing(self, item: str, period: str, text: str, clean: Cleaned) -> Typed:
        if off_season(self.definition, item, period):
            return Typed("not_applicable", flag=NOT_APPLICABLE)
        return Typed("missing", flag=MISSING, reason=text.strip() if clean.kind == "pending" else "")

    def _why(self, text: str, clean: Cleaned) -> Said:
        remedy = REMEDY.get(clean.kind, PLAIN)
        if clean.kind == "unit_unknown":
            return say("“{raw}”{what}。{remedy}", raw=text.strip(), what=clean.message, remedy=remedy)
        return say("{what}。{remedy}", what=clean.message, remedy=remedy)


def fitting(exact: str) -> str | None:
    """The decimal text as the draft keeps it, or None if it is too large."""
    value = Decimal(exact)
    if not value.is_finite() or value >= LARGEST:
        return None
    if -value.as_tuple().exponent > 8:
        value = value.quantize(FINEST, rounding=ROUND_HALF_EVEN)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
