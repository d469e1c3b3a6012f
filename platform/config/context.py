"""What every template of the house may show: whose site it is, the bars, the person."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AssociationRole, User
from accounts.queries import reach_of, roles_of
from config.navigation import area_of, bars
from tenants.inbox import inbox_of
from tenants.queries import Desk, desks_of
from ui.areas import COMMISSION, UNIVERSITY
from ui.brand import brand
from ui.formats import listed


def frame(request: HttpRequest) -> dict:
    """Context of base, work and public templates. Under /u/ it reads the Actor only, never the user."""
    context = brand(request) | {"place": "", "person": None, "home_url": "/"}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    area = area_of(request)
    desks = _desks(request)
    context |= bars(request) if area else {}
    context["person"] = _person(request, area, desks)
    context["home_url"] = _home(request, desks)
    context |= inbox_of(request)
    if area == UNIVERSITY:
        context["place"] = request.actor.university_name
    elif context.get("nav"):
        # whoever strays here from a university is not at the association
        context["place"] = _("全市对标") if area == COMMISSION else _desk_place(request.user)
    return context


def _home(request: HttpRequest, desks: list[Desk]) -> str:
    """The first page of the desk one is at; elsewhere the page that knows the way to one's own."""
    here = (desk.url for desk in desks if request.path.startswith(desk.url))
    return next(here, reverse("tenants:home"))


def _desk_place(user: User) -> str:
    """A secretary reads in the bar whose rounds the desk shows."""
    codes = sorted(reach_of(user).committees)
    return _("协会 · 专委会 %(codes)s") % {"codes": listed(codes)} if codes else _("协会")


def _person(request: HttpRequest, area: str, desks: list[Desk]) -> dict:
    here = request.path
    switches = [
        {"label": desk.label, "url": desk.url, "current": here.startswith(desk.url)} for desk in desks
    ]
    person = {
        "home_url": reverse("tenants:home"),
        "account_url": reverse("account_home"),
        "roles": switches if len(switches) > 1 else [],
    }
    if area == UNIVERSITY:
        return person | {"name": request.actor.name, "role": request.actor.role_label}
    labels = [str(AssociationRole(role).label) for role in sorted(roles_of(request.user))]
    return person | {"name": request.user.name, "role": listed(labels) if labels else ""}


def _desks(request: HttpRequest) -> list[Desk]:
    """Under /u/ the wall is up already: the middleware looked the places up before it entered."""
    if getattr(request, "actor", None):
        return request.actor_desks
    return desks_of(request.user)
