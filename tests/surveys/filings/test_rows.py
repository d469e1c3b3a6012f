"""Rows on their way into the draft, to the checks and into the seal: nothing is lost or changed on it."""

from decimal import Decimal

import pandas as pd
import pytest

from surveys.filings import operations, queries
from surveys.filings.models import Observation
from surveys.filings.operations.loading import BLOCK
from surveys.submissions.payload import canonical
from tests.surveys.filings.conftest import NOW

pytestmark = pytest.mark.django_db

ODD = ("", "二\t栏", "两\n行\r", 'C:\\new "x"', "\\N", "分\u2028段\u0085", "‘’'%s{}")
VALUES = ("0", "0.00000001", "12.5", "100", "1234567890123456.12345678", "-3.1", "")


def odd_frame(rows: int) -> pd.DataFrame:
    """Rows whose texts need every kind of escape, in no order, some without a value."""
    frame = pd.DataFrame(
        [
            {
                "facility": f"楼{rows - n}",
                "item": "water",
                "measure": "quantity",
                "period": "2024-01",
                "exact": VALUES[n % len(VALUES)],
                "flag": "" if VALUES[n % len(VALUES)] else "missing",
                **{name: ODD[(n + place) % len(ODD)] for place, name in enumerate(("text", "sheet", "raw"))},
                "cell": f"C{n + 2}",
            }
            for n in range(rows)
        ]
    )
    return frame.assign(value=pd.to_numeric(frame["exact"]))


def load(filing, frame, actor):
    return operations.load_frame(filing=filing, frame=frame, upload_id=None, actor=actor, now=NOW)


def test_every_text_arrives_as_it_was_over_more_than_one_block(filing, clerk):
    frame = odd_frame(BLOCK + 1)
    load(filing, frame, clerk.actor)
    names = ("facility", "text", "flag", "sheet", "cell", "raw")
    stored = Observation.objects.filter(filing_id=filing.pk).order_by("facility")
    wanted = frame.sort_values("facility")[list(names)].itertuples(index=False, name=None)
    assert list(stored.values_list(*names)) == list(wanted)


def test_figures_that_are_checked_are_those_of_the_draft_with_their_shortest_decimals(filing, clerk):
    frame = odd_frame(20)
    load(filing, frame, clerk.actor)
    found = queries.figures_of(filing).to_frame()
    wanted = frame.sort_values("facility", ignore_index=True)
    pd.testing.assert_frame_equal(found, wanted[list(found.columns)].astype(found.dtypes))


def test_an_empty_draft_has_no_figures(filing):
    assert len(queries.figures_of(filing)) == 0
    assert canonical(queries.rows_of(filing)) == b""


def test_rows_read_for_the_seal_give_the_bytes_of_rows_read_as_decimals(filing, clerk):
    load(filing, odd_frame(50), clerk.actor)
    exactly = queries.values_of(filing)
    assert {type(row["value"]) for row in exactly} == {Decimal, type(None)}
    assert canonical(queries.rows_of(filing)) == canonical(exactly)
