"""How items, units, periods and places are written on the pages of the review. Names come from the definition."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.definition import Definition

UNITS = {"CNY": "元"}
POWERS = (("m2", "m²"), ("m3", "m³"), ("CO2", "CO₂"))


def unit_name(unit: str) -> str:
    """A unit as people write it: `kgce/m2` → `kgce/m²`, `CNY` → `元`."""
    unit = UNITS.get(unit, unit)
    for plain, written in POWERS:
        unit = unit.replace(plain, written)
    return unit


def figure_name(definition: Definition, item: str, measure: str) -> str:
    """`电力` for a quantity, `电力费用` for another measure; the keys where the definition does not know them."""
    names = {i.key: i.name for i in definition.items} | {d.key: d.name for d in definition.denominators}
    measures = {m.key: m.name for m in definition.measures}
    first = definition.measures[0].key if definition.measures else measure
    return names.get(item, item) + ("" if measure in ("", first) else measures.get(measure, measure))


def figure_unit(definition: Definition, item: str, measure: str) -> str:
    """The unit in which a figure is sealed; '' where the definition does not know it."""
    try:
        return unit_name(definition.unit_of(item, measure))
    except KeyError:
        return ""


def period_name(period: str) -> str:
    """`2024-03` → `3月`, `2024-Q1` → `1季度`; anything else as it is."""
    _year, _dash, part = period.partition("-")
    if part.isdigit() and len(part) == 2:
        return _("%(month)s月") % {"month": int(part)}
    if part[:1] == "Q":
        return _("%(quarter)s季度") % {"quarter": part[1:]}
    return period


def place_name(definition: Definition, cell: str, facilities: dict[str, str]) -> str:
    """What a question is about: `facility|item|measure|period` → `梅园 3 号楼 电力 7月`; '' for the whole filing."""
    facility, item, measure, period = (*cell.split("|"), "", "", "")[:4] if cell else ("", "", "", "")
    parts = [facilities.get(facility, facility), figure_name(definition, item, measure), period_name(period)]
    return " ".join(part for part in parts if part)
