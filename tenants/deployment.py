"""Schemas and grants follow the code. Runs as the owner; safe to run again after a failure at any schema."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import quote_schema_name, schema_exists

from jobs.failpoints import reach
from tenants import wall
from tenants.context import schema_of

logger = logging.getLogger(__name__)
TEMPLATE = "template"


def deploy(*, say: Callable[[str], None] = logger.info) -> list[str]:
    """Migrates what is behind and returns the names of the schemas it touched. A university's failure stops the run;
    the schemas before it are done, those after it stay as they were, and all keep serving the old code."""
    from tenants.models import University, UniversityState

    migrated = []
    wanted = _wanted()
    if not wanted["public"] <= applied("public"):
        say("public")
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        connection.set_schema_to_public()
        migrated.append("public")
    wall.build_public()
    if ensure_template(wanted["tenant"]):
        migrated.append(schema_of(TEMPLATE))
    # one that waits to be built is cloned from the new template
    built = University.objects.exclude(state=UniversityState.PROVISIONING)
    behind = wall.schemas_behind()
    for code in built.order_by("code").values_list("code", flat=True):
        schema = schema_of(code)
        current = wanted["tenant"] <= applied(schema)
        if current and schema not in behind:
            continue
        say(schema)
        if not current:
            _migrate(schema)
        reach("deploy.migrated")
        wall.build_university(code)
        migrated.append(schema)
    return migrated


def ensure_template(wanted: set | None = None) -> bool:
    """Creates or migrates the schema that new universities are cloned from; True when there was something to do."""
    schema = schema_of(TEMPLATE)
    if (wanted or _wanted()["tenant"]) <= applied(schema):
        return False
    if not schema_exists(schema):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {quote_schema_name(schema)}")
    _migrate(schema)
    return True


def applied(schema: str) -> set[tuple[str, str]]:
    """(app, migration) pairs recorded in a schema; empty when the schema or its record does not exist."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{quote_schema_name(schema)}.django_migrations"])
        if cursor.fetchone()[0] is None:
            return set()
        cursor.execute(f"SELECT app, name FROM {quote_schema_name(schema)}.django_migrations")
        return set(cursor.fetchall())


def is_current(schema: str) -> bool:
    """True when a university's schema has every migration of the code."""
    return _wanted()["tenant"] <= applied(schema)


def _wanted() -> dict[str, set[tuple[str, str]]]:
    """The migrations of the code, by side of the wall."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    tenant_labels = _tenant_labels()
    known = set(loader.disk_migrations)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    current = known - replaced
    tenant = {key for key in current if key[0] in tenant_labels}
    return {"tenant": tenant, "public": current - tenant}


def _migrate(schema: str) -> None:
    # by app: the two hundred migrations of public's apps would only be replayed to find that none applies here
    for label in sorted(_tenant_labels()):
        call_command("migrate_schemas", label, schema_name=schema, interactive=False, verbosity=0)
    connection.set_schema_to_public()


def _tenant_labels() -> set[str]:
    return {app.rpartition(".")[2] for app in settings.TENANT_APPS}
