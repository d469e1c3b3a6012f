"""A university with a clerk, an approver and an open round of the energy instrument."""

import datetime
import json
from pathlib import Path

import pytest

from accounts.models import User
from jobs.models import Job
from jobs.tasks import run_job
from surveys import instruments
from surveys.catalog import operations as catalog
from surveys.filings import operations, tasks  # noqa: F401  registers the job
from surveys.filings.models import Filing, Upload
from tenants.actors import resolve_actor
from tenants.context import in_public, in_university
from tenants.models import University, UniversityYear
from tenants.operations import add_member

SAMPLES = Path(__file__).parents[2] / "samples"
UTC = datetime.UTC
OPEN, DUE, CLOSE = (datetime.datetime(2025, month, 1, tzinfo=UTC) for month in (1, 3, 4))
NOW = datetime.datetime(2025, 2, 1, 1, 0, tzinfo=UTC)


def sample(start: str) -> Path:
    """The workbook whose name starts so."""
    return next(path for path in SAMPLES.iterdir() if path.name.startswith(start) and path.suffix != ".json")


def truth(start: str) -> dict:
    return json.loads(
        next(p for p in SAMPLES.iterdir() if p.name.startswith(start) and p.suffix == ".json").read_text()
    )


def person(code: str, *roles: str, name: str):
    """Someone with these roles at the university, and their actor."""
    university = University.objects.get(code=code)
    user = User.objects.create_user(f"{name}@{code}.test", "correct horse battery", name=name)
    for role in roles:
        add_member(user=user, university=university, role=role, actor_id=None)
    user.actor = resolve_actor(user, code)
    return user


@pytest.fixture
def haijin(db) -> University:
    """`alpha` under the name that sample e01 carries."""
    University.objects.filter(code="alpha").update(name="海津理工大学", short_name="海津理工")
    university = University.objects.get(code="alpha")
    UniversityYear.objects.create(
        university=university,
        year=2024,
        students=20000,
        staff=2000,
        floor_area="812460",
        heated_area="700000",
    )
    return university


@pytest.fixture
def clerk(haijin):
    return person("alpha", "clerk", name="林知行")


@pytest.fixture
def approver(haijin):
    return person("alpha", "approver", name="周予安")


@pytest.fixture
def round_(haijin):
    return open_round("energy-2024", "2024")


def open_round(code: str, period: str, *, opens=OPEN, due=DUE, closes=CLOSE, universities=("alpha", "beta")):
    version = catalog.publish_version(instruments.get("energy"), now=opens)
    return catalog.open_round(
        code=code,
        version=version,
        title=f"{period} 年度能源统计年报",
        period=period,
        opens_at=opens,
        due_at=due,
        closes_at=closes,
        universities=universities,
    )


def run(upload: Upload) -> None:
    """What the worker does: from neutral ground."""
    with in_public():
        run_job(str(upload.job_id))
    upload.refresh_from_db()


def receive(filing: Filing, path: Path, actor, now=NOW, name: str = "") -> Upload:
    return operations.receive_upload(
        filing=filing, name=name or path.name, chunks=[path.read_bytes()], actor=actor, now=now
    )


def last_job() -> Job:
    return Job.objects.order_by("-created_at").first()


@pytest.fixture
def inside(round_, clerk, approver):
    with in_university("alpha"):
        yield


@pytest.fixture
def filing(inside) -> Filing:
    return operations.ensure_filing(round_code="energy-2024", university_code="alpha")
