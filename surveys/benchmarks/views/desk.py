"""Making releases at the association's desk."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import assigned
from jobs.models import Job, JobState
from jobs.operations import enqueue
from surveys.benchmarks.models import Release
from surveys.benchmarks.operations import has_news
from surveys.benchmarks.pages import preview
from surveys.benchmarks.planning import plan_release
from surveys.benchmarks.tasks import RELEASE
from surveys.catalog.models import Round


@assigned("staff")
@require_safe
def list_view(request: HttpRequest) -> HttpResponse:
    """Rounds that can be released, and what was released."""
    found = preview.standings()
    context = {"rounds": found, "table": preview.list_table(found)}
    return render(request, "benchmarks/desk_list.html", context)


@assigned("staff")
@require_safe
def preview_view(request: HttpRequest, round_code: str) -> HttpResponse:
    """What would be released now and what would not, and why."""
    round = get_object_or_404(Round, pk=round_code, version__instrument__kind="statistics")
    plan = plan_release(round.pk)
    context = preview.preview(plan, request.GET.get("indicator", ""))
    context["releases"] = Release.objects.filter(round_code=round.pk).order_by("-number")
    context["next"] = context["releases"].count() + 1
    context["news"] = has_news(plan)
    return render(request, "benchmarks/desk_preview.html", context | {"round": round})


@assigned("staff")
@require_POST
def release_view(request: HttpRequest, round_code: str) -> HttpResponse:
    """Queues the release and shows its progress."""
    round = get_object_or_404(Round, pk=round_code, version__instrument__kind="statistics")
    job = enqueue(
        kind=RELEASE,
        arguments={"round": round.pk, "note": request.POST.get("note", "").strip()[:500]},
        actor_id=request.user.pk,
        actor_name=request.user.name,
    )
    return redirect("releases:job", job.pk)


@assigned("staff")
@require_safe
def job_view(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A release being made."""
    job = _job(job_id)
    round = get_object_or_404(Round, pk=job.arguments.get("round"))
    return render(request, "benchmarks/desk_job.html", {"job": job, "round": round, "answer": _answer(job)})


@assigned("staff")
@require_safe
def job_state_view(request: HttpRequest, job_id: uuid.UUID) -> JsonResponse:
    """The job as progress.js reads it."""
    return JsonResponse(_answer(_job(job_id)))


def _job(job_id: uuid.UUID) -> Job:
    job = Job.objects.filter(pk=job_id, kind=RELEASE).first()
    if job is None:
        raise Http404
    return job


def _answer(job: Job) -> dict:
    answer = {"state": job.state, "value": job.done, "total": job.total, "step": job.stage, "note": ""}
    if job.state == JobState.QUEUED:
        answer["note"] = _("已收到，正在排队。")
    if job.state == JobState.DONE:
        answer["url"] = reverse("benchmarks:release", args=[job.result["round"], job.result["number"]])
        answer["title"] = _("已发布第 %(number)s 版") % {"number": job.result["number"]}
    if job.state == JobState.FAILED:
        answer |= {"title": _("没有发布"), "text": job.message, "link": _("回到预览"),
                   "url": reverse("releases:preview", args=[job.arguments.get("round", "")])}  # fmt: skip
    return answer
