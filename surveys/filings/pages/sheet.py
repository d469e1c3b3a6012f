"""The grid in which a report is typed: its columns and months, what stands in the cells, what the checks say of them.

Everything comes from the definition; a place in the grid is called `item|measure|period`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.catalog import names
from surveys.catalog.models import Round
from surveys.catalog.sentences import sentence
from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.completeness import BLANK, in_season
from surveys.filings.models import Event, Filing, Observation, ObservationChange
from surveys.filings.periods import due_months
from surveys.filings.readiness import Readiness, readiness
from surveys.intake.periods import months_in
from tenants.facilities.models import Facility
from ui.formats import clock, moment

# how many items are offered to a university that has never reported
FIRST_ITEMS = 4


def columns_of(definition: Definition, used: set[tuple[str, str]]) -> list[dict]:
    """Every column of the definition, item by item; `shown` are those of items in `used`, else of the first few.
    `sums`: the measure has one unit for all items, so that a row of it can be added up."""
    items = {item for item, _measure in used} or {item.key for item in definition.items[:FIRST_ITEMS]}
    return [
        {
            "key": f"{item.key}|{measure.key}",
            "item": item.key,
            "measure": measure.key,
            "title": names.column_name(definition, item.key, measure.key),
            "item_title": names.item_name(definition, item.key),
            "measure_title": names.measure_name(definition, measure.key),
            "unit": names.base_unit(definition, item.key, measure.key),
            "sums": measure.unit_from != "item",
            "shown": item.key in items,
            "note": item.note,
        }
        for item in definition.items
        for measure in definition.measures
    ]


def rows_of(
    definition: Definition, round: Round, periods: Iterable[str], now: datetime.datetime
) -> list[dict]:
    """The months of the round and what else is there; `off` names the items that are out of season, `ahead` a month
    that is not over."""
    due = set(due_months(round.period, timezone.localdate(now)))
    months = list(months_in(round.period))
    return [
        {
            "key": period,
            "title": names.period_name(period),
            "off": [item.key for item in definition.items if not in_season(definition, item.key, [period])],
            "ahead": period in months and period not in due,
        }
        for period in [*months, *sorted(set(periods) - set(months))]
    ]


def fixed_part(round: Round, definition: Definition, filing: Filing | None, facility: str, now) -> dict:
    """What does not change while one types: columns, rows, last year's figures, the reasons on offer."""
    rows = _rows(filing, facility)
    before = _rows(queries.last_year(round), facility)
    used = {(r["item"], r["measure"]) for r in (*rows, *before)} or _used_anywhere(round, filing)
    return {
        "columns": columns_of(definition, used),
        "rows": rows_of(definition, round, {r["period"] for r in rows}, now),
        "last": {
            place(r["item"], r["measure"], round.period[:4] + r["period"][4:]): plain(r["value"])
            for r in before
            if r["value"] is not None
        },
        # what a cell without a figure is called in a workbook
        "none_word": next(iter(definition.words("not_applicable")), ""),
        "reasons": [definition.say(word, get_language() or "") for word in definition.words("blank_reason")],
    }


def state_of(
    round: Round, definition: Definition, filing: Filing | None, facility: str, code: str, now
) -> dict:
    """What changes: the revision, the cells, the findings and the blanks of one facility at `now`."""
    state = {"revision": filing.revision if filing else 1, "clock": clock(now)}
    if filing is None:
        return state | {"cells": {}, "findings": [], "gaps": []}
    ready = readiness(filing, round, code, now)
    return state | {
        "cells": cells_of(filing, facility),
        "findings": _findings(definition, ready, facility),
        "gaps": _gaps(ready, facility),
    }


def cells_of(filing: Filing, facility: str) -> dict[str, dict]:
    """Place → {v: figure or null, f: flag, w: why there is none, r: how it was typed, s: where it came from}."""
    reasons = {
        place(e.item, e.measure, e.period): e.text
        for e in filing.explanations.filter(rule=BLANK, facility=facility)
    }
    uploads = {upload.pk: upload.name for upload in filing.uploads.only("name")}
    found = {at: {"v": None, "f": "", "w": text, "r": "", "s": ""} for at, text in reasons.items()}
    for row in Observation.objects.filter(filing_id=filing.pk, facility=facility):
        at = place(row.item, row.measure, row.period)
        source = f"{uploads.get(row.upload_id, '')} {row.sheet}!{row.cell}" if row.upload_id else ""
        found[at] = {
            "v": plain(row.value),
            "f": row.flag,
            "w": reasons.get(at, ""),
            "r": row.raw,
            "s": source,
        }
    return found


def since(filing: Filing, revision: int, facility: str, actor_id: int) -> dict:
    """Who wrote what after a revision: events, oldest first, and for each cell of the facility that was changed the
    figure before, the figure now, who and when."""
    changes: dict[str, dict] = {}
    rows = [c for c in queries.changes_since(filing, revision, limit=5000) if c.facility == facility]
    for change in sorted(rows, key=lambda c: (c.revision, c.pk)):
        at = place(change.item, change.measure, change.period)
        first = changes.get(at, {"before": _shown(change.before)})
        changes[at] = first | {"after": _shown(change.after)} | _by(change, actor_id)
    events = queries.events_since(filing, revision)
    for event in events:
        for row in queries.brought_by(event, facility):
            at = place(row.item, row.measure, row.period)
            changes.setdefault(at, {"before": None, "after": plain(row.value)} | _by(event, actor_id))
    return {"events": [_event(event, actor_id) for event in events], "changes": changes}


def _by(write: Event | ObservationChange, actor_id: int) -> dict:
    return {"who": write.actor_name, "when": moment(write.at), "mine": write.actor_id == actor_id}


def facilities_of(filing: Filing | None, round: Round) -> tuple[list[tuple[str, str]], str, bool]:
    """The places one can type for, '' (the whole university) first; which one to begin with; and whether figures by
    place and of the whole stand side by side."""
    register = dict(Facility.objects.filter(is_active=True).order_by("code").values_list("code", "name"))
    there = _facilities_in(filing) or _facilities_in(queries.last_year(round))
    known = dict(Facility.objects.filter(code__in=there).values_list("code", "name"))
    places = {code: known.get(code, code) for code in sorted(there) if code} | register
    begin = "" if "" in there or not there else min(there)
    return [("", _("全校")), *sorted(places.items())], begin, len(there) > 1 and "" in there


def place(item: str, measure: str, period: str) -> str:
    """How a cell is called."""
    return f"{item}|{measure}|{period}"


def plain(value) -> str | None:
    """A figure as shortest decimal text."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(kept: dict | None) -> str | None:
    value = (kept or {}).get("value")
    return None if value is None else plain(Decimal(value))


def _event(event: Event, actor_id: int) -> dict:
    return {"what": event.get_kind_display()} | _by(event, actor_id)


def _rows(filing: Filing | None, facility: str) -> list[dict]:
    if filing is None:
        return []
    rows = Observation.objects.filter(filing_id=filing.pk, facility=facility)
    return list(rows.values("item", "measure", "period", "value"))


def _used_anywhere(round: Round, filing: Filing | None) -> set[tuple[str, str]]:
    """Columns that any place of this filing, or of the newest earlier one, has figures for."""
    for each in filter(None, [filing, *(f for f, _round in queries.earlier_rounds(round))]):
        rows = Observation.objects.filter(filing_id=each.pk).values_list("item", "measure").distinct()
        if rows:
            return set(rows)
    return set()


def _facilities_in(filing: Filing | None) -> set[str]:
    if filing is None:
        return set()
    return set(Observation.objects.filter(filing_id=filing.pk).values_list("facility", flat=True).distinct())


def _findings(definition: Definition, ready: Readiness, facility: str) -> list[dict]:
    found = []
    for finding in ready.findings:
        for issue in finding.issues:
            if issue["facility"] == facility:
                found.append(
                    {
                        "at": place(issue["item"], issue["measure"], issue["period"]),
                        "rule": finding.rule,
                        "kind": finding.kind,
                        "title": finding.title,
                        "text": sentence(issue, "message", definition),
                        "remedy": finding.remedy,
                        "open": issue in finding.open,
                    }
                )
    return found


def _gaps(ready: Readiness, facility: str) -> list[str]:
    return [
        place(gap.item, gap.measure, period)
        for gap in ready.gaps
        if gap.facility == facility
        for period in gap.periods or ("",)
    ]
