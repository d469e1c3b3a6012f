"""A sealed self evaluation at the association's desk: read, asked about, accepted; no figure comes of it."""

from __future__ import annotations

import datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import Assignment, User
from surveys import instruments
from surveys.benchmarks.models import Figure
from surveys.benchmarks.operations import write_figures
from surveys.catalog import operations as catalog
from surveys.catalog.models import Obligation
from surveys.submissions import operations
from surveys.submissions.models import Submission
from tenants.context import in_university

pytestmark = pytest.mark.django_db

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
DORMITORY = instruments.get("dormitory")


@pytest.fixture
def seal(db) -> Submission:
    version = catalog.publish_version(DORMITORY, now=NOW - 90 * DAY)
    round_ = catalog.open_round(
        code="GY2025", version=version, title="2025 年公寓评估", period="2025", opens_at=NOW - 30 * DAY,
        due_at=NOW + DAY, closes_at=NOW + 30 * DAY, universities=("alpha",),
    )  # fmt: skip
    with in_university("alpha"):
        catalog.nominate(
            round=round_, university_code="alpha", units={"M3": "梅园3号楼"}, actor_id=1, now=NOW
        )
        for state in ("draft", "submitted"):
            catalog.set_obligation_state(
                round_code="GY2025", university_code="alpha", unit="M3", state=state, now=NOW
            )
        rows = [
            {"facility": "M3", "item": item.key, "measure": "score", "period": "2025", "value": item.points,
             "text": "少一间" if item.key == "D2.1" else ""}
            for item in DORMITORY.evaluation.items_of(facility=True) if item.key != "D2.9"
        ]  # fmt: skip
        rows.append({"facility": "M3", "item": "D2.9", "measure": "score", "period": "2025", "value": None,
                     "flag": "not_applicable", "text": "没有需求"})  # fmt: skip
        return operations.seal(
            round=round_, university_code="alpha", unit="M3", rows=rows, definition_sha256=version.sha256,
            functions=[], factor_set="", denominators={}, explanations=[], issues=[],
            facilities=[{"id": "M3", "name": "梅园3号楼", "campus": "主校区", "type": "I", "area": None}],
            writers=[1], files=[], actor_id=2, actor_name="周予安", now=NOW,
            declared={"vetoes": {"answers": {"V3": {"holds": True, "text": "出口上锁"}}, "by": "林知行",
                                 "at": NOW.isoformat()}},
        )  # fmt: skip


@pytest.fixture
def staff(db) -> Client:
    user = User.objects.create_user("s@example.org", "x", name="秘书处")
    Assignment.objects.create(user=user, role="staff")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def said(response) -> str:
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_reviewer_reads_the_scores_the_remarks_and_the_vetoes(staff, seal):
    shown = said(staff.get(reverse("review:submission", args=[seal.number])))
    assert "梅园3号楼" in shown
    assert "D2.1 生均面积" in shown
    assert "少一间" in shown
    assert "消防与疏散 触发 出口上锁" in shown


def test_queue_names_the_part(staff, seal):
    assert "梅园3号楼" in said(staff.get(reverse("review:queue")))


def test_wall_of_the_round_names_the_parts(staff, seal):
    assert "梅园3号楼" in said(staff.get(reverse("rounds:round", args=["GY2025"])))


def test_accepted_self_evaluation_makes_no_figure(staff, seal):
    staff.post(reverse("review:decide", args=[seal.number]), {"decision": "accept"})
    assert Obligation.objects.get(unit="M3").state == "accepted"
    assert write_figures(submission_id=seal.pk) == 0
    assert Figure.objects.count() == 0


def test_paper_of_a_part_is_printed(staff, seal):
    paper = staff.get(reverse("review:paper", args=[seal.number]))
    assert paper.status_code == 200
    assert paper["Content-Type"] == "application/pdf"
