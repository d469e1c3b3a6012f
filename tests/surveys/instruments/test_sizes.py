"""A size weighted by the months its parts were in use: the one function, and what the check V03 makes of it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import instruments
from surveys.instruments.energy.checks import CHECKS
from surveys.instruments.figures import from_exact
from surveys.instruments.material import Material
from surveys.instruments.sizes import Part, in_use, part_data, parts_of, weighted

MONTHS = tuple(f"2024-{month:02d}" for month in range(1, 13))
NEW = Part("新校区一期", Decimal(60000), "2024-09", "2024-12")


def test_weighted_counts_a_part_by_its_months_of_use():
    assert weighted(Decimal(812460), [NEW], MONTHS) == Decimal("832460")


def test_weighted_counts_what_went_out_of_use_until_it_did():
    old = Part("老校区", Decimal(12000), "2024-01", "2024-03")
    assert weighted(Decimal(800000), [old, NEW], MONTHS) == Decimal("823000")


def test_weighted_is_rounded_once_half_up_to_two_places():
    thirds = [Part(str(n), Decimal(1000), "2024-12", "2024-12") for n in range(3)]
    # 3 × 1000/12 is 250 exactly, not three times 83.33
    assert weighted(Decimal(0), thirds, MONTHS) == Decimal("250.00")
    assert weighted(Decimal(0), [Part("x", Decimal("0.06"), "2024-01", "2024-01")], MONTHS) == Decimal("0.01")


def test_weighted_without_parts_is_what_was_given():
    assert weighted(Decimal("652424.205"), [], MONTHS) == Decimal("652424.205")


def test_weighted_over_a_quarter_counts_the_months_of_the_quarter():
    part = Part("x", Decimal(3000), "2024-03", "2024-03")
    assert weighted(Decimal(0), [part], MONTHS[:3]) == Decimal(1000)


def test_in_use_is_what_stood_in_one_month():
    assert [in_use(Decimal(10), [NEW], month) for month in ("2024-08", "2024-09")] == [10, 60010]


def test_parts_come_back_from_what_is_kept():
    assert parts_of({"parts": [part_data(NEW)]}) == (NEW,)
    assert parts_of({"value": "1"}) == ()


@given(
    st.integers(0, 10**7), st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 12), st.integers(1, 12)))
)
def test_weighted_lies_between_what_stood_throughout_and_all_of_it(whole, drawn):
    parts = [Part("x", Decimal(v), *sorted((f"2024-{a:02d}", f"2024-{b:02d}"))) for v, a, b in drawn]
    found = weighted(Decimal(whole), parts, MONTHS)
    assert whole <= found <= whole + sum(part.value for part in parts)


# V03


def size(period: str, value: str, **ends: str) -> dict:
    return {"key": "floor_area", "facility": "", "period": period, "value": value, **ends}


def asked(*sizes: dict, function: str = "denominator_change@2") -> list[str]:
    definition = instruments.get("energy")
    names = ("facility", "item", "measure", "period", "exact", "text", "flag", "sheet", "cell", "raw")
    frame = from_exact(dict.fromkeys(names, ()))
    material = Material(definition, definition.check("V03"), frame, denominators=sizes, period="2024")
    return [issue.message for issue in CHECKS[function](material)]


def test_v03_a_jump_without_parts_is_asked_as_before():
    jump = (size("2023", "800000"), size("2024", "1000000"))
    assert asked(*jump) == ["建筑面积从 800000 变成 1000000，多 25%。"]
    assert asked(size("2023", "800000"), size("2024", "850000")) == []


def test_v03_a_jump_that_the_parts_explain_is_not_asked():
    opened = size("2024", "900000", opening="800000", closing="1100000")
    assert asked(size("2023", "800000"), opened) == []
    assert asked(size("2023", "800000"), opened, function="denominator_change@1") != []


def test_v03_the_year_after_the_part_counts_whole_and_is_not_asked():
    assert asked(size("2023", "900000", opening="800000", closing="1100000"), size("2024", "1100000")) == []


def test_v03_says_how_much_of_a_jump_the_parts_explain():
    opened = size("2024", "1000000", opening="950000", closing="1100000")
    assert asked(size("2023", "800000"), opened) == [
        "建筑面积从 800000 变成 1000000，多 25%；其中 50000 由按月启用、停用的部分说明，还有 150000 没有说明。"
    ]


@pytest.mark.parametrize("past", [(), (size("2023", "0"),)])
def test_v03_without_a_year_before_is_skipped(past):
    from surveys.instruments.material import Skipped

    with pytest.raises(Skipped):
        asked(*past, size("2024", "1000000"))
