"""Cohorts as rows: fixed, and a new version when membership changes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import override

from surveys.benchmarks.models import Cohort, CohortMember
from surveys.benchmarks.names import cohort_name
from surveys.benchmarks.planning import cohort_versions, version_for, wanted_cohorts


@transaction.atomic
def ensure_cohorts(*, year: int) -> dict[str, Cohort]:
    """The cohorts of a year, by code. A changed membership is a new version; a version that fits is used again."""
    stored = cohort_versions()
    return {cohort.code: _cohort(cohort, stored.get(cohort.code, {})) for cohort in wanted_cohorts(year)}


def _cohort(cohort, versions: dict[int, frozenset[str]]) -> Cohort:
    number = version_for(cohort.members, versions)
    if number in versions:
        return Cohort.objects.get(code=cohort.code, version=number)
    with override("zh-hans"):
        label = cohort_name(cohort.code)
    with override("en"):
        label_en = cohort_name(cohort.code)
    made = Cohort.objects.create(
        code=cohort.code,
        version=number,
        dimension=cohort.dimension,
        position=cohort.position,
        label=label,
        label_en=label_en if label_en != label else "",
    )
    CohortMember.objects.bulk_create(
        CohortMember(cohort=made, university_code=code) for code in sorted(cohort.members)
    )
    return made
