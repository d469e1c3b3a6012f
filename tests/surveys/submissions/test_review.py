"""Asking, answering, deciding: one decision, once, and everyone learns of it."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.operations import assign
from audit.models import AuditEntry
from jobs.models import Job
from surveys.catalog.models import Obligation
from surveys.submissions import queries
from surveys.submissions.models import Decision, Query, Submission
from surveys.submissions.operations import (
    AlreadyDecided,
    NothingToReturn,
    ReviewStarted,
    RoundNotOpen,
    SubmissionError,
    accept,
    answer,
    ask,
    common,
    return_with_queries,
    withdraw,
)
from tenants.context import in_university
from tests.soak import Count
from tests.surveys.factories import CLOSES, IN_TIME, make_round, make_seal, to_universities

STAFF = {"actor_id": 1, "actor_name": "叶知秋", "now": IN_TIME}
CLERK = {"actor_id": 7, "actor_name": "孟行舟", "now": IN_TIME}


@pytest.fixture
def submission(db) -> Submission:
    return make_seal(make_round())


def state() -> str:
    return Obligation.objects.get(university_code="alpha").state


def test_accept_decides_moves_enqueues_tells_and_leaves_a_trail(submission):
    decision = accept(submission=submission, **STAFF)
    assert (decision.kind, decision.decided_by_name, decision.decided_at) == ("accepted", "叶知秋", IN_TIME)
    assert (state(), queries.state_of(submission)) == ("accepted", "accepted")
    job = Job.objects.get()
    assert (job.kind, job.arguments) == ("benchmarks.figures", {"submission": str(submission.pk)})
    notices = to_universities().values_list("university_code", "subject", "path")
    assert list(notices) == [("alpha", "2024 年度能源统计：第 1 版已接受", "/u/alpha/rounds/NY2024/")]
    assert (
        AuditEntry.objects.filter(action="submission.accepted", actor_id=1, university_code="alpha").count()
        == 1
    )


def test_return_carries_its_reason_and_opens_the_filing_again(submission):
    return_with_queries(submission=submission, reason=" 7 月用电有误。 ", **STAFF)
    assert (state(), queries.decision_of(submission).reason) == ("returned", "7 月用电有误。")
    assert to_universities().get().body == "7 月用电有误。"
    assert Job.objects.count() == 0


def test_return_without_reason_or_open_question_is_refused(submission):
    with pytest.raises(NothingToReturn):
        return_with_queries(submission=submission, reason="  ", **STAFF)
    query = ask(submission=submission, text="请附计量记录。", **STAFF)
    with in_university("alpha"):
        answer(query=query, text="已补。", **CLERK)
    with pytest.raises(NothingToReturn):
        return_with_queries(submission=submission, **STAFF)
    assert (state(), Decision.objects.count()) == ("sealed", 0)


def test_return_with_an_open_question_needs_no_reason(submission):
    ask(submission=submission, text="请附计量记录。", **STAFF)
    assert return_with_queries(submission=submission, **STAFF).reason == ""


@pytest.mark.parametrize("first", [accept, return_with_queries])
@pytest.mark.parametrize("second", [accept, return_with_queries, withdraw])
def test_second_decision_is_refused_and_changes_nothing(submission, first, second):
    reason = {} if first is accept else {"reason": "7 月用电有误。"}
    first(submission=submission, **STAFF, **reason)
    before = (state(), to_universities().count(), AuditEntry.objects.count())
    with pytest.raises((AlreadyDecided, ReviewStarted)):
        second(submission=submission, **STAFF)
    assert (state(), to_universities().count(), AuditEntry.objects.count()) == before
    assert Decision.objects.count() == 1


def test_question_and_answer_make_a_thread_and_the_state_follows_the_last_word(submission):
    states = [queries.state_of(submission)]
    query = ask(submission=submission, cell="|electricity|quantity|2024-07", text="是否含智算中心？", **STAFF)
    states.append(queries.state_of(submission))
    with in_university("alpha"):
        answer(query=query, text="含。", **CLERK)
    states.append(queries.state_of(submission))
    ask(submission=submission, text="请扣减对外部分。", follows=query, **STAFF)
    states.append(queries.state_of(submission))
    assert states == ["review", "queried", "answered", "queried"]
    (thread,) = queries.threads(submission)
    assert [(m.author_name, m.from_association, m.cell) for m in thread.messages] == [
        ("叶知秋", True, "|electricity|quantity|2024-07"),
        ("孟行舟", False, "|electricity|quantity|2024-07"),
        ("叶知秋", True, "|electricity|quantity|2024-07"),
    ]


def test_question_after_the_decision_is_refused(submission):
    accept(submission=submission, **STAFF)
    with pytest.raises(AlreadyDecided):
        ask(submission=submission, text="还有一处。", **STAFF)


def test_answer_after_a_return_is_taken_and_after_an_acceptance_refused(submission):
    query = ask(submission=submission, text="请附计量记录。", **STAFF)
    return_with_queries(submission=submission, **STAFF)
    with in_university("alpha"):
        answer(query=query, text="已补。", **CLERK)
    accepted = make_seal(submission.round, "beta")
    other = ask(submission=accepted, text="请附计量记录。", **STAFF)
    accept(submission=accepted, **STAFF)
    with in_university("beta"), pytest.raises(AlreadyDecided):
        answer(query=other, text="已补。", **CLERK)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_empty_words_are_refused(submission, text):
    with pytest.raises(SubmissionError):
        ask(submission=submission, text=text, **STAFF)
    assert Query.objects.count() == 0


def test_withdraw_before_review_makes_it_a_draft_and_the_next_seal_is_version_two(submission):
    with in_university("alpha"):
        withdraw(submission=submission, **CLERK)
    assert (state(), queries.state_of(submission)) == ("draft", "withdrawn")
    assert make_seal(submission.round).version == 2


def test_withdraw_once_the_association_has_asked_is_refused(submission):
    ask(submission=submission, text="请附计量记录。", **STAFF)
    with in_university("alpha"), pytest.raises(ReviewStarted):
        withdraw(submission=submission, **CLERK)
    assert state() == "sealed"


def test_withdraw_after_the_closing_is_refused(submission):
    with in_university("alpha"), pytest.raises(RoundNotOpen):
        withdraw(submission=submission, **CLERK | {"now": CLOSES})


def test_beta_cannot_withdraw_or_answer_for_alpha(submission):
    query = ask(submission=submission, text="请附计量记录。", **STAFF)
    with in_university("beta"):
        with pytest.raises(Obligation.DoesNotExist):
            withdraw(submission=submission, **CLERK)
        with pytest.raises(Obligation.DoesNotExist):
            answer(query=query, text="已补。", **CLERK)
    assert (Decision.objects.count(), Query.objects.count()) == (0, 1)


def race(submission, *decide) -> list[str]:
    """Runs the decisions at the same moment, each on a connection of its own; what each came to."""
    barrier, outcome = threading.Barrier(len(decide)), []

    def work(action, fields):
        try:
            barrier.wait()
            action(submission=submission, **STAFF, **fields)
            outcome.append("won")
        except AlreadyDecided:
            outcome.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in decide]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcome)


DECISIONS = Count("pairs of decisions about one seal", small=16, full=500)
ACCEPT, RETURN = (accept, {}), (return_with_queries, {"reason": "7 月用电有误。"})


@pytest.mark.promise("no lost update")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pair", [(ACCEPT, RETURN), (ACCEPT, ACCEPT)])
def test_accept_and_return_at_the_same_moment_one_wins_and_the_other_is_told(pair):
    round = make_round(universities=["alpha"])
    for turn in range(-(-DECISIONS.number // 2)):
        submission = make_seal(round, now=IN_TIME)
        assert race(submission, *pair) == ["conflict", "won"]
        decision = Decision.objects.get(submission=submission)
        assert Obligation.objects.get().state == decision.kind
        assert to_universities().count() == turn + 1
        DECISIONS.done()


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_constraint_both_win(as_owner, monkeypatch):
    """The race above can fail: take the two guards away and both decisions stand."""
    submission = make_seal(make_round())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE submissions_decision DROP CONSTRAINT decision_once")
    monkeypatch.setattr(common, "lock", lambda submission: None)
    meeting = threading.Barrier(2, timeout=20)
    refuse = common.refuse_decided

    def looked_and_saw_nothing(submission):
        refuse(submission)
        meeting.wait()

    monkeypatch.setattr(common, "refuse_decided", looked_and_saw_nothing)
    monkeypatch.setattr(common, "move", lambda submission, state, now: None)
    assert race(submission, ACCEPT, RETURN) == ["won", "won"]
    assert Decision.objects.filter(submission=submission).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guard", ["lock", "constraint"])
def test_each_of_the_two_guards_is_enough_alone(as_owner, monkeypatch, guard):
    submission = make_seal(make_round())
    if guard == "lock":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE submissions_decision DROP CONSTRAINT decision_once")
    else:
        monkeypatch.setattr(common, "lock", lambda submission: None)
    assert race(submission, ACCEPT, RETURN) == ["conflict", "won"]
    assert Decision.objects.filter(submission=submission).count() == 1


def test_what_a_reviewer_wrote_about_a_seal_that_was_withdrawn_meanwhile_is_not_lost(submission, client):
    staff = User.objects.create_user("staff@association.test", "x", name="叶知秋")
    assign(user=staff, role="staff", actor_id=None)
    client.force_login(staff)
    page = reverse("review:submission", args=[submission.number])
    assert client.get(page).status_code == 200
    withdraw(submission=submission, reason="漏填", **CLERK)
    asked = client.post(
        reverse("review:ask", args=[submission.number]), {"text": "7 月为何翻倍？"}, follow=True
    )
    [said] = [str(message) for message in asked.context["messages"]]
    assert said.endswith("你写的没有发出：7 月为何翻倍？")
    sent = {"decision": "return", "reason": "7 月用电有误"}
    decided = client.post(reverse("review:decide", args=[submission.number]), sent, follow=True)
    [said] = [str(message) for message in decided.context["messages"]]
    assert said.endswith("你写的没有发出：7 月用电有误")
    assert (Query.objects.count(), Decision.objects.get().kind, state()) == (0, "withdrawn", "draft")
