"""Cohorts beside each other, as they were released: this draws, it does not decide what may be shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .axes import nice_axis
from .figures import Key, figure, reference_options
from .formats import listed
from .tables import Column, row, suppressed, table


@dataclass(frozen=True)
class CohortBar:
    """One cohort of n universities as released: quantiles (n from 10), only a mean (5–9), or nothing (n is None)."""

    name: str
    n: int | None
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

    `tails` adds P10–P90, which are released from 50 universities.
    """
    number_column = {"unit": unit, "decimals": decimals}
    names = (["p10"] if tails else []) + ["p25", "median", "p75"] + (["p90"] if tails else [])
    heads = {"p10": "P10", "p25": "P25", "median": _("中位数"), "p75": "P75", "p90": "P90"}
    columns = [
        Column(_("同类组"), kind="text"),
        Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0, role="n"),
    ]
    columns += [Column(heads[name], role=name, **number_column) for name in names]
    columns.append(Column(_("均值"), role="mean", **number_column))
    axis = nice_axis([v for bar in bars for v in bar.values] + [r.value for r in references], from_zero=False)
    options = {
        "x": {"min": axis.low, "max": axis.high, "step": axis.step},
        "references": reference_options(references),
        "words": {"suppressed": _("不发布"), "schools": _("（%s 所）")},
    }
    rows = [_cohort_row(bar, names) for bar in bars]
    return figure(
        frame,
        "cohorts",
        table(columns, rows, frozen=True),
        options,
        _cohorts_said(bars),
        _cohort_keys(bars, tails, references),
    )


def _cohort_row(bar, names):
    if bar.median is not None:
        values = [*(getattr(bar, name) for name in names), bar.mean]
        return row(
            bar.name, bar.n, *(suppressed(_("不发布")) if value is None else value for value in values)
        )
    if bar.mean is not None:
        return row(bar.name, bar.n, suppressed(_("5–9 所，只发布均值"), span=len(names)), bar.mean)
    return row(bar.name, bar.n, suppressed(_("不发布"), span=len(names) + 1))


def _cohorts_said(bars):
    with_quantiles = listed(bar.name for bar in bars if bar.median is not None)
    only_mean = listed(bar.name for bar in bars if bar.median is None and bar.mean is not None)
    nothing = listed(bar.name for bar in bars if not bar.values)
    return _("分布图：发布分位数的有 %(q)s；只发布均值的有 %(m)s；不发布的有 %(s)s") % {
        "q": with_quantiles,
        "m": only_mean,
        "s": nothing,
    }


def _cohort_keys(bars, tails, references):
    keys = [Key("k-s2", "P10–P90")] if tails else []
    keys += [Key("k-s4", "P25–P75"), Key("k-tick", _("中位数"))]
    if any(bar.median is None and bar.mean is not None for bar in bars):
        keys.append(Key("k-mean", _("均值（5–9 所）")))
    if any(not bar.values for bar in bars):
        keys.append(Key("k-hatch", _("不发布")))
    return keys + [Key("k-target" if r.alert else "k-line", r.label) for r in references]
