"""How the checks say what they found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from surveys.definition.said import Term, listing, say, term, unit_term
from surveys.instruments.energy.cube import Cube, build
from surveys.instruments.material import Issue, Material


def cube(m: Material, full: bool = False) -> Cube:
    """The cube of the frame (`full`: before cells in error were taken out), built once for all checks."""
    return _once(m, m.full if full and m.full is not None else m.frame)


def past_cube(m: Material) -> Cube:
    """The cube of the history, built once for all checks."""
    return _once(m, m.history)


def _once(m: Material, frame: Any) -> Cube:
    if id(frame) not in m.cache:
        m.cache[id(frame)] = build(frame)
    return m.cache[id(frame)]


def finding(
    m: Material, kind: str, row: Mapping[str, Any], message: str, severity: str = "", *, expected: str = "",
    fix: Mapping[str, Any] | None = None, cells: tuple[str, ...] = (),
) -> Issue:  # fmt: skip
    """A finding of this check at the place of `row` (sheet, cell, facility, item, measure, period, exact)."""
    return Issue(
        kind, severity or m.check.tier, row["sheet"], row["cell"], message, m.check.remedy, m.check.id,
        row["facility"], row["item"], row["measure"], row["period"], row["exact"], expected, fix, cells,
    )  # fmt: skip


def grouped(
    m: Material,
    c: Cube,
    kind: str,
    mask: np.ndarray,
    tell: Callable[[Mapping[str, Any], int, list[int]], str],
) -> list[Issue]:
    """One finding per series with its marked months, at the first of them, listing all their cells.

    `tell` makes the message from the first row, the number of the series and the marked months.
    """
    found = []
    for i in np.flatnonzero(mask.any(axis=1)).tolist():
        js = np.flatnonzero(mask[i]).tolist()
        row = c.at("quantity", i, js[0])
        found.append(finding(m, kind, row, tell(row, i, js), cells=c.cells("quantity", i, js)))
    return found


def name(m: Material, row: Mapping[str, Any]) -> str:
    """Facility and item as people say them: 行政楼电力."""
    item = term(m.definition.item(row["item"]).name)
    if not row["facility"]:
        return item
    place = m.facilities.get(row["facility"])
    return say("{place}{item}", place=place.name if place else row["facility"], item=item)


def per_unit(m: Material, item: str) -> Term:
    """The unit of a price: 元/kWh."""
    return unit_term(f"{m.definition.unit_label('CNY')}/{m.definition.item(item).unit}")


def at(row: Mapping[str, Any]) -> str:
    """Where: “Sheet1”表 B5; for a row that came from no sheet only its period."""
    return say("“{sheet}”表 {cell}", sheet=row["sheet"], cell=row["cell"]) if row["sheet"] else row["period"]


def months(c: Cube, js: list[int]) -> str:
    """Columns of the cube as 2、7、8 月."""
    names = listing([c.month_names[j] for j in js])
    return say("{months} 月", months=names) if len(js) > 1 else say("{month} 月", month=names[0])
