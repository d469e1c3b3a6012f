"""The first page of the form and the paper as a whole. Everything on it comes from the seal, so that the same seal
prints the same paper as long as the house stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from documents.pdf import pdf, qr_svg
from surveys.catalog.models import Round
from surveys.catalog.names import base_unit, column_name, measure_name, title_of, unit_name
from surveys.definition import Definition, Item
from surveys.submissions import payload
from surveys.submissions.codes import address_of, code_of, grouped
from surveys.submissions.models import Submission
from surveys.submissions.pages.paper import Figure, Paper, exact_decimals
from surveys.submissions.printed.annexes import annexes_of
from surveys.submissions.printed.scores import score_table, veto_lines
from surveys.submissions.printed.tables import Content, head, table
from tenants.models import University
from ui.formats import NOT_REPORTED, labelled, number, phrases, to_the_second

TEMPLATE = Path(__file__).parent / "statistics.typ"


def paper_pdf(submission: Submission, *, clerks: Iterable[str] = (), draft: bool = False) -> bytes:
    """The paper as PDF, in the reader's language. `clerks` are the names of who filled it in. A draft is a submission
    that is not saved: it bears no code and says what it is."""
    return pdf(TEMPLATE, content(submission, clerks=clerks, draft=draft), submission.sealed_at)


def unsealed(
    *, round: Round, university_code: str, unit: str, now: datetime.datetime, rows: Iterable, **held: Any
) -> Submission:
    """A draft in the shape of a seal, not saved: `rows` and `held` as submissions.operations.seal takes them."""
    data = payload.canonical(rows)
    return Submission(
        round=round, university_code=university_code, unit=unit, sealed_at=now, payload=payload.compress(data),
        rows=data.count(b"\n"), sha256=payload.sha256(data), **held,
    )  # fmt: skip


def content(submission: Submission, *, clerks: Iterable[str] = (), draft: bool = False) -> dict[str, Any]:
    """The words and numbers of the paper as plain texts, as the template takes them."""
    paper = Paper(submission)
    return {
        "lang": (get_language() or "zh")[:2],
        "title": title_of(paper.definition),
        "period": phrases(filter(None, [submission.round.title, paper.part_name])),
        "author": _university(submission),
        "filer": _("填报单位：%(name)s（公章）") % {"name": _university(submission)},
        "sizes": [f"{size.line.name} {size.line.sentence}" for size in paper.sizes],
        "boundary": _boundary(paper),
        "declared": [
            *(veto_lines(paper) if paper.scores else ()),
            *(entry.sentence for entry in paper.declared),
        ],
        "summary": score_table(paper) if paper.scores else _summary(paper),
        "indicators": {"title": _("由以上数据算出"), **_indicators(paper)},
        "notes": _notes(paper),
        "signs": _signs(submission, clerks, draft),
        "seal": None if draft else _seal(submission),
        "stamp": _("（盖章处）"),
        "watermark": _("草稿") if draft else "",
        "foot": _("草稿，没有封存") if draft else f"{submission.number}　{grouped(code_of(submission))}",
        "pages": _("第 {page} 页，共 {pages} 页"),
        "annexes": annexes_of(paper),
    }


def _boundary(paper: Paper) -> str:
    part = paper.boundary
    return labelled(_("边界"), _("；").join(part["sentences"])) if part else ""


def _university(submission: Submission) -> str:
    return University.objects.get(code=submission.university_code).name


def _signs(submission: Submission, clerks: Iterable[str], draft: bool) -> list[str]:
    signed = "" if draft else submission.sealed_by_name
    names = ((_("单位负责人"), ""), (_("审核人"), signed), (_("填报人"), _("、").join(clerks)))
    return [labelled(post, name) for post, name in names]


def _seal(submission: Submission) -> dict[str, str]:
    facts = {"at": to_the_second(submission.sealed_at), "n": number(submission.rows)}
    return {
        "qr": qr_svg(address_of(submission)),
        "title": _("封存版本 v%(n)s") % {"n": submission.version} + f"　{submission.number}",
        "facts": _("%(at)s 签发封存，%(n)s 个数") % facts,
        "code": labelled(_("校验码"), grouped(code_of(submission))),
        "hash": submission.sha256,
        "words": _("扫码核对这张纸和封存的数据是否一致。"),
    }


def _summary(paper: Paper) -> Content:
    """A row per item with its unit and the sum of each measure."""
    definition, figures = paper.definition, {(f.line.item, f.line.measure): f for f in paper.figures}
    measures = [m for m in definition.measures if any(key[1] == m.key for key in figures)]
    rows = []
    for item in dict.fromkeys(item for item, _measure in figures):
        words = [column_name(definition, item, ""), base_unit(definition, item, definition.measures[0].key)]
        rows.append(words + [_sum(figures.get((item, m.key))) for m in measures])
    heads = [head(_("项目")), head(_("计量单位"))]
    heads += [head(measure_name(definition, m.key), unit_name(m.unit)) for m in measures]
    return table(heads, rows, words=(0, 1))


def _sum(figure: Figure | None) -> str:
    """A sum to the last place that was filed."""
    value = figure.line.now if figure else None
    return NOT_REPORTED if value is None else number(value, exact_decimals(value))


def _indicators(paper: Paper) -> Content:
    found = [each for each in paper.indicators if each.now is not None]
    rows = [[e.name, e.indicator.formula, e.unit, number(e.now, e.decimals)] for e in found]
    return table([head(_("指标")), head(_("公式")), head(_("单位")), head(_("数值"))], rows, words=(0, 1, 2))


def _notes(paper: Paper) -> list[str]:
    """The factors behind the indicators, and what the marks beside figures mean."""
    if paper.scores:
        return [_("不适用的项目在组内按比例折算。最后的等级由协会的函评和现场评分决定，自评分不参与。")]
    marks = _("“—”是没有报，不是零；空格是这个月没有这一项，例如供暖期以外。")
    estimated = any(figure.line.flags.get("estimated") for figure in paper.figures)
    return [*_factors(paper.definition, paper), marks, *([_("带“估”的是估计值。")] if estimated else [])]


def _factors(definition: Definition, paper: Paper) -> list[str]:
    found = next((s for s in definition.factor_sets if s.key == paper.submission.factor_set), None)
    if found is None:
        return []
    filed = {figure.line.item for figure in paper.figures}
    used: list[Item] = [item for item in definition.items if item.key in filed and item.key in found.kgce]
    parts = [f"{item.name} {found.kgce[item.key]} kgce/{unit_name(item.unit)}" for item in used]
    values = {"version": found.version, "parts": phrases(parts)}
    return [_("折标准煤系数（%(version)s）：%(parts)s。") % values] if parts else []
