"""A migration that fails at one university: the old code goes on serving all of them, and a rerun converges."""

import importlib
import shutil
import sys
import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from jobs.failpoints import Interrupted, armed
from tenants import deployment, wall
from tenants.context import in_university, schema_of
from tenants.facilities import migrations
from tenants.facilities.models import Campus
from tenants.models import University
from tenants.provisioning import create_university
from tests.logins import APP, become
from tests.soak import Count

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("migrations")]

PLACES = Count("places of five where a migration failed", small=1, full=5)
# the third of five first
ORDER = (2, 0, 4, 1, 3)
NEW = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("facilities", "{last}")]
    operations = [
        migrations.RunSQL("ALTER TABLE facilities_campus ADD COLUMN soaked int"),
        migrations.RunSQL("CREATE TABLE facilities_soaked (id int PRIMARY KEY)"),
    ]
"""
NAME = "9999_soaked"


@pytest.fixture
def five(as_owner) -> list[str]:
    """Five universities in the order in which they are migrated; three of this test's own, for roles belong to the
    cluster."""
    for _ in range(3):
        code = f"x{uuid.uuid4().hex[:12]}"
        create_university(code=code, name=code, short_name=f"{code}大", kind="arts", district="东区")
    return list(University.objects.order_by("code").values_list("code", flat=True))


@pytest.fixture
def one_more_migration(tmp_path, monkeypatch, settings) -> None:
    """The facilities' migrations with a further one."""
    package = f"soaked_{uuid.uuid4().hex}"
    folder = tmp_path / package
    shutil.copytree(Path(migrations.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.stem for path in folder.glob("0*.py"))
    (folder / f"{NAME}.py").write_text(NEW.format(last=last))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    settings.MIGRATION_MODULES = {"facilities": package}
    yield
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]


def deploy() -> list[str]:
    try:
        return deployment.deploy(say=lambda text: None)
    finally:
        connection.set_schema_to_public()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def migrated(codes: list[str]) -> list[bool]:
    return [("facilities", NAME) in deployment.applied(schema_of(code)) for code in codes]


def serves(code: str, browser) -> bool:
    """The pages of the old code open and write, as the application's login."""
    page = f"/u/{code}/facilities/"
    added = browser.post(f"{page}campuses/add/", {"code": "soak", "name": "试验校区"})
    opened = browser.get(page)
    with in_university(code):
        written = Campus.objects.filter(code="soak").delete()[0]
    return (added.status_code, opened.status_code, written) == (302, 200, 1)


@pytest.mark.parametrize("place", ORDER[: PLACES.number])
def test_a_migration_that_fails_at_one_of_five_leaves_all_of_them_served_and_a_rerun_converges(
    place, five, one_more_migration, member, signed_in
):
    browsers = {code: signed_in(member("clerk", code)) for code in five}
    poisoned = schema_of(five[place])
    run(f"ALTER TABLE {poisoned}.facilities_campus ADD COLUMN soaked text")
    with pytest.raises(ProgrammingError, match="already exists"):
        deploy()
    # the failing one as it was, those before it done, those after it untouched
    assert migrated(five) == [n < place for n in range(5)]
    with become(APP):
        assert [serves(code, browsers[code]) for code in five] == [True] * 5
    run(f"ALTER TABLE {poisoned}.facilities_campus DROP COLUMN soaked")
    assert deploy() == [schema_of(code) for code in five[place:]]
    assert (migrated(five), wall.schemas_behind(), deploy()) == ([True] * 5, set(), [])
    with become(APP):
        assert [serves(code, browsers[code]) for code in five] == [True] * 5
    PLACES.done()


def test_a_deployment_that_ends_between_a_migration_and_its_grants_is_completed_by_the_next(
    five, one_more_migration
):
    with armed("deploy.migrated"), pytest.raises(Interrupted):
        deploy()
    assert (migrated(five), wall.schemas_behind()) == ([True, *[False] * 4], {schema_of(five[0])})
    assert deploy() == [schema_of(code) for code in five]
    assert (migrated(five), wall.schemas_behind(), deploy()) == ([True] * 5, set(), [])
