"""Numbered checks of the energy instrument: figures in, findings out, nothing else.

Every function takes a Material (definition, the check's own entry with its parameters, the frame, history,
denominators) and returns issues; it raises Skipped where it has nothing to compare with. All work is done on
whole columns: a pivot of series (facility × item) by month, then numpy. A published function never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from surveys.instruments.energy.indicators import compute
from surveys.instruments.material import Issue, Material, Skipped

SERIES = ["facility", "item"]


def _figures(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Monthly figures of one measure that have a value."""
    period = frame["period"]
    monthly = period.str.len().eq(7) & ~period.str.contains("[QH]")
    return frame[(frame["measure"] == measure) & frame["value"].notna() & monthly]


def _pivot(rows: pd.DataFrame, what: str = "value") -> pd.DataFrame:
    """A row per series, a column per month in order."""
    return (
        rows.drop_duplicates([*SERIES, "period"])
        .pivot(index=SERIES, columns="period", values=what)
        .sort_index(axis=1)
    )


def _paired(frame: pd.DataFrame) -> pd.DataFrame:
    """Quantity and cost side by side per facility, item and period; both cells and both exact texts kept."""
    keep = [*SERIES, "period", "value", "exact", "sheet", "cell"]
    quantity, cost = (_figures(frame, m)[keep] for m in ("quantity", "cost"))
    return quantity.merge(cost, on=[*SERIES, "period"], how="outer", suffixes=("_q", "_c"))


def _issue(m: Material, kind: str, row: Any, message: str, severity: str = "", **more: Any) -> Issue:
    """A finding of this check at the place of `row` (sheet, cell, facility, item, measure, period, exact)."""
    return Issue(
        kind,
        severity or m.check.tier,
        row["sheet"],
        row["cell"],
        message,
        more.pop("suggestion", m.check.remedy),
        m.check.id,
        row["facility"],
        row["item"],
        row.get("measure", "quantity"),
        row["period"],
        more.pop("value", row.get("exact", "")),
        more.pop("expected", ""),
        more.pop("fix", None),
        more.pop("cells", ()),
    )


def _grouped(m: Material, kind: str, rows: pd.DataFrame, tell: Callable[[pd.DataFrame], str]) -> list[Issue]:
    """One finding per series, at its first cell, listing all its cells."""
    found = []
    for _, group in rows.groupby(SERIES, sort=False):
        first = group.iloc[0]
        cells = tuple(f"{s}!{c}" for s, c in zip(group["sheet"], group["cell"], strict=True))
        found.append(_issue(m, kind, first, tell(group), cells=cells))
    return found


def _name(m: Material, row: Any) -> str:
    place = m.facilities.get(row["facility"])
    where = (place.name if place else row["facility"]) or ""
    return f"{where}{m.definition.item(row['item']).name}"


def _months(group: pd.DataFrame) -> str:
    months = [str(int(p[5:7])) for p in group["period"]]
    return "、".join(months[:12]) + " 月"


def _at(m: Material, row: Any) -> str:
    return f"“{row['sheet']}”表 {row['cell']}"


def unit_price_1(m: Material) -> list[Issue]:
    """V01: cost / quantity outside the range of the definition (yuan per base unit; ranges unverified, method S36)."""
    pairs = _paired(m.frame)
    pairs = pairs[(pairs["value_q"] > 0) & pairs["value_c"].notna()]
    ranges = m.check.parameters["ranges"]
    low = pairs["item"].map({k: float(v[0]) for k, v in ranges.items()})
    high = pairs["item"].map({k: float(v[1]) for k, v in ranges.items()})
    pairs = pairs.assign(price=pairs["value_c"] / pairs["value_q"], low=low, high=high)
    off = pairs[(pairs["price"] < pairs["low"]) | (pairs["price"] > pairs["high"])]
    off = off.rename(columns={"sheet_q": "sheet", "cell_q": "cell", "exact_q": "exact"})

    def tell(group: pd.DataFrame) -> str:
        row = group.iloc[0]
        unit = m.definition.item(row["item"]).unit
        return (
            f"{_at(m, row)} {_name(m, row)} {_months(group)}的单价是 {row['price']:.2f} 元/{unit}，"
            f"常见范围是 {row['low']:g}–{row['high']:g}。"
        )

    return _grouped(m, "unit_price", off, tell)


def year_on_year_1(m: Material) -> list[Issue]:
    """V02: a month away from the same month of earlier years.

    Expected value = median of that month in up to `years_full` earlier years. With at least six comparable months
    the tolerance follows the series: its own median change and spread (MAD × `spread`, at least `floor`). With
    fewer, flat limits: above `flat_explain` a warning, above `flat_notice` an info.
    """
    if m.history is None:
        raise Skipped("没有往年数据")
    now = _figures(m.frame, "quantity")
    past = _expected(m, now)
    if past.empty:
        raise Skipped("没有往年同月数据")
    rows = now.merge(past, on=[*SERIES, "month"], how="inner")
    rows = rows[rows["expected"] > 0].assign(ratio=lambda d: d["value"] / d["expected"])
    by = rows.groupby(SERIES)["ratio"]
    rows["n"] = by.transform("count")
    rows["centre"] = by.transform("median")
    rows["away"] = (rows["ratio"] - rows["centre"]).abs()
    rows["mad"] = rows.groupby(SERIES)["away"].transform("median") * 1.4826
    return [*_copied(m, rows), *_adaptive(m, rows[rows["n"] >= 6]), *_flat(m, rows[rows["n"] < 6])]


def _expected(m: Material, now: pd.DataFrame) -> pd.DataFrame:
    """Median of the same month in the latest earlier years: facility, item, month, expected, years."""
    now["month"] = now["period"].str[5:7]
    year = int(m.period[:4]) if m.period[:4].isdigit() else 9999
    past = _figures(m.history, "quantity").copy()
    years = past["period"].str[:4].astype(int)
    past = past[(years < year) & (years >= year - int(m.check.parameters["years_full"]))]
    past["month"] = past["period"].str[5:7]
    found = past.groupby([*SERIES, "month"])["value"].agg(["median", "count"]).reset_index()
    return found.rename(columns={"median": "expected", "count": "years"})


def _adaptive(m: Material, rows: pd.DataFrame) -> list[Issue]:
    notice = m.number("flat_notice")
    limit = np.maximum(m.number("floor"), m.number("spread") * rows["mad"] / rows["centre"].clip(lower=1e-9))
    off = rows[
        (rows["away"] / rows["centre"].clip(lower=1e-9) > limit) & ((rows["ratio"] - 1).abs() > notice)
    ]
    found = [
        _issue(
            m,
            "year_on_year",
            row,
            f"{_at(m, row)} {row['period']} {_name(m, row)}比往年同月{_change(row['ratio'])}，其他月份是{_change(row['centre'])}。",
            expected=f"{row['expected'] * row['centre']:.6g}",
        )
        for _, row in off.iterrows()
    ]
    level = rows[(rows["centre"] - 1).abs() > m.number("flat_explain")].drop_duplicates(SERIES)
    return found + [
        _issue(
            m,
            "year_on_year",
            row,
            f"{_at(m, row)} 起，{_name(m, row)}各月比往年整体{_change(row['centre'])}。",
            expected=f"{row['expected']:.6g}",
        )
        for _, row in level.iterrows()
    ]


def _flat(m: Material, rows: pd.DataFrame) -> list[Issue]:
    found = []
    for _, row in rows[(rows["ratio"] - 1).abs() > m.number("flat_notice")].iterrows():
        severity = m.check.tier if abs(row["ratio"] - 1) > m.number("flat_explain") else "info"
        text = f"{_at(m, row)} {row['period']} {_name(m, row)}比往年同月{_change(row['ratio'])}。"
        found.append(_issue(m, "year_on_year", row, text, severity, expected=f"{row['expected']:.6g}"))
    return found


def _copied(m: Material, rows: pd.DataFrame) -> list[Issue]:
    """Every month equal to the year before: the wrong year's file, or a copy (B13)."""
    same = rows.assign(same=rows["value"].eq(rows["expected"])).groupby(SERIES)["same"].agg(["all", "count"])
    keys = same[same["all"] & (same["count"] >= 6)].index
    found = []
    for key in keys:
        row = rows[(rows["facility"] == key[0]) & (rows["item"] == key[1])].iloc[0]
        found.append(
            _issue(m, "same_as_last_year", row, f"{_at(m, row)} 起，{_name(m, row)}各月与往年完全相同。")
        )
    return found


def _change(ratio: float) -> str:
    return f"{'多' if ratio >= 1 else '少'} {abs(ratio - 1):.0%}"


def denominator_change_1(m: Material) -> list[Issue]:
    """V03: headcount or area changed by more than `limit` against the year before (S36)."""
    year = m.period[:4]
    rows = pd.DataFrame([{"facility": "", **d} for d in m.denominators])
    if rows.empty or not year.isdigit():
        raise Skipped("没有人数和面积")
    rows["value"] = rows["value"].astype(float)
    rows["year"] = rows["period"].astype(str).str[:4]
    now, past = rows[rows["year"] == year], rows[rows["year"] == str(int(year) - 1)]
    both = now.merge(past, on=["key", "facility"], suffixes=("", "_past"))
    if both.empty:
        raise Skipped("没有上年的人数和面积")
    names = {d.key: d.name for d in m.definition.denominators}
    found = []
    for row in both.itertuples():
        if row.value_past > 0 and abs(row.value / row.value_past - 1) > m.number("limit"):
            found.append(
                Issue(
                    "denominator_change",
                    m.check.tier,
                    None,
                    None,
                    f"{names.get(row.key, row.key)}从 {row.value_past:g} 变成 {row.value:g}，{_change(row.value / row.value_past)}。",
                    m.check.remedy,
                    m.check.id,
                    row.facility,
                    row.key,
                    "",
                    year,
                    f"{row.value:g}",
                    f"{row.value_past:g}",
                )
            )
    return found


def indicator_range_1(m: Material) -> list[Issue]:
    """V04: a year's indicator outside the plausible range of the definition (unverified). Full years only."""
    year = m.period[:4]
    present = {p for p in _figures(m.frame, "quantity")["period"] if p.startswith(year)}
    rows = [d for d in m.denominators if str(d.get("period", ""))[:4] == year]
    if len(present) < 12 or not rows:
        raise Skipped("没有全年的数或没有人数和面积")
    result = compute(m.frame, rows, m.definition, keys=m.definition.plausible, whole_period=year)
    names = {i.key: i for i in m.definition.indicators}
    found = []
    for row in result.dropna(subset=["value"]).itertuples():
        low, high = map(float, m.definition.plausible[row.indicator])
        if not low <= row.value <= high:
            about = names[row.indicator]
            text = f"全年{about.name}是 {row.value:.2f} {about.unit}，经验区间是 {low:g}–{high:g}。"
            found.append(
                Issue(
                    "indicator_range",
                    m.check.tier,
                    None,
                    None,
                    text,
                    m.check.remedy,
                    m.check.id,
                    item=row.indicator,
                    period=year,
                    value=f"{row.value:.6g}",
                )
            )
    return found


def matching_1(m: Material) -> list[Issue]:
    """V05: quantity without cost or cost without quantity; heated area without any heating energy (S36)."""
    frame = m.full
    paired = set(m.check.parameters["pairs"])
    rows = frame[frame["item"].isin(paired) & frame["measure"].isin(["quantity", "cost"])]
    given = rows.assign(given=rows["value"].notna())
    known = set(zip(rows["facility"], rows["item"], rows["measure"], rows["period"], strict=True)) | m.asked
    some = set(zip(rows["item"], rows["measure"], strict=True))
    found, told = [], set()
    for row in given[given["given"]].to_dict("records") if len(given) < 400_000 else []:
        other = "cost" if row["measure"] == "quantity" else "quantity"
        if (row["facility"], row["item"], other, row["period"]) in known:
            continue
        whole = (row["item"], other) not in some
        key = (row["item"], other) if whole else (row["facility"], row["item"], other)
        if key in told or row["value"] == 0:
            continue
        told.add(key)
        have, lack = ("用量", "费用") if other == "cost" else ("费用", "用量")
        scope = "整份文件" if whole else f"{row['period']} "
        text = f"{_at(m, row)} {_name(m, row)}有{have}，{scope}没有{lack}。"
        found.append(_issue(m, "unmatched", row, text))
    return found + _heated_without_heat(m)


def _heated_without_heat(m: Material) -> list[Issue]:
    area = [d for d in m.denominators if d["key"] == "heated_area" and float(d["value"]) > 0]
    items = set(m.check.parameters["energy_for_heated_area"]) - {"electricity"}
    used = m.full[m.full["item"].isin(items) & m.full["value"].gt(0)]
    if not area or len(used):
        return []
    text = "填了采暖面积，但热力、供热面积、天然气、煤炭都没有数。"
    return [Issue("heated_without_heat", m.check.tier, None, None, text, m.check.remedy, m.check.id)]


def unit_slip_1(m: Material) -> list[Issue]:
    """V06: a figure about 10³ or 10⁴ away, by its unit price or by its series (S02, S03).

    A price outside its range by about a factor, and inside once corrected, convicts; which of quantity and cost is
    wrong is told by which one left its own series. Without a price the series alone decides, for steady items with
    at least `least_months` figures; history replaces the series where there is any. In the first case a normal
    price acquits whatever the series says.
    """
    pairs = _paired(m.frame)
    if pairs.empty:
        return []
    factors = [float(f) for f in m.check.parameters["factors"]]
    tolerance = m.number("tolerance")
    for side, measure in (("q", "quantity"), ("c", "cost")):
        pairs[f"away_{side}"] = _away(m, pairs, side, measure)
    ranges = m.definition.check("V01").parameters["ranges"]
    low = pairs["item"].map({k: float(v[0]) for k, v in ranges.items()})
    high = pairs["item"].map({k: float(v[1]) for k, v in ranges.items()})
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.log10(
            pairs["value_c"].where(pairs["value_c"] > 0) / pairs["value_q"].where(pairs["value_q"] > 0)
        )
        middle = np.log10(np.sqrt(low * high))
        half = np.log10(high / low) / 2 + 0.1
    off = price - middle
    found = []
    for factor in factors:
        step = np.log10(factor)
        dear, cheap = (off - step).abs() <= half, (off + step).abs() <= half
        gone_c = (pairs["away_c"] - step).abs() <= tolerance
        gone_q = (pairs["away_q"] - step).abs() <= tolerance
        found += _slips(m, pairs[dear & ~gone_c], "q", factor)
        found += _slips(m, pairs[dear & gone_c], "c", 1 / factor)
        found += _slips(m, pairs[cheap & ~gone_q], "c", factor)
        found += _slips(m, pairs[cheap & gone_q], "q", 1 / factor)
        for side in "qc":
            lone = price.isna() | low.isna()
            away = pairs[f"away_{side}"]
            found += _slips(m, pairs[lone & ((away + step).abs() <= tolerance)], side, factor)
            found += _slips(m, pairs[lone & ((away - step).abs() <= tolerance)], side, 1 / factor)
    return found


def _away(m: Material, pairs: pd.DataFrame, side: str, measure: str) -> pd.Series:
    """log10 of each figure against the middle of its series (or of its history); NaN where that says nothing."""
    value = pairs[f"value_{side}"].where(pairs[f"value_{side}"] > 0)
    logs = np.log10(value)
    by = logs.groupby([pairs["facility"], pairs["item"]])
    middle = by.transform("median").where(by.transform("count") >= m.number("least_months"))
    if m.history is not None:
        past = _figures(m.history, measure)
        past = (
            np.log10(past["value"].where(past["value"] > 0))
            .groupby([past["facility"], past["item"]])
            .median()
        )
        keys = pd.MultiIndex.from_frame(pairs[SERIES])
        before = pd.Series(past.reindex(keys).to_numpy(), index=pairs.index)
        middle = before.where(before.notna(), middle)
    lumpy = pairs["item"].map({i.key: i.lumpy or bool(i.seasonal) for i in m.definition.items})
    return (logs - middle).where(~lumpy.astype(bool))


def _slips(m: Material, rows: pd.DataFrame, side: str, factor: float) -> list[Issue]:
    measure = "quantity" if side == "q" else "cost"
    text_factor = f"{factor:.10f}".rstrip("0").rstrip(".")
    found = []
    for _, row in rows.dropna(subset=[f"sheet_{side}"]).iterrows():
        here = {
            **row[["facility", "item", "period"]],
            "sheet": row[f"sheet_{side}"],
            "cell": row[f"cell_{side}"],
            "exact": row[f"exact_{side}"],
            "measure": measure,
        }
        expected = format(Decimal(here["exact"]) * Decimal(text_factor), "f")
        unit = m.definition.unit_label(m.definition.unit_of(row["item"], measure))
        price = ""
        if row["value_q"] > 0 and row["value_c"] > 0:
            price = f"，单价合 {row['value_c'] / row['value_q']:.6g} 元/{m.definition.item(row['item']).unit}"
        text = (
            f"{_at(m, here)} {row['period']} {_name(m, here)}{m.definition.measure(measure).name}是 {here['exact']} {unit}，"
            f"差了约 {max(factor, 1 / factor):g} 倍{price}，单位疑错。"
        )
        fix = {"action": "multiply", "factor": text_factor}
        found.append(_issue(m, "unit_suspect", here, text, expected=expected, fix=fix))
    return found


def cumulative_1(m: Material) -> list[Issue]:
    """V07: every month larger than the one before: meter readings instead of consumption."""
    table = _pivot(_figures(m.frame, "quantity"))
    values = table.to_numpy(dtype=float)
    counts = (~np.isnan(values)).sum(axis=1)
    found = []
    for i in np.flatnonzero(counts >= m.number("least_months")):
        line = values[i][~np.isnan(values[i])]
        if line[0] > 0 and (np.diff(line) > 0).all() and line[-1] / line[0] >= m.number("growth"):
            found.append(table.index[i])
    rows = _rows_of(m, found)
    return [
        _issue(m, "cumulative", r, f"{_at(m, r)} 起，{_name(m, r)}逐月只增不减，像是表底读数。")
        for _, r in rows.iterrows()
    ]


def _rows_of(m: Material, keys: list) -> pd.DataFrame:
    """The first quantity row of each series."""
    rows = _figures(m.frame, "quantity").drop_duplicates(SERIES)
    at = pd.MultiIndex.from_frame(rows[SERIES])
    return rows[at.isin(keys)]


def heating_season_1(m: Material) -> list[Issue]:
    """V08: seasonal items with zero in their season or a figure outside it."""
    rows = _figures(m.frame, "quantity")
    found = []
    for item in (i for i in m.definition.items if i.seasonal):
        own = rows[rows["item"] == item.key]
        inside = own["period"].str[5:7].astype(int).isin(m.definition.seasons[item.seasonal])
        zero, late = own[inside & own["value"].eq(0)], own[~inside & own["value"].gt(0)]
        found += _grouped(
            m,
            "season_zero",
            zero,
            lambda g: f"{_at(m, g.iloc[0])} {_name(m, g.iloc[0])} {_months(g)}在采暖期却是 0。",
        )
        found += _grouped(
            m,
            "off_season",
            late,
            lambda g: f"{_at(m, g.iloc[0])} {_name(m, g.iloc[0])} {_months(g)}不在采暖期却有数。",
        )
    return found


def flat_or_vacation_1(m: Material) -> list[Issue]:
    """V09: the same figure in consecutive months, figures in even steps, no drop in the holidays."""
    rows = _figures(m.frame, "quantity")
    table = _pivot(rows)
    if table.empty:
        return []
    return [*_same(m, table), *_vacation(m, table)]


def _same(m: Material, table: pd.DataFrame) -> list[Issue]:
    values, least = table.to_numpy(dtype=float), int(m.check.parameters["same_months"])
    equal = (np.diff(values, axis=1) == 0) & (values[:, 1:] > 0)
    run = np.zeros(len(values), dtype=int)
    longest = run.copy()
    for column in equal.T:
        run = np.where(column, run + 1, 0)
        longest = np.maximum(longest, run)
    steps = np.diff(values, axis=1)
    even = (values.shape[1] >= 6) & np.all(np.isclose(steps, steps[:, :1], rtol=1e-9) & (steps != 0), axis=1)
    first = _rows_of(m, [table.index[i] for i in np.flatnonzero((longest >= least - 1) | even)])
    lengths = dict(zip(table.index, longest, strict=True))
    return [
        _issue(
            m,
            "flat",
            r,
            f"{_at(m, r)} 起，{_name(m, r)}" + _how_flat(lengths[r["facility"], r["item"]], least),
        )
        for _, r in first.iterrows()
    ]


def _how_flat(length: int, least: int) -> str:
    return (
        f"连续 {length + 1} 个月是同一个数，像是平摊或复制。"
        if length >= least - 1
        else "各月等差，像是推算的。"
    )


def _vacation(m: Material, table: pd.DataFrame) -> list[Issue]:
    around = {"02": ("01", "03"), "07": ("06", "09"), "08": ("06", "09")}
    months = {p[5:7]: p for p in table.columns}
    items = set(m.check.parameters["vacation_items"])
    cells = _figures(m.frame, "quantity").set_index([*SERIES, "period"])
    hits: list[tuple] = []
    for month, (before, after) in around.items():
        if not {month, before, after} <= set(months):
            continue
        usual = (table[months[before]] + table[months[after]]) / 2
        high = table.index[(table[months[month]] > usual * m.number("vacation_ratio")) & (usual > 0)]
        hits += [(*key, months[month]) for key in high if key[1] in items]
    rows = cells.loc[cells.index.isin(hits)].reset_index()
    return _grouped(
        m,
        "vacation",
        rows,
        lambda g: f"{_at(m, g.iloc[0])} {_name(m, g.iloc[0])} {_months(g)}是假期，却比前后的月份高。",
    )


def adding_up_1(m: Material) -> list[Issue]:
    """V10: the facilities together above the whole; for water, more than `balance` of the whole unaccounted for."""
    rows = m.frame[m.frame["value"].notna()]
    whole, parts = rows[rows["facility"] == ""], rows[rows["facility"] != ""]
    if whole.empty or parts.empty:
        return []
    sums = parts.groupby(["item", "measure", "period"])["value"].sum().rename("parts").reset_index()
    both = whole.merge(sums, on=["item", "measure", "period"])
    over = both[both["parts"] > both["value"] * (1 + m.number("relative")) + 0.01]
    found = [
        _issue(
            m,
            "parts_over_whole",
            r,
            f"{_at(m, r)} {r['period']} {_name(m, r)}全校是 {r['value']:g}，各楼相加是 {r['parts']:g}，大于全校。",
            expected=f"{r['parts']:.10g}",
        )
        for _, r in over.iterrows()
    ]
    leak = both[
        (both["item"] == "water")
        & (both["measure"] == "quantity")
        & (both["parts"] < both["value"] * (1 - m.number("balance")))
    ]
    return found + [
        _issue(
            m,
            "water_balance",
            r,
            f"{_at(m, r)} {r['period']} 全校用水比各楼相加多 {1 - r['parts'] / r['value']:.0%}，可能漏损。",
            "info",
        )
        for _, r in leak.iterrows()
    ]


CHECKS: dict[str, Callable[[Material], list[Issue]]] = {
    "unit_price@1": unit_price_1,
    "year_on_year@1": year_on_year_1,
    "denominator_change@1": denominator_change_1,
    "indicator_range@1": indicator_range_1,
    "matching@1": matching_1,
    "unit_slip@1": unit_slip_1,
    "cumulative@1": cumulative_1,
    "heating_season@1": heating_season_1,
    "flat_or_vacation@1": flat_or_vacation_1,
    "adding_up@1": adding_up_1,
}
