"""The clerk's own workbook ends up in the draft, value for value, once, and can be taken out again."""

import time
from decimal import Decimal

import pandas as pd
import pytest

from files import storage
from jobs.models import Job, JobState
from surveys.catalog.models import Obligation
from surveys.filings import differences, operations, queries, readiness
from surveys.filings.errors import FilingError
from surveys.filings.models import (
    Event,
    Explanation,
    Observation,
    ObservationChange,
    Upload,
    UploadState,
    Writer,
)
from surveys.filings.operations.loading import load_frame, unload
from surveys.filings.operations.uploads import SAME_UPLOAD
from tenants.context import in_public
from tenants.models import University

from .conftest import CLOSE, NOW, OPEN, person, receive, run, sample, truth

pytestmark = pytest.mark.django_db


def drafted(filing) -> dict:
    return {
        (row["facility"], row["item"], row["measure"], row["period"]): row["value"]
        for row in queries.values_of(filing)
        if row["value"] is not None
    }


def load(filing, path, actor, now=NOW):
    upload = receive(filing, path, actor, now)
    run(upload)
    filing.refresh_from_db()
    counts = operations.load_upload(upload=upload, revision=filing.revision, actor=actor, now=now)
    filing.refresh_from_db()
    return upload, counts


def rename(university, name: str) -> None:
    """Gives the university the name the sample carries."""
    with in_public():
        University.objects.filter(pk=university.pk).update(name=name, short_name=name)
        university.aliases.all().delete()


def csv_of(tmp_path, name: str, **cells: str):
    """A small workbook of 海津理工大学: month and electricity."""
    values = {"2024-01": "1000", "2024-02": "1100", "2024-03": "1200"} | {
        key.replace("_", "-").removeprefix("m"): value for key, value in cells.items()
    }
    lines = ["海津理工大学2024年用电统计,", "月份,用电量（kWh）", *(f"{k},{v}" for k, v in values.items())]
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_sample_e01_arrives_in_the_draft_value_for_value(filing, clerk):
    _upload, counts = load(filing, sample("e01"), clerk.actor)
    expected = {
        ("", o["item"], o["measure"], o["month"]): Decimal(str(o["value"]))
        for o in truth("e01")["observations"]
    }
    found = drafted(filing)
    assert found.keys() == expected.keys()
    assert all(abs(found[key] - value) <= abs(value) / 10**6 for key, value in expected.items())
    assert counts.inserted == len(queries.values_of(filing))
    assert Obligation.objects.get(round_id="energy-2024").state == "draft"
    assert list(Writer.objects.values_list("actor_id", "what")) == [(clerk.pk, "value")]


def test_the_original_is_kept_byte_for_byte(filing, clerk):
    upload = receive(filing, sample("e01"), clerk.actor)
    assert storage.read("alpha", upload.sha256) == sample("e01").read_bytes()


def test_double_click_is_one_upload_and_one_job(filing, clerk):
    first = receive(filing, sample("e01"), clerk.actor)
    second = receive(filing, sample("e01"), clerk.actor)
    assert first.pk == second.pk
    assert (Upload.objects.count(), Job.objects.count()) == (1, 1)


def test_the_same_bytes_later_are_another_upload(filing, clerk):
    first = receive(filing, sample("e01"), clerk.actor)
    run(first)
    Upload.objects.update(created_at=NOW - SAME_UPLOAD)
    assert receive(filing, sample("e01"), clerk.actor).pk != first.pk


def test_loading_twice_changes_nothing_the_second_time(filing, clerk):
    upload, _counts = load(filing, sample("e01"), clerk.actor)
    again = operations.load_upload(upload=upload, revision=1, actor=clerk.actor, now=NOW)
    assert (again.inserted, again.changed) == (0, 0)
    assert Event.objects.filter(kind="loaded").count() == 1


def test_another_universitys_workbook_is_refused_whole_and_the_draft_stays(filing, clerk):
    load(filing, sample("e01"), clerk.actor)
    before = drafted(filing)
    upload = receive(filing, sample("e02"), clerk.actor)
    run(upload)
    assert (upload.state, upload.verdict) == (UploadState.REFUSED, "reject_file")
    assert "沽上师范大学" in upload.report["issues"][0]["message"]
    assert storage.read("alpha", upload.sha256) == sample("e02").read_bytes()
    with pytest.raises(FilingError):
        operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
    assert drafted(filing) == before


def test_a_later_upload_writes_only_what_changed(filing, clerk, tmp_path):
    load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    _upload, counts = load(filing, csv_of(tmp_path, "二.csv", m2024_02="1150", m2024_04="1300"), clerk.actor)
    assert (counts.inserted, counts.changed, counts.same) == (1, 1, 2)
    change = ObservationChange.objects.get()
    assert (change.period, Decimal(change.before["value"]), Decimal(change.after["value"])) == (
        "2024-02",
        1100,
        1150,
    )
    assert change.actor_name == "林知行"


def test_undo_brings_the_draft_back_and_keeps_later_edits(filing, clerk, tmp_path):
    load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    before = drafted(filing)
    upload, _counts = load(
        filing, csv_of(tmp_path, "二.csv", m2024_02="1150", m2024_03="1", m2024_04="5"), clerk.actor
    )
    edit = {"item": "electricity", "measure": "quantity", "period": "2024-03", "value": "1234"}
    operations.set_values(filing=filing, values=[edit], revision=filing.revision, actor=clerk.actor, now=NOW)
    counts = operations.undo_upload(upload=upload, actor=clerk.actor, now=NOW)
    key = ("", "electricity", "quantity", "2024-03")
    assert drafted(filing) == before | {key: Decimal("1234")}
    assert (counts.inserted, counts.changed, counts.same) == (1, 1, 1)
    assert upload.state == UploadState.UNDONE


def test_an_undone_upload_is_taken_again_and_undone_again_keeping_later_edits(filing, clerk, tmp_path):
    load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    before = drafted(filing)
    upload, _counts = load(filing, csv_of(tmp_path, "二.csv", m2024_02="1150", m2024_03="1"), clerk.actor)
    with_second = drafted(filing)
    operations.undo_upload(upload=upload, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    edit = {"item": "electricity", "measure": "quantity", "period": "2024-03", "value": "1234"}
    operations.set_values(filing=filing, values=[edit], revision=filing.revision, actor=clerk.actor, now=NOW)
    edited = drafted(filing)
    again = operations.take_again(upload=upload, actor=clerk.actor, now=NOW)
    assert operations.take_again(upload=upload, actor=clerk.actor, now=NOW).pk == again.pk
    run(again)
    again.refresh_from_db()
    filing.refresh_from_db()
    operations.load_upload(upload=again, revision=filing.revision, actor=clerk.actor, now=NOW)
    assert drafted(filing) == with_second
    operations.undo_upload(upload=again, actor=clerk.actor, now=NOW)
    assert drafted(filing) == edited
    assert edited == before | {("", "electricity", "quantity", "2024-03"): Decimal("1234")}


def test_undo_and_again_leave_a_change_for_every_figure_with_whose_hand_it_was(filing, clerk, tmp_path):
    with in_public():
        other = person("alpha", "clerk", name="白露").actor
    first, counts = load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    second, _counts = load(filing, csv_of(tmp_path, "二.csv", m2024_02="1150"), clerk.actor)
    operations.undo_upload(upload=second, actor=other, now=NOW)
    operations.undo_upload(upload=first, actor=other, now=NOW)
    undone = list(filing.events.filter(kind="undone").values_list("revision", flat=True))
    changes = ObservationChange.objects.filter(revision__in=undone)
    assert set(changes.values_list("actor_name", "upload_id")) == {("白露", None)}
    back, gone = (list(changes.filter(revision=revision)) for revision in undone)
    assert [(Decimal(c.before["value"]), Decimal(c.after["value"]), c.after["upload"]) for c in back] == [
        (1150, 1100, str(first.pk))
    ]
    assert (len(gone), {c.after for c in gone}) == (counts.inserted, {None})
    again = operations.take_again(upload=first, actor=clerk.actor, now=NOW)
    run(again)
    filing.refresh_from_db()
    operations.load_upload(upload=again, revision=filing.revision, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    came = ObservationChange.objects.filter(revision=filing.revision)
    assert (len(came), {c.before for c in came}) == (counts.inserted, {None})
    # and what came again can be taken out again, whole
    assert operations.undo_upload(upload=again, actor=clerk.actor, now=NOW).inserted == counts.inserted
    assert not Observation.objects.exists()


def test_an_upload_that_was_never_written_is_not_taken_again(filing, clerk, tmp_path):
    upload = receive(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    with pytest.raises(FilingError, match="还没有写入过"):
        operations.take_again(upload=upload, actor=clerk.actor, now=NOW)


def test_only_the_last_upload_can_be_undone(filing, clerk, tmp_path):
    first, _counts = load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    load(filing, csv_of(tmp_path, "二.csv", m2024_02="1150"), clerk.actor)
    with pytest.raises(FilingError, match="先撤销那一次"):
        operations.undo_upload(upload=first, actor=clerk.actor, now=NOW)


def test_errors_hold_up_the_writing_until_each_is_answered(filing, clerk, haijin):
    rename(haijin, "卫沽财经大学")
    upload = receive(filing, sample("e05"), clerk.actor)
    run(upload)
    assert upload.verdict == "errors"
    with pytest.raises(FilingError, match="还有 3 处没有改正"):
        operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
    answers = {f"2024!B{row}": {"action": "multiply", "factor": "10000"} for row in (9, 10, 11)}
    operations.answer_questions(upload=upload, given=answers, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
    found = drafted(filing)
    assert [found["", "electricity", "quantity", f"2024-{m}"] for m in ("07", "08", "09")] == [
        Decimal("915900"),
        Decimal("795300"),
        Decimal("1225200"),
    ]
    assert len(found) == 82


def test_a_value_kept_against_the_check_needs_a_reason_which_is_remembered(filing, clerk, haijin):
    rename(haijin, "卫沽财经大学")
    upload = receive(filing, sample("e05"), clerk.actor)
    run(upload)
    with pytest.raises(FilingError, match="写明为什么"):
        operations.answer_questions(
            upload=upload, given={"2024!B9": {"action": "keep", "reason": " "}}, actor=clerk.actor, now=NOW
        )
    operations.answer_questions(
        upload=upload,
        given={"2024!B9": {"action": "keep", "reason": "7 月停电检修"}},
        actor=clerk.actor,
        now=NOW,
    )
    explanation = Explanation.objects.get()
    assert (explanation.text, explanation.period, explanation.rule) == ("7 月停电检修", "2024-07", "V06")


@pytest.mark.parametrize(("now", "said"), [(OPEN.replace(year=2024), "还没有开始"), (CLOSE, "已经关闭")])
def test_outside_the_rounds_times_nothing_is_received(filing, clerk, now, said):
    with pytest.raises(FilingError, match=said):
        receive(filing, sample("e01"), clerk.actor, now=now)
    assert Upload.objects.count() == 0


def test_a_file_over_the_limit_is_refused_with_the_limit_named(filing, clerk, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    with pytest.raises(FilingError, match="超过 1 KB 上限"):
        receive(filing, sample("e01"), clerk.actor)
    assert Upload.objects.count() == 0


def test_an_empty_file_is_refused(filing, clerk):
    with pytest.raises(FilingError, match="是空的"):
        operations.receive_upload(filing=filing, name="空.xlsx", chunks=[b""], actor=clerk.actor, now=NOW)


def test_values_keep_their_decimals(filing, clerk, tmp_path):
    load(filing, csv_of(tmp_path, "一.csv", m2024_01="0.1", m2024_02="1234567.12345678"), clerk.actor)
    values = (
        Observation.objects.filter(filing_id=filing.pk).order_by("period").values_list("value", flat=True)
    )
    assert list(values)[:2] == [Decimal("0.1"), Decimal("1234567.12345678")]


def test_an_unregistered_building_holds_up_the_writing(filing, clerk, haijin):
    rename(haijin, "沽上师范大学")
    upload = receive(filing, sample("e02"), clerk.actor)
    run(upload)
    assert len(upload.report["facilities_unknown"]) > 5
    with pytest.raises(FilingError, match="没有改正"):
        operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)


# a reading that the system gave up


@pytest.fixture
def stuck(filing, clerk, tmp_path):
    """An upload whose reading ended in trouble as often as it may."""
    upload = receive(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    with in_public():
        Job.objects.filter(pk=upload.job_id).update(state=JobState.FAILED, attempts=5, message="没有完成")
    return upload


def test_a_file_that_was_given_up_holds_up_nothing(filing, clerk, stuck, tmp_path):
    load(filing, csv_of(tmp_path, "二.csv", m2024_03="1300"), clerk.actor)
    round_ = Obligation.objects.select_related("round__version").get(university_code="alpha").round
    problems = readiness.readiness(filing, round_, "alpha", NOW).problems
    assert [problem.text for problem in problems if problem.anchor == "uploads"] == []


def test_a_file_that_was_given_up_may_be_read_again(clerk, stuck):
    operations.read_again(upload=stuck, actor=clerk.actor, now=NOW)
    run(Upload.objects.get())
    assert Upload.objects.get().state == UploadState.READ


def test_a_file_that_is_being_read_holds_up_the_filing(filing, clerk, tmp_path):
    load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    receive(filing, csv_of(tmp_path, "二.csv", m2024_03="1300"), clerk.actor)
    round_ = Obligation.objects.select_related("round__version").get(university_code="alpha").round
    problems = readiness.readiness(filing, round_, "alpha", NOW).problems
    assert [p.text for p in problems if p.anchor == "uploads"] == ["还有 1 份文件在核对"]


def test_a_file_that_is_being_read_is_not_queued_twice(filing, clerk, tmp_path):
    upload = receive(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    with pytest.raises(FilingError, match="现在不能重新核对"):
        operations.read_again(upload=upload, actor=clerk.actor, now=NOW)


def test_the_bytes_of_a_file_that_was_given_up_come_as_a_new_upload(filing, clerk, stuck, tmp_path):
    again = receive(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    assert again.pk != stuck.pk
    run(again)
    assert again.state == UploadState.READ


def test_a_file_that_was_given_up_is_listed_so(filing, stuck):
    assert [upload.stuck for upload in queries.uploads_of(filing)] == [True]


def test_undo_of_thousands_of_changes_compares_no_row_with_every_other(filing, clerk):
    def frame(shift: int) -> pd.DataFrame:
        numbers = range(8000)
        columns = {
            "facility": [f"B{n // 12}" for n in numbers],
            "item": "electricity",
            "measure": "quantity",
            "period": [f"2024-{n % 12 + 1:02}" for n in numbers],
            "value": [float(n + shift) for n in numbers],
            "exact": [str(n + shift) for n in numbers],
        }
        return pd.DataFrame(columns | dict.fromkeys(("text", "flag", "sheet", "cell", "raw"), ""))

    def write(shift: int) -> Upload:
        upload = Upload.objects.create(
            filing=filing, name="x", sha256="0" * 64, size=1, actor_id=1, actor_name="x"
        )
        load_frame(filing=filing, frame=frame(shift), upload_id=upload.pk, actor=clerk.actor, now=NOW)
        return upload

    write(0)
    second, began = write(1), time.monotonic()
    counts = unload(filing=filing, upload=second, actor=clerk.actor, now=NOW)
    assert (counts.inserted, counts.changed, counts.same) == (0, 8000, 0)
    # a third of a second; half a minute where the plan is a nested loop
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("number", ["9" * 17, "1e30", "9" * 400])
def test_a_number_too_large_to_be_kept_is_an_error_and_is_no_change(filing, clerk, tmp_path, number):
    load(filing, csv_of(tmp_path, "一.csv"), clerk.actor)
    upload = receive(filing, csv_of(tmp_path, "二.csv", m2024_03=number), clerk.actor)
    run(upload)
    assert (upload.state, upload.verdict) == (UploadState.READ, "errors")
    (told,) = [issue["message"] for issue in upload.report["issues"] if issue["severity"] == "error"]
    assert told.endswith("太大，不能超过 16 位。")
    assert differences.pending(upload, "alpha").changes == ()


def test_a_figure_that_became_too_large_is_refused_with_its_cell(filing, clerk):
    frame = pd.DataFrame(
        [["", "electricity", "quantity", "2024-01", 1e17, "1" + "0" * 17, "", "", "表", "B2", ""]],
        columns=[
            "facility",
            "item",
            "measure",
            "period",
            "value",
            "exact",
            "text",
            "flag",
            "sheet",
            "cell",
            "raw",
        ],
    )
    with pytest.raises(FilingError, match="表!B2 的数太大，不能超过 16 位"):
        operations.load_frame(filing=filing, frame=frame, upload_id=None, actor=clerk.actor, now=NOW)
