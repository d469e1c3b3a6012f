"""The rules on tables small enough to work out by hand."""

from decimal import Decimal

import pytest

from surveys.benchmarks.disclosure import (
    Contributor,
    Finding,
    Group,
    Key,
    Live,
    Nesting,
    Published,
    Series,
    State,
    plan,
)
from surveys.benchmarks.disclosure.subtraction import combine, count
from surveys.benchmarks.disclosure.thresholds import (
    is_dominated,
    magnitudes_rule,
    nearest_ranks,
    passes_rule,
    quantile,
    quantile_rule,
)


def vector(*values) -> dict:
    return {f"u{i}": (Decimal(str(v)),) for i, v in enumerate(values)}


def rows(**values) -> tuple[Contributor, ...]:
    return tuple(Contributor(u, Decimal(str(v))) for u, v in values.items())


def everyone(members) -> Group:
    return Group("all", 1, "all", frozenset(members))


def states(cells, statistic="sum") -> dict:
    return {c.key.cohort: c.state for c in cells if c.key.statistic == statistic}


def live_after(cells, number=1) -> Live:
    known = {c.key: Published(c.value, c.n, c.vector) for c in cells if c.state is State.RELEASED}
    return Live(number, known)


@pytest.mark.parametrize(("values", "rule"), [
    ([10, 10, 10, 10, 10], ""),
    ([10, 10, 10, 10], "1"),
    # total 121, largest 100, second 11: the rest is 10, exactly 10 % of the largest
    ([100, 11, 4, 3, 3], ""),
    ([100, 11, 4, 3, 2], "2"),
    # five report, four use any
    ([10, 10, 10, 10, 0], "1"),
    # nobody uses any: a zero, and nobody's in particular
    ([0, 0, 0, 0, 0], ""),
    ([10, 10, 10, 10, 10, -1], "2"),
])  # fmt: skip
def test_magnitudes_need_five_contributors_and_no_dominant_one(values, rule):
    assert magnitudes_rule(vector(*values)) == rule


def test_denominator_dominates_as_the_numerator_does():
    ratio = {f"u{i}": (Decimal(10), Decimal(area)) for i, area in enumerate([1000, 10, 10, 10, 10])}
    assert magnitudes_rule(ratio) == "2"


def test_named_universities_protect_nobody():
    assert magnitudes_rule(vector(10, 10, 10, 10, 10), named={"u0"}) == "1"


def test_dominance_without_contributors_is_no_dominance():
    assert is_dominated([]) is False


@pytest.mark.parametrize(("k", "n", "rule"), [
    (3, 6, ""), (2, 6, "2"), (4, 6, "2"), (3, 5, "2"), (2, 4, "1"), (17, 20, ""), (18, 20, "2"),
])  # fmt: skip
def test_pass_counts_keep_three_on_each_side(k, n, rule):
    assert passes_rule(vector(*[1] * k, *[0] * (n - k))) == rule


@pytest.mark.parametrize(
    ("n", "tail", "rule"), [(9, False, "3"), (10, False, ""), (49, True, "3"), (50, True, "")]
)
def test_quartiles_from_ten_and_tails_from_fifty(n, tail, rule):
    assert quantile_rule(vector(*[1] * n), tail=tail) == rule


@pytest.mark.parametrize(("n", "share", "ranks"), [
    (11, "0.5", (4, 5, 6)), (10, "0.5", (3, 4, 5)), (13, "0.25", (2, 3, 4)), (50, "0.1", (4, 5, 6)),
    (10, "0.9", (7, 8, 9)),
])  # fmt: skip
def test_quantile_is_the_mean_of_the_three_nearest_ranks(n, share, ranks):
    assert nearest_ranks(n, Decimal(share)) == ranks
    squares = [Decimal(i * i) for i in reversed(range(n))]
    assert quantile(squares, Decimal(share)) == Decimal(sum(i * i for i in ranks)) / 3


def test_the_only_suppressed_group_takes_another_one_with_it():
    values = {f"u{i:02}": 10 for i in range(15)}
    names = sorted(values)
    groups = [
        everyone(names),
        Group("a", 1, "kind", frozenset(names[:7])),
        Group("b", 1, "kind", frozenset(names[7:12])),
        Group("c", 1, "kind", frozenset(names[12:])),
    ]
    cells = plan([Series("energy", "2024", "sum", rows(**values))], groups)
    assert states(cells) == {
        "all": State.RELEASED, "a": State.RELEASED, "b": State.SUPPRESSED, "c": State.SUPPRESSED,
    }  # fmt: skip
    assert {c.key.cohort: c.rule for c in cells} == {"all": "", "a": "", "b": "4", "c": "1"}


def test_a_university_without_a_size_cannot_be_had_by_subtraction():
    """The bands leave out one university: the city minus the bands would be its value."""
    values = {f"u{i:02}": 10 for i in range(11)}
    names = sorted(values)
    groups = [
        everyone(names),
        Group("s", 1, "size", frozenset(names[:5])),
        Group("l", 1, "size", frozenset(names[5:10])),
    ]
    cells = plan([Series("energy", "2024", "sum", rows(**values))], groups)
    assert sorted(c.state for c in cells) == [State.RELEASED, State.RELEASED, State.SUPPRESSED]


def test_a_group_inside_one_of_another_dimension_leaves_at_least_five():
    values = {f"u{i:02}": 10 for i in range(20)}
    names = sorted(values)
    groups = [
        everyone(names),
        Group("a", 1, "kind", frozenset(names[:8])),
        Group("b", 1, "kind", frozenset(names[8:])),
        Group("s", 1, "size", frozenset(names[:10])),
        Group("l", 1, "size", frozenset(names[10:])),
    ]
    cells = plan([Series("energy", "2024", "sum", rows(**values))], groups)
    # s minus a and b minus l would be the same two universities, so one division goes, not half of each
    assert states(cells) == {
        "all": State.RELEASED, "a": State.SUPPRESSED, "b": State.SUPPRESSED, "s": State.RELEASED, "l": State.RELEASED,
    }  # fmt: skip


def test_groups_of_two_dimensions_that_differ_by_one_each_are_not_released_together():
    """a minus s would be one university minus another, and each of the two knows itself."""
    values = {f"u{i:02}": 10 + i for i in range(20)}
    names = sorted(values)
    groups = [
        everyone(names),
        Group("a", 1, "kind", frozenset(names[:10])),
        Group("b", 1, "kind", frozenset(names[10:])),
        Group("s", 1, "size", frozenset([*names[:9], names[10]])),
        Group("l", 1, "size", frozenset([names[9], *names[11:]])),
    ]
    released = {
        c
        for c, s in states(plan([Series("energy", "2024", "sum", rows(**values))], groups)).items()
        if s == State.RELEASED
    }
    assert released in ({"all", "a", "b"}, {"all", "s", "l"})


def test_parts_of_a_total_hide_the_one_that_is_hidden():
    names = [f"u{i}" for i in range(6)]
    gas = rows(**dict.fromkeys(names, 10))
    coal = rows(**{name: (50 if name == "u0" else 0) for name in names})
    oil = rows(**dict.fromkeys(names, 2))
    whole = rows(**{name: 12 + (50 if name == "u0" else 0) for name in names})
    series = [
        Series("total", "2024-01", "sum", whole, everyone_only=True),
        Series("gas", "2024-01", "sum", gas, everyone_only=True),
        Series("coal", "2024-01", "sum", coal, everyone_only=True),
        Series("oil", "2024-01", "sum", oil, everyone_only=True),
    ]
    # total minus gas minus oil would be u0's coal; total minus gas has 52 and five times 2, of which 8 ≥ 5.2 remain
    nesting = Nesting(("total", "2024-01"), tuple((i, "2024-01") for i in ("gas", "coal", "oil")))
    cells = plan(series, [everyone(names)], nestings=[nesting])
    assert {c.key.indicator: c.rule for c in cells} == {"total": "", "gas": "", "coal": "1", "oil": "4"}


def test_cell_is_carried_when_one_to_four_contributors_changed():
    names = [f"u{i}" for i in range(12)]
    first = plan([Series("energy", "2024", "ratio", ratio(dict.fromkeys(names, 10)))], [everyone(names)])
    second_values = dict.fromkeys(names, 10) | {"u3": 11}
    second = plan(
        [Series("energy", "2024", "ratio", ratio(second_values))], [everyone(names)], live=[live_after(first)]
    )
    published = {c.key.statistic: (c.state, c.value) for c in second if c.rule != "3"}
    assert set(published.values()) == {(State.CARRIED, Decimal(10))}
    assert {c.rule for c in second} == {"5", "3"}


@pytest.mark.parametrize("changes", [0, 5])
def test_cell_is_fresh_when_nobody_or_five_changed(changes):
    names = [f"u{i}" for i in range(12)]
    first = plan([Series("energy", "2024", "sum", rows(**dict.fromkeys(names, 10)))], [everyone(names)])
    moved = dict.fromkeys(names, 10) | dict.fromkeys(names[:changes], 20)
    (cell,) = plan(
        [Series("energy", "2024", "sum", rows(**moved))], [everyone(names)], live=[live_after(first)]
    )
    assert (cell.state, cell.value) == (State.RELEASED, Decimal(120 + 10 * changes))


def test_total_and_group_do_not_tell_the_one_who_changed_elsewhere():
    """Five changed in a, one in b. Fresh total minus fresh a against the first release would be b's one."""
    names = [f"u{i:02}" for i in range(16)]
    groups = [
        everyone(names),
        Group("a", 1, "kind", frozenset(names[:8])),
        Group("b", 1, "kind", frozenset(names[8:])),
    ]
    first = plan([Series("energy", "2024", "sum", rows(**dict.fromkeys(names, 10)))], groups)
    moved = dict.fromkeys(names, 10) | dict.fromkeys(names[:5], 12) | {names[9]: 13}
    second = plan([Series("energy", "2024", "sum", rows(**moved))], groups, live=[live_after(first)])
    assert states(second) == {"all": State.RELEASED, "a": State.CARRIED, "b": State.CARRIED}


def test_audit_takes_a_cell_back_and_the_rules_run_again():
    class Suspicious:
        name = "suspicious@1"

        def __call__(self, cells, live):
            return [Finding(Key("energy", "2024", "b", "sum"))]

    names = [f"u{i:02}" for i in range(15)]
    groups = [
        everyone(names),
        *(Group(code, 1, "kind", frozenset(names[i * 5 : i * 5 + 5])) for i, code in enumerate("abc")),
    ]
    cells = plan(
        [Series("energy", "2024", "sum", rows(**dict.fromkeys(names, 10)))], groups, audits=[Suspicious()]
    )
    assert {c.key.cohort: c.rule for c in cells} == {"all": "", "a": "", "b": "suspicious@1", "c": ""}


def ratio(values) -> tuple[Contributor, ...]:
    return tuple(Contributor(u, Decimal(v), Decimal(v) * 100, Decimal(100)) for u, v in values.items())


def test_counting_agrees_with_adding_for_cells_of_one_series():
    whole = vector(*range(1, 20))
    part = {u: whole[u] for u in list(whole)[:7]}
    other = {u: whole[u] for u in list(whole)[5:12]}
    terms = [(1, whole), (-1, part), (1, other)]
    assert count(terms) == combine(terms)


def burnt_per_area(names, without: int) -> list[Series]:
    """What each burnt, and the same per area for all but the last few, whose area is not known."""
    values = {name: 10 + place for place, name in enumerate(names)}
    sized = {name: value for name, value in values.items() if name in names[: len(names) - without]}
    rates = tuple(Contributor(u, Decimal(v) / 5, Decimal(v), Decimal(5)) for u, v in sized.items())
    return [Series("total", "2024", "sum", rows(**values)), Series("rate", "2024", "ratio", rates)]


@pytest.mark.parametrize(
    ("without", "rule"), [(0, ""), (1, "4"), (4, "4"), (5, "")], ids=["all", "one", "four", "five"]
)
def test_a_ratio_does_not_give_away_those_whose_denominator_is_missing(without, rule):
    """Areas are public: total − rate × area would be what the others burnt."""
    names = [f"u{i:02}" for i in range(15)]
    cells = plan(burnt_per_area(names, without), [everyone(names)])
    told = {(c.key.indicator, c.key.statistic): c.rule for c in cells}
    assert (told["total", "sum"], told["rate", "ratio"]) == ("", rule)


def test_two_ratios_of_one_numerator_do_not_give_away_who_is_in_one_only():
    names = [f"u{i:02}" for i in range(12)]
    numerators = {name: Decimal(10 + place) for place, name in enumerate(names)}

    def per(size: int, of) -> tuple[Contributor, ...]:
        return tuple(Contributor(u, numerators[u] / size, numerators[u], Decimal(size)) for u in of)

    series = [
        Series("per_head", "2024", "ratio", per(3, names)),
        Series("per_area", "2024", "ratio", per(7, names[:10])),
        # other numerators: nothing to subtract
        Series("water", "2024", "ratio", ratio(dict.fromkeys(names[:11], 1))),
    ]
    cells = plan(series, [everyone(names)])
    assert {c.key.indicator: c.rule for c in cells if c.key.statistic == "ratio"} == {
        "per_head": "", "per_area": "4", "water": "",
    }  # fmt: skip


def test_a_ratio_does_not_give_away_what_an_earlier_release_leaves_open():
    """The total was released first and is carried; the fresh ratio of all but two would complete it."""
    names = [f"u{i:02}" for i in range(15)]
    total, rate = burnt_per_area(names, without=2)
    first = plan([total], [everyone(names)])
    changed = Series("total", "2024", "sum", (*total.rows[:-1], Contributor(names[-1], Decimal(99))))
    second = plan([changed, rate], [everyone(names)], live=[live_after(first)])
    told = {(c.key.indicator, c.key.statistic): (c.state, c.rule) for c in second}
    assert told["total", "sum"] == (State.CARRIED, "5")
    assert told["rate", "ratio"] == (State.SUPPRESSED, "4")
