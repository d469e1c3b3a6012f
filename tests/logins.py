"""Which database login a test works under: the application's, unless it says otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

OWNER, APP = "houqin_owner", "houqin_app"


@contextmanager
def become(login: str) -> Iterator[None]:
    """Inside, the connection is the login's; afterwards it is again whose it was. Both begin in public."""
    before = connection.settings_dict["USER"]
    _connect_as(login)
    try:
        yield
    finally:
        _connect_as(before)


def current_login() -> str:
    """Who the connection signed in as."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return cursor.fetchone()[0]


def _connect_as(login: str) -> None:
    connection.close()
    connection.settings_dict["USER"] = login
    connection.set_schema_to_public()
