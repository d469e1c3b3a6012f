"""The desk's pages: who may open them, and what they say."""

import csv
import datetime
import io
import threading

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import operations as accounts
from accounts.models import User
from audit.models import AuditEntry
from surveys import instruments
from surveys.catalog.models import Obligation, Round
from surveys.catalog.operations import RoundIsClosed, change_times, database_now, let_join, publish_version
from surveys.catalog.queries import obligations_of
from surveys.submissions.models import Decision, Query
from surveys.submissions.operations import accept, answer, ask, return_with_queries
from tenants.context import in_university
from tenants.models import University
from tenants.operations import add_member
from tests.surveys.factories import (
    CLOSES,
    DUE,
    IN_TIME,
    OPENS,
    energy_rows,
    make_round,
    make_seal,
    to_universities,
)

pytestmark = pytest.mark.django_db

FUTURE = CLOSES.replace(year=2100)
STAFF = {"actor_id": 1, "actor_name": "叶知秋", "now": IN_TIME}
ISSUE = {
    "rule": "V02", "kind": "year_on_year", "severity": "warning", "facility": "", "item": "electricity",
    "measure": "quantity", "period": "2024-07", "message": "比上年同月高 31%",
}  # fmt: skip
REASON = {
    "rule": "V02", "facility": "", "item": "electricity", "measure": "quantity", "period": "2024-07",
    "text": "新启用智算中心", "actor_name": "孟行舟",
}  # fmt: skip


def person(role: str, committee: str = "") -> User:
    user = User.objects.create_user(f"{role}@example.org", "x", name="叶知秋")
    accounts.assign(user=user, role=role, actor_id=None, committee_code=committee)
    User.objects.filter(pk=user.pk).update(second_factor_required=False)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def staff(db) -> Client:
    return signed_in(person("staff"))


@pytest.fixture
def round_(db) -> Round:
    return make_round(due_at=FUTURE, closes_at=FUTURE)


@pytest.fixture
def submission(round_):
    return make_seal(round_, issues=[ISSUE], explanations=[REASON])


def addresses(number: str) -> dict[str, str]:
    """Every page of the desk; the method each is asked with."""
    review, rounds = [number], ["NY2024"]
    return {
        reverse("desk:home"): "get",
        reverse("review:queue"): "get",
        reverse("review:submission", args=review): "get",
        reverse("review:changes", args=review): "get",
        reverse("review:file", args=[number, 1]): "get",
        reverse("review:ask", args=review): "post",
        reverse("review:decide", args=review): "post",
        reverse("rounds:list"): "get",
        reverse("rounds:new"): "get",
        reverse("rounds:round", args=rounds): "get",
        reverse("rounds:times", args=rounds): "get",
        reverse("rounds:remind", args=rounds): "post",
        reverse("rounds:state_file", args=[*rounds, "csv"]): "get",
    }


def statuses(client: Client, number: str) -> set[int]:
    return {getattr(client, method)(url).status_code for url, method in addresses(number).items()}


def test_anonymous_is_sent_to_sign_in(submission):
    for url, method in addresses(submission.number).items():
        response = getattr(Client(), method)(url)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("role", ["commission", "expert"])
def test_other_roles_of_the_association_are_refused(submission, role):
    assert statuses(signed_in(person(role)), submission.number) == {403}


def test_clerk_and_approver_of_a_university_are_refused(submission):
    user = User.objects.create_user("clerk@example.org", "x", name="孟行舟")
    add_member(user=user, university=University.objects.get(code="alpha"), role="clerk", actor_id=None)
    assert statuses(signed_in(user), submission.number) == {403}
    assert (Decision.objects.count(), Query.objects.count(), to_universities().count()) == (0, 0, 0)


@pytest.mark.parametrize(("role", "committee"), [("staff", ""), ("secretary", "NZ")])
def test_staff_and_secretary_open_every_page(submission, role, committee):
    client = signed_in(person(role, committee))
    pages = [url for url, method in addresses(submission.number).items() if method == "get"]
    found = {url: client.get(url).status_code for url in pages}
    missing = {
        reverse("review:changes", args=[submission.number]),
        reverse("review:file", args=[submission.number, 1]),
    }
    assert found == {url: 404 if url in missing else 200 for url in pages}


def test_unknown_seal_and_round_are_not_found(staff, submission):
    assert staff.get(reverse("review:submission", args=["NY2024-beta-v1"])).status_code == 404
    assert staff.get(reverse("rounds:round", args=["NY1999"])).status_code == 404


def text(response) -> str:
    return response.content.decode()


def names_in_queue(client: Client, **filters) -> list[str]:
    page = client.get(reverse("review:queue"), filters).context["page_obj"]
    return [item.name for item in page.object_list]


def test_queue_sorts_by_what_waits_and_filters(staff, submission):
    other = make_seal(submission.round, "beta", now=OPENS)
    assert names_in_queue(staff) == ["乙丑大学", "甲子大学"]
    assert names_in_queue(staff, kind="engineering") == ["甲子大学"]
    ask(submission=other, text="请附计量记录。", **STAFF)
    assert names_in_queue(staff) == ["甲子大学"]
    assert names_in_queue(staff, tab="queried") == ["乙丑大学"]
    return_with_queries(submission=other, **STAFF)
    assert names_in_queue(staff, tab="returned") == ["乙丑大学"]
    accept(submission=submission, **STAFF)
    assert names_in_queue(staff, tab="accepted", round="NY2024") == ["甲子大学"]
    assert names_in_queue(staff, tab="all") == ["乙丑大学", "甲子大学"]


def test_queue_shows_who_is_late_after_the_due_time_only(staff, round_):
    assert names_in_queue(staff, tab="late") == []
    change_times(round=round_, opens_at=OPENS, due_at=DUE, closes_at=FUTURE, actor_id=None)
    make_seal(round_, now=IN_TIME)
    assert names_in_queue(staff, tab="late") == ["乙丑大学"]


def test_queue_with_unknown_filters_shows_the_widest_view(staff, submission):
    assert names_in_queue(staff, tab="nonsense", round="x", kind="y", page="99") == ["甲子大学"]


def test_queue_asks_the_database_a_bounded_number_of_questions(
    staff, submission, django_assert_max_num_queries
):
    make_seal(submission.round, "beta")
    with django_assert_max_num_queries(30):
        staff.get(reverse("review:queue"))


def test_submission_page_shows_numbers_beside_last_year_with_warning_and_explanation(staff, submission):
    before = make_round("NY2023", "2023", due_at=FUTURE, closes_at=FUTURE)
    accept(submission=make_seal(before, rows=energy_rows("2023", electricity=80000)), **STAFF)
    response = staff.get(reverse("review:submission", args=[submission.number]))
    paper = response.context["paper"]
    lines = [(f.name, f.unit, f.line.now, f.line.before, f.line.change) for f in paper.figures]
    assert lines == [("电力", "kWh", 1278000, 1022400, 0.25), ("水", "m³", 25560, 25560, 0)]
    assert text(response).count("比上年同月高 31%") == 1
    assert text(response).count("新启用智算中心") == 1
    assert [(s.line.name, s.line.calibre, s.line.value) for s in paper.sizes] == [
        ("用能人数", "折算人数口径", 21000)
    ]


def test_factors_are_named_by_their_standard(staff, round_):
    seal = make_seal(round_, factor_set="gb2589_2020")
    response = staff.get(reverse("review:submission", args=[seal.number]))
    said = [
        span.get_text() for span in BeautifulSoup(response.content, "html.parser").select("header span.dim")
    ]
    assert [words for words in said if "系数" in words] == ["按封存数据试算，系数 GB/T 2589-2020"]


def test_days_of_waiting_are_those_of_the_calendar(staff, round_):
    midnight = datetime.datetime.combine(
        timezone.localdate(), datetime.time.min, timezone.get_current_timezone()
    )
    make_seal(round_, now=midnight - datetime.timedelta(minutes=1))
    (item,) = staff.get(reverse("review:queue")).context["page_obj"].object_list
    assert item.waited == 1


def test_month_view_shows_each_value_with_its_link_to_ask(staff, submission):
    url = reverse("review:submission", args=[submission.number])
    response = staff.get(
        url, {"item": "electricity", "measure": "quantity", "cell": "|electricity|quantity|2024-07"}
    )
    detail = response.context["detail"]
    assert [(period, line.now) for _place, period, line in detail.lines][:2] == [
        ("1月", 101000),
        ("2月", 102000),
    ]
    assert response.context["ask_about"] == "电力 7月"


def test_question_is_asked_once_however_often_the_button_is_pressed(staff, submission):
    url = reverse("review:ask", args=[submission.number])
    for _ in range(2):
        staff.post(url, {"text": "请附计量记录。", "cell": "|electricity|quantity|2024-07"})
    assert list(Query.objects.values_list("cell", "text", "author_name")) == [
        ("|electricity|quantity|2024-07", "请附计量记录。", "叶知秋")
    ]
    assert to_universities().count() == 1


def test_empty_question_is_refused_on_the_page(staff, submission):
    response = staff.post(reverse("review:ask", args=[submission.number]), {"text": " ", "cell": "|water||"})
    assert (response.status_code, Query.objects.count()) == (400, 0)
    assert response.context["ask_about"] == "水"


def test_question_into_a_thread_of_another_seal_is_not_found(staff, submission):
    foreign = ask(submission=make_seal(submission.round, "beta"), text="请附计量记录。", **STAFF)
    url = reverse("review:ask", args=[submission.number])
    assert staff.post(url, {"text": "还有", "thread": foreign.pk}).status_code == 404


def test_accept_twice_by_a_double_click_is_one_decision_and_no_error(staff, submission):
    url = reverse("review:decide", args=[submission.number])
    answers = [staff.post(url, {"decision": "accept"}, follow=True) for _ in range(2)]
    assert [response.status_code for response in answers] == [200, 200]
    assert Decision.objects.count() == 1
    assert [str(m) for m in answers[1].context["messages"]] == ["这份报表已由叶知秋接受。"]


def test_return_after_somebody_accepted_says_so_and_changes_nothing(staff, submission):
    accept(submission=submission, **STAFF | {"actor_name": "孟以宁"})
    url = reverse("review:decide", args=[submission.number])
    response = staff.post(url, {"decision": "return", "reason": "7 月用电有误。"}, follow=True)
    assert [str(m) for m in response.context["messages"]] == [
        "这份报表已由孟以宁接受。 你写的没有发出：7 月用电有误。"
    ]
    assert Obligation.objects.get(university_code="alpha").state == "accepted"


def test_return_without_reason_is_told_what_to_do(staff, submission):
    url = reverse("review:decide", args=[submission.number])
    response = staff.post(url, {"decision": "return", "reason": ""}, follow=True)
    assert [str(m) for m in response.context["messages"]] == [
        "退回前写明理由，或提一条疑问：学校要知道改哪里。"
    ]
    assert Decision.objects.count() == 0


def test_unknown_decision_is_not_found_and_get_is_refused(staff, submission):
    url = reverse("review:decide", args=[submission.number])
    assert staff.post(url, {"decision": "burn"}).status_code == 404
    assert staff.get(url).status_code == 405


def test_decision_without_token_is_refused(submission):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("staff"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert (
        client.post(reverse("review:decide", args=[submission.number]), {"decision": "accept"}).status_code
        == 403
    )
    assert Decision.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_accept_pressed_by_two_people_at_once_is_one_decision():
    submission = make_seal(make_round(due_at=FUTURE, closes_at=FUTURE))
    clients = [signed_in(person("staff")), signed_in(person("secretary", "NZ"))]
    barrier, codes = threading.Barrier(2), []

    def press(client):
        barrier.wait()
        codes.append(
            client.post(
                reverse("review:decide", args=[submission.number]), {"decision": "accept"}
            ).status_code
        )
        connection.close()

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (codes, Decision.objects.count()) == ([302, 302], 1)


def test_changes_name_what_the_second_version_changed(staff, submission):
    return_with_queries(submission=submission, reason="7 月用电有误。", **STAFF)
    rows = energy_rows()
    rows[6] = rows[6] | {"value": 1}
    second = make_seal(submission.round, rows=rows)
    table = staff.get(reverse("review:changes", args=[second.number])).context["differences"]
    assert [(row.head, [cell.value for cell in row.cells][:3]) for row in table.rows] == [
        ("电力", ["7月", 107000, 1])
    ]


def test_sealed_file_is_a_download(staff, round_):
    from files.storage import store

    kept = store("alpha", [b"<script>alert(1)</script>"])
    name = "../../台账.html"
    made = make_seal(
        round_, files=[{"kind": "original", "name": name, "sha256": kept.sha256, "size": kept.size}]
    )
    response = staff.get(reverse("review:file", args=[made.number, made.files.get().pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"


def test_text_of_a_university_is_escaped(staff, round_):
    reason = REASON | {"text": "<img src=x onerror=alert(1)>"}
    made = make_seal(round_, issues=[ISSUE], explanations=[reason])
    query = ask(submission=made, text="<b>?", **STAFF)
    with in_university("alpha"):
        answer(query=query, text="<script>x</script>", actor_id=7, actor_name="<i>孟", now=IN_TIME)
    body = text(staff.get(reverse("review:submission", args=[made.number])))
    assert [bad for bad in ("<img src=x", "<script>x", "<i>孟", "<b>?") if bad in body] == []


def new_round(**changes) -> dict:
    fields = {
        "version": publish_version(instruments.get("energy")).pk,
        "title": "2025 年度能源统计",
        "period": "2025",
        "code": "NY2025",
        "opens_at": "2026-01-05T00:00",
        "due_at": "2026-04-01T00:00",
        "closes_at": "2026-05-01T00:00",
        "universities": ["alpha", "beta"],
    }
    return fields | changes


def test_round_is_opened_in_shanghai_time_for_the_chosen_universities(staff):
    response = staff.post(reverse("rounds:new"), new_round(universities=["beta"]))
    assert response.url == reverse("rounds:round", args=["NY2025"])
    made = Round.objects.get()
    assert made.due_at.isoformat() == "2026-03-31T16:00:00+00:00"
    assert list(made.obligations.values_list("university_code", "state")) == [("beta", "none")]
    assert AuditEntry.objects.filter(action="round.opened", object_id="NY2025").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": "2026-01-01T00:00"}, "due_at"),
        ({"closes_at": "2026-02-01T00:00"}, "closes_at"),
        ({"code": "a/b"}, "code"),
        ({"period": "去年"}, "period"),
        ({"universities": ["gamma"]}, "universities"),
        ({"title": ""}, "title"),
    ],
)
def test_round_that_cannot_be_is_refused_at_the_field(staff, changes, field):
    response = staff.post(reverse("rounds:new"), new_round(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (400, [field])
    assert Round.objects.count() == 0


def test_round_with_a_code_that_is_taken_is_refused_whatever_its_case(staff, round_):
    response = staff.post(reverse("rounds:new"), new_round(code="ny2024"))
    assert list(response.context["form"].errors) == ["code"]


def test_times_are_changed_and_audited(staff, round_):
    url = reverse("rounds:times", args=["NY2024"])
    staff.post(
        url, {"opens_at": "2025-01-06T00:00", "due_at": "2025-04-02T00:00", "closes_at": "2025-06-01T00:00"}
    )
    round_.refresh_from_db()
    assert round_.due_at.isoformat() == "2025-04-01T16:00:00+00:00"
    trail = AuditEntry.objects.filter(action="round.times_changed").values_list("object_id", "fields")
    assert list(trail) == [("NY2024", ["closes_at", "due_at"])]


def test_university_that_came_later_is_added_to_an_open_round(staff, db):
    made = make_round(universities=["alpha"], closes_at=FUTURE)
    url = reverse("rounds:join", args=["NY2024"])
    assert f'href="{url}"' in staff.get(reverse("rounds:round", args=["NY2024"])).content.decode()
    assert [u.code for u in staff.get(url).context["outside"]] == ["beta"]
    response = staff.post(url, {"universities": ["beta"]}, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["已加 1 所学校，它在自己的首页看到这个批次。"]
    owing = made.obligations.order_by("university_code").values_list("university_code", "state")
    assert list(owing) == [("alpha", "none"), ("beta", "none")]
    assert AuditEntry.objects.filter(action="round.universities_added", object_id="NY2024").count() == 2
    with in_university("beta"):
        assert [row.round_id for row in obligations_of("beta")] == ["NY2024"]
    # there is nobody left to add, and the round says so no more
    assert "没有可加的学校" in staff.get(url).content.decode()
    assert url not in staff.get(reverse("rounds:round", args=["NY2024"])).content.decode()


@pytest.mark.parametrize("chosen", [[], ["alpha"], ["gamma"], ["beta", "gamma"]])
def test_only_active_universities_that_are_not_in_the_round_are_added(staff, chosen):
    made = make_round(universities=["alpha"], closes_at=FUTURE)
    response = staff.post(reverse("rounds:join", args=["NY2024"]), {"universities": chosen})
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["universities"])
    assert list(made.obligations.values_list("university_code", flat=True)) == ["alpha"]


def test_suspended_university_is_not_offered(staff, db):
    make_round(universities=["alpha"], closes_at=FUTURE)
    University.objects.filter(code="beta").update(state="suspended")
    assert staff.get(reverse("rounds:join", args=["NY2024"])).context["outside"] == []


def test_closed_round_takes_no_university_and_says_what_to_do(staff, db):
    made = make_round(universities=["alpha"])
    url = reverse("rounds:join", args=["NY2024"])
    response = staff.post(url, {"universities": ["beta"]})
    assert response.status_code == 400 and made.obligations.count() == 1
    page = staff.get(url).content.decode()
    assert "先改时间，再加学校。" in page and '<form method="post" novalidate>' not in page
    assert url not in staff.get(reverse("rounds:round", args=["NY2024"])).content.decode()
    with pytest.raises(RoundIsClosed, match="先改时间"):
        let_join(round=made, universities=["beta"], now=CLOSES, actor_id=1)


def test_university_added_twice_at_once_owes_once(db):
    made = make_round(universities=["alpha"], closes_at=FUTURE)
    counts = [let_join(round=made, universities=["beta", "beta"], now=IN_TIME, actor_id=1) for _ in range(2)]
    assert (counts, made.obligations.count()) == ([1, 0], 2)


def test_wall_shows_everyone_and_filters(staff, submission):
    url = reverse("rounds:round", args=["NY2024"])

    def seen(**filters):
        return [(s.name, key) for s, key, _last in staff.get(url, filters).context["standings"]]

    assert seen() == [("甲子大学", "review"), ("乙丑大学", "none")]
    assert seen(state="missing") == [("乙丑大学", "none")]
    assert seen(state="sealed") == [("甲子大学", "review")]
    assert seen(state="overdue") == []


def test_wall_as_csv_has_a_row_per_university(staff, submission):
    University.objects.filter(code="beta").update(name="=1+1大学")
    response = staff.get(reverse("rounds:state_file", args=["NY2024", "csv"]))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:4] for row in rows] == [
        ["学校", "学校代码", "单元", "状态"],
        ["甲子大学", "alpha", "", "审核中"],
        ["'=1+1大学", "beta", "", "未开始"],
    ]
    assert rows[1][5].startswith("2025-03-03 10:30:00")


def test_reminder_reaches_who_has_not_handed_in_and_not_twice_within_a_day(staff, submission):
    url = reverse("rounds:remind", args=["NY2024"])
    first, second = (staff.post(url, follow=True) for _ in range(2))
    assert [str(m) for m in first.context["messages"]] == ["已提醒 1 所学校。"]
    assert [str(m) for m in second.context["messages"]] == ["未报的学校 24 小时内都提醒过，这次没有再发。"]
    assert list(to_universities().values_list("university_code", "path")) == [
        ("beta", "/u/beta/rounds/NY2024/")
    ]
    Obligation.objects.filter(university_code="beta").update(reminded_at=IN_TIME)
    staff.post(url)
    assert to_universities().count() == 2


def test_reminder_of_a_closed_round_is_refused_and_says_why(staff, db):
    make_round()
    response = staff.post(reverse("rounds:remind", args=["NY2024"]), follow=True)
    assert [str(m) for m in response.context["messages"]] == ["批次未开始或已关闭，学校现在不能报，不提醒。"]
    assert to_universities().count() == 0


def test_home_says_what_waits(staff, submission):
    change_times(round=submission.round, opens_at=OPENS, due_at=DUE, closes_at=FUTURE, actor_id=None)
    found = staff.get(reverse("desk:home")).context["found"]
    assert [item.name for item in found.seals] == ["甲子大学"]
    assert [late.standing.name for late in found.late] == ["乙丑大学"]
    return_with_queries(submission=submission, reason="7 月用电有误。", **STAFF)
    found = staff.get(reverse("desk:home")).context["found"]
    assert ([i.name for i in found.returned], found.waiting, len(found.late)) == (["甲子大学"], 0, 2)


def test_home_of_an_empty_house_says_what_to_do(staff):
    assert text(staff.get(reverse("desk:home"))).count(reverse("rounds:new")) == 1


def test_navigation_counts_what_waits(staff, submission):
    nav = staff.get(reverse("rounds:list")).context["nav"]
    assert [
        (str(e.label), e.count, e.current) for e in nav if e.url.startswith(("/desk/rev", "/desk/rou"))
    ] == [
        ("审核", 1, False),
        ("批次", 0, True),
    ]
    assert database_now() > IN_TIME


def test_staff_who_reads_english_writes_notices_in_the_houses_language(staff, submission):
    staff.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert staff.get(reverse("review:queue")).context["tabs"][0]["label"] == "To review"
    staff.post(reverse("review:decide", args=[submission.number]), {"decision": "accept"})
    staff.post(reverse("rounds:remind", args=["NY2024"]))
    subjects = to_universities().order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["2024 年度能源统计：第 1 版已接受", "2024 年度能源统计还没有报送"]


def test_what_the_bottom_of_a_phone_has_no_room_for_is_in_the_persons_menu(staff):
    page = staff.get(reverse("rounds:list"))
    assert [str(e.label) for e in page.context["bottom_nav"]] == ["工作台", "审核", "批次", "发布"]
    menu = BeautifulSoup(page.content, "html.parser").select(".hq-menu-box .hq-narrow-only a")
    assert [link["href"] for link in menu] == [reverse("instruments:list"), reverse("people:list")]
