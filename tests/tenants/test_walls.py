"""The two walls: what one university can never see or do, proved with rows that could leak."""

import threading

import psycopg.errors
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.utils import DataError, ProgrammingError

from accounts.models import User
from audit.operations import record
from surveys.catalog.models import Instrument, Obligation, Round, Version
from surveys.filings.models import Filing
from tenants import grants, wall
from tenants.backend.base import role_name
from tenants.context import as_commission, current_university, in_public, in_university
from tenants.models import University
from tests.soak import Count
from tests.soak import record as record_done

pytestmark = pytest.mark.django_db
SWITCHES = Count("context switches on 4 threads", small=2_000, full=10_000)

OWNED = "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = session_user"


@pytest.fixture
def round_(db) -> Round:
    instrument = Instrument.objects.create(code="energy", kind="statistics", title="能源")
    version = Version.objects.create(instrument=instrument, number=1, body="{}", sha256="0" * 64)
    times = {"opens_at": "2025-01-01T00:00Z", "due_at": "2025-02-01T00:00Z", "closes_at": "2025-03-01T00:00Z"}
    return Round.objects.create(code="energy-2024", version=version, title="t", period="2024", **times)


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def denied(action) -> type:
    """The class of the database's refusal, in a savepoint so that the test can go on."""
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        action()
    return type(caught.value.__cause__)


def test_canary_rows_of_beta_are_invisible_to_alpha_and_the_role_is_alphas():
    with in_university("beta"):
        Filing.objects.create(round_code="sentinel-beta")
    with in_university("alpha"):
        assert list(Filing.objects.all()) == []
        assert current_user() == role_name("u_alpha")
    assert current_user() == role_name("app")


def test_context_nests_and_restores():
    with in_university("alpha"):
        with in_university("beta"):
            assert current_university() == "beta"
        with in_public():
            assert current_user() == role_name("app")
        assert (current_university(), current_user()) == ("alpha", role_name("u_alpha"))
    assert current_university() == ""


def test_context_restores_after_an_exception():
    with pytest.raises(RuntimeError), in_university("alpha"):
        raise RuntimeError
    assert current_user() == role_name("app")


def test_beta_schema_named_outright_is_denied_to_alpha():
    def read():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM u_beta.filings_filing")

    with in_university("alpha"):
        assert denied(read) is psycopg.errors.InsufficientPrivilege


@pytest.mark.parametrize(
    "table", ["accounts_user", "django_session", "tenants_membership", "accounts_invitation"]
)
def test_people_and_sessions_are_denied_inside_a_university(table):
    def read():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")

    with in_university("alpha"):
        assert denied(read) is psycopg.errors.InsufficientPrivilege


def test_obligations_of_beta_are_invisible_and_cannot_be_forged(round_):
    Obligation.objects.create(round=round_, university_code="alpha")
    Obligation.objects.create(round=round_, university_code="beta")
    with in_university("alpha"):
        assert [o.university_code for o in Obligation.objects.all()] == ["alpha"]
        assert Obligation.objects.filter(university_code="beta").update(state="accepted") == 0

        def forge():
            Obligation.objects.filter(university_code="alpha").update(university_code="beta")

        assert denied(forge) is psycopg.errors.InsufficientPrivilege


def test_university_role_that_is_missing_raises_and_reads_nothing():
    with in_university("beta"):
        Filing.objects.create(round_code="sentinel-beta")
    with pytest.raises(DataError), transaction.atomic(), in_university("ghost"):
        list(Filing.objects.all())
    assert current_university() == ""


def test_schema_without_role_is_refused_before_any_query():
    connection.set_schema("u_alpha")
    with pytest.raises(ImproperlyConfigured), connection.cursor():
        pass
    connection.set_schema_to_public()


def test_commission_reads_neither_figures_nor_submissions_nor_universities():
    tables = ["benchmarks_figure", "submissions_submission", "tenants_university", "catalog_obligation"]
    for table in tables:

        def read(table=table):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")

        with as_commission():
            assert denied(read) is psycopg.errors.InsufficientPrivilege


@pytest.mark.promise("audit")
def test_audit_trail_cannot_be_changed_by_anyone():
    record(actor_id=1, action="a", object_type="o")
    for statement in (
        "UPDATE audit_auditentry SET action='x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
    ):

        def change(statement=statement):
            with connection.cursor() as cursor:
                cursor.execute(statement)

        assert denied(change) is psycopg.errors.InsufficientPrivilege
        record_done("changes of the trail refused by the database")


def test_university_writes_its_own_trail_only():
    with in_university("alpha"):
        record(actor_id=1, university_code="alpha", action="a", object_type="o")
        assert denied(lambda: record(actor_id=1, university_code="beta", action="a", object_type="o")) is (
            psycopg.errors.InsufficientPrivilege
        )


def test_grants_in_the_catalogue_equal_the_list():
    with connection.cursor() as cursor:
        tables = wall.tables_of(cursor, "public")
    expected = {
        (table, role_name(suffix)): rights
        for table in tables
        for suffix, rights in grants.public_privileges(table).items()
    }
    assert wall.actual_privileges("public") == expected
    for code in ("alpha", "beta"):
        with connection.cursor() as cursor:
            own = wall.tables_of(cursor, f"u_{code}")
        mine = {(table, role_name(f"u_{code}")): grants.own_privileges(table) for table in own}
        assert wall.actual_privileges(f"u_{code}") == mine


def test_grants_name_only_tables_that_exist():
    with connection.cursor() as cursor:
        tables = set(wall.tables_of(cursor, "public"))
    named = {*grants.APP_EXCEPTIONS, *grants.UNIVERSITY, *grants.COMMISSION, *grants.ROW_POLICIES}
    assert named - tables == set()


def test_no_tenant_table_exists_in_public():
    with connection.cursor() as cursor:
        own = set(wall.tables_of(cursor, "u_alpha")) - {"django_migrations"}
        assert own & set(wall.tables_of(cursor, "public")) == set()


@pytest.mark.promise("configuration")
def test_app_login_is_no_owner_no_superuser_and_inherits_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = session_user"
        )
        assert cursor.fetchone() == (False, False, False, False, False)
        cursor.execute(OWNED)
        assert cursor.fetchone() == (0,)


@pytest.mark.promise("universities")
@pytest.mark.django_db(transaction=True)
def test_switches_on_four_threads_never_read_the_other_university():
    for code in ("alpha", "beta"):
        with in_university(code):
            Filing.objects.create(round_code=code)
    wrong: list[str] = []

    def work(first: str, second: str) -> None:
        for _ in range(-(-SWITCHES.number // 8)):
            for code in (first, second):
                with in_university(code):
                    seen = list(Filing.objects.values_list("round_code", flat=True))
                    if seen != [code]:
                        wrong.append(f"{code}: {seen}")
        connection.close()

    pairs = [("alpha", "beta"), ("beta", "alpha")] * 2
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    SWITCHES.done(8 * -(-SWITCHES.number // 8), wrong=len(wrong))
    assert wrong == []


def test_university_names_are_readable_inside_a_university():
    with in_university("alpha"):
        assert University.objects.count() == 2


def test_users_exist_in_public_only():
    User.objects.create_user("a@example.org", "x", name="甲")
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'accounts_user'")
        assert cursor.fetchall() == [("public",)]
