"""What somebody else saved of a form while a person had it open: sizes and boundaries. Reads only.

The events say what each write changed of them (`facts`), so that the form can be taken as it stood when the page was
opened, as it is now, and as it was typed. What only one of the two touched is nobody's question.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from surveys.filings.errors import Conflict
from surveys.filings.models import Filing
from tenants.actors import Actor
from ui.formats import listed

SIZES, BOUNDARY = "sizes", "boundary"
Entries = Mapping[str, Mapping[str, Any] | None]


@dataclass(frozen=True)
class Saved:
    """What was saved of one key since the page was opened: the entry (None: taken away), who, and when."""

    entry: Mapping[str, Any] | None
    by: str
    by_id: int
    at: datetime.datetime


class Clash(Conflict):
    """Two wrote the same keys of a form. `mine`: the keys that the second one touched; `keys`: those of them in which
    the two differ."""

    def __init__(
        self, message: str, filing: Filing, since: int, mine: Collection[str], keys: Collection[str]
    ):
        super().__init__(message, filing, since)
        self.mine, self.keys = frozenset(mine), frozenset(keys)


def entries_at(filing: Filing, what: str, revision: int) -> dict[str, Mapping[str, Any]]:
    """Key → entry as the draft had them at a revision. `what`: SIZES or BOUNDARY."""
    found: dict[str, Mapping[str, Any] | None] = {}
    events = filing.events.filter(revision__lte=revision, facts__has_key=what).order_by("revision")
    for changed in events.values_list("facts", flat=True):
        found |= changed[what]
    return {key: entry for key, entry in found.items() if entry is not None}


def saved_since(filing: Filing, what: str, revision: int) -> dict[str, Saved]:
    """Key → what was saved of it last, of the keys that were written after a revision."""
    events = filing.events.filter(revision__gt=revision, facts__has_key=what).order_by("revision")
    return {
        key: Saved(entry, event.actor_name, event.actor_id, event.at)
        for event in events
        for key, entry in event.facts[what].items()
    }


def merged(
    filing: Filing, what: str, *, revision: int | None, now: Entries, typed: Entries, names: Mapping[str, str],
    actor: Actor,
) -> dict[str, Mapping[str, Any] | None]:  # fmt: skip
    """What is to be written where the person had seen `revision` (None: whatever there is): what was typed, and what
    is there (`now`) where the person left it as it was. Raises Clash where both wrote; `names`: key → name."""
    if revision is None or revision >= filing.revision:
        return dict(typed)
    before, saved = entries_at(filing, what, revision), saved_since(filing, what, revision)
    mine = {key for key, entry in typed.items() if entry != before.get(key)}
    clashes = [key for key in typed if key in mine & saved.keys() and typed[key] != now.get(key)]
    if clashes:
        raise Clash(_told(clashes, saved, names, actor), filing, revision, mine, clashes)
    return {key: entry if key in mine else now.get(key) for key, entry in typed.items()}


def _told(clashes: list[str], saved: Mapping[str, Saved], names: Mapping[str, str], actor: Actor) -> str:
    words = {"what": listed([names[key] for key in clashes])}
    others = dict.fromkeys(saved[key].by for key in clashes if saved[key].by_id != actor.id)
    if not others:
        return _("你在别的页面也存了%(what)s。这里填的还没有写入，选定留哪一个再保存。") % words
    words["who"] = listed(list(others))
    return _("%(who)s刚刚也存了%(what)s。你填的还没有写入，选定留哪一个再保存。") % words
