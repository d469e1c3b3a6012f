"""Sign-in: one door, few tries, no hint who has an account."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.operations import assign, deactivate
from tests.soak import record

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 42"


def errors(response) -> list[str]:
    return [str(message) for messages in response.context["form"].errors.values() for message in messages]


def text_of(response) -> str:
    """The page without what differs from request to request."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r"[\w.]+@example\.org", "ADDRESS", page)


def test_right_password_leads_to_the_desks(person, sign_in):
    response = sign_in()
    assert (response.status_code, response.url) == (302, reverse("tenants:home"))


def test_email_is_accepted_in_any_case(person, sign_in):
    assert sign_in("LIN@Example.org").status_code == 302


def test_wrong_password_and_unknown_address_say_the_same(person, sign_in):
    known, unknown = sign_in(password="wrong"), sign_in("nobody@example.org", "wrong")
    assert errors(known) == errors(unknown) == ["邮箱或密码不对。"]
    assert text_of(known) == text_of(unknown)


def test_a_closed_account_with_the_right_password_says_the_same(person, sign_in):
    deactivate(user=person, actor_id=None)
    assert errors(sign_in()) == ["邮箱或密码不对。"]


def test_reset_says_the_same_for_a_known_and_an_unknown_address(person, client):
    pages = [
        client.post("/account/password/reset/", {"email": email}, follow=True)
        for email in ("lin@example.org", "nobody@example.org")
    ]
    assert text_of(pages[0]) == text_of(pages[1])


def test_next_address_of_another_site_is_ignored(person, client):
    data = {"login": "lin@example.org", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/account/login/", data).url == reverse("tenants:home")


def tried(sign_in, **extra) -> str:
    """What became of one attempt: in, checked (the password was looked at) or stopped."""
    response = sign_in(**extra)
    if response.status_code == 302:
        return "in"
    if response.status_code == 429:
        return "stopped"
    return "checked" if errors(response)[0].startswith("邮箱或密码不对") else "stopped"


@pytest.mark.promise("login")
def test_one_hundred_wrong_passwords_from_one_address_are_contained(person, sign_in):
    came = [tried(sign_in, password=f"wrong {n}") for n in range(100)]
    record("wrong passwords from 1 address", len(came))
    assert (came.count("checked"), came.count("stopped")) == (10, 90)
    assert tried(sign_in) == "stopped"


@pytest.mark.promise("login")
def test_one_hundred_wrong_passwords_from_fifty_addresses_are_contained(person, sign_in):
    came = [tried(sign_in, password=f"wrong {n}", REMOTE_ADDR=f"10.0.0.{n % 50}") for n in range(100)]
    record("wrong passwords from 50 addresses", len(came))
    assert (came.count("checked"), came.count("stopped")) == (10, 90)
    assert tried(sign_in, REMOTE_ADDR="10.0.1.1") == "stopped"


def test_another_host_or_port_does_not_count_from_zero_again(person, sign_in):
    came = [
        tried(sign_in, password=f"wrong {n}", REMOTE_ADDR=f"10.0.0.{n}", HTTP_HOST=f"localhost:{9000 + n}")
        for n in range(30)
    ]
    assert came.count("checked") == 10


def test_one_hundred_people_tried_from_one_address_are_contained(db, sign_in):
    for n in range(30):
        User.objects.create_user(f"p{n}@example.org", PASSWORD, name="甲")
    came = [tried(sign_in, email=f"p{n}@example.org", password="wrong") for n in range(30)]
    assert came.count("checked") == 10


def test_the_control_without_limits_checks_every_password(person, sign_in, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    assert [tried(sign_in, password=f"wrong {n}") for n in range(30)] == ["checked"] * 30


def test_tries_left_are_told_when_few(person, sign_in):
    said = [errors(sign_in(password="wrong")) for _ in range(10)]
    assert said[6:] == [
        ["邮箱或密码不对。还可以试 3 次。"],
        ["邮箱或密码不对。还可以试 2 次。"],
        ["邮箱或密码不对。还可以试 1 次。"],
        ["邮箱或密码不对。"],
    ]


def test_too_many_requests_show_our_page(person, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    data = {"login": "lin@example.org", "password": "wrong"}
    client.post("/account/login/", data)
    response = client.post("/account/login/", data)
    assert (response.status_code, "试得太频繁" in response.content.decode()) == (429, True)


@pytest.mark.promise("login")
def test_deactivated_person_is_out_on_the_next_request(person, client):
    client.force_login(person)
    assert client.get("/account/").status_code == 200
    deactivate(user=person, actor_id=None)
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_changed_password_ends_the_other_sessions(person, client, client_elsewhere):
    client.force_login(person)
    client_elsewhere.force_login(person)
    data = {"oldpassword": PASSWORD, "password1": "a new one 4711", "password2": "a new one 4711"}
    assert client.post("/account/password/change/", data).url == "/account/"
    assert client.get("/account/").status_code == 200
    assert client_elsewhere.get("/account/").status_code == 302


@pytest.fixture
def client_elsewhere():
    from django.test import Client

    return Client()


def test_reset_link_comes_from_the_settings_and_works_once(person, client, settings):
    settings.BASE_URL = "https://houqin.example"
    client.post("/account/password/reset/", {"email": "lin@example.org"}, HTTP_HOST="localhost:6666")
    assert len(mail.outbox) == 1
    body = mail.outbox[0].body
    assert "localhost" not in body
    link = re.search(r"https://houqin\.example(/account/password/reset/key/\S+)", body)[1]
    data = {"password1": "a new one 4711", "password2": "a new one 4711"}
    page = client.get(link, follow=True)
    assert client.post(page.request["PATH_INFO"], data).url == "/account/password/reset/key/done/"
    person.refresh_from_db()
    assert person.check_password("a new one 4711")
    assert "重置链接不能用了" in client.get(link, follow=True).content.decode()


def test_weak_or_different_new_passwords_are_refused_in_chinese(person, client):
    client.force_login(person)
    data = {"oldpassword": "wrong", "password1": "12345", "password2": "54321"}
    response = client.post("/account/password/change/", data)
    assert response.context["form"].errors["oldpassword"] == ["当前密码不对。"]
    assert response.context["form"].errors["password1"] == [
        "密码至少要 10 个字符。",
        "这个密码太常见了。",
        "密码只包含数字。",
    ]
    assert response.context["form"].errors["password2"] == ["两次输入的密码不同，再输一次。"]


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/confirm-email/abc/",
        "/account/password/set/",
        "/account/inactive/",
        "/account/login/code/confirm/",
        "/ops/password_change/done/",
        "/admin/password_reset/",
    ],
)
def test_what_is_not_offered_is_not_there(path, person, client):
    for _ in range(2):
        assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
        client.force_login(assign(user=person, role="operator", actor_id=None).user)


@pytest.mark.parametrize("path", ["/ops/login/", "/admin/login/", "/_util/login/"])
def test_editors_areas_have_no_door_of_their_own(path, person, client):
    assign(user=person, role="operator", actor_id=None)
    response = client.post(path, {"username": "lin@example.org", "password": PASSWORD})
    assert (response.status_code, response.url.startswith("/account/login/")) == (302, True)
    assert "_auth_user_id" not in client.session


def test_password_is_changed_in_one_place(person, client):
    client.force_login(assign(user=person, role="operator", actor_id=None).user)
    assert client.get("/ops/password_change/").url == "/account/password/change/"


@pytest.mark.parametrize("path", ["/ops/", "/admin/"])
def test_editors_areas_send_strangers_to_the_one_door(path, client):
    assert client.get(path, follow=True).redirect_chain[-1][0].startswith("/account/login/")


@pytest.mark.parametrize("path", ["/ops/", "/admin/", "/admin/pages/"])
@pytest.mark.parametrize("role", ["", "commission", "expert"])
def test_editors_areas_tell_who_is_signed_in_and_no_editor_that_it_is_for_others(path, role, person, client):
    client.force_login(assign(user=person, role=role, actor_id=None).user if role else person)
    response = client.get(path, follow=True)
    assert (response.status_code, len(response.redirect_chain)) == (403, 1)
    assert re.findall(r"<h1>([^<]*)</h1>", response.content.decode()) == ["这一步由别的角色来做"]
    # said once, in the words of the house
    pages = [response, client.get("/account/")]
    assert ["没有权限" in page.content.decode() for page in pages] == [False, False]


def test_sign_out_asks_first(person, client):
    client.force_login(person)
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_switched_language_holds_on_the_sign_in_page(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/account/login/"})
    response = client.get("/account/login/")
    assert response.headers["Content-Language"] == "en"
    translation.activate("zh-hans")


def test_language_of_the_browser_does_not_decide(client):
    response = client.get("/account/login/", HTTP_ACCEPT_LANGUAGE="en")
    assert "学校、协会、市教委和专家使用同一入口。" in response.content.decode()
