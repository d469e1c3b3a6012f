"""The calculating parts: answers, completeness, periods."""

import datetime
from decimal import Decimal

import pandas as pd
import pytest

from surveys import instruments
from surveys.filings import answers, completeness
from surveys.filings.frames import pack, unpack
from surveys.filings.models import Upload
from surveys.filings.pages.questions import question_line
from surveys.filings.periods import due_months, year_of
from surveys.intake.result import COLUMNS

ENERGY = instruments.get("energy")
MONTHS = tuple(f"2024-{month:02d}" for month in range(1, 13))


def issue(**fields) -> dict:
    empty = {
        "kind": "unit_suspect",
        "severity": "error",
        "sheet": "表",
        "cell": "B9",
        "message": "",
        "suggestion": "",
        "rule": "V06",
        "facility": "",
        "item": "electricity",
        "measure": "quantity",
        "period": "2024-07",
        "value": "91.59",
        "expected": "",
        "fix": {"action": "multiply", "factor": "10000"},
        "cells": (),
    }
    return empty | fields


def ambiguity(**fields) -> dict:
    empty = {
        "sheet": "表",
        "cell": "B9",
        "facility": "",
        "item": "electricity",
        "measure": "quantity",
        "period": "2024-07",
        "suggested": "915900",
        "readings": ({"value": "915900"}, {"value": "91.59"}),
        "note": "",
    }
    return empty | fields


def row(period: str, value, item: str = "electricity", flag: str = "") -> dict:
    return {
        "facility": "",
        "item": item,
        "measure": "quantity",
        "period": period,
        "value": value,
        "flag": flag,
    }


def test_an_error_and_an_ambiguity_at_one_cell_are_one_question():
    report = {"issues": [issue()], "ambiguous": [ambiguity()]}
    (question,) = answers.questions(report)
    assert (question.place, question.value, question.suggested) == ("表!B9", "91.59", "915900")


def test_warnings_are_no_questions():
    assert answers.questions({"issues": [issue(severity="warning")], "ambiguous": []}) == []


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"action": "multiply", "factor": "10000"}, Decimal("915900")),
        ({"action": "set", "value": "1,234.5"}, Decimal("1234.5")),
        ({"action": "reading", "value": "915900"}, Decimal("915900")),
        ({"action": "keep", "reason": "停用"}, Decimal("91.59")),
        ({"action": "missing"}, None),
    ],
)
def test_each_answer_gives_its_exact_value(answer, value):
    (question,) = answers.questions({"issues": [issue()], "ambiguous": [ambiguity()]})
    assert answers.value_of(question, answers.check(question, answer)) == value


@pytest.mark.parametrize(
    "answer",
    [
        {"action": "set", "value": "-1"},
        {"action": "set", "value": "多"},
        {"action": "reading", "value": "5"},
        {"action": "keep"},
        {"action": "delete"},
        {},
        {"action": "set", "value": "1e20"},
    ],
)
def test_an_answer_that_cannot_be_is_refused(answer):
    (question,) = answers.questions({"issues": [issue()], "ambiguous": [ambiguity()]})
    with pytest.raises(answers.AnswerError):
        answers.check(question, answer)


def test_what_can_be_no_figure_is_not_offered_as_an_answer():
    """A negative value with two readings: the page opens, offers neither, and lets the clerk write another."""
    readings = ({"value": "-915900"}, {"value": "-91.59"}, {"value": "0.9159"})
    report = {
        "issues": [issue(value="-91.59")],
        "ambiguous": [ambiguity(suggested="-915900", readings=readings)],
    }
    (question,) = answers.questions(report)
    line = question_line(question, Upload(answers={}), ENERGY, {})
    assert [(choice.action, choice.value) for choice in line.choices] == [("reading", "0.9159")]
    assert (line.can_keep, line.answerable) == (False, True)
    for answer in ({"action": "keep", "reason": "停用"}, {"action": "multiply", "factor": "10000"}):
        with pytest.raises(answers.AnswerError):
            answers.check(question, answer)
    assert answers.value_of(question, answers.check(question, {"action": "reading", "value": "0.9159"})) > 0


def test_product_that_is_too_large_is_refused():
    (question,) = answers.questions({"issues": [issue(value="9000000000000000")], "ambiguous": []})
    with pytest.raises(answers.AnswerError, match="数太大了"):
        answers.check(question, {"action": "multiply", "factor": "10000"})


def test_zero_can_be_multiplied():
    (question,) = answers.questions({"issues": [issue(value="0")], "ambiguous": []})
    assert answers.value_of(question, {"action": "multiply", "factor": "10000"}) == 0


def test_a_cell_without_a_figure_of_its_own_needs_a_better_file():
    (question,) = answers.questions({"issues": [issue(period="", item="")], "ambiguous": []})
    with pytest.raises(answers.AnswerError, match="重新上传"):
        answers.check(question, {"action": "set", "value": "1"})


def test_an_answered_cell_stands_in_the_frame_once():
    frame = pd.DataFrame(
        [("", "water", "quantity", "2024-01", 5.0, "5", "", "", "表", "C3", "5")], columns=list(COLUMNS)
    )
    report = {"issues": [issue()], "ambiguous": []}
    made = answers.answered(frame, report, {"表!B9": {"action": "multiply", "factor": "10000"}})
    assert made[["item", "period", "exact"]].values.tolist() == [
        ["water", "2024-01", "5"],
        ["electricity", "2024-07", "915900.00"],
    ]


def test_the_frame_survives_its_packing():
    frame = pd.DataFrame(
        [
            ("", "water", "quantity", "2024-01", float("nan"), "", "missing", '引,号"\n行', "表", "C3", "—"),
            ("楼1", "water", "quantity", "2024-02", 0.1, "0.1", "", "", "NA", "null", "0.10"),
        ],
        columns=list(COLUMNS),
    )
    pd.testing.assert_frame_equal(unpack(pack(frame)), frame, check_dtype=False)
    assert pack(frame) == pack(frame)


def test_a_begun_item_needs_every_month_that_is_over():
    (gap,) = completeness.gaps(
        ENERGY, [row("2024-01", Decimal(1)), row("2024-02", None, flag="missing")], MONTHS[:3]
    )
    assert gap.periods == ("2024-02", "2024-03")


def test_zero_is_a_figure():
    assert completeness.gaps(ENERGY, [row("2024-01", Decimal(0))], MONTHS[:1]) == []


def test_a_seasonal_item_is_not_asked_for_in_summer():
    rows = [row("2024-01", Decimal(1), item="heat")]
    (gap,) = completeness.gaps(ENERGY, rows, MONTHS)
    assert gap.periods == ("2024-02", "2024-03", "2024-11", "2024-12")


def test_a_reason_for_all_months_closes_an_item():
    rows = [row("2024-01", None, flag="missing")]
    assert completeness.gaps(ENERGY, rows, MONTHS, reasons=[("", "electricity", "quantity", "")]) == []


def test_months_that_are_not_over_are_not_asked_for():
    assert due_months("2025", datetime.date(2025, 4, 1)) == ("2025-01", "2025-02", "2025-03")
    assert due_months("2024-Q1", datetime.date(2025, 4, 1)) == ("2024-01", "2024-02", "2024-03")


def test_the_year_of_a_period():
    assert (year_of("2024-Q1"), year_of(""), year_of("2024")) == (2024, None, 2024)
