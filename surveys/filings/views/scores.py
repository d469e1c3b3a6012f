"""The self evaluation: item by item, on a phone or at a desk. The page saves by itself what is entered."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from surveys.catalog.addresses import ReportKey
from surveys.catalog.queries import database_now
from surveys.filings import operations, queries
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.forms import BadRequest
from surveys.filings.pages import scores as page
from surveys.filings.score_forms import Scored, scored_in, scored_of, vetoes_of
from surveys.filings.views.common import (
    Report,
    address,
    begun,
    may_edit,
    refusable,
    report_of,
    revision_in,
    wants_json,
)
from surveys.submissions.pages.scores import groups_of, sums
from tenants.access import requires

LARGEST_BODY = 512 * 1024


def _to_scores(request, at, **_ignored) -> str:
    return address(request, "scores", at)


def _evaluation(report: Report) -> Report:
    """The report, if it is part of an evaluation; else there is no such page."""
    if report.definition.evaluation is None:
        raise Http404
    return report


@require_GET
@ensure_csrf_cookie
@requires("filings.view")
def scores(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """The page; to a script what the draft has now."""
    report, now = _evaluation(report_of(request, at)), database_now()
    editable = may_edit(request, report.obligation, now)
    if wants_json(request):
        if report.filing is None:
            return JsonResponse({"revision": 1, "items": {}, "editable": editable})
        return JsonResponse(page.answer_of(report.filing, report.definition) | {"editable": editable})
    sheet = page.sheet_of(report.filing, report.definition, report.unit)
    last = queries.last_year(report.round, report.unit)
    before = page.sheet_of(last, report.definition, report.unit).rows if last else {}
    evaluation = report.definition.evaluation
    context = {
        "report": report,
        "round": report.round,
        "may_edit": editable,
        "groups": groups_of(sheet, evaluation, before),
        "sums": sums(sheet),
        "vetoes": page.vetoes_of(report.filing, evaluation),
        "step": page.STEP,
        "revision": report.filing.revision if report.filing else 1,
    }
    return render(request, "filings/scores.html", context)


@require_POST
@requires("filings.edit")
def save(request: HttpRequest, at: ReportKey) -> JsonResponse:
    """Writes a batch `{batch, revision, edits: [{item, text, applies, remark}]}`.

    200 what the draft has now; 409 what it has now and who wrote since, nothing was written; 422 the draft takes no
    writes; 400 and 413 the request itself."""
    report = _evaluation(begun(request, at))
    try:
        given = scored_in(_body(request))
        saved = _write(request, report, given)
    except BadRequest as error:
        return _refused(error, error.status)
    except Conflict as error:
        report.filing.refresh_from_db()
        answer = {"title": _("草稿又改过"), "text": str(error), "batch": str(given.batch)}
        return JsonResponse(answer | page.answer_of(report.filing, report.definition), status=409)
    except FilingError as error:
        return _refused(error, 422)
    report.filing.refresh_from_db()
    answer = page.answer_of(report.filing, report.definition)
    refused = page.refusals_of(saved, report.definition)
    return JsonResponse(answer | {"batch": str(given.batch), "refused": refused, "again": saved.again})


@require_POST
@requires("filings.edit")
@refusable(_to_scores)
def keep(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """The same without a script: the whole form at once."""
    report = _evaluation(begun(request, at))
    sheet = page.sheet_of(report.filing, report.definition, report.unit)
    edits = scored_of(request.POST, sheet)
    saved = _write(request, report, Scored(uuid.uuid4(), revision_in(request) or -1, edits))
    refused = page.refusals_of(saved, report.definition)
    for item, why in refused.items():
        messages.error(request, f"{item} {why}")
    if not refused:
        messages.success(request, _("已保存。"))
    return redirect(_to_scores(request, at))


@require_POST
@requires("filings.edit")
@refusable(_to_scores)
def vetoes(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """The answers to the vetoes."""
    report = _evaluation(begun(request, at))
    operations.answer_vetoes(
        filing=report.filing,
        answers=vetoes_of(request.POST, report.definition.evaluation),
        actor=request.actor,
        now=database_now(),
    )
    messages.success(request, _("否决项的答复已保存。"))
    return redirect(_to_scores(request, at) + "#vetoes")


def _write(request: HttpRequest, report: Report, given: Scored):
    return operations.save_scores(
        filing=report.filing,
        evaluation=report.definition.evaluation,
        period=report.round.period,
        edits=given.edits,
        revision=given.revision,
        batch=given.batch,
        actor=request.actor,
        now=database_now(),
    )


def _body(request: HttpRequest) -> dict:
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        raise BadRequest(_("一次发来的内容太多。"), 413)
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadRequest(_("发来的不是评分。刷新这一页再试。")) from None


def _refused(error: Exception, status: int) -> JsonResponse:
    return JsonResponse({"title": _("没有保存"), "text": str(error)}, status=status)
