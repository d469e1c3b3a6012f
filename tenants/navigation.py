"""Where people and messages appear in the bars."""

from django.utils.translation import gettext_lazy as _

from ui.areas import DESK, UNIVERSITY, Place

PLACES = [
    Place(UNIVERSITY, _("人员"), "tenants:people", 90, icon="users", needs="people.manage", phone=False),
    Place(DESK, _("人员"), "people:list", 80, icon="users", needs=frozenset({"staff"}), phone=False),
]
