"""Rounds: opening them, moving their times, seeing who stands where, reminding. Staff and secretaries only."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import assigned
from accounts.queries import reach_of
from documents.spreadsheet import TYPES, download
from surveys.catalog import operations, pages, queries
from surveys.catalog.forms import JoinForm, PlanForm, RoundForm, TimesForm, typed
from surveys.catalog.models import Round
from surveys.catalog.plan import Plan
from surveys.catalog.queries import database_now
from surveys.catalog.times import assumption

TIMES = ("opens_at", "due_at", "closes_at")


@require_GET
@assigned("staff", "secretary")
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round in reach with its completion."""
    now, reach = database_now(), reach_of(request.user)
    lines = [pages.line(found, now) for found in queries.rounds_within(reach)]
    running = [line for line in lines if line.running]
    context = {
        "lines": lines,
        "running": running,
        "nothing": pages.nothing_in(reach),
        "asking": queries.open_requests(reach).count(),
    }
    return render(request, "catalog/rounds.html", context)


@require_http_methods(["GET", "POST"])
@assigned("staff", "secretary")
def new(request: HttpRequest) -> HttpResponse:
    """Opens a round of a published version."""
    reach = reach_of(request.user)
    form = RoundForm(request.POST or None, reach=reach)
    if request.method == "POST" and form.is_valid():
        try:
            given = {k: v for k, v in form.cleaned_data.items() if k not in PlanForm.base_fields}
            made = operations.open_round(**given, plan=form.plan(), actor_id=request.user.pk)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("批次已建，学校在自己的首页看到它。"))
            return redirect("rounds:round", made.pk)
    crumbs = [(_("批次"), reverse("rounds:list")), _("新批次")]
    status = 400 if form.is_bound else 200
    context = {"form": form, "crumbs": crumbs, "nothing": pages.nothing_in(reach)}
    return render(request, "catalog/new.html", context, status=status)


@require_GET
@assigned("staff", "secretary")
def round(request: HttpRequest, code: str) -> HttpResponse:
    """The wall of who stands where."""
    found, now = _find(request, code), database_now()
    standings = queries.standings(found, now)
    chosen = request.GET.get("state", "")
    last = pages.reminded(found)
    context = {
        "line": pages.line(found, now),
        "round": found,
        "standings": [
            (s, pages.state_key(s), last.get((s.university_code, s.unit)))
            for s in pages.filtered(standings, chosen)
        ],
        "tabs": pages.tabs(standings, chosen),
        "chosen": chosen,
        "asking": queries.open_requests(reach_of(request.user)).filter(obligation__round=found).count(),
        "may_join": len(queries.outside(found)) if queries.round_state(found, now) != queries.CLOSED else 0,
        "crumbs": [(_("批次"), reverse("rounds:list")), found.pk],
    }
    return render(request, "catalog/round.html", context)


@require_http_methods(["GET", "POST"])
@assigned("staff", "secretary")
def times(request: HttpRequest, code: str) -> HttpResponse:
    """Moves the times of a round."""
    found = _find(request, code)
    form = TimesForm(request.POST or None, initial={name: getattr(found, name) for name in TIMES})
    if request.method == "POST" and form.is_valid():
        operations.change_times(round=found, **form.cleaned_data, actor_id=request.user.pk)
        messages.success(request, _("时间已改，立即生效。"))
        return redirect("rounds:round", found.pk)
    crumbs = [
        (_("批次"), reverse("rounds:list")),
        (found.title, reverse("rounds:round", args=[code])),
        _("改时间"),
    ]
    status = 400 if form.is_bound else 200
    context = {"form": form, "round": found, "crumbs": crumbs}
    return render(request, "catalog/times.html", context, status=status)


@require_http_methods(["GET", "POST"])
@assigned("staff", "secretary")
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Adds universities that joined after the round was opened."""
    found, now = _find(request, code), database_now()
    outside = queries.outside(found)
    form = JoinForm(request.POST if request.method == "POST" else None, outside=outside)
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.let_join(round=found, **form.cleaned_data, now=now, actor_id=request.user.pk)
        except operations.RoundIsClosed as error:
            form.add_error(None, str(error))
        else:
            _say_added(request, added)
            return redirect("rounds:round", found.pk)
    crumbs = [
        (_("批次"), reverse("rounds:list")),
        (found.title, reverse("rounds:round", args=[code])),
        _("加学校"),
    ]
    closed = queries.round_state(found, now) == queries.CLOSED
    context = {"form": form, "round": found, "crumbs": crumbs, "outside": outside, "closed": closed}
    return render(request, "catalog/join.html", context, status=400 if form.is_bound else 200)


def _say_added(request: HttpRequest, count: int) -> None:
    text = ngettext(
        "已加 %(n)s 所学校，它在自己的首页看到这个批次。",
        "已加 %(n)s 所学校，它们在自己的首页看到这个批次。",
        count,
    )
    messages.success(request, text % {"n": count})


@require_POST
@assigned("staff", "secretary")
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Sends a notice to the universities that have not handed in."""
    found = _find(request, code)
    try:
        reminded = operations.remind(
            round=found, actor_id=request.user.pk, actor_name=request.user.name, now=database_now()
        )
    except operations.NothingToRemind as error:
        messages.warning(request, str(error))
    else:
        _say_reminded(request, len(reminded))
    return redirect("rounds:round", found.pk)


def _say_reminded(request: HttpRequest, count: int) -> None:
    if not count:
        messages.info(request, _("未报的学校 24 小时内都提醒过，这次没有再发。"))
        return
    text = ngettext("已提醒 %(n)s 所学校。", "已提醒 %(n)s 所学校。", count)
    messages.success(request, text % {"n": count})


@require_http_methods(["GET", "POST"])
@assigned("staff", "secretary")
def reminders(request: HttpRequest, code: str) -> HttpResponse:
    """The plan by which a round reminds by itself, and who was reminded when."""
    found = _find(request, code)
    plan = Plan.from_body(found.reminders)
    form = PlanForm(request.POST or None, initial=typed(plan))
    if request.method == "POST" and form.is_valid():
        operations.change_plan(round=found, plan=form.plan(), actor_id=request.user.pk)
        messages.success(request, _("提醒计划已改，从下一个工作日起照它提醒。"))
        return redirect("rounds:reminders", found.pk)
    crumbs = [
        (_("批次"), reverse("rounds:list")),
        (found.title, reverse("rounds:round", args=[code])),
        _("提醒"),
    ]
    context = {
        "form": form,
        "round": found,
        "crumbs": crumbs,
        "days": pages.plan_lines(found),
        "note": assumption(found.opens_at, found.due_at),
        "sent": pages.reminder_lines(found),
    }
    return render(request, "catalog/reminders.html", context, status=400 if form.is_bound else 200)


@require_GET
@assigned("staff", "secretary")
def state_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Who stands where, as CSV or XLSX."""
    if kind not in TYPES:
        raise Http404
    found, now = _find(request, code), database_now()
    return download(f"{found.pk} {_('报送状态')}", kind, [pages.sheet(found, now)])


def _find(request: HttpRequest, code: str) -> Round:
    """The round, if it is in the person's reach; else it is absent."""
    return get_object_or_404(queries.rounds_within(reach_of(request.user)), pk=code)
