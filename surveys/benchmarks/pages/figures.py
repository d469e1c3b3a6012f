"""The pictures of the commission's pages, each with its table. What a release does not hold is not drawn."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.figures import PART, PART_TOTAL
from surveys.benchmarks.names import cohort_name
from surveys.benchmarks.pages.scope import Scope, change_of, references
from surveys.catalog.names import unit_name
from ui import charts
from ui.formats import change, month_name, number, percent, scale_for
from ui.tables import Cell, Column, Table, row, suppressed, table

FALLING = Decimal("0.005")
# totals are shown in tonnes
TONNES = {"kgce": "tce", "kgCO2": "tCO₂"}


def links(scope: Scope, figure: str, indicator: str = "", *, define: bool = True) -> tuple[charts.Link, ...]:
    """Definition, CSV and XLSX of a figure in this scope."""
    found = []
    if indicator and define:
        address = reverse("benchmarks:indicator", args=[scope.instrument, indicator])
        found.append(charts.Link(_("定义与公式"), f"{address}{scope.query}#definition"))
    for kind in ("csv", "xlsx"):
        address = reverse("benchmarks:data", args=[scope.instrument, figure, kind])
        more = f"&indicator={indicator}" if indicator else ""
        found.append(charts.Link(kind.upper(), f"{address}{scope.query}{more}"))
    return tuple(found)


def trend(scope: Scope, key: str, *, define: bool = True) -> charts.Figure | None:
    """The city's median with the middle half, one point per released year; None where no year has a median."""
    line = scope.series(key, "p50")
    if not any(value is not None for value in line):
        return None
    indicator = scope.indicator(key)
    subtitle = _("%(name)s，全市中位数和中间一半的学校，%(first)s–%(last)s") % {
        "name": indicator.name, "first": scope.periods[0], "last": scope.periods[-1],
    }  # fmt: skip
    frame = charts.Frame(
        "trend", moved(scope.periods, line), subtitle, source=scope.source,
        links=links(scope, "trend", key, define=define),
    )  # fmt: skip
    return charts.trend(
        frame, scope.periods, line, unit=unit_name(indicator.unit), decimals=scope.decimals(key),
        low=scope.series(key, "p25"), high=scope.series(key, "p75"), references=_lines(scope, key),
    )  # fmt: skip


def total_trend(scope: Scope, key: str) -> charts.Figure | None:
    """The city's sum, one point per released year; None where there is none."""
    values = scope.series(key, "sum")
    if not any(value is not None for value in values):
        return None
    indicator = scope.indicator(key)
    tonnes = TONNES.get(indicator.unit)
    if tonnes:
        values = [None if value is None else value / 1000 for value in values]
    scale = scale_for(values, tonnes or unit_name(indicator.unit))
    subtitle = _("全市%(name)s合计，%(first)s–%(last)s") % {
        "name": indicator.name, "first": scope.periods[0], "last": scope.periods[-1],
    }  # fmt: skip
    frame = charts.Frame("trend", moved(scope.periods, values), subtitle, source=scope.source,
                         links=links(scope, "trend", key, define=False))  # fmt: skip
    line = {_("全市合计"): [scale.of(value) for value in values]}
    return charts.lines(frame, scope.periods, line, unit=scale.unit, decimals=0 if scale.divisor == 1 else 2)


def _lines(scope: Scope, key: str, *, short: bool = False) -> list[charts.Reference]:
    """The newest national value as a reference line; one that is counted differently says so. A short label fits
    under the axis of a phone."""
    national = [one for one in references(scope, key) if one[3].national][:1]
    found = []
    for label, value, different, row_ in national:
        text = _("全国 %(year)s") % {"year": row_.year} if short else label
        text = _("%(label)s（口径不同）") % {"label": text} if different else text
        found.append(charts.Reference(float(value), text))
    return found


def moved(periods: list[str], line: list[Decimal | None]) -> str:
    """The finding of a line: by how much from the first to the last known year."""
    known = [(period, value) for period, value in zip(periods, line, strict=True) if value is not None]
    if len(known) < 2:
        return _("%(period)s 年是第一个发布年度") % {"period": known[0][0]} if known else _("趋势")
    (first, start), (last, end) = known[0], known[-1]
    by = change_of(end, start) or Decimal(0)
    values = {"first": first, "last": last, "by": percent(abs(by))}
    if abs(by) < FALLING:
        return _("%(first)s 到 %(last)s 年基本持平") % values
    if by < 0:
        return _("%(first)s 到 %(last)s 年降了 %(by)s") % values
    return _("%(first)s 到 %(last)s 年升了 %(by)s") % values


def distribution(scope: Scope, key: str, *, define: bool = True) -> charts.Figure:
    """The distribution as far as it is released: the city and each cohort with the middle half and the median from
    ten universities, the mean from five, the ratio of sums; else hatched. There is no histogram: the count of a bin is
    a cell like any other, and bins made wide enough would have edges that single universities set."""
    indicator = scope.indicator(key)
    city = _bar(scope, key, EVERYONE, cohort_name(EVERYONE))
    bars = [_bar(scope, key, label.code, label.text) for label in scope.cohorts()]
    subtitle = _("%(name)s的分布，全市和各同类组，%(unit)s，%(period)s 年度") % {
        "name": indicator.name, "unit": unit_name(indicator.unit), "period": scope.period,
    }  # fmt: skip
    frame = charts.Frame(
        "cohorts", _apart(city, bars, scope.decimals(key)), subtitle, source=scope.source, height="high",
        links=(
            charts.Link(_("为什么有的组不发布"), reverse("benchmarks:rules")),
            *links(scope, "cohorts", key, define=False),
        ),
    )  # fmt: skip
    figure = charts.cohorts(
        frame, [city, *bars], unit=unit_name(indicator.unit), decimals=scope.decimals(key),
        references=_lines(scope, key, short=True), tails=any(bar.p10 is not None for bar in (city, *bars)),
    )  # fmt: skip
    return replace(figure, height="" if len(bars) < 4 else "high")


def _bar(scope: Scope, key: str, cohort: str, name: str) -> charts.CohortBar:
    def value(statistic: str) -> Decimal | None:
        return scope.held(key, statistic, cohort).value

    n = max((scope.held(key, s, cohort).n or 0 for s in ("p50", "mean", "ratio")), default=0) or None
    if value("p50") is not None:
        tails = {"p10": value("p10"), "p90": value("p90")} if value("p10") is not None else {}
        return charts.CohortBar(
            name, n, value("p25"), value("p50"), value("p75"), value("mean"), ratio=value("ratio"), **tails
        )
    return charts.CohortBar(name, n, mean=value("mean"), ratio=value("ratio"))


def _apart(city: charts.CohortBar, bars: list[charts.CohortBar], decimals: int) -> str:
    """The finding: where half of the city's universities are, and which cohort's median is highest and which lowest,
    as far as the numbers shown tell them apart."""
    ranked = sorted((bar for bar in bars if bar.median is not None), key=lambda bar: bar.median)
    values = {}
    if ranked:
        values = {"most": number(ranked[-1].median, decimals), "least": number(ranked[0].median, decimals)}
    if len(ranked) > 1 and values["most"] != values["least"]:
        values |= {"high": ranked[-1].name, "low": ranked[0].name}
        return _("%(high)s中位数最高（%(most)s），%(low)s最低（%(least)s）") % values
    if city.median is None:
        return _("同类学校之间差多少")
    half = {"low": number(city.p25, decimals), "high": number(city.p75, decimals)}
    return _("全市一半学校在 %(low)s–%(high)s 之间") % half


def structure(scope: Scope) -> charts.Figure | None:
    """The city's total month by month and by part; None where the release has no months. A part that is not released
    leaves the month's total to the released total."""
    months = sorted(
        {p for (i, p, _c, _s) in scope.cells.held if i == PART_TOTAL and p.startswith(f"{scope.period}-")}
    )
    if not months or not any(scope.cells.value(PART_TOTAL, m, EVERYONE, "sum") is not None for m in months):
        return None
    indicator = scope.indicator(scope.content.TOTAL)
    totals = [scope.cells.value(PART_TOTAL, month, EVERYONE, "sum") for month in months]
    scale = scale_for([total / 1000 for total in totals if total is not None], "tce")
    parts = {
        scope.say(label): [
            _scaled(scope.cells.value(PART + code, month, EVERYONE, "sum"), scale) for month in months
        ]
        for code, label, _items in scope.content.PARTS
    }
    subtitle = _("全市%(name)s逐月构成，%(period)s 年，%(unit)s（当量值，不含水）") % {
        "name": indicator.name, "period": scope.period, "unit": scale.unit,
    }  # fmt: skip
    frame = charts.Frame("structure", _busiest(months, totals), subtitle, source=scope.source,
                         links=links(scope, "structure", scope.content.TOTAL))  # fmt: skip
    names = [month_name(int(month[5:7])) for month in months]
    decimals = 2 if max((t for t in totals if t is not None), default=0) / 1000 / scale.divisor < 10 else 1
    figure = charts.stacked(frame, names, parts, unit=scale.unit, decimals=decimals)
    scaled = [_scaled(total, scale) for total in totals]
    return replace(figure, table=_with_released_totals(figure.table, scaled))


def _scaled(value: Decimal | None, scale) -> Decimal | None:
    return None if value is None else scale.of(value / 1000)


def _with_released_totals(data: Table, totals: list[Decimal | None]) -> Table:
    """The table of the stack with hatched cells for what is not released; the sum is the released one, never one of
    the visible parts."""

    def shown(value: Decimal | None) -> Cell:
        return suppressed(_("不发布")) if value is None else Cell(value=value)

    rows = [
        replace(line, cells=(*(shown(cell.value) for cell in line.cells[:-1]), shown(total)))
        for line, total in zip(data.rows, totals, strict=True)
    ]
    return replace(data, rows=tuple(rows))


def _busiest(months: list[str], totals: list[Decimal | None]) -> str:
    """The finding of the year: the month with the most and its share of the year."""
    if len(months) < 12 or any(total is None for total in totals) or not sum(totals):
        return _("逐月用能构成")
    most = max(range(len(months)), key=lambda place: totals[place])
    values = {"month": month_name(int(months[most][5:7])), "share": percent(totals[most] / sum(totals))}
    return _("%(month)s用得最多，占全年 %(share)s") % values


def indicator_table(scope: Scope) -> Table:
    """Every indicator with the city's figures, each name a link to its page."""
    columns = [
        Column(_("指标"), kind="text"), Column(_("单位"), kind="text"),
        Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0),
        Column(_("中位数"), key=True), Column("P25"), Column("P75"), Column(_("合计之比或合计")),
        Column(_("中位数较 %(base)s") % {"base": scope.base} if scope.base else _("较上年"), kind="change"),
    ]  # fmt: skip
    rows = [_indicator_row(scope, i.key) for i in scope.definition.indicators if _is_there(scope, i.key)]
    return table(columns, rows, stack=True, label=_("全部指标"))


def _is_there(scope: Scope, key: str) -> bool:
    return scope.cells.has(key, scope.period, EVERYONE)


def _indicator_row(scope: Scope, key: str):
    indicator, decimals = scope.indicator(key), scope.decimals(key)
    whole = scope.held(key, "ratio") if scope.held(key, "ratio").n else scope.held(key, "sum")
    ratio = (key, scope.period, EVERYONE, "ratio") in scope.cells.held

    def shown(statistic: str) -> Cell:
        held = scope.held(key, statistic)
        if held.value is None:
            return suppressed(_("不发布")) if ratio else Cell(text="—", flag="dim")
        return Cell(value=held.value, text=number(held.value, decimals))

    now, before = scope.held(key, "p50").value, scope.held(key, "p50", period=scope.base or "-").value
    if not ratio:
        now, before = whole.value, scope.held(key, "sum", period=scope.base or "-").value
    total = (
        Cell(value=whole.value, text=number(whole.value, decimals))
        if whole.value is not None
        else suppressed(_("不发布"))
    )
    address = reverse("benchmarks:indicator", args=[scope.instrument, key]) + scope.query
    moved_by = change_of(now, before)
    return row(
        indicator.name, unit_name(indicator.unit), whole.n, shown("p50"), shown("p25"), shown("p75"), total,
        Cell(value=moved_by, text=change(moved_by)), url=address,
    )  # fmt: skip
