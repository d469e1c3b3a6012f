"""What every page shows around itself: where the mark and the way home lead, whose messages, in which role."""

import re
from urllib.parse import urlencode

import pytest

from notices.operations import notify
from tenants.models import University
from tenants.operations import add_member

pytestmark = pytest.mark.django_db


def way_home(response) -> list[str]:
    """Where the button of a page of an error leads, and the mark in the bar."""
    text = response.content.decode()
    button = re.findall(r'class="btn btn-primary" href="([^"]*)">回到首页', text)
    return button + re.findall(r'class="hq-mark" href="([^"]*)"', text)


@pytest.mark.parametrize("role", ["staff", "secretary"])
@pytest.mark.parametrize("path", ["/desk/none/", "/desk/review/none/"])
def test_page_that_is_not_at_the_desk_leads_back_to_the_desk(role, path, official, signed_in):
    fields = {"committee_code": "NZ"} if role == "secretary" else {}
    response = signed_in(official(role, **fields)).get(path)
    assert (response.status_code, way_home(response)) == (404, ["/desk/", "/desk/"])


def test_commission_is_led_back_to_the_benchmarks(official, signed_in):
    response = signed_in(official("commission")).get("/benchmarks/none/none/")
    assert (response.status_code, way_home(response)) == (404, ["/benchmarks/", "/benchmarks/"])


def test_clerk_who_strays_is_led_to_the_own_university(member, signed_in):
    browser = signed_in(member("clerk"))
    asked = [
        ("/desk/", 403),
        ("/benchmarks/", 403),
        ("/u/beta/", 404),
        ("/none/", 404),
        ("/u/alpha/none/", 404),
    ]
    answers = [(path, browser.get(path)) for path, _status in asked]
    assert [(path, page.status_code) for path, page in answers] == asked
    ways = [way_home(page) for _path, page in answers]
    assert ways == [["/me/", "/me/"]] * 4 + [["/u/alpha/", "/u/alpha/"]]
    assert browser.get("/me/").url == "/u/alpha/"
    # the bar does not say that the clerk is at the association
    assert [page.context["place"] for _path, page in answers] == ["", "", "", "", "甲子大学"]


def test_stranger_is_led_to_the_front_page(client):
    assert way_home(client.get("/none/")) == ["/", "/"]


def test_messages_of_the_only_university_are_there_on_the_pages_of_the_account(member, signed_in):
    clerk = member("clerk")
    for role in ("", "clerk", "approver"):
        notify(subject="要填报", university_code="alpha", role=role)
    notify(subject="别校", university_code="beta")
    browser = signed_in(clerk)
    context = browser.get("/account/").context
    assert (context["messages_url"], context["unread_count"]) == ("/u/alpha/notices/", 2)
    assert context["person"]["role"] == ""
    # the page of the person's own messages counts those alone
    assert "<h1>消息</h1>" in browser.get("/me/notices/").content.decode()
    add_member(user=clerk, university=University.objects.get(code="beta"), role="clerk", actor_id=None)
    context = browser.get("/account/").context
    assert (context["messages_url"], context["unread_count"]) == ("/me/notices/", 0)


def test_expert_of_a_university_keeps_the_messages_of_the_person(official, signed_in):
    expert = official("expert")
    add_member(user=expert, university=University.objects.get(code="alpha"), role="clerk", actor_id=None)
    assert signed_in(expert).get("/account/").context["messages_url"] == "/me/notices/"


def test_expert_reads_what_will_be_here_and_that_there_is_nothing_yet(official, signed_in):
    text = signed_in(official("expert")).get("/me/").content.decode()
    assert re.findall(r"<h1>([^<]*)</h1>", text) == ["还没有指派给你的现场评估"]
    assert "协会指派给你的现场评估会列在这里；现在一项也没有。" in text


def test_person_without_any_role_is_told_whom_to_ask(member, signed_in):
    person = member("clerk")
    person.memberships.all().delete()
    text = signed_in(person).get("/me/").content.decode()
    assert re.findall(r"<h1>([^<]*)</h1>", text) == ["还没有分配岗位"]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/u/alpha/notices/read/", "/u/alpha/notices/?page=2"),
        ("/me/people/alpha/invite/", "/me/people/alpha/invite/"),
        ("/me/notices/read/", "/me/notices/"),
        ("/desk/people/invite/", "/desk/people/invite/"),
    ],
)
def test_form_sent_after_the_session_ended_leads_back_to_its_page(address, page, client):
    response = client.post(address, {"name": "x"}, headers={"Referer": f"http://testserver{page}"})
    assert (response.status_code, response.url) == (
        302,
        f"/account/login/?{urlencode({'next': page}, safe='/')}",
    )
    said = client.get(response.url).content.decode()
    assert "登录已过期，刚才那一步没有做成。登录后回到原来的页面，再做一次。" in said
    assert "登录已过期" not in client.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    "page", ["", "https://elsewhere.example/u/alpha/", "//elsewhere.example/", "javascript:1"]
)
def test_form_of_nobodys_page_leads_to_ones_own_first_page(page, client):
    response = client.post("/u/alpha/notices/read/", headers={"Referer": page})
    assert response.url == "/account/login/?next=/me/"


def test_page_asked_for_by_a_stranger_says_nothing_of_a_lost_step(client):
    response = client.get("/u/alpha/notices/?page=2")
    assert response.url == "/account/login/?next=/u/alpha/notices/%3Fpage%3D2"
    assert "登录已过期" not in client.get(response.url).content.decode()


@pytest.mark.parametrize("address", ["/u/alpha/notices/read/", "/me/notices/read/"])
def test_address_of_a_form_that_is_opened_says_what_it_is(address, member, signed_in):
    browser = signed_in(member("clerk"))
    response = browser.get(address)
    assert (response.status_code, response.headers["Content-Length"]) == (405, str(len(response.content)))
    assert re.findall(r"<h1>([^<]*)</h1>", response.content.decode()) == ["这一步要在页面上做"]
    assert way_home(response)[0] == "/me/"
    assert "/account/login/" not in response.content.decode()
    browser.cookies["django_language"] = "en"
    assert "This step is done on a page" in browser.get(address).content.decode()


def test_help_is_one_click_away_from_every_desk(official, signed_in):
    page = signed_in(official("staff")).get("/desk/").content.decode()
    assert re.findall(r'<a href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?帮助</a>', page) == ["/guide/", "/guide/"]
