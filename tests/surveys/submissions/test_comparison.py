"""Like stands beside like: same months, the whole before its parts, reasons beside their findings."""

from decimal import Decimal

import pytest

from surveys import instruments
from surveys.catalog.names import period_names
from surveys.submissions.comparison import Note, lines, months, notes_of, ratio, together

ENERGY = instruments.get("energy")


def row(period: str, value, facility: str = "", item: str = "electricity", flag: str = "") -> dict:
    number = None if value is None else Decimal(value)
    return {
        "facility": facility, "item": item, "measure": "quantity", "period": period, "value": number, "flag": flag,
    }  # fmt: skip


def test_earlier_sum_covers_the_months_that_are_reported_now():
    now = [row("2024-01", 10), row("2024-02", 20)]
    before = [row("2023-01", 8), row("2023-02", 16), row("2023-03", 100)]
    (line,) = lines(now, before, ENERGY)
    assert (line.now, line.before, line.months, line.change) == (30, 24, 2, Decimal("0.25"))


def test_blank_is_not_zero_on_either_side():
    (line,) = lines([row("2024-01", None, flag="missing")], [row("2023-01", 8)], ENERGY)
    assert (line.now, line.before, line.change, line.flags) == (None, 8, None, {"missing": 1})
    (line,) = lines([row("2024-01", 0)], [row("2023-01", 0)], ENERGY)
    assert (line.now, line.before, line.change) == (0, 0, None)


def test_whole_counts_and_its_buildings_do_not():
    now = [row("2024-01", 10), row("2024-01", 4, "b1"), row("2024-02", 5, "b1"), row("2024-02", 6, "b2")]
    (line,) = lines(now, [], ENERGY)
    assert (line.now, line.before) == (21, None)


def test_figures_come_in_the_order_of_the_definition_and_dropped_ones_stay_visible():
    found = lines([row("2024-01", 1, item="water")], [row("2023-01", 2)], ENERGY)
    assert [(line.item, line.now, line.before) for line in found] == [
        ("electricity", None, 2),
        ("water", 1, None),
    ]


def test_reason_stands_beside_its_finding_and_a_reason_without_one_is_kept():
    place = {"facility": "", "item": "electricity", "measure": "quantity", "period": "2024-07"}
    issues = [
        {"rule": "V02", "severity": "warning", "message": "高 31%", **place},
        {"rule": "", "kind": "odd", "severity": "warning", "message": "不像", **place},
    ]
    reasons = [
        {"rule": "V02", "text": "智算中心", "actor_name": "孟行舟", **place},
        {"rule": "blank", "text": "无集中供冷", "actor_name": "孟行舟", **place, "item": "cooling"},
    ]
    found = [(n.rule, n.severity, n.message, n.explanation) for n in notes_of(issues, reasons)]
    assert found == [
        ("V02", "warning", "高 31%", "智算中心"),
        ("odd", "warning", "不像", ""),
        ("blank", "info", "", "无集中供冷"),
    ]


@pytest.mark.parametrize(("explained", "weight"), [("智算中心", "warn"), ("", "bad")])
def test_line_is_loud_while_a_warning_has_no_reason(explained, weight):
    place = {"facility": "", "item": "electricity", "measure": "quantity", "period": "2024-01"}
    reasons = [{"rule": "V02", "text": explained, "actor_name": "", **place}] if explained else []
    notes = notes_of([{"rule": "V02", "severity": "warning", "message": "高", **place}], reasons)
    (line,) = lines([row("2024-01", 1)], [], ENERGY, notes)
    assert (line.weight, len(line.notes)) == (weight, 1)


def test_months_of_a_building_stand_beside_the_same_building_a_year_earlier():
    now = [row("2024-01", 4, "b1"), row("2024-01", 6, "b2")]
    before = [row("2023-01", 2, "b1"), row("2023-01", 9, "b3")]
    found = [
        (m.facility, m.period, m.now, m.before, m.change)
        for m in months(now, before, "electricity", "quantity")
    ]
    assert found == [("b1", "2024-01", 4, 2, 1), ("b2", "2024-01", 6, None, None)]


@pytest.mark.parametrize(
    ("now", "before"), [(None, Decimal(1)), (Decimal(1), None), (Decimal(1), Decimal(0))]
)
def test_change_of_what_cannot_be_compared_is_nothing(now, before):
    assert ratio(now, before) is None


def reason(period: str, text: str = "无集中供冷") -> Note:
    return Note("blank", "info", "", text, "林知行", period, "", "cooling", "quantity")


def test_one_reason_for_many_months_is_told_once_with_its_months():
    notes = [reason("2024-01"), reason("2024-03", "停用检修"), reason("2024-02")]
    found = [(note.explanation, periods) for note, periods in together(notes)]
    assert found == [("无集中供冷", ("2024-01", "2024-02")), ("停用检修", ("2024-03",))]


def test_nothing_is_lost_by_telling_together():
    notes = [reason(f"2024-{month:02d}", text) for month in range(1, 13) for text in ("甲", "乙")]
    assert sum(len(periods) for _note, periods in together(notes)) == len(notes)


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (["2024-01", "2024-02", "2024-03", "2024-10"], "1月至3月、10月"),
        (["2024-01", "2024-02"], "1月、2月"),
        (["2024-12", "2025-01"], "12月、1月"),
        (["2024-Q1", "2024-Q2"], "1 季度、2 季度"),
        (["2024"], "全年"),
    ],
)
def test_months_that_follow_each_other_are_said_as_a_span(periods, said):
    assert period_names(periods) == said
