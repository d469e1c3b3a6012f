"""The handover pack: what the next clerk must know, as a page and as one download."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents.spreadsheet import XLSX, download
from surveys.catalog.queries import database_now
from surveys.filings.handover import handover
from surveys.filings.pages import handover as page
from tenants.access import requires


@require_GET
@requires("filings.view")
def pack(request: HttpRequest) -> HttpResponse:
    """Everything in order."""
    found = handover(request.actor.university_code, database_now())
    context = {
        "found": found,
        "filings": [(entry, page.state_word(entry)) for entry in found.filings],
        "mappings": page.mapping_words(found, page.SHOWN),
        "explanations": page.explanation_words(found, page.SHOWN),
        "uploads": [(u, found.rounds.get(u.filing.round_code)) for u in found.uploads[: page.SHOWN]],
        "shown": page.SHOWN,
    }
    return render(request, "filings/handover.html", context)


@require_GET
@requires("filings.view")
def file(request: HttpRequest) -> HttpResponse:
    """The same, whole, as a workbook."""
    found = handover(request.actor.university_code, database_now())
    return download(f"{request.actor.university_name} {_('交接包')}", XLSX, page.sheets(found))
