"""Collects what the apps list in their navigation.py and shows each person the bar of the area they are in."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse

from accounts.queries import roles_of
from ui.areas import COMMISSION, DESK, UNIVERSITY, Place
from ui.navigation import Entry, mark_current

# how many places fit side by side at 390 px
BOTTOM = 5


@cache
def places() -> tuple[Place, ...]:
    """Every place of every installed app, in order."""
    found: list[Place] = []
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.navigation") and not config.name.startswith(("django", "wagtail", "ui")):
            found += getattr(import_module(f"{config.name}.navigation"), "PLACES", ())
    return tuple(sorted(found, key=lambda place: place.order))


def area_of(request: HttpRequest) -> str:
    """The area a request is in, '' for the public site. The messages of people of the association belong to the area
    they work in."""
    if getattr(request, "actor", None):
        return UNIVERSITY
    for prefix, area in (("/desk/", DESK), ("/benchmarks/", COMMISSION)):
        if request.path.startswith(prefix):
            return area
    if request.path.startswith(reverse("tenants:notices")):
        return _area_of_work(roles_of(request.user))
    return ""


def _area_of_work(roles: frozenset[str]) -> str:
    if roles & {"staff", "secretary"}:
        return DESK
    return COMMISSION if "commission" in roles else ""


def bars(request: HttpRequest) -> dict[str, list[Entry]]:
    """`nav` and `bottom_nav` of the request's area; `more_nav` is what a phone finds in the person's menu because the
    bottom has room for five: those marked for it, and all if no more than five."""
    area = area_of(request)
    visible = [place for place in places() if place.area == area and _may_see(request, place)]
    top = mark_current([_entry(request, place) for place in visible], request.path)
    labels = {str(place.label) for place in visible if place.phone or len(visible) <= BOTTOM}
    bottom = [entry for entry in top if str(entry.label) in labels][:BOTTOM]
    return {"nav": top, "bottom_nav": bottom, "more_nav": [entry for entry in top if entry not in bottom]}


def _may_see(request: HttpRequest, place: Place) -> bool:
    if not place.needs:
        return True
    if place.area == UNIVERSITY:
        return request.actor.may(place.needs)
    return not roles_of(request.user).isdisjoint(place.needs)


def _entry(request: HttpRequest, place: Place) -> Entry:
    arguments = [request.actor.university_code] if place.area == UNIVERSITY else []
    count = place.count(request) if place.count else 0
    return Entry(place.label, reverse(place.url_name, args=arguments), place.icon, count)
