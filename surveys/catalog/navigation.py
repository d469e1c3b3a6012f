"""Where rounds and instruments stand in the bar of the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.queries import reach_of
from surveys.catalog.queries import open_requests, waiting_versions
from ui.areas import DESK, Place

PLACES = [
    Place(
        area=DESK,
        label=_("批次"),
        url_name="rounds:list",
        order=30,
        icon="calendar",
        needs=frozenset({"staff", "secretary"}),
        # requests for another day that wait for an answer
        count=lambda request: open_requests(reach_of(request.user)).count(),
    ),
    Place(
        area=DESK,
        label=_("报表"),
        url_name="instruments:list",
        order=60,
        icon="file-text",
        needs=frozenset({"staff", "secretary"}),
        # versions that wait for this person, because somebody else proposed them
        count=lambda request: waiting_versions(reach_of(request.user), request.user.pk).count(),
        phone=False,
    ),
]
