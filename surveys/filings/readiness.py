"""What is still missing before a draft can be handed in. Reads only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.catalog.models import Round
from surveys.catalog.names import worded
from surveys.catalog.sentences import sentence
from surveys.definition import Boundary, Definition, Evaluation
from surveys.filings import completeness, queries
from surveys.filings.amendment import under_way
from surveys.filings.boundary import undecided
from surveys.filings.declarations import covered_months, covers_month
from surveys.filings.models import Filing, UploadState
from surveys.filings.periods import due_months
from surveys.filings.scoring import unanswered
from surveys.instruments.scoring import score_sheet
from ui.formats import listed

KEY = ("facility", "item", "measure", "period")


@dataclass(frozen=True)
class Finding:
    """The findings of one rule on the draft, and whether each is explained. `kind` is error or warning."""

    rule: str
    kind: str
    title: str
    remedy: str
    issues: tuple[dict, ...]
    open: tuple[dict, ...]
    reason: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way; `anchor` is where on the round page it is mended."""

    text: str
    anchor: str


@dataclass
class Readiness:
    """values: figures in the draft; findings by rule; gaps; denominators that are missing; boundaries that are not
    chosen; what stands in the way."""

    values: int = 0
    findings: list[Finding] = field(default_factory=list)
    gaps: list[completeness.Gap] = field(default_factory=list)
    denominators: list[str] = field(default_factory=list)
    boundaries: list[Boundary] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def readiness(filing: Filing, round: Round, university_code: str, now: datetime.datetime) -> Readiness:
    """Everything that is missing in a filing at `now`, in the words of the person who mends it."""
    definition = worded(queries.definition_of(round))
    rows = queries.values_of(filing)
    keys = queries.explained_keys(filing)
    reasons = {key[1:] for key in keys if key[0] == completeness.BLANK}
    if definition.evaluation:
        return _of_scores(filing, definition.evaluation, rows, university_code)
    found = Readiness(
        values=sum(row["value"] is not None for row in rows),
        findings=findings(definition, filing.issues, keys, queries.explanations_of(filing)),
    )
    months = due_months(round.period, timezone.localdate(now))
    if found.values:
        found.gaps = completeness.gaps(
            definition,
            rows,
            covered_months(filing, months),
            earlier=queries.earlier_pairs(round, filing.unit),
            reasons=reasons,
        )
    given = queries.denominators_of(filing)
    found.denominators = completeness.missing_denominators(definition, given, reasons)
    found.boundaries = undecided(filing, definition)
    found.problems = _problems(found, filing, definition)
    outside = sum(row["value"] is not None and not covers_month(filing, row["period"]) for row in rows)
    if outside:
        text = _("%(n)s 个数在所报的月份以外：清空它们，或改所报的月份") % {"n": outside}
        found.problems.append(Problem(text, "covers"))
    found.problems += _not_amended(filing, university_code)
    return found


def _not_amended(filing: Filing, university_code: str) -> list[Problem]:
    amending = under_way(filing, university_code)
    if not (amending and amending.same):
        return []
    text = _("和已接受的 v%(n)s 一样，没有可报的更正") % {"n": amending.accepted.version}
    return [Problem(text, "amendment")]


def _of_scores(filing: Filing, evaluation: Evaluation, rows: list[dict], university_code: str) -> Readiness:
    """A part of an evaluation is whole when each item has a score or a reason why it does not apply, and each veto its
    answer."""
    sheet = score_sheet(evaluation, filing.unit, rows)
    found = Readiness(values=sheet.scored)
    if not sheet.scored:
        found.problems = [Problem(_("还没有评分"), "scores")]
        return found
    if sheet.unscored:
        found.problems.append(Problem(_("%(n)s 项没有评分") % {"n": len(sheet.unscored)}, "scores"))
    if sheet.unreasoned:
        text = _("%(n)s 项不适用，要写明理由") % {"n": len(sheet.unreasoned)}
        found.problems.append(Problem(text, "scores"))
    if missing := unanswered(filing, evaluation):
        found.problems.append(Problem(_("%(n)s 条否决项没有答复") % {"n": len(missing)}, "vetoes"))
    waiting = queries.uploads_of(filing).filter(state=UploadState.RECEIVED, stuck=False).count()
    if waiting:
        found.problems.append(Problem(_("还有 %(n)s 份文件在核对") % {"n": waiting}, "uploads"))
    found.problems += _not_amended(filing, university_code)
    return found


def findings(definition: Definition, issues: list[dict], explained: set, explanations: list) -> list[Finding]:
    """Issues grouped by rule, errors first, in the order of the definition; a reason given closes an issue."""
    grouped: dict[str, list[dict]] = {}
    for issue in issues:
        grouped.setdefault(issue["rule"] or issue["kind"], []).append(issue)
    texts = {}
    for row in explanations:
        texts.setdefault(row.rule, row.text)
    found = [
        _finding(definition, rule, group, explained, texts.get(rule, "")) for rule, group in grouped.items()
    ]
    order = {check.id: place for place, check in enumerate(definition.checks)}
    return sorted(found, key=lambda f: (f.kind != "error", order.get(f.rule, 99), f.rule))


def _finding(definition: Definition, rule: str, group: list[dict], explained: set, reason: str) -> Finding:
    try:
        check = definition.check(rule)
        title, remedy = check.title, check.remedy
    except KeyError:
        title, remedy = (sentence(group[0], field, definition) for field in ("message", "suggestion"))
    left = tuple(issue for issue in group if (rule, *(issue[name] for name in KEY)) not in explained)
    kind = "error" if any(issue["severity"] == "error" for issue in group) else "warning"
    return Finding(rule, kind, title, remedy, tuple(group), left, reason)


def _problems(found: Readiness, filing: Filing, definition: Definition) -> list[Problem]:
    if filing.nil_reason:
        return []
    if not found.values:
        return [Problem(_("草稿里还没有数：先上传表格"), "upload")]
    problems = []
    errors = sum(len(f.open) for f in found.findings if f.kind == "error")
    warnings = sum(len(f.open) for f in found.findings if f.kind == "warning")
    blanks = sum(max(len(gap.periods), 1) for gap in found.gaps)
    waiting = queries.uploads_of(filing).filter(state=UploadState.RECEIVED, stuck=False).count()
    if errors:
        problems.append(Problem(_("%(n)s 个错误要改正或写明无误") % {"n": errors}, "problems"))
    if warnings:
        problems.append(Problem(_("%(n)s 个提醒要说明") % {"n": warnings}, "problems"))
    if blanks:
        problems.append(Problem(_("%(n)s 处空白要补数或写明原因") % {"n": blanks}, "blanks"))
    if found.denominators:
        names = {d.key: d.name for d in definition.denominators}
        known = listed(names[key] for key in found.denominators)
        problems.append(Problem(_("%(names)s要核对并保存") % {"names": known}, "denominators"))
    if found.boundaries:
        known = listed(each.name for each in found.boundaries)
        problems.append(Problem(_("边界要选定：%(names)s") % {"names": known}, "boundary"))
    if waiting:
        problems.append(Problem(_("还有 %(n)s 份文件在核对") % {"n": waiting}, "uploads"))
    return problems
