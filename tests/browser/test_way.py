"""A clerk's way from a workbook the house never saw to a report that waits for its signature: filmed, and timed as a
person would take it."""

import time
from pathlib import Path

import openpyxl
import pytest

from tests.browser.test_main_job import REASON, confirm

pytestmark = pytest.mark.browser

# Keystroke-level model (Card, Moran, Newell 1980), seconds: deciding, pointing and pressing a button; one key
THINK, POINT, KEY = 1.35, 1.3, 0.28
# looking for the file in the dialog of the system
CHOOSE_FILE = 12.0
# reading a page before the first act on it
READ = 6.0
LIMIT = 180.0

MONTHS = range(1, 13)
SEASON = (1.05, 0.72, 1.0, 0.95, 1.0, 1.06, 0.86, 0.8, 1.02, 1.0, 1.04, 1.1)
HEATING = (1.2, 1.0, 0.6, 0, 0, 0, 0, 0, 0, 0, 0.7, 1.1)


class Timed:
    """What a person does on the pages, counted in seconds; the machine's own time is in it."""

    def __init__(self, person):
        self.person, self.page, self.spent, self.pages = person, person.page, 0.0, []

    def look(self, name: str) -> None:
        self.person.look(f"way-{name}")
        self.pages.append(name)
        self.spent += READ

    def click(self, locator) -> None:
        self.spent += THINK + POINT + self._took(locator.click)

    def type(self, locator, text: str) -> None:
        # an input method for Chinese takes about two keys a character
        self.spent += THINK + POINT + 2 * KEY * len(text)
        locator.fill(text)

    def wait(self, work) -> None:
        self.spent += self._took(work)

    @staticmethod
    def _took(work) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def ledger(path: Path, university: str) -> Path:
    """An office's own book: a sheet with notes on top and totals at the edge, items down with quantity and cost one
    under the other, months across, units of every kind, a carrier under the office's own name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "能源台账"
    sheet["B2"] = f"{university}能源科 2024年水电气暖台账"
    sheet["B3"] = "说明：电按总表，水含北区；费用为实付。"
    head = ["序号", "名目", "单位", *(f"{m}月" for m in MONTHS), "全年", "备注"]
    for column, word in enumerate(head, 2):
        sheet.cell(5, column, word)
    lines = [
        ("动力与照明", "万度", [round(82 * s, 2) for s in SEASON]),
        ("动力与照明付款", "万元", [round(82 * s * 0.58, 2) for s in SEASON]),
        ("自来水", "吨", [round(31000 * s) for s in SEASON]),
        ("自来水费", "元", [round(31000 * s * 5.6, 2) for s in SEASON]),
        ("燃气", "方", [round(21000 * s) for s in SEASON]),
        ("燃气费", "元", [round(21000 * s * 3.1, 2) for s in SEASON]),
        ("供热", "GJ", [round(9100 * s) if s else "/" for s in HEATING]),
        ("供热费", "元", [round(9100 * s * 84) if s else "/" for s in HEATING]),
    ]
    for row, (name, unit, values) in enumerate(lines, 6):
        known = [value for value in values if value != "/"]
        for column, value in enumerate([row - 5, name, unit, *values, round(sum(known), 2), ""], 2):
            sheet.cell(row, column, value)
    sheet.cell(15, 2, "制表：林知行　复核：周予安　2025-01-08")
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("width", "code", "university"), [(1440, "weigu", "卫沽财经大学"), (390, "luxi", "潞溪农学院")]
)
def test_clerk_goes_from_an_unseen_workbook_to_a_submitted_report_in_three_minutes(
    person, tmp_path, width, code, university
):
    path = ledger(tmp_path / "水电气暖台账.xlsx", university)
    clerk = Timed(person(width, f"clerk@{code}.demo"))
    clerk.look("home")
    clerk.click(clerk.page.locator("main a.btn-primary").first)
    if not clerk.page.url.endswith("/upload/"):
        clerk.look("report")
        clerk.click(clerk.page.locator("a[href$='/energy-2024/upload/']").first)
    send(clerk, path)
    mappings = answer(clerk)
    write(clerk)
    hand_over(clerk)
    assert mappings <= 1
    assert clerk.spent < LIMIT, f"{clerk.spent:.0f} s over {clerk.pages}"
    print(f"{width} px: {clerk.spent:.0f} s, {len(clerk.pages)} pages: {clerk.pages}")


def send(clerk: Timed, path: Path) -> None:
    clerk.look("upload")
    clerk.spent += CHOOSE_FILE
    clerk.page.set_input_files("input[type=file]", str(path))
    clerk.click(clerk.page.get_by_role("button", name="上传并核对"))
    clerk.wait(lambda: clerk.page.wait_for_selector("text=/读到 .*个数/", timeout=60_000))
    clerk.look("result")


def answer(clerk: Timed) -> int:
    """Says what the names are that nobody knew; how many pages that took."""
    pages = 0
    while clerk.page.locator("#mapping select").count():
        for header, meaning in (("动力与照明", "电力"), ("动力与照明付款", "电力费用")):
            choice = clerk.page.get_by_label(header, exact=True)
            clerk.spent += 2 * (THINK + POINT)
            choice.select_option(label=meaning)
        clerk.click(clerk.page.locator("#mapping button[type=submit]"))
        clerk.wait(lambda: clerk.page.wait_for_selector("text=/读到 .*可以写入/", timeout=60_000))
        pages += 1
        clerk.look("read-again")
    return pages


def write(clerk: Timed) -> None:
    clerk.click(clerk.page.get_by_role("button", name="写入草稿").first)
    clerk.page.wait_for_url("**/rounds/energy-2024/**")
    clerk.look("draft")


def hand_over(clerk: Timed) -> None:
    """Denominators and boundary as offered, one reason per rule, submitted."""
    clerk.click(clerk.page.locator("form[action*='/denominators/'] button[type=submit]").first)
    clerk.page.wait_for_load_state("load")
    # last year's answers stand there
    clerk.click(clerk.page.locator("form[action*='/boundary/'] button[type=submit]").first)
    clerk.page.wait_for_load_state("load")
    submit = clerk.page.locator("form[action$='/submit/'] button[type=submit]").first
    while not submit.is_enabled():
        explain(clerk)
    clerk.look("ready")
    clerk.click(submit)
    confirm(clerk.person)
    clerk.wait(lambda: clerk.page.wait_for_selector("text=/待签发|等.*签发/"))
    clerk.look("submitted")


def explain(clerk: Timed) -> None:
    for form in clerk.page.locator("form[action$='/explain/']").all():
        why = form.locator("textarea[name=reason]")
        if why.count() and not why.input_value():
            clerk.type(why, REASON)
            # the first gives the reason, another says that there is nothing of the kind
            clerk.click(form.locator("button[type=submit]").first)
            clerk.page.wait_for_load_state("load")
            return
    raise AssertionError(f"nothing left to explain and still not ready: {clerk.page.url}")
