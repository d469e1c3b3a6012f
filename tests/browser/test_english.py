"""The house in English: nothing Chinese is left on a page but names and what people wrote, and nothing is cut."""

import re

import pytest
from django.conf import settings

from local.city import evaluation
from local.city.people import APPROVERS, ASSOCIATION, CLERKS, SUBSTITUTE
from local.city.people_seed import BUILDING_NAMES
from local.city.samples import SAMPLES
from local.city.universities import UNIVERSITIES
from surveys import instruments
from tenants.facilities.resources import FacilityResource
from tests.english.sentences import words_in

pytestmark = pytest.mark.browser

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]+")
# every text and spoken label of the page; left out what people wrote, and what is cited and marked as Chinese
TEXTS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const out = "script, style, textarea, [lang=zh-hans]";
  while (walker.nextNode())
    if (!walker.currentNode.parentElement.closest(out)) found.push(walker.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"])
    for (const element of document.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name));
  return found.concat(document.title);
}"""
BRAND = [text for text in settings.HOUQIN_BRAND.values() if isinstance(text, str) and text]
NAMES = sorted(
    {
        "中文", "主校区", *BRAND, *CLERKS, *APPROVERS, SUBSTITUTE[1], *BUILDING_NAMES.values(),
        *(name for _email, name, _role, _committee in ASSOCIATION),
        *(university.name for university in UNIVERSITIES),
        evaluation.TITLE, *(name for parts in evaluation.PILOTS.values() for name, *_rest in parts.values() if name),
        # headers of a workbook are the same in every language; sources are cited as they are
        *(field.column_name for field in FacilityResource().get_export_fields()),
        *(str(text) for code in instruments.codes() for text in instruments.get(code).sources.values()),
    },
    key=len,
    reverse=True,
)  # fmt: skip
# titles of rounds, files, the reasons given last year, what a field or workbook must say
WRITTEN = re.compile(
    r"“[^”]*”|20\d\d 年度能源资源消费统计|20\d\d年能源台账\.csv|S\d\d |与上年相比有变动：\S+"
    r"|\d+ 月用电抄错一位，供电局账单为准"
)
PAGES = {
    "commission@demo": (
        "/benchmarks/", "/benchmarks/energy/", "/benchmarks/energy/eui_kgce_m2/", "/benchmarks/energy/energy_kgce/",
        "/benchmarks/completion/", "/benchmarks/releases/", "/benchmarks/releases/energy-2023/1/", "/benchmarks/rules/",
    ),
    "clerk@bolan.demo": (
        "/u/bolan/", "/u/bolan/rounds/", "/u/bolan/rounds/energy-2023/", "/u/bolan/rounds/energy-2024/upload/",
        "/u/bolan/rounds/energy-2023/sealed/1/", "/u/bolan/benchmarks/", "/u/bolan/facilities/",
        "/u/bolan/facilities/add/", "/u/bolan/facilities/import/", "/u/bolan/nothing/",
        "/u/bolan/rounds/energy-2023/grid/",
    ),
    "clerk@luxi.demo": ("/u/luxi/rounds/energy-2024/grid/",),
    "approver@bolan.demo": ("/u/bolan/", "/u/bolan/rounds/energy-2024/sign/", "/me/people/bolan/", "/account/2fa/"),
    "staff@demo": (
        "/desk/", "/desk/review/", "/desk/review/?tab=returned", "/desk/rounds/", "/desk/rounds/new/",
        "/desk/rounds/energy-2024/", "/desk/rounds/GY2025/",
        "/desk/rounds/energy-2024/times/", "/desk/rounds/energy-2024/universities/",
        "/desk/releases/", "/desk/releases/energy-2024/",
        "/desk/people/", "/desk/people/invite/", "/desk/instruments/", "/desk/instruments/energy/",
        "/desk/instruments/energy/2/", "/desk/instruments/dormitory/", "/desk/instruments/canteen/",
    ),
}  # fmt: skip


def chinese_on(page) -> set[str]:
    found = set()
    for text in page.evaluate(TEXTS):
        for name in NAMES:
            text = text.replace(name, "")
        found |= set(CHINESE.findall(WRITTEN.sub("", text)))
    return found


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("email", PAGES)
def test_nothing_chinese_is_left_but_names(person, width, email):
    one = person(width, email)
    one.page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": one.page.evaluate("origin")}]
    )
    for address in PAGES[email]:
        one.page.goto(address)
        one.look("english-" + re.sub(r"\W+", "-", f"{email.partition('@')[0]} {address}").strip("-"))
        assert (address, chinese_on(one.page)) == (address, set())


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("code", "start"), [("weigu", "e05"), ("luxi", "e06")])
def test_what_was_found_in_a_workbook_is_said_in_english(person, width, code, start):
    """A messy workbook is uploaded and only looked at: nothing is written into the draft."""
    (path,) = (p for p in SAMPLES.glob(f"{start}_*") if not p.name.endswith(".truth.json"))
    one = person(width, f"clerk@{code}.demo")
    one.page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": one.page.evaluate("origin")}]
    )
    one.page.goto(f"/u/{code}/rounds/energy-2024/upload/")
    one.page.set_input_files("input[type=file]", str(path))
    one.page.get_by_role("button", name="Upload and check").click()
    one.page.get_by_role("heading", level=1, name=re.compile("figures read")).wait_for()
    one.look(f"english-result-{start}")
    words = words_in(path)
    assert [
        run for run in chinese_on(one.page) if not any(run in word or word in run for word in words)
    ] == []


def test_language_is_switched_on_the_front_page_and_back(person):
    one = person(390)
    one.page.goto("/")
    one.page.get_by_role("button", name="English").first.click()
    one.page.wait_for_load_state("load")
    assert one.page.locator("html").get_attribute("lang") == "en"
    one.look("english-front-page")
    one.page.get_by_role("link", name="Sign in").first.click()
    one.look("english-sign-in")
    assert one.heading() == "Sign in"
    one.page.goto("/")
    one.page.get_by_role("button", name="中文").first.click()
    one.page.wait_for_load_state("load")
    assert one.page.locator("html").get_attribute("lang") == "zh-hans"
