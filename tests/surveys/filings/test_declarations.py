"""Nothing to report, part of the period, what the university does not have: declared with a reason, signed, sealed, and
never taken for a number."""

import pytest

from surveys.benchmarks.models import Figure
from surveys.benchmarks.operations import missing_figures, write_figures
from surveys.catalog.queries import completion
from surveys.filings import operations, queries
from surveys.filings.errors import FilingError, NotComplete
from surveys.filings.models import Event, Explanation, Filing
from surveys.filings.readiness import readiness
from surveys.submissions.indicators import values_of
from surveys.submissions.models import Submission
from surveys.submissions.operations import accept
from surveys.submissions.pages.paper import Paper
from surveys.submissions.printed.form import content
from surveys.submissions.queries import is_intact, sealed_rows
from tenants.context import in_public, in_university

from .conftest import NOW
from .helpers import complete, fill
from .test_amendment import accept_newest, edit, running, text_of  # noqa: F401  a fixture
from .test_life import EDIT, sign, state, submit
from .test_pages import browser, page

pytestmark = pytest.mark.django_db

WHY = "本校能源由主校区统一结算"


def declare_nil(filing, clerk, reason=WHY):
    operations.declare_nil(filing=filing, reason=reason, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()


def declare_months(filing, clerk, first="2024-03", last="2024-12", reason="新校区 3 月启用"):
    operations.declare_months(
        filing=filing, first=first, last=last, reason=reason, actor=clerk.actor, now=NOW
    )
    filing.refresh_from_db()


# nothing to report


def test_a_nil_return_is_signed_and_sealed_like_any_and_counts_as_handed_in(filing, clerk, approver, round_):
    declare_nil(filing, clerk)
    assert readiness(filing, round_, "alpha", NOW).problems == []
    submit(filing, clerk)
    with pytest.raises(FilingError, match="不能签发"):
        sign(filing, clerk)
    seal = sign(filing, approver)
    assert (seal.rows, sealed_rows(seal), is_intact(seal)) == (0, [], True)
    said = seal.declared["nil"]
    assert (said["reason"], said["by"]) == (WHY, "林知行")
    accept_newest()
    with in_public():
        assert completion(round_, NOW).handed_in == 1
        assert write_figures(submission_id=seal.pk) == 0
        assert (Figure.objects.count(), missing_figures()) == (0, [])
        assert content(seal)["declared"] == [
            f"零报告：本校在这个批次没有可报的数。原因：{WHY}",
        ]
        assert Paper(seal).figures == []


def test_nothing_to_report_and_a_figure_exclude_each_other(filing, clerk):
    declare_nil(filing, clerk)
    with pytest.raises(FilingError, match="先取消零报告"):
        operations.set_values(
            filing=filing, values=[EDIT], revision=filing.revision, actor=clerk.actor, now=NOW
        )
    assert queries.values_of(filing) == []
    operations.cancel_nil(filing=filing, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    edit(filing, clerk.actor)
    filing.refresh_from_db()
    with pytest.raises(FilingError, match="不能零报告"):
        declare_nil(filing, clerk)


def test_a_nil_return_needs_a_reason(filing, clerk):
    with pytest.raises(FilingError, match="写明为什么"):
        declare_nil(filing, clerk, reason="　")
    assert Event.objects.count() == 0


def test_a_nil_return_that_amends_takes_the_figures_of_the_former_version_away(
    filing, clerk, approver, round_
):
    fill(filing, round_, clerk.actor)
    submit(filing, clerk)
    first = sign(filing, approver)
    accept_newest()
    with in_public():
        assert write_figures(submission_id=first.pk) > 0
    operations.amend(filing=filing, reason="整份误报", actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    blanks = [
        {**{k: row[k] for k in ("facility", "item", "measure", "period")}, "value": None}
        for row in queries.values_of(filing)
    ]
    operations.set_values(filing=filing, values=blanks, revision=filing.revision, actor=clerk.actor, now=NOW)
    declare_nil(filing, clerk)
    submit(filing, clerk)
    second = sign(filing, approver)
    accept_newest()
    with in_public():
        assert (second.version, Submission.objects.count()) == (2, 2)
        write_figures(submission_id=second.pk)
        assert Figure.objects.count() == 0


# part of the period


def test_months_outside_are_neither_asked_for_nor_checked_and_the_seal_says_so(
    filing, clerk, approver, round_
):
    fill(filing, round_, clerk.actor, months=range(3, 13))
    Explanation.objects.filter(rule="blank").delete()
    blanks = [p.text for p in readiness(filing, round_, "alpha", NOW).problems]
    assert blanks == ["4 处空白要补数或写明原因"]
    declare_months(filing, clerk)
    assert [i for i in filing.issues if i["period"] in ("2024-01", "2024-02")] == []
    complete(filing, round_, clerk.actor)
    assert readiness(filing, round_, "alpha", NOW).problems == []
    submit(filing, clerk)
    seal = sign(filing, approver)
    said = seal.declared["covers"]
    assert (said["from"], said["to"], said["reason"]) == ("2024-03", "2024-12", "新校区 3 月启用")


def test_figures_of_the_whole_period_are_withheld_and_those_of_months_stay(filing, clerk, approver, round_):
    fill(filing, round_, clerk.actor, months=range(3, 13))
    declare_months(filing, clerk)
    complete(filing, round_, clerk.actor)
    submit(filing, clerk)
    seal = sign(filing, approver)
    with in_public():
        accept(submission=seal, actor_id=9, actor_name="叶知秋", now=NOW)
        assert write_figures(submission_id=seal.pk) > 0
        periods = set(Figure.objects.values_list("period", flat=True))
        assert "2024" not in periods
        assert {p for p in periods if p < "2024-03"} == set()
        assert values_of(seal) == {}
        (sentence,) = content(seal)["declared"]
        assert sentence == ("只报3月至12月；要整期数据的指标不计算，不按月数放大。原因：新校区 3 月启用")


def test_a_figure_outside_the_months_stands_in_the_way(filing, clerk, round_):
    fill(filing, round_, clerk.actor)
    declare_months(filing, clerk, first="2024-07")
    with pytest.raises(NotComplete, match="12 个数在所报的月份以外"):
        submit(filing, clerk)


@pytest.mark.parametrize(
    ("first", "last", "reason", "text"),
    [
        ("2024-09", "2024-03", "x", "起始不晚于终止"),
        ("2023-03", "2024-03", "x", "起始不晚于终止"),
        ("2024-03", "2024-12", " ", "为什么不满期"),
    ],
)
def test_months_that_cannot_be_are_refused_in_words(filing, clerk, first, last, reason, text):
    with pytest.raises(FilingError, match=text):
        declare_months(filing, clerk, first, last, reason)


def test_choosing_the_whole_period_takes_the_statement_back(filing, clerk):
    declare_months(filing, clerk)
    declare_months(filing, clerk, "2024-01", "2024-12", "")
    assert (filing.covers_from, filing.covers_reason) == ("", "")


def test_an_amendment_that_only_changes_the_months_is_one_and_is_given_up_whole(
    filing, clerk, approver, round_
):
    fill(filing, round_, clerk.actor, months=range(3, 13))
    declare_months(filing, clerk)
    complete(filing, round_, clerk.actor)
    submit(filing, clerk)
    sign(filing, approver)
    accept_newest()
    operations.amend(filing=filing, reason="2 月底启用", actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    assert "一样" in readiness(filing, round_, "alpha", NOW).problems[-1].text
    declare_months(filing, clerk, reason="新校区 3 月 1 日启用")
    assert [p for p in readiness(filing, round_, "alpha", NOW).problems if "一样" in p.text] == []
    operations.give_up(filing=filing, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    assert (filing.covers_from, filing.covers_reason, state()) == ("2024-03", "新校区 3 月启用", "accepted")


# what the university does not have


def test_an_item_the_university_does_not_have_is_one_act_for_the_whole_year(filing, clerk, round_):
    fill(filing, round_, clerk.actor)
    blank = {"item": "natural_gas", "measure": "quantity", "value": None}
    edit(filing, clerk.actor, **blank, period="2024-01")
    (gap,) = readiness(filing, round_, "alpha", NOW).gaps
    assert (gap.item, len(gap.periods)) == ("natural_gas", 12)
    count = operations.declare_absent(
        filing=filing,
        cells=[{"item": gap.item, "measure": gap.measure, "period": ""}],
        reason="本校没有天然气",
        actor=clerk.actor,
        now=NOW,
    )
    assert (count, readiness(filing, round_, "alpha", NOW).gaps) == (12, [])
    rows = [r for r in queries.values_of(filing) if r["item"] == "natural_gas"]
    assert {(r["value"], r["flag"]) for r in rows} == {(None, "not_applicable")}
    assert Explanation.objects.get(item="natural_gas").text == "本校没有天然气"


def test_a_figure_that_was_reported_is_never_marked_away(filing, clerk, round_):
    fill(filing, round_, clerk.actor)
    before = queries.values_of(filing)
    operations.declare_absent(
        filing=filing,
        cells=[{"item": "electricity", "measure": "quantity"}],
        reason="没有",
        actor=clerk.actor,
        now=NOW,
    )
    assert queries.values_of(filing) == before


# the pages


def test_a_nil_return_by_the_buttons(running, clerk, approver):  # noqa: F811
    mine, theirs = browser(clerk), browser(approver)
    assert "零报告：没有可报的数" in text_of(mine.get(page("round", "energy-2024")))
    shown = mine.post(page("nil", "energy-2024"), {"reason": WHY}, follow=True)
    assert "零报告：本校在这个批次没有可报的数" in text_of(shown)
    assert "提交签发" in text_of(shown)
    with in_university("alpha"):
        revision = Filing.objects.get().revision
    mine.post(page("submit", "energy-2024"), {"revision": revision})
    signing = theirs.get(page("sign", "energy-2024"))
    assert WHY in text_of(signing)
    sent = {"revision": signing.context["filing"].revision}
    sealed = text_of(theirs.post(page("sign", "energy-2024"), sent, follow=True))
    assert WHY in sealed
    assert "签发" in text_of(mine.get(page("round", "energy-2024")))


def test_months_by_the_buttons(running, clerk):  # noqa: F811
    mine = browser(clerk)
    sent = {"first": "2024-03", "last": "2024-12", "reason": "新校区 3 月启用"}
    shown = text_of(mine.post(page("months", "energy-2024"), sent, follow=True))
    assert "只报3月至12月" in shown
    refused = text_of(mine.post(page("months", "energy-2024"), sent | {"reason": ""}, follow=True))
    assert "写明为什么不满期" in refused
