"""Definitions freeze, rounds open and close to the microsecond, obligations move along their states only."""

import datetime
import json
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import psycopg.errors
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit.models import AuditEntry
from notices.models import Notice
from surveys import instruments
from surveys.catalog import queries
from surveys.catalog.models import Obligation, ObligationState, Version
from surveys.catalog.operations import (
    TRANSITIONS,
    TransitionRefused,
    add_universities,
    change_times,
    database_now,
    open_round,
    publish_version,
    set_obligation_state,
)
from surveys.definition import hash_of
from surveys.submissions.operations import return_with_queries
from tenants.context import in_university
from tests.soak import record
from tests.surveys.factories import CLOSES, DUE, IN_TIME, OPENS, make_round, make_seal, walk_to
from ui.formats import deadline, full_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_of_the_house():
    """A test may move the server; afterwards it stands where it stood."""
    yield
    time.tzset()


TIMES = {"opens_at": OPENS, "due_at": DUE, "closes_at": CLOSES}
MICROSECOND = datetime.timedelta(microseconds=1)


def refused(statement: str) -> type:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return type(caught.value.__cause__)


CHANGES = [
    "UPDATE catalog_version SET body = '{}'",
    "UPDATE catalog_version SET published_at = NULL",
    "DELETE FROM catalog_version",
    "TRUNCATE catalog_version CASCADE",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_published_version_is_refused_any_change_by_the_app_login(statement):
    publish_version(instruments.get("energy"))
    assert refused(statement) is psycopg.errors.InsufficientPrivilege


@pytest.mark.django_db(transaction=True)
def test_published_version_is_refused_any_change_by_the_owner_login(as_owner):
    publish_version(instruments.get("energy"))
    assert {refused(statement) for statement in CHANGES} == {psycopg.errors.InsufficientPrivilege}
    assert Version.objects.count() == 1


def test_version_that_is_not_published_can_still_be_changed_and_then_published():
    instrument = publish_version(instruments.get("energy")).instrument
    draft = Version.objects.create(instrument=instrument, number=2, body="{}", sha256="0" * 64)
    Version.objects.filter(pk=draft.pk).update(body='{"a":1}', published_at=OPENS)
    assert (
        refused("UPDATE catalog_version SET number = 3 WHERE number = 2")
        is psycopg.errors.InsufficientPrivilege
    )


def test_publishing_the_same_definition_twice_gives_one_version():
    definition = instruments.get("energy")
    first, second = publish_version(definition), publish_version(definition)
    assert (first, first.number, first.sha256) == (second, 1, definition.definition_hash)
    assert AuditEntry.objects.filter(action="version.published").count() == 1


def test_publishing_a_changed_definition_gives_the_next_version_and_keeps_the_first():
    definition = instruments.get("energy")
    first = publish_version(definition)
    body = dict(definition.body) | {"rules": ["改过的一条"]}
    second = publish_version(replace(definition, body=body))
    assert (second.number, second.sha256) == (2, hash_of(body))
    assert Version.objects.get(pk=first.pk).sha256 == definition.definition_hash


def test_body_of_a_version_hashes_to_its_hash():
    version = publish_version(instruments.get("energy"))
    assert hash_of(json.loads(version.body)) == version.sha256


@pytest.mark.promise("deadlines")
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (OPENS - MICROSECOND, "planned"),
        (OPENS, "open"),
        (datetime.datetime(2025, 3, 31, 23, 59, 59, 999000, ZoneInfo("Asia/Shanghai")), "open"),
        (DUE - MICROSECOND, "open"),
        (datetime.datetime(2025, 4, 1, 0, 0, 0, 0, ZoneInfo("Asia/Shanghai")), "late"),
        (CLOSES - MICROSECOND, "late"),
        (CLOSES, "closed"),
    ],
)
def test_state_of_a_round_changes_exactly_at_its_times(moment, expected):
    round = make_round()
    assert queries.round_state(round, moment) == expected
    # the same moment read by a server that lives in UTC
    assert queries.round_state(round, moment.astimezone(datetime.UTC)) == expected
    record("moments around a round's times")


@pytest.mark.promise("deadlines")
@pytest.mark.parametrize(
    ("handed_in", "on_time"),
    [
        (datetime.datetime(2025, 3, 31, 15, 59, 59, 999000, datetime.UTC), True),
        (datetime.datetime(2025, 3, 31, 16, 0, 0, 0, datetime.UTC), False),
    ],
)
def test_seal_a_millisecond_before_midnight_is_on_time_and_at_midnight_late(handed_in, on_time):
    round = make_round()
    make_seal(round, now=handed_in)
    alpha, beta = queries.standings(round, handed_in)
    assert (alpha.on_time, beta.on_time) == (on_time, None)
    counts = queries.completion(round, handed_in)
    assert (counts.on_time, counts.late) == ((1, 0) if on_time else (0, 1))
    record("seals around midnight")


@pytest.mark.promise("deadlines")
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_due_time_is_judged_by_the_database_clock_whatever_zone_the_server_lives_in(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    now = database_now()
    round = make_round(opens_at=now - MICROSECOND, due_at=now + MICROSECOND, closes_at=now + 10 * MICROSECOND)
    assert queries.round_state(round, now) == "open"
    # the clock ran on while the round was saved
    assert queries.round_state(round, database_now()) == "closed"
    record("zones of the server")


def test_database_clock_runs_inside_a_transaction():
    assert database_now() < database_now()


def test_round_with_times_out_of_order_is_refused():
    version = publish_version(instruments.get("energy"))
    with pytest.raises(ValidationError):
        open_round(
            code="x", version=version, title="t", period="2024", universities=[],
            opens_at=DUE, due_at=OPENS, closes_at=CLOSES,
        )  # fmt: skip


def test_round_of_a_draft_version_is_refused():
    instrument = publish_version(instruments.get("energy")).instrument
    draft = Version.objects.create(instrument=instrument, number=2, body="{}", sha256="0" * 64)
    with pytest.raises(ValidationError):
        open_round(
            code="x", version=draft, title="t", period="2024", universities=[],
            opens_at=OPENS, due_at=DUE, closes_at=CLOSES,
        )  # fmt: skip


def test_opening_a_round_lets_each_university_owe_it_once():
    round = make_round(universities=["alpha", "alpha"])
    assert add_universities(round=round, universities=["alpha", "beta"]) == 1
    rows = round.obligations.order_by("university_code").values_list("university_code", "unit", "state")
    assert list(rows) == [("alpha", "", "none"), ("beta", "", "none")]


def test_universities_are_told_of_a_round_once_each_when_they_come_to_owe_it():
    times = {name: at + datetime.timedelta(days=9000) for name, at in TIMES.items()}
    round = make_round(universities=["alpha"], **times)
    add_universities(round=round, universities=["alpha", "beta"])
    told = Notice.objects.order_by("pk").values_list("subject", "university_code", "role", "path")
    assert list(told) == [
        ("要填报：2024 年度能源统计", code, "", f"/u/{code}/rounds/NY2024/") for code in ("alpha", "beta")
    ]
    assert (
        Notice.objects.first().body
        == f"{full_day(times['opens_at'])} 开始，{deadline(times['due_at'])} 截止。"
    )


def test_nobody_is_told_of_a_round_that_is_closed():
    make_round()
    assert Notice.objects.count() == 0


def test_changing_times_is_audited_with_the_names_of_what_changed():
    round = make_round()
    change_times(round=round, opens_at=OPENS, due_at=DUE, closes_at=CLOSES, actor_id=3)
    later = CLOSES + datetime.timedelta(days=7)
    change_times(round=round, opens_at=OPENS, due_at=DUE, closes_at=later, actor_id=3)
    trail = AuditEntry.objects.filter(action="round.times_changed").values_list(
        "actor_id", "object_id", "fields"
    )
    assert list(trail) == [(3, "NY2024", ["closes_at"])]
    round.refresh_from_db()
    assert round.closes_at == later


ALL_MOVES = [(a, b) for a in ObligationState.values for b in ObligationState.values if a != b]


@pytest.mark.parametrize(("before", "after"), ALL_MOVES)
def test_obligation_moves_along_the_listed_states_only(before, after):
    round = make_round(universities=["alpha"])
    Obligation.objects.update(state=before, accepted_at=IN_TIME)
    move = {"round_code": round.pk, "university_code": "alpha", "state": after, "now": IN_TIME}
    if after in TRANSITIONS[before]:
        assert set_obligation_state(**move).state == after
        assert Obligation.objects.get().state == after
    else:
        with pytest.raises(TransitionRefused):
            set_obligation_state(**move)
        assert Obligation.objects.get().state == before


@pytest.mark.parametrize("before", ["draft", "returned"])
def test_obligation_that_was_never_accepted_does_not_go_back_to_accepted(before):
    round = make_round(universities=["alpha"])
    Obligation.objects.update(state=before)
    with pytest.raises(TransitionRefused):
        set_obligation_state(round_code=round.pk, university_code="alpha", state="accepted", now=IN_TIME)


def test_obligation_of_beta_cannot_be_moved_inside_alpha():
    round = make_round()
    with in_university("alpha"), pytest.raises(Obligation.DoesNotExist):
        set_obligation_state(round_code=round.pk, university_code="beta", state="draft", now=IN_TIME)
    assert set(Obligation.objects.values_list("state", flat=True)) == {"none"}


def test_rounds_of_a_university_are_its_own():
    round = make_round()
    make_round("NY2023", "2023", universities=["beta"])
    with in_university("alpha"):
        assert [row.round for row in queries.obligations_of("alpha")] == [round]
        assert list(queries.obligations_of("beta")) == []


def test_overdue_is_who_has_not_handed_in_after_the_due_time():
    round = make_round()
    submission = make_seal(round)
    walk_to(round, "beta", ObligationState.DRAFT)
    before, after = queries.completion(round, IN_TIME), queries.completion(round, DUE)
    assert (before.total, before.handed_in, before.overdue, before.of("draft")) == (2, 1, 0, 1)
    assert (after.overdue, [s.overdue for s in queries.standings(round, DUE)]) == (1, [False, True])
    return_with_queries(
        submission=submission, reason="7 月用电有误。", actor_id=1, actor_name="叶知秋", now=DUE
    )
    assert queries.completion(round, DUE).overdue == 2
