"""The approver's and the association's pages about people."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.invitations import invite
from accounts.models import Assignment, Invitation, User
from tenants.models import Membership

pytestmark = pytest.mark.django_db
PEOPLE = "/me/people/alpha/"


def rows_of(response) -> list[str]:
    return [person.email for person in response.context["people"]]


def test_approver_sees_the_people_of_the_own_university_only(member, signed_in):
    approver = member("approver")
    member("clerk")
    member("clerk", "beta", name="sentinel-beta")
    response = signed_in(approver).get(PEOPLE)
    assert rows_of(response) == ["approver@alpha.example", "clerk@alpha.example"]
    assert "sentinel-beta" not in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"


def test_who_may_open_the_page_is_as_under_u(member, official, signed_in, client):
    expected = [
        (None, 302),
        (member("approver"), 200),
        (member("clerk"), 403),
        (member("approver", "beta"), 404),
        (official("staff"), 404),
    ]
    for person, status in expected:
        browser = signed_in(person) if person else client
        for path in ("", "invite/"):
            assert (person, path, browser.get(PEOPLE + path).status_code) == (person, path, status)
    assert signed_in(expected[1][0]).get("/me/people/nowhere/").status_code == 404


def test_approver_invites_and_the_mail_goes_out(member, signed_in):
    browser = signed_in(member("approver"))
    data = {"name": "周予安", "email": "Zhou@alpha.example", "role": "clerk"}
    assert browser.post(PEOPLE + "invite/", data).url == PEOPLE
    row = Invitation.objects.get()
    assert (row.email, row.role, row.university_code) == ("zhou@alpha.example", "clerk", "alpha")
    assert [m.to for m in mail.outbox] == [["zhou@alpha.example"]]


def test_approver_cannot_hand_out_roles_of_the_association(member, signed_in):
    browser = signed_in(member("approver"))
    response = browser.post(PEOPLE + "invite/", {"name": "甲", "email": "a@b.example", "role": "staff"})
    assert list(response.context["form"].errors) == ["role"]
    assert Invitation.objects.count() == 0


def test_sending_again_makes_a_new_link(member, signed_in):
    approver = member("approver")
    first, _ = invite(
        email="a@b.example",
        name="甲",
        role="clerk",
        university_code="alpha",
        invited_by=approver,
        now=timezone.now(),
    )
    signed_in(approver).post(f"{PEOPLE}invitations/{first.pk}/resend/")
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert (Invitation.objects.filter(revoked_at=None).count(), len(mail.outbox)) == (1, 1)


def test_invitations_and_members_of_another_university_are_not_found(member, signed_in):
    theirs, _ = invite(
        email="a@b.example",
        name="甲",
        role="clerk",
        university_code="beta",
        invited_by=member("approver", "beta"),
        now=timezone.now(),
    )
    membership = Membership.objects.get(university__code="beta")
    browser = signed_in(member("approver"))
    for path in (
        f"invitations/{theirs.pk}/resend/",
        f"invitations/{theirs.pk}/revoke/",
        f"members/{membership.pk}/remove/",
    ):
        assert (path, browser.post(PEOPLE + path).status_code) == (path, 404)
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_role_taken_away_bites_on_the_next_request(member, signed_in):
    clerk = member("clerk")
    at_work = signed_in(clerk)
    assert at_work.get("/u/alpha/facilities/").status_code == 200
    signed_in(member("approver")).post(f"{PEOPLE}members/{clerk.memberships.get().pk}/remove/")
    assert at_work.get("/u/alpha/facilities/").status_code == 404


def test_last_approver_stays(member, signed_in):
    approver = member("approver")
    browser = signed_in(approver)
    path = f"{PEOPLE}members/{approver.memberships.get().pk}/remove/"
    assert "唯一的审核人" in browser.post(path, follow=True).content.decode()
    member("approver", email="second@alpha.example")
    assert browser.post(path).status_code == 302
    assert approver.memberships.count() == 0


def test_desk_page_is_for_staff(member, official, signed_in, client):
    expected = [
        (None, 302),
        (official("staff"), 200),
        (official("secretary", committee_code="ny"), 403),
        (official("commission"), 403),
        (member("approver"), 403),
    ]
    someone = member("clerk")
    for person, status in expected:
        browser = signed_in(person) if person else client
        for path in ("", "invite/", f"{someone.pk}/"):
            assert (person, path, browser.get("/desk/people/" + path).status_code) == (person, path, status)
        wanted = 302 if status == 200 else status
        assert browser.post(f"/desk/people/{someone.pk}/deactivate/").status_code == wanted


def test_staff_finds_people_by_name_role_and_university(member, official, signed_in):
    browser = signed_in(official("staff"))
    member("clerk", name="林知行")
    member("clerk", "beta")
    member("approver", "beta")
    found = [
        rows_of(browser.get(f"/desk/people/{query}"))
        for query in ("?text=知行", "?role=approver", "?university=beta")
    ]
    assert found == [
        ["clerk@alpha.example"],
        ["approver@beta.example"],
        ["approver@beta.example", "clerk@beta.example"],
    ]


@pytest.mark.parametrize(
    ("data", "bad"),
    [
        ({"role": "expert"}, []),
        ({"role": "secretary", "committee_code": "ny"}, []),
        ({"role": "approver", "university": "alpha"}, []),
        ({"role": "approver"}, ["university"]),
        ({"role": "staff", "university": "alpha"}, ["university"]),
        ({"role": "secretary"}, ["committee_code"]),
        ({"role": "operator"}, ["role"]),
    ],
)
def test_staff_invites_with_the_place_the_role_needs(data, bad, official, signed_in):
    browser = signed_in(official("staff"))
    response = browser.post("/desk/people/invite/", {"name": "甲", "email": "a@b.example"} | data)
    assert sorted(response.context["form"].errors if response.status_code == 200 else []) == bad
    assert Invitation.objects.count() == len(mail.outbox) == (0 if bad else 1)


def test_staff_closes_and_opens_an_account(member, official, signed_in):
    clerk = member("clerk")
    at_work, desk = signed_in(clerk), signed_in(official("staff"))
    desk.post(f"/desk/people/{clerk.pk}/deactivate/")
    assert at_work.get("/u/alpha/facilities/").status_code == 302
    desk.post(f"/desk/people/{clerk.pk}/reactivate/")
    clerk.refresh_from_db()
    assert clerk.is_active


def test_staff_gives_and_takes_roles(official, signed_in):
    expert = official("expert")
    desk = signed_in(official("staff"))
    desk.post(f"/desk/people/{expert.pk}/roles/", {"role": "secretary", "committee_code": "ny"})
    held = Assignment.objects.filter(user=expert)
    assert sorted(held.values_list("role", "committee_code")) == [("expert", ""), ("secretary", "NY")]
    desk.post(f"/desk/people/{expert.pk}/roles/{held.get(role='expert').pk}/remove/")
    assert list(held.values_list("role", flat=True)) == ["secretary"]


def test_staff_cannot_enter_a_university_by_giving_the_own_account_a_role(official, signed_in):
    staff = official("staff")
    data = {"role": "approver", "university": "alpha"}
    response = signed_in(staff).post(f"/desk/people/{staff.pk}/roles/", data)
    assert list(response.context["form"].errors) == ["role"]
    assert Membership.objects.filter(user=staff).count() == 0


def test_staff_cannot_touch_operators_nor_lock_itself_out(official, signed_in):
    staff, operator = official("staff"), official("operator")
    desk = signed_in(staff)
    assert desk.post(f"/desk/people/{operator.pk}/deactivate/").status_code == 403
    own = Assignment.objects.get(user=staff)
    for path in (f"{staff.pk}/deactivate/", f"{staff.pk}/roles/{own.pk}/remove/"):
        desk.post("/desk/people/" + path)
    staff.refresh_from_db()
    assert (staff.is_active, staff.assignments.count()) == (True, 1)
    assert User.objects.get(pk=operator.pk).is_active
