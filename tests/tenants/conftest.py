"""People of two universities and of the association."""

import uuid

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.models import User
from accounts.operations import assign
from tenants.models import University
from tenants.operations import add_member

PASSWORD = "correct horse 42"


@pytest.fixture(autouse=True)
def own_cache(monkeypatch):
    """The cache outlives a test and is shared with the other worker: each test has its own names in it."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid.uuid4().hex)


@pytest.fixture
def member(db):
    """Makes somebody of a university: `member("clerk", "alpha")`."""

    def make(role: str, code: str = "alpha", email: str = "", name: str = "") -> User:
        email = email or f"{role}@{code}.example"
        user = User.objects.filter(email=email).first()
        user = user or User.objects.create_user(email, PASSWORD, name=name or f"{role} {code}")
        add_member(user=user, university=University.objects.get(code=code), role=role, actor_id=None)
        return user

    return make


@pytest.fixture
def official(db):
    """Makes somebody of the association: `official("staff")`."""

    def make(role: str, email: str = "", **fields) -> User:
        user = User.objects.create_user(email or f"{role}@association.example", PASSWORD, name=role)
        assign(user=user, role=role, actor_id=None, **fields)
        return user

    return make


@pytest.fixture
def signed_in():
    """A browser of its own for a person."""

    def make(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return make
