"""What a reviewer looks at first. Pure: notes and rows in, matters in the order in which they matter out.

A year of warnings is hundreds of cells and a few causes: notes of one rule on one figure are one matter. What nobody
has explained comes first, then what weighs most: the part of the figure that the notes touch, times the part that the
item has in what all items cost. Without a measure that all items share every item weighs the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from surveys.definition import Definition
from surveys.submissions.comparison import Note

# so many a reviewer reads; the rest is there on demand
CAP = 20
SEVERITY = {"error": 0, "warning": 1}
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Matter:
    """Notes of one rule on one figure; `weight` between 0 and 1."""

    rule: str
    item: str
    measure: str
    notes: tuple[Note, ...]
    weight: Decimal

    @property
    def severity(self) -> str:
        """The worst among its notes."""
        return min((note.severity for note in self.notes), key=lambda word: SEVERITY.get(word, 2))

    @property
    def open(self) -> int:
        """How many of its notes nobody has explained."""
        return sum(not note.explanation for note in self.notes)

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """The reasons that were given, each once, with who gave it."""
        return tuple(dict.fromkeys((n.explanation, n.explained_by) for n in self.notes if n.explanation))


def matters(notes: Iterable[Note], rows: Rows, definition: Definition) -> list[Matter]:
    """The findings among the notes (reasons alone are none), heaviest first."""
    grouped: dict[tuple[str, str, str], list[Note]] = {}
    for note in notes:
        if note.severity in SEVERITY:
            grouped.setdefault((note.rule, note.item, note.measure), []).append(note)
    values = _values(rows)
    parts = _parts(values, definition)
    found = [
        Matter(*key, tuple(group), _touched(key, group, values) * parts.get(key[1], Decimal(1)))
        for key, group in grouped.items()
    ]
    return sorted(found, key=lambda m: (not m.open, SEVERITY[m.severity], -m.weight, m.rule, m.item))


def _values(rows: Rows) -> dict[tuple[str, str], dict[tuple[str, str], Decimal]]:
    """(item, measure) → (facility, period) → value."""
    found: dict[tuple[str, str], dict[tuple[str, str], Decimal]] = {}
    for row in rows:
        if row["value"] is not None:
            known = found.setdefault((row["item"], row["measure"]), {})
            known[(row["facility"], row["period"])] = row["value"]
    return found


def _parts(values: Mapping, definition: Definition) -> dict[str, Decimal]:
    """Item → its part in the first measure that has one unit for all items; empty without such a measure."""
    shared = next((m.key for m in definition.measures if m.unit_from != "item"), None)
    sums = {item: sum(known.values()) for (item, measure), known in values.items() if measure == shared}
    total = sum(sums.values())
    return {item: amount / total for item, amount in sums.items()} if total else {}


def _touched(key: tuple[str, str, str], notes: list[Note], values: Mapping) -> Decimal:
    """The part of a figure that its notes speak of; all of it where they name no cell."""
    _rule, item, measure = key
    known = values.get((item, measure), {})
    total = sum(known.values())
    if not total or any(not note.period for note in notes):
        return Decimal(1)
    cells = {(note.facility, note.period) for note in notes}
    return sum((known.get(cell, Decimal(0)) for cell in cells), Decimal(0)) / total
