"""Writing figures, cohorts, releases and completion. Each is one transaction; figures and snapshots may be repeated."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.operations import record
from surveys.benchmarks import disclosure
from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.disclosure import State
from surveys.benchmarks.figures import PART, figures
from surveys.benchmarks.models import (
    Cell,
    Cohort,
    CohortMember,
    CompletionSnapshot,
    Figure,
    Release,
    ReleaseContributor,
    Withheld,
)
from surveys.benchmarks.names import cohort_name
from surveys.benchmarks.planning import (
    Plan,
    cohort_versions,
    plan_release,
    version_for,
    wanted_cohorts,
    year_of,
)
from surveys.benchmarks.queries import definition_of, latest_release_number
from surveys.catalog.models import Obligation, Round
from surveys.definition import Definition
from surveys.submissions.models import Decision, DecisionKind, Submission
from surveys.submissions.queries import payload_frame

LEAST_COHORT = 5


class ReleaseError(Exception):
    """A release that cannot be made; the text is for the person who asked."""


@transaction.atomic
def write_figures(*, submission_id: uuid.UUID | str) -> int:
    """Computes the figures of a university's round from its newest accepted seals and replaces what was there.

    `submission_id` is any seal of the round and university. Repeating it changes nothing. Returns how many figures
    there are; 0 when nothing is accepted (yet, or any more). Raises Submission.DoesNotExist.
    """
    submission = Submission.objects.select_related("round__version").get(pk=submission_id)
    round, university = submission.round, submission.university_code
    # two acceptances at once: the second waits and then sees both
    list(
        Obligation.objects.select_for_update().filter(round=round, university_code=university).order_by("pk")
    )
    definition = definition_of(round.version_id)
    seals = accepted_seals(round.pk, university)
    values = figures(_frame(seals), _denominators(seals), definition, round.period) if seals else []
    _clear(round, definition, university)
    source = seals[0] if seals else submission
    factor_set = source.factor_set or definition.factor_set(definition.basis_default).key
    Figure.objects.bulk_create(
        Figure(
            indicator=v.indicator,
            period=v.period,
            university_code=university,
            value=v.value,
            numerator=v.numerator,
            denominator=v.denominator,
            submission_id=source.pk,
            function=v.function,
            factor_set=factor_set,
        )
        for v in values
    )
    return len(values)


def accepted_seals(round_code: str, university_code: str) -> list[Submission]:
    """The newest accepted seal of each filing unit, the university's own first."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    rows = Submission.objects.filter(Exists(accepted), round_id=round_code, university_code=university_code)
    newest = {row.unit: row for row in rows.order_by("version")}
    return [newest[unit] for unit in sorted(newest)]


def missing_figures() -> list[uuid.UUID]:
    """Accepted seals of statistics whose figures are missing or come from another version: what the figures job has
    not done. Newest seals of their filing only."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    rows = Submission.objects.filter(Exists(accepted), round__version__instrument__kind="statistics", unit="")
    newest: dict[tuple[str, str], uuid.UUID] = {}
    for pk, round_code, university in rows.order_by("version").values_list(
        "pk", "round_id", "university_code"
    ):
        newest[round_code, university] = pk
    done = set(Figure.objects.values_list("submission_id", flat=True).distinct())
    return [pk for pk in newest.values() if pk not in done]


def _frame(seals: Iterable[Submission]) -> pd.DataFrame:
    return pd.concat([payload_frame(seal) for seal in seals], ignore_index=True)


def _denominators(seals: Iterable[Submission]) -> dict:
    """The university's own where it filed as a whole, else the first that has them."""
    found: dict = {}
    for seal in seals:
        found = dict(seal.denominators) | found
    return {key: entry for key, entry in found.items() if entry.get("value") not in (None, "")}


def _clear(round: Round, definition: Definition, university: str) -> None:
    keys = [indicator.key for indicator in definition.indicators]
    annual = Q(indicator__in=keys, period=round.period)
    parts = Q(indicator__startswith=PART, period__startswith=f"{round.period}-")
    Figure.objects.filter(annual | parts, university_code=university).delete()


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
    made = Release.objects.filter(job_id=job_id).first() if job_id else None
    if made is not None:
        return made
    ensure_cohorts(year=year_of(Round.objects.values_list("period", flat=True).get(pk=round_code)))
    plan = plan_release(round_code)
    _refuse_empty(plan)
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
    _freeze_cells(release, plan)
    _freeze_contributors(release, plan)
    record(
        actor_id=actor.id,
        action="release.made",
        object_type="release",
        object_id=f"{round_code}/{release.number}",
    )
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


# quantiles are missing for a number everyone can count; the other rules are not told apart
PUBLIC_REASONS = {"3": "quantile", "5": "correction"}


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


@transaction.atomic
def snapshot_completion(*, now: datetime.datetime, day: datetime.date) -> int:
    """Counts who stands where in every round that has opened, for the city and for cohorts of five and more.

    A dimension whose left-out cohorts hold one to four universities loses its smallest cohort too. Running it again
    on the same day replaces the day's counts. Returns how many rows there are.
    """
    rows = []
    for round in Round.objects.filter(opens_at__lte=now):
        obligations = list(round.obligations.values_list("university_code", "state", "first_sealed_at"))
        for cohort, members in _counted_cohorts(round, {code for code, _state, _at in obligations}).items():
            mine = [(state, at) for code, state, at in obligations if code in members]
            counts = Counter(state for state, _at in mine)
            counts["on_time"] = sum(1 for _state, at in mine if at is not None and at < round.due_at)
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
