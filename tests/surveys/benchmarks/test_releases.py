"""Releases: what is frozen, and what stays as it was."""

import datetime
from decimal import Decimal

import psycopg.errors
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit.models import AuditEntry
from jobs.operations import enqueue
from jobs.tasks import run_job
from surveys.benchmarks.models import (
    Cell,
    Cohort,
    CompletionSnapshot,
    Figure,
    Release,
    ReleaseContributor,
    Withheld,
)
from surveys.benchmarks.operations import (
    ReleaseError,
    ensure_cohorts,
    make_release,
    snapshot_completion,
    write_figures,
)
from surveys.benchmarks.planning import plan_release
from surveys.catalog.models import Obligation
from tenants.models import University
from tests.surveys.benchmarks import city

pytestmark = pytest.mark.django_db


def cell(release, indicator="per_capita_kwh", cohort="all", statistic="p50", period="2024") -> Cell:
    return Cell.objects.get(
        release=release, indicator=indicator, cohort_code=cohort, statistic=statistic, period=period
    )


def shown(release, cohort, statistic, **more):
    found = cell(release, cohort=cohort, statistic=statistic, **more)
    return found.state, found.value, found.n


def revise(round_, codes, version):
    for code in codes:
        rows = city.rows_of("2024", electricity=500_000, heat=100, gas=2000, water=3000)
        write_figures(submission_id=city.accept(round_, code, rows, version=version).pk)


def test_cells_equal_the_hand():
    """42 universities; number i uses (100000 + 1000 i) × 12 / 10000 = 120 + 1.2 i kWh per head."""
    (round_,) = city.make_city()
    release = city.release(round_)
    # ranks 19, 20, 21 of 0..41 lie nearest to 20.5 (the lower of 19 and 22)
    assert shown(release, "all", "p50") == ("released", Decimal("144"), 42)
    assert shown(release, "all", "p25") == ("released", Decimal("132"), 42)
    assert shown(release, "all", "mean") == (
        "released",
        Decimal("120") + Decimal("1.2") * Decimal("20.5"),
        42,
    )
    assert shown(release, "all", "ratio") == ("released", Decimal("144.6"), 42)
    # finance are numbers 24 to 29
    assert shown(release, "kind-finance", "mean") == (
        "released",
        Decimal("120") + Decimal("1.2") * Decimal("26.5"),
        6,
    )
    assert shown(release, "kind-finance", "p50") == ("suppressed", None, None)
    assert shown(release, "kind-arts", "mean") == ("suppressed", None, None)
    total = sum(Figure.objects.filter(indicator="energy_kgce").values_list("value", flat=True))
    assert shown(release, "all", "sum", indicator="energy_kgce") == ("released", total, 42)
    assert release.contributors == 42


def test_suppressed_cells_tell_neither_value_nor_rule_to_whoever_reads_cells():
    (round_,) = city.make_city()
    release = city.release(round_)
    hidden = Cell.objects.filter(release=release, state="suppressed")
    assert set(hidden.values_list("value", "n")) == {(None, None)}
    assert set(hidden.values_list("reason", flat=True)) == {"withheld", "quantile"}
    assert set(Withheld.objects.values_list("rule", flat=True)) >= {"1", "3"}


def test_release_says_which_rules_were_applied_and_that_no_audit_ran():
    (round_,) = city.make_city()
    release = city.release(round_)
    assert (release.rules, release.audits) == (["1@1", "2@1", "3@1", "4@1", "5@1"], [])
    assert AuditEntry.objects.filter(action="release.made", actor_id=city.STAFF.id).count() == 1


def test_four_universities_release_nothing():
    (round_,) = city.make_city(kinds=["normal"] * 4)
    with pytest.raises(ReleaseError, match="没有可发布的数"):
        city.release(round_)
    assert not Release.objects.exists()


def test_releasing_again_without_a_change_is_refused():
    (round_,) = city.make_city()
    city.release(round_)
    with pytest.raises(ReleaseError, match="没有差别"):
        city.release(round_)


def test_two_corrections_are_carried_over_and_the_first_release_stays():
    (round_,) = city.make_city()
    first = city.release(round_)
    before = list(Cell.objects.filter(release=first).order_by("pk").values_list("value", "n", "state"))
    revise(round_, ["zq000", "zq001"], version=2)
    second = city.release(round_)
    assert second.number == 2
    assert shown(second, "all", "p50") == ("carried", Decimal("144"), 42)
    assert cell(second).reason == "correction"
    # engineering has not changed, comprehensive has
    assert shown(second, "kind-engineering", "mean") == shown(first, "kind-engineering", "mean")
    assert shown(second, "kind-comprehensive", "mean")[0] == "carried"
    assert (
        list(Cell.objects.filter(release=first).order_by("pk").values_list("value", "n", "state")) == before
    )


def test_corrections_add_up_over_releases_until_five_changed():
    (round_,) = city.make_city()
    city.release(round_)
    revise(round_, ["zq000", "zq001"], version=2)
    city.release(round_)
    revise(round_, ["zq002", "zq003", "zq004"], version=2)
    third = city.release(round_)
    state, value, n = shown(third, "all", "mean")
    expected = (sum(Decimal(120) + Decimal("1.2") * i for i in range(5, 42)) + 5 * Decimal(600)) / 42
    assert (state, value, n) == ("released", expected.quantize(Decimal("0.00000001")), 42)


def test_frozen_release_cannot_be_changed_by_the_application():
    (round_,) = city.make_city()
    city.release(round_)
    for model in (Release, Cell, Withheld, ReleaseContributor):
        for statement in ("DELETE FROM {}", "TRUNCATE {}", "UPDATE {0} SET {1} = {1}"):
            with (
                pytest.raises(ProgrammingError) as caught,
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement.format(model._meta.db_table, model._meta.pk.column))
            assert type(caught.value.__cause__) is psycopg.errors.InsufficientPrivilege


def test_plan_shows_what_would_be_released_and_writes_nothing():
    (round_,) = city.make_city()
    plan = plan_release(round_.pk)
    assert (plan.contributors, plan.counts["carried"]) == (42, 0)
    assert not Release.objects.exists() and not Cohort.objects.exists()
    arts = [c.rule for c in plan.cells if c.key.cohort == "kind-arts" and c.key.statistic == "mean"]
    assert set(arts) == {"1"}


def test_job_makes_one_release_even_when_it_runs_twice():
    (round_,) = city.make_city()
    job = enqueue(kind="benchmarks.release", arguments={"round": round_.pk}, actor_id=77, actor_name="沈秘书")
    run_job(str(job.pk))
    type(job).objects.filter(pk=job.pk).update(state="running")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"round": "energy-2024", "number": 1})
    assert Release.objects.count() == 1


def test_cohorts_get_a_new_version_when_membership_changes_and_the_old_one_stays():
    city.make_universities(["normal"] * 6)
    first = ensure_cohorts(year=2024)
    again = ensure_cohorts(year=2024)
    assert {c: x.pk for c, x in again.items()} == {c: x.pk for c, x in first.items()}
    University.objects.filter(code="zq000").update(kind="arts")
    changed = ensure_cohorts(year=2024)
    assert (changed["kind-normal"].version, changed["kind-arts"].version) == (2, 1)
    assert first["kind-normal"].members.count() == changed["kind-normal"].members.count() + 1
    University.objects.filter(code="zq000").update(kind="normal")
    assert ensure_cohorts(year=2024)["kind-normal"].version == 1


def test_structure_of_the_city_is_released_month_by_month():
    (round_,) = city.make_city()
    release = city.release(round_)
    january = Figure.objects.filter(indicator="part.heat", period="2024-01").values_list("value", flat=True)
    assert shown(release, "all", "sum", indicator="part.heat", period="2024-01") == (
        "released",
        sum(january),
        42,
    )
    # nobody heats in July: a zero
    assert shown(release, "all", "sum", indicator="part.heat", period="2024-07") == ("released", 0, 42)


def test_carrier_that_one_university_uses_is_not_to_be_had_from_the_totals():
    def rows(period, i):
        found = city.plain_rows(period, i)
        if i == 3:
            found.append(
                {
                    "facility": "",
                    "item": "raw_coal",
                    "measure": "quantity",
                    "period": "2024-01",
                    "value": Decimal(900),
                }
            )
        return found

    (round_,) = city.make_city(rows=rows)
    release = city.release(round_)
    states = {
        (c.indicator, c.period): c.state
        for c in Cell.objects.filter(release=release, indicator__startswith="part.")
    }
    january = {key: state for key, state in states.items() if key[1] == "2024-01"}
    assert january["part.other", "2024-01"] == "suppressed"
    hidden = [key for key, state in january.items() if state == "suppressed"]
    assert len(hidden) >= 2


def test_completion_counts_the_city_and_cohorts_of_five_and_never_a_handful():
    (round_,) = city.make_city()
    Obligation.objects.filter(university_code="zq000").update(state="returned")
    snapshot_completion(now=city.NOW, day=datetime.date(2026, 5, 8))
    rows = CompletionSnapshot.objects.filter(round_code=round_.pk)
    city_rows = {r.state: r.count for r in rows.filter(cohort_code="all")}
    assert city_rows == {"accepted": 41, "returned": 1, "on_time": 42}
    # normal has four and arts three: left out, together seven
    kinds = {r.cohort_code for r in rows.filter(cohort_code__startswith="kind-")}
    assert kinds == {"kind-comprehensive", "kind-engineering", "kind-finance", "kind-medical"}


def test_completion_of_a_day_is_replaced_and_another_day_is_added():
    city.make_city(kinds=["normal"] * 6)
    day = datetime.date(2026, 5, 8)
    first = snapshot_completion(now=city.NOW, day=day)
    assert snapshot_completion(now=city.NOW, day=day) == first
    snapshot_completion(now=city.NOW, day=day + datetime.timedelta(days=1))
    assert CompletionSnapshot.objects.count() == 2 * first


def test_completion_leaves_a_cohort_out_when_the_rest_would_be_a_handful():
    city.make_city(kinds=["normal"] * 6 + ["arts"] * 7 + ["medical"] * 2)
    snapshot_completion(now=city.NOW, day=datetime.date(2026, 5, 8))
    kinds = CompletionSnapshot.objects.filter(cohort_code__startswith="kind-").values_list(
        "cohort_code", flat=True
    )
    assert set(kinds) == {"kind-arts"}


def test_release_of_an_unknown_round_by_the_job_says_so():
    job = enqueue(kind="benchmarks.release", arguments={"round": "nowhere"}, actor_id=77, actor_name="沈秘书")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "没有这个批次。")


def test_release_with_the_operation_names_who_made_it():
    (round_,) = city.make_city()
    release = make_release(round_code=round_.pk, actor=city.STAFF, now=city.NOW, note="首次")
    assert (release.frozen_by_name, release.note, release.frozen_at) == ("沈秘书", "首次", city.NOW)
