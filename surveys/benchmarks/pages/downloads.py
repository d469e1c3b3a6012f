"""The table behind a picture as sheets for documents.spreadsheet: full figures, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from documents.spreadsheet import Sheet
from surveys.benchmarks import queries
from surveys.benchmarks.models import CellState
from surveys.benchmarks.names import STATISTICS, cohort_name
from surveys.benchmarks.pages import figures
from surveys.benchmarks.pages.completion import completion_of
from surveys.benchmarks.pages.indicator import definition_facts
from surveys.benchmarks.pages.scope import Scope, scope_of
from surveys.benchmarks.queries import Shown
from surveys.catalog.names import unit_name, worded
from ui.formats import iso_day, listed, noted
from ui.tables import Table

FIGURES = ("trend", "cohorts", "structure", "indicators")


def figure_sheets(instrument: str, figure: str, choice: Mapping[str, str]) -> tuple[str, list[Sheet]]:
    """File name and sheets of a figure (one of FIGURES) in the scope of `choice`: the table, then what it is.

    Raises KeyError for an unknown figure or indicator, and when there is nothing to show.
    """
    scope = scope_of(instrument, choice)
    if scope is None or figure not in FIGURES:
        raise KeyError(figure)
    key = choice.get("indicator") or scope.content.LEAD
    made = {
        "trend": lambda: figures.trend(scope, key) or figures.total_trend(scope, key),
        "cohorts": lambda: figures.distribution(scope, key),
        "structure": lambda: figures.structure(scope),
        "indicators": lambda: figures.indicator_table(scope),
    }[figure]()
    if made is None:
        raise KeyError(figure)
    data = made if isinstance(made, Table) else made.table
    name = scope.content.TOTAL if figure == "structure" else key
    title = _("全部指标") if figure == "indicators" else scope.indicator(name).name
    about = [] if figure == "indicators" else definition_facts(scope, name)
    words = {"trend": _("趋势"), "cohorts": _("分布"), "structure": _("逐月构成"), "indicators": _("汇总")}
    return f"{title} {words[figure]} {scope.period}", [
        table_sheet(words[figure], data),
        _about(scope, title, about),
    ]


def table_sheet(title: str, data: Table) -> Sheet:
    """A table of ui.tables as it stands on the page, numbers in full; a cell that is not released holds its words."""
    header = [noted(column.label, column.unit) for column in data.columns]
    return Sheet(title, header, [[row.head, *_plain(row.cells)] for row in data.rows])


def _plain(cells) -> list[object]:
    found: list[object] = []
    for cell in cells:
        found.append(
            cell.value if cell.value is not None else (str(cell.text) if cell.flag == "hatch" else None)
        )
        found += [None] * (cell.span - 1)
    return found


def _about(scope: Scope, title: str, facts: list[dict]) -> Sheet:
    rows = [[_("指标"), title], [_("来源"), scope.source], [_("比较基年"), scope.base]]
    rows += [
        [fact["label"], noted(fact["text"], _("未核对") if fact.get("unverified") else "")] for fact in facts
    ]
    rows += [
        [_("披露规则"), rules_text(scope.release)],
        [pgettext("release", "说明"), _("只含已发布的汇总数，不含任何一所学校的数值。")],
    ]
    return Sheet(pgettext("release", "说明"), [_("项目"), _("内容")], rows)


def rules_text(release: Shown) -> str:
    """Which rules and audits a release passed, in words."""
    rules = listed(release.rules)
    audits = listed(release.audits) if release.audits else _("未执行推断审核（规则 6）")
    return _("规则 %(rules)s；%(audits)s") % {"rules": rules, "audits": audits}


def release_sheets(release: Shown) -> tuple[str, list[Sheet]]:
    """Every cell of a release, the suppressed ones with their state and nothing else."""
    definition = worded(queries.definition_of(release.version_id))
    names = {i.key: (i.name, unit_name(i.unit)) for i in definition.indicators}
    held = queries.cells([release])
    words = dict(CellState.choices)
    rows = []
    for (indicator, period, cohort, statistic), cell in sorted(held.held.items()):
        name, unit = names.get(indicator, (indicator, "kgce"))
        label = str(STATISTICS.get(statistic, statistic))
        rows.append(
            [
                indicator,
                name,
                period,
                cohort_name(cohort),
                label,
                cell.value,
                unit,
                cell.n,
                str(words[cell.state]),
            ]
        )
    header = [
        _("代码"),
        _("指标"),
        _("期间"),
        _("同类组"),
        _("统计量"),
        _("数值"),
        _("单位"),
        pgettext("count", "学校"),
        _("状态"),
    ]
    values = {"title": release.title, "number": release.number}
    title = _("%(title)s 发布第 %(number)s 版") % values
    about = Sheet(pgettext("release", "说明"), [_("项目"), _("内容")], [
        [_("名称"), title], [_("冻结"), iso_day(release.frozen_at)], [_("披露规则"), rules_text(release)],
        [_("折标系数"), release.factor_set], [_("定义哈希"), release.definition_sha256],
    ])  # fmt: skip
    return title, [Sheet(_("汇总格"), header, rows), about]


def completion_sheets() -> tuple[str, list[Sheet]]:
    """Completion of all rounds, and per round its cohorts. Raises KeyError when there is nothing yet."""
    done = completion_of(queries.completion(), queries.cohort_labels())
    if done["table"] is None:
        raise KeyError("completion")
    sheets = [table_sheet(_("各表"), done["table"])]
    return _("报送进度"), sheets + [table_sheet(one.title, one.cohorts) for one in done["rounds"]]
