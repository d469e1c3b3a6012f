"""V02–V04: figures, denominators and indicators against earlier years and plausible ranges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from surveys.definition.said import say, term, unit_term
from surveys.instruments.energy.cube import Cube
from surveys.instruments.energy.findings import at, cube, finding, grouped, months, name, past_cube, source
from surveys.instruments.material import Issue, Material, Skipped


def year_on_year_1(m: Material) -> list[Issue]:
    """V02: a month away from the same month of earlier years.

    Expected value = median of that month in up to `years_full` earlier years. With at least six comparable months
    the tolerance follows the series: its own median change and spread (MAD × `spread`, at least `floor`). With
    fewer, flat limits: above `flat_explain` a warning, above `flat_notice` an info. Months that B02 takes for a
    forgotten multiplier are left to it.
    """
    if m.history is None:
        raise Skipped(say("没有往年数据"))
    c = cube(m)
    expected = _expected(m, c)
    ratio = np.divide(c.value["quantity"], expected, out=np.full(expected.shape, np.nan), where=expected > 0)
    if np.isnan(ratio).all():
        raise Skipped(say("没有往年同月数据"))
    untold = _unmultiplied(m, c, expected)
    ratio[untold] = np.nan
    found: list[Issue] = []
    for i in np.flatnonzero((~np.isnan(ratio)).any(axis=1)):
        js = np.flatnonzero(~np.isnan(ratio[i]))
        line = ratio[i, js]
        if len(js) >= 6 and (line == 1).all() and not untold[i].any():
            row = c.at("quantity", i, js[0])
            text = say("{where} 起，{name}各月与往年完全相同。", where=at(row), name=name(m, row))
            found.append(finding(m, "same_as_last_year", row, text))
        elif len(js) >= 6:
            found += _adaptive(m, c, i, js, line, expected[i])
        else:
            found += _flat(m, c, i, js, line, expected[i])
    return found


def _unmultiplied(m: Material, c: Cube, expected: np.ndarray) -> np.ndarray:
    """Months that B02 tells of: one cause is told once, and does not move what other months are measured by."""
    rule = next((check for check in m.definition.checks if check.function == "multiplier@1"), None)
    if rule is None:
        return np.zeros(expected.shape, dtype=bool)
    return _out_of_reach(c, expected, *(float(rule.parameters[k]) for k in ("low", "high")))


def _out_of_reach(c: Cube, expected: np.ndarray, low: float, high: float) -> np.ndarray:
    """Where the figure is between 1/`high` and 1/`low` of what is expected."""
    quantity = c.value["quantity"]
    times = np.divide(expected, quantity, out=np.full(expected.shape, np.nan), where=quantity > 0)
    return (times >= low) & (times <= high)


def _expected(m: Material, c: Cube) -> np.ndarray:
    """Median of the same month in the latest earlier years, in the shape of the cube; NaN where there is none."""
    earlier = past_cube(m)
    year = int(m.period[:4]) if m.period[:4].isdigit() else 9999
    rows = {s: i for i, s in enumerate(earlier.series)}
    years = np.array([int(p[:4]) for p in earlier.months], dtype=int)
    usable = (years < year) & (years >= year - int(m.check.parameters["years_full"]))
    expected = np.full((len(c.series), len(c.months)), np.nan)
    known = [(i, rows[s]) for i, s in enumerate(c.series) if s in rows]
    if not known:
        return expected
    here, there = (np.array(x) for x in zip(*known, strict=True))
    for j, month in enumerate(c.month):
        lines = earlier.value["quantity"][there][:, usable & (earlier.month == month)]
        some = (~np.isnan(lines)).any(axis=1)
        if some.any():
            expected[here[some], j] = np.nanmedian(lines[some], axis=1)
    return expected


def _adaptive(
    m: Material, c: Cube, i: int, js: np.ndarray, line: np.ndarray, expected: np.ndarray
) -> list[Issue]:
    centre = float(np.median(line))
    away = np.abs(line - centre)
    scale = max(centre, 1e-9)
    limit = max(m.number("floor"), m.number("spread") * 1.4826 * float(np.median(away)) / scale)
    found = []
    for j, ratio in zip(js, line, strict=True):
        if abs(ratio - centre) / scale > limit and abs(ratio - 1) > m.number("flat_notice"):
            row, likely = c.at("quantity", i, j), f"{expected[j] * centre:.6g}"
            text = say(
                "{where} {period} {name}比往年同月{change}，其他月份是{others}，照其他月份推算约 {likely}。",
                where=source(row), period=row["period"], name=name(m, row), change=_change(ratio),
                others=_change(centre), likely=likely,
            )  # fmt: skip
            found.append(finding(m, "year_on_year", row, text, expected=likely))
    if abs(centre - 1) > m.number("flat_explain"):
        row = c.at("quantity", i, js[0])
        text = say(
            "{where} 起，{name}各月比往年整体{change}。",
            where=at(row),
            name=name(m, row),
            change=_change(centre),
        )
        found.append(finding(m, "year_on_year", row, text, expected=f"{expected[js[0]]:.6g}"))
    return found


def _flat(
    m: Material, c: Cube, i: int, js: np.ndarray, line: np.ndarray, expected: np.ndarray
) -> list[Issue]:
    found = []
    for j, ratio in zip(js, line, strict=True):
        if abs(ratio - 1) > m.number("flat_notice"):
            row = c.at("quantity", i, j)
            severity = m.check.tier if abs(ratio - 1) > m.number("flat_explain") else "info"
            text = say(
                "{where} {period} {name}比往年同月{change}。", where=source(row), period=row["period"],
                name=name(m, row), change=_change(ratio),
            )  # fmt: skip
            found.append(finding(m, "year_on_year", row, text, severity, expected=f"{expected[j]:.6g}"))
    return found


def _change(ratio: float) -> str:
    share = f"{abs(ratio - 1):.0%}"
    return say("多 {share}", share=share) if ratio >= 1 else say("少 {share}", share=share)


def multiplier_1(m: Material) -> list[Issue]:
    """B02: months at 1/`high` to 1/`low` of the same month of earlier years: the transformer's multiplier (×30 to
    ×60) was left out."""
    if m.history is None:
        raise Skipped(say("没有往年数据"))
    c = cube(m)
    quantity, expected = c.value["quantity"], _expected(m, c)
    times = np.divide(expected, quantity, out=np.full(expected.shape, np.nan), where=quantity > 0)

    def tell(row: Mapping[str, Any], i: int, js: list[int]) -> str:
        return say(
            "{where} {name} {months}只有往年同月的约 1/{n}，像是漏乘了互感器倍率。", where=at(row), name=name(m, row),
            months=months(c, js), n=f"{np.median(times[i, js]):.0f}",
        )  # fmt: skip

    return grouped(m, c, "multiplier", _out_of_reach(c, expected, m.number("low"), m.number("high")), tell)


def denominator_change_1(m: Material) -> list[Issue]:
    """V03: headcount or area changed by more than `limit` against the year before (S36)."""
    year = m.period[:4]
    if not m.denominators or not year.isdecimal():
        raise Skipped(say("没有人数和面积"))
    values = {
        (d["key"], d.get("facility") or "", str(d["period"])[:4]): float(d["value"]) for d in m.denominators
    }
    pairs = [
        (k, f, v, values.get((k, f, str(int(year) - 1)))) for (k, f, y), v in values.items() if y == year
    ]
    if all(past is None for *_, past in pairs):
        raise Skipped(say("没有上年的人数和面积"))
    names = {d.key: d.name for d in m.definition.denominators}
    found = []
    for key, facility, value, past in pairs:
        if past and abs(value / past - 1) > m.number("limit"):
            text = say(
                "{name}从 {past} 变成 {value}，{change}。", name=term(names.get(key, key)), past=f"{past:g}",
                value=f"{value:g}", change=_change(value / past),
            )  # fmt: skip
            found.append(
                Issue("denominator_change", m.check.tier, None, None, text, m.check.remedy, m.check.id, facility, key,
                      "", year, f"{value:g}", f"{past:g}")
            )  # fmt: skip
    return found


def denominator_change_2(m: Material) -> list[Issue]:
    """V03: headcount or area changed by more than `limit` against the year before (S36), and not by what came into use
    or went out of use within the years: that is told by the months it was in use (B09). What was in use as the year
    began is compared with what was in use as the year before ended; if these two agree, nothing is asked."""
    year = m.period[:4]
    if not m.denominators or not year.isdecimal():
        raise Skipped(say("没有人数和面积"))
    rows = {(d["key"], d.get("facility") or "", str(d["period"])[:4]): d for d in m.denominators}
    pairs = [(d, rows.get((k, f, str(int(year) - 1)))) for (k, f, y), d in rows.items() if y == year]
    pairs = [(now, past) for now, past in pairs if past and Decimal(str(past["value"]))]
    if not pairs:
        raise Skipped(say("没有上年的人数和面积"))
    return [_jump(m, now, past, year) for now, past in pairs if _is_jump(m, now, past)]


def _is_jump(m: Material, now: Mapping[str, Any], past: Mapping[str, Any]) -> bool:
    begun, ended = _number(now, "opening"), _number(past, "closing")
    moved = abs(_number(now) / _number(past) - 1) > m.number("limit")
    return moved and not (ended and abs(begun / ended - 1) <= m.number("limit"))


def _jump(m: Material, now: Mapping[str, Any], past: Mapping[str, Any], year: str) -> Issue:
    value, before = _number(now), _number(past)
    names = {d.key: term(d.name) for d in m.definition.denominators}
    untold = _number(now, "opening") - _number(past, "closing")
    said = {
        "name": names.get(now["key"], now["key"]), "past": _plain(before), "value": _plain(value),
        "change": _change(float(value / before)),
    }  # fmt: skip
    if untold == value - before:
        text = say("{name}从 {past} 变成 {value}，{change}。", **said)
    else:
        text = say(
            "{name}从 {past} 变成 {value}，{change}；其中 {told} 由按月启用、停用的部分说明，还有 {untold} 没有说明。",
            **said, told=_plain(value - before - untold), untold=_plain(untold),
        )  # fmt: skip
    return Issue("denominator_change", m.check.tier, None, None, text, m.check.remedy, m.check.id,
                 now.get("facility") or "", now["key"], "", year, _plain(value), _plain(before))  # fmt: skip


def _number(size: Mapping[str, Any], name: str = "value") -> Decimal:
    """A size of the year, or how much of it was in use in the first (`opening`) or last month (`closing`)."""
    return Decimal(str(size.get(name, size["value"])))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def indicator_range_1(m: Material) -> list[Issue]:
    """V04: a year's indicator outside the plausible range of the definition (unverified). Full years only."""
    year = m.period[:4]
    present = {p for p in cube(m).months if p.startswith(year)}
    rows = [d for d in m.denominators if str(d.get("period", ""))[:4] == year]
    if len(present) < 12 or not rows:
        raise Skipped(say("没有全年的数或没有人数和面积"))
    from surveys.instruments.energy.indicators import compute

    result = compute(m.frame, rows, m.definition, keys=m.definition.plausible, whole_period=year)
    about = {i.key: i for i in m.definition.indicators}
    found = []
    for row in result.dropna(subset=["value"]).itertuples():
        low, high = map(float, m.definition.plausible[row.indicator])
        if not low <= row.value <= high:
            known = about[row.indicator]
            text = say(
                "全年{name}是 {value} {unit}，经验区间是 {low}–{high}。", name=term(known.name),
                value=f"{row.value:.2f}", unit=unit_term(known.unit), low=f"{low:g}", high=f"{high:g}",
            )  # fmt: skip
            found.append(
                Issue("indicator_range", m.check.tier, None, None, text, m.check.remedy, m.check.id,
                      item=row.indicator, period=year, value=f"{row.value:.6g}")
            )  # fmt: skip
    return found
