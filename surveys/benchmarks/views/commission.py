"""What the commission reads. Data is read under its role, so that the database refuses everything else; the page is
rendered outside."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import assigned
from documents.spreadsheet import TYPES, download
from surveys import instruments
from surveys.benchmarks import disclosure, queries
from surveys.benchmarks.pages import completion, downloads, indicator, overview, releases
from surveys.catalog.names import title_of
from tenants.context import as_commission

READERS = ("commission", "staff")
MAIN = "energy"


@assigned(*READERS)
@require_safe
def overview_view(request: HttpRequest) -> HttpResponse:
    """The first page: headline figures, trend, cohorts, completion, the make-up of the total."""
    with as_commission():
        context = overview.overview(MAIN, request.GET)
    return render(request, "benchmarks/overview.html", context | {"instrument": MAIN})


@assigned(*READERS)
@require_safe
def instrument_view(request: HttpRequest, instrument: str) -> HttpResponse:
    """All indicators of an instrument."""
    _known(instrument)
    with as_commission():
        context = indicator.instrument_page(instrument, request.GET)
    title = title_of(instruments.get(instrument))
    return render(request, "benchmarks/instrument.html", context | {"instrument": instrument, "title": title})


@assigned(*READERS)
@require_safe
def indicator_view(request: HttpRequest, instrument: str, key: str) -> HttpResponse:
    """One indicator with its definition."""
    _known(instrument)
    with as_commission():
        try:
            context = indicator.indicator_page(instrument, key, request.GET)
        except KeyError:
            raise Http404 from None
        if context["scope"] is not None:
            context["factors"] = (
                indicator.factor_table(context["scope"]) if context["indicator"].basis else None
            )
    return render(request, "benchmarks/indicator.html", context | {"instrument": instrument})


@assigned(*READERS)
@require_safe
def completion_view(request: HttpRequest) -> HttpResponse:
    """How many have filed, round by round and cohort by cohort."""
    with as_commission():
        context = completion.completion_of(queries.completion(), queries.cohort_labels())
    return render(request, "benchmarks/completion.html", context)


@assigned(*READERS)
@require_safe
def releases_view(request: HttpRequest) -> HttpResponse:
    """The record of releases."""
    with as_commission():
        context = releases.record(MAIN)
    return render(request, "benchmarks/releases.html", context)


@assigned(*READERS)
@require_safe
def release_view(request: HttpRequest, round_code: str, number: int) -> HttpResponse:
    """One release: its rules, factors and counts."""
    with as_commission():
        context = releases.release_page(MAIN, round_code, number)
    if context is None:
        raise Http404
    return render(request, "benchmarks/release.html", context)


@assigned(*READERS)
@require_safe
def rules_view(request: HttpRequest) -> HttpResponse:
    """The disclosure rules in full."""
    return render(request, "benchmarks/rules.html", {"rules": disclosure.RULES})


@assigned(*READERS)
@require_safe
def data_view(request: HttpRequest, instrument: str, figure: str, kind: str) -> HttpResponse:
    """The table behind a figure as a file."""
    _known(instrument)
    with as_commission():
        return _file(kind, lambda: downloads.figure_sheets(instrument, figure, request.GET))


@assigned(*READERS)
@require_safe
def release_data_view(request: HttpRequest, round_code: str, number: int, kind: str) -> HttpResponse:
    """Every cell of a release as a file."""
    with as_commission():
        found = (r for r in queries.releases(MAIN) if (r.round_code, r.number) == (round_code, number))
        release = next(found, None)
        if release is None:
            raise Http404
        return _file(kind, lambda: downloads.release_sheets(release))


@assigned(*READERS)
@require_safe
def completion_data_view(request: HttpRequest, kind: str) -> HttpResponse:
    """Completion as a file."""
    with as_commission():
        return _file(kind, downloads.completion_sheets)


def _known(instrument: str) -> None:
    if instrument not in instruments.codes() or instruments.functions(instrument, "benchmarks") is None:
        raise Http404


def _file(kind: str, make) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    try:
        name, sheets = make()
    except KeyError:
        raise Http404(_("没有可下载的数。")) from None
    return download(name, kind, sheets)
