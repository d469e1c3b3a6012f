"""Messages: to a person, to a role, to a university; and nobody else's."""

import pytest

from notices.models import NoticeRead
from notices.operations import notify
from tenants.context import in_university

pytestmark = pytest.mark.django_db
HERE = "/u/alpha/notices/"


def subjects(response) -> list[str]:
    return sorted(notice.subject for notice in response.context["page"])


def test_person_reads_what_is_to_all_to_the_role_and_to_oneself(member, signed_in):
    clerk = member("clerk")
    notify(subject="all", university_code="alpha")
    notify(subject="clerks", university_code="alpha", role="clerk")
    notify(subject="me", university_code="alpha", user_id=clerk.pk)
    notify(subject="sentinel approvers", university_code="alpha", role="approver")
    notify(subject="sentinel other", university_code="alpha", user_id=clerk.pk + 1)
    notify(subject="sentinel beta", university_code="beta")
    notify(subject="outside", user_id=clerk.pk)
    browser = signed_in(clerk)
    response = browser.get(HERE)
    assert subjects(response) == ["all", "clerks", "me"]
    assert response.context["unread_count"] == 3
    assert "sentinel" not in response.content.decode()
    assert subjects(browser.get("/me/notices/")) == ["outside"]


def test_opened_message_is_read_by_that_person_only_and_leads_on(member, signed_in):
    notice = notify(subject="退回", university_code="alpha", path="/u/alpha/facilities/")
    first, second = signed_in(member("clerk")), signed_in(member("clerk", email="second@alpha.example"))
    assert first.post(f"{HERE}{notice.pk}/open/").url == "/u/alpha/facilities/"
    counts = [browser.get(HERE).context["unread_count"] for browser in (first, second)]
    assert counts == [0, 1]
    assert list(NoticeRead.objects.values_list("university_code", flat=True)) == ["alpha"]


def test_all_are_marked_as_read_at_once_and_again(member, signed_in):
    for number in range(3):
        notify(subject=str(number), university_code="alpha")
    browser = signed_in(member("clerk"))
    for _ in range(2):
        assert browser.post(HERE + "read/").url == HERE
        assert browser.get(HERE).context["unread_count"] == 0
    assert NoticeRead.objects.count() == 3


def test_message_of_another_university_cannot_be_opened(member, signed_in):
    notice = notify(subject="sentinel", university_code="beta")
    assert signed_in(member("clerk")).post(f"{HERE}{notice.pk}/open/").status_code == 404


def test_message_leads_to_no_other_site(member, signed_in):
    notice = notify(subject="x", university_code="alpha", path="//evil.example/")
    assert signed_in(member("clerk")).post(f"{HERE}{notice.pk}/open/").url == HERE


def test_who_read_what_is_invisible_to_another_university(member):
    notice = notify(subject="x", university_code="beta")
    NoticeRead.objects.create(notice=notice, user_id=1, university_code="beta")
    with in_university("alpha"):
        assert NoticeRead.objects.count() == 0


def test_messages_are_no_place_of_the_bar(member, official, signed_in):
    """Not the first page: who reads messages is not at home."""
    pages = [signed_in(member("clerk")).get(HERE), signed_in(official("staff")).get("/me/notices/")]
    assert [[entry.label for entry in page.context["nav"] if entry.current] for page in pages] == [[], []]
    assert all(len(page.context["nav"]) > 2 for page in pages)
