"""What the checks of a draft are told of universities of the same kind: released cells, nothing else."""

import pytest

from surveys.benchmarks import queries
from surveys.catalog.peers import peers_of
from surveys.filings.intake_context import context_of
from tenants.context import in_university
from tests.surveys.benchmarks import city
from tests.surveys.factories import make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def released():
    """A city with one released year."""
    (round_,) = city.make_city()
    city.release(round_)
    return round_


def test_peers_are_the_released_quartiles_and_nothing_else(released):
    with in_university("alpha"):
        found = peers_of("energy", "alpha", "2025")
    cells = queries.cells(queries.releases("energy"))
    cohorts = {label.text: code for code, label in queries.cohort_labels().items()}

    def held(key: str, band: dict) -> list[str]:
        return [
            str(cells.value(key, released.period, cohorts[band["kind"]], name)) for name in ("p25", "p75")
        ]

    assert {key: [band["p25"], band["p75"]] for key, band in found.items()} == {
        key: held(key, band) for key, band in found.items()
    }


def test_release_of_a_later_year_is_not_looked_at(released):
    with in_university("alpha"):
        assert peers_of("energy", "alpha", str(int(released.period) - 1)) == {}


def test_intake_is_told_of_the_peers(released):
    round_ = make_round("NY2025", "2025")
    with in_university("alpha"):
        context = context_of(round_, None, "alpha")
    assert set(context.peers["eui_kgce_m2"]) == {"kind", "period", "p25", "p75"}
