"""One value's own page."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from surveys.catalog import names
from surveys.catalog.addresses import ReportKey
from surveys.catalog.queries import database_now
from surveys.filings import operations
from surveys.filings.forms import ValueForm
from surveys.filings.models import Explanation, Filing, Observation, ObservationChange
from surveys.filings.views.common import address, begun, facility_names, may_edit, refusable, report_of
from surveys.intake.periods import covers
from tenants.access import requires

KEY = ("facility", "item", "measure", "period")


def _to_cell(request, at, *_args, **_ignored) -> str:
    return f"{address(request, 'cell', at)}?{request.GET.urlencode()}"


@requires("filings.view")
@refusable(_to_cell)
def cell(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """One value: where it came from, what it was, why; for the clerk a form to change it."""
    report, now = report_of(request, at), database_now()
    key = dict(zip(KEY, (request.GET.get(name, "") for name in "fimp"), strict=True))
    # a score is changed where its full points and what is said beside it are known
    editable = may_edit(request, report.obligation, now) and report.definition.evaluation is None
    if not covers(report.round.period, key["period"]) or not (report.filing or editable):
        raise Http404
    if report.filing is None and request.method == "GET":
        report = replace(report, filing=Filing(round_code=report.round.pk, unit=report.unit))
    elif report.filing is None:
        report = begun(request, at)
    row = Observation.objects.filter(filing_id=report.filing.pk, **key).first()
    initial = {"value": _plain(row), "flag": row.flag if row else "", "revision": report.filing.revision}
    form = ValueForm(request.POST or None, initial=initial)
    if request.method == "POST" and editable and form.is_valid():
        data = form.cleaned_data
        operations.set_values(
            filing=report.filing,
            values=[{**key, "value": data["value"], "flag": data["flag"]}],
            revision=data["revision"],
            actor=request.actor,
            now=now,
        )
        messages.success(request, _("已改，并记下了原来的数。"))
        return redirect(_to_cell(request, at))
    try:
        title = names.value_name(
            report.definition,
            report.definition.item(key["item"]).key,
            key["measure"],
            key["period"],
            facility_names().get(key["facility"], key["facility"]),
        )
    except KeyError:
        raise Http404 from None
    changes = ObservationChange.objects.filter(filing_id=report.filing.pk, **key).order_by("-revision")
    reasons = Explanation.objects.filter(filing_id=report.filing.pk, **key)
    context = {
        "report": report,
        "round": report.round,
        "title": title,
        "row": row,
        "form": form,
        "may_edit": editable,
        "unit": names.base_unit(report.definition, key["item"], key["measure"]),
        "changes": changes,
        "reasons": reasons,
        "upload": report.filing.uploads.filter(pk=row.upload_id).first() if row and row.upload_id else None,
    }
    return render(request, "filings/cell.html", context)


def _plain(row) -> str:
    if row is None or row.value is None:
        return ""
    text = format(row.value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
