"""Invitations: once, for one address, and never a way into an account that exists."""

import datetime
import re
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.invitations import InvitationInvalid, find_invitation, invite, revoke
from accounts.models import Assignment, Invitation, User
from accounts.operations import deactivate
from audit.models import AuditEntry
from tenants.models import Membership
from tenants.operations import RolesExclude, accept_invitation, send_invitation

PASSWORD = "correct horse 42"
NEW = {"name": "周予安", "password": "a good long one", "again": "a good long one"}


@pytest.fixture
def link(member):
    """Invites somebody to alpha and returns the address of the link and the invitation."""
    approver = member("approver")

    def make(
        email: str = "zhou@alpha.example", role: str = "clerk", university_code: str = "alpha", **fields
    ):
        now = fields.pop("now", timezone.now())
        invitation, token = invite(
            email=email,
            name="周予安",
            role=role,
            university_code=university_code,
            invited_by=approver,
            now=now,
            **fields,
        )
        return f"/me/invitations/{token}/", invitation, token

    return make


def roles_at(code: str, email: str) -> list[str]:
    rows = Membership.objects.filter(university__code=code, user__email=email)
    return sorted(rows.values_list("role", flat=True))


@pytest.mark.django_db
def test_new_person_sets_a_password_once_and_is_in(link, client):
    address, _, _ = link()
    assert "甲子大学" in client.get(address).content.decode()
    assert client.post(address, NEW).url == "/me/"
    person = User.objects.get(email="zhou@alpha.example")
    assert (person.name, person.check_password("a good long one")) == ("周予安", True)
    assert roles_at("alpha", "zhou@alpha.example") == ["clerk"]
    assert client.session["_auth_user_id"] == str(person.pk)
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-4:] == ["invitation.created", "user.opened", "invitation.used", "membership.added"]


@pytest.mark.django_db
def test_link_of_a_used_invitation_is_gone(link, client):
    address, _, _ = link()
    client.post(address, NEW)
    assert Client().get(address).status_code == 410
    assert Client().post(address, NEW).status_code == 410


@pytest.mark.django_db
def test_expired_withdrawn_and_tampered_links_are_gone(link, client):
    expired, _, _ = link(email="a@example.org", now=timezone.now() - datetime.timedelta(days=7, seconds=1))
    withdrawn, invitation, _ = link(email="b@example.org")
    revoke(invitation=invitation, actor_id=None, now=timezone.now())
    good, _, token = link(email="c@example.org")
    tampered = f"/me/invitations/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/"
    for address in (expired, withdrawn, tampered):
        assert (client.get(address).status_code, client.post(address, NEW).status_code) == (410, 410)
    assert client.get(good).status_code == 200
    assert User.objects.filter(email__endswith="@example.org").count() == 0


@pytest.mark.django_db
def test_link_lives_seven_days_to_the_second(link):
    now = timezone.now()
    _, _, token = link(now=now)
    assert find_invitation(token, now=now + datetime.timedelta(days=7, seconds=-1))
    with pytest.raises(InvitationInvalid):
        find_invitation(token, now=now + datetime.timedelta(days=7))


@pytest.mark.django_db
def test_second_invitation_withdraws_the_first(link, client):
    first, _, _ = link()
    second, _, _ = link()
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


@pytest.mark.django_db
def test_link_for_an_existing_account_does_not_sign_anyone_in(link, member, client):
    victim = member("approver", "beta", email="victim@beta.example")
    before = victim.password
    address, _, _ = link(email="Victim@beta.example", role="approver")
    page = client.get(address).content.decode()
    assert "先登录，再接受邀请" in page and 'type="password"' not in page
    client.post(address, NEW)
    assert "_auth_user_id" not in client.session
    victim.refresh_from_db()
    assert (victim.password, roles_at("alpha", "victim@beta.example")) == (before, [])


@pytest.mark.django_db
def test_owner_of_an_existing_account_signs_in_and_confirms(link, member, signed_in):
    owner = member("clerk", "beta", email="owner@beta.example")
    address, _, _ = link(email="owner@beta.example", role="approver")
    browser = signed_in(owner)
    assert "加入甲子大学" in browser.get(address).content.decode()
    assert roles_at("alpha", "owner@beta.example") == []
    assert browser.post(address).url == "/me/"
    assert roles_at("alpha", "owner@beta.example") == ["approver"]
    assert User.objects.get(pk=owner.pk).second_factor_required


@pytest.mark.django_db
def test_link_opened_by_another_signed_in_person_does_nothing(link, member, signed_in):
    other = member("clerk", "beta")
    address, _, _ = link()
    browser = signed_in(other)
    assert "邀请是给另一个人的" in browser.get(address).content.decode()
    browser.post(address, NEW)
    assert User.objects.filter(email="zhou@alpha.example").count() == 0
    assert roles_at("alpha", other.email) == []


@pytest.mark.django_db
def test_link_does_not_reopen_a_closed_account(link, member, client):
    gone = member("clerk", email="gone@alpha.example")
    deactivate(user=gone, actor_id=None)
    address, _, _ = link(email="gone@alpha.example", role="approver")
    assert (client.get(address).status_code, client.post(address, NEW).status_code) == (410, 410)
    gone.refresh_from_db()
    assert not gone.is_active


@pytest.mark.django_db
def test_weak_password_is_refused_and_the_link_stays(link, client):
    address, _, _ = link()
    response = client.post(address, NEW | {"password": "12345", "again": "54321"})
    assert set(response.context["form"].errors) == {"password", "again"}
    assert client.post(address, NEW).url == "/me/"


@pytest.mark.django_db
def test_association_role_is_given_too(link, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    address, _, _ = link(role="staff", university_code="")
    client.post(address, NEW)
    person = User.objects.get(email="zhou@alpha.example")
    assert list(Assignment.objects.values_list("user", "role").filter(user=person)) == [(person.pk, "staff")]
    assert client.get("/me/").url == "/account/2fa/totp/activate/"


@pytest.mark.django_db
def test_staff_and_commission_hold_no_role_at_a_university(link, official, signed_in):
    staff = official("staff")
    address, _, token = link(email=staff.email)
    with pytest.raises(RolesExclude):
        accept_invitation(token=token, user=staff, now=timezone.now())
    assert "不能同时担任" in signed_in(staff).post(address).content.decode()
    assert Invitation.objects.get(email=staff.email).used_at is None


@pytest.mark.django_db
def test_mail_carries_the_link_of_the_settings_and_no_token_is_kept(link, settings):
    settings.BASE_URL = "https://houqin.example"
    _, invitation, token = link()
    assert send_invitation(invitation, token)
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (
        ["zhou@alpha.example"],
        "approver alpha 邀请你加入甲子大学",
    )
    assert (
        re.findall(r"https?://\S+", mail.outbox[0].body)[0]
        == f"https://houqin.example/me/invitations/{token}/"
    )
    assert token not in str(Invitation.objects.values().get())


@pytest.mark.django_db
def test_refused_mail_leaves_the_invitation_to_be_sent_again(link, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    _, invitation, token = link()
    assert send_invitation(invitation, token) is False
    assert find_invitation(token, now=timezone.now()) == invitation


def in_threads(count: int, work) -> list[str]:
    """Runs `work` at the same moment on `count` connections; the outcomes, sorted."""
    start, came = threading.Barrier(count), []

    def run() -> None:
        try:
            start.wait()
            came.append(work())
        except Exception as error:
            came.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


@pytest.mark.django_db(transaction=True)
def test_link_used_by_eight_at_the_same_moment_opens_one_account(link):
    _, _, token = link()

    def accept() -> str:
        accept_invitation(token=token, name="周予安", password="a good long one", now=timezone.now())
        return "in"

    assert in_threads(8, accept) == ["InvitationInvalid"] * 7 + ["in"]
    assert User.objects.filter(email="zhou@alpha.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_lock_lets_two_through(link, monkeypatch):
    _, _, token = link()
    both_have_looked = threading.Barrier(2)

    def unlocked(given: str, *, now, lock: bool = False):
        found = find_invitation(given, now=now)
        both_have_looked.wait(timeout=10)
        return found

    monkeypatch.setattr("accounts.invitations.find_invitation", unlocked)
    member = User.objects.create_user("zhou@alpha.example", PASSWORD, name="周予安")

    def accept() -> str:
        accept_invitation(token=token, user=member, now=timezone.now())
        return "in"

    assert in_threads(2, accept) == ["in", "in"]
