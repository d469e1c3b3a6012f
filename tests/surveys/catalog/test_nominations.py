"""In an evaluation the university takes part, and names the facilities that file."""

from __future__ import annotations

import datetime

import psycopg.errors
import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from surveys import instruments
from surveys.catalog import operations, queries
from surveys.catalog.models import Obligation, Participation
from tenants.context import in_university

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
OPENS, DUE, CLOSES = (datetime.datetime(2025, month, 1, tzinfo=UTC) for month in (1, 3, 4))
NOW = datetime.datetime(2025, 2, 1, tzinfo=UTC)
MINE = {"M3": "梅园3号楼", "Z1": "竹园1号楼"}


def opened(code: str, universities=("alpha",)):
    version = operations.publish_version(instruments.get(code), now=OPENS)
    return operations.open_round(
        code=f"{code}-2025", version=version, title="2025 评估", period="2025", opens_at=OPENS, due_at=DUE,
        closes_at=CLOSES, universities=universities,
    )  # fmt: skip


@pytest.fixture
def round_():
    return opened("dormitory")


def name(round, units=None, code: str = "alpha", now=NOW) -> int:
    return operations.nominate(round=round, university_code=code, units=MINE if units is None else units,
                               actor_id=1, now=now)  # fmt: skip


def owed(round) -> list[tuple[str, str, str]]:
    return list(
        round.obligations.order_by("university_code", "unit").values_list(
            "university_code", "unit", "unit_name"
        )
    )


def denied(action) -> type:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        action()
    return type(caught.value.__cause__)


def test_round_of_an_evaluation_owes_the_university_its_own_part(round_):
    assert owed(round_) == [("alpha", "", "")]
    assert queries.participants(round_) == {"alpha"}


def test_round_without_items_of_the_university_owes_nothing_until_a_facility_is_named():
    shops = opened("campus_shop")
    assert owed(shops) == []
    assert [u.code for u in queries.outside(shops)] == ["beta"]
    assert queries.unnamed_rounds("alpha", NOW) == [shops]
    name(shops, {"S1": "东门超市"})
    assert (owed(shops), queries.unnamed_rounds("alpha", NOW)) == ([("alpha", "S1", "东门超市")], [])


def test_university_names_its_facilities_once(round_):
    with in_university("alpha"):
        assert (name(round_), name(round_)) == (2, 0)
    assert owed(round_) == [("alpha", "", ""), ("alpha", "M3", "梅园3号楼"), ("alpha", "Z1", "竹园1号楼")]


def test_university_that_takes_no_part_names_nothing(round_):
    with in_university("beta"), pytest.raises(operations.NominationRefused, match="不在"):
        name(round_, code="beta")


@pytest.mark.parametrize(
    ("now", "why"), [(OPENS - datetime.timedelta(microseconds=1), "还没有开始"), (CLOSES, "已经关闭")]
)
def test_nothing_is_named_outside_of_the_round_s_time(round_, now, why):
    with in_university("alpha"), pytest.raises(operations.NominationRefused, match=why):
        name(round_, now=now)


def test_name_is_taken_back_while_nothing_is_written(round_):
    with in_university("alpha"):
        name(round_)
        operations.take_back_nomination(round=round_, university_code="alpha", unit="M3", actor_id=1)
    assert owed(round_) == [("alpha", "", ""), ("alpha", "Z1", "竹园1号楼")]


def test_facility_that_was_begun_is_not_taken_back(round_):
    with in_university("alpha"):
        name(round_)
        operations.set_obligation_state(
            round_code=round_.pk, university_code="alpha", unit="M3", state="draft", now=NOW
        )
        with pytest.raises(operations.NominationRefused, match="梅园3号楼"):
            operations.take_back_nomination(round=round_, university_code="alpha", unit="M3", actor_id=1)


def test_own_part_is_never_taken_back(round_):
    with in_university("alpha"):
        operations.take_back_nomination(round=round_, university_code="alpha", unit="", actor_id=1)
    assert owed(round_) == [("alpha", "", "")]


@pytest.mark.parametrize(
    "row",
    [{"university_code": "beta", "unit": "M3"},
     {"university_code": "alpha", "unit": "M3", "state": "accepted", "accepted_at": NOW},
     {"university_code": "alpha", "unit": "M3", "extended_due_at": NOW}],
)  # fmt: skip
def test_database_refuses_what_a_university_may_not_add(round_, row):
    with in_university("alpha"):
        assert (
            denied(lambda: Obligation.objects.create(round=round_, **row))
            is psycopg.errors.InsufficientPrivilege
        )


def test_database_refuses_an_own_part_that_the_association_did_not_ask_for():
    shops = opened("campus_shop")
    with in_university("alpha"):
        assert denied(lambda: Obligation.objects.create(round=shops, university_code="alpha")) is (
            psycopg.errors.InsufficientPrivilege
        )


def test_database_refuses_a_facility_in_a_round_the_university_takes_no_part_in(round_):
    with in_university("beta"):
        assert (
            denied(lambda: Obligation.objects.create(round=round_, university_code="beta", unit="M3"))
            is psycopg.errors.InsufficientPrivilege
        )
        assert denied(lambda: Participation.objects.create(round=round_, university_code="beta")) is (
            psycopg.errors.InsufficientPrivilege
        )


def test_database_lets_a_university_remove_neither_its_own_part_nor_what_was_begun(round_):
    with in_university("alpha"):
        name(round_)
        operations.set_obligation_state(
            round_code=round_.pk, university_code="alpha", unit="M3", state="draft", now=NOW
        )
        assert Obligation.objects.all()._raw_delete("default") == 1
    assert owed(round_) == [("alpha", "", ""), ("alpha", "M3", "梅园3号楼")]
