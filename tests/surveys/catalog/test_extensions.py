"""Another day for one university: who asks, who answers, and that every rule about time follows it."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client

from accounts.models import User
from accounts.operations import assign
from accounts.reach import Reach
from audit.models import AuditEntry
from notices.models import ASSOCIATION, Notice
from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.models import CompletionSnapshot
from surveys.benchmarks.operations import snapshot_completion
from surveys.catalog import queries
from surveys.catalog.models import Extension, Obligation
from surveys.catalog.operations import (
    ExtensionError,
    NothingToRemind,
    answer_request,
    ask_extension,
    give_extension,
    remind,
    take_back_request,
)
from surveys.submissions.operations import RoundNotOpen, accept
from surveys.submissions.pages import queue
from surveys.submissions.queries import may_be_filed
from tenants.context import in_university
from tests.surveys.factories import CLOSES, DUE, IN_TIME, SHANGHAI, make_round, make_seal, to_universities

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
# DUE is midnight: the last day was 31 March
WISHED = datetime.date(2025, 4, 20)
UNTIL = datetime.datetime(2025, 4, 21, tzinfo=SHANGHAI)
CLERK = {"actor_id": 7, "actor_name": "林知行"}
STAFF = {"actor_id": 9, "actor_name": "叶知秋"}


def owed(university="alpha") -> Obligation:
    return queries.obligation("NY2024", university)


def ask(university="alpha", wished_on=WISHED, reason="电表更换，等供电局数据", now=IN_TIME) -> Extension:
    with in_university(university):
        return ask_extension(
            obligation=owed(university), wished_on=wished_on, reason=reason, **CLERK, now=now
        )


def grant(extension, until=WISHED, answer="", now=IN_TIME) -> Extension:
    return answer_request(extension=extension, until=until, answer=answer, **STAFF, now=now)


@pytest.fixture
def round_(db):
    return make_round()


def test_asked_and_granted_both_sides_are_told_and_the_trail_has_both(round_):
    asked = ask()
    (told,) = Notice.objects.filter(role=ASSOCIATION)
    assert (told.subject, told.path) == ("甲子大学申请延期：2024 年度能源统计", "/desk/rounds/extensions/")
    assert "希望延到 2025年4月20日。原因：电表更换" in told.body
    assert owed().due_at == DUE
    grant(asked, answer="同意")
    row = owed()
    assert (row.due_at, row.closes_at, row.is_extended) == (UNTIL, CLOSES, True)
    assert owed("beta").due_at == DUE
    assert [n.subject for n in to_universities()] == ["2024 年度能源统计：延至 2025年4月21日（周一）0:00"]
    trail = AuditEntry.objects.filter(object_type="extension").order_by("pk")
    assert list(trail.values_list("action", "actor_id", "university_code")) == [
        ("extension.asked", 7, "alpha"),
        ("extension.granted", 9, "alpha"),
    ]


def test_a_second_request_while_one_waits_is_the_same_request(round_):
    assert ask().pk == ask(reason="再说一遍").pk
    assert Extension.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(obligation=owed(), university_code="alpha", reason="x")


def take_back(extension, university="alpha", now=IN_TIME) -> Extension:
    with in_university(university):
        return take_back_request(extension=extension, **CLERK, now=now)


def test_taken_back_the_association_is_told_nothing_moves_and_another_can_be_asked_for(round_):
    asked = take_back(ask())
    assert (asked.state, asked.taken_back_by_name, asked.answered_at) == ("taken_back", "林知行", None)
    subjects = list(Notice.objects.filter(role=ASSOCIATION).order_by("pk").values_list("subject", flat=True))
    assert subjects == ["甲子大学申请延期：2024 年度能源统计", "甲子大学收回了延期申请：2024 年度能源统计"]
    assert list(AuditEntry.objects.filter(object_type="extension").values_list("action", flat=True)) == [
        "extension.asked",
        "extension.taken_back",
    ]
    assert (owed().due_at, list(queries.open_requests(Reach(everything=True)))) == (DUE, [])
    assert ask(reason="改天再说").pk != asked.pk


def test_what_was_answered_is_not_taken_back_and_what_was_taken_back_is_not_answered(round_):
    answered = grant(ask(), answer="同意")
    with pytest.raises(ExtensionError, match="叶知秋刚刚答复过：已同意"):
        take_back(answered)
    with in_university("alpha"), pytest.raises(ProgrammingError), transaction.atomic():
        Extension.objects.filter(pk=answered.pk).update(state="taken_back")
    other = take_back(ask("beta"), "beta")
    with pytest.raises(ExtensionError, match="学校已经收回"):
        grant(other)
    with pytest.raises(ExtensionError, match="学校已经收回"):
        take_back(other, "beta")


def test_refused_needs_a_reason_and_changes_no_time(round_):
    asked = ask()
    with pytest.raises(ExtensionError, match="写明原因"):
        grant(asked, until=None)
    grant(asked, until=None, answer="数据已到，按期报")
    assert owed().due_at == DUE
    assert to_universities().get().body == "数据已到，按期报"


def test_the_second_of_two_who_answer_reads_what_the_first_said(round_):
    asked = ask()
    grant(asked)
    with pytest.raises(ExtensionError, match="叶知秋刚刚答复过：已同意"):
        grant(asked, until=None, answer="不行")


@pytest.mark.parametrize(
    ("wished", "now", "text"),
    [
        (datetime.date(2025, 3, 1), IN_TIME, "已经过了"),
        (datetime.date(2025, 3, 31), IN_TIME, "要写更晚的日期"),
        (datetime.date(2027, 3, 31), IN_TIME, "最多延一年"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(round_, wished, now, text):
    with pytest.raises(ExtensionError, match=text):
        ask(wished_on=wished, now=now)
    with pytest.raises(ExtensionError, match=text):
        give_extension(obligation=owed(), until=wished, reason="x", **STAFF, now=now)


def test_given_without_asking_it_answers_an_open_request(round_):
    give_extension(obligation=owed("beta"), until=WISHED, reason="校区停电", **STAFF, now=IN_TIME)
    assert (owed("beta").due_at, Extension.objects.get().asked_at) == (UNTIL, None)
    asked = ask()
    give_extension(obligation=owed(), until=WISHED, reason="校区停电", **STAFF, now=IN_TIME)
    asked.refresh_from_db()
    assert (asked.state, asked.answer, Extension.objects.count()) == ("granted", "校区停电", 2)


def test_every_rule_about_time_follows_the_extension(round_):
    grant(ask())
    late = DUE + DAY
    assert queries.window_state(owed(), late) == "open"
    assert queries.window_state(owed("beta"), late) == "late"
    alpha, beta = queries.standings(round_, late)
    assert (alpha.overdue, beta.overdue, alpha.due_at) == (False, True, UNTIL)
    assert queries.completion(round_, late).overdue == 1
    assert [item.late for item in queue.items([round_], "", late)] == [False, True]
    make_seal(round_, now=late)
    make_seal(round_, "beta", now=late)
    counts = queries.completion(round_, late)
    assert (counts.on_time, counts.late, counts.overdue) == (1, 1, 0)
    assert [s.on_time for s in queries.standings(round_, late)] == [True, False]
    snapshot_completion(now=late, day=late.date())
    assert CompletionSnapshot.objects.get(cohort_code=EVERYONE, state="on_time").count == 1


def test_an_extension_beyond_the_closing_opens_the_round_for_that_university_alone(round_):
    after, last = CLOSES + DAY, CLOSES + 5 * DAY
    give_extension(obligation=owed(), until=last.date(), reason="x", **STAFF, now=IN_TIME)
    assert (may_be_filed(owed(), after), may_be_filed(owed("beta"), after)) == (True, False)
    assert make_seal(round_, now=after).version == 1
    with pytest.raises(RoundNotOpen):
        make_seal(round_, "beta", now=after)
    assert not may_be_filed(owed(), owed().closes_at)


def test_reminders_follow_the_extension(round_):
    after = CLOSES + DAY
    with pytest.raises(NothingToRemind):
        remind(round=round_, actor_id=9, now=after)
    give_extension(obligation=owed(), until=(CLOSES + 5 * DAY).date(), reason="x", **STAFF, now=IN_TIME)
    assert remind(round=round_, actor_id=9, now=after) == ["alpha"]
    assert to_universities().first().subject == "2024 年度能源统计还没有报送"


def test_an_extension_for_an_amendment_moves_the_closing_and_not_whether_it_was_on_time(round_):
    accept(submission=make_seal(round_, now=DUE + DAY), **STAFF, now=DUE + 2 * DAY)
    after = CLOSES + DAY
    with pytest.raises(ExtensionError, match="现在就能更正"):
        ask(wished_on=DUE.date() + 9 * DAY, now=DUE + 3 * DAY)
    grant(ask(wished_on=(CLOSES + 9 * DAY).date(), now=after), until=(CLOSES + 9 * DAY).date(), now=after)
    row = owed()
    assert (row.due_at, queries.is_on_time(row), queries.window_state(row, after)) == (DUE, False, "late")
    assert to_universities().first().subject.startswith("2024 年度能源统计：可以更正，到 2025年6月11日")


def test_a_university_neither_grants_nor_asks_for_another(round_):
    asked = ask()

    def refused(change) -> bool:
        try:
            with transaction.atomic():
                change()
        except ProgrammingError:
            return True
        return False

    with in_university("alpha"):
        assert refused(lambda: Extension.objects.filter(pk=asked.pk).update(state="granted"))
        own = {"obligation": owed(), "university_code": "alpha", "reason": "x"}
        assert refused(lambda: Extension.objects.create(**own, state="granted", until=UNTIL))
        assert refused(lambda: Obligation.objects.filter(pk=owed().pk).update(extended_due_at=UNTIL))
        assert refused(lambda: Obligation.objects.filter(pk=owed().pk).update(accepted_at=UNTIL))
        assert refused(lambda: Obligation.objects.filter(pk=owed().pk).update(state="accepted"))
    with in_university("beta"):
        assert Extension.objects.count() == 0
        forged = {"obligation_id": owed("beta").pk, "university_code": "alpha", "reason": "x"}
        assert refused(lambda: Extension.objects.create(**forged))
    assert connection.schema_name == "public"


# the desk


@pytest.fixture
def staff(db) -> Client:
    user = User.objects.create_user("staff@example.org", "x", name="叶知秋")
    assign(user=user, role="staff", actor_id=None)
    client = Client()
    client.force_login(user)
    return client


def running_round():
    now = queries.database_now()
    return make_round(opens_at=now - 9 * DAY, due_at=now + 3 * DAY, closes_at=now + 9 * DAY), now


def test_the_desk_lists_counts_and_answers_requests(staff):
    round, now = running_round()
    wished = (now + 20 * DAY).date()
    asked = ask(wished_on=wished, now=now)
    home = staff.get("/desk/").content.decode()
    assert "延期申请 1 份" in home
    page = staff.get("/desk/rounds/extensions/")
    assert "甲子大学" in page.content.decode()
    assert "份延期申请等答复" in page.content.decode()
    assert Notice.objects.get(role=ASSOCIATION).reads.count() == 1
    response = staff.post(
        f"/desk/rounds/extensions/{asked.pk}/answer/",
        {"decision": "grant", "until": wished.isoformat(), "answer": ""},
        follow=True,
    )
    assert "已答复，学校收到消息。" in response.content.decode()
    assert owed().is_extended
    assert "延至" in staff.get(f"/desk/rounds/{round.pk}/").content.decode()
    again = staff.post(
        f"/desk/rounds/extensions/{asked.pk}/answer/", {"decision": "refuse", "answer": "不"}, follow=True
    )
    assert "刚刚答复过" in again.content.decode()


def test_the_desk_gives_a_day_without_being_asked_and_says_what_cannot_be(staff):
    round, now = running_round()
    address = f"/desk/rounds/{round.pk}/extend/"
    sent = {"university": "beta", "until": (now - DAY).date().isoformat(), "reason": "停电"}
    assert "这一天已经过了" in staff.post(address, sent).content.decode()
    sent["until"] = (now + 30 * DAY).date().isoformat()
    assert staff.post(address, sent).status_code == 302
    assert (owed("beta").is_extended, owed("alpha").is_extended) == (True, False)


def test_a_secretary_of_another_committee_finds_no_request(db):
    _round, now = running_round()
    asked = ask(wished_on=(now + 20 * DAY).date(), now=now)
    user = User.objects.create_user("hz@example.org", "x", name="顾清和")
    assign(user=user, role="secretary", committee_code="HZ", actor_id=None)
    client = Client()
    client.force_login(user)
    assert "甲子大学" not in client.get("/desk/rounds/extensions/").content.decode()
    sent = {"decision": "grant", "until": (now + 20 * DAY).date().isoformat()}
    assert client.post(f"/desk/rounds/extensions/{asked.pk}/answer/", sent).status_code == 404
