"""The scores of one part of an evaluation: what is scored, what is missing, what it comes to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from surveys.definition import Criterion, Evaluation
from surveys.definition.evaluation import SCORE
from surveys.instruments.grading import Scores

# the flag of a row whose item does not apply
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class ScoreSheet:
    """One part (a facility, or the university's own) with its items, and what was filed of them: `rows` by the item's
    key, {value, flag, text}."""

    items: tuple[Criterion, ...]
    rows: Mapping[str, Mapping] = field(default_factory=dict)

    @property
    def scores(self) -> Scores:
        """Points by item, None for what does not apply; items without a score are not there."""
        return scores_in(self.rows.values())

    @property
    def unscored(self) -> tuple[Criterion, ...]:
        """Items that nobody scored yet."""
        scores = self.scores
        return tuple(item for item in self.items if item.key not in scores)

    @property
    def unreasoned(self) -> tuple[Criterion, ...]:
        """Items that are said not to apply, and nobody said why."""
        return tuple(item for item in self.items if self._left_out(item) and not self.rows[item.key]["text"])

    def _left_out(self, item: Criterion) -> bool:
        return item.key in self.rows and self.rows[item.key]["flag"] == NOT_APPLICABLE

    @property
    def scored(self) -> int:
        """How many items have a score or do not apply."""
        return len(self.items) - len(self.unscored)

    @property
    def given(self) -> Fraction:
        """Points in all."""
        return sum((Fraction(points) for points in self.scores.values() if points is not None), Fraction(0))

    @property
    def out_of(self) -> Decimal:
        """The points of the items that apply."""
        return sum((item.points for item in self.items if not self._left_out(item)), Decimal(0))


def score_sheet(evaluation: Evaluation, unit: str, rows: Iterable[Mapping]) -> ScoreSheet:
    """The sheet of a part from rows {facility, item, measure, value, flag, text}; what belongs to another
    part is left out."""
    items = tuple(evaluation.items_of(facility=bool(unit)))
    keys = {item.key for item in items}
    mine = {
        row["item"]: row for row in rows
        if row["facility"] == unit and row["measure"] == SCORE and row["item"] in keys
    }  # fmt: skip
    return ScoreSheet(items, mine)


def scores_in(rows: Iterable[Mapping]) -> dict[str, Decimal | None]:
    """Points by item of rows {item, measure, value, flag}."""
    found: dict[str, Decimal | None] = {}
    for row in rows:
        if row["measure"] != SCORE:
            continue
        if row["value"] is not None:
            found[row["item"]] = Decimal(row["value"])
        elif row["flag"] == NOT_APPLICABLE:
            found[row["item"]] = None
    return found
