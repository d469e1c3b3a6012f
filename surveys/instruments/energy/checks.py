"""Numbered checks of the energy instrument: figures in, findings out, nothing else.

Every function takes a Material (definition, the check's own entry with its parameters, the frame, history,
denominators) and returns issues; it raises Skipped where it has nothing to compare with. Work is done on whole
arrays (cube.py); only findings touch single rows. A published function never changes: a new rule is a new number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from surveys.definition.said import fill, frame, say
from surveys.instruments.energy.cube import Cube
from surveys.instruments.energy.deducted import deducted_1
from surveys.instruments.energy.findings import at, cube, finding, grouped, months, name, per_unit, source
from surveys.instruments.energy.peers import peer_range_1
from surveys.instruments.energy.slips import unit_slip_1
from surveys.instruments.energy.yearly import (
    denominator_change_1,
    denominator_change_2,
    indicator_range_1,
    multiplier_1,
    year_on_year_1,
)
from surveys.instruments.figures import KEY
from surveys.instruments.material import Issue, Material, Skipped

# what is said of a figure without its other half: nowhere in the file, or in some months
NO_COST = (
    frame("{where} {name}有用量，整份文件没有费用。"),
    frame("{where} {name}有用量，{months}没有费用。"),
)
NO_QUANTITY = (
    frame("{where} {name}有费用，整份文件没有用量。"),
    frame("{where} {name}有费用，{months}没有用量。"),
)
EVEN = frame("{where} 起，{name}各月等差，像是推算的。")
SAME = frame("{where} 起，{name}连续 {n} 个月是同一个数，像是平摊或复制。")
IN_SEASON = frame("{where} {name} {months}在采暖期却是 0。")
OFF_SEASON = frame("{where} {name} {months}不在采暖期却有数。")


def unit_price_1(m: Material) -> list[Issue]:
    """V01: cost / quantity outside the range of the definition (yuan per base unit; ranges unverified, method S36)."""
    c = cube(m)
    ranges = m.check.parameters["ranges"]
    low, high = (c.per_item({k: float(v[side]) for k, v in ranges.items()}) for side in (0, 1))
    quantity = c.value["quantity"]
    price = np.divide(c.value["cost"], quantity, out=np.full_like(quantity, np.nan), where=quantity > 0)

    def tell(row: Mapping[str, Any], i: int, js: list[int]) -> str:
        return say(
            "{where} {name} {months}的单价是 {price} {unit}，常见范围是 {low}–{high}。",
            where=at(row), name=name(m, row), months=months(c, js), price=f"{price[i, js[0]]:.2f}",
            unit=per_unit(m, row["item"]), low=f"{low[i, 0]:g}", high=f"{high[i, 0]:g}",
        )  # fmt: skip

    return grouped(m, c, "unit_price", (price < low) | (price > high), tell)


def matching_1(m: Material) -> list[Issue]:
    """V05: quantity without cost or cost without quantity; heated area without any heating energy (S36)."""
    c = cube(m, full=True)
    paired = np.isin(c.items, list(m.check.parameters["pairs"]))[:, None]
    placed = _placed(m, c)
    found = []
    for have, lack, (everywhere, there) in (("quantity", "cost", NO_COST), ("cost", "quantity", NO_QUANTITY)):
        gone = paired & (c.value[have] > 0) & np.isnan(c.value[lack]) & ~placed[lack]
        never = {item for item in set(c.items) if not (~np.isnan(c.value[lack][c.items == item])).any()
                 and not placed[lack][c.items == item].any()}  # fmt: skip
        told: set[str] = set()
        for i in np.flatnonzero(gone.any(axis=1)):
            item = c.series[i][1]
            if item in told:
                continue
            js = np.flatnonzero(gone[i]).tolist()
            row = c.at(have, i, js[0])
            told |= {item} & never
            about = {"where": at(row), "name": name(m, row)}
            text = fill(everywhere, **about) if item in never else fill(there, **about, months=months(c, js))
            found.append(finding(m, "unmatched", row, text, cells=c.cells(have, i, js)))
    return found + _heated_without_heat(m)


def _placed(m: Material, c: Cube) -> dict[str, np.ndarray]:
    """Where a figure is known to be missing or was already reported: no second finding there."""
    placed = {
        measure: np.zeros((len(c.series), len(c.months)), dtype=bool) for measure in ("quantity", "cost")
    }
    rows = {s: i for i, s in enumerate(c.series)}
    columns = {p: j for j, p in enumerate(c.months)}
    columns_of = [m.frame[name] for name in KEY]
    empty = [tuple(column[p] for column in columns_of) for p in np.flatnonzero(np.isnan(m.frame.value))]
    for facility, item, measure, period in (*empty, *m.asked):
        i, j = rows.get((facility, item)), columns.get(period)
        if i is not None and j is not None and measure in placed:
            placed[measure][i, j] = True
    return placed


def _heated_without_heat(m: Material) -> list[Issue]:
    area = [d for d in m.denominators if d["key"] == "heated_area" and float(d["value"]) > 0]
    items = set(m.check.parameters["energy_for_heated_area"]) - {"electricity"}
    c = cube(m, full=True)
    used = np.isin(c.items, list(items))[:, None] & (c.value["quantity"] > 0)
    if not area or used.any():
        return []
    text = say("填了采暖面积，但热力、供热面积、天然气、煤炭都没有数。")
    return [Issue("heated_without_heat", m.check.tier, None, None, text, m.check.remedy, m.check.id)]


def cumulative_1(m: Material) -> list[Issue]:
    """V07: every month larger than the one before: meter readings instead of consumption.

    A short series must also grow; `long_months` of them rising without exception are enough by themselves. Figures in
    even steps are left to V09, which has the likelier cause.
    """
    c = cube(m)
    if not c.series:
        return []
    values = c.value["quantity"]
    # the largest figure so far, gaps left out: a series rises while each figure is above it
    so_far = np.fmax.accumulate(values, axis=1)
    rises = ~(values[:, 1:] <= so_far[:, :-1]).any(axis=1)
    count = (~np.isnan(values)).sum(axis=1)
    first = values[np.arange(len(values)), c.first]
    growth = np.divide(so_far[:, -1], first, out=np.zeros(len(values)), where=first > 0)
    short = (count >= m.number("least_months")) & (growth >= m.number("growth"))
    found = []
    for i in np.flatnonzero(rises & ~_even(values) & (short | (count >= m.number("long_months")))).tolist():
        row = c.at("quantity", i, c.first[i])
        text = say("{where} 起，{name}逐月只增不减，像是表底读数。", where=at(row), name=name(m, row))
        found.append(finding(m, "cumulative", row, text))
    return found


def heating_season_1(m: Material) -> list[Issue]:
    """V08: seasonal items with zero in their season or a figure outside it."""
    c = cube(m)
    quantity = c.value["quantity"]
    found = []
    for item in (i for i in m.definition.items if i.seasonal):
        own = (c.items == item.key)[:, None]
        inside = np.isin(c.month, m.definition.seasons[item.seasonal])[None, :]
        for kind, mask, what in (("season_zero", own & inside & (quantity == 0), IN_SEASON),
                                 ("off_season", own & ~inside & (quantity > 0), OFF_SEASON)):  # fmt: skip

            def tell(row: Mapping[str, Any], i: int, js: list[int], what: str = what) -> str:
                return fill(what, where=at(row), name=name(m, row), months=months(c, js))

            found += grouped(m, c, kind, mask, tell)
    return found


def flat_or_vacation_1(m: Material) -> list[Issue]:
    """V09: the same figure in consecutive months, figures in even steps, no drop in the holidays."""
    c = cube(m)
    return [*_same(m, c), *_vacation(m, c)] if c.series else []


def _same(m: Material, c: Cube) -> list[Issue]:
    values, least = c.value["quantity"], int(m.check.parameters["same_months"])
    steps = np.diff(values, axis=1)
    run = longest = np.zeros(len(values), dtype=int)
    for equal in ((steps == 0) & (values[:, 1:] > 0)).T:
        run = np.where(equal, run + 1, 0)
        longest = np.maximum(longest, run)
    even = _even(values)
    found = []
    for i in np.flatnonzero((longest >= least - 1) | even).tolist():
        row = c.at("quantity", i, c.first[i])
        told = {"where": at(row), "name": name(m, row)}
        if not even[i]:
            told["n"] = int(longest[i]) + 1
        found.append(finding(m, "flat", row, fill(EVEN if even[i] else SAME, **told)))
    return found


def _even(values: np.ndarray) -> np.ndarray:
    """Per series whether its figures go in one step from month to month, over six months or more."""
    if values.shape[1] < 6:
        return np.zeros(len(values), dtype=bool)
    steps = np.diff(values, axis=1)
    first = steps[:, :1]
    return ((np.abs(steps - first) <= 1e-8 + 1e-9 * np.abs(first)) & (steps != 0)).all(axis=1)


def _vacation(m: Material, c: Cube) -> list[Issue]:
    values, column = c.value["quantity"], {int(n): j for j, n in enumerate(c.month)}
    high = np.zeros(values.shape, dtype=bool)
    for month, (before, after) in {2: (1, 3), 7: (6, 9), 8: (6, 9)}.items():
        if {month, before, after} <= set(column):
            usual = (values[:, column[before]] + values[:, column[after]]) / 2
            high[:, column[month]] = values[:, column[month]] > usual * m.number("vacation_ratio")
    high &= np.isin(c.items, list(m.check.parameters["vacation_items"]))[:, None]

    def tell(row: Mapping[str, Any], i: int, js: list[int]) -> str:
        return say(
            "{where} {name} {months}是假期，却比前后的月份高。", where=at(row), name=name(m, row),
            months=months(c, js),
        )  # fmt: skip

    return grouped(m, c, "vacation", high, tell)


def adding_up_1(m: Material) -> list[Issue]:
    """V10: the facilities together above the whole; for water, more than `balance` of the whole unaccounted for."""
    c = cube(m)
    wholes = {item: i for i, (facility, item) in enumerate(c.series) if not facility}
    found: list[Issue] = []
    for item, i in wholes.items():
        parts = [k for k, (facility, other) in enumerate(c.series) if facility and other == item]
        for measure in ("quantity", "cost") if parts else ():
            found += _against_whole(m, c, measure, i, c.value[measure][parts])
    return found


def _against_whole(m: Material, c: Cube, measure: str, i: int, parts: np.ndarray) -> list[Issue]:
    whole, sums = c.value[measure][i], np.nansum(parts, axis=0)
    some = ~np.isnan(parts).all(axis=0) & ~np.isnan(whole)
    found = []
    for j in np.flatnonzero(some & (sums > whole * (1 + m.number("relative")) + 0.01)):
        row = c.at(measure, i, j)
        text = say(
            "{where} {period} {name}全校是 {whole}，各楼相加是 {sum}，大于全校。", where=source(row),
            period=row["period"], name=name(m, row), whole=f"{whole[j]:g}", sum=f"{sums[j]:g}",
        )  # fmt: skip
        found.append(finding(m, "parts_over_whole", row, text, expected=f"{sums[j]:.10g}"))
    if c.series[i][1] == "water" and measure == "quantity":
        for j in np.flatnonzero(some & (sums < whole * (1 - m.number("balance")))):
            row = c.at(measure, i, j)
            text = say(
                "{where} {period} 全校用水比各楼相加多 {share}，可能漏损。", where=source(row), period=row["period"],
                share=f"{1 - sums[j] / whole[j]:.0%}",
            )  # fmt: skip
            found.append(finding(m, "water_balance", row, text, "info"))
    return found


def heat_is_area_1(m: Material) -> list[Issue]:
    """B05: heat that is about as large as an area of the university: the area was typed into the column of heat."""
    areas = [float(d["value"]) for d in m.denominators if d["key"] in m.check.parameters["areas"]]
    c = cube(m)
    quantity = c.value["quantity"]
    known = quantity[np.isin(c.items, list(m.check.parameters["area_items"]))]
    areas = sorted({a for a in (*areas, *known[~np.isnan(known)].tolist()) if a > 0})
    if not areas:
        raise Skipped(say("没有面积"))
    near = np.zeros(quantity.shape, dtype=bool)
    for area in areas:
        near |= np.abs(quantity / area - 1) <= m.number("near")
    near &= np.isin(c.items, list(m.check.parameters["items"]))[:, None]

    def tell(row: Mapping[str, Any], i: int, js: list[int]) -> str:
        return say(
            "{where} {name} {months}填的是 {value}，和建筑面积或供热面积差不多，像是把面积填到了热量里。",
            where=at(row), name=name(m, row), months=months(c, js), value=row["exact"],
        )  # fmt: skip

    return grouped(m, c, "heat_is_area", near, tell)


CHECKS: dict[str, Callable[[Material], list[Issue]]] = {
    "unit_price@1": unit_price_1,
    "year_on_year@1": year_on_year_1,
    "denominator_change@1": denominator_change_1,
    "denominator_change@2": denominator_change_2,
    "indicator_range@1": indicator_range_1,
    "matching@1": matching_1,
    "unit_slip@1": unit_slip_1,
    "cumulative@1": cumulative_1,
    "heating_season@1": heating_season_1,
    "flat_or_vacation@1": flat_or_vacation_1,
    "adding_up@1": adding_up_1,
    "multiplier@1": multiplier_1,
    "heat_is_area@1": heat_is_area_1,
    "peer_range@1": peer_range_1,
    "deducted@1": deducted_1,
}
