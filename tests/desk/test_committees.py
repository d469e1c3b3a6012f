"""A committee's secretary has the desk of the committee: whatever belongs to another committee is absent, uncounted and
unchanged, by every address, identifier and file. The staff's same walk finds it all."""

import io
import json
from dataclasses import dataclass

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Assignment, User
from accounts.operations import assign, unassign
from accounts.queries import reach_of, reaching
from accounts.reach import Reach
from files.storage import store
from jobs.models import Job
from notices.models import Notice, NoticeRead
from surveys import instruments
from surveys.catalog.models import Extension, Instrument, Obligation, Round
from surveys.catalog.operations import publish_version
from surveys.catalog.queries import has_instruments
from surveys.definition import Definition, parse
from surveys.submissions.models import Decision, Query, StampedCopy, Submission
from surveys.submissions.operations import accept, answer, ask, return_with_queries, withdraw
from tenants.context import in_university
from tenants.models import University
from tests.desk.test_pages import FUTURE, ISSUE, REASON
from tests.surveys.factories import IN_TIME, energy_rows, make_round, make_seal
from tests.test_url_roles import address, own_routes, routes

pytestmark = pytest.mark.django_db

STAFF = {"actor_id": 1, "actor_name": "叶知秋", "now": IN_TIME}
ENERGY = instruments.get("energy")
WORDS = {"NZ": "能专哨兵", "HZ": "伙专哨兵"}
BOTH = pytest.mark.parametrize(("own", "other"), [("NZ", "HZ"), ("HZ", "NZ")])


@dataclass(frozen=True)
class Committee:
    """What belongs to one committee, its sentinel word in every text: this year's round with a seal that waits (of
    alpha, after a return) and one with an open question (of beta), last year's with an accepted one."""

    code: str
    word: str
    round: Round
    seal: Submission
    asked: Submission
    question: Query
    extension: Extension

    @property
    def names(self) -> dict[str, str]:
        """The arguments of addresses that lead to it."""
        return {"code": self.round.pk, "number": self.seal.number, "pk": str(self.seal.files.get().pk)}

    @property
    def addresses(self) -> dict[str, str]:
        """route → address, for every route of the desk that names an object of a survey."""
        named = [r for r in own_routes() if r.startswith(("desk/review/<", "desk/rounds/<"))]
        asked = "desk/rounds/extensions/<int:pk>/answer/"
        found = {route: address(route, **self.names) for route in named}
        paper = next(route for route in named if "/stamped/" in route)
        stamped = self.names | {"pk": str(self.seal.stamped.get().pk)}
        version = {"code": self.round.version.instrument_id, "number": str(self.round.version.number)}
        instruments = [r for r in own_routes() if r.startswith("desk/instruments/<")]
        return found | {
            **{route: address(route, **version) for route in instruments},
            paper: address(paper, **stamped),
            asked: address(asked, pk=str(self.extension.pk)),
        }

    def rows(self) -> dict[str, list]:
        """Everything of it in the database that anybody at the desk could change."""
        mine = {
            "rounds": Round.objects.filter(pk=self.round.pk),
            "instruments": Instrument.objects.filter(committee_code=self.code),
            "obligations": Obligation.objects.filter(round=self.round),
            "extensions": Extension.objects.filter(obligation__round=self.round),
            "queries": Query.objects.filter(submission__round=self.round),
            "decisions": Decision.objects.filter(submission__round=self.round),
            "notices": Notice.objects.filter(subject__contains=self.word),
            "jobs": Job.objects.all(),
        }
        return {name: list(rows.order_by("pk").values_list()) for name, rows in mine.items()}


def definition_of(code: str) -> Definition:
    """Energy for NZ; the same form under another name for another committee."""
    if code == "NZ":
        return ENERGY
    body = json.loads(ENERGY.canonical_json())
    return parse(body | {"code": "kitchens", "committee": code, "title": {"zh": f"{WORDS[code]}表"}})


def furnish(code: str) -> Committee:
    word, definition = WORDS[code], definition_of(code)
    times = {"definition": definition, "due_at": FUTURE, "closes_at": FUTURE}
    before = make_round(f"{code}2023", "2023", title=f"{word} 2023", **times)
    accept(submission=make_seal(before, rows=energy_rows("2023")), **STAFF)
    round = make_round(f"{code}2024", title=f"{word} 2024", **times)
    kept = store("alpha", [f"{word}原件".encode()])
    file = {"kind": "original", "name": f"{word}.csv", "sha256": kept.sha256, "size": kept.size}
    said = {"issues": [ISSUE | {"message": word}], "explanations": [REASON | {"text": word}], "files": [file]}
    first = make_seal(round, **said)
    return_with_queries(submission=first, reason=word, **STAFF)
    seal = make_seal(round, rows=energy_rows(electricity=90000), **said)
    question = ask(submission=seal, text=f"{word}？", **STAFF)
    StampedCopy.objects.create(
        submission=seal, university_code="alpha", name=file["name"], sha256=kept.sha256, size=kept.size,
        proof="typed", sent_by_id=7, sent_by_name=word, sent_at=IN_TIME,
    )  # fmt: skip
    with in_university("alpha"):
        answer(query=question, text=f"{word}。", actor_id=7, actor_name="孟行舟", now=IN_TIME)
    asked = make_seal(round, "beta", **said)
    ask(submission=asked, text=f"{word}？", **STAFF)
    extension = Extension.objects.create(
        obligation=round.obligations.get(university_code="beta"), university_code="beta", reason=word,
        wished_on=FUTURE.date(), asked_by_name=word, asked_at=IN_TIME,
    )  # fmt: skip
    return Committee(code, word, round, seal, asked, question, extension)


@pytest.fixture
def committees(db) -> dict[str, Committee]:
    # a university in no round yet: it could be added to one
    University.objects.create(
        code="gamma", name="丙寅大学", short_name="丙大", kind="comprehensive", district="东区",
        schema_name="u_gamma", pinyin_key="c", state="active",
    )  # fmt: skip
    return {code: furnish(code) for code in WORDS}


def client_of(role: str, *codes: str) -> Client:
    """A browser of somebody new; a secretary of each of the committees."""
    user = User.objects.create_user(f"{role}-{'-'.join(codes)}@example.org".lower(), "x", name="顾清和")
    for code in codes or ("",):
        assign(user=user, role=role, committee_code=code, actor_id=None)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def body(response) -> str:
    """All text of an answer; workbooks and files as well."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if "spreadsheetml" in response["Content-Type"]:
        sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
        return " ".join(
            str(v) for s in sheets for v in (s.title, *(c for row in s.values for c in row)) if v is not None
        )
    return data.decode("utf-8", "replace")


def sent(other: Committee) -> dict[str, str]:
    """What each form of the desk may be sent about the other committee's things."""
    return {
        "text": "哪来的？",
        "thread": str(other.question.pk),
        "cell": "",
        "decision": "return",
        "reason": "串了",
        "version": str(other.round.version_id),
        "title": "串了",
        "period": "2025",
        "code": "XX2025",
        "opens_at": "2026-01-05T00:00",
        "due_at": "2026-04-01T00:00",
        "closes_at": "2026-05-01T00:00",
        "universities": ["gamma"],
    }


def lists(other: Committee) -> list[str]:
    """Every page without an object in its address that a secretary may ask for, with filters that name the other
    committee's round, page by page."""
    plain = [
        "/" + route
        for route in routes()
        if "<" not in route
        and "(" not in route
        and not route.endswith("logout/")
        # the manual of what was published is everybody's
        and route != "instruments/"
    ]
    tabs = [
        f"/desk/review/?tab={tab}" for tab in ("waiting", "queried", "returned", "accepted", "late", "all")
    ]
    return [*plain, *tabs, f"/desk/review/?tab=all&round={other.round.pk}", "/desk/review/?tab=all&page=2"]


def answers(client: Client, other: Committee) -> dict[str, tuple[int, str]]:
    """ "method address" → (status, text), for everything that names the other committee's objects."""
    found = {}
    # backwards: the question comes before the decision, after which nothing can be asked
    for url in reversed(other.addresses.values()):
        for method in ("get", "post"):
            response = getattr(client, method)(url, sent(other) if method == "post" else {})
            found[f"{method} {url}"] = response.status_code, body(response)
    for kind in ("csv", "xlsx"):
        response = client.get(reverse("rounds:state_file", args=[other.round.pk, kind]))
        found[f"{kind} of the round"] = response.status_code, body(response)
    for notice in Notice.objects.filter(subject__contains=other.word, role="association"):
        response = client.post(reverse("tenants:open_notice", args=[notice.pk]))
        found[f"notice {notice.pk}"] = response.status_code, body(response)
    return found


@BOTH
def test_what_belongs_to_another_committee_is_absent_by_every_address(committees, own, other):
    secretary, foreign = client_of("secretary", own), committees[other]
    found = answers(secretary, foreign)
    assert {url: status for url, (status, _text) in found.items() if status not in (404, 405)} == {}
    assert [url for url, (_status, text) in found.items() if foreign.word in text] == []
    # every address of the desk that names an object was asked, by both methods
    assert len(foreign.addresses) == 20


@BOTH
def test_no_list_count_or_filter_shows_what_belongs_to_another_committee(committees, own, other):
    secretary, foreign = client_of("secretary", own), committees[other]
    leaks, seen_own = [], 0
    for url in lists(foreign):
        for method in ("get", "post"):
            text = body(getattr(secretary, method)(url, sent(foreign) if method == "post" else {}))
            seen_own += committees[own].word in text
            if foreign.word in text or foreign.seal.number in text:
                leaks.append(f"{method} {url}")
    assert leaks == []
    # the control: the own committee's sentinel is on these pages, so the other's could have been
    assert seen_own > 8


@BOTH
def test_nothing_of_another_committee_changes_by_anything_a_secretary_sends(committees, own, other):
    secretary, foreign = client_of("secretary", own), committees[other]
    before = foreign.rows()
    answers(secretary, foreign)
    for url in lists(foreign):
        secretary.post(url, sent(foreign))
    assert foreign.rows() == before
    assert NoticeRead.objects.filter(notice__subject__contains=foreign.word).count() == 0
    assert not Round.objects.filter(pk="XX2025").exists()


def test_control_the_same_walk_finds_and_changes_it_as_staff(committees):
    staff, one = client_of("staff"), committees["HZ"]
    before = one.rows()
    asked = [url for url in lists(one) if url.startswith("/desk/")]
    silent = {url for url in asked if one.word not in body(staff.get(url))}
    assert silent == {"/desk/people/", "/desk/people/invite/"}
    found = answers(staff, one)
    # nothing is absent or forbidden, and whatever can be read shows the sentinel (the CSV names universities only)
    # (400: there is no day after the closing that could be given)
    assert {status for status, _text in found.values()} == {200, 302, 400, 405}
    read = {url for url, (status, _text) in found.items() if status == 200}
    assert read - {url for url in read if one.word in found[url][1]} == {
        f"get {one.addresses['desk/rounds/<slug:code>/state.<slug:kind>']}", "csv of the round",
    }  # fmt: skip
    after = one.rows()
    assert {name for name in after if after[name] != before[name]} == {
        "decisions", "notices", "obligations", "queries", "rounds",
    }  # fmt: skip


@BOTH
def test_secretary_works_with_the_own_committees_things(committees, own, other):
    secretary, mine = client_of("secretary", own), committees[own]
    found = answers(secretary, mine)
    assert {url for url, (status, _text) in found.items() if status in (404, 405, 403, 500)} == {
        f"get {mine.addresses[route]}"
        for route in mine.addresses
        if route.endswith(
            ("questions/", "decision/", "remind/", "answer/", "propose/", "publish/", "take-back/")
        )
    } | {
        f"post {mine.addresses[route]}"
        for route in mine.addresses
        if route.endswith(
            (
                "changes/",
                "paper/",
                "<int:pk>/",
                "state.<slug:kind>",
                "<str:number>/",
                "<slug:code>/",
                "<int:number>/",
            )
        )
    }
    assert Decision.objects.get(submission=mine.seal).kind == "returned"


def test_what_waits_is_counted_within_reach_and_neighbours_are_the_committees(committees):
    secretary, staff = client_of("secretary", "NZ"), client_of("staff")
    pages = {name: reverse(name) for name in ("desk:home", "review:queue")}

    def counted(client: Client) -> list:
        home, queue = client.get(pages["desk:home"]).context, client.get(pages["review:queue"]).context
        tabs = {str(tab["label"]): tab["count"] for tab in queue["tabs"]}
        (badge,) = [entry.count for entry in home["nav"] if entry.url == pages["review:queue"]]
        paper = client.get(reverse("review:submission", args=[committees["NZ"].seal.number])).context
        waiting = home["found"]
        rounds = len(client.get(reverse("rounds:list")).context["lines"])
        offered = len(queue["filters"].fields["round"].choices) - 1
        versions = client.get(reverse("rounds:new")).context["form"].fields["version"].queryset.count()
        return [waiting.waiting, waiting.queried, len(waiting.rounds), tabs["全部"], tabs["待审"], badge,
                paper["waiting"], rounds, offered, versions]  # fmt: skip

    assert counted(secretary) == [1, 1, 2, 4, 1, 1, 1, 2, 2, 1]
    assert counted(staff) == [2, 2, 4, 8, 2, 2, 2, 4, 4, 2]


def test_question_file_and_older_version_of_another_committee_cannot_be_borrowed(committees):
    secretary, mine, foreign = client_of("secretary", "NZ"), committees["NZ"], committees["HZ"]
    asked = secretary.post(
        reverse("review:ask", args=[mine.seal.number]), {"text": "还有", "thread": foreign.question.pk}
    )
    file = secretary.get(reverse("review:file", args=[mine.seal.number, foreign.seal.files.get().pk]))
    round = secretary.post(reverse("rounds:new"), sent(foreign))
    assert (asked.status_code, file.status_code, round.status_code) == (404, 404, 400)
    assert list(round.context["form"].errors) == ["version"]


def test_secretary_opens_a_round_of_the_own_instrument(committees):
    secretary = client_of("secretary", "HZ")
    response = secretary.post(reverse("rounds:new"), sent(committees["HZ"]))
    assert response.url == reverse("rounds:round", args=["XX2025"])


def test_secretary_of_two_committees_reaches_both_and_staff_who_is_secretary_everything(committees):
    both = client_of("secretary", "NZ", "HZ")
    also_staff = User.objects.create_user("both@association.example", "x", name="陆思远")
    for role, code in (("secretary", "HZ"), ("staff", "")):
        assign(user=also_staff, role=role, committee_code=code, actor_id=None)
    found = [client.get(reverse("rounds:list")).context["lines"] for client in (both,)]
    assert [len(lines) for lines in found] == [4]
    assert reach_of(also_staff) == Reach(everything=True)
    assert reach_of(User.objects.create_superuser("root@x.example", "x", name="运维")) == Reach(
        everything=True
    )


@pytest.mark.parametrize("role", ["commission", "expert", "operator"])
def test_other_roles_reach_nothing_by_themselves(role, db):
    user = User.objects.create_user(f"{role}@association.example", "x", name="许清和")
    Assignment.objects.create(user=user, role=role)
    assert reach_of(user) == Reach()


def test_instrument_of_no_committee_is_the_staffs_alone(committees):
    Instrument.objects.update(committee_code="")
    assert client_of("staff").get(reverse("rounds:list")).context["lines"] != []
    secretary = client_of("secretary", "NZ")
    assert secretary.get(reverse("rounds:list")).context["lines"] == []
    assert secretary.get(reverse("review:submission", args=["NZ2024-alpha-v2"])).status_code == 404


def test_secretary_whose_committee_has_no_instrument_sees_nothing_and_is_told_what_to_do(committees):
    secretary = client_of("secretary", "yz")
    for name in ("desk:home", "review:queue", "rounds:list", "rounds:new"):
        text = body(secretary.get(reverse(name)))
        assert "没有归本专委会的报表" in text
        assert "秘书只看得到本专委会（YZ）的报表" in text
        assert [word for word in WORDS.values() if word in text] == []
    assert client_of("staff").get(reverse("rounds:list")).content.decode().count("没有归本专委会") == 0


def test_assignment_without_a_committee_reaches_nothing():
    """The database refuses such a row; whoever gets around it gains nothing."""
    user = User(is_active=True)
    user._association_posts = frozenset({("secretary", "")})
    assert reach_of(user) == Reach()
    assert list(Round.objects.filter(Reach().within("version__instrument__committee_code"))) == []


def test_change_of_the_assignment_bites_on_the_next_request(committees):
    secretary = client_of("secretary", "NZ")
    user = User.objects.get(email__startswith="secretary-")
    url = reverse("review:submission", args=[committees["HZ"].seal.number])
    statuses = [secretary.get(url).status_code]
    assign(user=user, role="secretary", committee_code="HZ", actor_id=None)
    statuses.append(secretary.get(url).status_code)
    unassign(assignment=Assignment.objects.get(user=user, committee_code="HZ"), actor_id=None)
    statuses.append(secretary.get(url).status_code)
    unassign(assignment=Assignment.objects.get(user=user), actor_id=None)
    assert [*statuses, secretary.get(url).status_code] == [404, 200, 404, 403]


def test_releases_are_the_staffs_and_the_secretary_is_not_sent_there(committees):
    secretary = client_of("secretary", "NZ")
    assert secretary.get(reverse("releases:list")).status_code == 403
    assert reverse("releases:list") not in body(secretary.get(reverse("desk:home")))
    assert reverse("releases:list") in body(client_of("staff").get(reverse("desk:home")))


def subjects(client: Client) -> list[str]:
    return [notice.subject for notice in client.get(reverse("tenants:notices")).context["page"]]


def test_what_universities_do_is_told_to_the_staff_and_the_committees_secretaries(db):
    seal = make_seal(make_round(due_at=FUTURE, closes_at=FUTURE))
    question = ask(submission=seal, text="7 月？", **STAFF)
    who = {"actor_id": 7, "actor_name": "孟行舟", "now": IN_TIME}
    with in_university("alpha"):
        for _ in range(2):
            answer(query=question, text="已核对。", **who)
    other = make_seal(seal.round, "beta")
    with in_university("beta"):
        withdraw(submission=other, reason="漏了一栋楼。", **who)
    told = [
        "乙丑大学撤回：2024 年度能源统计 v1",
        "乙丑大学报送：2024 年度能源统计 v1",
        "甲子大学答复疑问：2024 年度能源统计 v1",
        "甲子大学报送：2024 年度能源统计 v1",
    ]
    people = [("staff",), ("secretary", "NZ"), ("secretary", "HZ"), ("commission",), ("expert",)]
    assert [subjects(client_of(*who)) for who in people] == [told, told, [], [], []]


def test_messages_of_people_of_the_association_stand_in_the_bar_of_their_work(db):
    people = [("staff",), ("secretary", "NZ"), ("commission",), ("expert",)]
    pages = [client_of(*who).get(reverse("tenants:notices")).context for who in people]
    found = [(page["place"], page["nav"][0].url if "nav" in page else "") for page in pages]
    assert found == [
        ("协会", reverse("desk:home")),
        ("协会 · 专委会 NZ", reverse("desk:home")),
        ("全市对标", reverse("benchmarks:overview")),
        ("", ""),
    ]


@pytest.mark.parametrize("code", ["NZ", "HZ", ""])
def test_who_reaches_a_committee_is_whose_reach_covers_it(db, code):
    Instrument.objects.create(pk="one", kind="statistics", title="表", committee_code=code)
    for who in (("staff",), ("secretary", "NZ"), ("secretary", "HZ", "NZ"), ("commission",), ("expert",)):
        client_of(*who)
    gone = User.objects.create_user("gone@example.org", "x", name="走了", is_active=False)
    Assignment.objects.create(user=gone, role="staff")
    active = User.objects.filter(is_active=True).order_by("pk")
    expected = [user for user in active if has_instruments(reach_of(user))]
    assert (list(reaching(code)), len(expected)) == (expected, {"NZ": 3, "HZ": 2, "": 1}[code])


def test_message_leads_to_the_seal_and_whoever_looks_at_it_has_read_it(committees):
    secretary, colleague = client_of("secretary", "NZ"), client_of("staff")
    mine = committees["NZ"]
    url = reverse("review:submission", args=[mine.seal.number])
    about = Notice.objects.filter(path=url)
    assert secretary.post(reverse("tenants:open_notice", args=[about.last().pk])).url == url
    secretary.get(url)
    reads = NoticeRead.objects.filter(notice__in=about)
    # nobody at the university sees who at the association has read it
    assert set(reads.values_list("university_code", flat=True)) == {""}
    assert (about.count(), reads.count()) == (2, 2)
    unread = [
        client.get(reverse("tenants:notices")).context["unread_count"] for client in (secretary, colleague)
    ]
    assert unread == [3, 10]


def test_university_does_not_read_what_is_told_to_the_association(committees):
    from tenants.models import University
    from tenants.operations import add_member

    user = User.objects.create_user("approver@alpha.example", "x", name="陈望舒")
    for role in ("clerk", "approver", "correspondent"):
        add_member(user=user, university=University.objects.get(code="alpha"), role=role, actor_id=None)
    client = Client()
    client.force_login(user)
    found = [notice.subject for notice in client.get("/u/alpha/notices/").context["page"]]
    assert found and [subject for subject in found if "甲子大学" in subject] == []


def test_publishing_a_version_gives_the_instrument_to_the_committee_it_names():
    publish_version(ENERGY)
    assert Instrument.objects.get(pk="energy").committee_code == "NZ"
    publish_version(parse(json.loads(ENERGY.canonical_json()) | {"committee": "MS"}))
    assert Instrument.objects.get(pk="energy").committee_code == "MS"
