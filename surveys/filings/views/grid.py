"""The grid: a report typed on the page. The page saves by itself what is typed, in small batches."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from surveys.catalog.addresses import ReportKey
from surveys.catalog.queries import database_now
from surveys.filings import operations, queries
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.forms import BadRequest, block_in, edits_in
from surveys.filings.pages import grid as month
from surveys.filings.pages import pasting, sheet
from surveys.filings.pages.sheet_words import words
from surveys.filings.views.common import Report, address, begun, may_edit, tabular, wants_json, why_not
from tenants.access import requires

# two thousand cells with a long reason each do not reach it
LARGEST_BODY = 1024 * 1024
SCRIPT_NAMES = (
    "grid-net", "grid-model", "grid-keep", "grid-look", "grid-table",
    "grid-keys", "grid-paste", "grid-form", "grid-side", "grid",
)  # fmt: skip
SCRIPTS = tuple(f"filings/{name}.js" for name in SCRIPT_NAMES)


@require_GET
@ensure_csrf_cookie
@requires("filings.view")
def grid(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """The page; to a script what changes on it. Whoever may not type reads the plain table and why."""
    report, now = tabular(request, at), database_now()
    places, begin, mixed = sheet.facilities_of(report.filing, report.round)
    known = {code for code, _name in places}
    facility = request.GET.get("facility", begin)
    facility = facility if facility in known else begin
    if wants_json(request) and request.GET.get("known") == str(
        report.filing.revision if report.filing else 1
    ):
        return JsonResponse({"same": True})
    state = sheet.state_of(
        report.round, report.definition, report.filing, facility, request.actor.university_code, now
    )
    editable = may_edit(request, report.obligation, now)
    if wants_json(request):
        return JsonResponse(state | {"editable": editable})
    context = {
        "report": report,
        "round": report.round,
        "obligation": report.obligation,
        "now": now,
        "may_edit": editable,
        "why_not": "" if editable else why_not(request, report, now),
        "facility": facility,
        "facilities": places if len(places) > 1 else [],
        "mixed": mixed,
        "table": _plain_table(request, report, facility, editable),
        "scripts": SCRIPTS,
        "wide": True,
    }
    if editable:
        fixed = sheet.fixed_part(report.round, report.definition, report.filing, facility, now)
        context["data"] = fixed | state | _addresses(request, report, facility) | {"words": words()}
    elif request.actor.may("filings.edit"):
        context["left"] = _left(request, report, now)
    return render(request, "filings/grid.html", context)


def _left(request: HttpRequest, report: Report, now) -> dict:
    """What a script needs to show cells that were typed in this browser and never saved."""
    form = sheet.fixed_part(report.round, report.definition, report.filing, "", now)
    names = {part["key"]: part["title"] for part in (*form["columns"], *form["rows"])}
    return {key: value for key, value in _addresses(request, report, "").items() if key != "urls"} | {
        "names": names,
        "places": dict(sheet.facilities_of(report.filing, report.round)[0]),
    }


@require_POST
@requires("filings.edit")
def save(request: HttpRequest, at: ReportKey) -> JsonResponse:
    """Writes a batch `{batch, revision, facility, edits: [{item, measure, period, text, flag?, reason?}]}`.

    200 what the cells are now and what the checks say; 409 who wrote what since the revision, nothing was written; 422
    the draft takes no writes now; 400 and 413 the request itself."""
    tabular(request, at)
    report, now = begun(request, at), database_now()
    try:
        given = edits_in(_body(request))
        saved = operations.save_cells(
            filing=report.filing,
            edits=given.edits,
            revision=given.revision,
            batch=given.batch,
            actor=request.actor,
            now=now,
        )
    except BadRequest as error:
        return _refused(error, error.status)
    except Conflict as error:
        return _conflict(request, report, error, given, now)
    except FilingError as error:
        return _refused(error, 422)
    report.filing.refresh_from_db()
    answer = _state(request, report, given.facility, now)
    return JsonResponse(answer | _outcome(report, saved, given))


@require_POST
@requires("filings.edit")
def paste(request: HttpRequest, at: ReportKey) -> JsonResponse:
    """What pasting a block would do, without doing it: `{block: [[text, …], …], row, column, columns: [key, …]}` with
    the place and the columns as they are seen."""
    report = tabular(request, at)
    try:
        block, row, column, columns = block_in(_body(request), report.definition)
    except BadRequest as error:
        return _refused(error, error.status)
    definition = queries.definition_of(report.round)
    return JsonResponse(
        pasting.plan(definition, report.definition, report.round.period, block, row, column, columns)
    )


def _body(request: HttpRequest) -> dict:
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        raise BadRequest(_("一次发来的内容太多，分几次粘贴。"), 413)
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadRequest(_("发来的不是网格的内容。刷新这一页再试。")) from None


def _state(request: HttpRequest, report: Report, facility: str, now) -> dict:
    return sheet.state_of(
        report.round, report.definition, report.filing, facility, request.actor.university_code, now
    )


def _outcome(report: Report, saved, given) -> dict:
    """What became of the batch: the cells that could not be read, and what was done to those that could."""
    refused, notes = {}, {}
    for (_facility, *key), typed in saved.typed.items():
        at = sheet.place(*key)
        if typed.state == "bad":
            refused[at] = pasting.said(typed.message, report.definition)
        elif typed.notes:
            notes[at] = [pasting.said(note, report.definition) for note in typed.notes]
    return {
        "batch": str(given.batch),
        "changed": saved.changed,
        "again": saved.again,
        "refused": refused,
        "notes": notes,
    }


def _conflict(request: HttpRequest, report: Report, error: Conflict, given, now) -> JsonResponse:
    report.filing.refresh_from_db()
    answer = {"title": _("草稿又改过"), "text": str(error), "batch": str(given.batch)}
    answer |= sheet.since(report.filing, given.revision, given.facility, request.actor.id)
    return JsonResponse(answer | _state(request, report, given.facility, now), status=409)


def _refused(error: Exception, status: int) -> JsonResponse:
    return JsonResponse({"title": _("没有保存"), "text": str(error)}, status=status)


def _plain_table(request: HttpRequest, report: Report, facility: str, editable: bool):
    """The table without a script: each cell leads to its own page."""
    rows = queries.values_of(report.filing) if report.filing else []
    base = address(request, "cell", report.key)
    shown = [(c["item"], c["measure"]) for c in sheet.columns_of(report.definition, set()) if c["shown"]]

    def link(key: dict) -> str:
        return f"{base}?f={key['facility']}&i={key['item']}&m={key['measure']}&p={key['period']}"

    return month.month_table(
        report.definition,
        report.round.period,
        rows,
        facility=facility,
        link=link if report.filing or editable else None,
        columns=() if rows else shown,
    )


def _addresses(request: HttpRequest, report: Report, facility: str) -> dict:
    actor = request.actor
    return {
        "university": actor.university_code,
        "round": report.round.pk,
        "unit": report.obligation.unit,
        "facility": facility,
        "person": actor.id,
        "urls": {
            "state": address(request, "grid", report.key),
            "save": address(request, "grid_save", report.key),
            "paste": address(request, "grid_paste", report.key),
            "cell": address(request, "cell", report.key),
            "round": address(request, "round", report.key),
        },
    }
