"""The grid's addresses: what the page is given, what saving answers, what comes second reads."""

import datetime
import json
import uuid

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from surveys.catalog.models import Obligation
from surveys.catalog.operations import open_round as catalog_open_round
from surveys.catalog.operations import publish_version
from surveys.definition import parse
from surveys.filings import operations
from surveys.filings.models import Filing, Observation
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility

from .conftest import open_round, person, receive, run, sample
from .helpers import fill

pytestmark = pytest.mark.django_db

NOW_IS = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
WATER = "water|quantity|2024-01"


@pytest.fixture
def round_(haijin):
    return open_round(
        "energy-2024", "2024", opens=NOW_IS - 900 * DAY, due=NOW_IS + DAY, closes=NOW_IS + 30 * DAY
    )


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(name: str, code: str = "alpha") -> str:
    return reverse(f"filings:{name}", args=[code, "energy-2024"])


def edit(text: str, at: str = WATER, **said) -> dict:
    item, measure, period = at.split("|")
    return {"item": item, "measure": measure, "period": period, "text": text, **said}


def post(client: Client, *edits, revision: int = 1, name: str = "grid_save", **others):
    body = {"batch": str(uuid.uuid4()), "revision": revision, "facility": "", "edits": edits} | others
    return client.post(page(name), json.dumps(body), content_type="application/json")


def data_of(client: Client, query: str = "") -> dict:
    soup = BeautifulSoup(client.get(page("grid") + query).content, "html.parser")
    return json.loads(soup.find("script", id="grid-data").string)


def test_the_page_of_a_report_nobody_began_has_every_column_and_the_first_ones_shown(clerk, round_):
    data = data_of(browser(clerk))
    assert [c["item_title"] for c in data["columns"] if c["shown"]][::2] == [
        "电力", "太阳能光电系统发电量", "水", "天然气",
    ]  # fmt: skip
    assert len(data["columns"]) == 32
    assert (data["columns"][0]["unit"], data["columns"][1]["unit"]) == ("kWh", "元")
    assert [row["title"] for row in data["rows"]] == [f"{n}月" for n in range(1, 13)]
    assert "heat" in data["rows"][6]["off"] and "heat" not in data["rows"][0]["off"]
    assert (data["cells"], data["revision"], "表坏" in data["reasons"]) == ({}, 1, True)


def test_looking_begins_no_filing(clerk, round_):
    browser(clerk).get(page("grid"))
    with in_university("alpha"):
        assert not Filing.objects.exists()


def test_what_is_saved_comes_back_cleaned_with_what_the_checks_say(clerk, round_):
    client = browser(clerk)
    answer = post(
        client, edit("1.2万"), edit("abc", "water|quantity|2024-02"), edit("约5", "water|cost|2024-01")
    )
    assert answer.status_code == 200
    told = answer.json()
    assert told["cells"][WATER] == {"v": "12000", "f": "", "w": "", "r": "1.2万", "s": ""}
    assert told["cells"]["water|cost|2024-01"]["f"] == "estimated"
    assert told["refused"] == {"water|quantity|2024-02": "“abc”不是数字。改成纯数字，单位写在表头。"}
    assert told["notes"] == {
        WATER: ["“1.2万”按 ×10000 换算。"],
        "water|cost|2024-01": ["“约5”是约数，标为估计值。"],
    }
    assert (told["revision"], told["changed"]) == (2, 2)
    assert {f["rule"] for f in told["findings"]} == {"V06"}
    assert "water|quantity|2024-02" in told["gaps"]
    assert Obligation.objects.get(university_code="alpha").state == "draft"


def test_a_finding_is_gone_with_what_caused_it(clerk, round_):
    client = browser(clerk)
    first = post(client, edit("1000"), edit("900000", "water|cost|2024-01")).json()
    assert [f["at"] for f in first["findings"] if f["rule"] == "V01"] == [WATER]
    second = post(client, edit("6000", "water|cost|2024-01"), revision=2).json()
    assert [f for f in second["findings"] if f["rule"] == "V01"] == []


def test_who_comes_second_reads_who_wrote_what(clerk, round_):
    first, second = browser(clerk), browser(person("alpha", "clerk", name="白露"))
    post(first, edit("100"), edit("7", "water|cost|2024-03"))
    answer = post(second, edit("200"))
    assert answer.status_code == 409
    told = answer.json()
    assert told["text"] == "林知行刚刚修改数值，你的这一步没有写入。"
    assert [(e["what"], e["who"], e["mine"]) for e in told["events"]] == [("修改数值", "林知行", False)]
    assert {at: (c["before"], c["after"], c["who"]) for at, c in told["changes"].items()} == {
        WATER: (None, "100", "林知行"),
        "water|cost|2024-03": (None, "7", "林知行"),
    }
    assert (told["revision"], told["cells"][WATER]["v"]) == (2, "100")
    # what the second wrote elsewhere is sent again on what it has read
    assert post(second, edit("3", "water|cost|2024-02"), revision=told["revision"]).status_code == 200


def test_an_answer_that_was_lost_is_given_again(clerk, round_):
    client, batch = browser(clerk), str(uuid.uuid4())
    post(client, edit("100"), batch=batch)
    again = post(client, edit("100"), batch=batch)
    assert (again.status_code, again.json()["again"], again.json()["revision"]) == (200, True, 2)
    assert again.json()["cells"][WATER]["v"] == "100"


# the same in every process: the names of tests come from it
BATCH = str(uuid.UUID(int=7))


@pytest.mark.parametrize(
    "body",
    [
        "no json", "[]", "{}", '{"batch": "x", "revision": 1, "facility": "", "edits": []}',
        json.dumps({"batch": BATCH, "revision": "1", "facility": "", "edits": []}),
        json.dumps({"batch": BATCH, "revision": True, "facility": "", "edits": []}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [{}]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [[]]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [edit(5)]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [edit("1", flag="x")]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [edit("1", more="x")]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [edit("1" * 201)]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [edit("\x00")]}),
        json.dumps({"batch": BATCH, "revision": 1, "facility": "", "edits": [], "more": 1}),
        json.dumps({"batch": BATCH, "revision": 2**40, "facility": "", "edits": []}),
        json.dumps(
            {"batch": BATCH, "revision": 1, "facility": "", "edits": [edit("1")] * 2001}
        ),
        b"\xff\xfe",
    ],
)  # fmt: skip
def test_what_no_grid_sends_is_refused_and_nothing_is_written(clerk, round_, body):
    answer = browser(clerk).post(page("grid_save"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["text"]) == (400, "发来的不是网格的内容。刷新这一页再试。")
    with in_university("alpha"):
        assert not Observation.objects.exists()


def test_too_much_at_once_is_told(clerk, round_):
    answer = browser(clerk).post(page("grid_save"), "x" * (1024 * 1024 + 1), content_type="application/json")
    assert (answer.status_code, answer.json()["title"]) == (413, "没有保存")


def test_a_place_of_another_round_is_refused(clerk, round_):
    answer = post(browser(clerk), edit("1", "water|quantity|2023-01"))
    assert (answer.status_code, answer.json()["text"]) == (422, "2023-01 不在本批次的期间里。")


def test_what_was_handed_in_is_read_only_and_says_why(clerk, approver, round_):
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, round_, clerk.actor)
        operations.submit(filing=filing, revision=filing.revision, actor=clerk.actor, now=NOW_IS)
    client = browser(clerk)
    shown = client.get(page("grid"))
    assert shown.context["why_not"] == "已提交签发，先收回再改。"
    assert b"grid-data" not in shown.content
    answer = post(client, edit("1"), revision=filing.revision)
    assert (answer.status_code, answer.json()["text"]) == (422, "已提交签发，先收回再改。")


def test_the_approver_reads(clerk, approver, round_):
    post(browser(clerk), edit("100"))
    shown = browser(approver).get(page("grid"))
    assert "填报人可以改，审核人只看" in shown.content.decode()
    assert b"grid-data" not in shown.content
    assert post(browser(approver), edit("1")).status_code == 403


def test_after_the_round_closed_it_is_read_only(clerk, haijin):
    open_round("energy-2024", "2024", opens=NOW_IS - 9 * DAY, due=NOW_IS - 2 * DAY, closes=NOW_IS - DAY)
    shown = browser(clerk).get(page("grid"))
    assert "已经关闭，不再收报表" in shown.content.decode()


def test_a_university_without_the_duty_has_no_grid(clerk, haijin):
    open_round(
        "energy-2024",
        "2024",
        opens=NOW_IS - DAY,
        due=NOW_IS + DAY,
        closes=NOW_IS + DAY,
        universities=["beta"],
    )
    assert browser(clerk).get(page("grid")).status_code == 404
    assert post(browser(clerk), edit("1")).status_code == 404


def test_last_years_figures_stand_beside(clerk, round_):
    last = open_round("energy-2023", "2023", opens=NOW_IS - 900 * DAY, due=NOW_IS + DAY, closes=NOW_IS + DAY)
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code=last.pk, university_code="alpha")
        value = {"item": "raw_coal", "measure": "quantity", "period": "2023-02", "value": "12.50"}
        operations.set_values(filing=filing, values=[value], revision=1, actor=clerk.actor, now=NOW_IS)
    data = data_of(browser(clerk))
    assert data["last"] == {"raw_coal|quantity|2024-02": "12.5"}
    assert [c["key"] for c in data["columns"] if c["shown"]] == ["raw_coal|quantity", "raw_coal|cost"]


def test_a_building_is_chosen_and_typed_for(clerk, round_):
    with in_university("alpha"):
        Facility.objects.create(code="B1", name="一教", campus=Campus.objects.create(code="m", name="主校区"))
    client = browser(clerk)
    post(client, edit("100"))
    assert post(client, edit("5"), revision=2, facility="B1").json()["cells"][WATER]["v"] == "5"
    assert data_of(client, "?facility=B1")["cells"][WATER]["v"] == "5"
    assert data_of(client)["cells"][WATER]["v"] == "100"
    assert "各楼和全校都填了数" in client.get(page("grid")).content.decode()


def test_a_script_reads_the_state_alone(clerk, round_):
    client = browser(clerk)
    post(client, edit("100"))
    state = client.get(page("grid"), headers={"Accept": "application/json"}).json()
    assert (state["revision"], state["editable"], state["cells"][WATER]["v"]) == (2, True, "100")
    known = client.get(page("grid") + "?known=2", headers={"Accept": "application/json"})
    assert known.json() == {"same": True}


def test_without_a_script_each_cell_has_its_page_before_anything_was_written(clerk, round_):
    client = browser(clerk)
    soup = BeautifulSoup(client.get(page("grid")).content, "html.parser")
    link = soup.select_one("[data-grid=plain] td a")["href"]
    assert client.get(link).status_code == 200
    assert client.post(link, {"value": "12", "flag": "", "revision": 1}).status_code == 302
    with in_university("alpha"):
        assert Observation.objects.get().value == 12


def paste(client: Client, text: str, row: int = 0, column: int = 0):
    body = {
        "block": [line.split("\t") for line in text.splitlines()],
        "row": row,
        "column": column,
        "columns": ["electricity|quantity", "electricity|cost", "water|quantity"],
    }
    return client.post(page("grid_paste"), json.dumps(body), content_type="application/json")


def test_pasting_is_told_before_it_is_done(clerk, round_):
    told = paste(browser(clerk), "月份\t用电量(万kWh)\t水\n1月\t约12.3\tx\n合计\t12\t3").json()
    assert [(c["at"], c["text"], c["value"], c["flag"], c["refused"]) for c in told["cells"]] == [
        ("electricity|quantity|2024-01", "123000", "123000", "estimated", ""),
        ("water|quantity|2024-01", "x", None, None, "“x”不是数字。改成纯数字，单位写在表头。"),
    ]
    assert told["cells"][0]["notes"] == ["“约12.3”是约数，标为估计值。", "“约12.3”按 ×10000 换算。"]
    assert [(x["row"], x["column"], x["text"], x["why"]) for x in told["left"]][-3:] == [
        (3, 1, "合计", "是月份"), (3, 2, "12", "是合计，平台自己算"), (3, 3, "3", "是合计，平台自己算"),
    ]  # fmt: skip
    assert told["named"]
    with in_university("alpha"):
        assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"row": -1}, 400), ({"column": "1"}, 400), ({"columns": ["gold|quantity"]}, 400), ({"block": "x"}, 400),
        ({"columns": [5]}, 400), ({"block": [[1]]}, 400), ({"block": [["1"] * 50] * 41}, 413),
    ],
)  # fmt: skip
def test_a_block_that_is_none_or_too_large_is_refused(clerk, round_, change, status):
    body = {"block": [["1"]], "row": 0, "column": 0, "columns": ["electricity|quantity"]} | change
    answer = browser(clerk).post(page("grid_paste"), json.dumps(body), content_type="application/json")
    assert answer.status_code == status


def test_the_report_leads_to_the_grid(clerk, round_):
    client = browser(clerk)
    assert page("grid") in client.get(page("round")).content.decode()
    post(client, edit("100"))
    assert page("grid") in client.get(page("round")).content.decode()


WASTE = {
    "code": "waste", "version": 1, "kind": "statistics", "title": {"zh": "生活垃圾统计", "en": "Waste"},
    "filing_unit": "university", "period_kind": "month", "committee": "NZ",
    "units": {"t": ["吨"], "kg": ["公斤"], "times": ["次", "趟"]},
    "unit_prefixes": {"万": "10000"},
    "measures": [
        {"key": "quantity", "name": "重量", "unit_from": "item", "words": ["重量", "量"]},
        {"key": "trips", "name": "清运次数", "unit": "times", "accept": {"times": "1"}, "words": ["次数"]},
    ],
    "items": [
        {"key": "kitchen", "name": "厨余垃圾", "unit": "t", "accept": {"t": "1", "kg": "0.001"}, "words": ["厨余"]},
        {"key": "paper", "name": "废纸", "unit": "kg", "accept": {"kg": "1", "t": "1000"}, "words": ["废纸"]},
    ],
    "vocabulary": {"period": ["月份"], "placeholder": ["-"], "not_applicable": ["不适用"], "blank_reason": ["未称重"]},
}  # fmt: skip


@pytest.fixture
def waste(haijin):
    """A round of another instrument, half a year long: nothing in the grid knows what it is about."""
    version = publish_version(parse(WASTE), now=NOW_IS - 9 * DAY)
    return catalog_open_round(
        code="waste-2024", version=version, title="2024 上半年垃圾", period="2024-H1", opens_at=NOW_IS - DAY,
        due_at=NOW_IS + DAY, closes_at=NOW_IS + DAY, universities=["alpha"],
    )  # fmt: skip


def test_another_instrument_has_its_own_columns_units_reasons_and_sums(clerk, waste):
    client = browser(clerk)
    grid = reverse("filings:grid", args=["alpha", "waste-2024"])
    data = json.loads(
        BeautifulSoup(client.get(grid).content, "html.parser").find("script", id="grid-data").string
    )
    assert [(c["title"], c["unit"], c["sums"]) for c in data["columns"]] == [
        ("厨余垃圾", "t", False), ("厨余垃圾清运次数", "times", True),
        ("废纸", "kg", False), ("废纸清运次数", "times", True),
    ]  # fmt: skip
    assert [row["title"] for row in data["rows"]] == [f"{n}月" for n in range(1, 7)]
    assert (data["reasons"], data["rows"][0]["off"]) == (["未称重"], [])
    edits = [edit("350公斤", "kitchen|quantity|2024-01"), edit("12趟", "paper|trips|2024-01")]
    edits += [edit("未称重", "paper|quantity|2024-01"), edit("5元", "paper|quantity|2024-02")]
    body = {"batch": str(uuid.uuid4()), "revision": 1, "facility": "", "edits": edits}
    told = client.post(f"{grid}save/", json.dumps(body), content_type="application/json").json()
    assert {at: (c["v"], c["w"]) for at, c in told["cells"].items()} == {
        "kitchen|quantity|2024-01": ("0.35", ""),
        "paper|trips|2024-01": ("12", ""),
        "paper|quantity|2024-01": (None, "未称重"),
    }
    assert list(told["refused"]) == ["paper|quantity|2024-02"]
    block = [["月份", "废纸(吨)", "厨余"], ["2月", "0.5", "2"]]
    body = {"block": block, "row": 0, "column": 0, "columns": [c["key"] for c in data["columns"]]}
    told = client.post(f"{grid}paste/", json.dumps(body), content_type="application/json").json()
    assert [(c["at"], c["value"]) for c in told["cells"]] == [
        ("paper|quantity|2024-02", "500"),
        ("kitchen|quantity|2024-02", "2"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"batch": "%(batch)s", "revision": 1, "facility": "\\ud800", "edits": []}',
        '{"batch": "%(batch)s", "revision": 1, "facility": "", "edits": [{"item": "water", "measure": "quantity",'
        ' "period": "2024-01", "text": "", "reason": "\\ud800"}]}',
    ],
)
@pytest.mark.parametrize("name", ["grid_save", "grid_paste"])
def test_what_no_page_sends_is_refused_and_breaks_nothing(clerk, round_, name, body):
    sent = body.replace("%(batch)s", str(uuid.uuid4()))
    response = browser(clerk).post(page(name), sent, content_type="application/json")
    assert (response.status_code, response.json()["title"]) == (400, "没有保存")


def test_who_undid_or_wrote_a_workbook_is_named_for_every_cell_it_touched(clerk, round_):
    other = person("alpha", "clerk", name="白露")
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        upload = receive(filing, sample("e01"), other.actor, now=NOW_IS)
        run(upload)
        operations.load_upload(upload=upload, revision=1, actor=other.actor, now=NOW_IS)
        filing.refresh_from_db()
        loaded = filing.revision
    # whoever saves something else afterwards is not the one who is named
    third = person("alpha", "clerk", name="孟秋")
    post(browser(third), edit("1", "raw_coal|quantity|2024-01"), revision=loaded)
    told = post(browser(clerk), edit("5"), revision=1).json()["changes"]
    assert (told["electricity|quantity|2024-03"]["who"], told["raw_coal|quantity|2024-01"]["who"]) == (
        "白露",
        "孟秋",
    )
    with in_university("alpha"):
        operations.undo_upload(upload=upload, actor=other.actor, now=NOW_IS)
    told = post(browser(clerk), edit("5"), revision=loaded + 1).json()["changes"]
    assert (told["electricity|quantity|2024-03"]["who"], told["electricity|quantity|2024-03"]["after"]) == (
        "白露",
        None,
    )
