"""Where the reports stand in a university's bar."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from surveys.catalog.queries import database_now
from surveys.filings.pages.home import APPROVER_STATES, CLERK_STATES
from surveys.filings.queries import waiting_obligations
from ui.areas import UNIVERSITY, Place


def waiting(request: HttpRequest) -> int:
    """Reports in the actor's hands: to fill for a clerk, to sign for an approver."""
    actor = request.actor
    states = (CLERK_STATES if actor.may("filings.edit") else ()) + (
        APPROVER_STATES if actor.may("filings.sign") else ()
    )
    return waiting_obligations(actor.university_code, states, database_now()) if states else 0


PLACES = [
    Place(UNIVERSITY, _("首页"), "filings:home", order=10, icon="home"),
    Place(
        UNIVERSITY, _("填报"), "filings:rounds", order=20, icon="table", needs="filings.view", count=waiting
    ),
]
