"""What everybody reads of a published version: what is asked, how it is counted and checked, and on what grounds."""

import copy
import datetime
import hashlib

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.test import Client

from accounts.models import User
from accounts.operations import assign
from surveys import instruments
from surveys.catalog.manual import check_lines, cited, item_lines
from surveys.catalog.models import Version
from surveys.catalog.operations import VersionError, check_version, propose_version, publish_version
from surveys.definition import parse

pytestmark = pytest.mark.django_db

ENERGY, DORMITORY = instruments.get("energy"), instruments.get("dormitory")
NOW = datetime.datetime(2025, 1, 10, tzinfo=datetime.UTC)
FIRST, SECOND = {"actor_id": 7, "actor_name": "沈秘书"}, {"actor_id": 9, "actor_name": "叶知秋"}


def second_version():
    """The dormitory's definition with a point moved from one item to another, and a lower line for the best grade."""
    body = copy.deepcopy(dict(DORMITORY.body))
    first, second = body["evaluation"]["groups"][0]["items"][:2]
    first["points"], second["points"] = "3", "1"
    body["evaluation"]["grades"][0]["min"] = "90"
    return parse(body)


def page(address: str, **headers) -> BeautifulSoup:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def cells(row) -> list[str]:
    return [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]


def english() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


# the public manual


def test_item_of_an_evaluation_is_documented_whole():
    publish_version(DORMITORY, now=NOW)
    found = page("/instruments/dormitory/v1/")
    assert cells(found.find(id="D2.4")) == [
        "D2.4 采暖降温与通风 未核实", "2", "单元", "有暖气；风扇或空调；冬季室温≥18℃", "缺1类扣1", "测温记录",
        "S42 ; 18℃ unverified",
    ]  # fmt: skip
    assert cells(found.find(id="V2"))[0] == "V2 机构与职责"
    assert found.find(id="D2.4").find("a")["href"] == "#source-S42"
    assert found.find(id="source-S42").get_text() == "S42"


def test_every_item_veto_and_grade_of_an_evaluation_is_there():
    publish_version(DORMITORY, now=NOW)
    found = page("/instruments/dormitory/v1/")
    evaluation = DORMITORY.evaluation
    keys = [part.key for group in evaluation.groups for part in group.items] + [
        veto.key for veto in evaluation.vetoes
    ]
    assert [key for key in keys if found.find("tr", id=key) is None] == []
    grades = [cells(row)[:4] for row in found.find(id="grades").tbody.find_all("tr")]
    assert grades == [
        ["示范公寓（高级版） 未核实", "92", "85%", "授牌"], ["标准化公寓（初级版） 未核实", "80", "70%", "授牌"],
        ["整改", "", "", "不授牌"],
    ]  # fmt: skip


def test_picture_has_the_points_of_each_group_and_leads_to_it():
    publish_version(DORMITORY, now=NOW)
    found = page("/instruments/dormitory/v1/")
    parts = [(li.a["href"], li.b.get_text(" ", strip=True)) for li in found.select(".shares li")]
    assert parts[2] == ("#D3", "22 分") and len(parts) == 8
    assert [href for href, _points in parts if found.find(id=href[1:]) is None] == []


def test_checks_of_statistics_stand_under_their_public_ids():
    publish_version(ENERGY, now=NOW)
    found = page("/instruments/energy/v1/")
    assert [check.id for check in ENERGY.checks if found.find("tr", id=check.id) is None] == []
    assert cells(found.find(id="V03")) == [
        "V03 人数或面积变动大", "提醒", "说明变动原因并附依据。", "limit 0.10", "denominator_change@2", "S36",
    ]  # fmt: skip
    assert cells(found.find(id="eui_kgce_m2"))[:3] == [
        "单位建筑面积能耗", "kgce/m²", "综合能耗（含供暖，不含车辆用油）/ 建筑面积",
    ]  # fmt: skip


def test_no_two_places_of_a_manual_have_one_id():
    for code in instruments.codes():
        publish_version(instruments.get(code), now=NOW)
        ids = [tag["id"] for tag in page(f"/instruments/{code}/v1/").find_all(id=True)]
        assert (code, sorted({i for i in ids if ids.count(i) > 1})) == (code, [])


def test_thresholds_name_items_and_ranges():
    lines = {line.check.id: dict(line.parameters) for line in check_lines(ENERGY)}
    assert lines["V01"]["ranges 电力"] == "0.35–1.30"
    assert (lines["V06"]["factors"], lines["V09"]["vacation_items"]) == ("1000、10000", "电力")


def test_items_say_the_other_units_and_the_months():
    lines = {line.item.key: line for line in item_lines(ENERGY)}
    assert lines["electricity"].units == "GWh ×1000000、MWh ×1000"
    assert lines["heat"].months == "只在 11、12、1、2、3 月"
    assert item_lines(DORMITORY) == []


def test_citation_links_only_sources_that_are_listed():
    assert cited("名称 S43<", {"S43": ""}) == '名称 <a href="#source-S43">S43</a>&lt;'
    assert cited("S99", {"S43": ""}) == "S99"


def test_rule_of_a_finding_leads_to_its_place_in_the_manual():
    version = publish_version(ENERGY, now=NOW)
    template = Template("{% load definitions %}{% rule version 'V02' %} {% rule version 'X99' %}")
    assert (
        template.render(Context({"version": version})) == '<a href="/instruments/energy/v1/#V02">V02</a> X99'
    )


def test_download_is_the_bytes_whose_hash_is_shown():
    version = publish_version(DORMITORY, now=NOW)
    answer = Client().get("/instruments/dormitory/v1.json")
    assert hashlib.sha256(answer.content).hexdigest() == version.sha256 == DORMITORY.definition_hash
    assert answer["Content-Disposition"] == 'attachment; filename="dormitory-v1.json"'
    again = Client().get("/instruments/dormitory/v1.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_version_that_waits_is_nobodys_to_read():
    propose_version(DORMITORY, **FIRST, now=NOW)
    for address in ("v1/", "v1.json", ""):
        assert Client().get(f"/instruments/dormitory/{address}").status_code == 404
    assert "还没有发布报表" in Client().get("/instruments/").text


def test_second_version_says_what_differs_and_the_first_stays():
    publish_version(DORMITORY, now=NOW)
    publish_version(second_version(), now=NOW)
    assert Client().get("/instruments/dormitory/").headers["Location"] == "/instruments/dormitory/v2/"
    rows = [
        cells(row) for row in page("/instruments/dormitory/v2/").find(id="differences").select("tbody tr")
    ]
    assert rows == [
        ["D1.1 分管校领导与例会", "分值", "2 分", "3 分"], ["D1.2 归口部门与多部门协同", "分值", "2 分", "1 分"],
        ["示范公寓（高级版）", "分数线", "92 分", "90 分"],
    ]  # fmt: skip
    assert page("/instruments/dormitory/v1/").find(id="differences") is None
    (row,) = page("/instruments/").select("tbody tr")
    assert cells(row) == ["学生公寓标准化评估", "评估", "v2", "2025-01-10", "v1"]


def test_manual_in_english_leaves_sources_as_they_are_cited():
    publish_version(DORMITORY, now=NOW)
    found = BeautifulSoup(english().get("/instruments/dormitory/v1/").text, "html.parser")
    assert cells(found.find(id="D3.3"))[:4] == [
        "D3.3 Fire drills and training Unverified", "2", "Facility",
        "At least once per term, at least 90% take part, with an appraisal and summary",
    ]  # fmt: skip
    assert found.h1.get_text() == "Student dormitory evaluation, version 1"
    assert found.find(id="V3").find("span", lang="zh-hans").get_text() == "S40; 细目 unverified"


# the desk


@pytest.fixture
def staff() -> Client:
    user = User.objects.create_user("staff@association.test", "x", name="叶知秋")
    assign(user=user, role="staff", actor_id=None, committee_code="")
    client = Client()
    client.force_login(user)
    return client


def test_first_version_of_an_evaluation_is_ticked_group_by_group(staff):
    propose_version(DORMITORY, **FIRST, now=NOW)
    found = BeautifulSoup(staff.get("/desk/instruments/dormitory/1/").text, "html.parser")
    ticks = [box["value"] for box in found.select('input[name="checked"]')]
    assert ticks == [*(f"group.D{n}" for n in range(1, 9)), "vetoes", "grades", "terms"]
    answer = staff.post("/desk/instruments/dormitory/1/publish/", {"checked": ticks[1:]}, follow=True)
    assert "还有 1 张表没有勾选" in answer.text
    answer = staff.post("/desk/instruments/dormitory/1/publish/", {"checked": ticks}, follow=True)
    assert "第 1 版已发布，不再改动" in answer.text


def test_second_version_shows_and_asks_for_what_differs(staff):
    publish_version(DORMITORY, now=NOW)
    propose_version(second_version(), **FIRST, now=NOW)
    found = BeautifulSoup(staff.get("/desk/instruments/dormitory/2/").text, "html.parser")
    assert found.h1.get_text() == "核对 2 张有改动的表后发布"
    assert [box["value"] for box in found.select('input[name="checked"]')] == ["group.D1", "grades"]
    assert cells(found.select("table")[0].tbody.tr) == ["D1.1 分管校领导与例会", "分值", "2 分", "3 分"]
    assert cells(found.find(id="D1.1"))[1] == "3"


def test_group_that_was_not_ticked_holds_up_the_publication():
    publish_version(DORMITORY, now=NOW)
    version = propose_version(second_version(), **FIRST, now=NOW)
    with pytest.raises(VersionError, match="还有 1 张表没有勾选"):
        check_version(version=version, checked={"grades"}, **SECOND, now=NOW)
    check_version(version=version, checked={"grades", "group.D1"}, **SECOND, now=NOW)
    assert Version.objects.get(number=2).published_at == NOW


def test_page_of_an_instrument_shows_the_tree_before_anything_is_published(staff):
    found = BeautifulSoup(staff.get("/desk/instruments/dormitory/").text, "html.parser")
    assert found.h1.get_text() == "第 1 版还没有提请核对"
    assert cells(found.find(id="D2.4"))[0] == "D2.4 采暖降温与通风 未核实"
    assert found.select('input[name="checked"]') == []
