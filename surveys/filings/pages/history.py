"""A filing's history: every write, newest first, with what it changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from surveys.catalog.names import base_unit, value_name
from surveys.definition import Definition
from surveys.filings.models import Event, EventKind, Filing, Flag, ObservationChange, Upload
from surveys.filings.queries import change_counts, first_changes
from surveys.submissions.pages.boundary import boundary_lines
from surveys.submissions.pages.paper import FLAG_WORDS
from surveys.submissions.pages.sizes import size_words
from ui.formats import labelled, number, phrases

# changed figures that a write shows in the list; all of them are on its own page
SHOWN = 5
VALUES = (EventKind.LOADED, EventKind.UNDONE, EventKind.EDITED, EventKind.ABSENT, EventKind.GIVEN_UP)
WORDS = (
    EventKind.EXPLAINED,
    EventKind.DENOMINATORS,
    EventKind.MAPPED,
    EventKind.RESOLVED,
    EventKind.ANSWERED,
    EventKind.NIL,
    EventKind.NIL_OFF,
    EventKind.COVERS,
    EventKind.BOUNDARY,
)
TABS = {"": lazy("全部"), "values": lazy("数"), "words": lazy("说明和答复"), "way": lazy("提交和签发")}


@dataclass(frozen=True)
class ChangeLine:
    """One figure: what stood there and what stands since, as text, with its key for the link."""

    name: str
    unit: str
    before: str
    after: str
    # whether it now is a number, which has a unit
    counted: bool
    key: Mapping[str, str]


@dataclass(frozen=True)
class Write:
    """One write: what was done, by whom, when, and the first of the figures it changed; `more` how many others. A
    sitting (pages/sittings.py) began at `began` and has its writes as `parts`, newest first."""

    revision: int
    title: str
    facts: str
    text: str
    by: str
    at: datetime.datetime
    upload: Upload | None
    lines: tuple[ChangeLine, ...]
    more: int
    # what was said of sizes and of the boundary, a sentence each
    said: tuple[str, ...] = ()
    began: datetime.datetime | None = None
    parts: tuple[Write, ...] = ()


def events_of(filing: Filing, kind: str):
    """The events of a tab, newest first."""
    found = filing.events.order_by("-revision")
    if kind == "way":
        return found.exclude(kind__in=VALUES + WORDS)
    wanted = {"values": VALUES, "words": WORDS}.get(kind)
    return found.filter(kind__in=wanted) if wanted else found


def writes(
    filing: Filing, events: Iterable[Event], definition: Definition, places: Mapping[str, str], period: str
) -> list[Write]:
    """The events as writes. `places`: facility code → name; `period`: that of the round."""
    events = list(events)
    revisions = [event.revision for event in events]
    counts, lines = change_counts(filing, revisions), {}
    for change in first_changes(filing, revisions, SHOWN):
        lines.setdefault(change.revision, []).append(line_of(change, definition, places))
    uploads = _uploads(filing, events)
    found = [_write(e, uploads, tuple(lines.get(e.revision, ())), counts.get(e.revision, 0)) for e in events]
    return [replace(w, said=_spoken(e, definition, period)) for w, e in zip(found, events, strict=True)]


def _spoken(event: Event, definition: Definition, period: str) -> tuple[str, ...]:
    answers = {key: said for key, said in (event.facts.get("boundary") or {}).items() if said}
    boundary = boundary_lines(definition, answers)
    return (*_sizes(event, definition, period), *(line.sentence for line in boundary))


def _sizes(event: Event, definition: Definition, period: str) -> tuple[str, ...]:
    """The sizes that a write changed, as they stood after it."""
    changed = event.facts.get("sizes") or {}
    known = [each for each in definition.denominators if each.key in changed]
    return tuple(labelled(e.name, size_words(definition, period, e.key, changed[e.key])) for e in known)


def _write(event: Event, uploads: Mapping[str, Upload], lines: tuple[ChangeLine, ...], count: int) -> Write:
    upload = uploads.get(str(event.facts.get("upload", "")))
    return Write(
        revision=event.revision,
        title=event.get_kind_display(),
        facts=_facts(event),
        text=event.text if upload is None or event.text != upload.name else "",
        by=event.actor_name,
        at=event.at,
        upload=upload,
        lines=lines,
        more=max(count - len(lines), 0),
    )


def _uploads(filing: Filing, events: list[Event]) -> dict[str, Upload]:
    ids = {UUID(event.facts["upload"]) for event in events if event.facts.get("upload")}
    return {str(upload.pk): upload for upload in filing.uploads.filter(pk__in=ids)}


def _facts(event: Event) -> str:
    """What the write did, in counts."""
    n = {name: value for name, value in event.facts.items() if isinstance(value, int) and value}
    said = {
        "inserted": ngettext("新增 %(n)s 格", "新增 %(n)s 格", n.get("inserted", 0)),
        "changed": ngettext("改动 %(n)s 个数", "改动 %(n)s 个数", n.get("changed", 0)),
        "removed": ngettext("移走 %(n)s 格", "移走 %(n)s 格", n.get("removed", 0)),
        "restored": ngettext("恢复 %(n)s 个数", "恢复 %(n)s 个数", n.get("restored", 0)),
        "kept": ngettext("之后改过的 %(n)s 个数保留", "之后改过的 %(n)s 个数保留", n.get("kept", 0)),
        "cells": ngettext("%(n)s 处", "%(n)s 处", n.get("cells", 0)),
        "reasons": ngettext("%(n)s 处空白的原因", "%(n)s 处空白的原因", n.get("reasons", 0)),
    }
    return phrases([words % {"n": number(n[name])} for name, words in said.items() if name in n])


def line_of(change: ObservationChange, definition: Definition, places: Mapping[str, str]) -> ChangeLine:
    """A changed figure in words."""
    place = places.get(change.facility, change.facility)
    return ChangeLine(
        name=value_name(definition, change.item, change.measure, change.period, place),
        unit=base_unit(definition, change.item, change.measure),
        before=_said(change.before),
        after=_said(change.after),
        counted=bool(change.after) and change.after.get("value") is not None,
        key={"f": change.facility, "i": change.item, "m": change.measure, "p": change.period},
    )


def _said(state: Mapping | None) -> str:
    """A figure as it stood: its number, with a mark where it is an estimate; the word for a blank."""
    if state is None:
        return _("没有")
    if state.get("value") is None:
        return str(FLAG_WORDS.get(state.get("flag") or Flag.MISSING, _("空白")))
    text = number(Decimal(state["value"]))
    return _("%(value)s（估计）") % {"value": text} if state.get("flag") == Flag.ESTIMATED else text
