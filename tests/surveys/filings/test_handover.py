"""What the next clerk gets: everything of the own university in order, and nothing of another."""

import csv
import datetime
import io
import zipfile

import pytest
from openpyxl import load_workbook

from files import storage
from jobs.models import Job
from jobs.tasks import run_job
from surveys.catalog.queries import database_now
from surveys.filings import operations, originals
from surveys.filings.models import Explanation, Filing, Mapping, Upload
from surveys.submissions.operations import ask, return_with_queries
from tenants.context import in_public, in_university

from .conftest import NOW, last_job, person
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


def packed(client) -> zipfile.ZipFile:
    """The archive after the worker has made it."""
    assert client.post(page("pack_originals")).status_code == 302
    with in_public():
        run_job(str(last_job().pk))
    assert client.get(page("originals_job")).json()["state"] == "done"
    response = client.get(page("originals"))
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def sent(name: str, content: bytes, actor) -> None:
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        operations.receive_upload(filing=filing, name=name, chunks=[content], actor=actor, now=database_now())


def test_every_original_is_in_the_archive_once_under_its_report_and_day(running, clerk, approver):  # noqa: F811
    files = (("表.csv", b"one"), ("表.csv", b"two"), ("../另一份.csv", b"one"), ("表.csv", b"three"))
    for minute, (name, content) in enumerate(files):
        sent(name, content, clerk.actor)
        with in_university("alpha"):
            at = NOW + datetime.timedelta(minutes=minute)
            Upload.objects.filter(state="received").update(created_at=at, state="read")
    archive = packed(browser(approver))
    folder = "2024 年度能源统计年报/2025-02-01"
    assert {name: archive.read(name) for name in archive.namelist() if name != "清单.csv"} == {
        f"{folder} 另一份.csv": b"one",
        f"{folder} 表 (2).csv": b"two",
        f"{folder} 表.csv": b"three",
    }
    listed = csv.reader(io.StringIO(archive.read("清单.csv").decode("utf-8-sig")))
    rows = [[row[1], row[3], row[6]] for row in listed][1:]
    assert sorted(rows) == [
        ["另一份.csv", "林知行", f"{folder} 另一份.csv"],
        ["表.csv", "林知行", f"{folder} 另一份.csv"],
        ["表.csv", "林知行", f"{folder} 表 (2).csv"],
        ["表.csv", "林知行", f"{folder} 表.csv"],
    ]
    assert archive.testzip() is None


def test_what_is_over_the_limit_or_lost_stays_out_and_is_said(running, clerk):  # noqa: F811
    sent("旧.csv", b"x" * 60, clerk.actor)
    sent("新.csv", b"y" * 60, clerk.actor)
    with in_university("alpha"):
        uploads = list(Upload.objects.select_related("filing").order_by("-created_at"))
        entries = originals.arranged(uploads, {}, largest=100)
        assert [(e.upload.name, bool(e.path), e.why) for e in entries] == [
            ("新.csv", True, ""),
            ("旧.csv", False, "超出压缩包的上限，没有收入"),
        ]
        storage.remove("alpha", uploads[0].sha256)
    archive = packed(browser(clerk))
    assert [name.split(" ")[-1] for name in archive.namelist()] == ["旧.csv", "清单.csv"]
    assert "1 份没有收入" in browser(clerk).get(page("handover")).content.decode()


def test_the_archive_before_is_taken_away_and_the_same_originals_make_the_same(running, clerk):  # noqa: F811
    mine, made = browser(clerk), []
    for name in ("一.csv", None, "二.csv"):
        if name:
            sent(name, name.encode(), clerk.actor)
        packed(mine)
        made.append(last_job().result["sha256"])
    assert made[0] == made[1] != made[2]
    with pytest.raises(FileNotFoundError):
        storage.path_of("alpha", made[0])
    assert "之后又传了" not in mine.get(page("handover")).content.decode()
    sent("三.csv", b"3", clerk.actor)
    assert "之后又传了 1 份" in mine.get(page("handover")).content.decode()


def test_asked_for_twice_it_is_made_once_and_another_university_has_none(running, clerk):  # noqa: F811
    mine = browser(clerk)
    nothing = mine.post(page("pack_originals"), follow=True)
    assert "还没有上传过文件" in nothing.content.decode()
    sent("一.csv", b"1", clerk.actor)
    assert [mine.post(page("pack_originals")).status_code for _ in range(2)] == [302, 302]
    assert Job.objects.filter(kind=originals.PACK_JOB).count() == 1
    assert mine.get(page("originals")).status_code == 404
    with in_public():
        run_job(str(last_job().pk))
        other = person("beta", "clerk", name="白露")
    theirs = browser(other)
    assert theirs.get(page("originals", code="beta")).status_code == 404
    assert theirs.get(page("originals")).status_code == 404
