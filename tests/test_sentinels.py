"""Two universities with identical ids and sentinel strings: whatever alpha asks for, nothing of beta comes back, and
whatever alpha sends, nothing of beta changes."""

import datetime
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from files import storage
from jobs.models import Job
from notices.operations import notify
from surveys import instruments
from surveys.catalog.operations import open_round, publish_version
from surveys.catalog.queries import database_now
from surveys.filings.models import Explanation, Filing, Mapping, Observation, Upload
from tenants import wall
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility
from tenants.models import University
from tenants.operations import add_member
from tests.soak import record
from tests.test_url_roles import address, own_routes

pytestmark = [pytest.mark.django_db, pytest.mark.promise("universities")]

SENTINEL = {"alpha": "甲方哨兵", "beta": "乙方哨兵"}
SAME_ID = uuid.UUID(int=1)


@pytest.fixture
def two_universities(db):
    """The same ids on both sides, the sentinel of its side in every text."""
    now = database_now()
    version = publish_version(instruments.get("energy"), now=now)
    day = datetime.timedelta(days=1)
    times = {"opens_at": now - day, "due_at": now + day, "closes_at": now + 2 * day}
    open_round(
        code="energy-2024",
        version=version,
        title="2024",
        period="2024",
        universities=["alpha", "beta"],
        **times,
    )
    for code, word in SENTINEL.items():
        person = User.objects.create_user(f"clerk@{code}.example", "x", name=word)
        for role in ("clerk", "approver"):
            add_member(user=person, university=University.objects.get(code=code), role=role, actor_id=None)
        Job.objects.create(kind="filings.read_upload", university_code=code, actor_name=word, message=word)
        with in_university(code):
            fill(word, code)
            notify(university_code=code, role="clerk", subject=word, body=word)
    return Client(raise_request_exception=False)


def fill(word: str, code: str) -> None:
    campus = Campus.objects.create(pk=1, code="main", name=word)
    Facility.objects.create(pk=1, code="B01", name=word, campus=campus)
    filing = Filing.objects.create(pk=1, round_code="energy-2024")
    stored = storage.store(code, [word.encode()])
    who = {"actor_id": 1, "actor_name": word}
    Upload.objects.create(
        id=SAME_ID,
        filing=filing,
        name=f"{word}.csv",
        sha256=stored.sha256,
        size=stored.size,
        state="loaded",
        **who,
    )
    Mapping.objects.create(instrument_code="energy", key=word, **who)
    Explanation.objects.create(filing=filing, rule="V02", item="water", text=word, **who)
    Observation.objects.create(
        filing_id=1,
        facility="",
        item="water",
        measure="quantity",
        period="2024-01",
        value=1,
        text=word,
        raw=word,
    )


def everything_of(code: str) -> dict[str, list]:
    """All rows of a university's schema."""
    with in_university(code), connection.cursor() as cursor:
        tables = wall.tables_of(cursor, f"u_{code}")
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def asked() -> list[str]:
    """Every address but the one that would sign alpha out."""
    return [route for route in own_routes() if route != "account/logout/"]


def body(response) -> str:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return data.decode("utf-8", "replace")


def test_nothing_of_beta_reaches_alpha_by_any_address_of_its_own(two_universities, caplog, mailoutbox):
    two_universities.force_login(User.objects.get(email="clerk@alpha.example"))
    leaks, seen_own = [], 0
    for route in asked():
        for method in ("get", "post"):
            text = body(getattr(two_universities, method)(address(route)))
            seen_own += SENTINEL["alpha"] in text
            if SENTINEL["beta"] in text:
                leaks.append(f"{method} {route}")
    record("requests of one university, searched for the other", 2 * len(asked()), wrong=len(leaks))
    assert leaks == []
    told = [caplog.text, *(f"{mail.subject} {mail.body} {mail.to}" for mail in mailoutbox)]
    assert [text for text in told if SENTINEL["beta"] in text] == []
    # the control: alpha's own sentinel is on many pages, so beta's could have been
    assert seen_own > 20


def test_nothing_of_beta_changes_by_anything_alpha_sends(two_universities):
    before = everything_of("beta")
    two_universities.force_login(User.objects.get(email="clerk@alpha.example"))
    for route in asked():
        for code in ("alpha", "beta"):
            two_universities.post(
                address(route).replace("/alpha/", f"/{code}/"), {"id": str(SAME_ID), "name": "x"}
            )
            record("posts of one university, the other compared before and after")
    assert everything_of("beta") == before


def test_addresses_of_beta_are_absent_for_alpha(two_universities):
    two_universities.force_login(User.objects.get(email="clerk@alpha.example"))
    routes = [route for route in own_routes() if route.startswith("u/<slug:code>/")]
    answers = {
        getattr(two_universities, method)(address(route).replace("/alpha/", "/beta/")).status_code
        for route in routes
        for method in ("get", "post")
    }
    assert answers == {404}


def test_cache_keys_carry_the_university():
    with in_university("beta"):
        cache.set("sentinel", SENTINEL["beta"])
    with in_university("alpha"):
        assert cache.get("sentinel") is None
    assert cache.get("sentinel") is None
