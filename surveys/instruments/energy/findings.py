"""How the checks say what they found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from surveys.definition.said import Term, frame, listing, made, say, term, unit_term
from surveys.instruments.energy.cube import Cube, build
from surveys.instruments.material import Issue, Material

PLACED = frame("{place}{item}")
TYPED = say("手工填的")


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
    check = m.check
    # every field in its order: half the time of naming them
    return Issue._make((
        kind, severity or check.tier, row["sheet"], row["cell"], message, check.remedy, check.id,
        row["facility"], row["item"], row["measure"], row["period"], row["exact"], expected, fix, cells,
    ))  # fmt: skip


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
    """Facility and item as people say them: 行政楼电力; made once for all checks."""
    key = row["facility"], row["item"]
    said = m.cache.get(key)
    if said is None:
        said = m.cache[key] = _name(m, *key)
    return said


def _name(m: Material, facility: str, item: str) -> str:
    own = m.cache.get(item) or m.cache.setdefault(item, term(m.definition.item(item).name))
    if not facility:
        return own
    place = m.facilities.get(facility)
    called = place.name if place else facility
    # as `fill` would make it, at half the price: a large file names a thousand series
    return made(called + own, PLACED, {"place": called, "item": own})


def per_unit(m: Material, item: str) -> Term:
    """The unit of a price: 元/kWh."""
    return unit_term(f"{m.definition.unit_label('CNY')}/{m.definition.item(item).unit}")


def at(row: Mapping[str, Any]) -> str:
    """Where: “Sheet1”表 B5; for a row that came from no sheet only its period."""
    return say("“{sheet}”表 {cell}", sheet=row["sheet"], cell=row["cell"]) if row["sheet"] else row["period"]


def source(row: Mapping[str, Any]) -> str:
    """Where, beside the period: “Sheet1”表 B5, or that a hand typed it."""
    return at(row) if row["sheet"] else TYPED


def months(c: Cube, js: list[int]) -> str:
    """Columns of the cube as 2、7、8 月; made once for all findings."""
    key = tuple(js)
    if key not in c.told:
        names = listing([c.month_names[j] for j in js])
        several = len(js) > 1
        c.told[key] = say("{months} 月", months=names) if several else say("{month} 月", month=names[0])
    return c.told[key]
