"""The history of a report as its people read it."""

import pytest
from bs4 import BeautifulSoup

from surveys.filings import operations
from surveys.filings.models import Filing
from surveys.filings.pages import history
from tenants.context import in_university

from .conftest import NOW
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


def test_history_of_a_report_nobody_began_is_absent(clerk, round_):  # noqa: F811
    assert browser(clerk).get(page("history", "energy-2024")).status_code == 404


def test_step_that_never_was_is_absent(filed):
    mine, _upload = filed
    assert mine.get(page("step", "energy-2024", 999)).status_code == 404
