"""How items, units, periods and places are written on pages and papers. Names come from the definition."""

from collections.abc import Sequence

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from surveys.definition import Definition
from surveys.definition.evaluation import POINT
from ui.formats import listed, month_name

POWERS = (("m2", "m²"), ("m3", "m³"), ("CO2", "CO₂"))


def worded(definition: Definition) -> Definition:
    """The definition in the words of the reader's language, for pages and papers."""
    return definition.in_language(get_language() or "")


def title_of(definition: Definition) -> str:
    """What the instrument is called."""
    english = definition.title.get("en", "") if (get_language() or "").startswith("en") else ""
    return english or definition.title["zh"]


def unit_name(unit: str) -> str:
    """A unit as people write it: `kgce/m2` → `kgce/m²`, `CNY` → `元`, in English `kgce/人` → `kgce/person`."""
    for plain, written in POWERS:
        unit = unit.replace(plain, written)
    above, slash, below = unit.partition("/")
    if above in ("CNY", "元"):
        above = pgettext("unit", "元")
    if above == POINT:
        above = pgettext("unit", "分")
    if "人" in (above, below):
        above = pgettext("unit", "人") if above == "人" else above
        below = pgettext("per", "人") if below == "人" else below
    return above + slash + below


def item_name(definition: Definition, item: str) -> str:
    """The name of an item, a denominator or an indicator, or its key where the definition has none."""
    named = (*definition.items, *definition.denominators, *definition.indicators)
    return next((each.name for each in named if each.key == item), item)


def measure_name(definition: Definition, measure: str) -> str:
    """The measure's name, or its key."""
    return {each.key: each.name for each in definition.measures}.get(measure, measure)


def column_name(definition: Definition, item: str, measure: str) -> str:
    """`电力` for a quantity, `电力费用` for another measure."""
    first = definition.measures[0].key if definition.measures else measure
    return item_name(definition, item) if measure in ("", first) else _of(definition, item, measure)


def _of(definition: Definition, item: str, measure: str) -> str:
    names = {"item": item_name(definition, item), "measure": measure_name(definition, measure)}
    return pgettext("item and measure", "%(item)s%(measure)s") % names


def base_unit(definition: Definition, item: str, measure: str) -> str:
    """The unit a value is kept in, as people write it; '' where it is not known."""
    try:
        return unit_name(definition.unit_of(item, measure))
    except KeyError:
        return ""


def period_name(period: str) -> str:
    """`2024-03` → `3月`, `2024-Q1` → `1 季度`, `2024` → `全年`."""
    year, _sep, part = period.partition("-")
    if not part:
        return _("全年") if year else ""
    if part[0] == "Q":
        return _("%(n)s 季度") % {"n": part[1:]}
    if part in ("H1", "H2"):
        return _("上半年") if part == "H1" else _("下半年")
    return month_name(int(part[:2]))


def value_name(definition: Definition, item: str, measure: str, period: str, place: str = "") -> str:
    """`9月 电力用量`, with the building before it."""
    what = _of(definition, item, measure) if item else ""
    return " ".join(part for part in (place, period_name(period), what) if part)


def cell_name(definition: Definition, cell: str, facilities: dict[str, str]) -> str:
    """What a question is about: `facility|item|measure|period` → `梅园 3 号楼 电力 7月`; '' for the whole filing."""
    facility, item, measure, period = (*cell.split("|"), "", "", "")[:4] if cell else ("", "", "", "")
    names = (facilities.get(facility, facility), column_name(definition, item, measure), period_name(period))
    return " ".join(name for name in names if name)


def period_names(periods: Sequence[str]) -> str:
    """Periods in order as a person says them, months that follow each other as one span: `1月至4月、10月`."""
    runs: list[list[str]] = []
    for period in periods:
        if runs and _next_month(runs[-1][-1]) == period:
            runs[-1].append(period)
        else:
            runs.append([period])
    return listed(
        [month_span(run[0], run[-1]) if len(run) > 2 else listed(map(period_name, run)) for run in runs]
    )


def _next_month(period: str) -> str:
    year, _sep, month = period.partition("-")
    if not month.isdecimal():
        return ""
    return f"{year}-{int(month) + 1:02d}"


def month_span(first: str, last: str) -> str:
    """Two months as one span: 2024年3月至12月."""
    if first == last:
        return period_name(first)
    return _("%(first)s至%(last)s") % {"first": period_name(first), "last": period_name(last)}
