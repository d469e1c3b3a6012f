"""One indicator: figures, trend, cohorts, definition and sources. And all indicators of an instrument."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.names import cohort_name
from surveys.benchmarks.pages import figures
from surveys.benchmarks.pages.overview import Stat, choices, headline
from surveys.benchmarks.pages.scope import Scope, change_of, references, scope_of
from surveys.catalog.names import unit_name
from ui.formats import change, labelled, listed, noted, number, signed
from ui.tables import Cell, Column, Table, row, suppressed, table


def instrument_page(instrument: str, choice: Mapping[str, str]) -> dict:
    """All indicators of an instrument in one table, and the make-up of the total."""
    scope = scope_of(instrument, choice)
    if scope is None:
        return {"scope": None}
    return {
        "scope": scope,
        "choices": choices(scope),
        "table": figures.indicator_table(scope),
        "structure": figures.structure(scope),
        "links": figures.links(scope, "indicators"),
    }


def indicator_page(instrument: str, key: str, choice: Mapping[str, str]) -> dict:
    """One indicator. Raises KeyError when the chosen release's definition has no such indicator."""
    scope = scope_of(instrument, choice, indicators=[key])
    if scope is None:
        return {"scope": None}
    indicator = scope.indicator(key)
    ratio = (key, scope.period, EVERYONE, "ratio") in scope.cells.held
    return {
        "scope": scope,
        "choices": choices(scope),
        "indicator": indicator,
        "unit": unit_name(indicator.unit),
        "stats": _stats(scope, key, ratio),
        "trend": figures.trend(scope, key, define=False) if ratio else figures.total_trend(scope, key),
        "cohorts": figures.distribution(scope, key, define=False) if ratio else None,
        "sums": None if ratio else _sums(scope, key),
        "sum_links": figures.links(scope, "cohorts", key, define=False),
        "facts": definition_facts(scope, key),
        "references": _reference_table(scope, key),
        "different": key in scope.content.OTHER_BASIS,
        "released": scope.cells.has(key, scope.period, EVERYONE),
    }


def _stats(scope: Scope, key: str, ratio: bool) -> list[Stat]:
    if not ratio:
        return [headline(scope, key)]
    unit, places = unit_name(scope.indicator(key).unit), scope.decimals(key)
    found = [headline(scope, key)]
    low, high = scope.held(key, "p25").value, scope.held(key, "p75").value
    if low is not None and high is not None:
        old = [scope.held(key, s, period=scope.base or "-").value for s in ("p25", "p75")]
        note = ""
        if None not in old:
            note = _("两端之差较 %(base)s 年 %(by)s") % {
                "base": scope.base, "by": signed((high - low) - (old[1] - old[0]), places),
            }  # fmt: skip
        found.append(Stat(_("中间一半"), f"{number(low, places)}–{number(high, places)}", unit, note))
    whole = scope.held(key, "ratio")
    if whole.value is not None:
        before = scope.held(key, "ratio", period=scope.base or "-").value
        note = _("%(base)s 年 %(old)s，%(change)s") % {
            "base": scope.base, "old": number(before, places), "change": change(change_of(whole.value, before)),
        } if before is not None else _("全市合计相除")  # fmt: skip
        found.append(Stat(_("全市合计之比"), number(whole.value, places), unit, note))
    return found


def _sums(scope: Scope, key: str) -> Table:
    """Sums of the city and of the chosen cohorts."""
    unit = unit_name(scope.indicator(key).unit)
    columns = [
        Column(_("同类组"), kind="text"),
        Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0),
        Column(_("合计"), unit, decimals=0),
    ]
    rows = []
    for code, name in [*((c.code, c.text) for c in scope.cohorts()), (EVERYONE, cohort_name(EVERYONE))]:
        held = scope.held(key, "sum", code)
        cell = suppressed(_("不发布")) if held.value is None else Cell(value=held.value)
        rows.append(row(name, held.n, cell, kind="sum" if code == EVERYONE else ""))
    return table(columns, rows, label=_("各同类组合计"))


def definition_facts(scope: Scope, key: str) -> list[dict]:
    """Pairs label, text with marks: code, unit, formula, basis and factors with version and source, denominator."""
    indicator, definition = scope.indicator(key), scope.definition
    facts = [
        {"label": _("代码"), "text": indicator.key, "code": True},
        {"label": _("单位"), "text": unit_name(indicator.unit)},
        {"label": _("公式"), "text": indicator.formula},
        {"label": _("函数"), "text": indicator.function, "code": True},
    ]
    if indicator.basis:
        factors = definition.factor_set(definition.basis_default)
        facts.append({"label": _("口径"), "text": factors.name})
        facts.append({"label": _("折标系数"), "text": noted(factors.version, factors.year),
                      "unverified": bool(factors.unverified)})  # fmt: skip
        facts.append({"label": _("系数来源"), "text": sources(definition.body, factors.source)})
    named = {d.key: d for d in definition.denominators}
    if indicator.denominator:
        below = named[indicator.denominator]
        ways = listed(calibre.name for calibre in below.calibres)
        facts.append({"label": _("分母"), "text": labelled(noted(below.name, unit_name(below.unit)), ways)})
    if indicator.source:
        facts.append({"label": _("指标来源"), "text": sources(definition.body, indicator.source)})
    facts.append({"label": _("表样"), "text": _("第 %(number)s 版") % {"number": scope.release.version_number},
                  "hash": scope.release.definition_sha256, "url": _manual(scope, key)})  # fmt: skip
    return facts


def _manual(scope: Scope, key: str) -> str:
    """Where the manual of the version documents the indicator."""
    return reverse("manual:version", args=[scope.instrument, scope.release.version_number]) + f"#{key}"


def factor_table(scope: Scope) -> Table:
    """The factors of the basis the releases use, item by item, with the mark of those not checked."""
    definition = scope.definition
    factors = definition.factor_set(definition.basis_default)
    columns = [Column(_("品种"), kind="text"), Column(_("系数"))]
    rows = []
    for item in definition.items:
        value = factors.kgce.get(item.key)
        if value is not None:
            mark = _("未核对") if item.key in factors.unverified else ""
            rows.append(row(item.name, Cell(value=value, sub=mark), sub=f"kgce/{unit_name(item.unit)}"))
    return table(columns, rows, label=_("折标系数"))


def sources(body: Mapping, text: str) -> str:
    """Source ids in a text spelled out by the definition's list; an id without an entry stays as it is."""
    known = body.get("sources", {})
    ids = [word for word in text.replace(",", " ").replace(";", " ").split() if word in known]
    return _("；").join(f"{word} {known[word]}" for word in ids) if ids else text


def _reference_table(scope: Scope, key: str) -> list[dict]:
    body = scope.definition.body
    return [
        {"label": label, "value": value, "source": sources(body, found.source), "note": found.note}
        for label, value, _different, found in references(scope, key)
    ]
