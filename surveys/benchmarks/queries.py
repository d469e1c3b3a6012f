"""Reading releases: what the commission, the universities and the public may see. Released cells only.

Everything here is plain data, so that it can leave the role it was read under.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

from django.db.models import F, Q
from django.utils.translation import get_language

from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.figures import PART
from surveys.benchmarks.models import Cell, CellState, Cohort, CompletionSnapshot, Figure, Release
from surveys.catalog.models import Round, Version
from surveys.catalog.names import worded
from surveys.definition import Definition, parse
from surveys.instruments import functions


@lru_cache(maxsize=32)
def definition_of(version_id: int) -> Definition:
    """The definition of a published version; published versions never change, so it is read once per process."""
    return parse(json.loads(Version.objects.values_list("body", flat=True).get(pk=version_id)))


@dataclass(frozen=True)
class Shown:
    """A release as pages name it."""

    id: int
    round_code: str
    period: str
    number: int
    title: str
    frozen_at: datetime.datetime
    frozen_by: str
    note: str
    contributors: int
    rules: tuple[str, ...]
    audits: tuple[str, ...]
    version_id: int
    version_number: int
    factor_set: str
    definition_sha256: str


def releases(instrument: str) -> list[Shown]:
    """Every release of an instrument, the newest period and number first."""
    fields = ("version_id", "version__number")
    rounds = {
        r[0]: r[1:]
        for r in Round.objects.filter(version__instrument_id=instrument).values_list("pk", *fields)
    }
    rows = Release.objects.filter(round_code__in=rounds).order_by("-period", "-frozen_at", "-number")
    return [_shown(row, *rounds[row.round_code]) for row in rows]


def _shown(row: Release, version_id: int, version_number: int) -> Shown:
    return Shown(
        row.pk,
        row.round_code,
        row.period,
        row.number,
        row.title,
        row.frozen_at,
        row.frozen_by_name,
        row.note,
        row.contributors,
        tuple(row.rules),
        tuple(row.audits),
        version_id,
        version_number,
        row.factor_set,
        row.definition_sha256,
    )


def newest_per_period(found: Iterable[Shown]) -> dict[str, Shown]:
    """Period → its newest release, oldest period first."""
    newest: dict[str, Shown] = {}
    for release in found:
        newest.setdefault(release.period, release)
    return dict(sorted(newest.items()))


@dataclass(frozen=True)
class Held:
    """One cell as it may be read. `value` and `n` are None where it is suppressed."""

    value: Decimal | None
    n: int | None
    state: str
    reason: str

    @property
    def carried(self) -> bool:
        return self.state == CellState.CARRIED


NOTHING = Held(None, None, CellState.SUPPRESSED, "")
# (indicator, period, cohort, statistic)
Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Cells:
    """Cells of some releases by place; a place without a cell is NOTHING."""

    held: dict[Place, Held] = field(default_factory=dict, repr=False)
    versions: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)

    def get(self, indicator: str, period: str, cohort: str, statistic: str) -> Held:
        return self.held.get((indicator, period, cohort, statistic), NOTHING)

    def value(self, indicator: str, period: str, cohort: str, statistic: str) -> Decimal | None:
        return self.get(indicator, period, cohort, statistic).value

    def has(self, indicator: str, period: str, cohort: str) -> bool:
        """Whether the release speaks of the cohort at all."""
        return (indicator, period, cohort) in self._spoken

    @cached_property
    def _spoken(self) -> set[tuple[str, str, str]]:
        return {place[:3] for place in self.held}

    def __bool__(self) -> bool:
        return bool(self.held)


def cells(
    of: Iterable[Shown],
    *,
    indicators: Sequence[str] | None = None,
    cohorts: Sequence[str] | None = None,
    full: Shown | None = None,
) -> Cells:
    """The cells of releases, restricted to some indicators and cohorts, in one query. With `full`, only that release
    comes with all cohorts and the parts of totals, the others with the city's figures."""
    rows = Cell.objects.filter(release_id__in=[release.id for release in of])
    if indicators is not None:
        rows = rows.filter(indicator__in=list(indicators))
    if cohorts is not None:
        rows = rows.filter(cohort_code__in=list(cohorts))
    if full is not None:
        city = Q(cohort_code=EVERYONE) & ~Q(indicator__startswith=PART)
        rows = rows.filter(Q(release_id=full.id) | city)
    fields = (
        "indicator",
        "period",
        "cohort_code",
        "statistic",
        "value",
        "n",
        "state",
        "reason",
        "cohort_version",
    )
    found, versions = {}, {}
    for indicator, period, cohort, statistic, value, n, state, reason, version in rows.values_list(*fields):
        found[indicator, period, cohort, statistic] = Held(value, n, state, reason)
        versions[period, cohort] = version
    return Cells(found, versions)


@dataclass(frozen=True)
class Label:
    """A cohort's name in the language of the page."""

    code: str
    dimension: str
    position: int
    text: str


def cohort_labels() -> dict[str, Label]:
    """Code → label, in the order of dimension and position; from the newest version."""
    english = (get_language() or "").startswith("en")
    found: dict[str, Label] = {}
    for row in Cohort.objects.order_by("dimension", "position", "version"):
        text = row.label_en if english and row.label_en else row.label
        found[row.code] = Label(row.code, row.dimension, row.position, text)
    return found


@dataclass(frozen=True)
class Done:
    """Completion of one round on one day: (cohort, state) → count; `on_time` is a state of its own."""

    round_code: str
    title: str
    period: str
    due_at: datetime.datetime
    day: datetime.date
    counts: dict[tuple[str, str], int]

    def of(self, state: str, cohort: str = EVERYONE) -> int:
        return self.counts.get((cohort, state), 0)

    def total(self, cohort: str = EVERYONE) -> int:
        return sum(n for (code, state), n in self.counts.items() if code == cohort and state != "on_time")

    def cohorts(self) -> set[str]:
        return {code for code, _state in self.counts}


def completion() -> list[Done]:
    """The newest snapshot of every round, the round due last first."""
    newest: dict[str, datetime.date] = {}
    counts: dict[str, dict[tuple[str, str], int]] = {}
    rows = CompletionSnapshot.objects.order_by("round_code", "-day")
    for row in rows.values_list("round_code", "day", "cohort_code", "state", "count"):
        code, day, cohort, state, count = row
        if newest.setdefault(code, day) == day:
            counts.setdefault(code, {})[cohort, state] = count
    rounds = Round.objects.filter(pk__in=newest).order_by("-due_at", "code")
    return [Done(r.pk, r.title, r.period, r.due_at, newest[r.pk], counts[r.pk]) for r in rounds]


def own_figures(university_code: str, periods: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """(indicator, period) → the university's own value. Under its role the row policy shows nothing else anyway."""
    rows = Figure.objects.filter(university_code=university_code, period__in=list(periods)).exclude(
        value=None
    )
    return {(i, p): v for i, p, v in rows.values_list("indicator", "period", "value")}


def own_cohorts(university_code: str) -> set[tuple[str, int]]:
    """(cohort, version) the university belongs to. Under its role the row policy shows nothing else anyway."""
    rows = Cohort.objects.filter(members__university_code=university_code)
    return set(rows.values_list("code", "version"))


def city_headlines(instrument: str = "energy") -> list[dict]:
    """The city's headline medians for the front page, the lead figure first, from released cells only; empty before
    the first release.

    Each {label, value, unit, decimals, period, n, frozen_at, before: {period, value} or None}; `before` only where
    the earlier median was released as well.
    """
    module = functions(instrument, "benchmarks")
    if module is None:
        return []
    newest = newest_per_period(releases(instrument))
    keys = list(dict.fromkeys([module.LEAD, *(key for key in module.HEADLINES if key != module.TOTAL)]))
    held = cells(newest.values(), indicators=keys, cohorts=[EVERYONE])
    found = (_headline(module, newest, held, key) for key in keys)
    return [headline for headline in found if headline]


def city_headline(instrument: str = "energy") -> dict | None:
    """The lead figure of city_headlines, None before the first release."""
    return next(iter(city_headlines(instrument)), None)


def _headline(module, newest: dict, held, key: str) -> dict | None:
    known = [p for p in newest if held.value(key, p, EVERYONE, "p50") is not None]
    if not known:
        return None
    release = newest[known[-1]]
    indicator = next(i for i in worded(definition_of(release.version_id)).indicators if i.key == key)
    median = held.get(key, known[-1], EVERYONE, "p50")
    before = known[-2] if len(known) > 1 else None
    return {
        "label": indicator.name,
        "value": median.value,
        "unit": indicator.unit,
        "decimals": module.DECIMALS.get(key, 1),
        "period": release.period,
        "n": median.n,
        "frozen_at": release.frozen_at,
        "before": before and {"period": before, "value": held.value(key, before, EVERYONE, "p50")},
    }


def latest_release_number(round_code: str) -> int:
    """The number of a round's newest release, 0 before the first."""
    numbers = Release.objects.filter(round_code=round_code).order_by(F("number").desc())
    return numbers.values_list("number", flat=True).first() or 0
