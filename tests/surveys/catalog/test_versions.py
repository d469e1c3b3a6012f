"""A definition is published by two persons, and what the second one is shown is what changed."""

import copy
import datetime
import re
import threading

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from accounts.operations import assign
from audit.models import AuditEntry
from surveys import instruments
from surveys.catalog.models import Version
from surveys.catalog.operations import (
    VersionError,
    check_version,
    propose_version,
    publish_version,
    take_back_version,
)
from surveys.definition import parse
from surveys.definition.checking import to_check
from surveys.definition.factors import factor_tables

pytestmark = pytest.mark.django_db

ENERGY = instruments.get("energy")
NOW = datetime.datetime(2025, 1, 10, tzinfo=datetime.UTC)
FIRST = {"actor_id": 7, "actor_name": "沈秘书"}
SECOND = {"actor_id": 9, "actor_name": "叶知秋"}
TABLES = {"coal.gb2589_2020", "coal.db37_quota", "carbon", "grid"}


def changed(**paths: str):
    """The energy definition with other values at a.b.c."""
    body = copy.deepcopy(dict(ENERGY.body))
    for path, value in paths.items():
        place = body
        *way, last = path.split("__")
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    return parse(body)


def swapped():
    """As published reports have it: the grid factors of 2021 and 2022 in each other's place."""
    return changed(grid_factors__years__0__national="0.5366", grid_factors__years__1__national="0.5568")


def propose(definition=ENERGY, **by) -> Version:
    return propose_version(definition, **(by or FIRST), now=NOW)


def check(version, checked=TABLES, **by) -> Version:
    return check_version(version=version, checked=checked, **(by or SECOND), now=NOW)


# what is to be looked at


def test_first_version_has_every_table_looked_at():
    assert set(to_check(ENERGY, None)) == TABLES


def test_same_factors_need_no_further_look():
    assert to_check(changed(title__zh="能源年报"), ENERGY) == ()


def test_swapped_grid_factors_are_shown_beside_those_before():
    (grid,) = [table for table in factor_tables(swapped(), ENERGY) if table.key == "grid"]
    rows = [(row.key, row.value, row.former) for row in grid.rows if row.changed]
    assert rows == [("2021.national", "0.5366", "0.5568"), ("2022.national", "0.5568", "0.5366")]
    assert to_check(swapped(), ENERGY) == ("grid",)


def test_factor_that_is_left_out_is_a_change():
    body = copy.deepcopy(dict(ENERGY.body))
    del body["co2_factors"]["values"]["lpg"]
    fewer = parse(body)
    (carbon,) = [table for table in factor_tables(fewer, ENERGY) if table.key == "carbon"]
    assert [row.key for row in carbon.gone] == ["lpg"]
    assert to_check(fewer, ENERGY) == ("carbon",)


def test_rows_say_unit_source_and_what_is_unverified():
    tables = {table.key: table for table in factor_tables(ENERGY)}
    rows = {row.key: row for row in tables["coal.gb2589_2020"].rows}
    gas = rows["natural_gas"]
    assert (gas.value, gas.unit, gas.unverified) == ("1.3300", "kgce/m3", True)
    assert rows["electricity"].unverified is False
    assert tables["coal.gb2589_2020"].version == "GB/T 2589-2020"
    blank = next(row for row in tables["grid"].rows if row.key == "2023.local")
    assert (blank.value, blank.unit) == ("", "kgCO2/kWh")


# the two persons


def test_version_is_published_by_the_second_person():
    version = propose()
    assert (version.number, version.published_at) == (1, None)
    done = check(version)
    assert (done.published_at, done.proposed_by_name, done.checked_by_name) == (NOW, "沈秘书", "叶知秋")
    actions = AuditEntry.objects.filter(object_type="version").order_by("pk")
    assert list(actions.values_list("action", "actor_id")) == [
        ("version.proposed", 7),
        ("version.published", 9),
    ]


def test_who_proposed_cannot_check():
    version = propose()
    with pytest.raises(VersionError, match="提请的人不能自己核对"):
        check(version, **FIRST)
    assert Version.objects.get().published_at is None


def test_one_person_twice_is_refused_by_the_database():
    version = propose()
    with pytest.raises(IntegrityError, match="version_second_person"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(checked_by_id=FIRST["actor_id"])


def test_table_that_was_not_looked_at_holds_up_the_publication():
    version = propose()
    with pytest.raises(VersionError, match="还有 2 张表没有勾选"):
        check(version, TABLES - {"grid", "carbon"})
    assert Version.objects.get().published_at is None


def test_only_changed_tables_need_a_look():
    publish_version(ENERGY, now=NOW)
    version = propose(swapped())
    with pytest.raises(VersionError, match="还有 1 张"):
        check(version, TABLES - {"grid"})
    assert check(version, {"grid"}).number == 2


def test_published_definition_is_not_proposed_again():
    check(propose())
    with pytest.raises(VersionError, match="已经发布"):
        propose()
    assert Version.objects.count() == 1


def test_proposing_twice_leaves_one():
    assert propose().pk == propose(**SECOND).pk
    assert Version.objects.get().proposed_by_id == FIRST["actor_id"]


def test_another_proposal_replaces_the_one_that_waits():
    propose()
    newer = propose(swapped())
    assert list(Version.objects.values_list("pk", "number")) == [(newer.pk, 1)]


def test_version_taken_back_is_gone_and_cannot_be_checked():
    version = propose()
    take_back_version(version=version, actor_id=7)
    assert Version.objects.count() == 0
    with pytest.raises(VersionError, match="已经发布或撤回"):
        check(version)


def test_published_version_is_not_taken_back():
    version = check(propose())
    with pytest.raises(VersionError, match="已经发布或撤回"):
        take_back_version(version=version, actor_id=7)


@pytest.mark.django_db(transaction=True)
def test_two_who_check_at_once_publish_once():
    version, told = propose(), []

    def second(actor_id: int) -> None:
        try:
            check(version, actor_id=actor_id, actor_name="同事")
        except VersionError as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=second, args=(pk,)) for pk in (9, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["这一版已经发布或撤回，请刷新后再看。"]
    assert AuditEntry.objects.filter(action="version.published").count() == 1


# the pages


@pytest.fixture
def people() -> dict[str, Client]:
    found = {}
    for name, role, committee in (("secretary", "secretary", "NZ"), ("staff", "staff", "")):
        user = User.objects.create_user(f"{name}@association.test", "x", name=name)
        assign(user=user, role=role, actor_id=None, committee_code=committee)
        found[name] = Client()
        found[name].force_login(user)
    return found


def test_two_persons_publish_by_clicking(people):
    first, second = people["secretary"], people["staff"]
    assert "有新定义未发布" in first.get("/desk/instruments/").text
    assert (
        first.post("/desk/instruments/energy/propose/").headers["Location"] == "/desk/instruments/energy/1/"
    )
    own = first.get("/desk/instruments/energy/1/").text
    assert "两个人才能发布" in own and "发布这一版" not in own
    page = second.get("/desk/instruments/energy/1/").text
    assert page.count('name="checked"') == len(TABLES)
    answer = second.post("/desk/instruments/energy/1/publish/", {"checked": sorted(TABLES)}, follow=True)
    assert "第 1 版已发布，不再改动" in answer.text
    assert Version.objects.get().published_at is not None


def test_who_proposed_reads_that_another_must_check(people):
    people["staff"].post("/desk/instruments/energy/propose/")
    answer = people["staff"].post(
        "/desk/instruments/energy/1/publish/", {"checked": sorted(TABLES)}, follow=True
    )
    assert "提请的人不能自己核对：请协会另一位同事核对后发布。" in answer.text
    assert Version.objects.get().published_at is None


def test_version_that_waits_is_counted_for_everyone_but_its_proposer(people):
    people["secretary"].post("/desk/instruments/energy/propose/")
    counts = {name: client.get("/desk/instruments/").context["nav"] for name, client in people.items()}
    marks = {
        name: [entry.count for entry in nav if entry.url == "/desk/instruments/"]
        for name, nav in counts.items()
    }
    assert marks == {"secretary": [0], "staff": [1]}


def test_version_that_waits_opens_no_round(people):
    people["secretary"].post("/desk/instruments/energy/propose/")
    form = people["staff"].get("/desk/rounds/new/").context["form"]
    assert list(form.fields["version"].queryset) == []


def test_staff_see_what_is_not_verified_beside_the_factors(people):
    client = people["staff"]
    version = propose()
    for page in ("/desk/instruments/energy/", f"/desk/instruments/energy/{version.number}/"):
        html = client.get(page).content.decode()
        table = (
            BeautifulSoup(html, "html.parser")
            .find("h2", string=re.compile("还没有核实的"))
            .find_next("table")
        )
        rows = {
            row.th.get_text(" ", strip=True): [cell.get_text(strip=True) for cell in row.find_all("td")]
            for row in table.tbody.find_all("tr")
        }
        assert rows["家属区"] == ["边界", "用例 B04"]
        assert rows["建筑面积"] == ["按月折算", "年中启用、停用的按使用月数加权：用例 B09"]
        assert rows["B04 扣除的量和填报的差不多大"][0] == "核对规则"
