"""What the buttons of a report's page do. Each calls one operation and returns to the page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from surveys.catalog.addresses import ReportKey
from surveys.catalog.queries import database_now
from surveys.filings import completeness, operations
from surveys.filings.errors import FilingError
from surveys.filings.forms import ReasonForm, sizes_in
from surveys.filings.meanwhile import BOUNDARY, SIZES, Clash
from surveys.filings.pages.boundary import boundaries_in
from surveys.filings.pages.meanwhile import Refused
from surveys.filings.views import rounds
from surveys.filings.views.common import address, begun, refusable, revision_in
from surveys.submissions import queries as sealed
from tenants.access import requires

KEY = ("facility", "item", "measure", "period")


def _to_round(request, at, *_args, **_ignored) -> str:
    return address(request, "round", at)


def _reason(request: HttpRequest) -> str:
    """The reason as it was written; '' for none, which the operation refuses where it needs one."""
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def explain(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """One reason for all cells of a rule. `next` leads back to an upload's page."""
    filing = begun(request, at).filing
    # a gap is one box for all its months
    chosen = [*request.POST.getlist("cell"), *";".join(request.POST.getlist("gap")).split(";")]
    cells = [dict(zip(KEY, (text.split("|") + [""] * 4)[:4], strict=False)) for text in chosen if text]
    if request.POST.get("as") == "absent":
        return _absent(request, at, filing, cells)
    count = operations.explain(
        filing=filing,
        rule=request.POST.get("rule", ""),
        cells=cells,
        text=request.POST.get("reason", ""),
        actor=request.actor,
        now=database_now(),
    )
    messages.success(request, _("已记下原因，%(n)s 处都用这条。") % {"n": count})
    back = filing.uploads.filter(pk=upload).first() if (upload := _uuid(request.POST.get("upload"))) else None
    page = address(request, "result", back.pk) if back else _to_round(request, at)
    return redirect(page + "#problems")


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _absent(request: HttpRequest, at: ReportKey, filing, cells: list[dict]) -> HttpResponse:
    """The same boxes, as what the university does not have."""
    count = operations.declare_absent(
        filing=filing,
        cells=cells,
        reason=request.POST.get("reason", ""),
        actor=request.actor,
        now=database_now(),
    )
    messages.success(request, _("已标为不适用，%(n)s 格。") % {"n": count})
    return redirect(_to_round(request, at) + "#blanks")


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def nil(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Declares that there is nothing to report, or takes that back."""
    filing, post = begun(request, at).filing, request.POST
    common = {"filing": filing, "actor": request.actor, "now": database_now()}
    if post.get("off"):
        operations.cancel_nil(**common)
        messages.success(request, _("已取消零报告，可以填数了。"))
    else:
        operations.declare_nil(reason=post.get("reason", ""), **common)
        messages.success(request, _("已声明零报告。提交后由审核人签发。"))
    return redirect(_to_round(request, at))


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def months(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Declares which months the filing covers."""
    post = request.POST
    operations.declare_months(
        filing=begun(request, at).filing,
        first=post.get("first", ""),
        last=post.get("last", ""),
        reason=post.get("reason", ""),
        actor=request.actor,
        now=database_now(),
    )
    messages.success(request, _("所报的月份已记下。"))
    return redirect(_to_round(request, at))


def _set(request: HttpRequest, filing, what: str, operation: Callable, **typed: dict) -> Refused | None:
    """Writes a form of the page (what: SIZES or BOUNDARY), without the keys for which the other's was chosen. What
    stands in the way with what was typed; None when it is written."""
    ((name, given),) = typed.items()
    chosen = {
        key: value for key, value in given.items() if request.POST.get(f"take-{what}-{key}") != "theirs"
    }
    seen = revision_in(request)
    common = {"actor": request.actor, "now": database_now(), "revision": seen}
    try:
        operation(filing=filing, **{name: chosen}, **common)
    except FilingError as error:
        if isinstance(error, Clash):
            return Refused(what, str(error), {key: given[key] for key in error.mine}, seen, error.keys)
        return Refused(what, str(error), given, seen)
    return None


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def denominators(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Headcount and areas with their calibre and parts; a blank one needs a reason. What cannot be kept comes back as
    it was typed."""
    report, post = begun(request, at), request.POST
    values, filing = sizes_in(post, report.definition), report.filing
    texts = {key: post.get(f"reason-{key}", "") for key, (value, *_) in values.items() if not value.strip()}
    reasons = {key: text for key, text in texts.items() if text.strip()}
    refused = _set(request, filing, SIZES, operations.set_denominators, values=values)
    if refused:
        return rounds.shown(request, at, refused=replace(refused, reasons=reasons))
    for key, text in reasons.items():
        operations.explain(
            filing=filing,
            rule=completeness.BLANK,
            cells=[{"item": key}],
            text=text,
            actor=request.actor,
            now=database_now(),
        )
    messages.success(request, _("人数和面积已保存。"))
    return redirect(_to_round(request, at) + "#denominators")


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def boundary(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Who else uses energy behind the meters, and what was deducted. What cannot be kept comes back as it was typed."""
    report = begun(request, at)
    answers = boundaries_in(request.POST, report.definition)
    refused = _set(request, report.filing, BOUNDARY, operations.set_boundary, answers=answers)
    if refused:
        return rounds.shown(request, at, refused=refused)
    messages.success(request, _("边界已选定。"))
    return redirect(_to_round(request, at) + "#boundary")


@require_POST
@requires("filings.submit")
@refusable(_to_round)
def submit(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Hands the draft to the approver."""
    report = begun(request, at)
    revision = revision_in(request) or -1
    operations.submit(filing=report.filing, revision=revision, actor=request.actor, now=database_now())
    messages.success(request, _("已提交，等审核人签发。签发前可以收回。"))
    return redirect(_to_round(request, at))


@require_POST
@requires("filings.submit")
@refusable(_to_round)
def take_back(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Back to the clerk, before the signature."""
    operations.take_back(filing=begun(request, at).filing, actor=request.actor, now=database_now())
    messages.success(request, _("已收回，可以改了。改完再提交。"))
    return redirect(_to_round(request, at))


@require_POST
@requires("filings.submit")
@refusable(_to_round)
def withdraw(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Takes the seal back before the association has begun."""
    filing = begun(request, at).filing
    operations.withdraw(filing=filing, reason=_reason(request), actor=request.actor, now=database_now())
    messages.success(request, _("已撤回，草稿可以改了。原来封存的版本仍在。"))
    return redirect(_to_round(request, at))


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def amend(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Opens a further version of what was accepted."""
    filing = begun(request, at).filing
    operations.amend(filing=filing, reason=_reason(request), actor=request.actor, now=database_now())
    messages.success(request, _("可以更正了。已接受的那一版仍有效，到新的一版被接受为止。"))
    return redirect(_to_round(request, at))


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def give_up(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """Ends an amendment; the draft is the accepted version again."""
    count = operations.give_up(filing=begun(request, at).filing, actor=request.actor, now=database_now())
    text = _("已放弃更正，%(n)s 个数恢复为已接受的版本。") if count else _("已放弃更正，数没有变。")
    messages.success(request, text % {"n": count})
    return redirect(_to_round(request, at))


@require_POST
@requires("filings.edit")
@refusable(_to_round)
def answer_query(request: HttpRequest, at: ReportKey, query_id: int) -> HttpResponse:
    """Answers a question of the association."""
    report = begun(request, at)
    newest = sealed.latest(report.round, request.actor.university_code, report.unit)
    query = newest.queries.filter(pk=query_id, answers=None).first() if newest else None
    if query is None:
        raise Http404
    operations.answer_query(
        filing=report.filing,
        query=query,
        text=request.POST.get("text", ""),
        actor=request.actor,
        now=database_now(),
    )
    messages.success(request, _("答复已发给协会。"))
    return redirect(_to_round(request, at) + "#queries")
