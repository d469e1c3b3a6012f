"""One report: its page, and what is said beside the values."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from surveys.catalog import names
from surveys.catalog.addresses import ReportKey
from surveys.catalog.models import ExtensionState, Obligation, ObligationState
from surveys.catalog.names import period_name
from surveys.catalog.pages import to_words
from surveys.catalog.queries import (
    CLOSED,
    HANDED_IN,
    LATE,
    OPEN,
    PLANNED,
    database_now,
    extensions_of,
    is_overdue,
    stands,
    takes_part,
    window_state,
)
from surveys.catalog.sentences import sentence
from surveys.catalog.times import days_left, step_words
from surveys.filings import queries
from surveys.filings.amendment import amendment_of
from surveys.filings.declarations import statements
from surveys.filings.forms import denominator_fields
from surveys.filings.meanwhile import BOUNDARY, SIZES
from surveys.filings.models import Filing, UploadState
from surveys.filings.pages import grid
from surveys.filings.pages import round as page
from surveys.filings.pages.amendment import amendment_table
from surveys.filings.pages.boundary import boundary_fields
from surveys.filings.pages.meanwhile import Refused, form_state, typed_lines
from surveys.filings.pages.part import part_of
from surveys.filings.prefill import offered_denominators
from surveys.filings.readiness import readiness
from surveys.filings.sizes import sealed_sizes
from surveys.filings.views.common import Report, address, facility_names, may_edit, report_of
from surveys.filings.views.parts import overview
from surveys.intake.periods import months_in
from surveys.submissions import queries as sealed
from surveys.submissions.codes import address_of
from surveys.submissions.models import Decision, DecisionKind
from surveys.submissions.pages.boundary import answer_words
from surveys.submissions.pages.declared import declared_lines
from surveys.submissions.pages.sizes import size_words
from tenants.access import requires
from ui.formats import listed

KEY = ("facility", "item", "measure", "period")


@require_GET
@requires("filings.view")
def round(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Where the report stands, its values, what is missing, and the next step. Where facilities file one by one, the
    page of all parts."""
    if not at.is_part and takes_part(at.round_code, request.actor.university_code):
        return overview(request, at)
    return shown(request, at)


def shown(request: HttpRequest, at: ReportKey, *, refused: Refused | None = None) -> HttpResponse:
    """The same page, with sizes or boundaries that were typed and could not be kept."""
    report, now = report_of(request, at), database_now()
    context = {"report": report, "round": report.round, "obligation": report.obligation, "now": now}
    context |= {
        "may_edit": may_edit(request, report.obligation, now),
        "late": is_overdue(report.obligation, now),
    }
    context |= life_of(request, report, now)
    context |= review_of(request, report)
    if report.definition.evaluation:
        context |= part_of(report.filing, report.round, report.definition, report.unit, request.actor, now)
    elif report.filing:
        context |= _draft(request, report, now, refused)
    events = list(report.filing.events.all()) if report.filing else []
    questions = sum(thread.open for thread in context["threads"])
    state = report.obligation.state
    context["steps"] = page.steps_of(state, events, context["submission"], context["decision"], questions)
    context["timeline"] = page.timeline_of(
        state, events, context["versions"], context["decisions"], questions
    )
    context["questions"] = questions
    context["can_withdraw"] = (
        state == ObligationState.SEALED and not context["threads"] and request.actor.may("filings.edit")
    )
    if refused and not (context["may_edit"] and context.get("ready") and context["ready"].values):
        context["unkept"] = {"message": refused.message, "lines": typed_lines(refused, report.definition)}
    template = "filings/part.html" if report.definition.evaluation else "filings/round.html"
    return render(request, template, context, status=refused.status if refused else 200)


def life_of(request: HttpRequest, report: Report, now) -> dict:
    """What stands beside the draft: an accepted version that may be amended or is, other days that were asked for or
    given, and how many working days are left."""
    row, actor = report.obligation, request.actor
    state = window_state(row, now)
    found = extensions_of(row)
    waiting = next((entry for entry in found if entry.state == ExtensionState.ASKED), None)
    accepted, running = row.state == ObligationState.ACCEPTED, state in (OPEN, LATE)
    open_to_ask = stands(row) not in HANDED_IN or (row.accepted_at is not None and state == CLOSED)
    may_ask = actor.may("filings.submit") and state != PLANNED and waiting is None and open_to_ask
    amending = amendment_of(report.filing, actor.university_code) if row.is_amending else None
    return {
        "can_amend": accepted and running and actor.may("filings.edit"),
        "can_ask": may_ask,
        "asked": waiting,
        "may_take_back": actor.may("filings.submit"),
        "answered": next((e for e in reversed(found) if e.answered_at), None),
        "months": [(month, period_name(month)) for month in months_in(report.round.period)],
        "span": (report.filing.covers_from, report.filing.covers_to) if report.filing else ("", ""),
        "nil": report.filing.nil_reason if report.filing else "",
        "declared": declared_lines(statements(report.filing, report.definition)) if report.filing else [],
        "reminders": [(r, step_words(r.step), to_words(r.to)) for r in row.reminders.all()],
        "amendment": amending,
        "amended": amendment_table(
            amending, report.filing, report.definition, facility_names(), _sealed_as(row)
        )
        if amending
        else None,
        "can_give_up": amending is not None
        and row.state in (ObligationState.DRAFT, ObligationState.RETURNED)
        and actor.may("filings.edit"),
        "left": days_left(row.due_at, now) if running and row.first_sealed_at is None else "",
    }


def _sealed_as(row: Obligation) -> str:
    """What the draft is called while it is sealed: its version."""
    if row.state != ObligationState.SEALED:
        return ""
    newest = sealed.latest(row.round_id, row.university_code, row.unit)
    return f"v{newest.version}" if newest else ""


def review_of(request: HttpRequest, report: Report) -> dict:
    """Every seal of the report, what was decided, and the questions about the newest."""
    versions = list(sealed.versions(report.round, request.actor.university_code, report.unit))
    decisions = {d.submission_id: d for d in Decision.objects.filter(submission__in=versions)}
    newest = versions[0] if versions else None
    decision = decisions.get(newest.pk) if newest else None
    threads = sealed.threads(newest) if newest else []
    places = facility_names()
    said = [
        {
            "open": t.open,
            "question": t.question,
            "messages": t.messages,
            "where": _where(report, t.question.cell, places),
        }
        for t in threads
    ]
    answerable = newest is not None and (decision is None or decision.kind == DecisionKind.RETURNED)
    return {
        "versions": versions,
        "decisions": decisions,
        "submission": newest,
        "verify_url": address_of(newest) if newest else "",
        "decision": decision,
        "said": said,
        "threads": threads,
        "may_answer": answerable and request.actor.may("filings.edit"),
    }


def _where(report: Report, cell: str, places: dict) -> str:
    if not cell:
        return _("整份报表")
    facility, item, measure, period = ([*cell.split("|"), "", "", ""])[:4]
    return names.value_name(report.definition, item, measure, period, places.get(facility, facility))


def _draft(request: HttpRequest, report: Report, now, refused: Refused | None) -> dict:
    """The draft's values, findings, gaps and denominators."""
    filing, definition = report.filing, report.definition
    rows = queries.values_of(filing)
    last = queries.last_year(report.round, report.unit)
    before = queries.values_of(last) if last else []
    missing = readiness(filing, report.round, request.actor.university_code, now)
    places = facility_names()
    shown = grid.facilities_in(rows)
    facility = request.GET.get("facility", "" if shown == [""] else grid.ALL)
    offered = offered_denominators(report.round, definition, request.actor.university_code)
    sizes = form_state(filing, SIZES, refused, partial(size_words, definition, report.round.period))
    answers = form_state(filing, BOUNDARY, refused, partial(answer_words, definition))
    return {
        "filing": filing,
        "ready": missing,
        "headline": page.headline(definition, rows, before),
        "grid": _grid(request, report, rows, facility, missing) if rows else None,
        "facility": facility,
        "facilities": [(code, places.get(code, code)) for code in shown] if len(shown) > 1 else [],
        "all": grid.ALL,
        "findings": [_finding(report, f, places) for f in missing.findings],
        "gaps": [_gap(report, gap, places) for gap in missing.gaps],
        "denominators": denominator_fields(
            definition,
            sealed_sizes(filing),
            offered,
            sealed_sizes(last) if last else {},
            report.round.period,
            sizes,
        ),
        "boundaries": boundary_fields(report.round, definition, filing, answers),
        "sizes_form": sizes,
        "boundary_form": answers,
        "uploads": queries.uploads_of(filing),
        "pending": queries.uploads_of(filing).filter(
            state=UploadState.READ, created_at__gt=_last_load(filing)
        ),
        "wrote": page.who_wrote(filing, queries.version_under_way(filing, request.actor.university_code)),
    }


def _last_load(filing: Filing):
    """When something was last written: a file read before that is not waited for."""
    last = queries.last_loaded(filing)
    return last.created_at if last else filing.created_at


def _grid(request, report: Report, rows, facility: str, missing):
    marks = {}
    for finding in missing.findings:
        for issue in finding.issues:
            if facility in (grid.ALL, issue["facility"]):
                key = (issue["item"], issue["measure"], issue["period"])
                marks[key] = (
                    "bad" if finding.kind == "error" and issue in finding.open else marks.get(key, "warn")
                )
    base = address(request, "cell", report.key)

    def link(key: dict) -> str:
        return f"{base}?f={key['facility']}&i={key['item']}&m={key['measure']}&p={key['period']}"

    return grid.month_table(
        report.definition, report.round.period, rows, facility=facility, marks=marks, link=link
    )


def _finding(report: Report, finding, places: dict) -> dict:
    cells = [
        {
            "name": names.value_name(
                report.definition,
                i["item"],
                i["measure"],
                i["period"],
                places.get(i["facility"], i["facility"]),
            ),
            "message": sentence(i, "message", report.definition),
            "at": f"{i['sheet']}!{i['cell']}" if i["sheet"] and i["cell"] else "",
            "open": i in finding.open,
        }
        for i in finding.issues
    ]
    items = {issue["item"] for issue in finding.issues}
    [item] = items if len(items) == 1 else [""]
    earlier = queries.earlier_explanation(report.round, finding.rule, item, report.unit) if item else ""
    return {"finding": finding, "cells": cells, "offered": earlier, "left": len(finding.open)}


def _gap(report: Report, gap, places: dict) -> dict:
    what = names.column_name(report.definition, gap.item, gap.measure)
    periods = listed(map(names.period_name, gap.periods)) if gap.periods else _("全年没有数，上年有")
    place = places.get(gap.facility, gap.facility)
    cells = [f"{gap.facility}|{gap.item}|{gap.measure}|{p}" for p in gap.periods or ("",)]
    return {"name": " ".join(filter(None, [place, what])), "periods": periods, "cells": cells}
