"""Where a university stands. The connection is the university's: it reads its own figures and released cells only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.benchmarks.pages.position import position_page
from tenants.access import requires


@requires("benchmarks.view")
@require_safe
def position_view(request: HttpRequest) -> HttpResponse:
    """Own figures against released quartiles."""
    context = position_page("energy", request.actor.university_code, request.GET)
    return render(request, "benchmarks/position.html", context)
