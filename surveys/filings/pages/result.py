"""What intake said of one upload, problems first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.catalog.names import base_unit, value_name
from surveys.catalog.sentences import form_in, part, sentence
from surveys.definition import Definition
from surveys.filings import answers as asked
from surveys.filings.models import Upload, UploadState
from surveys.filings.pages.kinds import title_of
from surveys.filings.pages.questions import Line, asks, question_line, shown
from ui.formats import number

KEY = ("facility", "item", "measure", "period")
# blocks of cells that are not used: this many are listed
LEFT_SHOWN = 30


@dataclass(frozen=True)
class Group:
    """All cells of one rule together. kind: bad, warn or done."""

    key: str
    kind: str
    title: str
    rule: str
    text: str
    lines: tuple[Line, ...]
    fix_label: str = ""
    remedy: str = ""
    cells: tuple[dict, ...] = ()
    explained: str = ""
    offered: str = ""
    explainable: bool = False

    @property
    def has_cells(self) -> bool:
        """Whether the cells say more than the sentence: a finding about the file has none."""
        return len(self.lines) > 1 or bool(self.explainable and self.lines and self.lines[0].place)


@dataclass(frozen=True)
class Refusal:
    """Why a file was not read, where that stands in it, and what to do."""

    why: str
    place: str
    remedy: str


@dataclass
class Result:
    """The page's model."""

    title: str
    errors: list[Group] = field(default_factory=list)
    warnings: list[Group] = field(default_factory=list)
    seen: list[Group] = field(default_factory=list)
    notes: list[Group] = field(default_factory=list)
    open: int = 0
    warned: int = 0
    passed: int = 0
    ignored: int = 0
    button: str = ""
    can_load: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def result_of(
    upload: Upload,
    definition: Definition,
    names: Mapping[str, str],
    explained: Mapping[tuple, str],
    offered: Mapping[tuple[str, str], str],
) -> Result:
    """names: facility code → name; explained: (rule, KEY…) → reason given; offered: (rule, item) → earlier reason."""
    report = upload.report
    page = Result(title="")
    page.errors = [] if upload.state == UploadState.REFUSED else _error_groups(upload, definition, names)
    found, page.notes = _warning_groups(report, definition, names, explained, offered)
    page.warnings = [group for group in found if group.explainable]
    page.seen = [group for group in found if not group.explainable]
    page.open = len(asked.open_questions(report, upload.answers)) + len(report.get("facilities_unknown", ()))
    page.warned = sum(len(group.lines) for group in page.warnings if group.kind == "warn")
    page.passed = report.get("values", 0)
    page.ignored = sum(cells["count"] for cells in report.get("ignored", ()))
    page.left = [_left(cells, definition) for cells in report.get("ignored", ())[:LEFT_SHOWN]]
    if upload.state == UploadState.REFUSED:
        page.refusals = [_refusal(issue, definition) for issue in report.get("issues", ())]
    page.button, page.can_load = _button(upload, page)
    page.title = _title(upload, page)
    return page


def _title(upload: Upload, page: Result) -> str:
    n = number(page.passed)
    if upload.state == UploadState.REFUSED:
        return _("没有写入：%(why)s") % {"why": page.refusals[0].why if page.refusals else ""}
    if upload.state == UploadState.UNDONE:
        return _("已撤销，草稿回到写入之前")
    if upload.state == UploadState.LOADED:
        return _("已写入草稿：%(n)s 个数") % {"n": n}
    if page.open:
        return ngettext(
            "读到 %(n)s 个数，%(e)s 个错误要先改", "读到 %(n)s 个数，%(e)s 个错误要先改", page.open
        ) % {
            "n": n,
            "e": page.open,
        }
    if not upload.mapping_confirmed:
        return _("读到 %(n)s 个数，有表头要确认") % {"n": n}
    if page.warned:
        return _("读到 %(n)s 个数，可以写入，%(w)s 个提醒要说明") % {"n": n, "w": page.warned}
    if page.errors:
        fixed = sum(len(group.lines) for group in page.errors)
        return _("读到 %(n)s 个数，%(f)s 处已改，可以写入") % {"n": n, "f": fixed}
    return _("读到 %(n)s 个数，没有问题，可以写入") % {"n": n}


def _refusal(issue: Mapping, definition: Definition) -> Refusal:
    place = asked.place_of(issue["sheet"], issue["cell"]) if issue["cell"] else (issue["sheet"] or "")
    # the sentence of some begins with the file's name, which stands right below; its reason follows
    form = form_in(issue, "message")
    reason = form[1].get("why") if form and len(form) > 1 else None
    why = part(reason, definition) if reason else sentence(issue, "message", definition)
    return Refusal(why.rstrip("。."), place, sentence(issue, "suggestion", definition))


def _left(cells: Mapping, definition: Definition) -> tuple[str, str]:
    """Cells that are not used: where, and why."""
    which = sentence(cells, "cells", definition)
    return f"{cells['sheet']}!{which}" if which else cells["sheet"], sentence(cells, "why", definition)


def _button(upload: Upload, page: Result) -> tuple[str, bool]:
    if page.open:
        button = ngettext("改正 %(n)s 处后可写入", "改正 %(n)s 处后可写入", page.open)
        return button % {"n": page.open}, False
    if not upload.mapping_confirmed:
        return _("确认表头后可写入"), False
    return _("写入草稿"), upload.state == UploadState.READ


def _error_groups(upload: Upload, definition: Definition, names: Mapping[str, str]) -> list[Group]:
    grouped: dict[tuple, list[asked.Question]] = {}
    for question in asked.questions(upload.report):
        grouped.setdefault(
            (question.rule or question.kind or "ask", question.item, question.measure), []
        ).append(question)
    found = []
    for (key, item, measure), group in grouped.items():
        lines = tuple(question_line(q, upload, definition, names) for q in group)
        left = [q for q in group if q.place not in upload.answers]
        kind = "bad" if left else "done"
        found.append(
            Group(
                key=f"{key}|{item}|{measure}",
                kind=kind,
                title=_group_title(key, group, definition),
                rule=group[0].rule,
                text=_shared_text(group, definition),
                lines=lines,
                fix_label=_fix_label(left),
                remedy=_remedy(group, definition),
            )
        )
    return sorted(found, key=lambda g: g.kind != "bad")


def _group_title(key: str, group: list, definition: Definition) -> str:
    first = group[0]
    what = value_name(definition, first.item, first.measure, "") if first.item else ""
    title = title_of(first.kind) if first.kind else _("有两种读法，选一种")
    count = ngettext("%(n)s 处", "%(n)s 处", len(group)) % {"n": len(group)}
    return " · ".join(part for part in (what, title, count) if part)


def _shared_text(group: list, definition: Definition) -> str:
    """One message for a single cell; for several the cells carry their own."""
    if len(group) > 1:
        return _remedy(group, definition)
    return asks(group[0], definition)


def _remedy(group: list, definition: Definition) -> str:
    try:
        return definition.check(group[0].rule).remedy
    except KeyError:
        return ""


def _fix_label(left: list) -> str:
    """One button for all cells where all have the same fix."""
    fixes = [dict(q.fix) for q in left if q.fix]
    if len(left) < 2 or len(fixes) != len(left) or any(f.get("action") != "multiply" for f in fixes):
        return ""
    factors = {f.get("factor") for f in fixes}
    if len(factors) != 1:
        return _("都按建议改")
    return _("%(n)s 处都 ×%(factor)s") % {"n": len(left), "factor": number(factors.pop())}


def _warning_groups(report, definition, names, explained, offered) -> tuple[list[Group], list[Group]]:
    """Warnings by rule and item, and notes (info) by kind."""
    grouped: dict[tuple, list[dict]] = {}
    for issue in report.get("issues", ()):
        if issue["severity"] == "warning" and not asked.is_of_header(issue, report):
            grouped.setdefault(
                (issue["rule"] or issue["kind"], issue["item"] if issue["rule"] else ""), []
            ).append(issue)
    warnings = [
        _warning(rule, group, definition, names, explained, offered) for (rule, _i), group in grouped.items()
    ]
    notes: dict[str, list[dict]] = {}
    for issue in report.get("issues", ()):
        if issue["severity"] == "info":
            notes.setdefault(_named(issue, definition), []).append(issue)
    infos = [
        Group(title, "info", title, "", "", tuple(_issue_line(i, definition, names) for i in group))
        for title, group in notes.items()
    ]
    return sorted(warnings, key=lambda g: (not g.rule, g.rule)), infos


def _named(issue: Mapping, definition: Definition) -> str:
    """What a note is called: as its rule, or as its kind where it has none."""
    try:
        return definition.check(issue["rule"] or "").title
    except KeyError:
        return title_of(issue["kind"])


def _warning(rule, group, definition, names, explained, offered) -> Group:
    try:
        check = definition.check(rule)
        title, remedy, shown = check.title, check.remedy, rule
    except KeyError:
        title, remedy, shown = title_of(group[0]["kind"]), sentence(group[0], "suggestion", definition), ""
    item = group[0]["item"]
    what = value_name(definition, item, group[0]["measure"], "") if item else ""
    count = ngettext("%(n)s 处", "%(n)s 处", len(group)) % {"n": len(group)}
    cells = tuple({name: issue[name] for name in KEY} for issue in group)
    lines = tuple(_issue_line(issue, definition, names) for issue in group)
    reasons = {explained.get((rule, *cell.values()), "") for cell in cells}
    return Group(
        key=f"{rule}|{item}",
        kind="done" if shown and "" not in reasons else "warn",
        title=" · ".join(part for part in (what, title, count) if part),
        rule=shown,
        text=remedy if len(group) > 1 else " ".join(t for t in (lines[0].message, remedy) if t),
        lines=lines,
        remedy=remedy,
        cells=cells,
        explained=next(iter(reasons - {""}), ""),
        offered=offered.get((rule, item), ""),
        explainable=bool(shown),
    )


def _issue_line(issue: Mapping, definition: Definition, names: Mapping) -> Line:
    place = asked.place_of(issue["sheet"], issue["cell"]) if issue["cell"] else (issue["sheet"] or "")
    more = len(asked.places_of(issue)) - 1
    return Line(
        more=more,
        place=place,
        value=shown(issue["value"]),
        expected=shown(issue["expected"]),
        message=sentence(issue, "message", definition),
        name=value_name(
            definition,
            issue["item"],
            issue["measure"],
            issue["period"],
            names.get(issue["facility"], issue["facility"]),
        ),
        unit=base_unit(definition, issue["item"], issue["measure"]),
    )
