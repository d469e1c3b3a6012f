"""The paper of a sealed version: printed, stamped, scanned and sent back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from files.serving import attached, serve
from surveys.catalog.addresses import ReportKey
from surveys.catalog.queries import database_now
from surveys.filings import queries
from surveys.filings.contents import contents
from surveys.filings.errors import FilingError
from surveys.filings.views.common import address, refusable, report_of
from surveys.submissions import operations as submissions
from surveys.submissions import queries as sealed
from surveys.submissions.models import Submission
from surveys.submissions.printed import paper_pdf, unsealed
from tenants.access import requires


def _to_sealed(request, at, version, **_ignored) -> str:
    return address(request, "sealed", at, version) + "#stamped"


def _sealed(request: HttpRequest, at: ReportKey, version: int) -> Submission:
    """A sealed version of this university; 404 when there is none."""
    report = report_of(request, at)
    found = (
        sealed.versions(report.round, request.actor.university_code, report.unit)
        .filter(version=version)
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_GET
@requires("filings.view")
def draft_paper(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """The printable form of the draft as it stands, marked as one, for those who read on paper."""
    report = report_of(request, at)
    if report.filing is None:
        raise Http404
    code, now = request.actor.university_code, database_now()
    held = contents(report.filing, report.round, amending=report.obligation.is_amending)
    unsigned = unsealed(round=report.round, university_code=code, unit=report.filing.unit, now=now, **held)
    version = queries.version_under_way(report.filing, code)
    clerks = list(dict.fromkeys(hand.actor_name for hand in queries.writers_of(report.filing, version)))
    name = _("%(round)s（草稿）.pdf") % {"round": report.round.title}
    return attached(paper_pdf(unsigned, clerks=clerks, draft=True), name)


@require_GET
@requires("filings.view")
def sealed_paper(request: HttpRequest, at: ReportKey, version: int) -> HttpResponse:
    """The printable form with its code, as a PDF."""
    found = _sealed(request, at, version)
    filing = queries.find_filing(found.round_id, found.unit)
    clerks = queries.clerks_of(filing, found.writers) if filing else []
    return attached(paper_pdf(found, clerks=clerks), f"{found.number}.pdf")


@require_POST
@requires("filings.stamp")
@refusable(_to_sealed)
def stamp(request: HttpRequest, at: ReportKey, version: int) -> HttpResponse:
    """Takes the scan of the stamped paper."""
    found, file = _sealed(request, at, version), request.FILES.get("file")
    if file is None:
        raise FilingError(_("没有收到文件。选一个扫描件再传。"))
    try:
        kept = submissions.receive_stamped(
            submission=found,
            name=file.name,
            data=file.read(),
            code=request.POST.get("code", ""),
            actor_id=request.actor.id,
            actor_name=request.actor.name,
            now=database_now(),
        )
    except submissions.SubmissionError as error:
        raise FilingError(str(error)) from error
    messages.success(request, _("盖章件已收下，%(proof)s。") % {"proof": kept.get_proof_display()})
    return redirect(_to_sealed(request, at, version))


@require_GET
@requires("filings.view")
def stamped(request: HttpRequest, at: ReportKey, version: int, pk: int) -> HttpResponse:
    """One stamped paper, as a download."""
    found = _sealed(request, at, version).stamped.filter(pk=pk).first()
    if found is None:
        raise Http404
    return serve(request.actor.university_code, found.sha256, found.name)
