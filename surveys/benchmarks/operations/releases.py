"""Freezing a release."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import record
from jobs.failpoints import reach
from surveys.benchmarks import disclosure
from surveys.benchmarks.disclosure import State
from surveys.benchmarks.models import Cell, Release, ReleaseContributor, Withheld
from surveys.benchmarks.operations.cohorts import ensure_cohorts
from surveys.benchmarks.planning import Plan, plan_release, year_of
from surveys.benchmarks.queries import latest_release_number
from surveys.catalog.models import Round

# quantiles are missing for a number everyone can count; the other rules are not told apart
PUBLIC_REASONS = {"3": "quantile", "5": "correction"}


class ReleaseError(Exception):
    """A release that cannot be made; the text is for the person who asked."""


@dataclass(frozen=True)
class By:
    """Who makes a release."""

    id: int
    name: str


@transaction.atomic
def make_release(
    *,
    round_code: str,
    actor: By,
    now: datetime.datetime,
    note: str = "",
    job_id: uuid.UUID | str | None = None,
) -> Release:
    """Plans and freezes a release of a round. Earlier releases stay as they are. With `job_id`, a job that runs
    again gets the release it made.

    `actor` has `id` and `name`. Raises ReleaseError when there is nothing to release or nothing new.
    """
    Round.objects.select_for_update().get(pk=round_code)
    reach("release.locked")
    made = Release.objects.filter(job_id=job_id).first() if job_id else None
    if made is not None:
        return made
    ensure_cohorts(year=year_of(Round.objects.values_list("period", flat=True).get(pk=round_code)))
    plan = plan_release(round_code)
    _refuse_empty(plan)
    reach("release.planned")
    release = Release.objects.create(
        period=plan.round.period,
        number=latest_release_number(round_code) + 1,
        round_code=round_code,
        title=plan.round.title,
        note=note,
        contributors=plan.contributors,
        rules=list(disclosure.RULES),
        audits=list(plan.audits),
        definition_sha256=plan.definition.definition_hash,
        factor_set=plan.definition.factor_set(plan.definition.basis_default).key,
        frozen_at=now,
        frozen_by_id=actor.id,
        frozen_by_name=actor.name,
        job_id=job_id,
    )
    reach("release.written")
    _freeze_cells(release, plan)
    reach("release.cells")
    _freeze_contributors(release, plan)
    reach("release.contributors")
    record(
        actor_id=actor.id,
        action="release.made",
        object_type="release",
        object_id=f"{round_code}/{release.number}",
    )
    reach("release.recorded")
    return release


def _refuse_empty(plan: Plan) -> None:
    if not any(cell.state is not State.SUPPRESSED for cell in plan.cells):
        raise ReleaseError(_("没有可发布的数：已接受的学校不足 5 所，或都不满足披露规则。"))
    if not has_news(plan):
        raise ReleaseError(_("和上一版没有差别，不需要再发布。"))


def has_news(plan: Plan) -> bool:
    """Whether the plan differs from the round's newest release in any value, count or state."""
    last = Release.objects.filter(round_code=plan.round.pk).order_by("-number").first()
    if last is None:
        return True
    rows = last.cells.values_list("indicator", "period", "cohort_code", "statistic", "value", "n", "state")
    before = {tuple(row) for row in rows}
    return before != {(*_place(cell), *_visible(cell), str(cell.state)) for cell in plan.cells}


def _place(cell: disclosure.Cell) -> tuple[str, str, str, str]:
    return cell.key.indicator, cell.key.period, cell.key.cohort, str(cell.key.statistic)


def _visible(cell: disclosure.Cell) -> tuple:
    """Value and count as they may leave; a suppressed cell has neither."""
    return (None, None) if cell.state is State.SUPPRESSED else (cell.value, cell.n)


def _freeze_cells(release: Release, plan: Plan) -> None:
    rows = []
    for cell in plan.cells:
        indicator, period, cohort, statistic = _place(cell)
        value, n = _visible(cell)
        rows.append(
            Cell(
                release=release,
                indicator=indicator,
                period=period,
                cohort_code=cohort,
                cohort_version=cell.version,
                statistic=statistic,
                value=value,
                n=n,
                state=str(cell.state),
                reason=PUBLIC_REASONS.get(cell.rule, "withheld") if cell.rule else "",
            )
        )
    stored = Cell.objects.bulk_create(rows)
    Withheld.objects.bulk_create(
        Withheld(cell=row, rule=cell.rule) for row, cell in zip(stored, plan.cells, strict=True) if cell.rule
    )


def _freeze_contributors(release: Release, plan: Plan) -> None:
    ReleaseContributor.objects.bulk_create(
        ReleaseContributor(
            release=release,
            indicator=one.indicator,
            period=one.period,
            university_code=row.university,
            value=row.value,
            numerator=row.numerator,
            denominator=row.denominator,
        )
        for one in plan.series
        for row in one.rows
    )
