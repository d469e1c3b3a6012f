"""A seal beside the accepted one of the year before. Pure: rows and notes in, lines of a table out.

Like stands beside like: the earlier sum covers the same months that the new one reports, so that nine months are not
compared with twelve. Where a whole ('') and its buildings are both there, the whole counts, as in the indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from surveys.definition import Definition

KEY = ("facility", "item", "measure", "period")
Rows = list[Mapping[str, Any]]


@dataclass(frozen=True)
class Note:
    """One finding of a check, or one reason without a finding, with what the university said to it."""

    rule: str
    severity: str
    message: str
    explanation: str = ""
    explained_by: str = ""
    period: str = ""
    facility: str = ""
    item: str = ""
    measure: str = ""


def together(notes: Iterable[Note]) -> list[tuple[Note, tuple[str, ...]]]:
    """What is said alike of several periods, once: (the first of the notes, all their periods in order). One reason
    given for seven empty months is one thing to read."""
    found: dict[Note, list[Note]] = {}
    for note in notes:
        found.setdefault(replace(note, period=""), []).append(note)
    return [(same[0], tuple(sorted(note.period for note in same))) for same in found.values()]


@dataclass(frozen=True)
class Line:
    """One figure over the whole period: sum now and a year earlier over the same months (`months` of them; both None
    where nothing is reported), how many values carry which flag, and its notes."""

    item: str
    measure: str
    now: Decimal | None
    before: Decimal | None
    months: int
    flags: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def change(self) -> Decimal | None:
        return ratio(self.now, self.before)

    @property
    def weight(self) -> str:
        """How loud the line is: bad (a warning without a reason), warn (a warning), est or ''."""
        found = [note for note in self.notes if note.severity in ("warning", "error")]
        if any(not note.explanation for note in found):
            return "bad"
        return "warn" if found else ""


@dataclass(frozen=True)
class MonthLine:
    """One figure in one period beside a year earlier."""

    facility: str
    period: str
    now: Decimal | None
    before: Decimal | None
    flag: str
    notes: tuple[Note, ...] = ()

    @property
    def change(self) -> Decimal | None:
        return ratio(self.now, self.before)


@dataclass(frozen=True)
class Difference:
    """One value that two versions do not share; before or after is None where the version has no such row or no
    value."""

    facility: str
    item: str
    measure: str
    period: str
    before: Decimal | None
    after: Decimal | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.facility, self.item, self.measure, self.period)


def differing(before: Iterable[Mapping], after: Iterable[Mapping]) -> list[Difference]:
    """The values in which two versions differ (value, flag or text), in natural-key order."""
    one, other = _said(before), _said(after)
    return [
        Difference(*key, one[key][0] if key in one else None, other[key][0] if key in other else None)
        for key in sorted({*one, *other})
        if one.get(key) != other.get(key)
    ]


def _said(rows: Iterable[Mapping]) -> dict[tuple[str, ...], tuple]:
    return {_key(row): (row["value"], row["flag"], row["text"]) for row in rows}


def ratio(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The relative change; None where there is nothing to compare."""
    return None if now is None or not before else now / before - 1


def notes_of(issues: Iterable[Mapping], explanations: Iterable[Mapping]) -> list[Note]:
    """Findings with the reasons given for them (by rule and place), then reasons that answer no finding."""
    reasons = {_place(e["rule"], e): e for e in explanations}
    notes, used = [], set()
    for issue in issues:
        place = _place(issue.get("rule") or issue.get("kind", ""), issue)
        used.add(place)
        notes.append(_note(place, issue.get("severity", ""), issue.get("message", ""), reasons.get(place)))
    rest = [place for place in reasons if place not in used]
    return notes + [_note(place, "info", "", reasons[place]) for place in rest]


def _place(rule: str, at: Mapping) -> tuple[str, ...]:
    return (rule, *(at.get(name) or "" for name in KEY))


def _note(place: tuple[str, ...], severity: str, message: str, reason: Mapping | None) -> Note:
    rule, facility, item, measure, period = place
    said = (reason or {}).get("text", ""), (reason or {}).get("actor_name", "")
    return Note(rule, severity, message, *said, period, facility, item, measure)


def lines(now: Rows, before: Rows, definition: Definition, notes: Iterable[Note] = ()) -> list[Line]:
    """A line per figure that either year has, in the order of the definition."""
    current, earlier = _whole(now), _whole(before)
    pairs = {key[1:3] for key in (*current, *earlier)}
    return [_line(pair, current, earlier, notes) for pair in sorted(pairs, key=order_of(definition))]


def months(now: Rows, before: Rows, item: str, measure: str, notes: Iterable[Note] = ()) -> list[MonthLine]:
    """The values of one figure, a line per place and period, beside those a year earlier."""
    mine = {_key(row): row for row in now if (row["item"], row["measure"]) == (item, measure)}
    old = {_key(row): row["value"] for row in before if (row["item"], row["measure"]) == (item, measure)}
    found = []
    for (facility, _item, _measure, period), row in sorted(mine.items()):
        at = tuple(n for n in notes if (n.facility, n.item, n.period) == (facility, item, period))
        earlier = old.get((facility, item, measure, _earlier(period)))
        found.append(MonthLine(facility, period, row["value"], earlier, row["flag"], at))
    return found


@dataclass(frozen=True)
class PeriodSum:
    """One figure in one period over all buildings; `flag` is that of a value that stands in it, else of a blank."""

    value: Decimal | None
    flag: str


def by_period(rows: Rows) -> dict[tuple[str, str, str], PeriodSum]:
    """(item, measure, period) → the sum of what is known of it."""
    found: dict[tuple[str, str, str], list[Mapping]] = {}
    for key, row in _whole(rows).items():
        found.setdefault(key[1:], []).append(row)
    return {key: _period_sum(parts) for key, parts in found.items()}


def _period_sum(parts: list[Mapping]) -> PeriodSum:
    known = [row for row in parts if row["value"] is not None]
    flags = [row["flag"] for row in known or parts if row["flag"]]
    return PeriodSum(sum(row["value"] for row in known) if known else None, flags[0] if flags else "")


def by_place(rows: Rows) -> dict[tuple[str, str, str], Decimal]:
    """(facility, item, measure) → the sum of what is known of it over all periods."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for row in rows:
        if row["value"] is not None:
            key = (row["facility"], row["item"], row["measure"])
            found[key] = found.get(key, Decimal(0)) + row["value"]
    return found


def _line(pair: tuple[str, str], current: dict, earlier: dict, notes: Iterable[Note]) -> Line:
    mine = {key: row for key, row in current.items() if key[1:3] == pair}
    known = {key: row["value"] for key, row in mine.items() if row["value"] is not None}
    compared = {_earlier(key[3]) for key in known}
    old = [
        row["value"]
        for key, row in earlier.items()
        if key[1:3] == pair and row["value"] is not None and (not known or key[3] in compared)
    ]
    flags: dict[str, int] = {}
    for row in mine.values():
        if row["flag"]:
            flags[row["flag"]] = flags.get(row["flag"], 0) + 1
    about = tuple(n for n in notes if n.item == pair[0] and n.measure in ("", pair[1]))
    return Line(
        item=pair[0],
        measure=pair[1],
        now=sum(known.values()) if known else None,
        before=sum(old) if old else None,
        months=len(compared),
        flags=flags,
        notes=about,
    )


def _whole(rows: Rows) -> dict[tuple[str, ...], Mapping]:
    """Rows by key, without the buildings of figures that are there for the whole."""
    keyed = {_key(row): row for row in rows}
    return {k: row for k, row in keyed.items() if not k[0] or ("", *k[1:]) not in keyed}


def _key(row: Mapping) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def _earlier(period: str) -> str:
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def order_of(definition: Definition):
    """A sort key for (item, measure): the order of the definition, what it does not know at the end."""
    items = {item.key: place for place, item in enumerate(definition.items)}
    measures = {measure.key: place for place, measure in enumerate(definition.measures)}
    return lambda pair: (items.get(pair[0], 999), pair[0], measures.get(pair[1], 99), pair[1])
