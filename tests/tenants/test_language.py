"""In English nothing Chinese is left on our pages but names, and the switch back."""

import re

import pytest
from django.conf import settings

from tenants.context import in_university
from tenants.facilities.models import Campus, Facility
from tests.facilities.conftest import workbook

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
# data of these tests, the brand of the settings, the switch
NAMES = {"中文", "甲子大学", "乙丑大学", "主校区", "图书馆", "名称"}
HERE = "/u/alpha/facilities/"


def chinese_on(response) -> set[str]:
    # the bars' words are other rooms'
    page = re.sub(
        r'<ul class="hq-tabs">.*?</ul>|<nav class="hq-bottom".*?</nav>',
        "",
        response.content.decode(),
        flags=re.S,
    )
    brand = set(CHINESE.findall(str(settings.HOUQIN_BRAND)))
    return set(CHINESE.findall(page)) - NAMES - brand


@pytest.fixture
def english(signed_in):
    def browser(person):
        client = signed_in(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return browser


def test_pages_without_sign_in(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in (
        "login/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-x/",
        "password/reset/key/done/",
    ):
        assert (path, chinese_on(client.get("/account/" + path))) == (path, set())
    assert chinese_on(client.post("/account/login/", {"login": "a@b.example", "password": "x"})) == set()
    assert chinese_on(client.get("/me/invitations/none/")) == set()


def test_pages_of_an_approver(member, english):
    browser = english(member("approver"))
    with in_university("alpha"):
        place = Campus.objects.create(code="n", name="主校区")
        Facility.objects.create(code="B01", name="图书馆", campus=place)
    paths = ["/account/", "/account/password/change/", "/account/2fa/", "/account/logout/", "/me/notices/"]
    paths += ["/me/people/alpha/", "/me/people/alpha/invite/", "/u/alpha/notices/", HERE]
    for path in paths:
        assert (path, chinese_on(browser.get(path))) == (path, set())
    wrong = {"oldpassword": "x", "password1": "1", "password2": "2"}
    assert chinese_on(browser.post("/account/password/change/", wrong)) == set()


def test_pages_of_a_clerk(member, english):
    browser = english(member("clerk"))
    with in_university("alpha"):
        place = Campus.objects.create(code="n", name="主校区")
        Facility.objects.create(code="B01", name="图书馆", campus=place)
    for path in ("", "add/", "f/B01/", "campuses/add/"):
        assert (path, chinese_on(browser.get(HERE + path))) == (path, set())
    page = browser.post(
        HERE + "import/", {"file": workbook(["代码", "名称", "校区"], ["x y", "图书馆", "主校区"])}
    )
    # headers of the file are Chinese in every language
    assert chinese_on(page) - {"代码", "校区"} == set()


def test_pages_of_the_desk(member, official, english):
    browser = english(official("staff"))
    clerk = member("clerk")
    for path in ("", "?text=zzz", "invite/", f"{clerk.pk}/"):
        assert (path, chinese_on(browser.get("/desk/people/" + path))) == (path, set())
