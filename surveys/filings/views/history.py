"""What became of a report, write by write."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from surveys.catalog.addresses import ReportKey
from surveys.catalog.queries import database_now
from surveys.filings.models import ObservationChange
from surveys.filings.pages import history as page
from surveys.filings.pages import sittings
from surveys.filings.views.common import Report, facility_names, may_edit, report_of
from tenants.access import requires

WRITES, LINES = 30, 200


def _begun(request: HttpRequest, at: ReportKey) -> Report:
    report = report_of(request, at)
    if report.filing is None:
        raise Http404
    return report


@require_GET
@requires("filings.view")
def history(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Every write, newest first, by tab."""
    report = _begun(request, at)
    tab = request.GET.get("tab", "") if request.GET.get("tab") in page.TABS else ""
    shown = Paginator(sittings.sittings_of(report.filing, tab), WRITES).get_page(request.GET.get("page"))
    context = {
        "report": report,
        "round": report.round,
        "page": shown,
        "writes": sittings.entries(
            report.filing, shown.object_list, report.definition, facility_names(), report.round.period
        ),
        "tabs": page.TABS,
        "tab": tab,
        "may_edit": may_edit(request, report.obligation, database_now()),
    }
    return render(request, "filings/history.html", context)


@require_GET
@requires("filings.view")
def step(request: HttpRequest, at: ReportKey, revision: int) -> HttpResponse:
    """One write with every figure it changed."""
    report, places = _begun(request, at), facility_names()
    events = page.events_of(report.filing, "").filter(revision=revision)
    if not events:
        raise Http404
    [write] = page.writes(report.filing, events, report.definition, places, report.round.period)
    changes = ObservationChange.objects.filter(filing_id=report.filing.pk, revision=revision)
    ordered = changes.order_by("facility", "item", "measure", "period")
    shown = Paginator(ordered, LINES).get_page(request.GET.get("page"))
    context = {
        "report": report,
        "round": report.round,
        "write": write,
        "page": shown,
        "lines": [page.line_of(change, report.definition, places) for change in shown.object_list],
    }
    return render(request, "filings/step.html", context)
