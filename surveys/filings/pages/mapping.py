"""How the headers were read, and which want a look."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from surveys.catalog.names import base_unit, column_name, item_name, measure_name
from surveys.catalog.sentences import spoken
from surveys.definition import Definition
from surveys.filings.models import Upload
from surveys.intake.reading import NO_HEADER
from ui.formats import number


def mapping_lines(upload: Upload, definition: Definition) -> list[dict]:
    """One line per header: its text and cell, what it is taken for, the unit, and whether it is to be confirmed. Lines
    to confirm come first; `place` is the index in the report."""
    asked = set(upload.report.get("to_confirm", ()))
    lines = [
        _line(place, entry, entry["key"] in asked and not upload.mapping_confirmed, definition)
        for place, entry in enumerate(upload.report.get("mapping", ()))
    ]
    return sorted(_without_repeats(lines), key=lambda line: not line["ask"])


def _line(place: int, entry: Mapping, ask: bool, definition: Definition) -> dict:
    item, measure = entry["item"], entry["measure"]
    return {
        "place": place,
        "header": spoken(NO_HEADER, None, definition) if entry["header"] == NO_HEADER else entry["header"],
        "at": f"{entry['sheet']}!{entry['cell']}",
        "ask": ask,
        "known": bool(item),
        "value": f"{item}|{measure}",
        "meaning": f"{item_name(definition, item)} · {measure_name(definition, measure)}",
        "unit": _conversion(entry, base_unit(definition, item, measure)),
        "source": entry["source"],
        "same": (entry["key"], item, measure, entry["unit"]),
    }


def _conversion(entry: Mapping, base: str) -> str:
    """`万kWh ×10,000 = kWh`, or the unit alone where nothing is converted."""
    factor = entry["factor"]
    if factor in ("1", "", "1.0"):
        return base
    return _("%(unit)s ×%(factor)s = %(base)s") % {
        "unit": entry["unit"],
        "factor": number(factor),
        "base": base,
    }


def _without_repeats(lines: list[dict]) -> list[dict]:
    """The same header on twelve sheets is one line."""
    seen: dict[tuple, dict] = {}
    for line in lines:
        first = seen.setdefault(line["same"], {**line, "times": 0})
        first["times"] += 1
    return list(seen.values())


def options_of(definition: Definition) -> list[tuple[str, str]]:
    """Everything a header can mean: (item|measure, words)."""
    return [
        (f"{item.key}|{measure.key}", column_name(definition, item.key, measure.key))
        for item in definition.items
        for measure in definition.measures
    ]


def facility_lines(upload: Upload, names: Mapping[str, str]) -> list[dict]:
    """Names in the file that the register does not have."""
    return [
        {"place": place, "name": name}
        for place, name in enumerate(upload.report.get("facilities_unknown", ()))
    ]
