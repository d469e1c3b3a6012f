"""V06: figures about 10³ or 10⁴ away: kWh typed in 万kWh, yuan in 万元."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from surveys.definition.said import fill, frame, term, unit_term
from surveys.instruments.energy.cube import Cube
from surveys.instruments.energy.findings import cube, finding, name, past_cube, per_unit, source
from surveys.instruments.material import Issue, Material

PRICED = frame(
    "{where} {period} {name}{measure}是 {value} {unit}，差了约 {times} 倍，单价合 {price} {price_unit}，单位疑错。"
)
UNPRICED = frame("{where} {period} {name}{measure}是 {value} {unit}，差了约 {times} 倍，单位疑错。")


def unit_slip_1(m: Material) -> list[Issue]:
    """V06: a figure about a factor away, by its unit price or by its series (S02, S03).

    A price outside its range by about a factor, and inside it once corrected, convicts; which of quantity and cost
    is wrong is told by which one left its own series. A normal price acquits; only where quantity and cost are both
    the largest factor below their series (万kWh and 万元 in one month) a warning asks. Without a price the series
    alone decides, for steady items with at least `least_months` figures; history replaces the series where there is
    any.
    """
    c = cube(m)
    if not c.series:
        return []
    logs = {measure: _log(c.value[measure]) for measure in ("quantity", "cost")}
    apart = {measure: _apart(m, c, measure, logs[measure]) for measure in logs}
    unsteady = np.isin(c.items, [i.key for i in m.definition.items if i.lumpy or i.seasonal])[:, None]
    away = {measure: np.where(unsteady, np.nan, values) for measure, values in apart.items()}
    ranges = m.definition.check("V01").parameters["ranges"]
    low, high = (c.per_item({k: float(v[side]) for k, v in ranges.items()}) for side in (0, 1))
    off = logs["cost"] - logs["quantity"] - np.log10(np.sqrt(low * high))
    half, tolerance = np.log10(high / low) / 2 + 0.1, m.number("tolerance")
    found: list[Issue] = []
    for factor in map(float, m.check.parameters["factors"]):
        step = np.log10(factor)
        dear, cheap = np.abs(off - step) <= half, np.abs(off + step) <= half
        up = {k: np.abs(v - step) <= tolerance for k, v in away.items()}
        down = {k: np.abs(v + step) <= tolerance for k, v in away.items()}
        large = {k: np.abs(v - step) <= tolerance for k, v in apart.items()}
        alone = np.isnan(off)
        found += _slips(m, c, dear & ~large["cost"] | alone & down["quantity"], "quantity", factor)
        found += _slips(m, c, cheap & large["quantity"] | alone & up["quantity"], "quantity", 1 / factor)
        found += _slips(m, c, cheap & ~large["quantity"] | alone & down["cost"], "cost", factor)
        found += _slips(m, c, dear & large["cost"] | alone & up["cost"], "cost", 1 / factor)
    largest = max(map(float, m.check.parameters["factors"]))
    together = np.abs(off) <= half
    for k in away:
        together = together & (np.abs(away[k] + np.log10(largest)) <= tolerance)
    for measure in away:
        found += _slips(m, c, together, measure, largest, "warning")
    return found


def _log(values: np.ndarray) -> np.ndarray:
    return np.log10(values, out=np.full(values.shape, np.nan), where=values > 0)


def _median(logs: np.ndarray) -> np.ndarray:
    """Median per row, NaN where a row has nothing."""
    count = (~np.isnan(logs)).sum(axis=1)
    # NaN sorts to the end
    ordered, rows = np.sort(logs, axis=1), np.arange(len(logs))
    middle = ordered[rows, np.maximum(count - 1, 0) // 2] + ordered[rows, count // 2]
    return middle[:, None] / 2


def _apart(m: Material, c: Cube, measure: str, logs: np.ndarray) -> np.ndarray:
    """log10 of each figure against the middle of its series (or of its history); NaN where that says nothing."""
    enough = (~np.isnan(logs)).sum(axis=1, keepdims=True) >= m.number("least_months")
    middle = np.where(enough, _median(logs), np.nan)
    if m.history is not None:
        earlier = past_cube(m)
        known = dict(zip(earlier.series, _median(_log(earlier.value[measure]))[:, 0], strict=True))
        before = np.array([[known.get(s, np.nan)] for s in c.series])
        middle = np.where(np.isnan(before), middle, before)
    return logs - middle


def _slips(
    m: Material, c: Cube, mask: np.ndarray, measure: str, factor: float, severity: str = ""
) -> list[Issue]:
    text_factor = f"{factor:.10f}".rstrip("0").rstrip(".")
    found = []
    for i, j in np.argwhere(mask & (c.row[measure] >= 0)) if mask.any() else ():
        row = c.at(measure, i, j)
        expected = format(Decimal(row["exact"]) * Decimal(text_factor), "f")
        unit = m.definition.unit_label(m.definition.unit_of(row["item"], measure))
        quantity, cost = c.value["quantity"][i, j], c.value["cost"][i, j]
        about = {
            "where": source(row), "period": row["period"], "name": name(m, row),
            "measure": term(m.definition.measure(measure).name), "value": row["exact"], "unit": unit_term(unit),
            "times": f"{max(factor, 1 / factor):g}",
        }  # fmt: skip
        if quantity > 0 < cost:
            about["price"] = np.format_float_positional(
                cost / quantity, precision=6, unique=False, fractional=False, trim="-"
            )
            about["price_unit"] = per_unit(m, row["item"])
        text = fill(PRICED if "price" in about else UNPRICED, **about)
        fix = {"action": "multiply", "factor": text_factor}
        found.append(finding(m, "unit_suspect", row, text, severity, expected=expected, fix=fix))
    return found
