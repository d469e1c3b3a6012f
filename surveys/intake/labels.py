"""What one text says, and what several texts about the same cells say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from surveys.intake.periods import When
from surveys.intake.units import Unit


@dataclass(frozen=True)
class Label:
    """What one text says, as far as it says it. Fields are empty where it is silent.

    role: period, item, unit, facility, campus, type, sequence, identifier, note, year, price, aside, meter_start,
    meter_end, multiplier or denominator:<key>; rest: characters no word explained (a building, a campus, a typo).
    """

    text: str
    role: str = ""
    items: tuple[str, ...] = ()
    measure: str = ""
    unit: Unit | None = None
    when: When | None = None
    total: bool = False
    rest: str = ""
    confidence: float = 0.0
    source: str = "synonym"

    @property
    def item(self) -> str:
        return self.items[0] if len(self.items) == 1 else ""

    @property
    def filler(self) -> bool:
        """Whether every character is a word that adds nothing of its own: 本月, 实际, 当期."""
        bare = not (self.items or self.measure or self.unit or self.when or self.total or self.role)
        return bare and bool(self.text.strip()) and not self.rest

    @property
    def strange(self) -> bool:
        """Whether words stand here that nobody explained, and nothing else: 照明, 峰段, a building's own name."""
        known = self.items or self.measure or self.unit or self.when or self.total or self.role
        return bool(self.rest) and not known

    @property
    def speaks(self) -> bool:
        """Whether this text, as a header, is clearly part of a table's vocabulary."""
        return bool(
            self.role
            or (self.when and not self.rest)
            or (self.total and len(self.text) <= 8)
            or ((self.items or self.measure or self.unit) and self.confidence >= 0.7)
        )


def agree(labels: Iterable[Label]) -> Label:
    """Several texts about the same cells, general first: the later ones are more precise and win."""
    merged = Label("")
    for label in labels:
        merged = Label(
            text="_".join(t for t in (merged.text, label.text) if t),
            role=label.role or merged.role,
            items=_narrow(merged.items, label.items),
            measure=label.measure or merged.measure,
            unit=label.unit or merged.unit,
            when=_dated(merged.when, label.when),
            total=label.total or merged.total,
            rest=merged.rest + label.rest,
            confidence=_weaker(merged, label),
            source="remembered" if "remembered" in (merged.source, label.source) else label.source,
        )
    return merged


def _dated(general: When | None, precise: When | None) -> When | None:
    """A month takes the year of the group above it."""
    if general and precise and not precise.year:
        return replace(precise, year=general.year)
    return precise or general


def _narrow(general: tuple[str, ...], precise: tuple[str, ...]) -> tuple[str, ...]:
    if not general or not precise:
        return general or precise
    both = tuple(i for i in precise if i in general)
    return both or tuple(dict.fromkeys(general + precise))


def _weaker(one: Label, other: Label) -> float:
    sure = [x.confidence for x in (one, other) if x.items or x.measure or x.unit or x.role]
    return min(sure) if sure else max(one.confidence, other.confidence)
