"""What the next clerk gets: everything of the own university in order, and nothing of another."""

import io

import pytest
from openpyxl import load_workbook

from surveys.filings import operations
from surveys.filings.models import Explanation, Filing, Mapping, Upload
from surveys.submissions.operations import ask, return_with_queries
from tenants.context import in_public, in_university

from .conftest import NOW, person
from .helpers import fill
from .test_amendment import running, text_of  # noqa: F401  a fixture
from .test_life import sign, submit
from .test_pages import browser, page

pytestmark = pytest.mark.django_db

WHO = {"actor_id": 1, "actor_name": "林知行"}


def furnish(code: str, word: str) -> None:
    """A draft with a header, a reason and a file that carry the word."""
    with in_university(code):
        filing, _made = Filing.objects.get_or_create(round_code="energy-2024")
        Mapping.objects.create(
            instrument_code="energy", key=f"{word}表头", item="water", measure="quantity", unit="m3", **WHO
        )
        Explanation.objects.create(filing=filing, rule="V02", item="water", text=f"{word}说明", **WHO)
        Upload.objects.create(filing=filing, name=f"{word}.xlsx", sha256="0" * 64, size=1, **WHO)


def book_of(response) -> dict[str, list[list]]:
    assert response.status_code == 200
    book = load_workbook(io.BytesIO(response.content))
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book}


def test_the_pack_has_a_sheet_for_everything(running, clerk, approver):  # noqa: F811
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, running, clerk.actor)
        submit(filing, clerk)
        seal = sign(filing, approver)
        with in_public():
            ask(submission=seal, text="6 月为什么高", actor_id=9, actor_name="叶知秋", now=NOW)
            return_with_queries(submission=seal, actor_id=9, actor_name="叶知秋", now=NOW)
    furnish("alpha", "甲方")
    mine = browser(clerk)
    book = book_of(mine.get(page("handover_file")))
    assert list(book) == ["在办报表", "记住的表头", "写过的说明", "上传记录", "联系人"]
    (line,) = book["在办报表"][1:]
    assert (line[0], line[2], line[6]) == ("2024 年度能源统计年报", "已退回", "6 月为什么高")
    assert book["记住的表头"][1] == ["energy", "甲方表头", "水 m³", "林知行"]
    assert ["2024 年度能源统计年报", "V02 水", "甲方说明", "林知行"] in book["写过的说明"]
    upload = book["上传记录"][1]
    assert (upload[1], upload[6].endswith("/original/")) == ("甲方.xlsx", True)
    assert [row[0] for row in book["联系人"][1:]] == ["周予安", "林知行"]
    shown = text_of(mine.get(page("handover")))
    for word in ("甲方表头", "甲方说明", "甲方.xlsx", "6 月为什么高", "周予安"):
        assert word in shown
    assert "交接包" in text_of(mine.get(page("rounds")))


def test_nothing_of_another_university_is_in_the_pack(running, clerk):  # noqa: F811
    person("beta", "clerk", name="乙方哨兵")
    furnish("alpha", "甲方哨兵")
    furnish("beta", "乙方哨兵")
    mine = browser(clerk)
    page_text = text_of(mine.get(page("handover")))
    book = str(book_of(mine.get(page("handover_file"))))
    assert ("甲方哨兵" in page_text, "甲方哨兵" in book) == (True, True)
    assert [text for text in (page_text, book) if "乙方哨兵" in text] == []
    assert mine.get(page("handover", code="beta")).status_code == 404
    assert mine.get(page("handover_file", code="beta")).status_code == 404


def test_a_university_without_anything_is_told_so(running, clerk):  # noqa: F811
    shown = text_of(browser(clerk).get(page("handover")))
    assert "1 份报表在办" in shown.replace("\xa0", " ")
    assert "还没有上传过文件。" in shown
