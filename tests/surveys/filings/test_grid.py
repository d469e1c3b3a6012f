"""What is typed into the grid: cleaned by intake's rules, written together and once, nothing lost."""

import time
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from surveys.filings import operations, queries
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.models import Event, Explanation, Observation, ObservationChange
from surveys.filings.readiness import readiness
from tenants.context import in_public
from tenants.facilities.models import Campus, Facility

from .conftest import NOW, person, receive, run, sample
from .helpers import fill

pytestmark = pytest.mark.django_db

MONTHS = [f"2024-{n:02d}" for n in range(1, 13)]


def edit(
    text: str, period: str = "2024-01", item: str = "electricity", measure: str = "quantity", **said
) -> dict:
    return {"item": item, "measure": measure, "period": period, "text": text, **said}


def save(filing, actor, *edits, revision=None, batch=None):
    filing.refresh_from_db()
    return operations.save_cells(
        filing=filing,
        edits=edits,
        revision=revision or filing.revision,
        batch=batch or uuid.uuid4(),
        actor=actor,
        now=NOW,
    )


def values(filing) -> dict[str, tuple]:
    """period → (value, flag, raw) of the electricity used."""
    rows = Observation.objects.filter(filing_id=filing.pk, item="electricity", measure="quantity")
    return {row.period: (row.value, row.flag, row.raw) for row in rows}


def reasons(filing) -> dict[str, str]:
    return dict(Explanation.objects.filter(filing=filing, rule="blank").values_list("period", "text"))


def test_what_is_typed_is_kept_in_the_base_unit_and_as_it_was_typed(filing, clerk):
    saved = save(filing, clerk.actor, edit("12.3万"), edit("约3000", "2024-02"), edit("0", "2024-03"))
    assert (saved.changed, saved.revision) == (3, 2)
    assert values(filing) == {
        "2024-01": (Decimal(123000), "", "12.3万"),
        "2024-02": (Decimal(3000), "estimated", "约3000"),
        "2024-03": (Decimal(0), "", ""),
    }


def test_what_cannot_be_read_is_told_and_the_rest_stands(filing, clerk):
    saved = save(filing, clerk.actor, edit("abc"), edit("12元", "2024-02"), edit("5", "2024-03"))
    told = {key[3]: typed.message for key, typed in saved.typed.items() if typed.state == "bad"}
    assert told == {
        "2024-01": "“abc”不是数字。改成纯数字，单位写在表头。",
        "2024-02": "“12元”的单位“元”不能用于电力用量。改成纯数字，单位写在表头。",
    }
    assert values(filing) == {"2024-03": (Decimal(5), "", "")}


def test_nothing_that_can_be_read_writes_nothing(filing, clerk):
    saved = save(filing, clerk.actor, edit("abc"))
    assert (saved.changed, saved.revision, Event.objects.count()) == (0, 1, 0)


def test_a_write_leaves_one_event_one_trace_a_hand_and_what_was_there(filing, clerk):
    save(filing, clerk.actor, edit("100"), edit("200", "2024-02"))
    save(filing, clerk.actor, edit("101"), edit("200", "2024-02"))
    events = Event.objects.values_list("revision", "kind", "facts__changed")
    assert list(events) == [(2, "edited", 2), (3, "edited", 1)]
    with in_public():
        assert AuditEntry.objects.filter(action="filing.edited").count() == 2
    assert [writer.what for writer in queries.writers_of(filing, 1)] == ["value"]
    changes = ObservationChange.objects.filter(period="2024-01").order_by("revision")
    shown = [(c.revision, c.before and c.before["value"], c.after["value"]) for c in changes]
    assert shown == [(2, None, "100"), (3, "100.00000000", "101")]


def test_flag_is_what_the_person_says_where_they_say_it(filing, clerk):
    save(
        filing,
        clerk.actor,
        edit("100", flag="estimated"),
        edit("约100", "2024-02", flag=""),
        edit("", "2024-03", flag="not_applicable"),
    )
    assert {period: row[:2] for period, row in values(filing).items()} == {
        "2024-01": (Decimal(100), "estimated"),
        "2024-02": (Decimal(100), ""),
        "2024-03": (None, "not_applicable"),
    }


def test_taking_the_estimate_away_is_a_change(filing, clerk):
    save(filing, clerk.actor, edit("约100"))
    assert save(filing, clerk.actor, edit("100", flag="")).changed == 1
    assert values(filing)["2024-01"][1] == ""


@pytest.mark.parametrize("typed", [edit("", reason="表坏"), edit("表坏")])
def test_blank_with_a_reason_is_missing_and_explained(filing, clerk, typed):
    save(filing, clerk.actor, typed)
    assert values(filing)["2024-01"][:2] == (None, "missing")
    assert reasons(filing) == {"2024-01": "表坏"}
    assert {writer.what for writer in queries.writers_of(filing, 1)} == {"value", "explanation"}


def test_a_figure_takes_the_reason_for_the_blank_away(filing, clerk):
    save(filing, clerk.actor, edit("", reason="表坏"))
    save(filing, clerk.actor, edit("7"))
    assert (values(filing)["2024-01"][0], reasons(filing)) == (Decimal(7), {})


def test_a_reason_alone_is_an_explanation(filing, clerk):
    save(filing, clerk.actor, edit("", reason="表坏"))
    saved = save(filing, clerk.actor, edit("", reason="未抄表"))
    assert (saved.revision, reasons(filing)) == (3, {"2024-01": "未抄表"})
    assert Event.objects.last().kind == "explained"


def test_a_figure_of_a_hand_that_is_taken_away_leaves_no_column_behind(filing, round_, clerk):
    save(filing, clerk.actor, edit("7"), edit("3", item="raw_coal"))
    assert len(readiness(filing, round_, "alpha", NOW).gaps) == 2
    save(filing, clerk.actor, edit("", item="raw_coal"))
    assert not Observation.objects.filter(item="raw_coal").exists()
    assert [gap.item for gap in readiness(filing, round_, "alpha", NOW).gaps] == ["electricity"]
    gone = ObservationChange.objects.filter(item="raw_coal").last()
    assert (gone.before["value"], gone.after) == ("3.00000000", None)


def test_a_figure_of_a_workbook_that_is_taken_away_stays_known_as_missing(filing, clerk):
    upload = receive(filing, sample("e01"), clerk.actor)
    run(upload)
    operations.load_upload(upload=upload, revision=1, actor=clerk.actor, now=NOW)
    save(filing, clerk.actor, edit(""))
    assert values(filing)["2024-01"] == (None, "missing", "")


def test_undo_of_the_upload_keeps_what_was_typed_since(filing, clerk):
    upload = receive(filing, sample("e01"), clerk.actor)
    run(upload)
    operations.load_upload(upload=upload, revision=1, actor=clerk.actor, now=NOW)
    save(filing, clerk.actor, edit("77"))
    operations.undo_upload(upload=upload, actor=clerk.actor, now=NOW)
    assert values(filing) == {"2024-01": (Decimal(77), "", "")}


def test_blank_out_of_season_needs_no_reason(filing, clerk):
    save(filing, clerk.actor, edit("—", "2024-07", "heat"))
    assert Observation.objects.get(item="heat").flag == "not_applicable"


def test_a_blank_that_was_blank_is_no_change(filing, clerk):
    assert save(filing, clerk.actor, edit("")).changed == 0


def test_the_same_batch_comes_twice_and_is_written_once(filing, clerk):
    batch = uuid.uuid4()
    edits = (edit("100"), edit("abc", "2024-02"))
    first = save(filing, clerk.actor, *edits, revision=1, batch=batch)
    again = save(filing, clerk.actor, *edits, revision=1, batch=batch)
    assert (first.again, again.again, first.revision, again.revision) == (False, True, 2, 2)
    # what could not be read is told again
    assert again.typed == first.typed
    assert Event.objects.count() == 1


@pytest.fixture
def other(haijin):
    return person("alpha", "clerk", name="白露")


def test_a_batch_that_comes_again_after_somebody_else_wrote_does_not_undo_them(other, filing, clerk):
    batch = uuid.uuid4()
    save(filing, clerk.actor, edit("100"), revision=1, batch=batch)
    save(filing, other.actor, edit("200"))
    assert save(filing, clerk.actor, edit("100"), revision=1, batch=batch).again
    assert values(filing)["2024-01"][0] == 200


def test_a_batch_is_the_persons_own(other, filing, clerk):
    batch = uuid.uuid4()
    save(filing, clerk.actor, edit("100"), revision=1, batch=batch)
    with pytest.raises(Conflict):
        save(filing, other.actor, edit("200"), revision=1, batch=batch)


def test_a_stale_revision_is_a_conflict_and_writes_nothing(filing, clerk):
    save(filing, clerk.actor, edit("100"))
    with pytest.raises(Conflict):
        save(filing, clerk.actor, edit("200", "2024-02"), revision=1)
    assert list(values(filing)) == ["2024-01"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (edit("1", item="gold"), "表样里没有这个数：gold quantity。"),
        (edit("1", "2023-01"), "2023-01 不在本批次的期间里。"),
        (edit("1", facility="X9"), "没有登记“X9”这处楼宇。"),
    ],
)
def test_a_place_that_cannot_be_is_refused_whole(filing, clerk, typed, text):
    with pytest.raises(FilingError, match=text):
        save(filing, clerk.actor, edit("5", "2024-05"), typed)
    assert values(filing) == {}


def test_one_place_twice_in_a_batch_is_refused(filing, clerk):
    with pytest.raises(FilingError, match="出现两次"):
        save(filing, clerk.actor, edit("5"), edit("6"))


def test_figures_of_a_building_stand_beside_those_of_the_whole(filing, clerk):
    campus = Campus.objects.create(code="m", name="主校区")
    Facility.objects.create(code="B1", name="一教", campus=campus)
    save(filing, clerk.actor, edit("5"), edit("3", facility="B1"))
    rows = queries.values_of(filing)
    assert [(row["facility"], row["value"]) for row in rows] == [("", 5), ("B1", 3)]


def test_the_checks_are_run_with_every_write(filing, clerk):
    edits = [edit("50000", p) for p in MONTHS] + [edit("30000", p, measure="cost") for p in MONTHS]
    save(filing, clerk.actor, *edits)
    filing.refresh_from_db()
    flat = {issue["rule"] for issue in filing.issues}
    assert "V09" in flat
    save(filing, clerk.actor, *[edit(str(50000 + 977 * n * n % 9000), p) for n, p in enumerate(MONTHS)])
    filing.refresh_from_db()
    assert "V09" not in {i["rule"] for i in filing.issues if i["measure"] == "quantity"}


def test_four_hundred_cells_take_few_queries_and_less_than_half_a_second(filing, clerk):
    items = [item.key for item in queries.definition_of(filing_round(filing)).items]
    edits = [
        edit(str(1000 + n), period, item, measure)
        for item in items
        for measure in ("quantity", "cost")
        for n, period in enumerate(MONTHS)
    ]
    save(filing, clerk.actor, edit("1"))
    with CaptureQueriesContext(connection) as counted:
        began = time.perf_counter()
        saved = save(filing, clerk.actor, *edits)
        took = time.perf_counter() - began
    assert (saved.changed, len(counted) < 60) == (384, True)
    assert took < 0.5


def filing_round(filing):
    from surveys.catalog.models import Round

    return Round.objects.get(pk=filing.round_code)


def test_a_whole_filing_typed_is_ready_to_be_handed_in(filing, round_, clerk):
    fill(filing, round_, clerk.actor)
    assert readiness(filing, round_, "alpha", NOW).problems == []
