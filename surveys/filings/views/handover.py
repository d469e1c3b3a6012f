"""The handover pack: what the next clerk must know, as a page, as one download, and with every original."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents.spreadsheet import XLSX, download
from files.serving import serve
from jobs.models import JobState
from surveys.catalog.queries import database_now
from surveys.filings import operations
from surveys.filings.handover import handover
from surveys.filings.originals import newest_pack
from surveys.filings.pages import handover as page
from surveys.filings.views.common import address, refusable
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
        "pack": page.pack_words(newest_pack(found.university_code), len(found.uploads)),
    }
    return render(request, "filings/handover.html", context)


@require_GET
@requires("filings.view")
def file(request: HttpRequest) -> HttpResponse:
    """The same, whole, as a workbook."""
    found = handover(request.actor.university_code, database_now())
    return download(f"{request.actor.university_name} {_('交接包')}", XLSX, page.sheets(found))


def _to_pack(request: HttpRequest, **_ignored) -> str:
    return address(request, "handover") + "#originals"


@require_POST
@requires("filings.view")
@refusable(_to_pack)
def pack_originals(request: HttpRequest) -> HttpResponse:
    """Asks for the archive of every original."""
    operations.order_originals(actor=request.actor)
    messages.success(request, _("已收到，正在打包。可以离开这一页，做好后在这里下载。"))
    return redirect(_to_pack(request))


@require_GET
@requires("filings.view")
def originals_job(request: HttpRequest) -> JsonResponse:
    """How far the archive is, for progress.js."""
    progress = page.pack_progress(newest_pack(request.actor.university_code))
    if progress is None:
        raise Http404
    return JsonResponse({**progress, "url": _to_pack(request)})


@require_GET
@requires("filings.view")
def originals(request: HttpRequest) -> HttpResponse:
    """The newest archive, as a download."""
    job = newest_pack(request.actor.university_code)
    if job is None or job.state != JobState.DONE:
        raise Http404
    name = _("%(university)s 原件.zip") % {"university": request.actor.university_name}
    return serve(request.actor.university_code, job.result["sha256"], name)
