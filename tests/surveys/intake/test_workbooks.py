"""Workbooks of shapes no sample shows, each written from a table of truth: at least 99 of 100 cells are right, and
none is wrong without a word."""

from __future__ import annotations

import inspect

import pytest

from surveys.intake import run
from tests.english.sentences import left_in_english, words_in
from tests.surveys.intake.workbooks import (
    across,
    afterwards,
    callers,
    down,
    exports,
    latecomers,
    layered,
    ledgers,
    parcels,
    series,
    strangers,
    years,
)
from tests.surveys.intake.workbooks.habits import with_habits, with_harm
from tests.surveys.intake.workbooks.paper import Office
from tests.surveys.intake.workbooks.score import Score, score

OFFICES = {
    name: make
    for module in (
        across,
        down,
        layered,
        years,
        exports,
        series,
        ledgers,
        strangers,
        latecomers,
        parcels,
        callers,
        afterwards,
    )
    for name, make in inspect.getmembers(module, inspect.isfunction)
    if make.__module__ == module.__name__ and not name.startswith("_") and name != "text_pasted_in_one_column"
}
# what a person could not tell either: parts of a house without their sum, a season for a year
ASKED = parcels.ASKED | callers.ASKED | afterwards.ASKED
EACH = pytest.mark.parametrize("name", OFFICES)


@EACH
def test_cells_are_right_or_asked_and_never_wrong(name, tmp_path, context):
    workbook = OFFICES[name](Office())
    path = workbook.save(tmp_path)
    result = run(path, context())
    found = score(workbook, result)
    assert found.wrong == []
    assert _as_good_as_can_be(name, found), found.asked
    # the words of a page cannot be looked up
    assert workbook.kind == "html" or left_in_english(result, words_in(path)) == []


@EACH
def test_other_offices_of_the_kind(name, tmp_path, context):
    for seed in range(1, 5):
        workbook = OFFICES[name](Office(seed))
        found = score(workbook, run(workbook.save(tmp_path), context()))
        assert (seed, found.wrong) == (seed, [])
        assert _as_good_as_can_be(name, found), (seed, found.asked)


@EACH
def test_offices_with_habits_of_their_own(name, tmp_path, context):
    for seed in range(3):
        workbook, habits = with_habits(OFFICES[name](Office(seed)), seed)
        found = score(workbook, run(workbook.save(tmp_path), context()))
        assert (habits, found.wrong) == (habits, [])
        assert _as_good_as_can_be(name, found), (habits, found.asked)


@EACH
def test_what_cannot_be_known_any_more_is_not_guessed(name, tmp_path, context):
    for seed in range(3):
        workbook, harm = with_harm(OFFICES[name](Office(seed)), seed)
        result = run(workbook.save(tmp_path), context())
        wrong = score(workbook, result).wrong if result.verdict != "reject_file" else []
        assert (seed, harm, wrong) == (seed, harm, [])


def _as_good_as_can_be(name: str, found: Score) -> bool:
    return bool(found.asked) if name in ASKED else found.share >= 0.99


def test_text_in_one_column_is_refused_with_the_way_to_divide_it(tmp_path, context):
    for seed in range(4):
        result = run(callers.text_pasted_in_one_column(Office(seed)).save(tmp_path), context())
        assert result.verdict == "reject_file"
        assert "分列" in result.issues[0].message + result.issues[0].suggestion
