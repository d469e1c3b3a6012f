"""Definitions: parsed, validated, hashed; adding an instrument is data."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import yaml

from surveys import instruments
from surveys.definition import DefinitionError, Evaluation, canonical_json, hash_of, load, parse, texts_of

ENERGY = instruments.get("energy")
CHINESE = re.compile(r"[\u3400-\u9fff]")
TEXTUAL = ("items", "measures", "denominators", "boundaries", "facility_types", "factor_sets", "indicators", "checks",
           "reference_values", "standards")  # fmt: skip


def _changed(path: str, value) -> dict:
    body = copy.deepcopy(json.loads(ENERGY.canonical_json()))
    *way, last = path.split(".")
    part = body
    for step in way:
        part = part[int(step)] if step.isdigit() else part[step]
    part[int(last) if last.isdigit() else last] = value
    return body


def test_energy_has_its_sixteen_items_and_thirteen_checks():
    assert len(ENERGY.items) == 16
    assert [c.id for c in ENERGY.checks] == [*(f"V{n:02d}" for n in range(1, 11)), "B02", "B04", "B05", "V11"]


def test_factors_keep_the_text_they_were_written_with():
    assert ENERGY.item("gasoline").accept == {"L": "1", "kg": "1.3793", "t": "1379.3"}
    assert str(ENERGY.factor_set("equivalent_value").kgce["electricity"]) == "0.1229"
    assert str(ENERGY.factor_set("quota").kgce["electricity"]) == "0.3100"


def test_hash_survives_the_way_through_json_and_back():
    again = parse(json.loads(ENERGY.canonical_json()))
    assert (again.definition_hash, again.canonical_json()) == (
        ENERGY.definition_hash,
        ENERGY.canonical_json(),
    )


def test_hash_does_not_depend_on_the_order_of_keys():
    assert hash_of({"b": 1, "a": [2]}) == hash_of({"a": [2], "b": 1})
    assert canonical_json({"名": "电", "a": 1}) == '{"a":1,"名":"电"}'


def test_hash_changes_with_one_synonym():
    assert parse(_changed("items.0.words.0", "电能源")).definition_hash != ENERGY.definition_hash


def test_every_check_and_indicator_has_its_numbered_function():
    checks = instruments.functions("energy", "checks").CHECKS
    indicators = instruments.functions("energy", "indicators").INDICATORS
    assert {c.function for c in ENERGY.checks} - set(checks) == set()
    assert {i.function for i in ENERGY.indicators} - set(indicators) == set()


@pytest.mark.parametrize(("path", "value"), [
    ("kind", "poem"), ("filing_unit", "city"), ("items.0.accept.kWh", "2"), ("items.1.key", "electricity"),
    ("items.0.accept.kWh", 1.5), ("checks.0.tier", "fatal"), ("indicators.1.denominator", "trees"),
    ("indicators.1.function", "eui"), ("items.4.seasonal", "monsoon"), ("factor_sets.0.kgce.coal_gas", "1"),
    ("items.0.accept.foot", "3"),
])  # fmt: skip
def test_a_definition_that_contradicts_itself_is_refused(path, value):
    with pytest.raises(DefinitionError):
        parse(_changed(path, value))


def test_load_takes_a_code_a_file_or_a_folder(tmp_path):
    (tmp_path / "definition.yaml").write_text(
        yaml.safe_dump(ENERGY.body, allow_unicode=True), encoding="utf-8"
    )
    (tmp_path / "一份.json").write_text(ENERGY.canonical_json(), encoding="utf-8")
    hashes = {
        load(x).definition_hash
        for x in ("energy", tmp_path, tmp_path / "definition.yaml", tmp_path / "一份.json")
    }
    assert hashes == {ENERGY.definition_hash}


def test_unknown_instrument_is_a_key_error():
    with pytest.raises(KeyError):
        load("astronomy")
    with pytest.raises(KeyError):
        instruments.get("astronomy")


def test_reading_a_definition_needs_neither_django_nor_pandas():
    code = ("import sys; from surveys import instruments; import surveys.intake, surveys.intake.command; instruments.get('energy');"  # noqa: E501
            "print(sorted({'django','pandas','numpy'} & set(sys.modules)))")  # fmt: skip
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_grid_factors_of_2021_and_2022_are_not_swapped():
    assert {g.year: str(g.national) for g in ENERGY.grid} == {2021: "0.5568", 2022: "0.5366", 2023: "0.5306"}


def _evaluation_texts(found: Evaluation) -> Iterator[str]:
    items = [item for group in found.groups for item in group.items]
    for part in (*found.groups, *items, *found.vetoes, *found.grades):
        yield from texts_of(part).values()
    yield from (*found.notes, *found.process, *found.anchors)


@pytest.mark.parametrize("code", instruments.codes())
def test_every_text_people_read_has_its_english(code):
    found = instruments.get(code)
    parts = [part for name in TEXTUAL for part in getattr(found, name)]
    parts += [calibre for denominator in found.denominators for calibre in denominator.calibres]
    said = {text for part in parts for text in texts_of(part).values()}
    said |= {*found.rules, *filter(None, [found.body.get("plausible_ranges", {}).get("scope")])}
    said |= {found.body["grid_factors"][name] for name in ("local_name", "region_name") if found.grid}
    said |= set(_evaluation_texts(found.evaluation)) if found.evaluation else set()
    benchmarks = instruments.functions(code, "benchmarks")
    said |= {label for _code, label, _items in benchmarks.PARTS} if benchmarks else set()
    assert sorted(text for text in said if not found.english.get(text)) == []
    assert [text for text in found.english.values() if CHINESE.search(text)] == []
    assert found.title["en"]


def test_another_language_changes_the_words_and_nothing_that_counts():
    english = ENERGY.in_language("en-gb")
    assert (english.item("electricity").name, english.check("V01").title) == (
        "Electricity",
        "Unit price out of range",
    )
    assert english.denominators[0].calibres[0].name == "enrolled"
    assert english.item("electricity").words == ENERGY.item("electricity").words
    assert (english.body, english.definition_hash) == (ENERGY.body, ENERGY.definition_hash)
    assert ENERGY.in_language("zh-hans") is ENERGY


def test_an_evaluation_is_read_in_another_language_whole():
    english = instruments.get("dormitory").in_language("en").evaluation
    assert [text for text in _evaluation_texts(english) if CHINESE.search(text)] == []
    assert english.item("D2.1").points == instruments.get("dormitory").evaluation.item("D2.1").points
