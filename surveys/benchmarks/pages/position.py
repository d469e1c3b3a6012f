"""Where one university stands against released quartiles: a band, never a rank. Read under its own role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from surveys.benchmarks import queries
from surveys.benchmarks.cohorts import EVERYONE, KIND, SIZE
from surveys.benchmarks.pages.scope import change_of
from surveys.benchmarks.queries import Cells, Label
from surveys.catalog.names import unit_name, worded
from surveys.instruments import functions
from surveys.submissions.pages.declared import Declared, declared_lines
from surveys.submissions.queries import accepted_version
from ui.formats import number, percent
from ui.pictures import Position
from ui.tables import Cell, Column, Row, Table, row, suppressed, table

ORDER = (KIND, EVERYONE, SIZE)


@dataclass(frozen=True)
class Choice:
    """One group a university can compare itself with."""

    code: str
    text: str
    chosen: bool


def position_page(instrument: str, university_code: str, choice: Mapping[str, str]) -> dict:
    """The university's figures of one released year beside the quartiles of one of its cohorts.

    state: `none` (no release), `unreported` (released, but nothing of this university is accepted), `withheld` (what
    was accepted covers part of the year, or nothing: `declared` says it) or `ready`.
    """
    newest = queries.newest_per_period(queries.releases(instrument))
    if not newest:
        return {"state": "none"}
    own = queries.own_figures(university_code, newest)
    period = _period(choice.get("year", ""), list(newest), own)
    cells = queries.cells([newest[period]])
    groups = _groups(university_code, cells, period, choice.get("in", ""))
    context = {
        "release": newest[period],
        "period": period,
        "years": [(p, _("%(period)s 年度") % {"period": p}, p == period) for p in reversed(list(newest))],
        "groups": groups,
        "state": "ready" if any(p == period for _i, p in own) else "unreported",
    }
    if context["state"] == "unreported":
        declared = _declared(newest[period].round_code, university_code)
        return context | {"state": "withheld", "declared": declared} if declared else context
    group = next(g for g in groups if g.chosen)
    return context | _compared(instrument, newest[period], own, cells, period, group)


def _declared(round_code: str, university_code: str) -> list[Declared]:
    """Why an accepted report has no figures of the whole year; nothing where none is accepted."""
    accepted = accepted_version(round_code, university_code)
    said = accepted.declared if accepted else {}
    return declared_lines({name: said[name] for name in ("nil", "covers") if name in said})


def _period(wanted: str, periods: list[str], own: Mapping[tuple[str, str], Decimal]) -> str:
    """The year asked for, else the newest one with own figures, else the newest."""
    if wanted in periods:
        return wanted
    mine = [period for period in periods if any(p == period for _i, p in own)]
    return (mine or periods)[-1]


def _groups(university_code: str, cells: Cells, period: str, wanted: str) -> list[Choice]:
    """The university's cohorts in the versions the release used; the city for one that is in none."""
    labels, mine = queries.cohort_labels(), queries.own_cohorts(university_code)
    found: list[Label] = [
        labels[cohort]
        for (p, cohort), version in cells.versions.items()
        if p == period and (cohort, version) in mine
    ]
    found = found or [labels[EVERYONE]]
    found.sort(key=lambda label: ORDER.index(label.dimension))
    codes = [label.code for label in found]
    chosen = wanted if wanted in codes else codes[0]
    return [Choice(label.code, label.text, label.code == chosen) for label in found]


def _compared(instrument, release, own, cells: Cells, period: str, group: Choice) -> dict:
    content, definition = (
        functions(instrument, "benchmarks"),
        worded(queries.definition_of(release.version_id)),
    )
    strips, rows = [], []
    for indicator in definition.indicators:
        value = own.get((indicator.key, period))
        if value is None or not any(
            (indicator.key, period, group.code, s) in cells.held for s in ("p50", "mean")
        ):
            continue
        decimals = content.DECIMALS.get(indicator.key, 1)
        p25, median, p75 = (cells.value(indicator.key, period, group.code, s) for s in ("p25", "p50", "p75"))
        strip = Position(
            indicator.name, value, unit_name(indicator.unit), p25, median, p75, decimals=decimals,
            text=_words(value, p25, median, p75),
        )  # fmt: skip
        strips.append(strip)
        rows.append(_row(strip, cells.value(indicator.key, period, group.code, "mean")))
    middle = sum(1 for strip in strips if strip.p25 is not None and strip.p25 <= strip.value <= strip.p75)
    known = sum(1 for strip in strips if strip.p25 is not None)
    return {
        "group": group,
        "strips": strips,
        "table": _table(rows),
        "middle": middle,
        "known": known,
        "small": known == 0,
    }


def _words(value: Decimal, p25: Decimal | None, median: Decimal | None, p75: Decimal | None) -> str:
    """Which quartile band, and how far from the median."""
    if p25 is None or median is None or p75 is None:
        return _("同类学校不足 10 所或不发布，没有分位数可比。")
    if value < p25:
        return _("在最低的四分之一。")
    if value > p75:
        return _("在最高的四分之一。")
    by = change_of(value, median)
    if not by or abs(by) < Decimal("0.0005"):
        return _("与中位数相当，位于中间一半。")
    far = percent(abs(by))
    return (
        _("低于中位数 %(far)s，位于中间一半。") if by < 0 else _("高于中位数 %(far)s，位于中间一半。")
    ) % {"far": far}


def _row(strip: Position, mean: Decimal | None) -> Row:
    def shown(value: Decimal | None) -> Cell:
        return (
            suppressed(_("不发布"))
            if value is None
            else Cell(value=value, text=number(value, strip.decimals))
        )

    own = Cell(value=strip.value, text=strip.shown)
    return row(
        strip.label, strip.unit, own, shown(strip.p25), shown(strip.median), shown(strip.p75), shown(mean)
    )


def _table(rows: list[Row]) -> Table:
    columns = [Column(_("指标"), kind="text"), Column(_("单位"), kind="text"), Column(_("本校"), key=True),
               Column("P25"), Column(_("中位数")), Column("P75"), Column(_("均值"))]  # fmt: skip
    return table(columns, rows, stack=True, label=_("本校与同类学校"))
