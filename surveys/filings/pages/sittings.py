"""The history as entries. The grid saves by itself every few seconds: what one person typed there at one sitting is one
entry, which unfolds to its writes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.definition import Definition
from surveys.filings.models import Filing, ObservationChange
from surveys.filings.pages.history import SHOWN, Write, events_of, line_of, writes
from ui.formats import number, phrases

# after so long a pause another sitting begins
PAUSE = datetime.timedelta(minutes=10)
KEY = ("facility", "item", "measure", "period")


def sittings_of(filing: Filing, kind: str) -> list[list[int]]:
    """The revisions of a tab, newest first; those that one person saved in the grid without a PAUSE, and without doing
    anything else between, are together. Two who type at once have a sitting each."""
    found: list[list[int]] = []
    current: dict[int, tuple[list[int], datetime.datetime]] = {}
    rows = events_of(filing, kind).values_list("revision", "actor_id", "at", "facts__batch")
    for revision, actor, at, batch in rows:
        sitting, later = current.pop(actor, (None, at))
        if batch and sitting and later - at < PAUSE:
            sitting.append(revision)
        else:
            sitting = [revision]
            found.append(sitting)
        if batch:
            current[actor] = (sitting, at)
    return found


def entries(
    filing: Filing,
    sittings: Iterable[list[int]],
    definition: Definition,
    places: Mapping[str, str],
    period: str,
) -> list[Write]:
    """Sittings as entries of the list; the other arguments are those of `writes`."""
    sittings = list(sittings)
    events = filing.events.filter(revision__in=[revision for sitting in sittings for revision in sitting])
    made = {write.revision: write for write in writes(filing, events, definition, places, period)}
    whole = [[made[revision] for revision in sitting] for sitting in sittings]
    return [parts[0] if len(parts) == 1 else _together(filing, parts, definition, places) for parts in whole]


def _together(filing: Filing, parts: list[Write], definition: Definition, places: Mapping[str, str]) -> Write:
    """What the parts, newest first, changed from the first to the last."""
    changes = _net(filing, [part.revision for part in parts])
    saved = ngettext("保存 %(n)s 次", "保存 %(n)s 次", len(parts)) % {"n": number(len(parts))}
    changed = ngettext("改动 %(n)s 个数", "改动 %(n)s 个数", len(changes)) % {"n": number(len(changes))}
    return replace(
        parts[0],
        title=_("在网页上填"),
        facts=phrases([saved, changed] if changes else [saved]),
        lines=tuple(line_of(change, definition, places) for change in changes[:SHOWN]),
        more=max(len(changes) - SHOWN, 0),
        began=parts[-1].at,
        parts=tuple(parts),
    )


def _net(filing: Filing, revisions: list[int]) -> list[ObservationChange]:
    """A change for each figure that is not what it was before the revisions."""
    rows = ObservationChange.objects.filter(filing_id=filing.pk, revision__in=revisions)
    found: dict[tuple, ObservationChange] = {}
    for row in rows.order_by("revision", "pk"):
        key = tuple(getattr(row, name) for name in KEY)
        found.setdefault(key, row).after = row.after
    return [found[key] for key in sorted(found) if _figure(found[key].before) != _figure(found[key].after)]


def _figure(state: Mapping | None) -> tuple | None:
    """A figure to compare, however many decimals it is written with."""
    value = state and state.get("value")
    return state and (value and Decimal(value), state.get("flag") or "", state.get("text") or "")
