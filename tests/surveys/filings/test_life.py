"""From draft to acceptance: who may do what when, and what the association gets."""

import datetime
from decimal import Decimal

import pytest

from surveys.catalog.models import Obligation
from surveys.filings import operations, queries
from surveys.filings.errors import Conflict, FilingError, NotComplete
from surveys.filings.models import Event
from surveys.filings.readiness import readiness
from surveys.submissions.models import Decision, Submission
from surveys.submissions.operations import accept, ask, return_with_queries
from surveys.submissions.queries import sealed_rows
from tenants.context import in_public
from tests.soak import record

from .conftest import CLOSE, DUE, NOW, open_round, person
from .helpers import complete, fill

pytestmark = pytest.mark.django_db

EDIT = {"item": "electricity", "measure": "quantity", "period": "2024-06", "value": "1000001"}


def state() -> str:
    return Obligation.objects.get(round_id="energy-2024", university_code="alpha").state


def submit(filing, clerk, now=NOW):
    filing.refresh_from_db()
    operations.submit(filing=filing, revision=filing.revision, actor=clerk.actor, now=now)
    filing.refresh_from_db()


def sign(filing, approver, now=NOW) -> Submission:
    return operations.sign(filing=filing, revision=filing.revision, actor=approver.actor, now=now)


@pytest.fixture
def whole(filing, clerk, round_):
    fill(filing, round_, clerk.actor)
    return filing


def test_submit_sign_and_the_seal_holds_exactly_the_draft(whole, clerk, approver):
    submit(whole, clerk)
    assert state() == "submitted"
    submission = sign(whole, approver)
    assert state() == "sealed"
    drafted = {
        (r["facility"], r["item"], r["measure"], r["period"]): r["value"] for r in queries.values_of(whole)
    }
    sealed = {
        (r["facility"], r["item"], r["measure"], r["period"]): r["value"] for r in sealed_rows(submission)
    }
    assert sealed == drafted
    assert submission.denominators["headcount"] == {"value": "22000", "calibre": "enrolled"}
    assert (submission.version, submission.writers, submission.sealed_by_id) == (1, [clerk.pk], approver.pk)
    assert submission.factor_set == "gb2589_2020"
    assert "eui_kgce_m2@1" in submission.functions


def test_an_incomplete_draft_is_not_submitted_and_says_what_is_missing(filing, clerk):
    operations.set_values(filing=filing, values=[EDIT], revision=1, actor=clerk.actor, now=NOW)
    with pytest.raises(NotComplete) as caught:
        submit(filing, clerk)
    assert any("11 处空白" in text for text in caught.value.missing)
    assert any("用能人数" in text for text in caught.value.missing)
    assert state() == "draft"


def test_an_empty_draft_is_not_submitted(filing, clerk):
    operations.set_denominators(
        filing=filing, values={"headcount": ("5", "enrolled")}, actor=clerk.actor, now=NOW
    )
    with pytest.raises(NotComplete, match="还没有数"):
        submit(filing, clerk)


def test_a_blank_with_a_reason_is_no_gap_and_is_not_zero(whole, clerk, round_):
    blank = {**EDIT, "value": None}
    operations.set_values(filing=whole, values=[blank], revision=whole.revision, actor=clerk.actor, now=NOW)
    found = readiness(whole, round_, "alpha", NOW)
    assert [(gap.item, gap.periods) for gap in found.gaps] == [("electricity", ("2024-06",))]
    operations.explain(filing=whole, rule="blank", cells=[EDIT], text="电表检修", actor=clerk.actor, now=NOW)
    assert readiness(whole, round_, "alpha", NOW).gaps == []
    row = next(r for r in queries.values_of(whole) if r["period"] == "2024-06" and r["measure"] == "quantity")
    assert (row["value"], row["flag"]) == (None, "missing")


def test_one_reason_covers_every_cell_it_is_given_for(whole, clerk, round_):
    blanks = [{**EDIT, "period": f"2024-{month:02d}", "value": None} for month in (3, 6, 9)]
    operations.set_values(filing=whole, values=blanks, revision=whole.revision, actor=clerk.actor, now=NOW)
    found = readiness(whole, round_, "alpha", NOW)
    assert found.gaps[0].periods == ("2024-03", "2024-06", "2024-09")
    count = operations.explain(
        filing=whole, rule="blank", cells=blanks, text="电表检修", actor=clerk.actor, now=NOW
    )
    assert (count, readiness(whole, round_, "alpha", NOW).gaps) == (3, [])


@pytest.mark.parametrize(
    ("rule", "cell", "text", "said"),
    [
        ("V99", {"item": "electricity"}, "已核对", "没有要说明的"),
        ("blank", {"item": "uranium"}, "已核对", "表样里没有这个数"),
        ("blank", {"item": "electricity", "period": "2031-01"}, "已核对", "表样里没有这个数"),
        ("blank", {"item": "electricity", "facility": "楼" * 41}, "已核对", "表样里没有这个数"),
        ("blank", {"item": "electricity"}, "长" * 501, "最多 500 字"),
    ],
)
def test_a_reason_for_what_nobody_asked_is_not_kept(filing, clerk, rule, cell, text, said):
    with pytest.raises(FilingError, match=said):
        operations.explain(filing=filing, rule=rule, cells=[cell], text=text, actor=clerk.actor, now=NOW)


def test_a_reason_of_last_year_is_offered_again(whole, clerk, round_):
    finding = {"item": "electricity", "measure": "quantity", "period": "2024-01"}
    operations.explain(filing=whole, rule="V02", cells=[finding], text="新楼启用", actor=clerk.actor, now=NOW)
    with in_public():
        later = open_round("energy-2025", "2025")
    assert queries.earlier_explanation(later, "V02", "electricity") == "新楼启用"
    assert queries.earlier_explanation(later, "V02", "water") == ""


def test_last_years_items_that_are_gone_need_a_reason(whole, clerk):
    with in_public():
        later = open_round("energy-2025", "2025")
    filing = operations.ensure_filing(round_code="energy-2025", university_code="alpha")
    value = {"item": "water", "measure": "quantity", "period": "2025-01", "value": "5"}
    operations.set_values(filing=filing, values=[value], revision=1, actor=clerk.actor, now=NOW)
    found = readiness(filing, later, "alpha", NOW)
    assert [(gap.item, gap.measure, gap.periods) for gap in found.gaps] == [
        ("electricity", "quantity", ()),
        ("electricity", "cost", ()),
    ]


def test_a_writer_does_not_sign_even_with_both_roles(whole, clerk, round_):
    with in_public():
        both = person("alpha", "clerk", "approver", name="白露")
    operations.set_values(filing=whole, values=[EDIT], revision=whole.revision, actor=both.actor, now=NOW)
    complete(whole, round_, clerk.actor)
    submit(whole, clerk)
    with pytest.raises(FilingError, match="不能签发：这一版里有你经手的数值"):
        sign(whole, both)
    assert (state(), Submission.objects.count()) == ("submitted", 0)


def test_who_submitted_does_not_sign(whole, clerk):
    with in_public():
        both = person("alpha", "clerk", "approver", name="白露")
    submit(whole, both)
    with pytest.raises(FilingError, match="经手的提交"):
        sign(whole, both)


def test_while_it_waits_for_the_signature_nothing_can_be_changed(whole, clerk):
    submit(whole, clerk)
    with pytest.raises(FilingError, match="先收回再改"):
        operations.set_values(
            filing=whole, values=[EDIT], revision=whole.revision, actor=clerk.actor, now=NOW
        )
    operations.take_back(filing=whole, actor=clerk.actor, now=NOW)
    whole.refresh_from_db()
    operations.set_values(filing=whole, values=[EDIT], revision=whole.revision, actor=clerk.actor, now=NOW)
    assert state() == "draft"


def test_the_approver_sends_back_with_a_reason_only(whole, clerk, approver):
    submit(whole, clerk)
    with pytest.raises(FilingError, match="写明"):
        operations.send_back(filing=whole, reason=" ", actor=approver.actor, now=NOW)
    operations.send_back(filing=whole, reason="核对 3 月", actor=approver.actor, now=NOW)
    assert (state(), Event.objects.get(kind="sent_back").text) == ("draft", "核对 3 月")


def test_signing_something_else_than_was_seen_is_a_conflict(whole, clerk, approver):
    seen = whole.revision
    submit(whole, clerk)
    with pytest.raises(Conflict):
        operations.sign(filing=whole, revision=seen, actor=approver.actor, now=NOW)


def test_returned_with_questions_answered_mended_and_signed_again_is_version_two(
    whole, clerk, approver, round_
):
    submit(whole, clerk)
    first = sign(whole, approver)
    with in_public():
        question = ask(submission=first, text="6 月为什么高", actor_id=9, actor_name="叶知秋", now=NOW)
        return_with_queries(submission=first, actor_id=9, actor_name="叶知秋", now=NOW)
    assert state() == "returned"
    whole.refresh_from_db()
    operations.answer_query(filing=whole, query=question, text="新楼启用", actor=clerk.actor, now=NOW)
    whole.refresh_from_db()
    operations.set_values(filing=whole, values=[EDIT], revision=whole.revision, actor=clerk.actor, now=NOW)
    complete(whole, round_, clerk.actor)
    submit(whole, clerk)
    second = sign(whole, approver)
    assert second.version == 2
    old = {r["period"]: r["value"] for r in sealed_rows(first) if r["measure"] == "quantity"}
    new = {r["period"]: r["value"] for r in sealed_rows(second) if r["measure"] == "quantity"}
    assert {p for p in old if old[p] != new[p]} == {"2024-06"}
    assert new["2024-06"] == Decimal("1000001")


def test_a_return_does_not_wash_the_writers_hands(whole, clerk, approver, round_):
    with in_public():
        both = person("alpha", "clerk", "approver", name="白露")
    operations.set_values(filing=whole, values=[EDIT], revision=whole.revision, actor=both.actor, now=NOW)
    complete(whole, round_, clerk.actor)
    submit(whole, clerk)
    first = sign(whole, approver)
    with in_public():
        return_with_queries(submission=first, actor_id=9, actor_name="叶知秋", now=NOW, reason="再核")
    submit(whole, clerk)
    with pytest.raises(FilingError, match="不能签发"):
        sign(whole, both)


def test_an_accepted_report_is_read_only(whole, clerk, approver):
    submit(whole, clerk)
    submission = sign(whole, approver)
    with in_public():
        accept(submission=submission, actor_id=9, actor_name="叶知秋", now=NOW)
    whole.refresh_from_db()
    with pytest.raises(FilingError, match="已接受，只读"):
        operations.set_values(
            filing=whole, values=[EDIT], revision=whole.revision, actor=clerk.actor, now=NOW
        )


def test_withdrawing_is_possible_until_the_association_begins(whole, clerk, approver):
    submit(whole, clerk)
    first = sign(whole, approver)
    operations.withdraw(filing=whole, reason="漏填", actor=clerk.actor, now=NOW)
    assert (state(), Decision.objects.get().kind) == ("draft", "withdrawn")
    submit(whole, clerk)
    second = sign(whole, approver)
    assert (first.version, second.version) == (1, 2)
    with in_public():
        ask(submission=second, text="？", actor_id=9, actor_name="叶知秋", now=NOW)
    with pytest.raises(FilingError, match="已开始审核"):
        operations.withdraw(filing=whole, reason="", actor=clerk.actor, now=NOW)


@pytest.mark.promise("deadlines")
@pytest.mark.parametrize(
    ("moment", "signed"),
    [
        (DUE - datetime.timedelta(milliseconds=1), True),
        (DUE, True),
        (CLOSE - datetime.timedelta(milliseconds=1), True),
        (CLOSE, False),
    ],
)
def test_late_is_allowed_until_the_closing_and_not_a_moment_longer(whole, clerk, approver, moment, signed):
    submit(whole, clerk)
    record("signatures around the closing")
    if signed:
        sign(whole, approver, now=moment)
        first = Obligation.objects.get(round_id="energy-2024", university_code="alpha").first_sealed_at
        assert (first < DUE) == (moment < DUE)
        return
    with pytest.raises(FilingError, match="已经关闭"):
        sign(whole, approver, now=moment)
    assert Submission.objects.count() == 0
