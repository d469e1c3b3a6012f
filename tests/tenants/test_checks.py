"""The system checks find what they are for, and nothing in the house as it stands."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, models
from django.test.utils import isolate_apps

from tenants import checks
from tenants.context import in_university


def ids(errors) -> list[str]:
    return sorted(error.id for error in errors)


@pytest.mark.django_db
def test_the_house_as_it_stands_has_nothing_to_tell():
    assert run_checks(databases=["default"], include_deployment_checks=False) == []


@isolate_apps("tenants.facilities", "accounts")
def test_relations_across_the_wall_are_found_in_both_directions():
    class Theirs(models.Model):
        user = models.ForeignKey("accounts.Ours", models.CASCADE)

        class Meta:
            app_label = "facilities"

    class Ours(models.Model):
        place = models.ForeignKey(Theirs, models.CASCADE)
        friends = models.ManyToManyField("self")

        class Meta:
            app_label = "accounts"

    assert ids(checks.crossings([Theirs, Ours])) == [checks.TENANT_TO_PUBLIC, checks.PUBLIC_TO_TENANT]


def test_one_login_for_both_is_found(settings):
    settings.APP_LOGIN = settings.OWNER_LOGIN
    assert ids(checks.logins_differ(None)) == [checks.SAME_LOGIN]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("login", "found"),
    [
        ("houqin_app", []),
        ("houqin_owner", [checks.LOGIN, checks.OWNS]),
        ("pg_database_owner", [checks.LOGIN]),
        ("nobody_at_all", [checks.LOGIN]),
    ],
)
def test_login_that_may_too_much_is_found(login, found):
    with connection.cursor() as cursor:
        assert ids(checks.login_errors(cursor, login)) == found


def test_table_of_a_university_in_public_is_found(as_owner):
    with connection.cursor() as cursor:
        assert ids(checks.stray_tables(cursor)) == []
        cursor.execute("CREATE TABLE public.facilities_campus (id int)")
        assert ids(checks.stray_tables(cursor)) == [checks.TENANT_IN_PUBLIC]


@pytest.mark.django_db
def test_every_table_of_a_tenant_app_lies_in_the_schema_and_nowhere_else():
    own = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if checks.is_tenant(m)}
    with in_university("alpha"), connection.cursor() as cursor:
        cursor.execute("SELECT tablename, schemaname FROM pg_tables WHERE tablename = ANY(%s)", [sorted(own)])
        placed = {name: set() for name in own}
        for name, schema in cursor.fetchall():
            placed[name].add(schema)
    assert {frozenset(schemas) for schemas in placed.values()} == {
        frozenset({"u_alpha", "u_beta", "u_template"})
    }
