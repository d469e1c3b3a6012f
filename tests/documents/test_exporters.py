"""Every place that hands out a table, with texts that would be formulas in every name that somebody may choose."""

import csv
import io
import re

import pytest
from django.forms import BooleanField
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from accounts.operations import assign
from documents.spreadsheet import safe_text
from surveys.benchmarks.operations import snapshot_completion
from surveys.catalog.models import Obligation, Round
from surveys.filings.models import Explanation, Filing, Mapping, Upload
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility
from tenants.models import University
from tenants.operations import add_member
from tests.documents.test_spreadsheet import PAYLOADS
from tests.soak import record
from tests.surveys.benchmarks import city
from tests.test_url_roles import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.promise("exports")]

KINDS = ("csv", "xlsx")
CELLS = "benchmarks/releases/<slug:round_code>/<int:number>/cells.<slug:kind>"
# route → address; the ones without a kind are admin's, below
BY_ADDRESS = {
    "u/<slug:code>/facilities/export/<slug:kind>/": "/u/alpha/facilities/export/{}/",
    "desk/rounds/<slug:code>/state.<slug:kind>": "/desk/rounds/energy-2024/state.{}",
    "benchmarks/completion/data.<slug:kind>": "/benchmarks/completion/data.{}",
    CELLS: "/benchmarks/releases/energy-2024/1/cells.{}",
    "benchmarks/<slug:instrument>/<slug:figure>.<slug:kind>": "/benchmarks/energy/cohorts.{}",
}
NUMBER = re.compile(r"[-+]?\d[\d,.]*(e[-+]?\d+)?%?", re.IGNORECASE)


@pytest.fixture
def payloads_everywhere(db) -> Client:
    """Whatever a person can name is named like a formula. Somebody who may export everything."""
    (round_,) = city.make_city(kinds=["normal"] * len(PAYLOADS))
    for number, (code, payload) in enumerate(zip(codes(), PAYLOADS, strict=True)):
        University.objects.filter(code=code).update(
            name=f"{payload}{number}", short_name=f"{payload[:15]}{number}"
        )
    Obligation.objects.filter(round=round_).update(state="sealed")
    Round.objects.filter(pk=round_.pk).update(title=PAYLOADS[0])
    city.release(round_)
    snapshot_completion(now=city.NOW, day=city.NOW.date())
    everyone = User.objects.create_user("all@example.org", "x", name=PAYLOADS[0], is_staff=True)
    for role in ("operator", "secretary"):
        assign(user=everyone, role=role, actor_id=None, committee_code="NZ" if role == "secretary" else "")
    add_member(user=everyone, university=University.objects.get(code="alpha"), role="clerk", actor_id=None)
    with in_university("alpha"):
        campus = Campus.objects.create(code="main", name=PAYLOADS[0])
        for number, payload in enumerate(PAYLOADS):
            Facility.objects.create(code=f"B{number:02}", name=payload, campus=campus)
    assign(user=everyone, role="staff", actor_id=None)
    browser = Client()
    browser.force_login(everyone)
    return browser


def codes() -> list[str]:
    return list(
        University.objects.filter(code__startswith="zq").order_by("code").values_list("code", flat=True)
    )


def checked(response, kind: str) -> int:
    """How many texts of the table would have been a formula. Raises AssertionError where one is."""
    assert (response.status_code, response["Content-Disposition"][:10]) == (200, "attachment")
    data = b"".join(response) if response.streaming else response.content
    if kind == "xlsx":
        cells = [c for sheet in load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for c in row]
        live = [c.coordinate for c in cells if c.data_type == "f"]
        dangerous = [c for c in cells if isinstance(c.value, str) and safe_text(c.value) != c.value]
        assert [c.coordinate for c in dangerous if not c.quotePrefix] == []
        count = len(dangerous)
    else:
        texts = [t for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for t in row]
        live = [text for text in texts if safe_text(text) != text and not NUMBER.fullmatch(text)]
        count = sum(text.startswith("'") for text in texts)
    assert live == []
    record("texts like a formula in exports", count)
    return count


def test_every_address_that_exports_is_tested_here():
    assert {route for route in ROWS if "<slug:kind>" in route} == set(BY_ADDRESS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", BY_ADDRESS)
def test_no_address_exports_a_formula(payloads_everywhere, route, kind):
    found = checked(payloads_everywhere.get(BY_ADDRESS[route].format(kind)), kind)
    named_by_people = route.startswith(("u/", "desk/"))
    assert (found >= len(PAYLOADS)) == named_by_people


def test_the_handover_pack_exports_no_formula(payloads_everywhere):
    who = {"actor_id": 1, "actor_name": PAYLOADS[0]}
    with in_university("alpha"):
        filing = Filing.objects.create(round_code="energy-2024")
        for number, payload in enumerate(PAYLOADS):
            Mapping.objects.create(instrument_code="energy", key=f"{payload}{number}", **who)
            Explanation.objects.create(filing=filing, rule=f"V{number:02}", text=payload, **who)
            Upload.objects.create(filing=filing, name=payload, sha256="0" * 64, size=1, **who)
    found = checked(payloads_everywhere.get("/u/alpha/handover/pack.xlsx"), "xlsx")
    assert found >= 3 * len(PAYLOADS)


@pytest.mark.parametrize("model", ["university", "universityyear"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_register_of_operations_exports_a_formula(payloads_everywhere, model, kind):
    address = f"/ops/tenants/{model}/export/"
    fields = payloads_everywhere.get(address).context["form"].fields
    chosen = {name: "on" for name, field in fields.items() if isinstance(field, BooleanField)}
    chosen |= {"format": "0" if kind == "xlsx" else "1", "resource": ""}
    found = checked(payloads_everywhere.post(address, chosen), kind)
    assert (found >= len(PAYLOADS)) == (model == "university")


def test_no_list_of_people_is_exported_with_a_formula(payloads_everywhere):
    people = [
        User.objects.create_user(f"p{n}@example.org", "x", name=name).pk for n, name in enumerate(PAYLOADS)
    ]
    action = {"action": "export", "_selected_action": people}
    assert checked(payloads_everywhere.post("/ops/accounts/user/", action), "xlsx") >= len(PAYLOADS)
