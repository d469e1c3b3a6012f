"""What an instrument asks, at the desk before it is published and for everybody afterwards, at both widths."""

import re

import pytest
from django.conf import settings

from tests.english.messages import CHINESE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_reads_the_manual_of_a_published_version(person, width):
    one = person(width)
    one.page.goto("/")
    one.page.get_by_role("link", name="报表说明").click()
    one.look("manuals")
    one.page.get_by_role("link", name="能源资源消耗统计").click()
    one.page.wait_for_url(re.compile(r"/instruments/energy/v\d+/$"))
    one.look("manual-energy")
    one.page.get_by_role("link", name="核对规则").first.press("Enter")
    one.page.wait_for_url(re.compile("#checks$"))
    one.page.locator("#V03").get_by_role("link", name="S36").press("Enter")
    one.page.wait_for_url(re.compile("#source-S36$"))
    assert one.page.locator("dt:target").inner_text() == "S36"


# what is asked, without what is cited and marked as Chinese
SAID = """() => {
  const main = document.querySelector("main").cloneNode(true);
  main.querySelectorAll("[lang=zh-hans]").forEach((cited) => cited.remove());
  return main.textContent;
}"""


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("address", ["/instruments/", "/instruments/energy/v1/"])
def test_manual_is_read_in_english(person, width, address):
    one = person(width)
    one.page.goto("/")
    one.page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": one.page.evaluate("origin")}]
    )
    one.page.goto(address)
    one.look("english-" + re.sub(r"\W+", "-", address).strip("-"))
    assert CHINESE.findall(one.page.evaluate(SAID)) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_staff_read_an_evaluation_before_they_propose_it(person, width):
    one = person(width, "staff@demo")
    one.page.goto("/desk/instruments/dormitory/")
    one.look("instrument-evaluation")
    assert one.page.locator("tr[id='D2.4']").get_by_text("未核实").is_visible()
    one.page.get_by_role("link", name="安全管理").press("Enter")
    one.page.wait_for_url(re.compile("#D3$"))
    assert "安全管理，22 分" in one.page.locator("#D3").inner_text()


def test_manual_is_printed_without_the_site_around_it(person):
    one = person(1440)
    one.page.goto("/instruments/energy/v1/")
    one.page.emulate_media(media="print")
    assert not one.page.locator(".pub-head").is_visible() and not one.page.locator(".pub-foot").is_visible()
    assert one.page.locator("tr#V03").is_visible()
