"""People for the tests of sign-in."""

import uuid

import pytest
from django.core.cache import caches

from accounts.models import User

PASSWORD = "correct horse 42"


@pytest.fixture(autouse=True)
def own_cache(monkeypatch):
    """The cache outlives a test and is shared with the other worker: each test has its own names in it."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid.uuid4().hex)


@pytest.fixture
def person(db) -> User:
    return User.objects.create_user("lin@example.org", PASSWORD, name="林知行")


@pytest.fixture
def sign_in(client):
    """Posts the sign-in form; returns the response."""

    def post(email: str = "lin@example.org", password: str = PASSWORD, **extra):
        return client.post("/account/login/", {"login": email, "password": password}, **extra)

    return post
