"""A clerk and an approver of alpha, and a small register."""

import io
import uuid

import pytest
from django.core.cache import caches
from django.test import Client
from openpyxl import Workbook

from accounts.models import User
from tenants.actors import Actor, resolve_actor
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility
from tenants.models import University
from tenants.operations import add_member


@pytest.fixture(autouse=True)
def own_cache(monkeypatch):
    """The cache outlives a test and is shared with the other worker: each test has its own names in it."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid.uuid4().hex)


@pytest.fixture
def person(db):
    """Somebody of a university, signed in: `person("clerk", "alpha")` → (browser, actor)."""

    def make(role: str = "clerk", code: str = "alpha") -> tuple[Client, Actor]:
        email = f"{role}@{code}.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, "x", name=role)
        add_member(user=user, university=University.objects.get(code=code), role=role, actor_id=None)
        browser = Client()
        browser.force_login(user)
        return browser, resolve_actor(user, code)

    return make


@pytest.fixture
def register(db):
    """One campus and two facilities at a university: `register("alpha", "北区")`."""

    def make(
        code: str = "alpha", campus: str = "北区", names: tuple[str, ...] = ("第一教学楼", "梅园 3 号楼")
    ) -> None:
        with in_university(code):
            place = Campus.objects.create(code="n", name=campus)
            for number, name in enumerate(names, 1):
                Facility.objects.create(code=f"B{number:02}", name=name, campus=place, building_type="C")

    return make


def workbook(*rows) -> io.BytesIO:
    """The rows as an xlsx upload."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "楼宇表.xlsx"
    return out
