"""The pipeline as a resource of django-import-export: its page, preview, hooks and signal, and what it must not do."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from import_export.signals import post_import

from accounts.models import User
from accounts.operations import assign
from audit.models import AuditEntry
from notices.models import Notice
from surveys.catalog.models import Obligation, Round
from surveys.filings import operations
from surveys.filings.admin import OnceStorage
from surveys.filings.errors import FilingError
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


# who confirms clumsily, late, or with a form of their own making


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def confirmed(ops: Client, page, **changed):
    sent = page.context["confirm_form"].initial | changed
    return ops.post(f"{PAGE}process_import/", sent, follow=True)


def test_confirming_twice_writes_once_and_says_so(ops, obligation):
    page = preview(ops, obligation, "e01")
    confirmed(ops, page)
    again = confirmed(ops, page)
    assert (again.status_code, said(again)) == (
        200,
        ["这份文件已经写入，或放得太久不在了，没有再写。重新选文件。"],
    )
    with in_university("alpha"):
        assert Event.objects.filter(kind="loaded").count() == 1


def test_of_two_who_confirm_at_once_one_takes_the_file(db):
    storage = OnceStorage()
    storage.save(b"x")
    storage.take()
    with pytest.raises(FilingError, match="没有再写"):
        storage.take()


@pytest.mark.parametrize("name", ["0" * 32, "../../etc/passwd", "x", "a" * 5000])
def test_confirming_a_file_that_was_never_sent_writes_nothing(ops, obligation, name):
    answer = confirmed(ops, preview(ops, obligation, "e01"), import_file_name=name)
    assert said(answer) == ["这份文件已经写入，或放得太久不在了，没有再写。重新选文件。"]
    assert drafted() == {}


@pytest.mark.parametrize("number", ["9", "-7", "x", ""])
def test_confirming_in_a_format_that_is_none_is_no_failure(ops, obligation, number):
    answer = confirmed(ops, preview(ops, obligation, "e01"), format=number)
    assert (answer.status_code, drafted()) == (200, {})


def test_what_is_asked_cannot_be_confirmed_by_another_form(ops, obligation):
    good = preview(ops, obligation, "e01")
    asks = "海津理工大学2024年用电\n月份,用电量(kWh)\n1月,O123456\n2月,123456\n3月,123450\n".encode()
    with_questions = cached(ops, obligation, asks)
    answer = confirmed(ops, good, import_file_name=with_questions, original_file_name="用电.csv")
    [text] = said(answer)
    assert text.startswith("没有写入：")
    with in_university("alpha"):
        assert Upload.objects.count() == 0


def cached(ops: Client, obligation: Obligation, content: bytes) -> str:
    """The name of a file as it would lie between the two steps."""
    from import_export.tmp_storages import CacheStorage

    storage = CacheStorage()
    storage.save(content)
    return storage.name


def test_a_report_that_was_handed_in_meanwhile_is_not_said_to_be_written(ops, obligation):
    page = preview(ops, obligation, "e01")
    Obligation.objects.filter(pk=obligation.pk).update(state="sealed")
    answer = confirmed(ops, page)
    assert (answer.status_code, drafted()) == (200, {})
    assert "Import finished" not in answer.content.decode()
    assert said(answer) == ["没有写入：这份报表现在不能写，可能已提交或已封存。"]


def test_a_round_that_closed_meanwhile_is_not_said_to_be_written(ops, obligation):
    page = preview(ops, obligation, "e01")
    past = NOW_IS - datetime.timedelta(minutes=1)
    Round.objects.update(due_at=past, closes_at=past)
    [text] = said(confirmed(ops, page))
    assert text.startswith(f"没有写入：“{obligation.round.title}”已经关闭")
    assert drafted() == {}


def test_names_that_begin_a_formula_stay_names(ops, obligation):
    name = '=HYPERLINK("http://x")<script>alert(1)</script>.xlsx'
    page = sent(ops, obligation, name, sample("e01").read_bytes())
    assert "<script>alert" not in page.content.decode()
    assert confirmed(ops, page).status_code == 200
    with in_university("alpha"):
        assert "<" not in Upload.objects.get().name


def test_only_operators_import(obligation, clerk):
    other = Client()
    other.force_login(clerk)
    for step in ("import/", "process_import/"):
        assert other.post(f"{PAGE}{step}", {}).status_code in (302, 403, 404)
    auditor = User.objects.create_user("looks@association.example", "x", name="看客", is_staff=True)
    other.force_login(auditor)
    for step in ("import/", "process_import/"):
        assert other.post(f"{PAGE}{step}", {}).status_code in (302, 403, 404)
