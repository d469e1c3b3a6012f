"""One running house for the tests of this folder. Django's connection is the house's while a test runs."""

import datetime
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import User
from accounts.operations import assign
from surveys import instruments
from surveys.catalog import operations as catalog
from surveys.catalog.models import Round
from tenants.actors import resolve_actor
from tenants.models import University, UniversityYear
from tenants.operations import add_member
from tests.live.browser import PASSWORD, Person
from tests.live.house import House

UTC = datetime.UTC
OPENS, CLOSES = datetime.datetime(2025, 1, 1, tzinfo=UTC), datetime.datetime(2099, 1, 1, tzinfo=UTC)
PEOPLE = {"clerk": "林知行", "approver": "周予安"}


@pytest.fixture(scope="session")
def running(tmp_path_factory) -> Iterator[House]:
    """The house with web, worker and beat."""
    made = House(tmp_path_factory.mktemp("house"))
    try:
        made.open()
        made.start("web", "worker", "beat")
        yield made
    finally:
        made.close()


@pytest.fixture
def house(running, settings, private_folders, django_db_blocker) -> Iterator[House]:
    """The running house, its database and its files as this process's own."""
    for name in ("web", "worker", "beat"):
        if name not in running.running:
            running.start(name)
    running.revive()
    suite = {key: connection.settings_dict[key] for key in ("HOST", "NAME")}
    with django_db_blocker.unblock():
        _stand_in(running.environment()["HOUQIN_DATABASE_HOST"], running.services.database)
        settings.FILES_ROOT = running.files
        _settle()
        yield running
        _stand_in(suite["HOST"], suite["NAME"])


def _stand_in(host: str, name: str) -> None:
    connection.close()
    for place in (django_settings.DATABASES["default"], connection.settings_dict):
        place |= {"HOST": host, "NAME": name}
    connection.set_schema_to_public()


def _settle() -> None:
    """Once per house: the university of the sample workbook, its people, somebody of the association."""
    if User.objects.exists():
        return
    university = University.objects.get(code="alpha")
    University.objects.filter(code="alpha").update(name="海津理工大学", short_name="海津理工")
    UniversityYear.objects.create(
        university=university,
        year=2024,
        students=20000,
        staff=2000,
        floor_area="812460",
        heated_area="700000",
    )
    for role, name in PEOPLE.items():
        user = User.objects.create_user(f"{role}@alpha.test", PASSWORD, name=name)
        add_member(user=user, university=university, role=role, actor_id=None)
    staff = User.objects.create_user("staff@association.test", PASSWORD, name="沈秘书")
    assign(user=staff, role="staff", actor_id=None)


@pytest.fixture
def people(house) -> dict[str, User]:
    """clerk and approver of alpha, each with an actor."""
    found = {}
    for role in PEOPLE:
        user = User.objects.get(email=f"{role}@alpha.test")
        user.actor = resolve_actor(user, "alpha")
        found[role] = user
    return found


@pytest.fixture
def signed_in(house):
    """Makes browsers: `signed_in("clerk@alpha.test")`."""
    return lambda email: Person(house.address, email)


@pytest.fixture
def another_round(house):
    """Opens one more round of 2024; each try has its own."""

    def make() -> Round:
        code = f"energy-2024-{Round.objects.count() + 1}"
        return catalog.open_round(
            code=code,
            version=catalog.publish_version(instruments.get("energy"), now=OPENS),
            title=f"2024 年度能源统计 {code}",
            period="2024",
            opens_at=OPENS,
            due_at=CLOSES,
            closes_at=CLOSES,
            universities=["alpha"],
        )

    return make
