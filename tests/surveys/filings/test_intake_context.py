"""What intake is told about the university before it opens a workbook."""

import pytest

from surveys.filings.intake_context import facility_refs
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility

pytestmark = pytest.mark.django_db


def test_aliases_are_split_as_the_register_splits_them():
    with in_university("alpha"):
        campus = Campus.objects.create(code="main", name="主校区")
        Facility.objects.create(code="B01", name="理化楼", aliases="理化，物化楼; 一号楼", campus=campus)
        (found,) = facility_refs()
    assert (found.id, found.name, found.campus, found.aliases) == (
        "B01",
        "理化楼",
        "主校区",
        ("理化", "物化楼", "一号楼"),
    )
