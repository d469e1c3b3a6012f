"""Where the register appears in a university's bar."""

from django.utils.translation import gettext_lazy as _

from ui.areas import UNIVERSITY, Place

PLACES = [
    Place(UNIVERSITY, _("设施"), "facilities:list", 60, icon="building", needs="facilities.view", phone=False)
]
