"""The further pages: month by month, building by building, and the reasons that were given."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.catalog.names import base_unit, column_name, period_name
from surveys.submissions import comparison
from surveys.submissions.pages.paper import FLAG_WORDS, Paper, exact_decimals
from surveys.submissions.printed.tables import Content, head, table
from ui.formats import NOT_REPORTED, number

# figures that fit beside one another on an upright page, and on one that lies
UPRIGHT, LYING = 6, 12
Key = tuple[str, str]


def annexes_of(paper: Paper) -> list[Content]:
    """The annexes that have something to say, numbered."""
    found = [(_("说明"), *_reasons(paper))]
    if not paper.scores:
        found = [(_("逐月数据"), *_months(paper)), (_("分建筑全年合计"), *_places(paper)), *found]
    told = [(title, wide, parts) for title, wide, parts in found if parts]
    return [
        {"title": _("附表 %(n)s") % {"n": n} + f"　{title}", "wide": wide, "parts": parts}
        for n, (title, wide, parts) in enumerate(told, 1)
    ]


def _keys(paper: Paper, *, placed: bool = False) -> list[Key]:
    """The figures of the form; `placed`: those that some building has a value of."""
    known = {
        (row["item"], row["measure"]) for row in paper.rows if row["facility"] and row["value"] is not None
    }
    keys = [(figure.line.item, figure.line.measure) for figure in paper.figures]
    return [key for key in keys if not placed or key in known]


def _blocks(keys: list[Key]) -> Iterator[list[Key]]:
    """Figures in blocks of nearly one size that fit on a page."""
    count = math.ceil(len(keys) / LYING)
    size = math.ceil(len(keys) / count) if count else 0
    for n in range(count):
        yield keys[n * size : (n + 1) * size]


def _heads(paper: Paper, first: str, keys: list[Key]) -> list[dict]:
    named = [head(column_name(paper.definition, *key), base_unit(paper.definition, *key)) for key in keys]
    return [head(first), *named]


def _months(paper: Paper) -> tuple[bool, list[Content]]:
    """Periods down, figures across, buildings added up."""
    sums, wanted = comparison.by_period(paper.rows), _keys(paper)
    periods = sorted({period for _item, _measure, period in sums})
    parts = []
    for keys in _blocks(wanted):
        columns = [[sums.get((*key, period)) for period in periods] for key in keys]
        places = [exact_decimals(*(s.value for s in column if s)) for column in columns]
        shown = [[_cell(s, places[n]) for s in column] for n, column in enumerate(columns)]
        rows = [[period_name(p), *line] for p, line in zip(periods, zip(*shown, strict=True), strict=True)]
        totals = [_total([s.value for s in column if s], places[n]) for n, column in enumerate(columns)]
        parts.append(table(_heads(paper, _("期间"), keys), rows, total=[_("合计"), *totals]))
    return len(wanted) > UPRIGHT, parts


def _cell(found: comparison.PeriodSum | None, decimals: int) -> str:
    if found is None:
        return ""
    if found.value is None:
        return str(FLAG_WORDS.get(found.flag, NOT_REPORTED))
    mark = pgettext("mark", "估") if found.flag == "estimated" else ""
    return f"{number(found.value, decimals)} {mark}".rstrip()


def _total(values: list[Decimal | None], decimals: int) -> str:
    known = [value for value in values if value is not None]
    return number(sum(known), decimals) if known else NOT_REPORTED


def _places(paper: Paper) -> tuple[bool, list[Content]]:
    """Buildings down, figures across; nothing for a report of the whole."""
    known = list(paper.facility_names)
    codes = {row["facility"] for row in paper.rows if row["facility"]}
    places = sorted(codes, key=lambda code: known.index(code) if code in known else len(known))
    sums, wanted = comparison.by_place(paper.rows), _keys(paper, placed=True)
    parts = []
    for keys in _blocks(wanted):
        columns = [[sums.get((place, *key)) for place in places] for key in keys]
        shown = [[_total([v], exact_decimals(*column)) for v in column] for column in columns]
        rows = [
            [paper.facility_names.get(place, place), *line]
            for place, line in zip(places, zip(*shown, strict=True), strict=True)
        ]
        parts.append(table(_heads(paper, _("建筑"), keys), rows))
    return len(wanted) > UPRIGHT, parts


def _reasons(paper: Paper) -> tuple[bool, list[Content]]:
    """Why a figure is as it is: each reason once, with the places it stands for."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for entry in paper.submission.explanations:
        place = "|".join(entry.get(name) or "" for name in comparison.KEY)
        key = (entry["rule"], entry["text"], entry.get("actor_name", ""))
        grouped.setdefault(key, []).append(paper.about(place))
    rows = [[_rule(paper, rule), _listed(places), text, by] for (rule, text, by), places in grouped.items()]
    heads = [head(_("检查")), head(_("哪些数")), head(_("原因")), head(_("填写人"))]
    return False, [table(heads, rows, words=(0, 1, 2, 3), widths=(2, 3, 5, 0))] if rows else []


def _rule(paper: Paper, rule: str) -> str:
    try:
        return f"{rule} {paper.definition.check(rule).title}"
    except KeyError:
        return _("空白") if rule == "blank" else rule


def _listed(places: list[str]) -> str:
    """The places in words; the rest of a long list as a number."""
    named = [place for place in places if place]
    shown = _("、").join(named[:6])
    return shown + _("等 %(n)s 处") % {"n": len(named)} if len(named) > 6 else shown
