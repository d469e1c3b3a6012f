"""What is sealed is bytes: the same values give the same hash, any other value another."""

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.submissions import payload
from surveys.submissions.payload import PayloadError, canonical, read_rows, sha256

# numeric(24,8), as observations are stored
values = st.none() | st.decimals(min_value=-(10**15), max_value=10**15, places=8)
names = st.text(st.characters(blacklist_categories=["Cs"]), max_size=6)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "facility": names,
            "item": names,
            "measure": st.sampled_from(["quantity", "cost"]),
            "period": st.from_regex(r"20[0-2][0-9]-(0[1-9]|1[0-2])", fullmatch=True),
            "value": values,
            "text": names,
            "flag": st.sampled_from(["", "estimated", "missing", "not_applicable"]),
        }
    ),
    max_size=12,
    unique_by=lambda row: tuple(row[name] for name in payload.KEY),
)


@given(rows, st.randoms())
def test_order_of_rows_does_not_change_the_hash(found: list[dict], chance: random.Random):
    shuffled = found[:]
    chance.shuffle(shuffled)
    assert sha256(canonical(shuffled)) == sha256(canonical(found))


@given(rows.filter(bool), st.data())
def test_any_changed_value_changes_the_hash(found: list[dict], data):
    place = data.draw(st.integers(0, len(found) - 1))
    other = data.draw(values.filter(lambda value: value != found[place]["value"]))
    changed = [*found[:place], found[place] | {"value": other}, *found[place + 1 :]]
    assert sha256(canonical(changed)) != sha256(canonical(found))


@given(rows)
def test_rows_come_back_in_natural_order_with_their_values(found: list[dict]):
    expected = sorted(found, key=lambda row: tuple(row[name] for name in payload.KEY))
    assert read_rows(canonical(found)) == expected


@given(rows)
def test_compressed_bytes_come_back_equal(found: list[dict]):
    data = canonical(found)
    assert payload.decompress(payload.compress(data)) == data


@given(rows)
def test_tuples_give_the_bytes_of_mappings(found: list[dict]):
    tuples = [tuple(row[name] for name in payload.FIELDS) for row in found]
    assert canonical(tuples) == canonical(found)


@given(rows)
def test_each_line_is_what_json_writes(found: list[dict]):
    for line in canonical(found).decode().split("\n")[:-1]:
        assert line == json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@given(rows)
def test_columns_come_back_as_the_rows_do(found: list[dict]):
    data = canonical(found)
    columns = payload.read_columns(data)
    back = read_rows(data)
    for name in (*payload.KEY, "text", "flag"):
        assert list(columns[name]) == [row[name] for row in back]
    assert [Decimal(text) if text else None for text in columns["value"]] == [row["value"] for row in back]


def row(**fields) -> dict:
    return {
        "facility": "",
        "item": "water",
        "measure": "quantity",
        "period": "2024-01",
        "value": None,
    } | fields


def test_bytes_are_those_written_in_the_design():
    data = canonical(
        [row(value=Decimal("1200.50000000")), row(item="electricity", value=0, flag="estimated")]
    )
    assert data.decode() == (
        '{"facility":"","flag":"estimated","item":"electricity","measure":"quantity","period":"2024-01",'
        '"text":"","value":"0"}\n'
        '{"facility":"","flag":"","item":"water","measure":"quantity","period":"2024-01","text":"","value":"1200.5"}\n'
    )
    assert sha256(data) == "198d6a991f1a8a2b048866ac947539d7394fbcd482251f9936b4c01b70c0b4b1"


@pytest.mark.parametrize("same", ["12.5", "12.50000000", Decimal("12.500"), Decimal("1.25E+1")])
def test_number_written_differently_gives_the_same_bytes(same):
    assert canonical([row(value=same)]) == canonical([row(value=Decimal("12.5"))])


def test_null_is_not_zero_and_minus_zero_is_zero():
    assert canonical([row(value=None)]) != canonical([row(value=0)])
    assert canonical([row(value=Decimal("-0.000"))]) == canonical([row(value=0)])


def test_key_that_comes_twice_is_refused():
    with pytest.raises(PayloadError):
        canonical([row(value=1), row(value=2)])


def test_numbers_that_are_not_the_shortest_text_are_written_so():
    given_and_written = {
        "007": "7",
        "-0": "0",
        "1e3": "1000",
        "0.50": "0.5",
        ".5": "0.5",
        " 5 ": "5",
        "-0.5": "-0.5",
    }
    data = canonical([row(period=str(n), value=text) for n, text in enumerate(given_and_written)])
    assert list(payload.read_columns(data)["value"]) == list(given_and_written.values())


@pytest.mark.parametrize("bad", [1.5, True, "abc", Decimal("NaN"), Decimal("Infinity"), ""])
def test_value_that_is_no_exact_number_is_refused(bad):
    with pytest.raises(PayloadError):
        canonical([row(value=bad)])


def test_line_separators_in_text_stay_inside_their_row():
    text = "一\n二\r三\u2028四\u0085五"
    assert [found["text"] for found in read_rows(canonical([row(text=text)]))] == [text]
