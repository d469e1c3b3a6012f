"""Requests for another day: the list that waits, the answer, and giving one without being asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import assigned
from accounts.queries import reach_of
from notices.operations import mark_read
from notices.queries import inbox
from surveys.catalog import operations, pages, queries
from surveys.catalog.forms import AnswerExtensionForm, GiveExtensionForm
from surveys.catalog.queries import database_now
from tenants.inbox import whose

ANSWERED = 20


@require_GET
@assigned("staff", "secretary")
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the oldest first, and what was answered lately."""
    reach = reach_of(request.user)
    # whoever looks at the list needs no message about it any more
    told = inbox(**whose(request)).filter(path=request.path, is_new=True)
    mark_read(notices=told, user_id=request.user.pk)
    answered = queries.requests_within(reach).filter(answered_at__isnull=False).order_by("-answered_at")
    context = {
        "waiting": pages.request_lines(queries.open_requests(reach), database_now()),
        "answered": pages.request_lines(answered[:ANSWERED], database_now()),
        "crumbs": [(_("批次"), reverse("rounds:list")), _("延期申请")],
    }
    return render(request, "catalog/extensions.html", context)


@require_POST
@assigned("staff", "secretary")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grants or refuses; whoever comes second is told what was said."""
    found = get_object_or_404(queries.requests_within(reach_of(request.user)), pk=pk)
    form = AnswerExtensionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("rounds:extensions")
    data = form.cleaned_data
    try:
        operations.answer_request(
            extension=found,
            until=data["until"] if data["decision"] == "grant" else None,
            answer=data["answer"],
            actor_id=request.user.pk,
            actor_name=request.user.name,
            now=database_now(),
        )
    except operations.ExtensionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已答复，学校收到消息。"))
    return redirect("rounds:extensions")


@require_http_methods(["GET", "POST"])
@assigned("staff", "secretary")
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Another day for one university of a round."""
    found = get_object_or_404(queries.rounds_within(reach_of(request.user)), pk=code)
    standings = queries.standings(found, database_now())
    initial = {"university": request.GET.get("university", "")}
    form = GiveExtensionForm(request.POST or None, standings=standings, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = get_object_or_404(found.obligations, university_code=data["university"], unit="")
        try:
            operations.give_extension(
                obligation=row,
                until=data["until"],
                reason=data["reason"],
                actor_id=request.user.pk,
                actor_name=request.user.name,
                now=database_now(),
            )
        except operations.ExtensionError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, _("已延期，学校收到消息。"))
            return redirect("rounds:round", found.pk)
    crumbs = [
        (_("批次"), reverse("rounds:list")),
        (found.title, reverse("rounds:round", args=[code])),
        _("延期"),
    ]
    context = {"form": form, "round": found, "crumbs": crumbs}
    return render(request, "catalog/extend.html", context, status=400 if form.is_bound else 200)
