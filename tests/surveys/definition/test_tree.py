"""Two versions of an evaluation beside each other: what differs is what a second person is shown."""

import copy

import pytest

from surveys import instruments
from surveys.definition import Definition, parse
from surveys.definition.checking import to_check
from surveys.definition.tree import CHANGED, GONE, NEW, Change, sheets

CANTEEN = instruments.get("canteen")
GROUPS = {f"group.{group.key}" for group in CANTEEN.evaluation.groups}


def changed(change) -> Definition:
    """The canteen's definition after `change` was made to its evaluation."""
    body = copy.deepcopy(dict(CANTEEN.body))
    change(body["evaluation"])
    return parse(body)


def lines(definition: Definition, key: str) -> dict:
    (sheet,) = (sheet for sheet in sheets(definition, CANTEEN) if sheet.key == key)
    return {line.key: line for line in sheet.lines}


def test_first_version_has_every_sheet_looked_at():
    assert set(to_check(CANTEEN, None)) == {*GROUPS, "vetoes", "grades", "terms"}


def test_evaluation_without_vetoes_has_none_to_look_at():
    shop = instruments.get("campus_shop")
    assert to_check(shop, None) == ("group.S", "grades", "terms")


def test_same_evaluation_needs_no_further_look():
    assert to_check(CANTEEN, CANTEEN) == ()


def test_points_moved_within_a_group_are_two_lines_of_it():
    def move(evaluation):
        first, second = evaluation["groups"][0]["items"][:2]
        first["points"], second["points"] = "3", "1"

    found = changed(move)
    assert to_check(found, CANTEEN) == ("group.C1",)
    assert {
        key: [(c.field, str(c.former), str(c.now)) for c in line.changes]
        for key, line in lines(found, "group.C1").items()
    } == {"C1.1": [("points", "2", "3")], "C1.2": [("points", "2", "1")]}


def test_item_replaced_by_another_is_gone_and_new():
    def replace(evaluation):
        evaluation["groups"][1]["items"][-1] |= {"code": "C2.9", "name": "零租赁"}

    found = lines(changed(replace), "group.C2")
    assert {key: line.kind for key, line in found.items()} == {"C2.9": NEW, "C2.4": GONE}
    assert (found["C2.9"].now.name, found["C2.4"].former.name) == ("零租赁", "零租赁与公益优惠")


@pytest.mark.parametrize(
    ("field", "value"),
    [("criterion", "另一条"), ("deduct", "缺扣2"), ("evidence", "照片"), ("level", "facility"), ("source", "S1")],
)  # fmt: skip
def test_words_and_level_of_an_item_are_differences(field, value):
    def write(evaluation):
        evaluation["groups"][0]["items"][0][field] = value

    (line,) = lines(changed(write), "group.C1").values()
    former = getattr(CANTEEN.evaluation.item("C1.1"), field)
    assert (line.kind, line.changes) == (CHANGED, (Change(field, former, value),))


def test_grade_line_veto_and_terms_are_sheets_of_their_own():
    def write(evaluation):
        evaluation["grades"][0]["min"] = "95"
        del evaluation["veto"][0]
        evaluation["validity_years"] = 2

    found = changed(write)
    assert to_check(found, CANTEEN) == ("vetoes", "grades", "terms")
    assert [(c.field, c.former, c.now) for c in lines(found, "terms")[""].changes] == [
        ("validity_years", 3, 2)
    ]
    assert [line.kind for line in lines(found, "vetoes").values()] == [GONE]


def test_order_of_items_and_english_are_no_differences():
    body = copy.deepcopy(dict(CANTEEN.body))
    body["evaluation"]["groups"][0]["items"].reverse()
    body["english"]["组织领导与制度"] = "Leading and rules"
    assert to_check(parse(body), CANTEEN) == ()


def test_differences_are_said_in_the_language_of_the_reader():
    def write(evaluation):
        evaluation["grades"][0]["name"] = "标准化食堂"
        evaluation["grades"][1]["name"] = "示范食堂"

    (grades,) = (s for s in sheets(changed(write), CANTEEN, "en") if s.key == "grades")
    assert [[(c.former, c.now) for c in line.changes] for line in grades.lines] == [
        [("Model canteen", "Standard canteen")],
        [("Standard canteen", "Model canteen")],
    ]


def test_statistics_have_no_sheets():
    assert sheets(instruments.get("energy")) == ()
