"""The frames and pages of errors: strict content policy, one h1, nothing foreign."""

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path

import ui
from ui.navigation import Entry

HERE = Path(ui.__file__).parent
CONTEXT = {
    "brand": {
        "name": "后勤协同平台",
        "association": "渤沽市高校后勤协会",
        "filing_numbers": ["ICP 备案号（示例）"],
    },
    "nav": [Entry("首页", "/u/hj/", "home", current=True), Entry("填报", "/u/hj/f/", count=2)],
    "bottom_nav": [Entry("首页", "/u/hj/", "home", current=True)],
    "sections": [Entry("通知公告", "/notices/")],
    "place": "海津理工大学",
    "person": {"name": "林知行", "role": "填报人", "roles": [{"label": "审核员", "url": "/desk/"}]},
    "csrf_token": "x",
}
PAGES = ["ui/work.html", "ui/public.html", "ui/print.html", "ui/sign_in.html", "ui/plain.html", "404.html", "403.html",
         "400.html", "403_csrf.html", "429.html", "ui/states/500.html", "ui/states/503.html", "ui/states/409.html",
         "ui/states/413.html", "ui/states/405.html"]  # fmt: skip


@pytest.fixture(autouse=True)
def addresses(settings):
    """The three addresses the frames use, whatever else the house has."""
    settings.ROOT_URLCONF = (
        path("i18n/", include("django.conf.urls.i18n")),
        path("in/", HttpResponse, name="account_login"),
        path("out/", HttpResponse, name="account_logout"),
    )


@pytest.mark.parametrize("page", PAGES)
def test_page_keeps_to_the_content_policy(page):
    markup = render_to_string(page, CONTEXT)
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", markup)
    assert not re.search(r"<script(?![^>]*src=)(?![^>]*application/json)", markup)
    assert not re.search(r"(src|href|action)=\"(https?:)?//", markup)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("ui/public.html", "ui/print.html")])
def test_page_has_one_first_heading_and_a_main(page):
    markup = render_to_string(page, CONTEXT)
    assert len(re.findall(r"<h1[ >]", markup)) == 1
    assert len(re.findall(r"<main[ >]", markup)) == 1


@pytest.mark.parametrize("page", PAGES)
def test_page_names_its_sign_so_that_a_browser_asks_for_no_other(page):
    assert (
        len(
            re.findall(
                r'<link rel="icon"[^>]*href="/static/ui/img/mark[^"]*svg"', render_to_string(page, CONTEXT)
            )
        )
        == 1
    )


def test_layout_follows_the_size_of_letters_the_reader_has_chosen():
    """A width in em is measured in the browser's own letters: with large ones a wide screen is laid out as a narrow
    one, instead of squeezing large letters into narrow columns."""
    root = Path(__file__).resolve().parents[2]
    sheets = [
        sheet for room in ("platform", "tenants", "surveys", "cms") for sheet in (root / room).rglob("*.css")
    ]
    queries = {sheet.name: re.findall(r"@media[^{]*", sheet.read_text()) for sheet in sheets}
    assert {name for name, found in queries.items() if any("px" in query for query in found)} == set()
    assert sum("em" in query for found in queries.values() for query in found) > 10


def test_work_bar_marks_where_we_are():
    markup = render_to_string("ui/work.html", CONTEXT)
    assert markup.count('aria-current="page"') == 2  # in the bar and at the foot of phones
    assert "海津理工大学" in markup and "has-bottom" in markup and "审核员" in markup


def test_frames_work_without_a_person():
    markup = render_to_string("ui/work.html", {})
    assert "hq-menu" not in markup and 'href="/in/"' in markup


def test_footer_of_the_site_says_whose_it_is(settings):
    from ui.brand import of_settings

    markup = render_to_string("ui/parts/public_footer.html", {"brand": of_settings()})
    text = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", markup))
    assert "渤沽市高校后勤协会 业务指导单位：渤沽市教育委员会 登记管理机关：渤沽市民政局" in text
    assert "联系秘书处 渤沽市文教路 18 号 307 室" in text and "公网安备（示例）" in text
    assert re.findall(r'href="([^"]*)">([^<]*)', markup) == [
        ("/guide/", "填报说明"), ("/notices/", "通知公告"), ("/about/", "协会概况"),
    ]  # fmt: skip


def test_what_a_deployment_leaves_empty_is_not_shown(settings):
    from ui.brand import DEFAULTS, of_settings

    settings.HOUQIN_BRAND = dict.fromkeys(DEFAULTS, "")
    markup = render_to_string("ui/parts/public_footer.html", {"brand": of_settings()})
    assert re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", markup)).strip() == "高校后勤协会"


def test_language_and_sign_out_are_posts_with_a_token():
    markup = render_to_string("ui/work.html", CONTEXT)
    for address in ("/i18n/setlang/", "/out/"):
        form = markup.split(f'action="{address}"')[1].split("</form>")[0]
        assert 'name="csrfmiddlewaretoken"' in form
    assert 'name="language" value="en"' in markup


def test_stylesheets_name_only_files_beside_them():
    for sheet in (HERE / "static/ui").glob("*.css"):
        for address in re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            assert address.startswith(("img/", "../vendor/plex/")), f"{sheet.name}: {address}"
            if address.startswith("img/"):
                assert (sheet.parent / address).exists()


def test_scripts_write_no_markup_and_name_no_foreign_address():
    for script in (HERE / "static/ui").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|document\.write|eval\(|https?://|cssText|setAttribute\(\"style", text
        ), script.name


def test_icons_named_in_templates_are_in_the_sprite():
    from ui import icons

    for page in (HERE / "templates").rglob("*.html"):
        for name in re.findall(r"{% icon \"([a-z0-9-]+)\"", page.read_text(encoding="utf-8")):
            assert name in icons.sprite(), f"{page.name}: {name}"


def test_only_used_vendor_files_are_collected():
    """Every vendor address a template names is collected, and nothing else of the packages is."""
    from ui.vendor_files import USED

    named = set()
    for page in (HERE / "templates").rglob("*.html"):
        named |= set(re.findall(r"{% static '(vendor/[^']+)' %}", page.read_text(encoding="utf-8")))
    assert named <= USED
