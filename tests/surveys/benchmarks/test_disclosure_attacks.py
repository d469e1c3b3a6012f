"""Random cities against an attacker who solves the released sums exactly.

The attacker is written independently of the rules: every published sum is a linear equation over the universities'
values; a value is disclosed when its unit vector lies in the span of the equations. A contributor attacks with its
own values struck out.
"""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.benchmarks.disclosure import Contributor, Group, Live, Published, Series, State, plan
from surveys.benchmarks.disclosure.thresholds import LEAST, LEAST_QUARTILES, LEAST_TAILS
from tests.soak import Count

pytestmark = pytest.mark.promise("disclosure")

SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
RULES = Count("random cities: no released cell breaks a rule", small=150, full=2000)
SUBTRACTED = Count("random cities: the city minus its groups", small=150, full=2000)
SOLVED = Count("random cities: an attacker solves the sums", small=150, full=2000)
RELEASED_AGAIN = Count("random histories: an attacker solves all releases", small=150, full=2000)
DIFFERENCES = Count("random histories: nobody or five differ", small=150, full=2000)
TWO_WAYS = Count("random cities divided two ways", small=150, full=2000)


def tried(count: Count):
    """As many examples as the count says."""
    return settings(max_examples=count.number, parent=SETTINGS)


QUARTILES, TAILS = {"p25", "p50", "p75"}, {"p10", "p90"}


@st.composite
def cities(draw):
    """(values, kinds): up to 32 universities, each with a value and one of up to five kinds, 'x' for none."""
    n = draw(st.integers(3, 32))
    value = st.one_of(st.integers(0, 40), st.integers(50, 90), st.just(5000))
    values = draw(st.lists(value, min_size=n, max_size=n))
    kinds = draw(st.lists(st.sampled_from("abcdex"), min_size=n, max_size=n))
    return ({f"u{i:02}": v for i, v in enumerate(values)}, {f"u{i:02}": k for i, k in enumerate(kinds)})


@st.composite
def revisions(draw):
    """A city and up to three later states of it: some left, some entered, some differ."""
    values, kinds = draw(cities())
    names = sorted(values)
    states = [{u: v for u, v in values.items() if draw(st.integers(0, 9)) or len(names) < 6}]
    for _ in range(draw(st.integers(1, 3))):
        after = dict(states[-1])
        for u in draw(st.lists(st.sampled_from(names), max_size=9, unique=True)):
            change = draw(st.integers(0, 2))
            if change == 0:
                after.pop(u, None)
            else:
                after[u] = after.get(u, values[u]) + change
        states.append(after)
    return states, kinds


def groups_of(kinds) -> list[Group]:
    found = [Group("all", 1, "all", frozenset(kinds))]
    for kind in sorted(set(kinds.values()) - {"x"}):
        found.append(Group(kind, 1, "kind", frozenset(u for u, k in kinds.items() if k == kind)))
    return found


def series_of(values, kind="sum") -> Series:
    rows = (Contributor(u, Decimal(v), Decimal(v) * 7, Decimal(7)) for u, v in values.items())
    return Series("energy", "2024", kind, tuple(rows))


def releases(states, kinds) -> list[tuple[Live, list]]:
    """Plans one release after the other; each with what is known after it."""
    made, known, live = [], {}, []
    for number, values in enumerate(states, 1):
        cells = plan([series_of(values)], groups_of(kinds), live=live)
        known = known | {c.key: Published(c.value, c.n, c.vector) for c in cells if c.state is State.RELEASED}
        live = [*live, Live(number, dict(known))]
        made.append((live[-1], cells))
    return made


def disclosed(equations: list[dict], ignoring: str = "") -> set:
    """The unknowns an attacker can solve for. An equation maps unknowns (university, value) to coefficients."""
    unknowns = sorted({u for equation in equations for u in equation if u[0] != ignoring})
    if not unknowns:
        return set()
    matrix = np.array([[equation.get(u, 0) for u in unknowns] for equation in equations], dtype=float)
    _u, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    basis = rows[sizes > 1e-9 * max(sizes.max(), 1)]
    # a unit vector in the span has its whole length there
    lengths = (basis**2).sum(axis=0)
    return {u for u, length in zip(unknowns, lengths, strict=True) if length > 1 - 1e-6}


def equation_of(cell) -> dict:
    return dict.fromkeys(cell.vector.items(), 1)


@tried(RULES)
@given(cities(), st.sampled_from(["sum", "ratio"]))
def test_no_released_cell_breaks_a_rule(city, kind):
    RULES.done()
    values, kinds = city
    for cell in plan([series_of(values, kind)], groups_of(kinds)):
        if cell.state is not State.RELEASED:
            continue
        assert len(cell.vector) == cell.n >= LEAST
        if cell.key.statistic in QUARTILES | TAILS:
            assert cell.n >= (LEAST_TAILS if cell.key.statistic in TAILS else LEAST_QUARTILES)
            continue
        for part in zip(*cell.vector.values(), strict=True):
            ordered = sorted(part, reverse=True)
            assert sum(part) - ordered[0] - ordered[1] >= ordered[0] / 10


@tried(SUBTRACTED)
@given(cities())
def test_subtracting_groups_from_the_city_leaves_nothing_or_five_without_a_dominant_one(city):
    SUBTRACTED.done()
    values, kinds = city
    cells = {
        c.key.cohort: c for c in plan([series_of(values)], groups_of(kinds)) if c.state is State.RELEASED
    }
    whole = cells.pop("all", None)
    if whole is None:
        return
    rest = {u: p for u, p in whole.vector.items() if not any(u in c.vector for c in cells.values())}
    magnitudes = sorted((p[0] for p in rest.values() if p[0]), reverse=True)
    assert not magnitudes or (
        len(magnitudes) >= LEAST and sum(magnitudes) - magnitudes[0] - magnitudes[1] >= magnitudes[0] / 10
    )


@tried(SOLVED)
@given(cities())
def test_neither_an_outsider_nor_a_contributor_solves_for_another_university(city):
    SOLVED.done()
    values, kinds = city
    cells = [c for c in plan([series_of(values)], groups_of(kinds)) if c.state is State.RELEASED]
    equations = [{k: 1 for k in equation_of(c) if k[1] != (Decimal(0),)} for c in cells]
    for attacker in ("", *values):
        assert disclosed(equations, attacker) == set()


@tried(RELEASED_AGAIN)
@given(revisions())
def test_several_releases_together_solve_for_nobody(revised):
    RELEASED_AGAIN.done()
    states, kinds = revised
    equations = []
    for _live, cells in releases(states, kinds):
        equations += [equation_of(c) for c in cells if c.state is State.RELEASED]
    for attacker in ("", *kinds):
        assert {u for u in disclosed(equations, attacker) if u[1] != (Decimal(0),)} == set()


@tried(DIFFERENCES)
@given(revisions())
def test_every_released_cell_differs_from_every_earlier_one_by_nobody_or_five(revised):
    DIFFERENCES.done()
    states, kinds = revised
    before: list[dict] = []
    for _live, cells in releases(states, kinds):
        released = {c.key: c.vector for c in cells if c.state is State.RELEASED}
        for earlier in before:
            for key in released.keys() & earlier.keys():
                mine, theirs = released[key], earlier[key]
                changes = sum(1 for u in {*mine, *theirs} if mine.get(u) != theirs.get(u))
                assert changes == 0 or changes >= LEAST
        before.append(released)


@st.composite
def two_ways(draw):
    """A city divided by kind and by size, sizes leaning on kinds so that groups lie inside each other."""
    values, kinds = draw(cities())
    lean = {k: draw(st.sampled_from("sml")) for k in "abcdex"}
    sizes = {
        u: lean[k] if draw(st.integers(0, 4)) else draw(st.sampled_from("sml")) for u, k in kinds.items()
    }
    return values, kinds, sizes


@tried(TWO_WAYS)
@given(two_ways())
def test_two_divisions_of_the_city_together_solve_for_nobody(city):
    TWO_WAYS.done()
    values, kinds, sizes = city
    groups = groups_of(kinds)
    for size in sorted(set(sizes.values())):
        groups.append(Group(f"size-{size}", 1, "size", frozenset(u for u, s in sizes.items() if s == size)))
    cells = [c for c in plan([series_of(values)], groups) if c.state is State.RELEASED]
    equations = [equation_of(c) for c in cells]
    for attacker in ("", *values):
        assert {u for u in disclosed(equations, attacker) if u[1] != (Decimal(0),)} == set()


def test_the_attacker_of_these_tests_does_find_an_unprotected_university():
    """A control: without rule 4 the city minus its only released group is one university."""
    city = {(f"u{i}", (Decimal(i),)): 1 for i in range(6)}
    group = dict.fromkeys(list(city)[:5], 1)
    assert disclosed([city, group]) == {("u5", (Decimal(5),))}
