"""The pipeline as a resource of django-import-export: its page, preview, hooks and signal, and what it must not do."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from import_export.signals import post_import

from accounts.models import User
from accounts.operations import assign
from audit.models import AuditEntry
from notices.models import Notice
from surveys.catalog.models import Obligation
from surveys.filings import operations
from surveys.filings.models import Event, Observation, Upload
from surveys.filings.resources import FilingResource, Workbook
from tenants.actors import Actor
from tenants.context import in_university

from .conftest import sample, truth
from .test_pages import NOW_IS, round_  # noqa: F401

pytestmark = pytest.mark.django_db

PAGE = "/ops/catalog/obligation/"
SENTINEL = Decimal("987654321")


@pytest.fixture
def obligation(round_) -> Obligation:  # noqa: F811
    return Obligation.objects.get(university_code="alpha")


@pytest.fixture
def operator(db) -> User:
    user = User.objects.create_user("ops@association.example", "x", name="萧行远", is_staff=True)
    assign(user=user, role="operator", actor_id=None)
    return user


@pytest.fixture
def ops(operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def preview(ops: Client, obligation: Obligation, start: str):
    path = sample(start)
    return sent(ops, obligation, path.name, path.read_bytes())


def sent(ops: Client, obligation: Obligation, name: str, content: bytes):
    file = SimpleUploadedFile(name, content)
    return ops.post(
        f"{PAGE}import/", {"import_file": file, "format": "0", "resource": "", "obligation": obligation.pk}
    )


def confirm(ops: Client, page):
    return ops.post(f"{PAGE}process_import/", page.context["confirm_form"].initial)


def drafted() -> dict:
    with in_university("alpha"):
        rows = Observation.objects.filter(value__isnull=False)
        return {(r.item, r.measure, r.period): r.value for r in rows}


def test_workbook_goes_through_the_import_page_into_the_draft(ops, obligation):
    told = []
    post_import.connect(lambda model, **_rest: told.append(model), weak=False, dispatch_uid="test")
    try:
        page = preview(ops, obligation, "e01")
        assert drafted() == {}
        assert confirm(ops, page).status_code == 302
    finally:
        post_import.disconnect(dispatch_uid="test")
    wanted = {
        (o["item"], o["measure"], o["month"]): Decimal(str(o["value"])) for o in truth("e01")["observations"]
    }
    assert {key: value.normalize() for key, value in drafted().items()} == {
        key: value.normalize() for key, value in wanted.items()
    }
    assert told == [Obligation]


def test_import_is_a_hand_in_the_filing_and_the_university_is_told(ops, obligation):
    confirm(ops, preview(ops, obligation, "e01"))
    with in_university("alpha"):
        [upload] = Upload.objects.all()
        hands = list(Event.objects.get(kind="loaded").filing.writers.values_list("actor_name", "what"))
        assert (upload.state, upload.actor_name, hands) == (
            "loaded",
            "萧行远（运维）",
            [("萧行远（运维）", "value")],
        )
    assert list(Notice.objects.filter(subject__contains="代本校").values_list("university_code", "role")) == [
        ("alpha", "clerk")
    ]
    made = AuditEntry.objects.filter(action__in=("filing.delivered", "filing.loaded"))
    assert sorted(made.values_list("action", "university_code")) == [
        ("filing.delivered", "alpha"), ("filing.loaded", "alpha"),
    ]  # fmt: skip


def test_preview_shows_what_the_file_says_and_nothing_of_the_draft(ops, obligation, clerk):
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code=obligation.round_id, university_code="alpha")
        key = {"item": "electricity", "measure": "quantity", "period": "2024-01"}
        operations.set_values(
            filing=filing, values=[{**key, "value": SENTINEL}], revision=1, actor=clerk.actor, now=NOW_IS
        )
    page = preview(ops, obligation, "e01")
    told = [row.diff[3] for row in page.context["result"].rows]
    assert sum(value != "—" for value in told) == len(truth("e01")["observations"])
    shown = page.content.decode()
    assert ("987654321" in shown, "987,654,321" in shown) == (False, False)


def test_workbook_that_asks_is_not_offered_for_confirmation(ops, obligation):
    lines = [
        "海津理工大学2024年用电",
        "月份,用电量(kWh)",
        "1月,O123456",
        *(f"{n}月,{n}23456" for n in range(2, 13)),
    ]
    page = sent(ops, obligation, "用电.csv", "\n".join(lines).encode())
    assert ("confirm_form" in page.context, page.context["result"].has_errors()) == (False, True)
    assert "填报人在自己的页面上传" in str(page.context["result"].base_errors[-1].error)
    with in_university("alpha"):
        assert Upload.objects.count() == 0


def test_reports_are_offered_by_the_name_of_their_university(ops, obligation):
    form = ops.get(f"{PAGE}import/").context["form"]
    labels = [str(label) for _value, label in form.fields["obligation"].choices]
    assert f"海津理工大学 · {obligation.round.title}" in labels


def test_report_that_is_under_review_cannot_be_chosen(ops, obligation):
    Obligation.objects.filter(pk=obligation.pk).update(state="sealed")
    page = preview(ops, obligation, "e01")
    assert list(page.context["form"].errors) == ["obligation"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04" + b"\0" * 200, b"%PDF-1.7"])
def test_file_that_is_no_workbook_is_refused_in_a_sentence(ops, obligation, content):
    page = sent(ops, obligation, "附件.xlsx", content)
    assert (page.status_code, "confirm_form" in page.context, drafted()) == (200, False, {})


def test_hooks_of_the_library_are_called_around_the_reading(obligation, operator):
    seen = []

    class Watched(FilingResource):
        def before_import(self, dataset, **kwargs):
            seen.append(("before", kwargs["dry_run"]))

        def after_import(self, dataset, result, **kwargs):
            seen.append(("after", result.total_rows))

    actor = Actor(operator.pk, operator.name, "alpha", "甲子大学", frozenset(), frozenset())
    path = sample("e01")
    resource = Watched(obligation=obligation, actor=actor)
    resource.import_data(Workbook(path.read_bytes()), dry_run=True, file_name=path.name)
    assert [name for name, _value in seen] == ["before", "after"]
    assert seen[1][1] >= len(truth("e01")["observations"])


def test_list_of_obligations_shows_no_value(ops, obligation):
    confirm(ops, preview(ops, obligation, "e01"))
    page = ops.get(PAGE).content.decode()
    values = [f"{value:,.0f}" for value in drafted().values() if value > 1000]
    assert [value for value in values if value in page] == []
