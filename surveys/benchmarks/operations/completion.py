"""Completion of a day, as counts."""

from __future__ import annotations

import datetime
from collections import Counter

from django.db import transaction

from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.models import CompletionSnapshot
from surveys.benchmarks.planning import wanted_cohorts, year_of
from surveys.catalog.models import Round
from surveys.catalog.queries import is_on_time, stands

LEAST_COHORT = 5


@transaction.atomic
def snapshot_completion(*, now: datetime.datetime, day: datetime.date) -> int:
    """Counts who stands where in every statistics round that has opened, for the city and for cohorts of five and more.

    A dimension whose left-out cohorts hold one to four universities loses its smallest cohort too. Running it again
    on the same day replaces the day's counts. Returns how many rows there are.
    """
    rows = []
    for round in Round.objects.filter(opens_at__lte=now, version__instrument__kind="statistics"):
        obligations = list(round.obligations.select_related("round"))
        for cohort, members in _counted_cohorts(round, {row.university_code for row in obligations}).items():
            mine = [row for row in obligations if row.university_code in members]
            counts = Counter(stands(row) for row in mine)
            counts["on_time"] = sum(is_on_time(row) is True for row in mine)
            rows += [
                CompletionSnapshot(day=day, round_code=round.pk, cohort_code=cohort, state=state, count=count)
                for state, count in counts.items()
            ]
    CompletionSnapshot.objects.filter(day=day).delete()
    CompletionSnapshot.objects.bulk_create(rows)
    return len(rows)


def _counted_cohorts(round: Round, owing: set[str]) -> dict[str, set[str]]:
    """Cohort → the universities that owe the round, as far as the counts may leave."""
    found = {EVERYONE: owing}
    by_dimension: dict[str, list[set[str]]] = {}
    for cohort in wanted_cohorts(year_of(round.period)):
        members = cohort.members & owing
        if cohort.dimension != EVERYONE and members:
            by_dimension.setdefault(cohort.dimension, []).append((cohort.code, members))
    for cohorts in by_dimension.values():
        shown = sorted((c for c in cohorts if len(c[1]) >= LEAST_COHORT), key=lambda c: (len(c[1]), c[0]))
        while shown and 0 < len(owing) - sum(len(members) for _code, members in shown) < LEAST_COHORT:
            shown = shown[1:]
        found |= dict(shown)
    return found if owing else {}
