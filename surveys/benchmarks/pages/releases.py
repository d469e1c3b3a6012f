"""The record of releases, and one release."""

from __future__ import annotations

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.benchmarks import queries
from surveys.benchmarks.models import Cell, CellState
from surveys.benchmarks.pages.downloads import rules_text
from surveys.benchmarks.queries import Shown
from surveys.catalog.names import worded
from ui.tables import Column, Table, row, table


def counts_of(releases: list[Shown]) -> dict[int, Counter]:
    """Release id → state → how many cells, in one query."""
    found: dict[int, Counter] = {release.id: Counter() for release in releases}
    for release, state in Cell.objects.filter(release_id__in=found).values_list("release_id", "state"):
        found[release][state] += 1
    return found


def record(instrument: str) -> dict:
    """All releases as a table, the newest first."""
    found = queries.releases(instrument)
    return {"releases": found, "table": _table(found, counts_of(found)) if found else None}


def _table(found: list[Shown], counts: dict[int, Counter]) -> Table:
    columns = [
        Column(_("发布"), kind="text"), Column(_("冻结"), kind="day", key=True),
        Column(pgettext("count", "学校"), pgettext("count", "所"), decimals=0),
        Column(_("发布"), _("格"), decimals=0), Column(_("不发布"), _("格"), decimals=0),
        Column(_("更正待发布"), _("格"), decimals=0), Column(_("规则"), kind="text", wide=True),
    ]  # fmt: skip
    rows = []
    for release in found:
        of = counts[release.id]
        rows.append(row(
            name_of(release), release.frozen_at, release.contributors, of[CellState.RELEASED], of[CellState.SUPPRESSED],
            of[CellState.CARRIED], rules_text(release),
            url=reverse("benchmarks:release", args=[release.round_code, release.number]),
        ))  # fmt: skip
    return table(columns, rows, stack=True, label=_("发布记录"))


def name_of(release: Shown) -> str:
    """A release as it is called."""
    return _("%(title)s 第 %(number)s 版") % {"title": release.title, "number": release.number}


def release_page(instrument: str, round_code: str, number: int) -> dict | None:
    """One release with its counts per indicator; None when there is no such release."""
    found = next(
        (r for r in queries.releases(instrument) if (r.round_code, r.number) == (round_code, number)), None
    )
    if found is None:
        return None
    held = queries.cells([found])
    by_indicator: dict[str, Counter] = {}
    for (indicator, _period, _cohort, _statistic), cell in held.held.items():
        by_indicator.setdefault(indicator, Counter())[cell.state] += 1
    names = {i.key: i.name for i in worded(queries.definition_of(found.version_id)).indicators}
    columns = [Column(_("指标"), kind="text"), Column(_("发布"), _("格"), decimals=0, key=True),
               Column(_("不发布"), _("格"), decimals=0), Column(_("更正待发布"), _("格"), decimals=0)]  # fmt: skip
    rows = [
        row(name, of[CellState.RELEASED], of[CellState.SUPPRESSED], of[CellState.CARRIED],
            url=reverse("benchmarks:indicator", args=[instrument, key]) + f"?year={found.period}")
        for key, name in names.items() if (of := by_indicator.get(key))
    ]  # fmt: skip
    months = sum((of for key, of in by_indicator.items() if key not in names), Counter())
    if months:
        rows.append(
            row(
                _("逐月构成（全市）"),
                *(months[s] for s in (CellState.RELEASED, CellState.SUPPRESSED, CellState.CARRIED)),
            )
        )
    return {
        "release": found,
        "name": name_of(found),
        "counts": counts_of([found])[found.id],
        "rules": rules_text(found),
        "table": table(columns, rows, stack=True, label=_("按指标")),
    }
