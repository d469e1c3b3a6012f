"""The only place that switches schemas. Contexts nest and restore; leave them with plain data only."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from tenants.backend.base import Scope, role_name

SCHEMA_PREFIX = "u_"


def schema_of(code: str) -> str:
    """The schema of a university, from its code."""
    return SCHEMA_PREFIX + code


def university_scope(code: str) -> Scope:
    """Schema and role of a university, from its code."""
    return Scope(schema_of(code), role_name(schema_of(code)), code)


@contextmanager
def in_university(code: str) -> Iterator[None]:
    """Inside, the connection reads and writes as university `code` and nothing else. Also a decorator.

    Raises the database's error on the first query when the schema or the role is missing.
    """
    with _scope(university_scope(code)):
        yield


@contextmanager
def as_commission() -> Iterator[None]:
    """Inside, the connection reads as the commission: catalogue and releases, no figure, no submission."""
    with _scope(Scope(settings.PUBLIC_SCHEMA_NAME, role_name("commission"))):
        yield


@contextmanager
def in_public() -> Iterator[None]:
    """Inside, the connection stands on neutral ground as the application: association, site, jobs."""
    with _scope(Scope(settings.PUBLIC_SCHEMA_NAME, role_name("app"))):
        yield


def current_university() -> str:
    """The code of the university the connection stands in, '' outside."""
    return getattr(connection.tenant, "university", "")


@contextmanager
def _scope(scope: Scope) -> Iterator[None]:
    previous = connection.tenant
    if previous == scope:
        yield
        return
    connection.set_tenant(scope)
    try:
        yield
    finally:
        connection.set_tenant(previous)
