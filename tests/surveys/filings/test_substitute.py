"""A substitute signs: the page says for whom, the seal keeps it, four eyes hold."""

import datetime

import pytest
from django.utils import timezone

from surveys.filings.errors import FilingError
from surveys.submissions.printed.form import content
from tenants.actors import resolve_actor
from tenants.context import in_public, in_university
from tenants.models import University
from tenants.substitutions import name_substitute

from .conftest import person
from .helpers import fill
from .test_amendment import running, text_of  # noqa: F401  a fixture
from .test_life import sign, submit
from .test_pages import browser, page

pytestmark = pytest.mark.django_db


def named(user, approver):
    """The user as the approver's substitute for a week."""
    today = timezone.localdate()
    with in_public():
        name_substitute(
            university=University.objects.get(code="alpha"),
            principal=approver,
            substitute=user,
            starts_on=today,
            ends_on=today + datetime.timedelta(days=6),
            reason="7 月休假",
            actor_id=approver.pk,
            now=timezone.now(),
        )
        user.actor = resolve_actor(user, "alpha")
    return user


@pytest.fixture
def substitute(filing, approver):
    with in_public():
        user = person("alpha", "correspondent", name="白露")
    return named(user, approver)


def test_the_seal_says_who_signed_for_whom(filing, clerk, approver, round_, substitute):
    fill(filing, round_, clerk.actor)
    submit(filing, clerk)
    seal = sign(filing, substitute)
    said = seal.declared["signed_for"]
    assert (seal.sealed_by_name, said["name"], said["by"], said["id"], said["reason"]) == (
        "白露",
        "周予安",
        "白露",
        approver.pk,
        "7 月休假",
    )
    with in_public():
        assert content(seal)["declared"] == ["由白露代周予安签发。原因：7 月休假"]


def test_a_substitute_who_wrote_does_not_sign(filing, clerk, approver, round_):
    named(clerk, approver)
    assert clerk.actor.may("filings.sign")
    fill(filing, round_, clerk.actor)
    submit(filing, clerk)
    with pytest.raises(FilingError, match="不能签发：这一版里有你经手的数值"):
        sign(filing, clerk)


def test_an_approver_who_signs_is_nobodys_substitute(filing, clerk, approver, round_):
    fill(filing, round_, clerk.actor)
    submit(filing, clerk)
    assert "signed_for" not in sign(filing, approver).declared


def test_the_signing_page_and_the_seals_page_say_it(running, clerk, approver):  # noqa: F811
    from surveys.filings import operations

    user = named(person("alpha", "correspondent", name="白露"), approver)
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, running, clerk.actor)
        submit(filing, clerk)
    theirs = browser(user)
    assert "去签发" not in text_of(browser(clerk).get(page("home")))
    signing = theirs.get(page("sign", "energy-2024"))
    assert "你代周予安签发" in text_of(signing)
    revision = signing.context["filing"].revision
    sealed = text_of(theirs.post(page("sign", "energy-2024"), {"revision": revision}, follow=True))
    assert "由白露代周予安签发" in sealed
