"""The second factor: demanded from those whose account is worth more than a password, and really asked."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import InvalidToken
from django.urls import reverse

from accounts import vault
from accounts.operations import assign
from audit.models import AuditEntry
from tenants.models import University
from tenants.operations import add_member

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 42"
SETUP = "/account/2fa/totp/activate/"


def code_of(secret: str) -> str:
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def secret(person) -> str:
    """The person has a second factor; its secret."""
    value = generate_totp_secret()
    TOTP.activate(person, value)
    RecoveryCodes.activate(person)
    return value


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_secret_is_not_readable_in_the_database(person, secret):
    stored = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert (secret in stored, vault.unlock(stored)) == (False, secret)


def test_second_factor_outlives_a_change_of_the_secret_key_while_the_old_one_is_known(
    person, secret, client, sign_in, settings
):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    sign_in()
    assert client.post("/account/2fa/authenticate/", {"code": code_of(secret)}).url == reverse("tenants:home")
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        vault.unlock(Authenticator.objects.get(user=person, type="totp").data["secret"])


def test_password_alone_does_not_sign_in_who_has_a_second_factor(person, secret, client, sign_in):
    assert sign_in().url == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/account/").status_code == 302


def test_code_of_the_app_completes_the_sign_in(person, secret, client, sign_in):
    sign_in()
    assert client.post("/account/2fa/authenticate/", {"code": code_of(secret)}).url == reverse("tenants:home")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_code_works_once(person, secret, client, sign_in):
    code = code_of(secret)
    sign_in()
    client.post("/account/2fa/authenticate/", {"code": code})
    client.post("/account/logout/")
    sign_in()
    client.post("/account/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_recovery_code_signs_in_once(person, secret, client, sign_in):
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        sign_in()
        client.post("/account/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in client.session) is expected
        client.post("/account/logout/")


@pytest.mark.promise("audit")
@pytest.mark.django_db(transaction=True)
def test_what_people_change_about_their_sign_in_is_in_the_trail(person, client, sign_in):
    sign_in()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    setup = client.get(SETUP)
    client.post(SETUP, {"code": code_of(setup.context["form"].secret)})
    client.post("/account/logout/")
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in()
    client.post("/account/2fa/authenticate/", {"code": code})
    new = {"oldpassword": PASSWORD, "password1": "a new one 4711", "password2": "a new one 4711"}
    client.post("/account/password/change/", new)
    rows = AuditEntry.objects.order_by("pk").values_list("action", "actor_id", "fields")
    assert list(rows) == [
        ("user.second_factor_changed", person.pk, ["totp"]),
        ("user.second_factor_changed", person.pk, ["recovery_codes"]),
        ("user.recovery_code_used", person.pk, ["recovery_codes"]),
        ("user.password_changed", person.pk, ["password"]),
    ]


def test_one_hundred_wrong_codes_get_ten_tries(person, secret, client, sign_in):
    sign_in()
    said = []
    for n in range(100):
        response = client.post(
            "/account/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR=f"10.0.0.{n % 50}"
        )
        said.append(str(response.context["form"].errors["code"][0])[:4])
    assert (said.count("验证码不"), said.count("失败次数")) == (10, 90)


@pytest.mark.parametrize("role", ["staff", "secretary", "operator"])
def test_association_roles_must_set_it_up_first(role, person, demanded, client):
    assign(user=person, role=role, actor_id=None, committee_code="ny" if role == "secretary" else "")
    client.force_login(person)
    for path in ("/me/", "/desk/", "/ops/", "/admin/", "/"):
        assert (path, client.get(path).url) == (path, SETUP)


def test_approver_must_set_it_up_first_and_a_clerk_need_not(person, demanded, client):
    alpha = University.objects.get(code="alpha")
    add_member(user=person, university=alpha, role="clerk", actor_id=None)
    client.force_login(person)
    assert client.get("/account/").status_code == 200
    assert client.get("/me/").url == "/u/alpha/"
    add_member(user=person, university=alpha, role="approver", actor_id=None)
    assert client.get("/u/alpha/").url == SETUP


def test_set_up_takes_the_code_and_hands_out_recovery_codes(person, demanded, client, sign_in):
    assign(user=person, role="staff", actor_id=None)
    sign_in()
    assert client.get(SETUP).url.startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get(SETUP)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "data:" in page.headers["Content-Security-Policy"]
    wrong = client.post(SETUP, {"code": "000000"})
    assert wrong.context["form"].errors["code"][0].startswith("验证码不对")
    response = client.post(SETUP, {"code": code_of(wrong.context["form"].secret)}, follow=True)
    assert response.redirect_chain[-1][0] == "/account/2fa/recovery-codes/"
    assert response.content.decode().count('class="hq-hash"') == 10
    assert client.get("/me/").status_code == 200


def test_who_needs_it_cannot_switch_it_off(person, secret, demanded, client, sign_in):
    assign(user=person, role="staff", actor_id=None)
    signed_in(client, sign_in, secret)
    page = client.post("/account/2fa/totp/deactivate/").content.decode()
    assert "你的角色必须使用动态口令，不能停用" in page
    assert Authenticator.objects.filter(user=person, type="totp").count() == 1


def test_who_does_not_need_it_can_switch_it_off(person, secret, demanded, client, sign_in):
    signed_in(client, sign_in, secret)
    assert client.post("/account/2fa/totp/deactivate/").url == "/account/2fa/"
    assert Authenticator.objects.filter(user=person).count() == 0


def test_changing_it_asks_again_after_a_while(person, secret, client):
    # signed in long ago: no recent record of how
    client.force_login(person)
    assert client.get("/account/2fa/totp/deactivate/").url.startswith("/account/reauthenticate/")
    page = client.get("/account/reauthenticate/").content.decode()
    assert "确认是你本人" in page and "/account/2fa/reauthenticate/" in page
    assert client.post("/account/reauthenticate/", {"password": "wrong"}).context["form"].errors[
        "password"
    ] == ["密码不对。"]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200


def signed_in(client, sign_in, secret) -> None:
    sign_in()
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
