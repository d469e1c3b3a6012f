"""What a release would be: figures, cohorts and earlier releases go into the pure rules. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from surveys.benchmarks import disclosure
from surveys.benchmarks.cohorts import EVERYONE, Member, Wanted, wanted
from surveys.benchmarks.disclosure import Contributor, Group, Key, Live, Nesting, Published, Series, State
from surveys.benchmarks.disclosure.plan import vector_of
from surveys.benchmarks.figures import PART, PART_TOTAL
from surveys.benchmarks.models import Cell, Cohort, CohortMember, Figure, Release, ReleaseContributor
from surveys.benchmarks.queries import definition_of
from surveys.catalog.models import Round
from surveys.definition import Definition
from surveys.instruments import functions
from tenants.models import University, UniversityKind, UniversityState, UniversityYear

# rule 6 enters here (DESIGN §8); what ran is stored with each release
AUDITS: tuple[disclosure.Audit, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A release before it is frozen. `cells` in the order of indicators, cohorts and statistics."""

    round: Round
    definition: Definition
    groups: tuple[Group, ...]
    series: tuple[Series, ...]
    cells: tuple[disclosure.Cell, ...] = field(repr=False)
    audits: tuple[str, ...] = ()

    @property
    def contributors(self) -> int:
        """How many universities have any figure in it."""
        return len({row.university for one in self.series for row in one.rows})

    @property
    def counts(self) -> dict[str, int]:
        """State → how many cells."""
        found = {str(state): 0 for state in State}
        for cell in self.cells:
            found[cell.state] += 1
        return found


def plan_release(round_code: str, *, audits: Sequence[disclosure.Audit] | None = None) -> Plan:
    """The release that would be made now: every cell with its state and the rule that took it back.

    Reads figures, so it needs the association's role. Raises Round.DoesNotExist.
    """
    audits = AUDITS if audits is None else tuple(audits)
    round = Round.objects.select_related("version__instrument").get(pk=round_code)
    definition = definition_of(round.version_id)
    groups = current_groups(year_of(round.period))
    series = series_of(round, definition)
    live = live_releases(round)
    cells = disclosure.plan(series, groups, nestings=nestings(definition, series), live=live, audits=audits)
    return Plan(
        round, definition, tuple(groups), tuple(series), tuple(cells), tuple(audit.name for audit in audits)
    )


def year_of(period: str) -> int:
    """The year a period lies in."""
    return int(period[:4])


def wanted_cohorts(year: int) -> list[Wanted]:
    """The cohorts of the active universities, by their sizes of `year` or the last year before it."""
    students: dict[int, int] = {}
    for university, count in (
        UniversityYear.objects.filter(year__lte=year)
        .order_by("year")
        .values_list("university_id", "students")
    ):
        students[university] = count
    rows = University.objects.filter(state=UniversityState.ACTIVE).values_list("pk", "code", "kind")
    return wanted((Member(code, kind, students.get(pk)) for pk, code, kind in rows), UniversityKind.values)


def cohort_versions() -> dict[str, dict[int, frozenset[str]]]:
    """Every stored cohort: code → version → members."""
    members: dict[int, set[str]] = defaultdict(set)
    for cohort, university in CohortMember.objects.values_list("cohort_id", "university_code"):
        members[cohort].add(university)
    found: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for pk, code, version in Cohort.objects.values_list("pk", "code", "version"):
        found[code][version] = frozenset(members[pk])
    return found


def version_for(members: frozenset[str], versions: dict[int, frozenset[str]]) -> int:
    """The newest version with exactly these members, else the next number."""
    same = [number for number, stored in versions.items() if stored == members]
    return max(same) if same else max(versions, default=0) + 1


def current_groups(year: int) -> list[Group]:
    """The cohorts of a year with the version they have, or would get."""
    stored = cohort_versions()
    return [
        Group(
            cohort.code,
            version_for(cohort.members, stored.get(cohort.code, {})),
            cohort.dimension,
            cohort.members,
        )
        for cohort in wanted_cohorts(year)
    ]


def series_of(round: Round, definition: Definition) -> list[Series]:
    """The round's figures as series: indicators in the definition's order, then the parts of the total by month."""
    keys = [indicator.key for indicator in definition.indicators]
    annual = Figure.objects.filter(indicator__in=keys, period=round.period)
    parts = Figure.objects.filter(indicator__startswith=PART, period__startswith=f"{round.period}-")
    found = _as_series(annual | parts, "value")
    order = {key: place for place, key in enumerate(keys)}
    return sorted(found, key=lambda s: (order.get(s.indicator, len(order)), s.period, s.indicator))


def _as_series(rows, value: str) -> list[Series]:
    grouped: dict[tuple[str, str], list[Contributor]] = defaultdict(list)
    fields = ("indicator", "period", "university_code", value, "numerator", "denominator")
    for indicator, period, university, number, top, bottom in rows.exclude(value=None).values_list(*fields):
        grouped[indicator, period].append(Contributor(university, number, top, bottom))
    return [
        _one_series(key, tuple(sorted(rows, key=lambda r: r.university))) for key, rows in grouped.items()
    ]


def _one_series(key: tuple[str, str], rows: tuple[Contributor, ...]) -> Series:
    ratio = all(row.denominator is not None for row in rows)
    return Series(*key, "ratio" if ratio else "sum", rows, everyone_only=key[0].startswith(PART))


def nestings(definition: Definition, series: Iterable[Series]) -> list[Nesting]:
    """The year's total is made of its months, each month of its parts."""
    module = functions(definition.code, "benchmarks")
    there = [(one.indicator, one.period) for one in series if one.indicator.startswith(PART)]
    months = sorted({period for _indicator, period in there})
    if module is None or not months:
        return []
    totals = tuple((PART_TOTAL, month) for month in months)
    year = [Nesting((module.TOTAL, months[0][:4]), totals)]
    return year + [
        Nesting((PART_TOTAL, month), tuple((i, p) for i, p in there if p == month and i != PART_TOTAL))
        for month in months
    ]


def live_releases(round: Round) -> list[Live]:
    """All releases of the round's instrument and period, oldest first, with what was known after each."""
    instrument = round.version.instrument_id
    rounds = Round.objects.filter(version__instrument_id=instrument, period=round.period).values_list(
        "pk", flat=True
    )
    members = cohort_versions()
    known: dict[Key, Published] = {}
    found = []
    for place, release in enumerate(Release.objects.filter(round_code__in=list(rounds)).order_by("pk"), 1):
        known = known | _published(release, members)
        found.append(Live(place, known))
    return found


def _published(release: Release, members: dict[str, dict[int, frozenset[str]]]) -> dict[Key, Published]:
    """What a release itself published anew, with the contributors behind it."""
    rows = {
        (one.indicator, one.period): one.rows
        for one in _as_series(ReleaseContributor.objects.filter(release=release), "value")
    }
    found = {}
    for cell in Cell.objects.filter(release=release, state=State.RELEASED):
        group = members[cell.cohort_code][cell.cohort_version]
        inside = [row for row in rows[cell.indicator, cell.period] if row.university in group]
        key = Key(cell.indicator, cell.period, cell.cohort_code, cell.statistic)
        found[key] = Published(cell.value, cell.n, vector_of(inside, cell.statistic))
    return found


__all__ = ["AUDITS", "EVERYONE", "Plan", "current_groups", "plan_release", "wanted_cohorts"]
