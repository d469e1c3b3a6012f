"""The review: queue, one seal, its questions, its decision. The association's staff and secretaries only."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import assigned
from accounts.models import User
from accounts.queries import reach_of
from files.serving import attached, serve
from notices.operations import mark_read
from notices.queries import inbox
from surveys.catalog.pages import nothing_in
from surveys.catalog.queries import database_now, rounds_within
from surveys.submissions import operations, queries
from surveys.submissions.codes import address_of
from surveys.submissions.forms import AskForm, DecisionForm, FilterForm
from surveys.submissions.models import Submission
from surveys.submissions.operations import AlreadyDecided, SubmissionError
from surveys.submissions.pages import queue as queues
from surveys.submissions.pages.paper import Paper, differences_table
from surveys.submissions.printed import paper_pdf
from tenants.inbox import whose
from tenants.models import University

PER_PAGE = 20


@require_GET
@assigned("staff", "secretary")
def queue(request: HttpRequest) -> HttpResponse:
    """Who has filed, who is late, what waits."""
    now, reach = database_now(), reach_of(request.user)
    rounds = queues.rounds_in_view(reach, now)
    known = list(rounds_within(reach))
    filters = FilterForm(request.GET, known)
    chosen = filters.chosen("round")
    scope = [round for round in known if round.pk == chosen] if chosen else rounds
    found = queues.items(scope, filters.chosen("kind"), now)
    page = Paginator(queues.of_tab(found, filters.tab), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = queues.with_headlines(list(page.object_list))
    context = queues.context(scope, found, filters, page, now)
    return render(request, "submissions/queue.html", context | {"nothing": nothing_in(reach)})


@require_GET
@assigned("staff", "secretary")
def submission(request: HttpRequest, number: str) -> HttpResponse:
    """One seal with everything a decision needs."""
    paper = Paper(_find(request, number))
    # whoever looks at the seal needs no message about it any more
    told = inbox(**whose(request)).filter(path=request.path, is_new=True)
    mark_read(notices=told, user_id=request.user.pk)
    return render(
        request, "submissions/submission.html", _context(request, paper, AskForm(initial=request.GET))
    )


@require_POST
@assigned("staff", "secretary")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Sends a question; the same one sent twice is one."""
    found, form = _find(request, number), AskForm(request.POST)
    if not form.is_valid():
        return render(
            request, "submissions/submission.html", _context(request, Paper(found), form), status=400
        )
    follows = form.cleaned_data["thread"]
    try:
        operations.ask(
            submission=found,
            text=form.cleaned_data["text"],
            cell=form.cleaned_data["cell"],
            follows=get_object_or_404(found.queries, pk=follows) if follows else None,
            actor_id=request.user.pk,
            actor_name=request.user.name,
            now=database_now(),
        )
    except SubmissionError as error:
        messages.warning(request, _unsent(error, form.cleaned_data["text"]))
    return redirect(reverse("review:submission", args=[number]) + "#threads")


@require_POST
@assigned("staff", "secretary")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Accepts or returns. Whoever comes second, oneself included, is told what was decided."""
    found, form = _find(request, number), DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    who = {"actor_id": request.user.pk, "actor_name": request.user.name, "now": database_now()}
    try:
        if form.cleaned_data["decision"] == "accept":
            operations.accept(submission=found, **who)
        else:
            operations.return_with_queries(submission=found, reason=form.cleaned_data["reason"], **who)
    except AlreadyDecided as error:
        said = queries.decision_of(found).reason
        reason = form.cleaned_data["reason"].strip()
        messages.info(request, _unsent(error, reason if reason != said else ""))
    except SubmissionError as error:
        messages.error(request, str(error))
    return redirect("review:submission", number)


def _unsent(error: SubmissionError, text: str) -> str:
    """Why nothing was sent, with what was written, so that it is not lost."""
    words = {"why": error, "text": text.strip()}
    return _("%(why)s 你写的没有发出：%(text)s") % words if words["text"] else str(error)


@require_GET
@assigned("staff", "secretary")
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """What this version changed against the accepted one it amends, or the one before it."""
    paper = Paper(_find(request, number))
    if paper.compared is None:
        raise Http404
    old = _find(request, paper.compared.number)
    context = {
        "paper": paper,
        "old": old,
        "university": _university(paper.submission),
        "differences": differences_table(paper, old),
        "crumbs": _crumbs(paper.submission, _("第 %(n)s 版改了什么") % {"n": paper.submission.version}),
    }
    return render(request, "submissions/changes.html", context)


@require_GET
@assigned("staff", "secretary")
def file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One sealed file, as a download."""
    return _download(queries.files_within(reach_of(request.user)), number, pk)


@require_GET
@assigned("staff", "secretary")
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The printable form of the seal, as a PDF."""
    found = _find(request, number)
    return attached(paper_pdf(found, clerks=_writers(found)), f"{found.number}.pdf")


@require_GET
@assigned("staff", "secretary")
def stamped(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One stamped paper, as a download."""
    return _download(queries.stamped_within(reach_of(request.user)), number, pk)


def _download(within: QuerySet, number: str, pk: int) -> HttpResponse:
    """A file of a seal, out of those in the person's reach."""
    found = get_object_or_404(within, pk=pk, submission__number=number)
    try:
        return serve(found.university_code, found.sha256, found.name)
    except FileNotFoundError:
        raise Http404 from None


def _writers(found: Submission) -> list[str]:
    return list(User.objects.filter(pk__in=found.writers).order_by("pk").values_list("name", flat=True))


def _find(request: HttpRequest, number: str) -> Submission:
    """The seal, if it is in the person's reach; else it is absent."""
    return get_object_or_404(queries.submissions_within(reach_of(request.user)), number=number)


def _university(found: Submission) -> University:
    return University.objects.get(code=found.university_code)


def _crumbs(found: Submission, here: str) -> list:
    return [
        (_("审核"), reverse("review:queue")),
        (found.number, reverse("review:submission", args=[found.number])),
        here,
    ]


def _context(request: HttpRequest, paper: Paper, form: AskForm) -> dict:
    position, waiting, before, after = queues.neighbours(paper.submission, reach_of(request.user))
    item, measure = request.GET.get("item", ""), request.GET.get("measure", "")
    cell = form.data.get("cell", "") if form.is_bound else request.GET.get("cell", "")
    return {
        "paper": paper,
        "sub": paper.submission,
        "university": _university(paper.submission),
        "writers": _writers(paper.submission),
        "verify_url": address_of(paper.submission),
        "intact": queries.is_intact(paper.submission),
        "position": position,
        "waiting": waiting,
        "before": before,
        "after": after,
        "marked": request.GET.get("marked") == "1",
        "detail": paper.detail(item, measure) if item else None,
        "ask_form": form,
        "ask_about": paper.about(cell),
        "year_before": queries.year_before(paper.submission.round.period),
        "wide": True,
    }
