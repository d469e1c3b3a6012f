"""The register by hand, behind the wall."""

import pytest
from django.db import connection

from audit.models import AuditEntry
from surveys import instruments
from tenants.context import in_university
from tenants.facilities.models import BuildingType, Campus, Facility
from tenants.facilities.queries import FacilityRef, facility_refs

pytestmark = pytest.mark.django_db
HERE = "/u/alpha/facilities/"
NEW = {"name": "图书馆", "kind": "building", "campus": "1", "building_type": "B", "floor_area": "12000.5"}


def names(code: str) -> list[str]:
    with in_university(code):
        return sorted(Facility.objects.values_list("name", flat=True))


def campus_id(code: str = "alpha") -> int:
    with in_university(code):
        return Campus.objects.get().pk


def test_clerk_adds_and_changes_a_facility_and_the_trail_tells(person, register):
    register()
    browser, actor = person()
    assert browser.post(HERE + "add/", NEW | {"campus": campus_id()}).url == HERE
    assert browser.post(HERE + "f/B03/", NEW | {"campus": campus_id(), "name": "新图书馆"}).url == HERE
    assert names("alpha") == ["新图书馆", "梅园 3 号楼", "第一教学楼"]
    rows = AuditEntry.objects.filter(object_type="facility").order_by("pk")
    assert list(rows.values_list("actor_id", "university_code", "action", "object_id")) == [
        (actor.id, "alpha", "facility.added", "B03"),
        (actor.id, "alpha", "facility.changed", "B03"),
    ]
    assert rows.last().fields == ["name"]


def test_code_of_a_facility_cannot_be_posted_away(person, register):
    register()
    person()[0].post(HERE + "f/B01/", NEW | {"campus": campus_id(), "code": "X99"})
    with in_university("alpha"):
        assert sorted(Facility.objects.values_list("code", flat=True)) == ["B01", "B02"]


def test_facility_is_taken_out_of_use_and_back_never_deleted(person, register):
    register()
    browser, _ = person()
    browser.post(HERE + "f/B01/deactivate/")
    assert [row.name for row in browser.get(HERE).context["page"]] == ["梅园 3 号楼"]
    assert [row.name for row in browser.get(HERE + "?state=inactive").context["page"]] == ["第一教学楼"]
    browser.post(HERE + "f/B01/activate/")
    assert len(browser.get(HERE).context["page"]) == 2


def test_first_campus_is_asked_before_the_first_facility(person):
    browser, _ = person()
    assert browser.get(HERE + "add/").url == HERE + "campuses/add/"
    assert browser.post(HERE + "campuses/add/", {"code": "main", "name": "主校区"}).url == HERE
    assert browser.get(HERE + "add/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "第一教学楼", "这个名称已经登记过。"),
        ("floor_area", "0", "面积要大于 0；不知道就留空。"),
        ("code", "a b", "代码只用字母、数字、- 和 _。"),
        ("code", "B01", "这个代码已经用过。"),
    ],
)
def test_bad_value_is_refused_at_its_field(field, value, said, person, register):
    register()
    response = person()[0].post(HERE + "add/", NEW | {"campus": campus_id(), field: value})
    assert response.context["form"].errors == {field: [said]}
    assert len(names("alpha")) == 2


def test_approver_looks_and_a_correspondent_does_not(person, register):
    register()
    approver, correspondent = person("approver")[0], person("correspondent")[0]
    for path, status in (("", 200), ("f/B01/", 200), ("export/xlsx/", 200), ("add/", 403), ("import/", 403)):
        assert (path, approver.get(HERE + path).status_code) == (path, status)
        assert (path, correspondent.get(HERE + path).status_code) == (path, 403)
    assert approver.post(HERE + "f/B01/", NEW).status_code == 403
    assert approver.post(HERE + "f/B01/deactivate/").status_code == 403


def test_filters_find_by_alias_campus_and_kind(person, register):
    register()
    with in_university("alpha"):
        Facility.objects.filter(code="B02").update(aliases="梅三、M3", kind="dormitory")
    browser, _ = person()
    for query in ("text=M3", "kind=dormitory", "text=梅园&campus=n"):
        assert [row.code for row in browser.get(f"{HERE}?{query}").context["page"]] == ["B02"]
    assert len(browser.get(f"{HERE}?campus=zz&kind=zz").context["page"]) == 2


def test_facility_refs_are_plain_data(register):
    register()
    with in_university("alpha"):
        Facility.objects.filter(code="B02").update(aliases="梅三，M3", is_active=False)
        assert facility_refs() == (FacilityRef("B01", "第一教学楼", "北区", (), "building", "C", None),)
        assert facility_refs(active_only=False)[1].aliases == ("梅三", "M3")


def test_building_types_are_those_of_the_energy_definition():
    ours = [(str(code), str(word)) for code, word in BuildingType.choices]
    assert ours == [(t.code, t.name) for t in instruments.get("energy").facility_types]


def test_beta_never_appears_on_any_page_of_alpha(person, register):
    register()
    register("beta", campus="sentinel-campus", names=("sentinel-one", "sentinel-two"))
    browser, _ = person()
    with in_university("beta"):
        Facility.objects.update(aliases="sentinel-alias")
        before = list(Facility.objects.values())
    paths = [
        "",
        "?state=all",
        "?text=entinel",
        "add/",
        "import/",
        "f/B01/",
        "f/B02/",
        "campuses/add/",
        "export/csv/",
    ]
    for path in [*paths, f"campuses/{campus_id()}/"]:
        response = browser.get(HERE + path)
        assert (path, response.status_code) == (path, 200)
        assert (path, response.content.decode().count("sentinel")) == (path, 0)
    for path in ("f/B01/", "f/B02/deactivate/", "add/"):
        browser.post(HERE + path, NEW | {"campus": campus_id()})
    with in_university("beta"):
        assert list(Facility.objects.values()) == before


def test_facilities_of_another_university_are_not_found(person, register):
    register("beta", names=("sentinel-one",))
    browser, _ = person()
    for path in (
        "/u/beta/facilities/",
        "/u/beta/facilities/f/B01/",
        "/u/beta/facilities/export/csv/",
        HERE + "f/B01/",
    ):
        assert (path, browser.get(path).status_code) == (path, 404)


def test_connection_is_neutral_after_each_request(person, register):
    register()
    browser, _ = person()
    for path in (HERE, HERE + "f/none/", HERE + "export/csv/"):
        browser.get(path)
        assert connection.schema_name == "public"
