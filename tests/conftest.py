"""A copy of the template database for each worker; the app login, so that the walls stand in every test."""

import os

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from tests.logins import OWNER, become

TEMPLATE = "houqin_template"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: they are long, and their event loop stays in the process."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def _as_owner(statement: str) -> None:
    host = settings.DATABASES["default"]["HOST"]
    with psycopg.connect(host=host, user=OWNER, dbname="postgres", autocommit=True) as owner:
        owner.execute(statement)


def copy_template(name: str) -> None:
    """Makes `name` a fresh copy of the template database."""
    _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _as_owner(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')


@pytest.fixture(scope="session")
def database_name(worker_id) -> str:
    return f"houqin_test_{worker_id}"


@pytest.fixture(scope="session")
def worker_id() -> str:
    """Name of the pytest-xdist worker, `main` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def django_db_setup(database_name, django_db_blocker):
    """Replaces pytest-django's: no migrations here, a copy takes 0.1 s."""
    with django_db_blocker.unblock():
        _use(database_name)
        yield
        connection.close()
        _as_owner(f'DROP DATABASE IF EXISTS "{database_name}" WITH (FORCE)')


def _use(name: str) -> None:
    connection.close()
    copy_template(name)
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()


def _fresh_copy_instead_of_flush(self) -> None:
    _use(connection.settings_dict["NAME"])


TransactionTestCase._fixture_teardown = _fresh_copy_instead_of_flush


@pytest.fixture(autouse=True)
def neutral_ground(request):
    """Every test starts and ends in public, in Chinese."""
    from django.utils import translation

    connection.set_schema_to_public()
    translation.activate("zh-hans")
    yield
    connection.set_schema_to_public()


@pytest.fixture
def as_owner(transactional_db):
    """Lets a test provision and migrate: the connection is the owner's until the test ends."""
    with become(OWNER):
        yield


@pytest.fixture(autouse=True)
def private_folders(settings, tmp_path):
    """Files and mail of a test vanish with it."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def every_write_leaves_a_trace():
    """Checked at every request of every test (tests/trail.py)."""
    from tests.trail import watched

    with watched():
        yield
