"""Somebody signs for an approver: within the days, under four eyes, and nobody else does."""

import datetime

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from notices.models import Notice
from notices.queries import inbox
from tenants.actors import resolve_actor
from tenants.inbox import whose
from tenants.mailing import recipients
from tenants.models import Membership, Substitution, University
from tenants.operations import remove_member
from tenants.substitutions import SubstitutionError, candidates, end_substitution, name_substitute

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate()
NOW = timezone.now()
PAGE = "/me/people/alpha/substitutes/"


def alpha() -> University:
    return University.objects.get(code="alpha")


def name(principal, substitute, first=TODAY, last=TODAY + 6 * DAY, reason="7 月休假") -> Substitution:
    return name_substitute(
        university=alpha(),
        principal=principal,
        substitute=substitute,
        starts_on=first,
        ends_on=last,
        reason=reason,
        actor_id=principal.pk,
        now=NOW,
    )


@pytest.fixture
def approver(member):
    member("approver", email="other@alpha.example", name="沈昭宁")
    return member("approver", name="周予安")


@pytest.fixture
def clerk(member):
    return member("clerk", name="林知行")


def may_sign(user) -> bool:
    return resolve_actor(user, "alpha").may("filings.sign")


def test_the_substitute_may_sign_and_nothing_else_of_an_approver(approver, clerk):
    assert not may_sign(clerk)
    name(approver, clerk)
    actor = resolve_actor(clerk, "alpha")
    assert actor.may("filings.sign")
    assert not actor.may("people.manage")
    assert (actor.signs_for.name, actor.signs_for.until, actor.roles) == (
        "周予安",
        TODAY + 6 * DAY,
        {"clerk"},
    )
    clerk.refresh_from_db()
    assert clerk.second_factor_required
    assert AuditEntry.objects.filter(action="substitution.named", university_code="alpha").count() == 1


@pytest.mark.parametrize(
    ("first", "last", "may"),
    [
        (TODAY, TODAY, True),
        (TODAY - 3 * DAY, TODAY, True),
        (TODAY + DAY, TODAY + 2 * DAY, False),
        (TODAY - 3 * DAY, TODAY - DAY, False),
    ],
)
def test_it_holds_on_its_days_and_ends_by_itself(approver, clerk, first, last, may):
    made = name(approver, clerk)
    Substitution.objects.filter(pk=made.pk).update(starts_on=first, ends_on=last)
    assert may_sign(clerk) == may


def test_ended_early_it_ends_at_once(approver, clerk):
    made = name(approver, clerk)
    for _turn in range(2):
        end_substitution(substitution=made, actor_id=approver.pk, now=NOW)
    assert not may_sign(clerk)
    assert AuditEntry.objects.filter(action="substitution.ended").count() == 1


def test_it_holds_no_longer_than_the_represented_is_an_approver(approver, clerk):
    name(approver, clerk)
    remove_member(membership=Membership.objects.get(user=approver), actor_id=None)
    assert not may_sign(clerk)


def test_it_holds_no_longer_than_the_represented_has_an_account(approver, clerk):
    name(approver, clerk)
    approver.is_active = False
    approver.save()
    assert not may_sign(clerk)


def test_it_holds_at_the_own_university_only(approver, clerk, member):
    member("clerk", "beta", email=clerk.email)
    name(approver, clerk)
    assert not resolve_actor(clerk, "beta").may("filings.sign")
    stranger = member("clerk", "beta")
    with pytest.raises(SubstitutionError, match="本校在用的人员"):
        name(approver, stranger)


def test_an_approver_needs_no_substitution_and_is_no_candidate(approver, member):
    other = member("approver", email="third@alpha.example")
    assert other not in candidates(alpha())
    with pytest.raises(SubstitutionError, match="自己不是审核人"):
        name(approver, other)


@pytest.mark.parametrize(
    ("first", "last", "reason", "text"),
    [
        (TODAY, TODAY - DAY, "x", "结束日不能早于"),
        (TODAY - 9 * DAY, TODAY - DAY, "x", "已经过去"),
        (TODAY, TODAY + 92 * DAY, "x", "最多 92 天"),
        (TODAY, TODAY, " ", "写明原因"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(approver, clerk, first, last, reason, text):
    with pytest.raises(SubstitutionError, match=text):
        name(approver, clerk, first, last, reason)


def test_two_for_the_same_approver_do_not_overlap_and_the_same_twice_is_one(approver, clerk, member):
    assert name(approver, clerk) == name(approver, clerk)
    other = member("correspondent", name="白露")
    with pytest.raises(SubstitutionError, match="已经有人代签"):
        name(approver, other, TODAY + 2 * DAY, TODAY + 9 * DAY)
    name(approver, other, TODAY + 7 * DAY, TODAY + 9 * DAY)


def test_what_waits_for_an_approver_reaches_the_substitute(approver, clerk, rf):
    told = Notice.objects.create(university_code="alpha", role="approver", subject="等你签发")
    assert clerk not in recipients(told)
    name(approver, clerk)
    assert {approver.name, clerk.name} <= {user.name for user in recipients(told)}
    request = rf.get("/u/alpha/")
    request.user, request.actor = clerk, resolve_actor(clerk, "alpha")
    assert told in inbox(**whose(request))
    assert Notice.objects.filter(user_id=clerk.pk, subject="由你代周予安签发").count() == 1


def test_the_approver_names_and_ends_it_on_the_page(approver, clerk, signed_in):
    browser = signed_in(approver)
    assert "代签" in browser.get("/me/people/alpha/").content.decode()
    sent = {
        "principal": approver.pk,
        "substitute": clerk.pk,
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + DAY).isoformat(),
        "reason": "出差",
    }
    wrong = browser.post(PAGE, sent | {"ends_on": (TODAY - DAY).isoformat()})
    assert wrong.status_code == 400
    assert "结束日不能早于开始日" in wrong.content.decode()
    shown = browser.post(PAGE, sent, follow=True).content.decode()
    assert "已指定林知行代签，到期自动失效。" in shown
    assert "生效中" in shown
    made = Substitution.objects.get()
    ended = browser.post(f"{PAGE}{made.pk}/end/", follow=True).content.decode()
    assert "已结束" in ended
    assert signed_in(clerk).get(PAGE).status_code == 403


def test_nobody_ends_another_universitys_substitution(approver, clerk, member, signed_in):
    made = name(approver, clerk)
    stranger = member("approver", "beta")
    assert signed_in(stranger).post(f"/me/people/beta/substitutes/{made.pk}/end/").status_code == 404
    assert may_sign(clerk)
