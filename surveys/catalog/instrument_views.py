"""Instruments: what was published by whom, and the two persons it takes to publish the next version."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import assigned
from accounts.queries import reach_of
from surveys.catalog import manual, operations, queries, versions
from surveys.catalog.differences import differences
from surveys.catalog.models import Version
from surveys.catalog.queries import database_now


@require_GET
@assigned("staff", "secretary")
def instruments(request: HttpRequest) -> HttpResponse:
    """Every instrument in reach and where its definition stands."""
    lines = versions.lines(reach_of(request.user))
    return render(request, "catalog/instruments.html", {"lines": lines})


@require_GET
@assigned("staff", "secretary")
def instrument(request: HttpRequest, code: str) -> HttpResponse:
    """Its versions, and what the definition that ships would change."""
    line = _line(request, code)
    tables = [(versions.table_title(table), table) for table in line.tables() if table.changed]
    found = line.differences()
    context = manual.context(line.definition) | {
        "line": line,
        "tables": tables,
        "doubts": versions.doubts_of(line.shipped) if line.shipped else [],
        "differences": found,
        "changed": len(tables) + len(found),
        "crumbs": [(_("报表"), reverse("instruments:list")), line.title],
    }
    return render(request, "catalog/instrument.html", context)


@require_POST
@assigned("staff", "secretary")
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Lays the shipped definition before a second person."""
    line = _line(request, code)
    if line.shipped is None:
        messages.error(request, _("平台不再带这种报表的定义，没有可提请的。"))
        return redirect("instruments:instrument", code)
    by = {"actor_id": request.user.pk, "actor_name": request.user.name}
    try:
        made = operations.propose_version(line.shipped, **by, now=database_now())
    except operations.VersionError as error:
        messages.error(request, str(error))
        return redirect("instruments:instrument", code)
    messages.success(request, _("已提请核对：由另一位同事逐表核对后发布。"))
    return redirect("instruments:version", code, made.number)


@require_GET
@assigned("staff", "secretary")
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version with its factors and items beside those before; for the second person the form that publishes it."""
    found = _version(request, code, number)
    definition, former = queries.definition_of(found), versions.before(found)
    waiting = found.published_at is None
    tables, parts = versions.tables_of(definition, former), differences(definition, former)
    context = manual.context(definition) | {
        "version": found,
        "former": former,
        "tables": [(versions.table_title(table), table) for table in tables],
        "doubts": versions.doubts_of(definition),
        "waiting": waiting,
        "mine": waiting and found.proposed_by_id == request.user.pk,
        "may_publish": waiting and found.proposed_by_id != request.user.pk,
        "differences": parts,
        "changed": sum(table.changed for table in tables) + len(parts),
        "crumbs": [
            (_("报表"), reverse("instruments:list")),
            (str(found.instrument), reverse("instruments:instrument", args=[code])),
            f"v{number}",
        ],
    }
    return render(request, "catalog/version.html", context)


@require_POST
@assigned("staff", "secretary")
def publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The second person has held every changed table against its source."""
    found = _version(request, code, number)
    by = {"actor_id": request.user.pk, "actor_name": request.user.name}
    try:
        operations.check_version(
            version=found, checked=request.POST.getlist("checked"), **by, now=database_now()
        )
    except operations.VersionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已发布第 %(n)s 版，可以用它开批次。") % {"n": number})
    return _back(request, code, number)


@require_POST
@assigned("staff", "secretary")
def take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Removes a version that waits."""
    found = _version(request, code, number)
    try:
        operations.take_back_version(version=found, actor_id=request.user.pk)
    except operations.VersionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤回，这一版没有发布。"))
    return redirect("instruments:instrument", code)


def _line(request: HttpRequest, code: str) -> versions.InstrumentLine:
    found = next((line for line in versions.lines(reach_of(request.user)) if line.code == code), None)
    if found is None:
        raise Http404(_("没有这种报表。"))
    return found


def _version(request: HttpRequest, code: str, number: int) -> Version:
    within = queries.versions_within(reach_of(request.user))
    return get_object_or_404(within, instrument_id=code, number=number)


def _back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """To the version, or to its instrument when somebody took it back meanwhile."""
    if queries.versions_within(reach_of(request.user)).filter(instrument_id=code, number=number).exists():
        return redirect("instruments:version", code, number)
    return redirect("instruments:instrument", code)
