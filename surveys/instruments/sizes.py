"""A size of which parts were in use for some of the months: a campus that opened in September, a building given up.

What stands for the whole period is weighted by the months of use. The rule is row B09 of the book of intake cases
(docs/intake_cases.md; general knowledge of the trade, unverified), and it is nowhere but here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# a weighted size is rounded to this, once
STEP = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """`value` in the unit of its size, in use from the month `first` to the month `last` (`YYYY-MM`, both inside)."""

    name: str
    value: Decimal
    first: str
    last: str

    def months_of_use(self, months: Iterable[str]) -> int:
        """How many of these months the part was in use."""
        return sum(self.first <= month <= self.last for month in months)

    def overlaps(self, other: Part) -> bool:
        return self.first <= other.last and other.first <= self.last


def weighted(whole: Decimal, parts: Sequence[Part], months: Sequence[str]) -> Decimal:
    """The size of a period: what was in use in all of it, and each part times its months of use / months of the period.

    `whole` and the result in the unit of the size, `months` the `YYYY-MM` of the period, at least one. The fractions
    are added exactly and the sum is rounded once, half up, to STEP; without parts `whole` is given back as it is.
    """
    if not parts:
        return whole
    return _rounded(exactly(whole, parts, months))


def exactly(whole: Decimal, parts: Iterable[Part], months: Sequence[str]) -> Fraction:
    """The same before it is rounded."""
    shares = (Fraction(part.value) * Fraction(part.months_of_use(months), len(months)) for part in parts)
    return Fraction(whole) + sum(shares, Fraction(0))


def in_use(whole: Decimal, parts: Iterable[Part], month: str) -> Decimal:
    """How much was in use in one month (`YYYY-MM`)."""
    return whole + sum((part.value for part in parts if part.first <= month <= part.last), Decimal(0))


def parts_of(entry: Mapping) -> tuple[Part, ...]:
    """The parts of a size as it is kept: {…, parts: [{name, value: decimal text, first, last}]}; () without any."""
    return tuple(
        Part(part["name"], Decimal(part["value"]), part["first"], part["last"])
        for part in entry.get("parts") or ()
    )


def part_data(part: Part) -> dict[str, str]:
    """A part as it is kept; the opposite of `parts_of`."""
    value = format(part.value.normalize(), "f")
    return {"name": part.name, "value": value, "first": part.first, "last": part.last}


def _rounded(amount: Fraction) -> Decimal:
    steps = amount / Fraction(STEP)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (Decimal(whole) * STEP).quantize(STEP, rounding=ROUND_HALF_UP)
