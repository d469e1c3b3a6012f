"""First page and list of reports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from surveys.catalog.queries import database_now
from surveys.filings.pages import home as page
from tenants.access import requires


@require_GET
@requires("university.view")
def home(request: HttpRequest) -> HttpResponse:
    """What to do now, and where every report stands."""
    now = database_now()
    found = page.standings(request.actor.university_code) if request.actor.may("filings.view") else []
    duties = page.duties(found, request.actor, now)
    ahead = [duty.days for duty in duties if duty.days is not None and duty.days >= 0]
    context = {
        "greeting": page.greeting(now),
        "now": now,
        "duties": duties,
        "mine": [d for d in duties if d.mine],
        "soonest": min(ahead, default=None),
        "standings": page.standing_table(found[:8], request.actor.university_code),
        "total": len(found),
    }
    return render(request, "filings/home.html", context)


@require_GET
@requires("filings.view")
def rounds(request: HttpRequest) -> HttpResponse:
    """Every report the university owes or owed."""
    found = page.standings(request.actor.university_code)
    duties = page.duties(found, request.actor, database_now())
    table = page.standing_table(found, request.actor.university_code)
    context = {
        "standings": table,
        "total": len(found),
        "open": len(duties),
        "mine": sum(d.mine for d in duties),
    }
    return render(request, "filings/rounds.html", context)
