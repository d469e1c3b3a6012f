"""A sealed report on paper: printed, stamped, scanned, sent back, and checked by whoever holds it."""

import io
from urllib.parse import urlsplit

import pypdfium2
import pytest

pytestmark = pytest.mark.browser

SEALED = "/u/lanwan/rounds/energy-2024/sealed/1/"


def scan(pdf: bytes) -> bytes:
    """The printed first page as a scanner gives it."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("RGB")
    out = io.BytesIO()
    page.rotate(1.2, fillcolor=(255, 255, 255)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("width", [1440, 390])
def test_paper_is_printed_sent_back_stamped_and_checked(person, width):
    clerk = person(width, "clerk@lanwan.demo")
    clerk.page.goto(SEALED)
    clerk.look("sealed-paper")
    printed = clerk.page.context.request.get(SEALED + "paper/").body()
    if not clerk.page.locator("#scan").is_visible():
        clerk.page.get_by_text("传盖章件").click()
    picture = {"name": "盖章件.jpg", "mimeType": "image/jpeg", "buffer": scan(printed)}
    clerk.page.set_input_files("#scan", picture)
    clerk.page.locator("form[action$='/stamp/'] button").click()
    clerk.page.wait_for_selector("text=二维码核对一致")
    clerk.look("stamped")
    check = urlsplit(clerk.page.get_by_role("link", name="核验").get_attribute("href"))
    holder = person(width)
    holder.page.goto(f"{check.path}?{check.query}")
    assert holder.heading() == "数据一致"
    holder.look("verified")
    holder.page.goto(f"{check.path}?c={'0' * 16}")
    assert holder.heading() == "对不上"
    holder.look("verify-differs")
    holder.page.get_by_role("link", name="核对另一张").click()
    holder.look("verify")


@pytest.mark.parametrize("width", [1440, 390])
def test_history_tells_what_became_of_a_report(person, width):
    clerk = person(width, "clerk@weilan.demo")
    clerk.page.goto("/u/weilan/rounds/energy-2024/")
    clerk.page.get_by_role("link", name="全部修改记录").click()
    clerk.look("history")
    clerk.page.get_by_role("link", name="提交和签发").click()
    assert clerk.page.locator("ol.history > li h2").all_inner_texts() == ["签发", "提交签发"]
