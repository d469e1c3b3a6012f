"""Amending what was accepted: the accepted version stands, the new one is laid beside it, and giving up leaves no trace
in the draft."""

import datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from accounts.operations import assign
from surveys.benchmarks.models import Figure
from surveys.benchmarks.operations import write_figures
from surveys.catalog.models import Obligation
from surveys.catalog.operations import give_extension
from surveys.catalog.queries import completion, standings
from surveys.filings import operations, queries
from surveys.filings.errors import FilingError, NotComplete
from surveys.filings.models import Explanation, Observation, Upload
from surveys.filings.readiness import readiness
from surveys.submissions.models import Submission
from surveys.submissions.operations import accept, return_with_queries
from surveys.submissions.queries import accepted_version, sealed_rows
from tenants.context import in_public

from .conftest import CLOSE, NOW, open_round, person, receive, run, sample
from .helpers import complete, fill
from .test_life import EDIT, sign, state, submit
from .test_pages import NOW_IS, browser, page

pytestmark = pytest.mark.django_db

REASON = "6 月用电抄错一位"
DAY = datetime.timedelta(days=1)


def accept_newest(now=NOW) -> Submission:
    with in_public():
        newest = Submission.objects.order_by("-version").first()
        accept(submission=newest, actor_id=9, actor_name="叶知秋", now=now)
    return newest


@pytest.fixture
def accepted(filing, clerk, approver, round_):
    """A filing whose first version is accepted."""
    fill(filing, round_, clerk.actor)
    submit(filing, clerk)
    sign(filing, approver)
    accept_newest()
    filing.refresh_from_db()
    return filing


def amend(filing, clerk, now=NOW):
    operations.amend(filing=filing, reason=REASON, actor=clerk.actor, now=now)
    filing.refresh_from_db()


def edit(filing, actor, **changes):
    filing.refresh_from_db()
    operations.set_values(
        filing=filing, values=[EDIT | changes], revision=filing.revision, actor=actor, now=NOW
    )


def test_the_accepted_version_stands_with_its_figures_until_the_next_is_accepted(
    accepted, clerk, approver, round_
):
    with in_public():
        first = Submission.objects.get()
        write_figures(submission_id=first.pk)
        before = list(Figure.objects.order_by("pk").values_list("indicator", "value"))
    amend(accepted, clerk)
    edit(accepted, clerk.actor)
    assert (state(), accepted_version("energy-2024", "alpha")) == ("draft", first)
    with in_public():
        write_figures(submission_id=first.pk)
        assert list(Figure.objects.order_by("pk").values_list("indicator", "value")) == before
        counts = completion(round_, NOW)
        assert (counts.handed_in, counts.of("accepted"), counts.of("draft")) == (1, 1, 0)
        (standing,) = [s for s in standings(round_, CLOSE) if s.university_code == "alpha"]
        assert (standing.state, standing.amending, standing.overdue) == ("accepted", True, False)
    complete(accepted, round_, clerk.actor)
    submit(accepted, clerk)
    second = sign(accepted, approver)
    assert (second.version, second.declared["amends"]["version"], second.declared["amends"]["reason"]) == (
        2,
        1,
        REASON,
    )
    assert accepted_version("energy-2024", "alpha") == first
    accept_newest()
    assert accepted_version("energy-2024", "alpha") == second
    with in_public():
        write_figures(submission_id=second.pk)
        assert list(Figure.objects.order_by("pk").values_list("indicator", "value")) != before


def test_an_amendment_needs_a_reason_and_something_accepted(accepted, clerk):
    with pytest.raises(FilingError, match="为什么更正"):
        operations.amend(filing=accepted, reason=" ", actor=clerk.actor, now=NOW)
    amend(accepted, clerk)
    with pytest.raises(FilingError, match="已经不能做"):
        amend(accepted, clerk)


def test_a_version_that_differs_in_nothing_is_not_submitted(accepted, clerk, round_):
    amend(accepted, clerk)
    with pytest.raises(NotComplete, match="和已接受的 v1 一样"):
        submit(accepted, clerk)
    edit(accepted, clerk.actor)
    complete(accepted, round_, clerk.actor)
    submit(accepted, clerk)
    assert state() == "submitted"


def test_after_the_closing_the_association_opens_it_with_an_extension(accepted, clerk):
    late = CLOSE + DAY
    with pytest.raises(FilingError, match="申请延期"):
        amend(accepted, clerk, now=late)
    with in_public():
        row = Obligation.objects.get(university_code="alpha")
        until = (CLOSE + 9 * DAY).date()
        give_extension(obligation=row, until=until, reason="更正", actor_id=9, actor_name="叶知秋", now=late)
    amend(accepted, clerk, now=late)
    assert state() == "draft"


def test_given_up_the_draft_the_obligation_and_every_word_are_as_accepted(accepted, clerk, round_):
    def everything():
        values = sorted(
            Observation.objects.filter(filing_id=accepted.pk).values_list(
                "item", "measure", "period", "value", "text", "flag", "sheet", "cell"
            ),
            key=str,
        )
        words = sorted(Explanation.objects.values_list("rule", "item", "period", "text", "actor_name"))
        sizes = {k: (r.value, r.calibre) for k, r in queries.denominators_of(accepted).items()}
        return values, words, sizes

    before = everything()
    issues = accepted.issues
    amend(accepted, clerk)
    edit(accepted, clerk.actor)
    edit(accepted, clerk.actor, period="2024-07", value=None)
    edit(accepted, clerk.actor, item="water", value="17")
    operations.explain(
        filing=accepted, rule="blank", cells=[{"item": "heat"}], text="没有", actor=clerk.actor, now=NOW
    )
    operations.set_denominators(
        filing=accepted, values={"headcount": ("23000", "enrolled")}, actor=clerk.actor, now=NOW
    )
    assert everything() != before
    count = operations.give_up(filing=accepted, actor=clerk.actor, now=NOW)
    accepted.refresh_from_db()
    assert (count, everything(), state(), accepted.issues) == (3, before, "accepted", issues)
    assert readiness(accepted, round_, "alpha", NOW).problems == []
    amend(accepted, clerk)
    assert state() == "draft"
    assert readiness(accepted, round_, "alpha", NOW).problems[-1].text == "和已接受的 v1 一样，没有可报的更正"


def test_given_up_files_of_the_amendment_are_out_and_the_accepted_ones_where_they_were(
    filing, clerk, approver, round_
):
    def load(name: str) -> Upload:
        upload = receive(filing, sample(name), clerk.actor)
        run(upload)
        filing.refresh_from_db()
        upload.mapping_confirmed = True
        upload.save()
        operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
        filing.refresh_from_db()
        return upload

    first = load("e01")
    complete(filing, round_, clerk.actor)
    submit(filing, clerk)
    sign(filing, approver)
    accept_newest()
    places = {"sheet": "", "cell": ""}
    before = list(Observation.objects.order_by("item", "measure", "period").values())
    assert before[0]["upload_id"] == first.pk
    assert {before[0][name] for name in places} != {""}
    amend(filing, clerk)
    filing.refresh_from_db()
    row = Observation.objects.filter(filing_id=filing.pk, value__isnull=False).first()
    key = {"item": row.item, "measure": row.measure, "period": row.period}
    edit(filing, clerk.actor, **key, value=str(row.value + 1))
    operations.undo_upload(upload=first, actor=clerk.actor, now=NOW)
    operations.give_up(filing=filing, actor=clerk.actor, now=NOW)
    first.refresh_from_db()
    assert first.state == "loaded"
    after = list(Observation.objects.order_by("item", "measure", "period").values())
    assert after == before


def test_an_amendment_that_was_returned_can_be_given_up_and_the_association_is_told(
    accepted, clerk, approver, round_
):
    amend(accepted, clerk)
    edit(accepted, clerk.actor)
    complete(accepted, round_, clerk.actor)
    submit(accepted, clerk)
    second = sign(accepted, approver)
    with in_public():
        return_with_queries(submission=second, actor_id=9, actor_name="叶知秋", now=NOW, reason="依据呢")
    with pytest.raises(FilingError, match="已经不能做"):
        operations.amend(filing=accepted, reason=REASON, actor=clerk.actor, now=NOW)
    operations.give_up(filing=accepted, actor=clerk.actor, now=NOW)
    assert state() == "accepted"
    (old,) = [r["value"] for r in sealed_rows(accepted_version("energy-2024", "alpha"))
              if (r["measure"], r["period"]) == ("quantity", "2024-06")]  # fmt: skip
    assert old == Decimal("1000000")


def test_a_first_draft_is_nothing_to_give_up(filing, clerk, round_):
    fill(filing, round_, clerk.actor)
    with pytest.raises(FilingError, match="没有已接受的版本"):
        operations.give_up(filing=filing, actor=clerk.actor, now=NOW)


def test_hands_of_the_accepted_version_are_washed_and_those_of_the_amendment_count(
    accepted, clerk, approver, round_
):
    with in_public():
        other = person("alpha", "clerk", "approver", name="白露")
    amend(accepted, other)
    edit(accepted, other.actor)
    complete(accepted, round_, other.actor)
    submit(accepted, other)
    with pytest.raises(FilingError, match="不能签发"):
        sign(accepted, other)
    assert sign(accepted, approver).version == 2


# the pages


@pytest.fixture
def running(haijin):
    day = datetime.timedelta(days=1)
    return open_round(
        "energy-2024", "2024", opens=NOW_IS - 900 * day, due=NOW_IS + day, closes=NOW_IS + 30 * day
    )


def text_of(response) -> str:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_clerk_approver_and_reviewer_see_the_same_comparison(running, clerk, approver, db):
    from tenants.context import in_university

    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, running, clerk.actor)
        submit(filing, clerk)
        sign(filing, approver)
        accept_newest()
    mine, theirs = browser(clerk), browser(approver)
    assert "更正已接受的数据" in text_of(mine.get(page("round", "energy-2024")))
    assert "更正已接受的数据" not in text_of(theirs.get(page("round", "energy-2024")))
    response = mine.post(page("amend", "energy-2024"), {"reason": REASON}, follow=True)
    shown = text_of(response)
    assert "正在更正：已接受的 v1 仍有效" in shown
    assert "草稿还和 v1 一样" in shown
    assert "正在更正，已接受的一版仍有效" in text_of(mine.get(page("home")))
    with in_university("alpha"):
        edit(filing, clerk.actor)
        complete(filing, running, clerk.actor)
        submit(filing, clerk)
    signing = text_of(theirs.get(page("sign", "energy-2024")))
    assert "1,000,001" in signing
    assert "林知行" in signing
    with in_university("alpha"):
        filing.refresh_from_db()
        sign(filing, approver)
    staff = User.objects.create_user("staff@example.org", "x", name="叶知秋")
    assign(user=staff, role="staff", actor_id=None)
    desk = Client()
    desk.force_login(staff)
    review = text_of(desk.get("/desk/review/energy-2024-alpha-v2/"))
    assert "更正已接受的 v1：改了 1 个数" in review
    assert REASON in review
    assert "1,000,001" in review
    assert "更正中" in text_of(desk.get("/desk/rounds/energy-2024/"))


def test_giving_up_by_the_button_says_what_happened(running, clerk, approver):
    from tenants.context import in_university

    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, running, clerk.actor)
        submit(filing, clerk)
        sign(filing, approver)
        accept_newest()
    mine = browser(clerk)
    mine.post(page("amend", "energy-2024"), {"reason": REASON})
    with in_university("alpha"):
        edit(filing, clerk.actor)
    response = mine.post(page("give_up", "energy-2024"), follow=True)
    assert "已放弃更正，1 个数恢复为已接受的版本。" in text_of(response)
    again = mine.post(page("give_up", "energy-2024"), follow=True)
    assert "现在的状态是“已接受”" in text_of(again)


def test_the_clerk_asks_for_another_day_on_the_page(running, clerk, approver):
    mine = browser(clerk)
    assert "申请延期" in text_of(mine.get(page("round", "energy-2024")))
    address = page("extension", "energy-2024")
    sent = {"wished_on": (NOW_IS - DAY).date().isoformat(), "reason": "停电"}
    refused = mine.post(address, sent)
    assert refused.status_code == 400
    assert "这一天已经过了" in refused.content.decode()
    sent["wished_on"] = (NOW_IS + 20 * DAY).date().isoformat()
    shown = text_of(mine.post(address, sent, follow=True))
    assert "已申请延期，等协会答复" in shown
    assert "答复前不用再申请" in text_of(mine.get(address))
    assert browser(approver).get(address).status_code == 403
