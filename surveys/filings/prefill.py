"""What the association knows of the university's size, offered where the filing has no number yet."""

from __future__ import annotations

from decimal import Decimal

from surveys.catalog.models import Round
from surveys.definition import Definition
from surveys.filings.periods import year_of
from tenants.models import UniversityYear

# denominator → how it follows from the recorded sizes. The calibre is the one the record itself has.
SOURCES = {
    "headcount": lambda size: Decimal(size.students + size.staff),
    "standard_headcount": lambda size: Decimal(size.students) + Decimal(size.staff) / 2,
    "floor_area": lambda size: size.floor_area,
    "heated_area": lambda size: size.heated_area,
}
CALIBRES = {
    "headcount": "enrolled",
    "standard_headcount": "db37_4452",
    "floor_area": "gross",
    "heated_area": "actual",
}


def offered_denominators(
    round: Round, definition: Definition, university_code: str
) -> dict[str, tuple[Decimal, str]]:
    """Denominator key → (value, calibre) from the recorded sizes of the round's year; empty without a record."""
    sizes = UniversityYear.objects.filter(
        university__code=university_code, year=year_of(round.period) or 0
    ).first()
    if sizes is None:
        return {}
    calibres = {d.key: {c.key for c in d.calibres} for d in definition.denominators}
    found = {key: (source(sizes), CALIBRES[key]) for key, source in SOURCES.items() if key in calibres}
    return {key: pair for key, pair in found.items() if pair[0] > 0 and pair[1] in calibres[key]}
