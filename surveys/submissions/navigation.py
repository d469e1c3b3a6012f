"""Where the review stands in the bar of the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.queries import reach_of
from surveys.submissions.queries import waiting_count
from ui.areas import DESK, Place

PLACES = [
    Place(
        area=DESK,
        label=_("审核"),
        url_name="review:queue",
        order=20,
        icon="clipboard-check",
        needs=frozenset({"staff", "secretary"}),
        count=lambda request: waiting_count(reach_of(request.user)),
    )
]
