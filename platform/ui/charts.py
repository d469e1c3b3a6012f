"""The kinds of charts: each a function from data to a Figure.

The numbers stand once, in the table behind the picture; charts.js reads them there. The options hold only
what a table does not: axis, unit, words, reference lines. All words come from here, to be translated.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .axes import nice_axis
from .cohort_chart import CohortBar, cohorts
from .figures import Figure, Frame, Key, Link, Reference, axis_for, figure, reference_options
from .formats import listed, number
from .tables import Column, row, table

__all__ = [
    "CohortBar",
    "Figure",
    "Frame",
    "Link",
    "Reference",
    "cohorts",
    "histogram",
    "lines",
    "stacked",
    "trend",
]


def trend(
    frame,
    periods,
    line,
    *,
    unit,
    decimals=1,
    line_label=None,
    low=None,
    high=None,
    target=None,
    references=(),
    period_label=None,
):
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
    shown = [
        (Column(label, unit, decimals=decimals, role="line"), values) for label, values in series.items()
    ]
    keys = [Key(f"k{i}", label, narrow=True) for i, label in enumerate(series, 1)]
    said = _("；").join(_moved(label, periods, values, decimals, unit) for label, values in series.items())
    return _line_figure(frame, periods, shown, unit, references, period_label, said, keys)


def _line_figure(frame, periods, shown, unit, references, period_label, said, keys):
    """A figure of lines from pairs (column, its values)."""
    columns = [Column(period_label or _("年度"), kind="text"), *(column for column, _values in shown)]
    series = [values for _column, values in shown]
    rows = [row(period, *values) for period, *values in zip(periods, *series, strict=True)]
    axis = axis_for([v for values in series for v in values], unit, references, from_zero=False)
    options = {"y": axis, "references": reference_options(references)}
    return figure(frame, "trend", table(columns, rows, frozen=True), options, said, keys)


def _moved(label, periods, values, decimals, unit):
    """From where to where the line went, in words."""
    known = [(p, v) for p, v in zip(periods, values, strict=True) if v is not None]
    if not known:
        return _("折线图：没有数据")
    (first, start), (last, end) = known[0], known[-1]
    return _("折线图：%(label)s由 %(first)s 的 %(start)s 到 %(last)s 的 %(end)s %(unit)s") % {
        "label": label,
        "first": first,
        "last": last,
        "start": number(start, decimals),
        "end": number(end, decimals),
        "unit": unit,
    }


def histogram(frame, bins, *, unit, measure=None):
    """Who is where, one cohort: `bins` are pairs (label, count), tails merged until each bin has five."""
    measure = measure or pgettext("measure", "所")
    columns = [
        Column(_("区间"), unit, kind="text"),
        Column(pgettext("count", "学校"), measure, decimals=0, role="count"),
    ]
    axis = nice_axis(
        [count * 1.1 for _label, count in bins], from_zero=True, ticks=4
    )  # room for the figure above
    label, most = max(bins, key=lambda pair: pair[1], default=("—", 0))
    summary = _("直方图：%(label)s 最多，%(n)s %(measure)s") % {"label": label, "n": most, "measure": measure}
    options = {
        "x": {"name": unit},
        "y": {
            "min": axis.low,
            "max": axis.high,
            "step": axis.step,
            "name": _("学校数（%(measure)s）") % {"measure": measure},
        },
    }
    return figure(frame, "histogram", table(columns, bins, frozen=True), options, summary)


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
    summary = _("堆叠柱状图：逐期的%(parts)s") % {"parts": listed(parts)}
    return figure(frame, "stacked", table(columns, rows, frozen=True), options, summary, keys)


# The last of five parts takes the light sixth colour: it is usually 其他.
STACK_MARKS = ("k1", "k2", "k3", "k6", "k5")
