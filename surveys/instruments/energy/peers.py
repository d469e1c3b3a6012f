"""V11: a year's indicators beside what was released of universities of the same kind."""

from __future__ import annotations

from surveys.definition.said import say, term, unit_term
from surveys.instruments.energy.findings import cube
from surveys.instruments.material import Issue, Material, Skipped

FULL_YEAR = 12


def peer_range_1(m: Material) -> list[Issue]:
    """V11: an indicator further from the released middle half than `fence` times its width. Full years only; what is
    outside of the plausible range is V04's. Released quartiles only, never another university's figures.

    Source: the outer fence of J. W. Tukey, Exploratory Data Analysis (1977), is 3.
    """
    year = m.period[:4]
    sizes = [d for d in m.denominators if str(d.get("period", ""))[:4] == year]
    if not m.peers:
        raise Skipped(say("没有已发布的同类数据"))
    if len({p for p in cube(m).months if p.startswith(year)}) < FULL_YEAR or not sizes:
        raise Skipped(say("没有全年的数或没有人数和面积"))
    # pandas, which the child starts without
    from surveys.instruments.energy.indicators import compute

    values = compute(m.frame, sizes, m.definition, keys=list(m.peers), whole_period=year).dropna(
        subset=["value"]
    )
    found = (_finding(m, row.indicator, float(row.value), year) for row in values.itertuples())
    return [issue for issue in found if issue]


def _finding(m: Material, indicator: str, value: float, year: str) -> Issue | None:
    band, known = m.peers[indicator], next(i for i in m.definition.indicators if i.key == indicator)
    low, high = float(band["p25"]), float(band["p75"])
    reach = m.number("fence") * (high - low)
    if reach <= 0 or low - reach <= value <= high + reach or not _plausible(m, indicator, value):
        return None
    text = say(
        "全年{name}是 {value} {unit}，{period} 年{kind}院校的中间一半是 {low}–{high}，差得很远。",
        name=term(known.name), value=f"{value:.4g}", unit=unit_term(known.unit), period=band["period"],
        kind=band["kind"], low=f"{low:.4g}", high=f"{high:.4g}",
    )  # fmt: skip
    return Issue("peer_range", m.check.tier, None, None, text, m.check.remedy, m.check.id,
                 item=indicator, period=year, value=f"{value:.6g}")  # fmt: skip


def _plausible(m: Material, indicator: str, value: float) -> bool:
    low, high = m.definition.plausible.get(indicator, (0, float("inf")))
    return float(low) <= value <= float(high)
