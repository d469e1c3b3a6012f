"""A round in which facilities file one by one: all parts on one page, and naming the facilities."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from surveys.catalog import operations as catalog
from surveys.catalog import queries
from surveys.catalog.addresses import ReportKey
from surveys.catalog.models import Obligation, Round
from surveys.catalog.names import worded
from surveys.catalog.operations import NominationRefused
from surveys.catalog.queries import LATE, OPEN, database_now, definition_of, round_state
from surveys.filings.pages import parts as page
from surveys.filings.views.common import address
from tenants.access import requires
from tenants.facilities.models import Facility, FacilityKind


def parts_of(request: HttpRequest, at: ReportKey) -> tuple[Round, list[Obligation]]:
    """The round with what the university owes in it. 404 where it takes no part."""
    try:
        return queries.parts_of(at.round_code, request.actor.university_code)
    except Round.DoesNotExist:
        raise Http404 from None


def overview(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Every part with its state, its score as it stands, and the next step."""
    round, owed = parts_of(request, at)
    definition, now = worded(definition_of(round.version)), database_now()
    lines = page.part_lines(round, owed, definition)
    running = round_state(round, now) in (OPEN, LATE)
    may_name = running and request.actor.may("filings.edit")
    context = {
        "round": round,
        "at": at,
        "definition": definition,
        "lines": lines,
        "facilities": sum(bool(line.obligation.unit) for line in lines),
        "done": sum(line.obligation.state in queries.HANDED_IN for line in lines),
        "mean": page.mean(lines),
        "may_name": may_name,
        "nameable": page.nameable(definition, owed) if may_name else [],
        "kind": FacilityKind(definition.facility_kind).label if definition.facility_kind else "",
        "due_at": max((row.due_at for row in owed), default=round.due_at),
    }
    return render(request, "filings/parts.html", context)


@require_POST
@requires("filings.edit")
def name(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Names facilities of the register that are to file."""
    round, _owed = parts_of(request, at)
    kind = definition_of(round.version).facility_kind
    chosen = Facility.objects.filter(code__in=request.POST.getlist("unit"), kind=kind, is_active=True)
    units = dict(chosen.values_list("code", "name"))
    try:
        new = catalog.nominate(
            round=round, university_code=request.actor.university_code, units=units, actor_id=request.actor.id,
            now=database_now(),
        )  # fmt: skip
    except NominationRefused as error:
        messages.error(request, str(error))
    else:
        if not units:
            messages.error(request, _("至少选一处。"))
        elif new:
            text = ngettext("已申报 %(n)s 处，可以开始自评。", "已申报 %(n)s 处，可以开始自评。", new)
            messages.success(request, text % {"n": new})
    return redirect(address(request, "round", at.round_code))


@require_POST
@requires("filings.edit")
def take_back(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Takes a name back before anything was written for it."""
    round, _owed = parts_of(request, at)
    try:
        catalog.take_back_nomination(
            round=round, university_code=request.actor.university_code, unit=request.POST.get("unit", ""),
            actor_id=request.actor.id,
        )  # fmt: skip
    except NominationRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤下。"))
    return redirect(address(request, "round", at.round_code))
