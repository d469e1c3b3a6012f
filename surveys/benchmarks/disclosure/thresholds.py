"""Rules 1 to 3 for one cell. Each function returns the number of the rule that is broken, or ''."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from surveys.benchmarks.disclosure.tables import Vector

LEAST = 5
LEAST_PASSES = 3
LEAST_QUARTILES = 10
LEAST_TAILS = 50
SHARE = Decimal("0.1")


def unnamed(vector: Vector, named: Collection[str]) -> dict[str, tuple[Decimal, ...]]:
    """The contributors who did not consent to be named; the named are known constants and protect nobody."""
    return {university: parts for university, parts in vector.items() if university not in named}


def is_dominated(magnitudes: Sequence[Decimal]) -> bool:
    """Whether the second largest could estimate the largest too well: total − largest − second < 10 % of the
    largest. Signs do not count. All zeros are not dominated."""
    ordered = sorted((abs(m) for m in magnitudes), reverse=True)
    if not ordered:
        return False
    rest = sum(ordered[2:], Decimal(0))
    return rest < SHARE * ordered[0]


def magnitudes_rule(vector: Vector, named: Collection[str] = ()) -> str:
    """Rules 1 and 2 for sums, means and ratios."""
    counted = unnamed(vector, named)
    if len(counted) < LEAST:
        return "1"
    parts = list(zip(*counted.values(), strict=True))
    if any(0 < sum(1 for m in part if m) < LEAST for part in parts):
        return "1"
    if any(m < 0 for part in parts for m in part) or any(is_dominated(part) for part in parts):
        return "2"
    return ""


def passes_rule(vector: Vector, named: Collection[str] = ()) -> str:
    """Rules 1 and 2 for scores, rates and pass counts: n ≥ 5 and 3 ≤ k ≤ n − 3."""
    counted = unnamed(vector, named)
    if len(counted) < LEAST:
        return "1"
    passed = sum(1 for (value,) in counted.values() if value)
    return "" if LEAST_PASSES <= passed <= len(counted) - LEAST_PASSES else "2"


def quantile_rule(vector: Vector, *, tail: bool, named: Collection[str] = ()) -> str:
    """Rule 3: how many universities a quantile needs."""
    return "" if len(unnamed(vector, named)) >= (LEAST_TAILS if tail else LEAST_QUARTILES) else "3"


def nearest_ranks(n: int, share: Decimal) -> tuple[int, int, int]:
    """The three 0-based ranks nearest to share × (n − 1), the lower one where two are as near; n ≥ 3."""
    place = share * (n - 1)
    nearest = sorted(range(n), key=lambda rank: (abs(rank - place), rank))[:3]
    low, middle, high = sorted(nearest)
    return low, middle, high


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """A quantile as the mean of the values at the three nearest ranks, so that it is nobody's own value."""
    ordered = sorted(values)
    return sum((ordered[rank] for rank in nearest_ranks(len(ordered), share)), Decimal(0)) / 3
