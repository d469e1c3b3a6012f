"""Words for codes: cohorts, statistics, rules, reasons."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.benchmarks.cohorts import EVERYONE, KIND, SIZE
from tenants.models import UniversityKind

DIMENSIONS = {KIND: gettext_lazy("按学校类型"), SIZE: gettext_lazy("按学生规模")}
_SIZES = {
    "size-small": gettext_lazy("不足 1 万人"),
    "size-medium": gettext_lazy("1 万–2 万人"),
    "size-large": gettext_lazy("2 万人以上"),
}
STATISTICS = {
    "ratio": gettext_lazy("合计之比"),
    "sum": gettext_lazy("合计"),
    "mean": gettext_lazy("均值"),
    "count": gettext_lazy("所数"),
    "p10": "P10",
    "p25": "P25",
    "p50": gettext_lazy("中位数"),
    "p75": "P75",
    "p90": "P90",
}
RULES = {
    "1": gettext_lazy("不足 5 所"),
    "2": gettext_lazy("一两所占比过大"),
    "3": gettext_lazy("学校数不够算分位数"),
    "4": gettext_lazy("可由其他格减出来"),
    "5": gettext_lazy("更正待发布：与已发布的只差 1–4 所"),
}


def cohort_name(code: str) -> str:
    """The name of a cohort in the current language; an unknown code is its own name."""
    if code == EVERYONE:
        return _("全市")
    if code in _SIZES:
        return str(_SIZES[code])
    kind = code.removeprefix("kind-")
    return str(UniversityKind(kind).label) if kind in UniversityKind.values else code


def rule_name(rule: str) -> str:
    """What a rule says, for the association's preview; an audit is named by itself."""
    return str(RULES.get(rule, rule))
