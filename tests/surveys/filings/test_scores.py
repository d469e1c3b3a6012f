"""The self evaluation of a dormitory: named, scored item by item, submitted, signed and sealed."""

from __future__ import annotations

import datetime
import json
import uuid
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from surveys import instruments
from surveys.catalog import operations as catalog
from surveys.catalog.models import Obligation
from surveys.filings import operations
from surveys.filings.models import Filing, Observation
from surveys.submissions.models import Submission
from surveys.submissions.queries import sealed_rows
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility, FacilityKind

pytestmark = pytest.mark.django_db

NOW_IS = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
DORMITORY = instruments.get("dormitory").evaluation
OWN = {item.key: item for item in DORMITORY.items_of(facility=False)}
BUILDING = {item.key: item for item in DORMITORY.items_of(facility=True)}


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def path(name: str, at: str = "dormitory-2025/of/M3", *rest) -> str:
    return reverse(f"filings:{name}", args=["alpha", at, *rest])


def said(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def round_(haijin):
    version = catalog.publish_version(instruments.get("dormitory"), now=NOW_IS - 90 * DAY)
    return catalog.open_round(
        code="dormitory-2025", version=version, title="2025 年公寓评估", period="2025", opens_at=NOW_IS - 30 * DAY,
        due_at=NOW_IS + DAY, closes_at=NOW_IS + 30 * DAY, universities=("alpha", "beta"),
    )  # fmt: skip


@pytest.fixture
def places(haijin):
    with in_university("alpha"):
        campus = Campus.objects.create(code="A", name="主校区")
        for code, name, kind in (
            ("M3", "梅园3号楼", FacilityKind.DORMITORY), ("Z1", "竹园1号楼", FacilityKind.DORMITORY),
            ("C1", "学苑食堂", FacilityKind.CANTEEN),
        ):  # fmt: skip
            Facility.objects.create(code=code, name=name, kind=kind, campus=campus)


@pytest.fixture
def named(round_, places, clerk, approver):
    with in_university("alpha"):
        catalog.nominate(
            round=round_, university_code="alpha", units={"M3": "梅园3号楼"}, actor_id=1, now=NOW_IS
        )
    return round_


def edit(item: str, text: str = "", applies: bool = True, remark: str = "") -> dict:
    return {"item": item, "text": text, "applies": applies, "remark": remark}


def post(client: Client, *edits, revision: int = 1, batch: str = "", at: str = "dormitory-2025/of/M3"):
    body = {"batch": batch or str(uuid.uuid4()), "revision": revision, "edits": edits}
    return client.post(path("scores_save", at), json.dumps(body), content_type="application/json")


def kept(unit: str = "M3") -> dict[str, tuple]:
    with in_university("alpha"):
        filing = Filing.objects.get(unit=unit)
        rows = Observation.objects.filter(filing_id=filing.pk)
        return {r.item: (r.facility, r.period, r.value, r.flag, r.text) for r in rows}


def whole(client: Client, unit: str) -> None:
    """Scores every item of a part with its full points and answers the vetoes."""
    at = f"dormitory-2025/of/{unit or '-'}"
    items = BUILDING if unit else OWN
    edits = [edit(key, str(item.points)) for key, item in items.items()]
    assert post(client, *edits, at=at).status_code == 200
    answers = {f"veto-{veto.key}": "no" for veto in DORMITORY.vetoes}
    assert client.post(path("vetoes", at), answers).status_code == 302


def test_overview_offers_the_facilities_of_the_kind_and_names_them(round_, places, clerk):
    client = browser(clerk)
    shown = said(client.get(path("round", "dormitory-2025")))
    assert ("梅园3号楼" in shown, "竹园1号楼" in shown, "学苑食堂" in shown) == (True, True, False)
    client.post(path("name_units", "dormitory-2025"), {"unit": ["M3", "C1", "nothing"]})
    owed = Obligation.objects.order_by("unit").filter(university_code="alpha")
    assert list(owed.values_list("unit", "unit_name")) == [("", ""), ("M3", "梅园3号楼")]


def test_name_is_taken_back_on_the_overview(named, clerk):
    browser(clerk).post(path("name_back", "dormitory-2025"), {"unit": "M3"})
    assert list(Obligation.objects.filter(university_code="alpha").values_list("unit", flat=True)) == [""]


def test_scores_are_kept_with_their_remarks(named, clerk):
    answer = post(
        browser(clerk), edit("D2.1", "2.5", remark="少一间"), edit("D2.9", applies=False, remark="没有")
    )
    assert answer.status_code == 200
    assert kept() == {
        "D2.1": ("M3", "2025", Decimal("2.5"), "", "少一间"),
        "D2.9": ("M3", "2025", None, "not_applicable", "没有"),
    }
    body = answer.json()
    assert body["items"]["D2.1"] == {"text": "2.5", "applies": True, "remark": "少一间"}
    assert body["all"] == {"given": "2.5", "out_of": "63", "scored": 2, "count": len(BUILDING)}


def test_remark_without_a_score_stays_and_counts_as_not_scored(named, clerk):
    client = browser(clerk)
    assert post(client, edit("D2.1", remark="待核")).json()["all"]["scored"] == 0
    assert kept() == {"D2.1": ("M3", "2025", None, "missing", "待核")}


def test_points_above_the_item_s_own_are_refused_and_the_rest_is_kept(named, clerk):
    answer = post(browser(clerk), edit("D3.2", "4.5"), edit("D3.3", "2")).json()
    assert answer["refused"] == {"D3.2": "“4.5”超过满分 4 分。"}
    assert list(kept()) == ["D3.3"]


def test_the_same_batch_is_written_once(named, clerk):
    client, batch = browser(clerk), str(uuid.uuid4())
    first = post(client, edit("D2.1", "2"), batch=batch).json()
    again = post(client, edit("D2.1", "2"), batch=batch).json()
    assert (again["again"], again["revision"]) == (True, first["revision"])


def test_second_of_two_gets_409_with_what_is_there(named, clerk):
    client = browser(clerk)
    post(client, edit("D2.1", "2"))
    answer = post(client, edit("D2.1", "1"), revision=1)
    assert answer.status_code == 409
    assert answer.json()["items"]["D2.1"]["text"] == "2"
    assert kept()["D2.1"][2] == 2


@pytest.mark.parametrize("body", ["[]", "{", '{"batch": 1}', '{"batch": "x", "revision": 1, "edits": []}'])
def test_what_no_page_of_ours_sends_is_400(named, clerk, body):
    assert browser(clerk).post(path("scores_save"), body, content_type="application/json").status_code == 400


def test_item_of_another_part_is_refused(named, clerk):
    answer = post(browser(clerk), edit("D1.1", "2"))
    assert (answer.status_code, answer.json()["text"]) == (422, "“分管校领导与例会”不在这一份里评。")


def test_form_without_a_script_saves_what_differs(named, clerk):
    client = browser(clerk)
    client.post(
        path("scores_keep"),
        {"revision": "1", "score-D2.1": "2.5", "left-out-D2.9": "1", "remark-D2.9": "没有"},
    )
    assert {key: row[2:] for key, row in kept().items()} == {
        "D2.1": (Decimal("2.5"), "", ""),
        "D2.9": (None, "not_applicable", "没有"),
    }


def test_part_is_not_submitted_until_it_is_whole(named, clerk):
    client = browser(clerk)
    post(client, edit("D2.1", "2.5"), edit("D2.9", applies=False))
    shown = said(client.get(path("round")))
    assert f"{len(BUILDING) - 2} 项没有评分" in shown
    assert "1 项不适用，要写明理由" in shown
    assert "6 条否决项没有答复" in shown


def test_dormitory_goes_from_score_to_seal(named, clerk, approver):
    client = browser(clerk)
    whole(client, "M3")
    with in_university("alpha"):
        revision = Filing.objects.get(unit="M3").revision
    assert client.post(path("submit"), {"revision": revision}).status_code == 302
    with in_university("alpha"):
        revision = Filing.objects.get(unit="M3").revision
    signed = browser(approver).post(path("sign"), {"revision": revision})
    assert signed.url == path("sealed", "dormitory-2025/of/M3", 1)
    seal = Submission.objects.get()
    assert (seal.number, seal.unit, seal.rows) == ("dormitory-2025-alpha-M3-v1", "M3", len(BUILDING))
    assert {row["item"]: row["value"] for row in sealed_rows(seal)} == {
        k: i.points for k, i in BUILDING.items()
    }
    assert [f["name"] for f in seal.facilities] == ["梅园3号楼"]
    assert seal.declared["vetoes"]["answers"]["V1"] == {"holds": False, "text": ""}
    assert Obligation.objects.get(unit="M3").state == "sealed"
    page = browser(approver).get(signed.url)
    assert page.status_code == 200


def test_veto_that_holds_says_what_happened(named, clerk):
    client = browser(clerk)
    post(client, edit("D2.1", "2.5"))
    client.post(path("vetoes"), {"veto-V3": "yes"})
    with in_university("alpha"):
        assert Filing.objects.get(unit="M3").vetoes == {}
    client.post(path("vetoes"), {"veto-V3": "yes", "veto-text-V3": "二层出口上锁"})
    with in_university("alpha"):
        assert Filing.objects.get(unit="M3").vetoes == {"V3": {"holds": True, "text": "二层出口上锁"}}


def test_overview_shows_what_each_part_comes_to(named, clerk):
    client = browser(clerk)
    whole(client, "M3")
    whole(client, "")
    soup = BeautifulSoup(client.get(path("round", "dormitory-2025")).content, "html.parser")
    rows = [" ".join(tr.get_text(" ").split()) for tr in soup.select("table tbody tr")]
    assert len(rows) == 2
    assert "19/19 36/36" in rows[0]
    assert rows[1].startswith("梅园3号楼 M3")
    assert "64/64 100 示范公寓（高级版）" in rows[1]


def test_own_part_and_facility_have_their_own_pages(named, clerk):
    client = browser(clerk)
    assert "D1.1" in said(client.get(path("scores", "dormitory-2025/of/-")))
    assert "D1.1" not in said(client.get(path("scores")))


def test_university_outside_of_the_round_finds_nothing(named, clerk):
    assert browser(clerk).get(path("round", "dormitory-2025/of/Z1")).status_code == 404
    assert browser(clerk).get(path("scores", "energy-2024")).status_code == 404


def test_home_lists_each_part_by_its_name(named, clerk):
    shown = said(browser(clerk).get(reverse("filings:home", args=["alpha"])))
    assert "2025 年公寓评估 · 梅园3号楼" in shown
    assert "2025 年公寓评估 · 学校层面" in shown


def test_four_eyes_hold_for_scores_and_vetoes(named, clerk, approver):
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="dormitory-2025", university_code="alpha", unit="M3")
        operations.answer_vetoes(
            filing=filing, answers={"V1": {"holds": False, "text": ""}}, actor=approver.actor, now=NOW_IS
        )
        writers = list(filing.writers.values_list("actor_id", "what"))
    assert writers == [(approver.actor.id, "explanation")]


@pytest.mark.parametrize("name", ["grid", "upload", "template"])
def test_part_has_no_page_about_months(named, clerk, name):
    assert browser(clerk).get(path(name)).status_code == 404


def test_page_of_a_single_value_shows_a_score_and_does_not_change_it(named, clerk):
    client = browser(clerk)
    post(client, edit("D3.2", "3"))
    cell = path("cell") + "?f=M3&i=D3.2&m=score&p=2025"
    assert client.get(cell).status_code == 200
    client.post(cell, {"value": "99", "flag": "", "revision": "2"})
    assert kept()["D3.2"][2] == 3
    assert client.get(path("round", "dormitory-2025")).status_code == 200
