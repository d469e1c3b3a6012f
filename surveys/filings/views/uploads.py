"""A workbook comes in, is watched while it is read, and its result is answered and written."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jobs.models import Job, JobState
from surveys.catalog.addresses import ReportKey, key_of
from surveys.catalog.models import Obligation
from surveys.catalog.queries import database_now, obligation
from surveys.filings import answers as asked
from surveys.filings import operations, queries
from surveys.filings.differences import pending, written
from surveys.filings.models import UploadState
from surveys.filings.operations.uploads import too_large
from surveys.filings.pages import kinds
from surveys.filings.pages.differences import differences_part
from surveys.filings.pages.mapping import facility_lines, mapping_lines, options_of
from surveys.filings.pages.result import result_of
from surveys.filings.views.common import (
    address,
    begun,
    facility_names,
    may_edit,
    refusable,
    report_at,
    tabular,
    upload_of,
    wants_json,
    why_not,
)
from tenants.access import requires
from ui.formats import number

ACCEPT = ".xlsx,.xls,.et,.csv"


def _to_upload(request, at, **_ignored) -> str:
    return address(request, "upload", at)


def _to_result(request, upload_id, **_ignored) -> str:
    return address(request, "result", upload_id)


@requires("filings.edit")
@refusable(_to_upload)
def upload(request: HttpRequest, at: ReportKey) -> HttpResponse:
    """The form with the place to drop a file on; a posted file is received and its reading queued."""
    report = tabular(request, at)
    if request.method != "POST":
        now = database_now()
        uploads = queries.uploads_of(report.filing)[:5] if report.filing else []
        context = {
            "report": report,
            "why_not": "" if may_edit(request, report.obligation, now) else why_not(request, report, now),
            "accept": ACCEPT,
            "max_bytes": settings.UPLOAD_MAX_BYTES,
            "uploads": uploads,
        }
        return render(request, "filings/upload.html", context)
    file = request.FILES.get("file")
    if file is None:
        return _no_file(request, at)
    filing = begun(request, at).filing
    received = operations.receive_upload(
        filing=filing, name=file.name, chunks=file.chunks(), actor=request.actor, now=database_now()
    )
    url = address(request, "result", received.pk)
    return JsonResponse({"url": url}, status=202) if wants_json(request) else redirect(url)


def _no_file(request: HttpRequest, at: ReportKey) -> HttpResponse:
    too_big = getattr(request, "upload_too_large", False)
    text = too_large() if too_big else _("没有收到文件。选一个表格再传。")
    if wants_json(request):
        return JsonResponse({"title": "", "text": text}, status=413 if too_big else 422)
    messages.error(request, text)
    return redirect(_to_upload(request, at))


@require_GET
@requires("filings.view")
def job(request: HttpRequest, upload_id) -> JsonResponse:
    """How far the reading is, for progress.js."""
    found = upload_of(upload_id)
    answer = _progress(found, Job.objects.filter(pk=found.job_id).first())
    return JsonResponse({**answer, "url": address(request, "result", found.pk)})


def _progress(found, work: Job | None) -> dict:
    """{state, value, total, step, note, title, text} of an upload that is being read."""
    if found.state != UploadState.RECEIVED:
        return {"state": JobState.DONE, "value": 100, "total": 100, "step": "", "note": _("核对完了")}
    if work is None or work.state == JobState.FAILED:
        text = work.message if work else _("没有找到核对任务，请重新上传。")
        return {"state": JobState.FAILED, "title": _("没有核对完"), "text": text, "link": _("打开这份文件")}
    if work.state == JobState.QUEUED:
        return {
            "state": JobState.QUEUED,
            "value": 0,
            "total": 0,
            "step": _("已收到，正在排队"),
            "note": _("可以关掉这一页，核对完会留在“填报”里。"),
        }
    done = work.done / work.total if work.total else 0
    value = kinds.REACHED.get(work.stage, 50) + int(25 * min(done, 1) * (work.stage == "layout"))
    note = f"{number(work.done)} / {number(work.total)}" if work.total > 1 else ""
    return {
        "state": JobState.RUNNING,
        "value": value,
        "total": 100,
        "note": note,
        "step": str(kinds.STAGES.get(work.stage, work.stage)),
    }


@require_GET
@requires("filings.view")
def result(request: HttpRequest, upload_id) -> HttpResponse:
    """What intake said; while it reads, how far it is."""
    found = upload_of(upload_id)
    report = report_at(_owed(request, found))
    round = report.round
    if found.state == UploadState.RECEIVED:
        progress = _progress(found, Job.objects.filter(pk=found.job_id).first())
        context = {"upload": found, "report": report, "round": round, "progress": progress}
        context["may_edit"] = may_edit(request, report.obligation, database_now())
        return render(request, "filings/waiting.html", context)
    definition = report.definition
    names = facility_names()
    done = found.state == UploadState.LOADED
    changed = written(found) if done else pending(found, request.actor.university_code)
    if done and not changed.changes:
        changed = None
    context = {
        "upload": found,
        "report": report,
        "round": round,
        "filing": found.filing,
        "done": done,
        "differences": differences_part(changed, definition, names, done=done) if changed else None,
        "source": queries.annotated_from(found),
        "may_edit": may_edit(request, report.obligation, database_now()),
        "page": result_of(found, definition, names, _explained(found), _offered(found, round)),
        "mapping": mapping_lines(found, definition),
        "options": options_of(definition),
        "facilities": facility_lines(found, names),
        "register": sorted(names.items(), key=lambda pair: pair[1]),
        "seconds": (found.read_at - found.created_at).total_seconds() if found.read_at else None,
        "can_annotate": found.state != UploadState.REFUSED
        and any(found.report.get(kind) for kind in ("issues", "ambiguous")),
        "is_last": queries.last_loaded(found.filing) == found,
    }
    return render(request, "filings/result.html", context)


def _owed(request: HttpRequest, found) -> Obligation:
    return obligation(found.filing.round_code, request.actor.university_code, found.filing.unit)


def _explained(found) -> dict[tuple, str]:
    names = ("rule", "facility", "item", "measure", "period")
    return {tuple(getattr(e, n) for n in names): e.text for e in found.filing.explanations.all()}


def _offered(found, round) -> dict[tuple[str, str], str]:
    """(rule, item) → the reason given in an earlier year."""
    pairs = {
        (i["rule"], i["item"])
        for i in found.report.get("issues", ())
        if i["severity"] == "warning" and i["rule"]
    }
    return {pair: queries.earlier_explanation(round, *pair, unit=found.filing.unit) for pair in pairs}


@require_POST
@requires("filings.edit")
@refusable(_to_result)
def answer(request: HttpRequest, upload_id) -> HttpResponse:
    """One answer for a cell, or the offered fix for all cells of a group."""
    found = upload_of(upload_id)
    given = _group_fix(found, request.POST["group"]) if "group" in request.POST else _one(request)
    operations.answer_questions(upload=found, given=given, actor=request.actor, now=database_now())
    return redirect(_to_result(request, upload_id) + "#problems")


def _one(request: HttpRequest) -> dict:
    post = request.POST
    choice, _sep, argument = post.get("choice", "").partition(":")
    if choice == "undo":
        return {post.get("place", ""): None}
    made = {"action": choice, "reason": post.get("reason", "")}
    if choice == "multiply":
        made["factor"] = argument
    elif choice in ("reading", "set"):
        made["value"] = argument or post.get("value", "")
    return {post.get("place", ""): made}


def _group_fix(found, group: str) -> dict:
    questions = asked.open_questions(found.report, found.answers)
    fit = [q for q in questions if q.fix and f"{q.rule or q.kind or 'ask'}|{q.item}|{q.measure}" == group]
    return {q.place: {**q.fix, "action": q.fix["action"]} for q in fit}


@require_POST
@requires("filings.edit")
@refusable(_to_result)
def mapping(request: HttpRequest, upload_id) -> HttpResponse:
    """Headers and names confirmed once; a changed meaning reads the file again."""
    found = upload_of(upload_id)
    again = operations.confirm_mapping(
        upload=found, entries=_entries(request, found), actor=request.actor, now=database_now()
    )
    if not again:
        messages.success(request, _("表头已记住，下次不再问。"))
    return redirect(_to_result(request, upload_id))


def _entries(request: HttpRequest, found) -> list[dict]:
    """Posted pairs: map-<n> = item|measure of the n-th header, name-<n> = code of the n-th unknown name."""
    entries = []
    for place, line in enumerate(found.report.get("mapping", ())):
        said = request.POST.get(f"map-{place}")
        if said is not None and line.get("key"):
            item, _sep, measure = said.partition("|")
            entries.append(
                {"key": line["key"], "item": item, "measure": measure, "unit": line["unit"] if item else ""}
            )
    for place, name in enumerate(found.report.get("facilities_unknown", ())):
        code = request.POST.get(f"name-{place}")
        if code:
            entries.append({"key": queries.FACILITY_KEY + name, "item": code, "measure": "", "unit": ""})
    return entries


@require_POST
@requires("filings.edit")
@refusable(_to_result)
def again(request: HttpRequest, upload_id) -> HttpResponse:
    """Reads the kept original once more."""
    operations.read_again(upload=upload_of(upload_id), actor=request.actor, now=database_now())
    return redirect(_to_result(request, upload_id))


@require_POST
@requires("filings.edit")
@refusable(_to_result)
def load(request: HttpRequest, upload_id) -> HttpResponse:
    """Writes the upload into the draft."""
    found = upload_of(upload_id)
    counts = operations.load_upload(
        upload=found, revision=_revision(request), actor=request.actor, now=database_now()
    )
    numbers = {name: number(value) for name, value in vars(counts).items()}
    text = _("已写入草稿：新增 %(inserted)s 格，改动 %(changed)s 格，%(same)s 格没有变。") % numbers
    blank = counts.inserted + counts.changed + counts.same - found.report.get("values", 0)
    if blank > 0:
        text += _("其中 %(n)s 格记下的是没有数，例如不适用。") % {"n": number(blank)}
    messages.success(request, text)
    return redirect(address(request, "round", key_of(_owed(request, found))))


@require_POST
@requires("filings.edit")
@refusable(_to_result)
def undo(request: HttpRequest, upload_id) -> HttpResponse:
    """Takes the upload out of the draft."""
    found = upload_of(upload_id)
    counts = operations.undo_upload(upload=found, actor=request.actor, now=database_now())
    numbers = {name: number(value) for name, value in vars(counts).items()}
    messages.success(
        request,
        _("已撤销：去掉 %(inserted)s 格，恢复 %(changed)s 格原来的数，之后改过的 %(same)s 格保留。")
        % numbers,
    )
    return redirect(address(request, "round", key_of(_owed(request, found))))


@require_POST
@requires("filings.edit")
@refusable(_to_result)
def take_again(request: HttpRequest, upload_id) -> HttpResponse:
    """A former upload once more, as a new one."""
    again = operations.take_again(upload=upload_of(upload_id), actor=request.actor, now=database_now())
    return redirect(address(request, "result", again.pk))


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdigit() else -1
