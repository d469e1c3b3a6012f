"""Asking the association for another day, and taking the request back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.catalog import operations as catalog
from surveys.catalog.addresses import ReportKey
from surveys.catalog.models import Extension, ExtensionState
from surveys.catalog.queries import database_now, extensions_of
from surveys.catalog.times import days_left
from surveys.filings.forms import ExtensionForm
from surveys.filings.views.common import address, report_of
from tenants.access import requires
from ui.formats import full_day


@require_http_methods(["GET", "POST"])
@requires("filings.submit")
def extension(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """What was asked and answered so far, and the form for another day."""
    report, now = report_of(request, at), database_now()
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = request.actor
        try:
            asked = catalog.ask_extension(
                obligation=report.obligation,
                **form.cleaned_data,
                actor_id=actor.id,
                actor_name=actor.name,
                now=now,
            )
        except catalog.ExtensionError as error:
            form.add_error("wished_on", str(error))
        else:
            _say(request, asked, form.cleaned_data)
            return redirect(address(request, "round", at))
    found = extensions_of(report.obligation)
    context = {
        "report": report,
        "round": report.round,
        "form": form,
        "extensions": found,
        "asked": next((entry for entry in found if entry.state == ExtensionState.ASKED), None),
        "left": days_left(report.obligation.due_at, now),
    }
    return render(request, "filings/extension.html", context, status=400 if form.is_bound else 200)


def _say(request: HttpRequest, asked: Extension, wished: dict) -> None:
    """Whoever asks for something else while a request waits is told that it was not sent."""
    if (asked.wished_on, asked.reason) == (wished["wished_on"], wished["reason"].strip()):
        messages.success(request, _("申请已发给协会，答复会在消息和这张报表里。"))
        return
    text = _("没有再发：%(who)s已申请延到 %(day)s，在等协会答复。要改日期，先收回那一个。")
    messages.warning(request, text % {"who": asked.asked_by_name, "day": full_day(asked.wished_on)})


@require_POST
@requires("filings.submit")
def take_back(request: HttpRequest, at: ReportKey, pk: int) -> HttpResponse:
    """The request is needed no longer."""
    report = report_of(request, at)
    found = get_object_or_404(report.obligation.extensions, pk=pk)
    try:
        catalog.take_back_request(
            extension=found, actor_id=request.actor.id, actor_name=request.actor.name, now=database_now()
        )
    except catalog.ExtensionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已收回延期申请，协会收到消息。"))
    return redirect(address(request, "round", at))
