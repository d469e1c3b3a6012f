"""Sealing: what is handed in stays as it was, carries its proof, and is the university's own."""

from math import isnan

import psycopg.errors
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit.models import AuditEntry
from surveys.catalog.models import Obligation, ObligationState
from surveys.catalog.operations import TransitionRefused
from surveys.submissions import payload, queries
from surveys.submissions.models import Decision, Query, SealedFile, Submission
from surveys.submissions.operations import (
    RoundNotOpen,
    StillUnderReview,
    accept,
    ask,
    return_with_queries,
    seal,
)
from tenants.context import in_university
from tests.surveys.factories import CLOSES, DUE, IN_TIME, OPENS, energy_rows, make_round, make_seal, walk_to

pytestmark = pytest.mark.django_db

FILE = {"kind": "original", "name": "能源台账2024.xlsx", "sha256": "a" * 64, "size": 20480}
STAFF = {"actor_id": 1, "actor_name": "叶知秋", "now": IN_TIME}
TABLES = ("submissions_submission", "submissions_sealedfile", "submissions_query", "submissions_decision")


@pytest.fixture
def round_(db):
    return make_round()


def refused(action) -> type:
    """The class of the database's refusal, in a savepoint so that the test can go on."""
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        action()
    return type(caught.value.__cause__)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def fill(round) -> Submission:
    """One row in each sealed table."""
    submission = make_seal(round, files=[FILE])
    ask(submission=submission, text="请附计量记录。", **STAFF)
    return_with_queries(submission=submission, **STAFF)
    return submission


def changes() -> list[str]:
    found = []
    for table in TABLES:
        found += [
            f"UPDATE {table} SET university_code = 'beta'",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ]
    return found


@pytest.mark.parametrize("statement", changes())
def test_sealed_row_is_refused_any_change_by_the_app_login(round_, statement):
    fill(round_)
    assert refused(lambda: execute(statement)) is psycopg.errors.InsufficientPrivilege


@pytest.mark.parametrize("statement", changes())
def test_sealed_row_is_refused_any_change_inside_its_university(round_, statement):
    fill(round_)
    with in_university("alpha"):
        assert refused(lambda: execute(statement)) is psycopg.errors.InsufficientPrivilege


@pytest.mark.django_db(transaction=True)
def test_sealed_row_is_refused_any_change_by_the_owner_login(as_owner):
    fill(make_round())
    for table in TABLES:
        execute(f"SELECT 1 FROM {table}")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), max(session_user::text) FROM {table}")
            assert cursor.fetchone() == (1, "houqin_owner")
    assert {refused(lambda s=s: execute(s)) for s in changes()} == {psycopg.errors.InsufficientPrivilege}


def test_hash_recomputed_from_the_stored_payload_equals_the_sealed_one(round_):
    made = make_seal(round_)
    stored = Submission.objects.get(pk=made.pk)
    assert payload.sha256(payload.decompress(stored.payload)) == stored.sha256
    assert payload.sha256(payload.canonical(energy_rows())) == stored.sha256
    assert (queries.is_intact(stored), stored.rows) == (True, 24)


def test_seal_carries_its_number_its_people_and_its_files(round_):
    made = make_seal(round_, files=[FILE], writers=[9, 7])
    stored = Submission.objects.get(pk=made.pk)
    assert (stored.number, stored.version, stored.writers) == ("NY2024-alpha-v1", 1, [7, 9])
    assert (stored.sealed_by_id, stored.sealed_by_name, stored.sealed_at) == (8, "陈望舒", IN_TIME)
    files = SealedFile.objects.filter(submission=stored).values(
        "kind", "name", "sha256", "size", "university_code"
    )
    assert list(files) == [FILE | {"university_code": "alpha"}]


def test_seal_moves_the_obligation_and_leaves_a_trail(round_):
    make_seal(round_)
    row = Obligation.objects.get(round=round_, university_code="alpha")
    assert (row.state, row.state_at, row.first_sealed_at) == (ObligationState.SEALED, IN_TIME, IN_TIME)
    assert Obligation.objects.get(round=round_, university_code="beta").state == ObligationState.NONE
    trail = AuditEntry.objects.filter(action="submission.sealed").values_list("university_code", "object_id")
    assert list(trail) == [("alpha", "NY2024-alpha-v1")]


def test_seal_under_alphas_role_cannot_write_betas_row(round_):
    submission = make_seal(round_)
    walk_to(round_, "beta", ObligationState.SUBMITTED)

    def forge():
        submission.pk, submission.university_code, submission.number = None, "beta", "NY2024-beta-v1"
        submission.save(force_insert=True)

    with in_university("alpha"):
        assert refused(forge) is psycopg.errors.InsufficientPrivilege
        with pytest.raises(Obligation.DoesNotExist):
            seal_for("beta", round_)
    assert Submission.objects.filter(university_code="beta").count() == 0


def seal_for(university: str, round) -> Submission:
    empty = {
        "denominators": {},
        "explanations": [],
        "issues": [],
        "facilities": [],
        "writers": [],
        "files": [],
    }
    texts = {
        "definition_sha256": "0" * 64,
        "functions": [],
        "factor_set": "f",
        "actor_id": 8,
        "actor_name": "甲",
    }
    return seal(round=round, university_code=university, rows=energy_rows(), now=IN_TIME, **empty, **texts)


def test_seals_questions_and_decisions_of_alpha_are_invisible_to_beta(round_):
    fill(round_)
    with in_university("beta"):
        seen = [list(model.objects.all()) for model in (Submission, SealedFile, Query, Decision)]
    assert seen == [[], [], [], []]


def test_university_cannot_answer_for_the_association(round_):
    submission = make_seal(round_)
    common = {"submission": submission, "university_code": "alpha"}
    people = {"decided_by_id": 8, "decided_by_name": "陈望舒", "decided_at": IN_TIME}
    words = {"text": "没有问题", "author_id": 8, "author_name": "叶知秋", "created_at": IN_TIME}
    attempts = [
        lambda: Decision.objects.create(kind="accepted", **common, **people),
        lambda: Decision.objects.create(kind="returned", **common, **people),
        lambda: Query.objects.create(from_association=True, **common, **words),
        lambda: Obligation.objects.filter(university_code="alpha").update(state="accepted"),
        lambda: Obligation.objects.filter(university_code="alpha").update(state="returned"),
    ]
    with in_university("alpha"):
        assert {refused(attempt) for attempt in attempts} == {psycopg.errors.InsufficientPrivilege}


def test_version_after_a_return_is_the_next_and_the_old_one_stays(round_):
    first = make_seal(round_)
    return_with_queries(submission=first, reason="7 月用电有误。", **STAFF)
    second = make_seal(round_, rows=energy_rows(electricity=90000), now=DUE)
    assert [(s.version, s.number) for s in queries.versions(round_, "alpha")] == [
        (2, "NY2024-alpha-v2"),
        (1, "NY2024-alpha-v1"),
    ]
    assert queries.latest(round_, "alpha") == second
    assert queries.is_intact(Submission.objects.get(pk=first.pk))
    # first handed in on time, whatever came later
    assert Obligation.objects.get(round=round_, university_code="alpha").first_sealed_at == IN_TIME


def test_version_while_the_last_one_waits_is_refused(round_):
    make_seal(round_)
    Obligation.objects.filter(university_code="alpha").update(state="submitted")
    with in_university("alpha"), pytest.raises(StillUnderReview):
        seal_for("alpha", round_)


def test_amendment_after_acceptance_is_a_new_version(round_):
    accept(submission=make_seal(round_), **STAFF)
    assert make_seal(round_, rows=energy_rows(water=1900)).version == 2


def test_seal_of_a_draft_that_was_not_submitted_is_refused_and_leaves_nothing(round_):
    walk_to(round_, "alpha", ObligationState.DRAFT)
    with in_university("alpha"), pytest.raises(TransitionRefused):
        seal_for("alpha", round_)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("moment", [OPENS.replace(year=2024), CLOSES])
def test_seal_outside_the_round_is_refused(round_, moment):
    with pytest.raises(RoundNotOpen):
        make_seal(round_, now=moment)


def test_seal_after_the_closing_is_taken_when_the_association_returned_the_last(round_):
    return_with_queries(submission=make_seal(round_), reason="请附面积依据。", **STAFF)
    assert make_seal(round_, now=CLOSES).version == 2


def test_sealed_figures_have_floats_and_exact_texts(round_):
    rows = [
        *energy_rows()[:1],
        {"item": "water", "measure": "quantity", "period": "2024-01", "flag": "missing"},
    ]
    figures = queries.sealed_figures(make_seal(round_, rows=rows))
    assert [list(figures[name]) for name in ("item", "exact", "flag")] == [
        ["electricity", "water"],
        ["101000", ""],
        ["", "missing"],
    ]
    assert figures.value[0] == 101000.0
    assert isnan(figures.value[1])


def test_differences_name_what_two_versions_do_not_share(round_):
    first = make_seal(round_)
    return_with_queries(submission=first, reason="7 月用电有误。", **STAFF)
    rows = energy_rows()
    rows[6] = rows[6] | {"value": 1}
    second = make_seal(round_, rows=rows[:-1])
    found = [(d.item, d.period, d.before, d.after) for d in queries.differences(first, second)]
    assert found == [("electricity", "2024-07", 107000, 1), ("water", "2024-12", 2240, None)]


def test_last_year_is_the_accepted_seal_of_the_year_before(round_):
    before = make_round("NY2023", "2023")
    old = make_seal(before)
    now = make_seal(round_)
    make_seal(before, "beta")
    assert queries.accepted_last_year(now) is None
    accept(submission=old, **STAFF)
    assert queries.accepted_last_year(now) == old
