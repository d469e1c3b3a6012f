"""The mail channel: each message once, to those it is for, and to nobody else."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends import locmem
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from notices.models import Notice
from notices.operations import notify, notify_association
from tenants.mailing import MAX_ATTEMPTS, deliver

pytestmark = pytest.mark.django_db(transaction=True)


def mailed(outbox) -> list[tuple[str, list[str]]]:
    """(subject without the site's name, addresses) of what went out."""
    return sorted((mail.subject.partition("】")[2], mail.to) for mail in outbox)


def elsewhere(work):
    """The result of the work in another worker: a thread with a connection of its own."""

    def run():
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_people_of_the_university_with_the_role_get_one_mail_each_and_nobody_else(
    member, official, mailoutbox
):
    (
        member("clerk"),
        member("clerk", email="second@alpha.example"),
        member("approver"),
        member("clerk", "beta"),
    )
    official("staff")
    gone = member("clerk", email="gone@alpha.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    notify(subject="退回", body="7 月用水请核对。", university_code="alpha", role="clerk", path="/u/alpha/x/")
    assert deliver(now=timezone.now()) == 1
    assert mailed(mailoutbox) == [("退回", ["clerk@alpha.example"]), ("退回", ["second@alpha.example"])]
    assert [mail.cc + mail.bcc for mail in mailoutbox] == [[], []]


def test_message_is_mailed_once(member, mailoutbox):
    member("clerk")
    notify(subject="退回", university_code="alpha")
    assert [deliver(now=timezone.now()), deliver(now=timezone.now()), len(mailoutbox)] == [1, 0, 1]


def test_mail_says_what_the_message_says_and_links_to_the_address_of_the_settings(
    member, mailoutbox, settings
):
    settings.BASE_URL = "https://houqin.example.org"
    member("clerk")
    notify(subject="退回 <b>", body="7 月 > 6 月", university_code="alpha", path="/u/alpha/rounds/e/")
    deliver(now=timezone.now())
    lines = [line for line in mailoutbox[0].body.splitlines() if line]
    assert lines[:3] == ["退回 <b>", "7 月 > 6 月", "https://houqin.example.org/u/alpha/rounds/e/"]


def test_person_who_left_the_university_gets_nothing_of_it(member, mailoutbox):
    clerk = member("clerk")
    notify(subject="退回", university_code="alpha", user_id=clerk.pk)
    clerk.memberships.all().delete()
    deliver(now=timezone.now())
    assert mailoutbox == []


def test_message_to_the_association_goes_to_staff_and_the_committees_secretaries_only(official, mailoutbox):
    official("staff")
    official("secretary", "ec@association.example", committee_code="EC")
    official("secretary", "dorm@association.example", committee_code="DM")
    official("commission")
    notify_association(subject="报送", university_code="alpha", committee_code="EC", path="/desk/")
    notify_association(subject="无主", university_code="alpha", committee_code="", path="/desk/")
    deliver(now=timezone.now())
    assert mailed(mailoutbox) == [
        ("报送", ["ec@association.example"]),
        ("报送", ["staff@association.example"]),
        ("无主", ["staff@association.example"]),
    ]


def test_mail_server_that_is_away_loses_nothing_and_is_asked_a_limited_number_of_times(
    member, mailoutbox, monkeypatch
):
    def away(self, messages):
        raise SMTPServerDisconnected

    member("clerk")
    notify(subject="退回", university_code="alpha")
    with monkeypatch.context() as broken:
        broken.setattr(locmem.EmailBackend, "send_messages", away)
        assert deliver(now=timezone.now()) == 0
    assert (deliver(now=timezone.now()), len(mailoutbox)) == (1, 1)

    notify(subject="再退回", university_code="alpha")
    with monkeypatch.context() as broken:
        broken.setattr(locmem.EmailBackend, "send_messages", away)
        for _ in range(MAX_ATTEMPTS):
            deliver(now=timezone.now())
    assert (deliver(now=timezone.now()), len(mailoutbox)) == (0, 1)


def test_dead_address_does_not_hold_up_the_others(member, mailoutbox, monkeypatch):
    send = locmem.EmailBackend.send_messages

    def picky(self, messages):
        if messages[0].to == ["clerk@alpha.example"]:
            raise SMTPRecipientsRefused({})
        return send(self, messages)

    member("clerk"), member("approver")
    notify(subject="退回", university_code="alpha")
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", picky)
    assert (deliver(now=timezone.now()), mailed(mailoutbox)) == (1, [("退回", ["approver@alpha.example"])])


def test_message_another_worker_is_mailing_is_left_to_it(member, mailoutbox):
    member("clerk")
    notice = notify(subject="退回", university_code="alpha")
    with transaction.atomic():
        Notice.objects.select_for_update().get(pk=notice.pk)
        assert elsewhere(lambda: deliver(now=timezone.now())) == 0
    assert elsewhere(lambda: deliver(now=timezone.now())) == 1


def test_old_messages_are_not_mailed_any_more(member, mailoutbox):
    member("clerk")
    notify(subject="退回", university_code="alpha")
    assert deliver(now=timezone.now() + datetime.timedelta(days=3)) == 0
