"""The overview: headline figures, the lead indicator's trend and cohorts, completion, the make-up of the total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.benchmarks import queries
from surveys.benchmarks.figures import PART
from surveys.benchmarks.names import DIMENSIONS
from surveys.benchmarks.pages import figures
from surveys.benchmarks.pages.completion import completion_of
from surveys.benchmarks.pages.scope import Scope, change_of, references, scope_of
from surveys.catalog.names import unit_name
from surveys.instruments import functions
from ui.formats import change, labelled, listed, number, percent, phrases, scale_for


@dataclass(frozen=True)
class Stat:
    """One headline figure as the tag `stat` takes it."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    dim: str = ""


def overview(instrument: str, choice) -> dict:
    """Everything the overview shows, as plain data; without a release only completion."""
    content = functions(instrument, "benchmarks")
    parts = [PART + code for code, _label, _items in content.PARTS]
    wanted = [*content.HEADLINES, content.LEAD, PART + "total", *parts]
    scope = scope_of(instrument, choice, indicators=wanted)
    done = completion_of(queries.completion(), queries.cohort_labels())
    if scope is None:
        return {"scope": None, "completion": done}
    return {
        "scope": scope,
        "choices": choices(scope),
        "stats": [headline(scope, key) for key in content.HEADLINES],
        "title": finding(scope, content.LEAD),
        "trend": figures.trend(scope, content.LEAD),
        "cohorts": figures.distribution(scope, content.LEAD),
        "structure": figures.structure(scope),
        "completion": done,
        "notes": notes(scope),
    }


def choices(scope: Scope) -> dict:
    """The selects of the scope row: pairs (value, label, chosen), and the release's line."""
    version = {c: v for (p, c), v in scope.cells.versions.items() if p == scope.period}
    of = {
        d: max((v for c, v in version.items() if scope.labels[c].dimension == d), default=1)
        for d in DIMENSIONS
    }
    years = [(p, _("%(period)s 年度") % {"period": p}, p == scope.period) for p in reversed(scope.periods)]
    bases = [
        (p, _("%(period)s 年") % {"period": p}, p == scope.base)
        for p in reversed(scope.periods)
        if p != scope.period
    ]
    by = [(d, _("%(label)s，v%(version)s") % {"label": label, "version": of[d]}, d == scope.dimension)
          for d, label in DIMENSIONS.items()]  # fmt: skip
    return {"years": years, "bases": bases, "by": by}


def headline(scope: Scope, key: str) -> Stat:
    """An indicator's figure of the city: the median where there is one, else mean or sum, or why there is none."""
    indicator = scope.indicator(key)
    for statistic, word in (("p50", pgettext("of", "中位数")), ("mean", pgettext("of", "均值")), ("sum", "")):
        held = scope.held(key, statistic)
        if held.value is not None:
            earlier = scope.held(key, statistic, period=scope.base or "-")
            # a total of other universities is no year before
            before = None if statistic == "sum" and earlier.n != held.n else earlier.value
            label = phrases([indicator.name, word]) if word else _("%(name)s总量") % {"name": indicator.name}
            value, unit, old = _in_unit(held.value, before, indicator.unit, scope.decimals(key))
            dim = _reference(scope, key) or (_("当量值口径，不含水") if statistic == "sum" else "")
            return Stat(
                label, value, unit, _compared(scope, held, before, old, summed=statistic == "sum"), dim
            )
    return Stat(
        indicator.name, _("不发布"), "", _("学校不足 5 所，或个别学校占比过大"), _reference(scope, key)
    )


def _in_unit(value: Decimal, before: Decimal | None, unit: str, decimals: int) -> tuple[str, str, str]:
    """Value and earlier value as text, and the unit; kgce and kgCO₂ totals in tonnes, in 万 where they are large."""
    if unit in figures.TONNES:
        scale = scale_for([value / 1000], figures.TONNES[unit])
        places = 0 if scale.divisor == 1 else 2 if value / 1000 / scale.divisor < 10 else 1
        old = "" if before is None else number(scale.of(before / 1000), places)
        return number(scale.of(value / 1000), places), scale.unit, old
    return number(value, decimals), unit_name(unit), "" if before is None else number(before, decimals)


def _compared(scope: Scope, held: queries.Held, before: Decimal | None, old: str, *, summed: bool) -> str:
    words = _("更正待发布。") if held.carried else ""
    if before is None and summed and scope.base:
        return words + _("%(n)s 所高校；与 %(base)s 年的学校不同，不比较") % {"n": held.n, "base": scope.base}
    if before is None:
        return words + (
            _("%(base)s 年没有发布") % {"base": scope.base} if scope.base else _("第一个发布年度")
        )
    values = {"base": scope.base, "old": old, "change": change(change_of(held.value, before))}
    return words + _("%(base)s 年 %(old)s，%(change)s") % values


def _reference(scope: Scope, key: str) -> str:
    for label, value, different, _row in references(scope, key):
        text = labelled(label, number(value))
        return _("%(text)s，口径不同") % {"text": text} if different else text
    return ""


def finding(scope: Scope, key: str) -> str:
    """The page's title: what happened to the lead indicator since the year of comparison."""
    by = change_of(scope.held(key, "p50").value, scope.held(key, "p50", period=scope.base or "-").value)
    name = scope.indicator(key).name
    if by is None:
        return _("%(period)s 年度全市高校能源对标") % {"period": scope.period}
    values = {"name": name, "base": scope.base, "by": percent(abs(by))}
    if abs(by) < figures.FALLING:
        return _("全市%(name)s与 %(base)s 年基本持平") % values
    return (
        _("全市%(name)s比 %(base)s 年降了 %(by)s") if by < 0 else _("全市%(name)s比 %(base)s 年升了 %(by)s")
    ) % values


def notes(scope: Scope) -> list[dict]:
    """What to know when reading: held back cohorts, corrections that wait, a changed definition, the missing audit."""
    found = []
    hidden = [bar.name for bar in (figures._bar(scope, scope.content.LEAD, c.code, c.text) for c in scope.cohorts())
              if not bar.values]  # fmt: skip
    if hidden:
        found.append({
            "kind": "none", "title": _("%(count)s 个同类组不发布") % {"count": len(hidden)},
            "text": _("%(names)s：不足 5 所、个别学校占比过大，或能由合计减出来。") % {"names": listed(hidden)},
            "url": reverse("benchmarks:rules"), "link": _("披露规则"),
        })  # fmt: skip
    carried = sum(
        1 for place, held in scope.cells.held.items() if place[1][:4] == scope.period and held.carried
    )
    if carried:
        found.append({
            "kind": "back", "title": _("%(count)s 个数更正待发布") % {"count": carried},
            "text": _("有 1–4 所学校更正了数据。这些数沿用上一版，改动的学校满 5 所后一起更新。"),
        })  # fmt: skip
    versions = {release.version_number for release in scope.newest.values()}
    if len(versions) > 1:
        found.append({"kind": "review", "title": _("各年度用的表样版本不同"),
                      "text": _("历史年度不按新表样重算，比较时看各年的定义。")})  # fmt: skip
    if not scope.release.audits:
        found.append({
            "kind": "none", "title": _("推断审核尚未启用"),
            "text": _("本版按规则 1–5 发布；“任何人推不出某校 ±10% 以内”的审核（规则 6）还没有执行。"),
            "url": reverse("benchmarks:rules"), "link": _("规则全文"),
        })  # fmt: skip
    return found
