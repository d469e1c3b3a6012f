"""Sizes (人数和面积) in words: the number with its calibre, and how it was reckoned where parts were in use for some of
the months. The same on the form, before signing, on a seal's pages and on its paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from surveys.catalog.names import month_span, unit_name
from surveys.definition import Definition, Denominator
from surveys.instruments.sizes import Part, exactly, in_use, parts_of
from surveys.intake.periods import months_in
from ui.formats import listed, noted, number, phrases


@dataclass(frozen=True)
class SizeLine:
    """One size. `terms`: 812,460 + 60,000 × 4/12; `equals`: =, or ≈ where the size is rounded; `parts`: what each was
    and when it was in use, in the order of the terms. All three empty for a size that is one number."""

    key: str
    name: str
    unit: str
    value: Decimal
    calibre: str
    terms: str = ""
    equals: str = ""
    parts: tuple[str, ...] = ()

    @property
    def sum(self) -> str:
        """812,460 + 60,000 × 4/12 = 832,460 m²"""
        return f"{self.terms} {self.equals} {number(self.value)} {self.unit}" if self.terms else ""

    @property
    def reckoning(self) -> str:
        """812,460 + 60,000 × 4/12（新校区一期，9月至12月）"""
        return noted(self.terms, listed(self.parts)) if self.terms else ""

    @property
    def sentence(self) -> str:
        """832,460 m²（扣除地下车库）= 812,460 + 60,000 × 4/12（新校区一期，9月至12月）"""
        said = noted(f"{number(self.value)} {self.unit}", self.calibre)
        return f"{said} {self.equals} {self.reckoning}" if self.terms else said


def size_lines(definition: Definition, sizes: Mapping[str, Mapping], period: str) -> list[SizeLine]:
    """Sizes {key: entry} as a seal keeps them, in the order of the definition."""
    return [size_line(d, sizes[d.key], period) for d in definition.denominators if d.key in sizes]


def size_line(known: Denominator, entry: Mapping, period: str) -> SizeLine:
    """One size of `period` as a seal keeps it."""
    calibre = next((c.name for c in known.calibres if c.key == entry["calibre"]), entry["calibre"])
    told = _reckoned(entry, months_in(period)) if entry.get("parts") else ()
    return SizeLine(known.key, known.name, unit_name(known.unit), Decimal(entry["value"]), calibre, *told)


def size_words(definition: Definition, period: str, key: str, entry: Mapping | None) -> str:
    """One size in one line; the word for none where it was taken away."""
    known = next(d for d in definition.denominators if d.key == key)
    return size_line(known, entry, period).sentence if entry else _("没有")


def _reckoned(entry: Mapping, months: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    """Terms, = or ≈, and the parts in words."""
    whole, parts = Decimal(entry["whole"]), parts_of(entry)
    terms = [*([number(whole)] if whole else []), *(_share(part, months) for part in parts)]
    exact = exactly(whole, parts, months) == Fraction(Decimal(entry["value"]))
    named = tuple(phrases([part.name, month_span(part.first, part.last)]) for part in parts)
    return " + ".join(terms), "=" if exact else "≈", named


def _share(part: Part, months: Sequence[str]) -> str:
    return f"{number(part.value)} × {part.months_of_use(months)}/{len(months)}"


def carried(known: Denominator, before: Mapping | None, period: str) -> tuple[Decimal, str] | None:
    """What was in use as the year before (`period`) ended, where that is not the size of that year: the number and its
    words. None where last year's size says nothing of months."""
    if not before or not before.get("parts"):
        return None
    last = months_in(period)[-1]
    there = [part for part in parts_of(before) if part.last >= last]
    whole = Decimal(before["whole"])
    total = in_use(whole, there, last)
    terms = [*([number(whole)] if whole else []), *(f"{part.name} {number(part.value)}" for part in there)]
    words = {"sum": " + ".join(terms) or "0", "total": number(total), "unit": unit_name(known.unit)}
    return total, _("上年末在用 %(sum)s = %(total)s %(unit)s，今年按全年算") % words
