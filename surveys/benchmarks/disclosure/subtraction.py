"""Rules 4 and 5: what can be had by adding and subtracting released cells, within a release and across them.

The groups of a dimension and what the city has beyond them are the blocks the outside knows. What is looked at: a
whole minus its known parts; blocks of one dimension inside blocks of another, the larger minus the smaller; blocks of
two dimensions that differ by a handful, whose members could work out each other. Each must be nothing, or obey rules
1 and 2 itself; against each live release it must have changed by nobody or by at least five. Where it does not, the
smallest fresh cell in it is taken back. Everything beyond is the audit's (rule 6).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.benchmarks.disclosure.tables import (
    Cell,
    Group,
    Key,
    Live,
    Nesting,
    Published,
    Series,
    State,
    Statistic,
    Vector,
)
from surveys.benchmarks.disclosure.thresholds import LEAST, is_dominated, passes_rule, unnamed

ADDITIVE = (Statistic.RATIO, Statistic.SUM, Statistic.MEAN, Statistic.COUNT)
# cell → how often it is added (or, negative, subtracted)
Combination = Mapping[Key, int]


@dataclass(frozen=True)
class Family:
    """A whole and parts that do not overlap. `falls`: the parts are taken back with their whole."""

    whole: Key
    parts: tuple[Key, ...]
    falls: bool = False


def changed(before: Vector, after: Vector) -> int:
    """How many contributors entered, left or differ."""
    return sum(1 for u in {*before, *after} if before.get(u) != after.get(u))


def too_few_changed(before: Vector, after: Vector) -> bool:
    """Rule 5: between one and four contributors changed, so the difference of two releases is about them."""
    return 0 < changed(before, after) < LEAST


def cohort_families(series: Series, groups: Sequence[Group]) -> list[tuple[Family, ...]]:
    """Per statistic the families of the city and each dimension's groups. Families of one tuple share their whole
    and divide it differently, so that their blocks may lie inside each other."""
    (whole,) = (g.code for g in groups if g.dimension == "all")
    dimensions: dict[str, list[str]] = {}
    for group in groups:
        if group.dimension != "all":
            dimensions.setdefault(group.dimension, []).append(group.code)

    def key(code: str, statistic: str) -> Key:
        return Key(series.indicator, series.period, code, statistic)

    return [
        tuple(Family(key(whole, s), tuple(key(code, s) for code in codes)) for codes in dimensions.values())
        for s in ADDITIVE
    ]


def nesting_families(nestings: Iterable[Nesting], everyone: str) -> list[tuple[Family, ...]]:
    """Series that add up to another one, for the city's sums."""

    def key(of: tuple[str, str]) -> Key:
        return Key(*of, everyone, Statistic.SUM)

    return [(Family(key(n.whole), tuple(key(part) for part in n.parts), falls=True),) for n in nestings]


class Protection:
    """Takes cells back until nothing that can be computed gives anyone away. Works on `cells` in place."""

    def __init__(self, cells: Mapping[Key, Cell], live: Sequence[Live], named: Collection[str] = ()):
        self.cells = cells
        self.live = sorted(live, key=lambda release: release.number)
        self.named = named

    def run(self, families: Iterable[tuple[Family, ...]]) -> None:
        """Until every family and every pair of families of a tuple is safe."""
        related = [tuple(f for f in some if f.whole in self.cells) for some in families]
        while sum(self._settle(some) for some in related):
            pass

    def take_back(self, key: Key, rule: str) -> None:
        """Carries the cell over where it is known already, else suppresses it."""
        cell = self.cells[key]
        if self.last_known(key) is None:
            cell.state, cell.rule = State.SUPPRESSED, rule
        else:
            cell.state, cell.rule = State.CARRIED, "5"

    def last_known(self, key: Key) -> Published | None:
        """What was last published of a cell before this release."""
        return self.live[-1].known.get(key) if self.live else None

    def _settle(self, families: tuple[Family, ...]) -> bool:
        """Takes back what it must for these families; True when it took anything."""
        moved = False
        for family in families:
            while self._part_without_whole(family) or self._gives_away(self._remainder(family)):
                self._take_back_one(family)
                moved = True
        for one, other in itertools.combinations(families, 2):
            while (found := next(filter(self._gives_away, self._insides(one, other)), None)) is not None:
                self.take_back(self._least_loss(found, one, other), "4")
                moved = True
        return moved

    def _remainder(self, family: Family, without: Key | None = None) -> Combination:
        """The whole minus the parts that are known, `without` one imagined as taken back; empty when the whole is
        unknown."""
        if self._known(family.whole) is None:
            return {}
        return {family.whole: 1} | {
            key: -1 for key in family.parts if key != without and self._known(key) is not None
        }

    def _insides(self, one: Family, other: Family) -> Iterator[Combination]:
        """Unions of blocks of one family against the blocks of the other: the smallest union around it minus it, it
        minus the largest union inside it, and the most similar union minus it, where the few that differ know each
        other. Larger and smaller unions differ from the first two by whole blocks."""
        mine, theirs = sorted((self._blocks(one), self._blocks(other)), key=len)
        for size in range(1, len(mine) + 1):
            for chosen in itertools.combinations(mine, size):
                members, union = _union(chosen)
                around, outer = _union([block for block in theirs if block[0] & members])
                if members < around:
                    yield _minus(outer, union)
                inside, inner = _union([block for block in theirs if block[0] <= members])
                if inside and inside < members:
                    yield _minus(union, inner)
                near, like = _union(
                    [block for block in theirs if len(block[0] & members) * 2 > len(block[0])]
                )
                if near and 0 < len(near ^ members) < LEAST:
                    yield _minus(like, union)

    def _blocks(self, family: Family) -> list[tuple[frozenset[str], Combination]]:
        """The known parts and the known remainder, each with its contributors."""
        blocks = [(frozenset(known), {key: 1}) for key in family.parts if (known := self._known(key))]
        rest = self._remainder(family)
        members = frozenset(self._value(rest)) if rest else frozenset()
        return [*blocks, (members, rest)] if members and len(rest) > 1 else blocks

    def _known(self, key: Key, release: Live | None = None) -> Vector | None:
        """What the outside knows of a cell after a live release; without one, after the release being planned."""
        if release is None:
            cell = self.cells.get(key)
            if cell is not None and cell.fresh:
                return cell.vector
            release = self.live[-1] if self.live else None
        published = release.known.get(key) if release else None
        return published.vector if published else None

    def _value(self, combination: Combination, release: Live | None = None) -> dict[str, tuple[Decimal, ...]]:
        known = [(factor, self._known(key, release)) for key, factor in combination.items()]
        terms = [(factor, vector) for factor, vector in known if vector is not None]
        return count(terms) if release is None and self._is_one_series(combination) else combine(terms)

    def _is_one_series(self, combination: Combination) -> bool:
        """Whether every cell is fresh and of one series: then a contributor has the same magnitudes in all of them."""
        first = next(iter(combination), None)
        return all(
            self._is_fresh(key) and (key.indicator, key.period) == (first.indicator, first.period)
            for key in combination
        )

    def _gives_away(self, combination: Combination) -> bool:
        """Whether the combination has something new in it and tells of too few, by itself or against a live release."""
        if not any(map(self._is_fresh, combination)):
            return False
        now = self._value(combination)
        if not combination_is_safe(now, next(iter(combination)).statistic, self.named):
            return True
        positive = [key for key, factor in combination.items() if factor > 0]
        known = (r for r in self.live if all(self._known(key, r) is not None for key in positive))
        return any(too_few_changed(self._value(combination, release), now) for release in known)

    def _is_fresh(self, key: Key) -> bool:
        cell = self.cells.get(key)
        return cell is not None and cell.fresh

    def _part_without_whole(self, family: Family) -> bool:
        return family.falls and self._known(family.whole) is None and any(map(self._is_fresh, family.parts))

    def _take_back_one(self, family: Family) -> None:
        """The smallest part that is enough, else the smallest, else the whole."""
        fresh = sorted(filter(self._is_fresh, family.parts), key=self._size)
        enough = (key for key in fresh if not self._gives_away(self._remainder(family, key)))
        self.take_back(next(enough, fresh[0] if fresh else family.whole), "4")

    def _least_loss(self, combination: Combination, one: Family, other: Family) -> Key:
        """The smallest fresh cell, of the division that has lost cells already: better one broken than two."""

        def cost(key: Key) -> tuple:
            family = one if key in one.parts else other
            whole = key == family.whole
            return (
                whole,
                all(self._is_fresh(part) for part in family.parts if part in self.cells),
                self._size(key),
            )

        return min(filter(self._is_fresh, combination), key=cost)

    def _size(self, key: Key) -> tuple[int, Decimal, Key]:
        cell = self.cells[key]
        return cell.n, sum((abs(parts[0]) for parts in cell.vector.values()), Decimal(0)), key


def combine(terms: Iterable[tuple[int, Vector]]) -> dict[str, tuple[Decimal, ...]]:
    """Adds vectors, each times its factor. Who is in as often as out, with nothing left, drops out."""
    total: dict[str, tuple[Decimal, ...]] = {}
    times: dict[str, int] = {}
    for factor, vector in terms:
        for university, parts in vector.items():
            before = total.get(university) or (Decimal(0),) * len(parts)
            total[university] = tuple(a + factor * b for a, b in zip(before, parts, strict=True))
            times[university] = times.get(university, 0) + factor
    return {u: parts for u, parts in total.items() if times[u] or any(parts)}


def count(terms: Iterable[tuple[int, Vector]]) -> dict[str, tuple[Decimal, ...]]:
    """`combine` for vectors that agree about every contributor: it only counts who is in and out."""
    times: dict[str, int] = {}
    base: dict[str, tuple[Decimal, ...]] = {}
    for factor, vector in terms:
        base.update(vector)
        for university in vector:
            times[university] = times.get(university, 0) + factor
    return {u: base[u] if t == 1 else tuple(t * part for part in base[u]) for u, t in times.items() if t}


def combination_is_safe(vector: Vector, statistic: str, named: Collection[str] = ()) -> bool:
    """Whether a combination is nothing, or would itself pass rules 1 and 2."""
    counted = unnamed(vector, named)
    if not counted:
        return True
    if statistic == Statistic.COUNT:
        return not passes_rule(counted)
    return all(_is_spread(part) for part in zip(*counted.values(), strict=True))


def _is_spread(magnitudes: Sequence[Decimal]) -> bool:
    count = sum(1 for m in magnitudes if m)
    return count == 0 or (count >= LEAST and not is_dominated(magnitudes))


def _union(blocks: Iterable[tuple[frozenset[str], Combination]]) -> tuple[frozenset[str], Combination]:
    members: frozenset[str] = frozenset()
    union: Combination = {}
    for some, combination in blocks:
        members, union = members | some, _plus(union, combination)
    return members, union


def _plus(one: Combination, other: Combination, factor: int = 1) -> Combination:
    total = {key: one.get(key, 0) + factor * other.get(key, 0) for key in {**one, **other}}
    return {key: times for key, times in total.items() if times}


def _minus(one: Combination, other: Combination) -> Combination:
    return _plus(one, other, -1)
