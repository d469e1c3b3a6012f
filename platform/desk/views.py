"""The association's home: what waits, in one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import assigned
from accounts.queries import reach_of
from desk.queries import oldest_seal, waiting
from surveys.catalog.pages import nothing_in
from surveys.catalog.queries import database_now


@require_GET
@assigned("staff", "secretary")
def home(request: HttpRequest) -> HttpResponse:
    """What waits: rounds, seals to review, late universities, what was sent back."""
    reach = reach_of(request.user)
    found = waiting(reach, database_now())
    context = {
        "found": found,
        "oldest": oldest_seal(found),
        "nothing": nothing_in(reach),
        "releases": reach.everything,
    }
    return render(request, "desk/home.html", context)
