"""The approver's pages: what will be sealed, and what was sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from surveys.catalog import names
from surveys.catalog.addresses import ReportKey
from surveys.catalog.models import ObligationState
from surveys.catalog.queries import database_now
from surveys.filings import completeness, operations, queries
from surveys.filings.amendment import amendment_of
from surveys.filings.declarations import statements
from surveys.filings.errors import FilingError
from surveys.filings.operations.life import refuse_own_hand
from surveys.filings.pages import grid
from surveys.filings.pages import round as page
from surveys.filings.pages.amendment import amendment_table
from surveys.filings.readiness import readiness
from surveys.filings.sizes import sealed_sizes
from surveys.filings.views.common import (
    Report,
    address,
    begun,
    facility_names,
    refusable,
    report_of,
    revision_in,
)
from surveys.submissions import queries as sealed
from surveys.submissions.codes import address_of
from surveys.submissions.pages.boundary import boundary_part
from surveys.submissions.pages.declared import declared_lines
from surveys.submissions.pages.scores import sealed_scores
from surveys.submissions.pages.sizes import size_lines
from tenants.access import requires

KEY = ("facility", "item", "measure", "period")


def _to_sign(request, at, **_ignored) -> str:
    return address(request, "sign", at)


def _to_round(request, at, **_ignored) -> str:
    return address(request, "round", at)


@requires("filings.sign")
@refusable(_to_sign)
def sign(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """What will be sealed, in sums, with everything one should know before signing; a post signs."""
    report = report_of(request, at)
    if report.filing is None:
        raise Http404
    if request.method == "POST":
        revision = revision_in(request) or -1
        submission = operations.sign(
            filing=report.filing, revision=revision, actor=request.actor, now=database_now()
        )
        messages.success(request, _("已签发并报送，第 %(n)s 版已封存。") % {"n": submission.version})
        return redirect(address(request, "sealed", at, submission.version))
    return render(request, "filings/sign.html", _signing(request, report))


def _signing(request: HttpRequest, report: Report) -> dict:
    filing, code, now = report.filing, request.actor.university_code, database_now()
    rows = queries.values_of(filing)
    last = queries.last_year(report.round, report.unit)
    version = queries.version_under_way(filing, code)
    writers = queries.writers_of(filing, version)
    missing = readiness(filing, report.round, code, now)
    newest = sealed.latest(report.round, code, report.unit)
    try:
        refuse_own_hand(writers, request.actor)
        refusal = ""
    except FilingError as error:
        refusal = str(error)
    amending = amendment_of(filing, code) if report.obligation.is_amending else None
    said = statements(filing, report.definition)
    return {
        "report": report,
        "round": report.round,
        "filing": filing,
        "declared": declared_lines(said),
        "boundary": boundary_part(report.definition, said),
        "amendment": amending,
        "amended": amendment_table(amending, filing, report.definition, facility_names())
        if amending
        else None,
        "ready": missing,
        "scores": sealed_scores(report.definition, report.unit, rows, said),
        "refusal": refusal,
        "totals": grid.total_table(report.definition, rows, queries.values_of(last) if last else []),
        "wrote": page.who_wrote(filing, version),
        "next": (newest.version if newest else 0) + 1,
        "explanations": _explanations(report),
        "now": now,
        "waiting": report.obligation.state == ObligationState.SUBMITTED,
        "sizes": size_lines(report.definition, sealed_sizes(filing), report.round.period),
        "estimated": sum(row["flag"] == "estimated" for row in rows),
        "blank": sum(_is_blank(report, row) for row in rows),
        "uploads": queries.uploads_of(filing).filter(state="loaded"),
    }


def _is_blank(report: Report, row: dict) -> bool:
    """A figure that should be there and is not: a placeholder outside the season is none."""
    if row["value"] is not None or row["flag"] == "not_applicable":
        return False
    return bool(completeness.in_season(report.definition, row["item"], [row["period"]]))


def _explanations(report: Report) -> list[dict]:
    """The draft's reasons, each with its cells together."""
    fields = (*KEY, "rule", "text", "actor_name")
    rows = [{name: getattr(row, name) for name in fields} for row in queries.explanations_of(report.filing)]
    return _together(report, rows, facility_names())


def _together(report: Report, rows: Iterable[Mapping], places: Mapping[str, str]) -> list[dict]:
    """Reasons {KEY, rule, text, actor_name} by rule and text: the rule in words, and the cells they are for."""
    grouped: dict[tuple, dict] = {}
    for row in rows:
        facility, item, measure, period = (row[name] for name in KEY)
        name = names.value_name(report.definition, item, measure, period, places.get(facility, facility))
        entry = grouped.setdefault(
            (row["rule"], row["text"], row["actor_name"]),
            {"text": row["text"], "by": row["actor_name"], "cells": []},
        )
        entry["cells"].append(name)
    for (rule, *_said), entry in grouped.items():
        entry["count"], entry["title"] = len(entry["cells"]), rule_title(report, rule)
    return list(grouped.values())


def rule_title(report: Report, rule: str) -> str:
    """A rule in words."""
    try:
        return report.definition.check(rule).title
    except KeyError:
        return _("空白") if rule == "blank" else names.item_name(report.definition, rule)


@require_POST
@requires("filings.sign")
@refusable(_to_sign)
def send_back(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Back to the clerk, with a reason."""
    operations.send_back(
        filing=begun(request, at).filing,
        reason=request.POST.get("reason", ""),
        actor=request.actor,
        now=database_now(),
    )
    messages.success(request, _("已退给填报人。"))
    return redirect(_to_round(request, at))


@require_GET
@requires("filings.view")
def sealed_version(request: HttpRequest, at: ReportKey, version: int) -> HttpResponse:
    """One sealed version: seal, hash, values as sealed, decision and questions."""
    report = report_of(request, at)
    submission = (
        sealed.versions(report.round, request.actor.university_code, report.unit)
        .filter(version=version)
        .first()
    )
    if submission is None:
        raise Http404
    rows = sealed.sealed_rows(submission)
    shown = grid.facilities_in(rows)
    facility = request.GET.get("facility", "" if shown == [""] else grid.ALL)
    known = {f["id"]: f["name"] for f in submission.facilities}
    context = {
        "report": report,
        "round": report.round,
        "submission": submission,
        "declared": declared_lines(submission.declared),
        "boundary": boundary_part(report.definition, submission.declared),
        "decision": sealed.decision_of(submission),
        "threads": sealed.threads(submission),
        "intact": sealed.is_intact(submission),
        "scores": sealed_scores(report.definition, report.unit, rows, submission.declared),
        "state": sealed.state_of(submission),
        "grid": grid.month_table(report.definition, report.round.period, rows, facility=facility),
        "facility": facility,
        "facilities": [(code, known.get(code, code)) for code in shown] if len(shown) > 1 else [],
        "all": grid.ALL,
        "files": _files(report, submission),
        "factors": next(
            (f.version for f in report.definition.factor_sets if f.key == submission.factor_set),
            submission.factor_set,
        ),
        "sizes": size_lines(report.definition, submission.denominators, report.round.period),
        "reasons": _sealed_reasons(report, submission),
        "stamped": list(submission.stamped.all()),
        "verify_url": address_of(submission),
        "scans": ".pdf,.jpg,.jpeg,.png",
        "may_stamp": request.actor.may("filings.stamp"),
    }
    return render(request, "filings/sealed.html", context)


def _files(report: Report, submission) -> list[dict]:
    """The sealed files, with the upload each came as where it is still known."""
    uploads = dict(report.filing.uploads.values_list("sha256", "pk")) if report.filing else {}
    return [{"name": f.name, "size": f.size, "upload": uploads.get(f.sha256)} for f in submission.files.all()]


def _sealed_reasons(report: Report, submission) -> list[dict]:
    """The reasons as they were sealed, with the names that the buildings had then."""
    return _together(report, submission.explanations, {f["id"]: f["name"] for f in submission.facilities})
