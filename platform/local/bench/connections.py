"""The owner's connection, for what the application's login may not do."""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from local.postgres import OWNER


def owner() -> BaseDatabaseWrapper:
    """Django's own backend, in the university's schema from the start. It connects as the owner: the application's
    login may read nothing without a role, and may not clear a table."""
    default = connections.settings["default"]
    database = {**default, "ENGINE": "django.db.backends.postgresql", "USER": OWNER}
    options = {"options": "-c search_path=u_alpha,public", **default["OPTIONS"]}
    connections.settings["plain"] = database | {"OPTIONS": options}
    return connections["plain"]


def run(statement: str) -> None:
    """Runs one statement as the owner, outside a transaction."""
    with owner().cursor() as cursor:
        cursor.execute(statement)
