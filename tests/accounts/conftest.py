"""People for the tests of sign-in."""

import pytest
from django.core.cache import cache

from accounts.models import User

PASSWORD = "correct horse 42"


@pytest.fixture(autouse=True)
def fresh_limits():
    """The limits live in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def person(db) -> User:
    return User.objects.create_user("lin@example.org", PASSWORD, name="林知行")


@pytest.fixture
def sign_in(client):
    """Posts the sign-in form; returns the response."""

    def post(email: str = "lin@example.org", password: str = PASSWORD, **extra):
        return client.post("/account/login/", {"login": email, "password": password}, **extra)

    return post
