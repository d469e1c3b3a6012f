"""A draft on paper, for those who read before they sign."""

import re

import pypdfium2
import pytest

from surveys.filings import operations
from tenants.context import in_university

from .helpers import fill
from .test_pages import browser, page, round_  # noqa: F401

pytestmark = pytest.mark.django_db


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(pdf)))


def test_draft_prints_its_sums_as_a_draft_without_a_code(clerk, approver, round_):  # noqa: F811
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, round_, clerk.actor)
    response = browser(approver).get(page("draft_paper", "energy-2024"))
    text = words(response.content)
    wanted = ["草稿，没有封存", "填报人：林知行", f"{100000 * sum(10 + m % 3 for m in range(1, 13)):,}"]
    assert [word for word in wanted if word not in text] == []
    assert ("校验码" in text, response["Content-Disposition"].startswith("attachment")) == (False, True)


def test_draft_that_nobody_began_has_no_paper(clerk, round_):  # noqa: F811
    assert browser(clerk).get(page("draft_paper", "energy-2024")).status_code == 404
