"""/ops/: operators only, nothing deleted, everything recorded, tables in and out through the house's own."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from openpyxl import load_workbook

from accounts.models import Assignment, User
from audit.models import AuditEntry
from audit.operations import record
from jobs.models import Job
from tenants.models import Membership, University, UniversityYear
from tests.facilities.conftest import workbook

pytestmark = pytest.mark.django_db
MODELS = (
    "accounts/user", "accounts/invitation", "accounts/assignment", "tenants/university", "tenants/universityyear",
    "tenants/membership", "audit/auditentry", "jobs/job", "catalog/obligation",
)  # fmt: skip


@pytest.fixture
def operator(official) -> User:
    return official("operator")


@pytest.fixture
def ops(operator, signed_in):
    return signed_in(operator)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_only_operators_come_in(official, member, signed_in, client):
    for person in (official("staff"), official("commission"), member("approver")):
        response = signed_in(person).get("/ops/", follow=True)
        assert response.status_code == 403
    assert client.get("/ops/").status_code == 302


def test_each_list_opens_and_only_roles_can_be_deleted(ops, operator, member):
    record(actor_id=1, action="a", object_type="o")
    Job.objects.create(kind="x")
    member("clerk")
    deletable = []
    for model in MODELS:
        page = ops.get(f"/ops/{model}/")
        assert (model, page.status_code) == (model, 200)
        if 'value="delete_selected"' in page.content.decode():
            deletable.append(model)
    assert deletable == ["accounts/assignment", "tenants/membership"]


def test_secrets_of_second_factors_are_not_shown(ops):
    assert ops.get("/ops/mfa/authenticator/").status_code == 404


@pytest.mark.parametrize("model", ["audit/auditentry", "jobs/job", "accounts/user"])
def test_records_are_not_added_by_hand(model, ops):
    assert ops.get(f"/ops/{model}/add/").status_code == 403


def test_trail_is_read_only(ops):
    record(actor_id=1, action="a", object_type="o")
    entry = AuditEntry.objects.latest("pk")
    path = f"/ops/audit/auditentry/{entry.pk}/"
    assert (
        ops.get(path + "change/").status_code,
        ops.post(path + "delete/", {"post": "yes"}).status_code,
    ) == (200, 403)


def test_account_is_closed_by_action_and_logged(ops, operator, member, signed_in):
    clerk = member("clerk")
    at_work = signed_in(clerk)
    ops.post("/ops/accounts/user/", {"action": "deactivate", "_selected_action": [clerk.pk]})
    assert at_work.get("/u/alpha/facilities/").status_code == 302
    assert actions()[-1] == "user.deactivated"
    assert list(LogEntry.objects.values_list("user_id", "object_id")) == [(operator.pk, str(clerk.pk))]
    ops.post("/ops/accounts/user/", {"action": "deactivate", "_selected_action": [operator.pk]})
    operator.refresh_from_db()
    assert operator.is_active


def test_changed_person_is_in_the_trail_by_field_names_only(ops, member):
    clerk = member("clerk")
    data = {"name": "新名字", "email": "New@alpha.example"}
    assert ops.post(f"/ops/accounts/user/{clerk.pk}/change/", data).status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.fields) == ("user.changed", ["email", "name"])
    clerk.refresh_from_db()
    assert clerk.email == "new@alpha.example"


def test_roles_are_given_and_taken_through_operations(ops, member, official):
    clerk, staff = member("clerk"), official("staff")
    alpha = University.objects.get(code="alpha")
    given = {"user": clerk.pk, "university": alpha.pk, "role": "approver"}
    assert ops.post("/ops/tenants/membership/add/", given).status_code == 302
    assert User.objects.get(pk=clerk.pk).second_factor_required
    row = Membership.objects.get(role="approver")
    ops.post(
        "/ops/tenants/membership/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )
    assert actions()[-2:] == ["membership.added", "membership.removed"]
    assert ops.post("/ops/tenants/membership/add/", given | {"user": staff.pk}).status_code == 200
    assert ops.post("/ops/accounts/assignment/add/", {"user": clerk.pk, "role": "staff"}).status_code == 200
    assert (Membership.objects.filter(user=staff).count(), Assignment.objects.filter(user=clerk).count()) == (
        0,
        0,
    )


def test_operator_made_in_ops_gets_in(ops, official, signed_in):
    expert = official("expert")
    ops.post("/ops/accounts/assignment/add/", {"user": expert.pk, "role": "operator"})
    assert signed_in(User.objects.get(pk=expert.pk)).get("/ops/").status_code == 200


def test_university_is_suspended_by_action(ops, member, signed_in):
    alpha = University.objects.get(code="alpha")
    at_work = signed_in(member("clerk"))
    ops.post("/ops/tenants/university/", {"action": "suspend", "_selected_action": [alpha.pk]})
    assert at_work.get("/u/alpha/facilities/").status_code == 503
    ops.post("/ops/tenants/university/", {"action": "reopen", "_selected_action": [alpha.pk]})
    assert at_work.get("/u/alpha/facilities/").status_code == 200


def imported(ops, model: str, *rows):
    """Uploads a table and confirms the preview; the preview and the answer."""
    page = ops.post(
        f"/ops/tenants/{model}/import/", {"import_file": workbook(*rows), "format": "0", "resource": ""}
    )
    form = page.context.get("confirm_form")
    if form is None:
        return page, None
    return page, ops.post(f"/ops/tenants/{model}/process_import/", form.initial)


def test_sizes_are_imported_after_a_preview(ops, operator):
    _, done = imported(
        ops,
        "universityyear",
        ["各校规模"],
        ["学校代码", "年度", "在校学生（人）", "教职工", "建筑面积", "采暖面积"],
        ["alpha", 2024, "2.1万", "1,800", "650000", "500000"],
    )
    assert done.status_code == 302
    row = UniversityYear.objects.get()
    assert (row.university.code, row.year, row.students, row.staff) == ("alpha", 2024, 21000, 1800)
    assert actions()[-1] == "sizes.imported"
    assert LogEntry.objects.get().user == operator


def test_new_university_without_its_kind_is_refused_at_its_row(ops):
    page, done = imported(ops, "university", ["代码", "校名", "简称"], ["ghost", "幽灵大学", "幽大"])
    assert done is None
    row = page.context["result"].invalid_rows[0]
    assert (row.number, sorted(row.field_specific_errors)) == (1, ["所在区", "类型"])
    assert University.objects.filter(code="ghost").count() == 0


def test_name_of_a_university_is_changed_with_its_sort_key(ops):
    imported(ops, "university", ["代码", "校名"], ["alpha", "丁丑大学"])
    alpha = University.objects.get(code="alpha")
    assert (alpha.name, alpha.pinyin_key, alpha.short_name) == (
        "丁丑大学",
        "ding chou da xue 丁丑大学",
        "甲大",
    )


def test_dangerous_file_is_refused_in_ops_too(ops):
    file = io.BytesIO(b"PK\x03\x04 broken")
    file.name = "x.xlsx"
    page = ops.post("/ops/tenants/university/import/", {"import_file": file, "format": "0", "resource": ""})
    assert (page.status_code, "文件已损坏" in page.content.decode()) == (200, True)


def test_exports_hold_no_live_formula(ops):
    University.objects.filter(code="alpha").update(short_name="=1+1", district="@SUM(1)")
    page = ops.post("/ops/tenants/university/export/", {"format": "0", "resource": ""} | fields())
    cells = [c for row in load_workbook(io.BytesIO(page.content)).active.iter_rows(min_row=2) for c in row]
    assert {c.data_type for c in cells if c.value is not None} == {"s"}
    text = ops.post(
        "/ops/tenants/university/export/", {"format": "1", "resource": ""} | fields()
    ).content.decode("utf-8-sig")
    assert ",'=1+1," in text and ",'@SUM(1)" in text


def fields() -> dict[str, str]:
    return {
        f"universityresource_{name}": "on"
        for name in ("code", "name", "name_en", "short_name", "kind", "district")
    }
