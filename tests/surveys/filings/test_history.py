"""The history of a report as its people read it."""

import datetime
import uuid

import pytest
from bs4 import BeautifulSoup

from surveys.filings import operations
from surveys.filings.models import Filing
from surveys.filings.pages import history
from surveys.filings.pages.sittings import sittings_of
from tenants.context import in_university

from .conftest import NOW, person
from .helpers import fill
from .test_pages import browser, page, read, round_, upload_e01  # noqa: F401

pytestmark = pytest.mark.django_db


def write(clerk, value: str, flag: str = "") -> None:
    with in_university("alpha"):
        filing = Filing.objects.get()
        key = {"item": "electricity", "measure": "quantity", "period": "2024-03"}
        operations.set_values(
            filing=filing, values=[{**key, "value": value, "flag": flag}], revision=filing.revision,
            actor=clerk.actor, now=NOW,
        )  # fmt: skip


def told(response) -> list[tuple[str, list[str]]]:
    """Each write of the page: its title and its lines."""
    items = BeautifulSoup(response.content, "html.parser").select("ol.history > li")
    return [
        (
            item.h2.get_text(" ", strip=True),
            [line.get_text(" ", strip=True) for line in item.select(".changes li")],
        )
        for item in items
    ]


@pytest.fixture
def filed(clerk, round_):  # noqa: F811
    """An upload written, one figure changed by hand, the upload undone."""
    mine = browser(clerk)
    upload = upload_e01(mine)
    read(upload)
    mine.post(page("load", upload.pk), {"revision": 1})
    write(clerk, "123456.5", "estimated")
    mine.post(page("undo", upload.pk))
    return mine, upload


def test_history_tells_every_write_newest_first_with_what_it_changed(filed):
    mine, upload = filed
    writes = told(mine.get(page("history", "energy-2024")))
    titles = [title for title, _lines in writes if "表头" not in title and "改正" not in title]
    assert titles == [f"撤销写入 {upload.name}", "修改数值", f"写入表格 {upload.name}"]
    [line] = dict(writes)["修改数值"]
    assert line.startswith("3月 电力用量 原来") and line.endswith("改为 123,456.5（估计） kWh")


def test_history_leads_to_the_kept_original_of_an_undone_upload(filed):
    mine, upload = filed
    soup = BeautifulSoup(mine.get(page("history", "energy-2024")).content, "html.parser")
    links = {link["href"] for link in soup.select("ol.history a")}
    assert page("original", upload.pk) in links
    assert mine.get(page("original", upload.pk)).status_code == 200


def test_history_tabs_part_the_writes_without_losing_one(filed):
    with in_university("alpha"):
        filing = Filing.objects.get()
        parts = [{e.revision for e in history.events_of(filing, tab)} for tab in history.TABS]
    whole, *tabs = parts
    assert (set().union(*tabs), sum(map(len, tabs))) == (whole, len(whole))


def test_write_that_changed_many_figures_shows_the_first_and_leads_to_all(clerk, round_):  # noqa: F811
    mine = browser(clerk)
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, round_, clerk.actor)
        fill(filing, round_, clerk.actor, amount=120000)
        revision = max(e.revision for e in filing.events.filter(kind="edited"))
    [_title, lines] = next(w for w in told(mine.get(page("history", "energy-2024"))) if w[0] == "修改数值")
    assert len(lines) == history.SHOWN
    whole = BeautifulSoup(mine.get(page("step", "energy-2024", revision)).content, "html.parser")
    assert len(whole.select(".changes li")) == 24


def typed(filing, user, text: str, period: str, minute: float) -> None:
    """One batch that the grid saved by itself."""
    filing.refresh_from_db()
    key = {"item": "electricity", "measure": "quantity", "period": period}
    operations.save_cells(
        filing=filing, edits=[{**key, "text": text}], revision=filing.revision, batch=uuid.uuid4(),
        actor=user.actor, now=NOW + datetime.timedelta(minutes=minute),
    )  # fmt: skip


def test_what_one_person_typed_at_one_sitting_is_one_entry_that_unfolds(clerk, round_):  # noqa: F811
    other = person("alpha", "clerk", name="白露")
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        typed(filing, clerk, "100", "2024-01", 0)
        typed(filing, other, "7", "2024-09", 1)
        typed(filing, clerk, "200", "2024-02", 2)
        typed(filing, other, "8", "2024-10", 3)
        # taken back within the sitting: nothing is left of it
        typed(filing, clerk, "300", "2024-03", 11)
        typed(filing, clerk, "", "2024-03", 12)
        typed(filing, clerk, "110", "2024-01", 13)
        # after a pause
        typed(filing, clerk, "120", "2024-01", 23)
    soup = BeautifulSoup(browser(clerk).get(page("history", "energy-2024")).content, "html.parser")
    items = soup.select("ol.history > li")
    told = [(i.h2.get_text(strip=True), i.header.p.get_text(" ", strip=True).split(" ")[0]) for i in items]
    assert told == [("修改数值", "林知行"), ("在网页上填", "林知行"), ("在网页上填", "白露")]
    lines = [line.get_text(" ", strip=True) for line in items[1].select(".changes li")]
    assert [line.split(" 改为 ")[1] for line in lines] == ["110 kWh", "200 kWh"]
    assert "保存 5 次，改动 2 个数" in items[1].header.get_text()
    parts = [link["href"] for link in items[1].select(".parts a")]
    assert parts == [page("step", "energy-2024", revision) for revision in (8, 7, 6, 4, 2)]


def test_something_else_done_between_parts_a_sitting(clerk, round_):  # noqa: F811
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        typed(filing, clerk, "100", "2024-01", 0)
        write(clerk, "5")
        typed(filing, clerk, "200", "2024-02", 2)
        assert sittings_of(filing, "") == [[4], [3], [2]]


def test_history_of_a_report_nobody_began_is_absent(clerk, round_):  # noqa: F811
    assert browser(clerk).get(page("history", "energy-2024")).status_code == 404


def test_step_that_never_was_is_absent(filed):
    mine, _upload = filed
    assert mine.get(page("step", "energy-2024", 999)).status_code == 404
