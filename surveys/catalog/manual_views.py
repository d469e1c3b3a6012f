"""The manual of every published version: what is asked, how it is counted and checked. For everybody; no values."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from surveys.catalog import manual, queries, versions
from surveys.catalog.differences import differences


@require_safe
def manuals(request: HttpRequest) -> HttpResponse:
    """Every instrument that was published, with its versions, newest first."""
    found = groupby(queries.public_versions(), key=lambda version: version.instrument)
    lines = [manual.line(instrument, list(each)) for instrument, each in found]
    return render(request, "catalog/manuals.html", {"lines": lines})


@require_safe
def newest(request: HttpRequest, code: str) -> HttpResponse:
    """To the version that was published last."""
    found = queries.newest_version(code)
    if found is None:
        raise Http404(_("没有发布过这种报表。"))
    return redirect("manual:version", code, found.number)


@require_safe
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version, whole."""
    found = get_object_or_404(queries.public_versions(), instrument_id=code, number=number)
    definition, former = queries.definition_of(found), versions.before(found)
    tables = versions.tables_of(definition, None)
    context = manual.context(definition) | {
        "version": found,
        "former": former,
        "differences": differences(definition, former) if former else [],
        "tables": [(versions.table_title(table), table) for table in tables],
        "others": queries.public_versions().filter(instrument_id=code).exclude(pk=found.pk),
        "size": len(found.body.encode()),
        "crumbs": [(_("报表说明"), reverse("manual:list")), (str(found.instrument), ""), f"v{number}"],
    }
    return render(request, "catalog/manual.html", context)


def _hash(request: HttpRequest, code: str, number: int) -> str | None:
    found = queries.public_versions().filter(instrument_id=code, number=number).first()
    return f'"{found.sha256}"' if found else None


@require_safe
@condition(etag_func=_hash)
def body(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The definition as canonical JSON: the bytes whose SHA-256 every seal names."""
    found = get_object_or_404(queries.public_versions(), instrument_id=code, number=number)
    response = HttpResponse(found.body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{code}-v{number}.json")
    return response
