"""Where the desk's home stands in its bar."""

from django.utils.translation import gettext_lazy as _

from ui.areas import DESK, Place

PLACES = [
    Place(
        area=DESK,
        label=_("工作台"),
        url_name="desk:home",
        order=10,
        icon="layout-dashboard",
        needs=frozenset({"staff", "secretary"}),
    )
]
