"""Figures: what a chart shows, as a table, and how it is drawn, as options.

The numbers stand once, in the table behind the picture; charts.js reads them there. The options hold only what a
table does not: axis, unit, words, reference lines. All words come from here, so that they are translated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .axes import nice_axis
from .formats import number
from .tables import Column, Table, row, suppressed, table


@dataclass(frozen=True)
class Reference:
    """A dashed line at a value, named with year and source. At most two in a figure. alert draws it in c4."""

    value: float
    label: str
    alert: bool = False


@dataclass(frozen=True)
class Link:
    """A way out of the figure: definition, CSV, XLSX."""

    label: str
    url: str


@dataclass(frozen=True)
class Key:
    """One entry above the picture; `mark` is the class of hq-key (k-s2, k-mean, k-hatch …).

    A narrow one stands only where the picture has no room to label its lines at their end.
    """

    mark: str
    label: str
    narrow: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart ready for `{% figure %}`. `summary` is the picture in a sentence, for those who do not see it."""

    key: str
    kind: str
    title: str
    subtitle: str
    summary: str
    table: Table
    options: dict
    source: str = ""
    links: Sequence[Link] = ()
    keys: Sequence[Key] = ()
    height: str = ""  # low, high or nothing

    @property
    def options_id(self):
        return f"fig-{self.key}-options"


@dataclass(frozen=True)
class Frame:
    """What every figure is given: a key unique on the page, title (the answer), subtitle, source line, links."""

    key: str
    title: str
    subtitle: str = ""
    summary: str = ""
    source: str = ""
    links: Sequence[Link] = field(default_factory=tuple)
    height: str = ""


def _figure(frame, kind, data, options, summary, keys=()):
    return Figure(
        key=frame.key, kind=kind, title=frame.title, subtitle=frame.subtitle, summary=frame.summary or summary,
        table=data, options=options, source=frame.source, links=tuple(frame.links), keys=tuple(keys),
        height=frame.height,
    )  # fmt: skip


def _axis(values, unit, references, *, from_zero):
    """Axis options; where a line does not begin at zero the axis says so."""
    axis = nice_axis([*values, *(r.value for r in references)], from_zero=from_zero)
    name = unit if axis.low == 0 else _("%(unit)s（纵轴自 %(low)s 起）") % {"unit": unit, "low": f"{axis.low:g}"}
    return {"min": axis.low, "max": axis.high, "step": axis.step, "name": name}


def _references(references):
    text = _("%(label)s：%(value)s")
    return [
        {"value": float(r.value), "text": text % {"label": r.label, "value": number(r.value)}, "alert": r.alert}
        for r in references
    ]


def trend(frame, periods, line, *, unit, decimals=1, line_label=None, low=None, high=None, target=None,
          references=(), period_label=None):  # fmt: skip
    """How does it move: a line per period, optionally the band of the middle half and a dashed target.

    `periods` labels; `line`, `low`, `high`, `target` one value (or None) each per period.
    """
    line_label = line_label or _("中位数")
    shown = [(Column(line_label, unit, decimals=decimals, role="line"), line)]
    keys = [Key("k1", line_label, narrow=True)]
    if low is not None and high is not None:
        shown.append((Column("P25", unit, decimals=decimals, role="low"), low))
        shown.append((Column("P75", unit, decimals=decimals, role="high"), high))
        keys.append(Key("k-s2", _("中间一半（P25–P75）")))
    if target is not None:
        shown.append((Column(_("目标"), unit, decimals=decimals + 1, role="target"), target))
        keys.append(Key("k-target", _("目标"), narrow=True))
    said = _moved(line_label, periods, line, decimals, unit)
    return _line_figure(frame, periods, shown, unit, references, period_label, said, keys)


def lines(frame, periods, series, *, unit, decimals=1, references=(), period_label=None):
    """Up to six lines beside each other: `series` maps a label to one value (or None) per period."""
    if len(series) > 6:
        raise ValueError("More than six lines: use small multiples or a table")
    shown = [(Column(label, unit, decimals=decimals, role="line"), values) for label, values in series.items()]
    keys = [Key(f"k{i}", label, narrow=True) for i, label in enumerate(series, 1)]
    said = "；".join(_moved(label, periods, values, decimals, unit) for label, values in series.items())
    return _line_figure(frame, periods, shown, unit, references, period_label, said, keys)


def _line_figure(frame, periods, shown, unit, references, period_label, said, keys):
    """A figure of lines from pairs (column, its values)."""
    columns = [Column(period_label or _("年度"), kind="text"), *(column for column, _values in shown)]
    series = [values for _column, values in shown]
    rows = [row(period, *values) for period, *values in zip(periods, *series, strict=True)]
    axis = _axis([v for values in series for v in values], unit, references, from_zero=False)
    options = {"y": axis, "references": _references(references)}
    return _figure(frame, "trend", table(columns, rows), options, said, keys)


def _moved(label, periods, values, decimals, unit):
    """From where to where the line went, in words."""
    known = [(p, v) for p, v in zip(periods, values, strict=True) if v is not None]
    if not known:
        return _("折线图：没有数据")
    (first, start), (last, end) = known[0], known[-1]
    return _("折线图：%(label)s由 %(first)s 的 %(start)s 到 %(last)s 的 %(end)s %(unit)s") % {
        "label": label, "first": first, "last": last, "start": number(start, decimals), "end": number(end, decimals),
        "unit": unit,
    }  # fmt: skip


def histogram(frame, bins, *, unit, measure=None):
    """Who is where, one cohort: `bins` are pairs (label, count), tails merged so that each bin has at least five."""
    measure = measure or _("所")
    columns = [Column(_("区间"), unit, kind="text"), Column(_("学校"), measure, decimals=0, role="count")]
    axis = nice_axis([count * 1.1 for _label, count in bins], from_zero=True, ticks=4)  # room for the figure above
    label, most = max(bins, key=lambda pair: pair[1], default=("—", 0))
    summary = _("直方图：%(label)s 最多，%(n)s %(measure)s") % {"label": label, "n": most, "measure": measure}
    options = {"x": {"name": unit}, "y": {"min": axis.low, "max": axis.high, "step": axis.step,
               "name": _("学校数（%(measure)s）") % {"measure": measure}}}  # fmt: skip
    return _figure(frame, "histogram", table(columns, [row(label, count) for label, count in bins]), options, summary)


@dataclass(frozen=True)
class CohortBar:
    """One cohort as released: quantiles (from 10), only a mean (5–9), or nothing. `n` is the number of universities."""

    name: str
    n: int
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    mean: float | None = None
    p10: float | None = None
    p90: float | None = None

    @property
    def values(self):
        return [v for v in (self.p10, self.p25, self.median, self.p75, self.p90, self.mean) if v is not None]


def cohorts(frame, bars, *, unit, decimals=1, references=(), tails=False):
    """Cohorts beside each other: P25–P75 with a median tick, a mean as an open diamond, or a hatched bar.

    `tails` adds P10–P90 (released from 50 universities). The figures are as released: this draws, it does not decide.
    """
    number_column = {"unit": unit, "decimals": decimals}
    names = (["p10"] if tails else []) + ["p25", "median", "p75"] + (["p90"] if tails else [])
    heads = {"p10": "P10", "p25": "P25", "median": _("中位数"), "p75": "P75", "p90": "P90"}
    columns = [Column(_("同类组"), kind="text"), Column(_("学校"), _("所"), decimals=0, role="n")]
    columns += [Column(heads[name], role=name, **number_column) for name in names]
    columns.append(Column(_("均值"), role="mean", **number_column))
    axis = nice_axis([v for bar in bars for v in bar.values] + [r.value for r in references], from_zero=False)
    options = {
        "x": {"min": axis.low, "max": axis.high, "step": axis.step},
        "references": _references(references), "words": {"suppressed": _("不发布"), "schools": _("（%s 所）")},
    }  # fmt: skip
    rows = [_cohort_row(bar, names) for bar in bars]
    return _figure(frame, "cohorts", table(columns, rows), options, _cohorts_said(bars), _cohort_keys(bars, tails, references))


def _cohort_row(bar, names):
    if bar.median is not None:
        return row(bar.name, bar.n, *(getattr(bar, name) for name in names), bar.mean)
    if bar.mean is not None:
        return row(bar.name, bar.n, suppressed(_("5–9 所，只发布均值"), span=len(names)), bar.mean)
    return row(bar.name, bar.n, suppressed(_("不发布"), span=len(names) + 1))


def _cohorts_said(bars):
    with_quantiles = "、".join(bar.name for bar in bars if bar.median is not None) or "—"
    only_mean = "、".join(bar.name for bar in bars if bar.median is None and bar.mean is not None) or "—"
    nothing = "、".join(bar.name for bar in bars if not bar.values) or "—"
    return _("分布图：发布分位数的有 %(q)s；只发布均值的有 %(m)s；不发布的有 %(s)s") % {
        "q": with_quantiles, "m": only_mean, "s": nothing,
    }  # fmt: skip


def _cohort_keys(bars, tails, references):
    keys = [Key("k-s2", "P10–P90")] if tails else []
    keys += [Key("k-s4", "P25–P75"), Key("k-tick", _("中位数"))]
    if any(bar.median is None and bar.mean is not None for bar in bars):
        keys.append(Key("k-mean", _("均值（5–9 所）")))
    if any(not bar.values for bar in bars):
        keys.append(Key("k-hatch", _("不发布")))
    return keys + [Key("k-target" if r.alert else "k-line", r.label) for r in references]


def stacked(frame, periods, parts, *, unit, decimals=1, period_label=None):
    """What is it made of over time: `parts` maps up to five labels to one value (or None) per period."""
    if len(parts) > 5:
        raise ValueError("A stack has at most five parts: merge the smallest into 其他")
    columns = [Column(period_label or _("月"), kind="text")]
    columns += [Column(label, unit, decimals=decimals, role="part") for label in parts]
    columns.append(Column(_("合计"), unit, decimals=decimals))
    by_period = list(zip(periods, *parts.values(), strict=True))
    sums = [sum(v for v in values if v is not None) for _period, *values in by_period]
    rows = [row(period, *values, total) for (period, *values), total in zip(by_period, sums, strict=True)]
    axis = nice_axis(sums, from_zero=True, ticks=4)
    options = {"y": {"min": axis.low, "max": axis.high, "step": axis.step, "name": unit}}
    keys = [Key(mark, label) for mark, label in zip(STACK_MARKS, parts, strict=False)]
    summary = _("堆叠柱状图：逐期的%(parts)s") % {"parts": "、".join(parts)}
    return _figure(frame, "stacked", table(columns, rows), options, summary, keys)


# The last of five parts takes the light sixth colour: it is usually 其他.
STACK_MARKS = ("k1", "k2", "k3", "k6", "k5")
