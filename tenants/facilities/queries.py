"""Reading the register. Inside a university only."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from tenants.facilities.models import Campus, Facility
from tenants.names import split_aliases


@dataclass(frozen=True)
class FacilityRef:
    """A facility as other rooms see it: plain data. `floor_area` in m², None when unknown."""

    code: str
    name: str
    campus: str
    aliases: tuple[str, ...]
    kind: str
    building_type: str
    floor_area: Decimal | None


def facility_refs(*, active_only: bool = True) -> tuple[FacilityRef, ...]:
    """The register as plain data, by campus and code."""
    rows = Facility.objects.select_related("campus")
    if active_only:
        rows = rows.filter(is_active=True)
    return tuple(
        FacilityRef(
            row.code,
            row.name,
            row.campus.name,
            tuple(split_aliases(row.aliases)),
            row.kind,
            row.building_type,
            row.floor_area,
        )
        for row in rows
    )


def search(text: str = "", campus: str = "", kind: str = "", state: str = "active") -> QuerySet[Facility]:
    """Facilities whose name, alias or code contains the text; `state` is active, inactive or all."""
    rows = Facility.objects.select_related("campus")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(aliases__icontains=text) | Q(code__icontains=text))
    if campus:
        rows = rows.filter(campus__code=campus)
    if kind:
        rows = rows.filter(kind=kind)
    if state in ("active", "inactive"):
        rows = rows.filter(is_active=state == "active")
    return rows


def campuses() -> QuerySet[Campus]:
    """Campuses with `in_use`, their number of active facilities."""
    return Campus.objects.annotate(in_use=Count("facilities", filter=Q(facilities__is_active=True)))
