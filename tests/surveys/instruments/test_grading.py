"""From points to a grade: promises that hold for any scores, and worked examples."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import instruments
from surveys.definition import Evaluation
from surveys.instruments.grading import Grading, grading, shown, standing

EVALUATIONS = {
    code: found.evaluation for code in instruments.codes() if (found := instruments.get(code)).evaluation
}
DORMITORY = EVALUATIONS["dormitory"]


def full(evaluation: Evaluation) -> dict[str, Decimal | None]:
    return {item.key: item.points for group in evaluation.groups for item in group.items}


def rank(evaluation: Evaluation, found: Grading) -> int:
    """0 is the best grade."""
    return evaluation.grades.index(found.grade)


@st.composite
def judged(draw, complete: bool = False):
    """An evaluation and scores of its items: points by tenths, not applicable, or none yet."""
    evaluation = EVALUATIONS[draw(st.sampled_from(sorted(EVALUATIONS)))]
    random = Random(draw(st.integers(0, 2**32)))
    usual, left_out, absent = draw(st.floats(0, 1)), draw(st.floats(0, 0.6)), draw(st.floats(0, 0.3))
    scores: dict[str, Decimal | None] = {}
    for key, points in full(evaluation).items():
        if random.random() < left_out:
            scores[key] = None
        elif complete or random.random() >= absent:
            tenths = int(points * 10)
            scores[key] = Decimal(min(tenths, round(random.triangular(0, tenths, usual * tenths)))) / 10
    return evaluation, scores


@st.composite
def vetoed(draw):
    evaluation, scores = draw(judged())
    keys = [veto.key for veto in evaluation.vetoes]
    return evaluation, scores, draw(st.sets(st.sampled_from(keys), min_size=1)) if keys else set()


@given(judged())
def test_points_never_leave_their_bounds(case):
    evaluation, scores = case
    found = grading(evaluation, scores)
    assert 0 <= found.total <= evaluation.total
    for each in found.groups:
        assert each.score is None or 0 <= each.score <= each.group.points


@given(judged())
def test_scaling_never_raises_a_group_above_its_points_nor_loses_its_ratio(case):
    evaluation, scores = case
    for each in grading(evaluation, scores).groups:
        if each.score is not None:
            assert each.score / Fraction(each.group.points) == each.part.given / each.part.out_of


@given(vetoed())
def test_a_veto_always_decides(case):
    evaluation, scores, vetoes = case
    found = grading(evaluation, scores, vetoes)
    if vetoes:
        assert (found.grade, found.grade.award) == (evaluation.grades[-1], False)
        assert found.total == grading(evaluation, scores).total


@settings(max_examples=300)
@given(judged(), st.data())
def test_adding_points_never_lowers_a_grade_nor_the_total(case, data):
    evaluation, scores = case
    before = grading(evaluation, scores)
    raisable = [
        k for k, points in full(evaluation).items() if k not in scores or scores[k] not in (None, points)
    ]
    if not raisable:
        return
    key = data.draw(st.sampled_from(raisable))
    room = int((evaluation.item(key).points - (scores.get(key) or 0)) * 10)
    more = (scores.get(key) or Decimal(0)) + Decimal(data.draw(st.integers(0, room))) / 10
    after = grading(evaluation, scores | {key: more})
    assert after.total >= before.total
    assert rank(evaluation, after) <= rank(evaluation, before)


@given(judged(), st.randoms())
def test_the_order_of_items_does_not_matter(case, random):
    evaluation, scores = case
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    assert grading(evaluation, dict(shuffled)) == grading(evaluation, scores)


@given(judged(complete=True))
def test_a_university_that_fails_its_own_part_gets_no_facility_awarded(case):
    evaluation, scores = case
    school = standing(evaluation, scores)
    found = grading(evaluation, scores, school=school)
    if not school.passes:
        assert found.grade.award is False
    else:
        assert found.grade == grading(evaluation, scores).grade


@given(judged())
def test_what_is_shown_never_reaches_a_line_that_the_points_do_not(case):
    evaluation, scores = case
    found = grading(evaluation, scores)
    for grade in evaluation.grades:
        assert (Decimal(shown(found.total)) >= grade.least) == (found.total >= grade.least)


@pytest.mark.parametrize("code", sorted(EVALUATIONS))
def test_everything_full_is_the_best_grade_with_the_whole_total(code):
    found = grading(EVALUATIONS[code], full(EVALUATIONS[code]))
    assert (found.total, found.grade, found.unscored) == (100, EVALUATIONS[code].grades[0], ())


def test_what_does_not_apply_is_scaled_within_its_group():
    scores = full(DORMITORY) | {"D2.9": None, "D2.1": Decimal("1.3")}
    found = grading(DORMITORY, scores)
    # 15.3 of the 17 points that apply, times 18
    assert found.groups[1].score == Fraction("16.2")
    assert (found.total, shown(found.total)) == (Fraction("98.2"), "98.2")
    assert found.reasons[1] == "居住条件与基础设施 15.3/17 分；1 项不适用，按 18 分折算为 16.2 分。"


def test_a_group_of_which_nothing_applies_leaves_the_total():
    scores = full(DORMITORY) | {item.key: None for item in DORMITORY.groups[6].items} | {"D1.1": Decimal(0)}
    found = grading(DORMITORY, scores)
    # 91 of the 93 points of the other groups
    assert found.total == Fraction(91) * 100 / 93
    assert shown(found.total) == "97.84"
    assert found.reasons[6] == "队伍建设全组不适用，不计入总分。"


def test_one_weak_group_keeps_from_the_grade_its_total_would_reach():
    scores = full(DORMITORY) | {key: Decimal(0) for key in ("D7.1",)}
    found = grading(DORMITORY, scores)
    assert (found.total, found.grade.key) == (98, "standard")
    assert found.reasons[-1] == "没有评为“示范公寓（高级版）”：队伍建设得到 71.42%，每组要 85%。"


def test_why_a_total_of_87_5_is_no_model():
    scores = full(DORMITORY) | {"D3.2": Decimal("1.5"), "D4.1": Decimal(2), "D5.2": Decimal(0), "D2.1": Decimal(0),
                                "D1.5": Decimal(0), "D6.6": Decimal(0)}  # fmt: skip
    scores["D8.5"] = Decimal(1)
    found = grading(DORMITORY, scores)
    assert shown(found.total) == "87.5"
    assert [str(reason) for reason in found.reasons] == [
        "组织领导与制度 9/10 分。",
        "居住条件与基础设施 15/18 分。",
        "安全管理 19.5/22 分。",
        "卫生与环境 10/12 分。",
        "维修与物业服务 9/12 分。",
        "育人与公寓文化 9/10 分。",
        "队伍建设 7/7 分。",
        "信息化、节能与监督 9/9 分。",
        "总分 87.5/100。",
        "没有评为“示范公寓（高级版）”：总分 87.5，要 92。",
        "没有评为“示范公寓（高级版）”：居住条件与基础设施得到 83.33%，每组要 85%。",
        "没有评为“示范公寓（高级版）”：卫生与环境得到 83.33%，每组要 85%。",
        "没有评为“示范公寓（高级版）”：维修与物业服务得到 75%，每组要 85%。",
    ]


def test_a_veto_names_itself():
    found = grading(DORMITORY, full(DORMITORY), {"V3"})
    assert (found.grade.key, found.total) == ("rectify", 100)
    assert found.reasons[9] == "否决项“消防与疏散”成立，不授牌。"


def test_the_university_s_part_decides_for_its_facilities():
    school = {item.key: Decimal(0) for item in DORMITORY.items_of(facility=False)}
    scores = full(DORMITORY) | school
    found = grading(DORMITORY, scores, school=standing(DORMITORY, scores))
    assert (found.school.passes, found.grade.award) == (False, False)
    assert found.reasons[9] == "学校层面 0/36 分，不到 70%，各单元都不授牌。"


def test_seventy_of_a_hundred_of_the_university_s_points_pass_and_a_hair_less_does_not():
    scores = full(DORMITORY)
    # 36 points of its own; 25.2 are seventy of a hundred
    taken = dict(zip([item.key for item in DORMITORY.items_of(facility=False)], [Decimal(2), Decimal(2), Decimal(3),
                 Decimal(2), Decimal(1), Decimal("0.8")], strict=False))  # fmt: skip
    at_the_line = {key: points - taken.get(key, 0) for key, points in scores.items()}
    school = standing(DORMITORY, at_the_line)
    assert (school.part.given, school.passes) == (Fraction("25.2"), True)
    one = next(key for key in taken if at_the_line[key] > 0)
    assert standing(DORMITORY, at_the_line | {one: at_the_line[one] - Decimal("0.1")}).passes is False


def test_an_item_without_a_score_counts_as_nothing_and_is_named():
    scores = full(DORMITORY)
    del scores["D4.2"]
    found = grading(DORMITORY, scores)
    assert (found.total, found.unscored) == (97, ("D4.2",))


@pytest.mark.parametrize("scores", [{"D9.9": Decimal(1)}, {"D1.1": Decimal("2.1")}, {"D1.1": Decimal("-0.1")},
                                    {"D1.1": Decimal("NaN")}])  # fmt: skip
def test_points_that_cannot_be_are_refused(scores):
    with pytest.raises(ValueError, match=r"D\d\.\d"):
        grading(DORMITORY, scores)


def test_a_veto_that_is_not_in_the_definition_is_refused():
    with pytest.raises(ValueError, match="V9"):
        grading(DORMITORY, {}, {"V9"})
