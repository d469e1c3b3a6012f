"""Rule 4 across indicators: a sum and a ratio of one cohort, or two ratios, made of the same numerators.

Denominators (headcount, area) are taken as public, so a ratio gives its numerator away. Where some universities have
the one figure and not the other (no heated area, no headcount), the difference of the two numerators is theirs alone,
and must be nothing, or obey rules 1 and 2 itself.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from surveys.benchmarks.disclosure.subtraction import combination_is_safe
from surveys.benchmarks.disclosure.tables import Cell, Key, Live, Statistic

Numerators = dict[str, Decimal]


def given_away(cells: Mapping[Key, Cell], live: Sequence[Live], named: Collection[str]) -> Iterator[Key]:
    """Fresh cells to take back so that no two known cells of a cohort differ by too few, the smaller one each time."""
    for known in _by_cohort(cells, live).values():
        gone: set[Key] = set()
        for one, other in itertools.combinations(sorted(known), 2):
            fresh = [key for key in (one, other) if key in cells and cells[key].fresh]
            if not fresh or gone & {one, other}:
                continue
            if not _is_safe(known[one], known[other], named):
                smaller = min(fresh, key=lambda key: (len(known[key]), key))
                gone.add(smaller)
                yield smaller


def _by_cohort(cells: Mapping[Key, Cell], live: Sequence[Live]) -> dict[tuple, dict[Key, Numerators]]:
    """(period, cohort) → cell → numerators of its contributors, for all sums and ratios that are or will be known."""
    vectors = {key: published.vector for key, published in (live[-1].known if live else {}).items()}
    vectors |= {key: cell.vector for key, cell in cells.items() if cell.fresh}
    found: dict[tuple, dict[Key, Numerators]] = defaultdict(dict)
    for key, vector in vectors.items():
        if key.statistic in (Statistic.SUM, Statistic.RATIO):
            found[key.period, key.cohort][key] = {u: parts[0] for u, parts in vector.items()}
    return found


def _is_safe(one: Numerators, other: Numerators, named: Collection[str]) -> bool:
    """Whether the two have nothing to do with each other, or differ by nobody or by enough."""
    shared = one.keys() & other.keys()
    if not shared or any(one[university] != other[university] for university in shared):
        return True
    beyond = {university: one[university] for university in one.keys() - shared}
    beyond |= {university: -other[university] for university in other.keys() - shared}
    return combination_is_safe({u: (value,) for u, value in beyond.items()}, Statistic.SUM, named)
