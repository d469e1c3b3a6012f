"""The indicators of a seal as the reviewer sees them: computed from the seal by the numbered functions it names.

Figures that count arise at acceptance, elsewhere; these are for looking.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from functools import lru_cache

from surveys import instruments
from surveys.catalog.names import unit_name, worded
from surveys.catalog.queries import definition_of
from surveys.definition import Definition, Indicator
from surveys.submissions.models import Submission
from surveys.submissions.queries import sealed_figures


@dataclass(frozen=True)
class Computed:
    """One indicator over the whole period, now and in the accepted seal a year earlier; None where it has no value."""

    indicator: Indicator
    now: float | None
    before: float | None

    @property
    def name(self) -> str:
        return self.indicator.name

    @property
    def unit(self) -> str:
        return unit_name(self.indicator.unit)

    @property
    def decimals(self) -> int:
        """Decimals for looking: none from a thousand on, two below ten."""
        largest = max(abs(value) for value in (self.now, self.before, 0.0) if value is not None)
        return 0 if largest >= 1000 else 1 if largest >= 10 else 2

    @property
    def change(self) -> float | None:
        return None if self.now is None or not self.before else self.now / self.before - 1


def headline_key(definition: Definition) -> str:
    """The indicator that stands for the whole in a list: the first one that relates to a size; '' without one."""
    return next((i.key for i in definition.indicators if i.denominator), "")


def indicators_of(submission: Submission, earlier: Submission | None) -> list[Computed]:
    """Every indicator that has a value in either year, in the order of the definition."""
    definition = worded(definition_of(submission.round.version))
    now, before = values_of(submission), values_of(earlier) if earlier else {}
    shown = [i for i in definition.indicators if now.get(i.key) is not None or before.get(i.key) is not None]
    return [Computed(i, now.get(i.key), before.get(i.key)) for i in shown]


def values_of(submission: Submission) -> dict[str, float | None]:
    """Indicator → value over the whole period of the round."""
    definition = definition_of(submission.round.version)
    return _compute(submission, definition, tuple(i.key for i in definition.indicators))


def headline(submission_id: uuid.UUID, earlier_id: uuid.UUID | None) -> Computed | None:
    """The headline indicator of a seal beside that of an earlier one; None for an instrument without indicators."""
    definition, key, value = _headline(submission_id)
    before = _headline(earlier_id)[2] if earlier_id else None
    found = next((i for i in worded(definition).indicators if i.key == key), None)
    return Computed(found, value, before) if found else None


@lru_cache(maxsize=2048)
def _headline(submission_id: uuid.UUID) -> tuple[Definition, str, float | None]:
    """A seal never changes, so this is computed once per process."""
    submission = Submission.objects.select_related("round__version").get(pk=submission_id)
    definition = definition_of(submission.round.version)
    key = headline_key(definition)
    return definition, key, _compute(submission, definition, (key,)).get(key) if key else None


def _compute(
    submission: Submission, definition: Definition, keys: tuple[str, ...]
) -> dict[str, float | None]:
    module = instruments.functions(definition.code, "indicators")
    # part of a period has no indicator of the whole: it is withheld, not scaled
    if module is None or submission.declared.get("covers"):
        return {}
    frame = sealed_figures(submission)
    if not len(frame):
        return {}
    period = submission.round.period
    denominators = [
        {"key": key, "period": period, "value": entry["value"]}
        for key, entry in submission.denominators.items()
    ]
    table = module.compute(frame, denominators, definition, keys=keys, whole_period=period)
    pairs = zip(table["indicator"], table["value"], strict=True)
    return {key: None if math.isnan(value) else float(value) for key, value in pairs}
