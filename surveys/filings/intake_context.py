"""What intake is told before it opens a university's workbook. Called inside the university."""

from __future__ import annotations

from surveys.catalog.models import Round
from surveys.catalog.peers import peers_of
from surveys.filings import queries
from surveys.filings.models import Filing
from surveys.intake import Context, FacilityRef
from tenants.facilities import queries as register
from tenants.facilities.models import Facility
from tenants.models import University
from tenants.queries import known_universities


def context_of(round: Round, filing: Filing | None, university_code: str, unit: str = "") -> Context:
    """The intake context of one filing: names, register, remembered mapping, own history and denominators."""
    university = University.objects.get(code=university_code)
    names = (university.name, *university.aliases.values_list("alias", flat=True))
    others = {name: code for name, code in known_universities().items() if code != university_code}
    return Context(
        definition=queries.definition_of(round),
        university_names=tuple(dict.fromkeys(names)),
        known_universities=others,
        period=round.period,
        facilities=facility_refs(),
        mapping=queries.remembered_mapping(round.version.instrument_id),
        history=queries.history_frame(round, unit),
        denominators=queries.denominator_rows(round, filing, unit),
        peers=peers_of(round.version.instrument_id, university_code, round.period),
    )


def facility_refs() -> tuple[FacilityRef, ...]:
    """The register of the university as intake takes it."""
    return tuple(
        FacilityRef(
            id=place.code,
            name=place.name,
            campus=place.campus,
            aliases=place.aliases,
            type=place.building_type,
            area=None if place.floor_area is None else float(place.floor_area),
        )
        for place in register.facility_refs()
    )


def facility_snapshot(codes: set[str]) -> list[dict]:
    """The facilities named by the rows, as they stand now: what a seal keeps of them."""
    rows = Facility.objects.filter(code__in=codes).select_related("campus").order_by("code")
    return [
        {
            "id": row.code,
            "name": row.name,
            "campus": row.campus.name,
            "type": row.building_type,
            "area": None if row.floor_area is None else format(row.floor_area.normalize(), "f"),
        }
        for row in rows
    ]
