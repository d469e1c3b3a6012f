"""A definition as people read it: what the desk and the public manual show of it, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from surveys.catalog.models import Instrument, Version
from surveys.catalog.names import item_name, unit_name, worded
from surveys.catalog.queries import definition_of
from surveys.definition import Check, Definition, Evaluation, Indicator, Item
from surveys.definition.evaluation import BOTH, FACILITY, SCHOOL
from ui.formats import listed, number, percent
from ui.pictures import Share

CITATION = re.compile(r"S\d+")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def kind_name(kind: str) -> str:
    """What kind of instrument it is: statistics, evaluation, register or questionnaire."""
    names = {
        "statistics": _("统计"),
        "evaluation": _("评估"),
        "register": _("台账"),
        "questionnaire": _("问卷"),
    }
    return names.get(kind, kind)


def level_name(level: str) -> str:
    """In whose filing an item is scored."""
    return {SCHOOL: _("校级"), FACILITY: pgettext("level", "单元"), BOTH: _("校级和单元，记在单元")}.get(
        level, level
    )


def filed_by(definition: Definition) -> str:
    """Who files how many of it."""
    if definition.filing_unit == "university":
        return _("每校一份")
    if definition.evaluation and definition.evaluation.has_school_level:
        return _("每个单元一份，学校层面另有一份")
    return _("每个单元一份")


def cited(source: str, sources: Mapping[str, str]) -> SafeString:
    """A citation as it is written, each source in it (S41) a link to its place in the list of sources. On an English
    page what is Chinese in it is marked so."""
    parts = re.split(f"({CITATION.pattern})", source)
    text = format_html_join("", "{}", ((_link(part) if part in sources else part,) for part in parts))
    foreign = (get_language() or "").startswith("en") and CHINESE.search(source)
    return format_html('<span lang="zh-hans">{}</span>', text) if foreign else text


def _link(source: str) -> SafeString:
    return format_html('<a href="#source-{}">{}</a>', source, source)


def shares(evaluation: Evaluation) -> list[Share]:
    """The points of each group, for the picture; each leads to its table."""
    return [
        Share(group.name, group.points, _("分"), f"#{group.key}", _items(len(group.items)))
        for group in evaluation.groups
    ]


def _items(n: int) -> str:
    return _("%(n)s 项") % {"n": n}


@dataclass(frozen=True)
class Counts:
    """How many items an evaluation has, for the university and for each facility, and how many of its parts could not
    be held against a source."""

    items: int
    school: int
    facility: int
    vetoes: int
    unverified: int


def counts(evaluation: Evaluation) -> Counts:
    """The counts at the head of an evaluation."""
    items = [item for group in evaluation.groups for item in group.items]
    school = sum(item.at_school for item in items)
    marked = sum(part.unverified for part in (*items, *evaluation.vetoes, *evaluation.grades))
    return Counts(len(items), school, len(items) - school, len(evaluation.vetoes), marked)


@dataclass(frozen=True)
class ItemLine:
    """An item of statistics with the other units it is taken in, `MWh ×1000`, and the months it is filed for, where not
    for all."""

    item: Item
    units: str
    months: str


def item_lines(definition: Definition) -> list[ItemLine]:
    """The items of statistics; none of an evaluation, which shows its tree."""
    if definition.evaluation:
        return []
    return [ItemLine(item, _others(definition, item), _months(definition, item)) for item in definition.items]


def _others(definition: Definition, item: Item) -> str:
    """The other units an item is taken in, with their factor; '' where there is none."""
    others = [(unit, factor) for unit, factor in item.accept.items() if unit != item.unit]
    return listed(f"{_written(definition, unit)} ×{factor}" for unit, factor in others) if others else ""


def _written(definition: Definition, unit: str) -> str:
    """As offices write it where the page is Chinese: kWh热; else its key."""
    english = (get_language() or "").startswith("en")
    return unit_name(unit if english else definition.units.get(unit, (unit,))[0])


def _months(definition: Definition, item: Item) -> str:
    months = definition.seasons.get(item.seasonal, ())
    return _("只在 %(months)s 月") % {"months": listed(map(str, months))} if months else ""


@dataclass(frozen=True)
class CheckLine:
    """A check with its thresholds, pairs of what is set and to what."""

    check: Check
    parameters: list[tuple[str, str]]


def check_lines(definition: Definition) -> list[CheckLine]:
    """The checks with their thresholds."""
    return [CheckLine(check, _parameters(definition, check.parameters)) for check in definition.checks]


def _parameters(definition: Definition, found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands under an item's name is a range of its own."""
    lines: list[tuple[str, str]] = []
    for key, value in found.items():
        if isinstance(value, Mapping):
            lines += [(f"{key} {item_name(definition, k)}", _range(v)) for k, v in value.items()]
        else:
            lines.append((key, _value(definition, value)))
    return lines


def _range(value: Any) -> str:
    return "–".join(map(str, value)) if isinstance(value, list) else str(value)


def _value(definition: Definition, value: Any) -> str:
    """A threshold, several of them, or items by their names."""
    if isinstance(value, list):
        return listed(item_name(definition, str(part)) for part in value)
    return str(value)


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with the name of what it is divided by and its plausible range, '' where there is none."""

    indicator: Indicator
    divided_by: str
    plausible: str


def indicator_lines(definition: Definition) -> list[IndicatorLine]:
    """The indicators in the order of the definition."""
    return [
        IndicatorLine(each, item_name(definition, each.denominator) if each.denominator else "",
                      "–".join(number(end) for end in definition.plausible.get(each.key, ())))
        for each in definition.indicators
    ]  # fmt: skip


def plausible_note(definition: Definition) -> tuple[str, bool]:
    """For whom the plausible ranges hold, and whether they could not be held against a source."""
    found = definition.body.get("plausible_ranges", {})
    return definition.say(found.get("scope", ""), get_language() or ""), bool(found.get("unverified"))


@dataclass(frozen=True)
class BoundaryLine:
    """Somebody who uses energy behind the meters, with the names of the items it is asked for."""

    boundary: Any
    items: str


def boundary_lines(definition: Definition) -> list[BoundaryLine]:
    """Whose use is asked about."""
    return [
        BoundaryLine(each, listed(item_name(definition, item) for item in each.items))
        for each in definition.boundaries
    ]


@dataclass(frozen=True)
class ReferenceLine:
    """A published value to compare with, and where it is from."""

    scope: str
    year: int
    name: str
    value: Decimal
    unit: str
    source: str


def reference_lines(definition: Definition) -> list[ReferenceLine]:
    """Published values, an indicator each."""
    units = {each.key: each.unit for each in definition.indicators}
    return [
        ReferenceLine(each.scope, each.year, item_name(definition, key), value, units.get(key, ""), each.source)
        for each in definition.reference_values
        for key, value in each.values.items()
    ]  # fmt: skip


def ratio(evaluation: Evaluation) -> str:
    """The least share of the points of its own items that a university must reach; '' where there is no such line."""
    least = evaluation.school_min_ratio
    return percent(least, 0) if least and evaluation.has_school_level else ""


@dataclass(frozen=True)
class InstrumentLine:
    """An instrument in the list of manuals, with the version to read and those before it."""

    instrument: Instrument
    kind: str
    newest: Version
    earlier: list[Version]


def line(instrument: Instrument, versions: list[Version]) -> InstrumentLine:
    """An instrument and its published versions, newest first."""
    return InstrumentLine(instrument, kind_name(instrument.kind), versions[0], versions[1:])


def rules_of(version: Version) -> frozenset[str]:
    """The public ids of a version's checks."""
    return frozenset(check.id for check in definition_of(version).checks)


def context(definition: Definition) -> dict[str, Any]:
    """What the templates of a manual read."""
    said = worded(definition)
    evaluation = said.evaluation
    found: dict[str, Any] = {
        "definition": said,
        "kind": kind_name(said.kind),
        "filed_by": filed_by(said),
        "items": item_lines(said),
        "boundaries": boundary_lines(said),
        "checks": check_lines(said),
        "indicators": indicator_lines(said),
        "plausible": plausible_note(said),
        "references": reference_lines(said),
        "evaluation": evaluation,
    }
    if evaluation:
        found |= {"shares": shares(evaluation), "counts": counts(evaluation), "least": ratio(evaluation)}
    return found
