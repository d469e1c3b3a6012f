"""Names as the pages write them."""

from django.utils.translation import gettext as _

from surveys.definition import Definition

UNITS = {"m3": "m³", "m2": "m²", "CNY": "元", "kgce/m2": "kgce/m²", "m3/人": "m³/人", "kWh/m2": "kWh/m²"}


def unit_name(unit: str) -> str:
    """A unit as people read it: m3 → m³."""
    return UNITS.get(unit, unit)


def item_name(definition: Definition, item: str) -> str:
    """The item's name, or its key where the definition has none."""
    try:
        return definition.item(item).name
    except KeyError:
        return item


def measure_name(definition: Definition, measure: str) -> str:
    """The measure's name, or its key."""
    try:
        return definition.measure(measure).name
    except KeyError:
        return measure


def column_name(definition: Definition, item: str, measure: str) -> str:
    """`电力` for a quantity, `电力费用` for another measure."""
    first = definition.measures[0].key if definition.measures else ""
    return item_name(definition, item) + ("" if measure == first else measure_name(definition, measure))


def base_unit(definition: Definition, item: str, measure: str) -> str:
    """The unit a figure is kept in, as people read it; '' where it is not known."""
    try:
        return unit_name(definition.unit_of(item, measure))
    except KeyError:
        return ""


def period_name(period: str) -> str:
    """`2024-03` → `3月`, `2024-Q1` → `1季度`, `2024` → `全年`."""
    year, _sep, part = period.partition("-")
    if not part:
        return _("全年") if year else ""
    if part[0] == "Q":
        return _("%(n)s 季度") % {"n": part[1:]}
    if part in ("H1", "H2"):
        return _("上半年") if part == "H1" else _("下半年")
    return _("%(n)s月") % {"n": int(part[:2])}


def figure_name(definition: Definition, item: str, measure: str, period: str, place: str = "") -> str:
    """`9月 电力用量`, with the building before it."""
    what = item_name(definition, item) + measure_name(definition, measure) if item else ""
    return " ".join(part for part in (place, period_name(period), what) if part)
