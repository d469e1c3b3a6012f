"""What the views share: finding the report, the database's clock, and refusals in the person's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.catalog import queries as catalog
from surveys.catalog.addresses import ReportKey, key_of, title_of
from surveys.catalog.models import Obligation, Round
from surveys.catalog.names import value_name, worded
from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.models import Filing, Upload
from surveys.filings.operations import ensure_filing
from surveys.filings.operations.drafts import NOT_WRITABLE, WRITABLE, check_open
from surveys.submissions import queries as sealed
from tenants.facilities.models import Facility


@dataclass(frozen=True)
class Report:
    """One obligation of the actor's university with its round, the definition in the reader's words and, once begun,
    its filing."""

    obligation: Obligation
    round: Round
    definition: Definition
    filing: Filing | None

    @property
    def unit(self) -> str:
        """The facility's code, '' for the university."""
        return self.obligation.unit

    @property
    def key(self) -> ReportKey:
        """Its address below `rounds/`."""
        return key_of(self.obligation)

    @property
    def title(self) -> str:
        """The round, and whose part of it this is."""
        return title_of(self.obligation)

    @property
    def part_name(self) -> str:
        """Whose part of the round it is."""
        return self.obligation.unit_name or _("学校层面")


def may_edit(request: HttpRequest, obligation: Obligation, now) -> bool:
    """Whether the person may change the report's draft now: by role, by the round's times and by where it stands."""
    return (
        request.actor.may("filings.edit")
        and obligation.state in WRITABLE
        and sealed.may_be_filed(obligation, now)
    )


def report_of(request: HttpRequest, at: ReportKey) -> Report:
    """The report at an address. 404 when the university owes nothing there."""
    try:
        obligation = catalog.obligation(at.round_code, request.actor.university_code, at.unit)
    except Obligation.DoesNotExist:
        raise Http404 from None
    return report_at(obligation)


def tabular(request: HttpRequest, at: ReportKey) -> Report:
    """The same for a page that is about months and columns: there is none for a part of an evaluation."""
    report = report_of(request, at)
    if report.definition.evaluation:
        raise Http404
    return report


def report_at(obligation: Obligation) -> Report:
    """The report that is owed."""
    filing = queries.find_filing(obligation.round_id, obligation.unit)
    definition = worded(queries.definition_of(obligation.round))
    return Report(obligation, obligation.round, definition, filing)


def begun(request: HttpRequest, at: ReportKey) -> Report:
    """The same for a write: the filing is created when it is not there."""
    report = report_of(request, at)
    if report.filing:
        return report
    filing = ensure_filing(
        round_code=report.round.pk, university_code=request.actor.university_code, unit=report.unit
    )
    return Report(report.obligation, report.round, report.definition, filing)


def why_not(request: HttpRequest, report: Report, now) -> str:
    """Why the person reads and does not type."""
    if not request.actor.may("filings.edit"):
        return _("填报人可以改，审核人只看。要改，在“提交签发”后退给填报人。")
    if report.obligation.state in NOT_WRITABLE:
        return str(NOT_WRITABLE[report.obligation.state])
    try:
        check_open(report.obligation, now)
    except FilingError as error:
        return str(error)
    return _("现在不能改。")


def upload_of(upload_id) -> Upload:
    """An upload of this university; another's is not to be found."""
    upload = Upload.objects.select_related("filing").filter(pk=upload_id).first()
    if upload is None:
        raise Http404
    return upload


def address(request: HttpRequest, name: str, *args) -> str:
    """A page of this app in the actor's university."""
    return reverse(f"filings:{name}", args=[request.actor.university_code, *args])


def facility_names() -> dict[str, str]:
    """Code → name of the university's facilities."""
    return dict(Facility.objects.values_list("code", "name"))


def refusable(back: Callable[..., str]):
    """A posting view: a refusal returns to `back(request, …)` with the reason, a conflict shows what changed (409)."""

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Conflict as error:
                return conflict(request, error, back(request, *args, **kwargs))
            except FilingError as error:
                if wants_json(request):
                    return JsonResponse({"title": "", "text": str(error)}, status=422)
                messages.error(request, _unsaved(request, error))
                return redirect(back(request, *args, **kwargs))

        return guarded

    return decorate


def _unsaved(request: HttpRequest, error: FilingError) -> str:
    """Why nothing was written, with the words that the person wrote, so that they are not lost."""
    text = (request.POST.get("text") or request.POST.get("reason") or "").strip()
    return _("%(why)s 你写的没有存：%(text)s") % {"why": error, "text": text[:2000]} if text else str(error)


def conflict(request: HttpRequest, error: Conflict, back: str) -> HttpResponse:
    """The page for the one who came second: who did what since, and which values changed."""
    filing = error.filing
    obligation = catalog.obligation(filing.round_code, request.actor.university_code, filing.unit)
    definition = worded(queries.definition_of(obligation.round))
    names = facility_names()
    changes = [
        {
            "name": value_name(definition, c.item, c.measure, c.period, names.get(c.facility, c.facility)),
            "before": (c.before or {}).get("value"),
            "after": (c.after or {}).get("value"),
            "by": c.actor_name,
        }
        for c in queries.changes_since(filing, error.since)
    ]
    context = {
        "reason": str(error).rstrip("。"),
        "events": queries.events_since(filing, error.since),
        "changes": changes,
        "back": back,
    }
    return render(request, "filings/conflict.html", context, status=409)


def revision_in(request: HttpRequest) -> int | None:
    """The revision the person saw; None where the form says none that can be."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked."""
    return request.headers.get("Accept", "").startswith("application/json")
