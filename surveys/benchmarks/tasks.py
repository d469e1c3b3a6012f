"""Figures after an acceptance, releases, and the daily completion."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.failpoints import reach
from jobs.operations import enqueue
from jobs.registry import JobError, Progress, Work, job
from surveys.benchmarks.operations import (
    By,
    ReleaseError,
    make_release,
    missing_figures,
    snapshot_completion,
    write_figures,
)
from surveys.benchmarks.planning import plan_release
from surveys.catalog.models import Round
from surveys.submissions.models import Submission

FIGURES, RELEASE = "benchmarks.figures", "benchmarks.release"


@job(FIGURES)
def figures_job(work: Work, progress: Progress) -> dict:
    """Arguments {"submission": id}. The figures of the seal's university and round, anew."""
    progress(_("计算指标"), 0, 1)
    try:
        count = write_figures(submission_id=work.arguments["submission"])
    except Submission.DoesNotExist:
        raise JobError(_("没有这份报送件。")) from None
    progress(_("计算指标"), 1, 1)
    return {"figures": count}


@job(RELEASE)
def release_job(work: Work, progress: Progress) -> dict:
    """Arguments {"round": code, "note": text}. Makes one release, once."""
    code = work.arguments["round"]
    progress(_("读取指标值，执行披露规则"), 0, 2)
    try:
        plan = plan_release(code)
        progress(_("冻结 %(count)s 格") % {"count": len(plan.cells)}, 1, 2)
        by = By(work.actor_id or 0, work.actor_name)
        note = work.arguments.get("note", "")
        release = make_release(round_code=code, actor=by, now=timezone.now(), note=note, job_id=work.job_id)
        reach("release.committed")
    except Round.DoesNotExist:
        raise JobError(_("没有这个批次。")) from None
    except ReleaseError as error:
        raise JobError(str(error)) from None
    progress(_("完成"), 2, 2)
    return {"round": code, "number": release.number}


def catch_up() -> int:
    """Queues the figures of accepted seals that have none; returns how many."""
    waiting = missing_figures()
    for submission in waiting:
        enqueue(kind=FIGURES, arguments={"submission": str(submission)})
    return len(waiting)


@shared_task(name="benchmarks.snapshot_completion")
def snapshot() -> int:
    """Today's completion; also notices acceptances whose figures were never computed."""
    catch_up()
    now = timezone.now()
    return snapshot_completion(now=now, day=timezone.localdate(now))
