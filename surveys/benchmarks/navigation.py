"""Where the benchmarks stand in the three bars."""

from django.utils.translation import gettext_lazy as _

from ui.areas import COMMISSION, DESK, UNIVERSITY, Place

READERS = frozenset({"commission", "staff"})
STAFF = frozenset({"staff"})

PLACES = [
    Place(COMMISSION, _("总览"), "benchmarks:overview", order=10, icon="layout-dashboard", needs=READERS),
    Place(COMMISSION, _("能源"), "benchmarks:energy", order=20, icon="bolt", needs=READERS),
    Place(COMMISSION, _("进度"), "benchmarks:completion", order=60, icon="list-check", needs=READERS),
    Place(COMMISSION, _("发布记录"), "benchmarks:releases", order=70, icon="archive", needs=READERS),
    Place(DESK, _("发布"), "releases:list", order=40, icon="chart-bar", needs=STAFF),
    Place(
        UNIVERSITY,
        _("对标"),
        "university_benchmarks:position",
        order=50,
        icon="chart-dots",
        needs="benchmarks.view",
    ),
]
