"""System checks of the walls: what may never be deployed. `check` without a database looks at the models and the
settings, `check --database default` at the roles and tables as well."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models
from django.db.utils import OperationalError

TENANT_TO_PUBLIC, PUBLIC_TO_TENANT, SAME_LOGIN, LOGIN, OWNS, TENANT_IN_PUBLIC = (
    f"tenants.E00{number}" for number in range(1, 7)
)


@register(Tags.models)
def relations_stay_on_their_side(app_configs, **kwargs) -> list[CheckMessage]:
    """No relation crosses between a university's schema and public, in either direction."""
    return list(crossings(apps.get_models(include_auto_created=True)))


def crossings(all_models) -> Iterator[CheckMessage]:
    """An error for each relation of the models that leaves its side of the wall."""
    for model in all_models:
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            own = getattr(field, "model", None) is model and not field.auto_created
            if not own or not isinstance(target, type) or not issubclass(target, models.Model):
                continue
            if is_tenant(model) and not is_tenant(target):
                yield Error(
                    f"{model._meta.label}.{field.name} is a relation from a university's table to public.",
                    hint="Keep a plain value (a code, a number) instead: deleting and Citus break on it.",
                    obj=model,
                    id=TENANT_TO_PUBLIC,
                )
            if is_tenant(target) and not is_tenant(model):
                yield Error(
                    f"{model._meta.label}.{field.name} is a relation from public to a university's table.",
                    hint="Public knows a university's rows by code only.",
                    obj=model,
                    id=PUBLIC_TO_TENANT,
                )


def is_tenant(model: type[models.Model]) -> bool:
    """Whether a model's table lives in the universities' schemas."""
    return apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS


@register(Tags.security)
def logins_differ(app_configs, **kwargs) -> list[CheckMessage]:
    """The login of web and workers is not the owner's."""
    if settings.APP_LOGIN != settings.OWNER_LOGIN:
        return []
    return [
        Error(
            "The application and the owner use the same database login.",
            hint="HOUQIN_DATABASE_APP must name a login that owns nothing: as the owner no wall stands.",
            id=SAME_LOGIN,
        )
    ]


@register(Tags.database)
def walls_stand(app_configs, databases=None, **kwargs) -> list[CheckMessage]:
    """The application's login can do no more than it was granted, and no university's table exists in public."""
    if "default" not in (databases or ()):
        return []
    connection = connections["default"]
    try:
        with connection.cursor() as cursor:
            return [*login_errors(cursor, settings.APP_LOGIN), *stray_tables(cursor)]
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}".strip(), id=LOGIN)]


def login_errors(cursor, login: str) -> Iterator[CheckMessage]:
    """Errors when a login is missing, superuser, past row policies, inheriting or owner of anything here."""
    cursor.execute(
        "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
        [login],
    )
    powers = cursor.fetchone()
    names = ("SUPERUSER", "BYPASSRLS", "INHERIT", "CREATEROLE", "CREATEDB")
    found = [name for name, held in zip(names, powers, strict=True) if held] if powers else ["missing"]
    if found:
        yield Error(
            f"The application's database login {login} is {', '.join(found)}.",
            hint=f"ALTER ROLE {login} NOSUPERUSER NOBYPASSRLS NOINHERIT NOCREATEROLE NOCREATEDB",
            id=LOGIN,
        )
    cursor.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %s)",
        [login],
    )
    if owned := cursor.fetchone()[0]:
        yield Error(
            f"The application's database login {login} owns {owned} tables or indexes.",
            hint=f"REASSIGN OWNED BY {login} TO {settings.OWNER_LOGIN}",
            id=OWNS,
        )


def stray_tables(cursor) -> Iterator[CheckMessage]:
    """Errors for universities' tables in public: there a query without a university would read and write them."""
    own = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if is_tenant(model)}
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)", [sorted(own)]
    )
    for (table,) in cursor.fetchall():
        yield Error(
            f"The table {table} of the universities exists in public.",
            hint="It was migrated into the wrong schema; look at what it holds, then drop it.",
            id=TENANT_IN_PUBLIC,
        )
