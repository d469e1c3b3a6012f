"""The association's preview of a release: what would leave and what would not, and by which rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.benchmarks.disclosure import Cell as Planned
from surveys.benchmarks.disclosure import State, Statistic
from surveys.benchmarks.figures import PART
from surveys.benchmarks.models import Figure, Release
from surveys.benchmarks.names import STATISTICS, cohort_name, rule_name
from surveys.benchmarks.planning import Plan
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.names import unit_name, worded
from ui.formats import number
from ui.tables import Cell, Column, Table, row, table

SHOWN = (Statistic.RATIO, Statistic.MEAN, Statistic.P25, Statistic.P50, Statistic.P75)


@dataclass(frozen=True)
class Standing:
    """A round in the list: accepted and owed, universities with figures, the newest release."""

    round: Round
    accepted: int
    owed: int
    figures: int
    release: Release | None


def standings() -> list[Standing]:
    """Every statistics round, the newest first."""
    rounds = Round.objects.filter(version__instrument__kind="statistics").select_related(
        "version__instrument"
    )
    owed, accepted = Counter(), Counter()
    for code, state in Obligation.objects.values_list("round_id", "state"):
        owed[code] += 1
        accepted[code] += state == ObligationState.ACCEPTED
    pairs = (
        Figure.objects.exclude(indicator__startswith=PART).values_list("period", "university_code").distinct()
    )
    figures = Counter(period for period, _university in pairs)
    newest = {release.round_code: release for release in Release.objects.order_by("number")}
    return [Standing(r, accepted[r.pk], owed[r.pk], figures[r.period], newest.get(r.pk)) for r in rounds]


def list_table(found: list[Standing]) -> Table:
    columns = [Column(pgettext("one", "批次"), kind="text"), Column(_("已接受"), kind="text"),
               Column(_("有指标"), _("所"), decimals=0),
               Column(_("最近发布"), kind="text", key=True), Column(_("冻结"), kind="day")]  # fmt: skip
    rows = [
        row(
            one.round.title, f"{one.accepted} / {one.owed}", one.figures,
            _("第 %(number)s 版") % {"number": one.release.number} if one.release else _("未发布"),
            one.release.frozen_at if one.release else None,
            url=reverse("releases:preview", args=[one.round.pk]),
        )
        for one in found
    ]  # fmt: skip
    return table(columns, rows, stack=True, label=_("可发布的批次"))


def preview(plan: Plan, wanted: str) -> dict:
    """The plan as tables: counts per rule, all indicators in a line each, and one indicator's cells by cohort."""
    keys = list(
        dict.fromkeys(cell.key.indicator for cell in plan.cells if not cell.key.indicator.startswith(PART))
    )
    indicator = wanted if wanted in keys else (keys[0] if keys else "")
    names = {i.key: i.name for i in worded(plan.definition).indicators}
    return {
        "plan": plan,
        "counts": plan.counts,
        "rules": _rules(plan),
        "summary": _summary(plan, keys, names),
        "indicators": [(key, names[key], key == indicator) for key in keys],
        "indicator": names.get(indicator, ""),
        "detail": _detail(plan, indicator) if indicator else None,
    }


def _rules(plan: Plan) -> Table | None:
    found = Counter(cell.rule for cell in plan.cells if cell.rule)
    columns = [Column(_("规则"), kind="text"), Column(_("格"), decimals=0, key=True)]
    rows = [row(f"{rule}　{rule_name(rule)}", count) for rule, count in sorted(found.items())]
    return table(columns, rows, label=_("不发布的原因")) if rows else None


def _summary(plan: Plan, keys: list[str], names: dict[str, str]) -> Table:
    columns = [Column(_("指标"), kind="text"), Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0),
               Column(_("发布"), _("格"), decimals=0, key=True),
               Column(_("不发布"), _("格"), decimals=0), Column(_("更正待发布"), _("格"), decimals=0)]  # fmt: skip
    contributors = {one.indicator: len(one.rows) for one in plan.series}
    counts = {key: Counter() for key in keys}
    months = Counter()
    for cell in plan.cells:
        counts.get(cell.key.indicator, months)[cell.state] += 1
    states = (State.RELEASED, State.SUPPRESSED, State.CARRIED)
    base = reverse("releases:preview", args=[plan.round.pk])
    rows = [row(names[key], contributors[key], *(counts[key][s] for s in states), url=f"{base}?indicator={key}#detail")
            for key in keys]  # fmt: skip
    if months:
        rows.append(row(_("逐月构成（全市）"), None, *(months[s] for s in states)))
    return table(columns, rows, stack=True, label=_("按指标"))


def _detail(plan: Plan, indicator: str) -> Table:
    mine: dict[str, dict[str, Planned]] = {}
    for cell in plan.cells:
        if cell.key.indicator == indicator:
            mine.setdefault(cell.key.cohort, {})[cell.key.statistic] = cell
    found = next(i for i in worded(plan.definition).indicators if i.key == indicator)
    shown = [s for s in (Statistic.SUM, *SHOWN) if any(s in cells for cells in mine.values())]
    columns = [
        Column(_("同类组"), kind="text"),
        Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0),
    ]
    columns += [Column(str(STATISTICS[s]), unit_name(found.unit)) for s in shown]
    rows = [
        row(
            cohort_name(cohort), max(cell.n for cell in cells.values()), *(_cell(cells.get(s)) for s in shown)
        )
        for cohort, cells in mine.items()
    ]
    return table(columns, rows, frozen=True, label=found.name)


def _cell(cell: Planned | None) -> Cell:
    if cell is None:
        return Cell(text="—", flag="dim")
    if cell.state is State.SUPPRESSED:
        return Cell(text=rule_name(cell.rule), flag="hatch")
    written = number(cell.value, 2)
    return Cell(value=cell.value, text=written, flag="warn" if cell.state is State.CARRIED else "",
                sub=_("更正待发布") if cell.state is State.CARRIED else "")  # fmt: skip
