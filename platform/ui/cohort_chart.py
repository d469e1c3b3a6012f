"""Cohorts beside each other, as they were released: this draws, it does not decide what may be shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .axes import nice_axis
from .figures import Key, figure, reference_options
from .formats import listed, number
from .tables import Column, row, suppressed, table

# from how many universities quartiles are released
LEAST_QUARTILES = 10


@dataclass(frozen=True)
class CohortBar:
    """One cohort of n universities as released: quantiles (n from 10), a mean without them (5–9), or nothing (n is
    None). `ratio`: the ratio of the cohort's sums, where the indicator is one."""

    name: str
    n: int | None
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    mean: float | None = None
    p10: float | None = None
    p90: float | None = None
    ratio: float | None = None

    @property
    def values(self):
        found = (self.p10, self.p25, self.median, self.p75, self.p90, self.mean, self.ratio)
        return [v for v in found if v is not None]


def cohorts(frame, bars, *, unit, decimals=1, references=(), tails=False):
    """How universities are distributed, cohorts beside each other: P25–P75 with a median tick, without quantiles the
    mean as an open diamond, the ratio of sums as an open circle, or a hatched bar.

    `tails` adds P10–P90, which are released from 50 universities.
    """
    number_column = {"unit": unit, "decimals": decimals}
    ratios = any(bar.ratio is not None for bar in bars)
    names = (["p10"] if tails else []) + ["p25", "median", "p75"] + (["p90"] if tails else [])
    heads = {"p10": "P10", "p25": "P25", "median": _("中位数"), "p75": "P75", "p90": "P90"}
    columns = [
        Column(_("同类组"), kind="text"),
        Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0, role="n"),
    ]
    columns += [Column(heads[name], role=name, **number_column) for name in names]
    columns.append(Column(_("均值"), role="mean", **number_column))
    if ratios:
        columns.append(Column(_("合计之比"), role="ratio", **number_column))
    axis = nice_axis([v for bar in bars for v in bar.values] + [r.value for r in references], from_zero=False)
    options = {
        "x": {"min": axis.low, "max": axis.high, "step": axis.step},
        "references": reference_options(references),
        "words": {"suppressed": _("不发布"), "schools": _("（%s 所）")},
    }
    rows = [_cohort_row(bar, names, ratios) for bar in bars]
    return figure(
        frame,
        "cohorts",
        table(columns, rows, frozen=True),
        options,
        _cohorts_said(bars, unit, decimals),
        _cohort_keys(bars, tails, references),
    )


def _cohort_row(bar, names, ratios):
    after = [bar.mean, bar.ratio] if ratios else [bar.mean]
    if bar.median is not None:
        return row(bar.name, bar.n, *map(_released, [*(getattr(bar, name) for name in names), *after]))
    if bar.values:
        small = bar.n is not None and bar.n < LEAST_QUARTILES
        words = _("不足 10 所，没有分位数") if small else _("不发布")
        return row(bar.name, bar.n, suppressed(words, span=len(names)), *map(_released, after))
    return row(bar.name, bar.n, suppressed(_("不发布"), span=len(names) + len(after)))


def _released(value):
    return suppressed(_("不发布")) if value is None else value


def _cohorts_said(bars, unit, decimals):
    """The picture in words, with its numbers: cohort by cohort, the suppressed ones together."""
    said = [_cohort_said(bar, decimals) for bar in bars if bar.values]
    if nothing := [bar.name for bar in bars if not bar.values]:
        said.append(_("不发布的有%(names)s") % {"names": listed(nothing)})
    return _("分布图，%(unit)s。%(parts)s") % {"unit": unit, "parts": _("；").join(said)}


def _cohort_said(bar, decimals):
    def written(value):
        return number(value, decimals)

    if bar.median is not None:
        values = {
            "name": bar.name,
            "low": written(bar.p25),
            "high": written(bar.p75),
            "median": written(bar.median),
        }
        return _("%(name)s一半学校在 %(low)s–%(high)s，中位数 %(median)s") % values
    if bar.mean is not None:
        return _("%(name)s均值 %(mean)s") % {"name": bar.name, "mean": written(bar.mean)}
    return _("%(name)s合计之比 %(ratio)s") % {"name": bar.name, "ratio": written(bar.ratio)}


def _cohort_keys(bars, tails, references):
    keys = [Key("k-s2", "P10–P90")] if tails else []
    if any(bar.median is not None for bar in bars):
        keys += [Key("k-s4", _("中间一半（P25–P75）")), Key("k-tick", _("中位数"))]
    if any(bar.median is None and bar.mean is not None for bar in bars):
        keys.append(Key("k-mean", _("均值（不足 10 所）")))
    if any(bar.ratio is not None for bar in bars):
        keys.append(Key("k-ratio", _("合计之比")))
    if any(not bar.values for bar in bars):
        keys.append(Key("k-hatch", _("不发布")))
    return keys + [Key("k-target" if r.alert else "k-line", r.label) for r in references]
