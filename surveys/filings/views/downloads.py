"""What a university downloads: a workbook as it came, the same with its marks, one to fill in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from files import storage
from files.serving import attached, serve
from surveys.catalog.addresses import ReportKey
from surveys.filings import queries
from surveys.filings.errors import FilingError
from surveys.filings.template import form_of, template_bytes
from surveys.filings.views.common import address, facility_names, refusable, tabular, upload_of
from surveys.intake.annotated.child import NotAnnotated, annotate_in_child
from tenants.access import requires


def _to_result(request, upload_id, **_ignored) -> str:
    return address(request, "result", upload_id)


@require_GET
@requires("filings.view")
def original(request: HttpRequest, upload_id) -> HttpResponse:
    """The workbook as it came, as a download."""
    found = upload_of(upload_id)
    return serve(request.actor.university_code, found.sha256, found.name)


@require_GET
@requires("filings.view")
@refusable(_to_result)
def annotated(request: HttpRequest, upload_id) -> HttpResponse:
    """The workbook with what is wrong marked in it, as a download."""
    found = upload_of(upload_id)
    path = storage.path_of(request.actor.university_code, found.sha256)
    try:
        content = annotate_in_child(path, found.name, found.report, str(found.pk))
    except NotAnnotated:
        raise FilingError(_("批注件没有做成：这份文件太大或结构特殊。问题都在本页，原件可以下载。")) from None
    stem = found.name.rpartition(".")[0] or found.name
    return attached(content, _("%(name)s（批注）.xlsx") % {"name": stem})


@require_GET
@requires("filings.edit")
def template(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """A workbook to fill in: the university's own buildings and carriers, last year beside."""
    report = tabular(request, at)
    last = queries.last_year(report.round, report.unit)
    definition = queries.definition_of(report.round)
    form = form_of(
        definition, request.actor.university_name, report.round.period, facility_names(),
        queries.values_of(last) if last else [],
    )  # fmt: skip
    version = f"{report.round.pk} {request.actor.university_code} {definition.definition_hash[:12]}"
    name = _("%(university)s %(round)s（模板）.xlsx") % {
        "university": request.actor.university_name,
        "round": report.round.title,
    }
    return attached(template_bytes(form, version), name)
