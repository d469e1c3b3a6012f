"""Released quartiles of a university's own kind, for the checks of its drafts (catalog.peers)."""

from __future__ import annotations

from surveys.benchmarks import queries
from surveys.benchmarks.cohorts import EVERYONE
from surveys.catalog.peers import register

LOW, HIGH = "p25", "p75"


@register
def released_peers(instrument: str, university_code: str, period: str) -> dict[str, dict[str, str]]:
    """From the newest release that is not of a later period: indicator → the middle half of the university's kind, of
    the city where the kind is too small to be released. Reads what the university may read."""
    shown = queries.newest_per_period(queries.releases(instrument))
    periods = [known for known in shown if known <= period]
    if not periods:
        return {}
    last = periods[-1]
    cells, labels = queries.cells([shown[last]]), queries.cohort_labels()
    own = queries.own_cohorts(university_code)
    mine = {code for code, version in own if cells.versions.get((last, code)) == version}
    order = [*sorted(mine - {EVERYONE}, key=lambda code: labels[code].position), EVERYONE]
    found = {}
    for indicator in {place[0] for place in cells.held}:
        bands = ((labels[code].text, _band(cells, indicator, last, code)) for code in order)
        kind, band = next(((kind, band) for kind, band in bands if band), ("", None))
        if band:
            found[indicator] = {"kind": kind, "period": last, **band}
    return found


def _band(cells: queries.Cells, indicator: str, period: str, cohort: str) -> dict[str, str] | None:
    values = {name: cells.value(indicator, period, cohort, name) for name in (LOW, HIGH)}
    return None if None in values.values() else {name: format(value, "f") for name, value in values.items()}
