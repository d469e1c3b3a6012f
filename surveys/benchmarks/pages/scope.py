"""The scope of a page: which year, compared with which, which cohorts; and the released cells in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import ModuleType

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.benchmarks import queries
from surveys.benchmarks.cohorts import EVERYONE, KIND
from surveys.benchmarks.names import DIMENSIONS
from surveys.benchmarks.queries import Cells, Held, Label, Shown
from surveys.catalog.names import worded
from surveys.definition import Definition, Indicator
from surveys.instruments import functions
from ui.formats import iso_day


@dataclass(frozen=True)
class Scope:
    """A page's choice and what it may show. `period` is the year shown, `base` the one it is compared with ('' when
    there is no other), `dimension` how the city is divided."""

    instrument: str
    period: str
    base: str
    dimension: str
    newest: Mapping[str, Shown]
    cells: Cells = field(repr=False)
    labels: Mapping[str, Label] = field(repr=False)

    @property
    def release(self) -> Shown:
        return self.newest[self.period]

    @property
    def periods(self) -> list[str]:
        return list(self.newest)

    @property
    def definition(self) -> Definition:
        """In the reader's words."""
        return worded(queries.definition_of(self.release.version_id))

    def say(self, text: str) -> str:
        """A text of the instrument's benchmarks in the reader's language."""
        return self.definition.say(text, get_language() or "")

    @property
    def content(self) -> ModuleType:
        """What the instrument says about its benchmarks: headlines, parts, decimals."""
        return functions(self.instrument, "benchmarks")

    @property
    def source(self) -> str:
        """The line under every picture."""
        values = {
            "title": self.release.title, "number": self.release.number, "day": iso_day(self.release.frozen_at),
            "n": self.release.contributors,
        }  # fmt: skip
        return _("%(title)s，发布第 %(number)s 版，%(day)s 冻结，%(n)s 所") % values

    @property
    def query(self) -> str:
        """The choice as the end of an address."""
        return f"?year={self.period}&base={self.base}&by={self.dimension}"

    def indicator(self, key: str) -> Indicator:
        """Raises KeyError for an indicator the release's definition has not."""
        found = next((i for i in self.definition.indicators if i.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def decimals(self, key: str) -> int:
        return self.content.DECIMALS.get(key, 1)

    def cohorts(self) -> list[Label]:
        """The cohorts of the chosen dimension that the release speaks of."""
        there = {cohort for period, cohort in self.cells.versions if period == self.period}
        return [
            label
            for label in self.labels.values()
            if label.dimension == self.dimension and label.code in there
        ]

    def held(self, indicator: str, statistic: str, cohort: str = EVERYONE, period: str = "") -> Held:
        return self.cells.get(indicator, period or self.period, cohort, statistic)

    def series(self, indicator: str, statistic: str, cohort: str = EVERYONE) -> list[Decimal | None]:
        """One value per period of the scope, oldest first."""
        return [self.cells.value(indicator, period, cohort, statistic) for period in self.periods]


def scope_of(
    instrument: str, choice: Mapping[str, str], *, indicators: Sequence[str] | None = None
) -> Scope | None:
    """The scope a request asks for; None before the first release. Unknown years and divisions fall back to the
    newest and to kinds. `indicators` restricts what is read (None: all of the instrument)."""
    newest = queries.newest_per_period(queries.releases(instrument))
    if not newest:
        return None
    periods = list(newest)
    period = choice.get("year") if choice.get("year") in newest else periods[-1]
    earlier = [p for p in periods if p < period]
    others = [p for p in periods if p != period]
    base = choice.get("base") if choice.get("base") in others else (earlier[-1] if earlier else "")
    dimension = choice.get("by") if choice.get("by") in DIMENSIONS else KIND
    cells = queries.cells(newest.values(), indicators=indicators, full=newest[period])
    return Scope(instrument, period, base, dimension, newest, cells, queries.cohort_labels())


def change_of(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The relative change as a ratio; None where one side is unknown or zero."""
    return None if now is None or not before else now / before - 1


def references(scope: Scope, key: str) -> list[tuple[str, Decimal, bool, object]]:
    """Reference values of an indicator, the newest first: (label, value, counted differently, the definition's row)."""
    rows = [r for r in scope.definition.reference_values if key in r.values]
    different = key in scope.content.OTHER_BASIS
    found = [(f"{r.scope} {r.year}", r.values[key], different, r) for r in rows]
    return sorted(found, key=lambda item: (item[3].national, item[3].year), reverse=True)
