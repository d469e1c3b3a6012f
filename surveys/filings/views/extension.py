"""Asking the association for another day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys.catalog import operations as catalog
from surveys.catalog.models import ExtensionState
from surveys.catalog.queries import database_now, extensions_of
from surveys.catalog.times import days_left
from surveys.filings.forms import ExtensionForm
from surveys.filings.views.common import address, report_of
from tenants.access import requires


@require_http_methods(["GET", "POST"])
@requires("filings.submit")
def extension(request: HttpRequest, round_code: str) -> HttpResponse:
    """What was asked and answered so far, and the form for another day."""
    report, now = report_of(request, round_code), database_now()
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = request.actor
        try:
            catalog.ask_extension(
                obligation=report.obligation,
                **form.cleaned_data,
                actor_id=actor.id,
                actor_name=actor.name,
                now=now,
            )
        except catalog.ExtensionError as error:
            form.add_error("wished_on", str(error))
        else:
            messages.success(request, _("申请已发给协会，答复会在消息和这张报表里。"))
            return redirect(address(request, "round", round_code))
    found = extensions_of(report.obligation)
    context = {
        "report": report,
        "round": report.round,
        "form": form,
        "extensions": found,
        "waiting": any(entry.state == ExtensionState.ASKED for entry in found),
        "left": days_left(report.obligation.due_at, now),
    }
    return render(request, "filings/extension.html", context, status=400 if form.is_bound else 200)
