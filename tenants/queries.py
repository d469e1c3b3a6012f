"""Reading universities and the places a person can work at."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AssociationRole
from accounts.queries import roles_of
from tenants.models import Membership, University, UniversityState


@dataclass(frozen=True)
class Desk:
    """A place where a person works: a university, or an area of the association."""

    label: str
    url: str


def desks_of(user) -> list[Desk]:
    """Every place the person can work at: universities in pinyin order, then the association's areas."""
    memberships = Membership.objects.filter(user=user, university__state=UniversityState.ACTIVE)
    pairs = memberships.values_list("university__name", "university__code").order_by("university__pinyin_key")
    desks = [Desk(name, reverse("filings:home", args=[code])) for name, code in dict.fromkeys(pairs)]
    roles = roles_of(user)
    if roles & {AssociationRole.STAFF, AssociationRole.SECRETARY}:
        desks.append(Desk(_("协会工作台"), reverse("desk:home")))
    if AssociationRole.COMMISSION in roles:
        desks.append(Desk(_("全市对标"), reverse("benchmarks:overview")))
    if roles & {AssociationRole.STAFF}:
        desks.append(Desk(_("网站内容"), reverse("wagtailadmin_home")))
    if AssociationRole.OPERATOR in roles:
        desks.append(Desk(_("运维后台"), reverse("admin:index")))
    return desks


def known_universities() -> dict[str, str]:
    """Every name and alias of every university → its code; how intake tells whose workbook it is."""
    names = dict(University.objects.values_list("name", "code"))
    names |= dict(University.objects.values_list("aliases__alias", "code").exclude(aliases__alias=None))
    return names
