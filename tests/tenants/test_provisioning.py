"""A new university: ordered in /ops/ under the application's login, built by the owner's worker."""

import os
import sys
import time
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit.models import AuditEntry
from jobs import failpoints
from jobs.models import Job
from jobs.operations import enqueue
from jobs.tasks import run_job
from local import processes
from notices.models import Notice
from tenants import deployment, provisioning
from tenants import tasks as _registers_the_handler  # noqa: F401
from tenants.backend.base import role_name
from tenants.context import in_university, schema_of
from tenants.facilities.models import Campus
from tenants.models import University, UniversityAlias
from tests.facilities.conftest import workbook
from tests.logins import APP, OWNER, become, current_login

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def code() -> str:
    """A code of this test's own: roles belong to the cluster, which other workers share."""
    return f"x{uuid.uuid4().hex[:12]}"


@pytest.fixture
def ops(official, signed_in):
    return signed_in(official("operator"))


def wanted(code: str, **changes: str) -> dict[str, str]:
    fields = {
        "code": code,
        "name": f"{code}大学",
        "short_name": f"{code}大",
        "kind": "arts",
        "district": "东区",
    }
    return fields | changes


def run_as_owner(job: Job) -> Job:
    with become(OWNER):
        run_job(str(job.pk))
    job.refresh_from_db()
    return job


def objects_of(code: str) -> tuple[bool, bool]:
    """Whether the schema and the role of a university exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regnamespace(%s) IS NOT NULL, to_regrole(%s) IS NOT NULL",
            [schema_of(code), role_name(schema_of(code))],
        )
        return cursor.fetchone()


def test_university_ordered_in_ops_is_built_by_the_owners_worker_and_works(ops, code, member, signed_in):
    page = ops.post(
        "/ops/tenants/university/add/", wanted(code, aliases=f"{code}学院、{code}校"), follow=True
    )
    job = Job.objects.get()
    university = University.objects.get(code=code)
    assert (page.status_code, job.kind, job.queue, job.university_code, university.state) == (
        200, "university.provision", "provisioning", code, "provisioning",
    )  # fmt: skip
    at_work = signed_in(member("clerk", code))
    assert at_work.get(f"/u/{code}/facilities/").status_code == 503

    assert run_as_owner(job).state == "done"
    university.refresh_from_db()
    assert (university.state, objects_of(code)) == ("active", (True, True))
    assert at_work.get(f"/u/{code}/facilities/").status_code == 200
    assert list(university.aliases.order_by("alias").values_list("alias", flat=True)) == [
        f"{code}大", f"{code}学院", f"{code}校",
    ]  # fmt: skip
    assert list(Notice.objects.values_list("subject", "user_id")) == [(f"{code}大学已开通", job.actor_id)]
    assert list(AuditEntry.objects.filter(action="university.ordered").values_list("university_code")) == [
        (code,)
    ]


def test_list_in_ops_says_how_far_the_building_is(ops, code):
    ops.post("/ops/tenants/university/add/", wanted(code))
    assert "排队中" in ops.get("/ops/tenants/university/").content.decode()


def test_new_rows_of_an_imported_table_are_queued_and_known_ones_are_not(ops, code):
    table = workbook(
        ["代码", "校名", "简称", "类型", "所在区"],
        [code, f"{code}大学", f"{code}大", "艺术体育类", "东区"],
        ["alpha", "甲子大学", "甲大", "理工类", "南区"],
    )
    page = ops.post("/ops/tenants/university/import/", {"import_file": table, "format": "0", "resource": ""})
    assert Job.objects.count() == 0
    ops.post("/ops/tenants/university/process_import/", page.context["confirm_form"].initial)
    job = Job.objects.get()
    assert (job.university_code, run_as_owner(job).state) == (code, "done")
    assert University.objects.get(code=code).aliases.get().alias == f"{code}大"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("code", "alpha", "已存在"),
        ("code", "Big", "代码用小写字母和数字"),
        ("name", "甲子大学", "已存在"),
        ("short_name", "乙大", "“乙大”已经是乙丑大学的简称或别名。"),
        ("aliases", "丙大、甲大", "“甲大”已经是甲子大学的简称或别名。"),
    ],
)
def test_order_that_clashes_is_refused_at_its_field_and_orders_nothing(field, value, says, ops, code):
    page = ops.post("/ops/tenants/university/add/", wanted(code) | {field: value})
    errors = page.context["adminform"].form.errors
    assert (list(errors), says in str(errors[field]), Job.objects.count()) == ([field], True, 0)
    assert University.objects.count() == 2


@pytest.mark.parametrize("point", ["provision.cloned", "provision.granted"])
def test_building_interrupted_at_a_point_leaves_nothing_and_is_done_once_the_next_time(point, code):
    provisioning.order_university(**wanted(code), actor_id=None)
    job = Job.objects.get()
    with become(OWNER), failpoints.armed(point), pytest.raises(failpoints.Interrupted):
        provisioning.provision(code)
    assert objects_of(code) == (False, False)
    assert University.objects.get(code=code).state == "provisioning"
    assert run_as_owner(job).state == "done"
    with in_university(code):
        Campus.objects.create(code="n", name="北区")
    assert (
        run_as_owner(Job.objects.create(kind=job.kind, queue=job.queue, university_code=code)).state == "done"
    )
    with in_university(code):
        assert Campus.objects.count() == 1


def test_building_from_a_template_behind_the_code_says_what_to_run_and_can_be_repeated(ops, code):
    provisioning.order_university(**wanted(code), actor_id=None)
    with become(OWNER), connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA u_template RENAME TO u_away")
    job = run_as_owner(Job.objects.get())
    assert (job.state, job.message) == (
        "failed", "没有开通：表结构还没有升级到当前版本。先运行 deploy_schemas，再重新开通。",
    )  # fmt: skip
    with become(OWNER), connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA u_away RENAME TO u_template")
    chosen = [University.objects.get(code=code).pk, University.objects.get(code="alpha").pk]
    ops.post("/ops/tenants/university/", {"action": "build_again", "_selected_action": chosen})
    again = Job.objects.exclude(pk=job.pk).get()
    assert run_as_owner(again).state == "done"


def test_application_login_can_not_build_and_leaves_the_job_to_the_owner(code):
    provisioning.order_university(**wanted(code), actor_id=None)
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (current_login(), job.state, job.attempts) == (APP, "queued", 0)
    with pytest.raises(ProgrammingError):
        provisioning.provision(code)


def test_owners_worker_runs_nothing_but_provisioning():
    ordinary = enqueue(kind="benchmarks.release", arguments={})
    disguised = enqueue(kind="benchmarks.release", arguments={}, queue="provisioning")
    assert (run_as_owner(ordinary).state, run_as_owner(disguised).state) == ("queued", "failed")
    assert "is not a job of the queue provisioning" in disguised.cause


def test_university_can_not_give_the_owners_worker_orders():
    with in_university("alpha"):
        enqueue(kind="x", arguments={}, university_code="alpha")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            enqueue(kind="x", arguments={}, university_code="alpha", queue="provisioning")


def test_university_that_waits_to_be_built_does_not_stop_a_deploy(code):
    provisioning.order_university(**wanted(code), actor_id=None)
    with become(OWNER):
        assert deployment.deploy(say=lambda text: None) == []
    assert objects_of(code) == (False, False)


def test_changed_short_name_is_a_name_the_university_is_known_by(ops):
    alpha = University.objects.get(code="alpha")
    data = wanted("alpha", name="甲子大学", short_name="甲子大")
    for prefix in ("aliases", "years"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert ops.post(f"/ops/tenants/university/{alpha.pk}/change/", data).status_code == 302
    assert list(UniversityAlias.objects.filter(university=alpha).order_by("pk").values_list("alias", flat=True)) == [
        "甲大", "甲子大",
    ]  # fmt: skip


def test_two_orders_of_one_code_make_one_university(code):
    provisioning.order_university(**wanted(code), actor_id=None)
    with pytest.raises(ValidationError):
        provisioning.order_university(**wanted(code), actor_id=None)
    assert (University.objects.filter(code=code).count(), Job.objects.count()) == (1, 1)


@pytest.fixture
def provisioning_worker(tmp_path):
    """The service of deploy/systemd as a process of its own, on this test's database."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--queues",
        "provisioning",
        "--pool",
        "solo",
    ]
    changes = {"HOUQIN_DATABASE_NAME": connection.settings_dict["NAME"], "HOUQIN_DATABASE_USER": OWNER}
    log = tmp_path / "provisioning.log"
    process = processes.start(command, log=log, environment=os.environ | changes)
    yield log
    processes.stop(process, seconds=5)


def test_order_reaches_the_owners_worker_through_the_broker(provisioning_worker, ops, code):
    ops.post("/ops/tenants/university/add/", wanted(code))
    deadline = time.monotonic() + 30
    while University.objects.get(code=code).state == "provisioning" and time.monotonic() < deadline:
        time.sleep(0.1)
    job = Job.objects.get()
    assert (University.objects.get(code=code).state, job.attempts) == ("active", 1), (
        provisioning_worker.read_text()
    )
