"""Figures equal numbers worked out by hand, once, from the newest accepted seal."""

from decimal import Decimal

import pytest

from jobs.models import Job, JobState
from jobs.operations import enqueue
from jobs.tasks import run_job
from surveys.benchmarks.models import Figure
from surveys.benchmarks.operations import missing_figures, write_figures
from surveys.benchmarks.tasks import catch_up
from tests.surveys.benchmarks import city

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(db):
    return city.make_round("2024", city.make_universities(["normal"]))


def values(**where) -> dict:
    rows = Figure.objects.filter(**where)
    return {(f.indicator, f.period): (f.value, f.numerator, f.denominator) for f in rows}


def rows(**changed):
    return city.rows_of(
        "2024", **({"electricity": 100_000, "heat": 100, "gas": 2000, "water": 3000} | changed)
    )


def test_figures_of_one_university_equal_the_hand(round_):
    city_rows = rows()
    seal = city.accept(round_, "zq000", city_rows)
    write_figures(submission_id=seal.pk)
    # heat: 5+5+3+3+5 = 21 heating units of 100 GJ
    electricity, gas, heat = Decimal(1_200_000), Decimal(24_000), Decimal(2_100)
    energy = electricity * Decimal("0.1229") + gas * Decimal("1.33") + heat * Decimal("34.12")
    found = values(period="2024")
    eight = Decimal("0.00000001")
    assert energy == Decimal("251052")
    assert found["energy_kgce", "2024"] == (energy, None, None)
    assert found["eui_kgce_m2", "2024"] == ((energy / 200_000).quantize(eight), energy, Decimal(200_000))
    assert found["per_capita_water", "2024"] == (Decimal("3.6"), Decimal(36_000), Decimal(10_000))
    assert found["per_capita_kwh", "2024"] == (Decimal(120), electricity, Decimal(10_000))
    assert found["heat_kgce_m2", "2024"][:2] == (
        (heat * Decimal("34.12") / 150_000).quantize(eight), heat * Decimal("34.12"),
    )  # fmt: skip
    assert found["price_electricity", "2024"] == (Decimal("0.6"), Decimal(720_000), electricity)
    # nobody stated standard heads
    assert ("std_student_water", "2024") not in found


def test_parts_of_a_month_add_up_to_its_total_and_the_months_to_the_year(round_):
    write_figures(submission_id=city.accept(round_, "zq000", rows()).pk)
    found = {key: value for key, (value, _n, _d) in values(indicator__startswith="part.").items()}
    assert found["part.electricity", "2024-07"] == Decimal("12290")
    assert found["part.heat", "2024-07"] == 0
    assert found["part.heat", "2024-01"] == Decimal("17060")
    assert found["part.natural_gas", "2024-01"] == Decimal("2660")
    assert found["part.other", "2024-01"] == 0
    totals = {p: v for (i, p), v in found.items() if i == "part.total"}
    assert len(totals) == 12
    for month, total in totals.items():
        assert total == sum(v for (i, p), v in found.items() if p == month and i != "part.total")
    assert sum(totals.values()) == Figure.objects.get(indicator="energy_kgce").value


def test_buildings_sum_to_the_university(round_):
    halves = [
        row | {"facility": name, "value": row["value"] * share / 4}
        for row in rows()
        for name, share in (("b1", 1), ("b2", 3))
    ]
    write_figures(submission_id=city.accept(round_, "zq000", halves).pk)
    assert Figure.objects.get(indicator="energy_kgce").value == Decimal("251052")


def test_writing_twice_changes_nothing(round_):
    seal = city.accept(round_, "zq000", rows())
    write_figures(submission_id=seal.pk)
    before = values()
    write_figures(submission_id=seal.pk)
    assert values() == before


def test_the_newest_accepted_version_counts_whichever_job_runs_last(round_):
    first = city.accept(round_, "zq000", rows())
    second = city.accept(round_, "zq000", rows(electricity=50_000), version=2)
    write_figures(submission_id=second.pk)
    write_figures(submission_id=first.pk)
    assert Figure.objects.get(indicator="per_capita_kwh").value == Decimal(60)
    assert set(Figure.objects.values_list("submission_id", flat=True)) == {second.pk}


def test_an_indicator_that_fell_away_leaves_no_old_figure(round_):
    write_figures(submission_id=city.accept(round_, "zq000", rows()).pk)
    without = {"headcount": {"value": "10000", "calibre": "enrolled"}}
    write_figures(submission_id=city.accept(round_, "zq000", rows(), denominators=without, version=2).pk)
    assert not Figure.objects.filter(indicator="eui_kgce_m2").exists()


def test_job_writes_the_figures(round_):
    seal = city.accept(round_, "zq000", rows())
    job = enqueue(kind="benchmarks.figures", arguments={"submission": str(seal.pk)})
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"figures": Figure.objects.count()})


def test_job_for_a_seal_that_is_not_there_says_so():
    job = enqueue(kind="benchmarks.figures", arguments={"submission": "0" * 32})
    run_job(str(job.pk))
    assert Job.objects.get().message == "没有这份报送件。"


def test_catching_up_queues_accepted_seals_without_figures(round_):
    seal = city.accept(round_, "zq000", rows())
    assert missing_figures() == [seal.pk]
    assert catch_up() == 1
    write_figures(submission_id=seal.pk)
    assert catch_up() == 0
