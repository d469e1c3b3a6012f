"""The demo's people and places."""

from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from accounts.operations import assign
from local.city import samples
from local.city.energy import buildings_of, sizes
from local.city.people import ASSOCIATION, SUBSTITUTE, approver_name, clerk_name
from local.city.universities import FIRST, LAST, UNIVERSITIES, CityUniversity
from tenants.actors import Actor, resolve_actor
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility
from tenants.models import University
from tenants.operations import add_member, set_sizes

BUILDING_NAMES = {
    "A": "行政楼", "B": "图书馆", "C": "教学楼", "D": "科研楼", "E": "综合楼", "F": "体育馆", "G": "食堂", "H": "浴室",
    "I": "学生公寓", "M": "换热站",
}  # fmt: skip


@transaction.atomic
def create_people(*, password: str) -> None:
    """Everyone of people.py, with one password; hashed once, it is the same for all."""
    hashed = make_password(password)
    for email, name, role, committee in ASSOCIATION:
        assign(user=_person(email, name, hashed), role=role, committee_code=committee, actor_id=None)
    universities = {university.code: university for university in University.objects.all()}
    for index, place in enumerate(UNIVERSITIES):
        university = universities[place.code]
        clerk = _person(f"clerk@{place.code}.demo", clerk_name(index), hashed)
        approver = _person(f"approver@{place.code}.demo", approver_name(index), hashed)
        add_member(user=clerk, university=university, role="clerk", actor_id=None)
        add_member(user=approver, university=university, role="approver", actor_id=None)
        for year in range(FIRST, LAST + 1):
            set_sizes(university, year=year, **sizes(place, year, FIRST))
    email, name, code = SUBSTITUTE
    add_member(user=_person(email, name, hashed), university=universities[code], role="clerk", actor_id=None)


def _person(email: str, name: str, hashed: str) -> User:
    user, _ = User.objects.update_or_create(email=email, defaults={"name": name, "password": hashed})
    return user


def create_places() -> None:
    """The register of each university that files by building; the others get their main campus."""
    for place in UNIVERSITIES:
        with in_university(place.code), transaction.atomic():
            campus, _ = Campus.objects.get_or_create(code="main", defaults={"name": "主校区"})
            for code, name, letter, area in register_of(place):
                Facility.objects.get_or_create(
                    code=code,
                    defaults={
                        "name": name,
                        "campus": campus,
                        "kind": samples.KINDS.get(letter, "building"),
                        "building_type": letter,
                        "floor_area": area,
                    },
                )


def register_of(place: CityUniversity) -> list[tuple[str, str, str, int]]:
    """(code, name, type letter, m²) of a university's buildings."""
    own = samples.facility_codes(place.code)
    if own:
        share = int(place.floor_area * 0.9 / len(own))
        return [(code, name, samples.letter_of(name), share) for name, code in own.items()]
    return [
        (code, f"{BUILDING_NAMES[letter]}{code[1:]}", letter, area)
        for code, letter, area in buildings_of(place)
    ]


@cache
def actor(code: str, role: str) -> Actor:
    """The clerk or approver of a university. Call it on neutral ground."""
    return resolve_actor(User.objects.get(email=f"{role}@{code}.demo"), code)
