"""The clerk's own workbook ends up in the draft, value for value."""

from decimal import Decimal

import pytest

from surveys.catalog.models import Obligation
from surveys.filings import operations, queries
from surveys.filings.errors import FilingError
from surveys.filings.models import Event, ObservationChange, Upload, UploadState, Writer

from .conftest import NOW, receive, run, sample, truth

pytestmark = pytest.mark.django_db


def test_sample_e01_arrives_in_the_draft_value_for_value(filing, clerk):
    upload = receive(filing, sample("e01"), clerk.actor)
    run(upload)
    counts = operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
    drafted = {
        (row["item"], row["measure"], row["period"]): row["value"]
        for row in queries.values_of(filing)
        if row["value"] is not None
    }
    expected = {
        (o["item"], o["measure"], o["month"]): Decimal(str(o["value"])) for o in truth("e01")["observations"]
    }
    assert drafted.keys() == expected.keys()
    assert all(abs(drafted[key] - value) <= abs(value) / 10**6 for key, value in expected.items())
    assert counts.inserted >= 130
    assert Obligation.objects.get(round_id="energy-2024").state == "draft"
    assert list(Writer.objects.values_list("actor_id", "what")) == [(clerk.pk, "value")]
