"""Score sheets as offices send them, each written from a table of truth: every score is loaded as what it is, or asked;
none is wrong without a word."""

from __future__ import annotations

import inspect

import pytest

from surveys import instruments
from surveys.intake import Context, run
from tests.english.sentences import left_in_english, words_in
from tests.surveys.intake.scoresheets import latecomers, many, shapes
from tests.surveys.intake.scoresheets.form import YEAR, Book, Clerk
from tests.surveys.intake.workbooks.habits import with_habits, with_harm
from tests.surveys.intake.workbooks.score import score

OFFICES = {
    name: make
    for module in (shapes, many, latecomers)
    for name, make in inspect.getmembers(module, inspect.isfunction)
    if make.__module__ == module.__name__ and not name.startswith("_")
}
EACH = pytest.mark.parametrize("name", OFFICES)


def _read(book: Book, folder):
    return run(book.save(folder), Context(instruments.get(book.instrument), ("示例大学",), {}, YEAR))


def _problems(book: Book, result) -> dict[str, object]:
    """What is not as the truth has it; {} is as it should be."""
    found = score(book, result)
    told = {(i.kind, i.severity, i.sheet, i.cell) for i in result.issues}
    # a name that may be an item's is asked once
    errors = {t for t in told if t[1] == "error" and (book.least == 1 or t[0] != "mapping_unclear")}
    cells = result.meta.get("cells", {"all": 0, "loaded": 0, "reported": 0, "ignored": 0})
    problems = {
        "wrong": found.wrong[:3],
        "asked": [a for a in found.asked[:3] if found.share < book.least],
        "not told": sorted(book.told() - told)[:3],
        "errors": sorted(map(str, errors - book.told()))[:3],
        "veto": {} if result.to_json()["veto"] == book.veto else result.to_json()["veto"] or {"": "no veto"},
        "cells": [] if cells["loaded"] + cells["reported"] + cells["ignored"] == cells["all"] else [cells],
    }
    return {what: which for what, which in problems.items() if which}


@EACH
def test_scores_are_right_or_asked_and_never_wrong(name, tmp_path):
    book = OFFICES[name](Clerk())
    result = _read(book, tmp_path)
    assert _problems(book, result) == {}
    # the words of a page cannot be looked up
    assert book.kind == "html" or left_in_english(result, words_in(tmp_path / book.name)) == []


@EACH
def test_other_offices_of_the_kind(name, tmp_path):
    for seed in range(1, 6):
        book = OFFICES[name](Clerk(seed))
        assert (seed, _problems(book, _read(book, tmp_path))) == (seed, {})


@EACH
def test_offices_with_habits_of_their_own(name, tmp_path):
    for seed in range(2):
        book = OFFICES[name](Clerk(seed))
        workbook, habits = with_habits(book, seed)
        context = Context(instruments.get(book.instrument), ("示例大学",), {}, YEAR)
        found = score(workbook, run(workbook.save(tmp_path), context))
        assert (habits, found.wrong) == (habits, [])
        assert found.share >= book.least, (habits, found.asked)


@EACH
def test_what_cannot_be_known_any_more_is_not_guessed(name, tmp_path):
    for seed in range(3):
        book = OFFICES[name](Clerk(seed))
        workbook, harm = with_harm(book, seed)
        result = run(
            workbook.save(tmp_path), Context(instruments.get(book.instrument), ("示例大学",), {}, YEAR)
        )
        # a file that names nobody any more says so as a whole
        nobody = result.verdict == "reject_file" or any(i.kind == "facility_missing" for i in result.issues)
        assert (seed, harm, [] if nobody else score(workbook, result).wrong) == (seed, harm, [])
