"""The paper of a part of an evaluation: every item with its points, and the answers to the vetoes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.submissions.pages.paper import Paper
from surveys.submissions.printed.tables import Content, head, table
from ui.formats import NOT_REPORTED, labelled, phrases


def score_table(paper: Paper) -> Content:
    """A row per group and per item: code, name, full points, points, what is said beside it."""
    rows = []
    for each in paper.scores["groups"]:
        rows.append([each["group"].key, each["group"].name, each["out_of"], each["given"], ""])
        rows += [_row(line) for line in each["lines"]]
    sums = paper.scores["sums"]
    heads = [head(_("编号")), head(_("项目")), head(_("满分")), head(_("自评分")), head(_("说明"))]
    total = [_("合计"), "", sums["out_of"], sums["given"], ""]
    return table(heads, rows, words=(0, 1, 4), total=total, widths=(0, 3, 0, 0, 3))


def _row(line: dict) -> list[str]:
    points = (line["text"] or NOT_REPORTED) if line["applies"] else _("不适用")
    return [line["item"].key, line["item"].name, line["points"], points, line["remark"]]


def veto_lines(paper: Paper) -> list[str]:
    """What was answered to the vetoes, in one line each for those that hold, the others together."""
    answered = [each for each in paper.scores["vetoes"] if each["said"]]
    held = [each for each in answered if each["said"]["holds"]]
    lines = [
        labelled(_("否决项触发"), f"{each['veto'].key} {each['veto'].name}　{each['said']['text']}")
        for each in held
    ]
    free = [f"{each['veto'].key} {each['veto'].name}" for each in answered if not each["said"]["holds"]]
    return [*lines, *([labelled(_("否决项没有触发"), phrases(free))] if free else [])]
