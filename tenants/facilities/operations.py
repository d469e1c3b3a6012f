"""Writing the register. Inside a university only; every change is in the trail."""

import re

from django.db import connection, transaction

from audit.operations import record
from tenants.actors import Actor
from tenants.facilities.models import Campus, Facility, FacilityKind

PREFIXES = {
    FacilityKind.BUILDING: "B",
    FacilityKind.DORMITORY: "D",
    FacilityKind.CANTEEN: "C",
    FacilityKind.OUTLET: "S",
}


@transaction.atomic
def save_campus(*, campus: Campus, actor: Actor, fields: list[str]) -> Campus:
    """Adds or changes a campus. `fields` are the names of what changed. Raises IntegrityError for a taken name."""
    new = campus.pk is None
    campus.save()
    _record("campus", campus.code, "added" if new else "changed", actor, fields)
    return campus


@transaction.atomic
def save_facility(*, facility: Facility, actor: Actor, fields: list[str]) -> Facility:
    """Adds or changes a facility; without a code it gets the next of its kind. `fields` are the names of what changed.
    Raises ValueError when the code of an existing one changed: observations and seals name it."""
    new = facility.pk is None
    if new:
        facility.code = facility.code or next_code(facility.kind)
    elif not Facility.objects.filter(pk=facility.pk, code=facility.code).exists():
        raise ValueError("the code of a facility never changes")
    facility.save()
    _record("facility", facility.code, "added" if new else "changed", actor, fields)
    return facility


@transaction.atomic
def set_active(*, facility: Facility, active: bool, actor: Actor) -> None:
    """Takes a facility out of use or back. It is never deleted: earlier filings name it."""
    facility.is_active = active
    facility.save(update_fields=["is_active"])
    _record("facility", facility.code, "activated" if active else "deactivated", actor, ["is_active"])


def next_code(kind: str) -> str:
    """The first free code of a kind: B01, B02, … Until the caller's transaction ends nobody else gets one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(3, hashtext(current_schema()))")
    prefix = PREFIXES[FacilityKind(kind)]
    taken = Facility.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(m[1]) for m in (re.fullmatch(rf"{prefix}(\d{{1,6}})", code) for code in taken) if m]
    return f"{prefix}{max(numbers, default=0) + 1:02}"


def _record(kind: str, code: str, verb: str, actor: Actor, fields: list[str]) -> None:
    record(
        actor_id=actor.id,
        university_code=actor.university_code,
        action=f"{kind}.{verb}",
        object_type=kind,
        object_id=code,
        fields=fields,
    )
