"""What a score sheet says beside plain scores: whose it is, what is wrong in it, what is asked and remembered."""

from __future__ import annotations

import json
import time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from surveys import instruments
from surveys.intake import Context, run
from surveys.intake.annotated import annotate, marks_of
from surveys.intake.command import main
from surveys.intake.context import FacilityRef
from surveys.intake.result import ambiguity_data, issue_data
from surveys.intake.sniff import sniff
from tests.english.sentences import left_in_english, words_in

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
D01, C01 = next(SAMPLES.glob("d01*.xlsx")), next(SAMPLES.glob("c01*.xlsx"))
DORMITORY = instruments.get("dormitory")
HEAD = ["编码", "指标名称", "分值", "自评分"]
TITLE = ["楼栋：梅园1号楼"]
FOUND = ("error", "warning")


@pytest.fixture
def scores(workbook):
    """Write sheets and read them: scores({"表": rows}) → IntakeResult; every sentence must have its English."""

    def make(sheets, merges=None, name="自评表.xlsx", instrument="dormitory", **more):
        sheets = sheets if isinstance(sheets, dict) else {"自评表": sheets}
        path = workbook(sheets, merges, name)
        context = Context(
            instruments.get(instrument),
            ("示例大学",),
            more.pop("known", {}),
            more.pop("period", "2025"),
            **more,
        )
        result = run(path, context)
        assert left_in_english(result, words_in(path)) == []
        return result

    return make


def line(key: str, *values) -> list:
    """A line of the form: code, name, points, and what the office wrote."""
    item = DORMITORY.evaluation.item(key)
    return [key, item.name, float(item.points), *values]


def loaded(result) -> dict[tuple[str, str], str]:
    """(facility, item) → score of what was loaded."""
    rows = result.frame[["facility", "item", "exact"]].to_numpy().tolist()
    return {(facility, item): exact for facility, item, exact in rows if exact}


def told(result, *severities: str) -> list[tuple[str, str | None]]:
    """(kind, cell) of the findings about cells; what the file lacks is left out."""
    return [
        (i.kind, i.cell)
        for i in result.issues
        if i.severity in (severities or FOUND) and (i.cell or i.kind != "missing")
    ]


def readings(result) -> dict[str, list[str]]:
    return {a.cell: [r["value"] for r in a.readings] for a in result.ambiguous}


# whose file


def test_another_university_is_refused_whole(scores):
    result = scores([["学校：卫沽财经大学"], TITLE, HEAD, line("D1.1", 2)], known={"卫沽财经大学": "wgcj"})
    assert [i.kind for i in result.issues] == ["wrong_university"]
    assert result.verdict == "reject_file"


def test_a_university_no_list_has_is_refused_too(scores):
    result = scores([["申报学校", "远山师范大学"], TITLE, HEAD, line("D1.1", 2)])
    assert [(i.kind, i.cell) for i in result.issues] == [("wrong_university", "A1")]


def test_another_year_is_refused_whole(scores):
    result = scores([["2023年学生公寓自评表"], TITLE, HEAD, line("D1.1", 2)])
    assert [i.kind for i in result.issues] == ["wrong_period"]


@pytest.mark.parametrize(
    "title",
    [
        "学生公寓自评表（2023年版）",
        "依据教发〔2001〕12号",
        "自评日期：2026年1月8日",
        "标准化大学生公寓自评表",
        "2024-2025学年自评表",
    ],
)
def test_the_year_of_a_standard_or_a_day_is_not_the_year_of_the_file(scores, title):
    assert loaded(scores([[title], TITLE, HEAD, line("D1.1", 2)])) == {("梅园1号楼", "D1.1"): "2"}


def test_the_form_of_another_evaluation_is_refused_whole():
    result = run(C01, Context(DORMITORY, ("沽上师范大学",), {}, "2025"))
    assert [(i.kind, i.severity, i.message) for i in result.issues] == [
        ("wrong_instrument", "error",
         f"“{C01.name}”没有写入：“食堂自评”表是“标准化食堂评估”的指标，现在填报的是“学生公寓标准化评估”。")
    ]  # fmt: skip


def test_a_sheet_of_another_evaluation_is_left_out_and_told(scores):
    canteen = [["编码", "评估项目", "自评得分"], ["C1.1", "校长(书记)负责制与专题会", 2], ["C5.3", "留样", 4],
               ["C3.8", "明厨亮灶", 1], ["C4.5", "双人验收", 1]]  # fmt: skip
    result = scores({"公寓": [TITLE, HEAD, line("D1.1", 2), line("D1.2", 1)], "食堂": canteen})
    assert loaded(result) == {("梅园1号楼", "D1.1"): "2", ("梅园1号楼", "D1.2"): "1"}
    assert [(i.kind, i.sheet) for i in result.issues if i.kind == "wrong_instrument"] == [
        ("wrong_instrument", "食堂")
    ]


def test_a_table_of_energy_is_no_table_of_scores():
    result = run(next(SAMPLES.glob("e01*.xlsx")), Context(DORMITORY, ("海津理工大学",), {}, "2024"))
    assert [i.kind for i in result.issues] == ["not_a_table"]


def test_a_form_without_a_score_is_refused(scores):
    result = scores([TITLE, HEAD, *(line(i.key) for i in DORMITORY.evaluation.groups[0].items)])
    assert [i.kind for i in result.issues] == ["no_figures"]


# which facility


def test_the_header_cell_is_trusted_more_than_the_sheet_and_the_file(scores):
    result = scores({"竹园5号楼": [TITLE, HEAD, line("D1.5", 1)]}, name="松园12号楼自评表.xlsx")
    assert loaded(result) == {("梅园1号楼", "D1.5"): "1"}


def test_the_sheet_is_trusted_more_than_the_file(scores):
    result = scores({"竹园5号楼自评表": [HEAD, line("D1.5", 1)]}, name="松园12号楼自评表.xlsx")
    assert loaded(result) == {("竹园5号楼", "D1.5"): "1"}


def test_the_name_of_the_file_is_the_last_resort(scores):
    result = scores([HEAD, line("D1.5", 1)], name="示例大学_学生公寓自评表（松园12号楼）.xlsx")
    assert loaded(result) == {("松园12号楼", "D1.5"): "1"}


def test_a_register_gives_ids_by_name_and_alias(scores):
    register = (FacilityRef("f1", "梅园1号楼"), FacilityRef("f2", "竹园5号楼", aliases=("竹五",)))
    result = scores(
        [["编码", "指标名称", "分值", "梅园1号楼", "竹五"], line("D1.5", 1, 0.5), line("D1.1", 2)],
        facilities=register,
    )
    assert loaded(result) == {("f1", "D1.5"): "1", ("f2", "D1.5"): "0.5", ("", "D1.1"): "2"}
    assert [o["facility"] for o in result.to_json()["observations"]] == ["梅园1号楼", "竹园5号楼", None]


def test_a_building_no_register_has_is_an_error_of_its_own(scores):
    result = scores(
        [["楼栋：神秘楼"], HEAD, line("D1.5", 1)],
        facilities=(FacilityRef("f1", "梅园1号楼"), FacilityRef("f2", "主楼")),
    )
    assert (result.facilities_unknown, told(result, "error")) == (["神秘楼"], [("facility_unknown", "D3")])


def test_the_only_facility_of_the_filing_is_meant_where_none_is_named(scores):
    assert loaded(scores([HEAD, line("D1.5", 1)], facilities=(FacilityRef("f1", "梅园1号楼"),))) == {
        ("f1", "D1.5"): "1"
    }


def test_a_file_that_names_nobody_says_so(scores):
    result = scores([HEAD, line("D1.5", 1)])
    assert [(i.kind, i.severity) for i in result.issues if i.kind != "missing"] == [
        ("facility_missing", "warning")
    ]


def test_the_schools_own_part_needs_no_building(scores):
    result = scores(
        [HEAD, *(line(i.key, 1) for g in DORMITORY.evaluation.groups for i in g.items if i.at_school)]
    )
    assert (result.verdict, {facility for facility, _ in loaded(result)}) == ("clean", {""})


def test_different_scores_of_one_item_of_the_school_are_an_error(scores):
    rows = [["编码", "指标名称", "分值", "梅园1号楼", "竹园5号楼"], line("D1.1", 2, 1.5), line("D1.5", 1, 1)]
    result = scores(rows)
    assert told(result, "error") == [("duplicate", "D2"), ("duplicate", "E2")]
    assert readings(result) == {"D2": ["2", "1.5"], "E2": ["2", "1.5"]}
    assert loaded(result) == {("梅园1号楼", "D1.5"): "1", ("竹园5号楼", "D1.5"): "1"}


def test_the_same_item_twice_with_two_scores_is_an_error(scores):
    result = scores([TITLE, HEAD, line("D1.1", 2), line("D1.2", 1), line("D1.1", 1)])
    assert told(result, "error") == [("duplicate", "D3"), ("duplicate", "D5")]
    assert loaded(result) == {("梅园1号楼", "D1.2"): "1"}


def test_the_same_item_twice_with_one_score_is_loaded_once(scores):
    result = scores([TITLE, HEAD, line("D1.1", 2), line("D1.2", 1), line("D1.1", "2分")])
    assert loaded(result) == {("梅园1号楼", "D1.1"): "2", ("梅园1号楼", "D1.2"): "1"}
    assert [(i.cells, i.why) for i in result.ignored if "同一个分" in i.why] == [
        ("D5", "与 自评表!D3 是同一个分，只取一处")
    ]


# what a cell says


@pytest.mark.parametrize(
    ("written", "kind", "asked"),
    [
        (2.5, "score_over_max", ["2"]), (-0.5, "deduction_not_score", ["1.5"]),
        ("扣0.5", "deduction_not_score", ["1.5"]),
        ("-3", "deduction_not_score", []), ("优", "not_a_number", None), ("满分", "full_marks", ["2"]),
        ("1-2", "not_a_number", None), ("90%", "not_a_number", None), ("1,5", "ambiguous_number", None),
        (True, "not_a_number", None), ("1.5/3", "score_inconsistent", ["1.5", "1"]),
    ],
)  # fmt: skip
def test_what_is_no_score_is_asked_and_not_loaded(scores, written, kind, asked):
    result = scores([TITLE, HEAD, line("D1.1", written), line("D1.2", 1)])
    assert told(result, "error") == [(kind, "D3")]
    assert readings(result) == ({} if asked is None else {"D3": asked})
    assert loaded(result) == {("梅园1号楼", "D1.2"): "1"}


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("2分", "2"),
        ("1．5", "1.5"),
        ("１.５分", "1.5"),
        (" 2 ", "2"),
        ("得1.8分", "1.8"),
        ("1.5/2", "1.5"),
        (0, "0"),
        ("0", "0"),
        (".5", "0.5"),
    ],
)
def test_a_score_written_as_text_is_a_score(scores, written, exact):
    result = scores([TITLE, HEAD, line("D1.1", written)])
    assert (told(result), loaded(result)) == ([], {("梅园1号楼", "D1.1"): exact})


def test_an_estimate_is_loaded_marked_and_told(scores):
    result = scores([TITLE, HEAD, line("D1.1", "约1.5")])
    assert (loaded(result), told(result)) == ({("梅园1号楼", "D1.1"): "1.5"}, [("estimated", "D3")])
    assert result.frame["flag"].tolist() == ["estimated"]


@pytest.mark.parametrize("written", [None, "—", "/", "待评", "  "])
def test_a_blank_is_missing_and_never_nothing(scores, written):
    result = scores([TITLE, HEAD, line("D1.1", written), line("D1.2", 1)])
    assert told(result) == [("missing", "D3")]
    assert result.frame[["item", "flag"]].to_numpy().tolist() == [["D1.1", "missing"], ["D1.2", ""]]
    assert len(result.to_json()["observations"]) == 1


@pytest.mark.parametrize("written", ["不适用", "不适用（本楼无电梯）", "N/A", "无此项"])
def test_what_does_not_apply_is_neither_missing_nor_nothing(scores, written):
    result = scores([TITLE, HEAD, line("D1.1", written), line("D1.2", 1)])
    assert (told(result), told(result, "info")) == ([], [("not_applicable", "D3")])
    assert result.frame["flag"].tolist() == ["not_applicable", ""]
    assert result.frame["text"].tolist()[0] == ("本楼无电梯" if "（" in written else "")


def test_what_the_office_wrote_beside_a_score_is_kept_with_it(scores):
    head = [*HEAD, "佐证材料", "扣分原因"]
    result = scores([TITLE, head, line("D1.1", 1.5, "会议纪要", "缺一次\n例会"), line("D1.2", 2, "文件")])
    assert result.frame["text"].tolist() == ["会议纪要；缺一次 例会", "文件"]


def test_a_score_without_evidence_is_told_only_where_the_sheet_asks_for_it(scores):
    head = [*HEAD, "佐证材料"]
    result = scores([TITLE, head, line("D1.1", 1.5), line("D1.2", 0), line("D1.3", 2, "汇编")])
    assert told(result) == [("evidence_missing", "E3")]
    assert told(scores([TITLE, HEAD, line("D1.1", 1.5)])) == []


def test_other_points_than_the_rules_are_asked(scores):
    rows = [TITLE, HEAD, ["D1.1", "分管校领导与例会", 4, 3], line("D1.2", 1)]
    result = scores(rows)
    assert (told(result, "error"), readings(result)) == ([("score_inconsistent", "D3")], {"D3": ["1.5"]})
    result = scores([TITLE, HEAD, ["D1.1", "分管校领导与例会", 4, 2], line("D1.2", 1)])
    assert (told(result, "error"), readings(result)) == ([("score_inconsistent", "D3")], {"D3": ["2", "1"]})


def test_score_and_deduction_that_disagree_are_asked(scores):
    head = ["编码", "指标名称", "分值", "扣分", "自评得分"]
    result = scores([TITLE, head, line("D1.1", 0.5, 1.5), line("D1.2", 0.5, 1), line("D1.3", None, 2)])
    assert (told(result, "error"), readings(result)) == ([("score_inconsistent", "E4")], {"E4": ["1", "1.5"]})
    assert loaded(result) == {("梅园1号楼", "D1.1"): "1.5", ("梅园1号楼", "D1.3"): "2"}


def test_a_column_of_deductions_is_taken_off_and_told_once(scores):
    head = ["编码", "指标名称", "分值", "扣分", "扣分原因"]
    result = scores(
        [TITLE, head, line("D1.1", 0.5, "缺一次"), line("D1.2", 0), line("D1.3", -1), line("D1.4", None)]
    )
    assert loaded(result) == {
        ("梅园1号楼", "D1.1"): "1.5",
        ("梅园1号楼", "D1.2"): "2",
        ("梅园1号楼", "D1.3"): "2",
    }
    assert [(i.kind, i.severity, i.cell) for i in result.issues if i.cell] == [
        ("missing", "warning", "D6"), ("deduction_not_score", "info", "D2")]  # fmt: skip


def test_deductions_that_leave_less_than_half_are_asked(scores):
    head = ["编码", "指标名称", "分值", "扣分"]
    result = scores([TITLE, head, line("D1.1", 2), line("D1.2", 1.8), line("D1.3", 3)])
    assert (loaded(result), told(result)) == ({}, [("deduction_not_score", "D2")])
    assert readings(result) == {"D3": ["0", "2"], "D4": ["0.2", "1.8"], "D5": ["0", "3"]}
    assert result.verdict == "errors"


def test_more_taken_off_than_there_is_is_an_error(scores):
    head = ["编码", "指标名称", "分值", "扣分"]
    result = scores([TITLE, head, line("D1.1", 3), line("D1.2", 0), line("D1.3", 0), line("D2.1", 0)])
    assert (told(result, "error"), readings(result)) == ([("score_inconsistent", "D3")], {"D3": ["0"]})


def test_one_cell_for_two_items_says_of_neither_what_it_has(scores):
    rows = [TITLE, HEAD, line("D1.1", 2), line("D1.2", None), line("D1.3", 3)]
    result = scores({"自评表": rows}, {"自评表": ["D3:D4"]})
    assert told(result, "error") == [("score_inconsistent", "D3"), ("score_inconsistent", "D4")]
    assert loaded(result) == {("梅园1号楼", "D1.3"): "3"}


# rows


def test_a_row_nobody_knows_is_told_with_the_nearest_names(scores):
    result = scores(
        [TITLE, HEAD, line("D1.1", 2), ["", "食堂满意率测评", 4, 2], ["", "附加项：创新做法", 5, 5]]
    )
    assert told(result) == [("unmapped_row", "B4"), ("unmapped_row", "B5")]
    near = next(i.message for i in result.issues if i.cell == "B4")
    assert near.endswith("没有写入；名称相近的有 D5.4 回访满意率。")
    assert [(m.header, m.item, m.confidence) for m in result.needs_confirmation] == [
        ("食堂满意率测评", "", 0.0), ("附加项：创新做法", "", 0.0)]  # fmt: skip


def test_a_row_that_may_be_an_item_is_asked_and_remembered(scores):
    rows = [TITLE, HEAD, ["", "门禁", 3, 2], line("D1.1", 2)]
    first = scores(rows)
    assert told(first, "error") == [("mapping_unclear", "D3")]
    assert [(m.header, m.item) for m in first.needs_confirmation] == [("门禁", "D3.1")]
    again = scores(
        rows,
        mapping={
            "headers": {"门禁": {"item": "D3.1", "measure": "score", "unit": "point"}},
            "facilities": {},
        },
    )
    assert (told(again, "error"), loaded(again)[("梅园1号楼", "D3.1")]) == ([], "2")
    assert [m.source for m in again.mapping if m.header == "门禁"] == ["remembered"]


def test_a_row_confirmed_as_not_used_is_left_out_with_its_reason(scores):
    rows = [TITLE, HEAD, line("D1.1", 2), ["", "附加项", 5, 5]]
    result = scores(
        rows, mapping={"headers": {"附加项": {"item": "", "measure": "", "unit": ""}}, "facilities": {}}
    )
    assert told(result) == []
    assert [i.why for i in result.ignored if i.cells == "A4:D4"] == ["对应关系里选了不用"]


def test_code_and_name_of_two_items_are_asked(scores):
    result = scores([TITLE, HEAD, ["D1.1", "消防设施维保", 4, 4], line("D1.2", 2)])
    assert told(result, "error") == [("mapping_unclear", "D3")]
    assert loaded(result) == {("梅园1号楼", "D1.2"): "2"}


def test_a_sum_that_does_not_add_up_is_told(scores):
    result = scores([TITLE, HEAD, line("D1.1", 2), line("D1.2", 2), ["小计", None, 4, 5]])
    assert told(result) == [("subtotal_mismatch", "D5")]
    assert [(i.value, i.expected) for i in result.issues if i.kind == "subtotal_mismatch"] == [("5", "4")]


def test_vetoes_are_answered_unanswered_or_unclear(scores):
    veto = [["否决项", "内容", "是否存在"], ["V1", "住宿限制", "否"], ["V2", "机构与职责", None],
            ["V3", "消防与疏散", "基本符合"], ["V4", "应急机制", "是"]]  # fmt: skip
    result = scores([TITLE, *veto, [], HEAD, line("D1.1", 2)])
    assert result.to_json()["veto"] == {"V1": "否", "V4": "是"}
    assert told(result) == [("veto_missing", "C4"), ("veto_missing", "C5")]
    assert result.frame["item"].tolist() == ["D1.1"]


def test_vetoes_may_be_ticked_in_a_box_or_in_a_column(scores):
    boxes = [["否决项", "内容", "是否存在"], ["V1", "住宿限制", "□是 ☑否"], ["V2", "机构与职责", "☑有  □无"]]
    columns = [["一票否决项", "是", "否"], ["消防与疏散", "", "√"], ["应急机制", "√", ""]]
    result = scores([TITLE, *boxes, [], *columns, [], HEAD, line("D1.1", 2)])
    assert result.to_json()["veto"] == {"V1": "否", "V2": "有", "V3": "否", "V4": "是"}
    assert (told(result), loaded(result)) == ([], {("梅园1号楼", "D1.1"): "2"})


def test_vetoes_of_several_buildings_are_kept_apart(scores):
    def sheet(answer, score):
        return [
            ["否决项", "内容", "是否存在"],
            ["V1", "住宿限制", answer],
            ["V2", "机构与职责", "否"],
            [],
            HEAD,
            line("D1.5", score),
        ]

    result = scores({"梅园1号楼": sheet("否", 1), "竹园5号楼": sheet("是", 0.5)})
    assert result.to_json()["veto"] == {"V2": "否"}
    assert result.meta["veto_by_facility"] == {
        "梅园1号楼": {"V1": "否", "V2": "否"},
        "竹园5号楼": {"V1": "是", "V2": "否"},
    }


def test_a_hidden_copy_is_left_out_and_a_hidden_row_is_told(workbook):
    path = workbook(
        {"自评表": [TITLE, HEAD, line("D1.5", 1), line("D2.1", 2)], "旧表": [HEAD, line("D1.5", 0.5)]}
    )
    book = openpyxl.load_workbook(path)
    book["旧表"].sheet_state = "hidden"
    book["自评表"].row_dimensions[4].hidden = True
    book.save(path)
    result = run(path, Context(DORMITORY, ("示例大学",), {}, "2025"))
    assert loaded(result) == {("梅园1号楼", "D1.5"): "1", ("梅园1号楼", "D2.1"): "2"}
    assert [(i.kind, i.sheet, i.cell) for i in result.issues if i.kind.startswith("hidden")] == [
        ("hidden_sheet", "旧表", None), ("hidden_row", "自评表", "A4")]  # fmt: skip


def test_two_columns_of_scores_that_nothing_tells_apart_are_told_and_not_read(scores):
    head = ["编码", "指标名称", "分值", "上半年得分", "下半年得分"]
    result = scores([TITLE, head, line("D1.1", 2, 1), line("D1.2", 1, 2)])
    assert (loaded(result), told(result)) == ({}, [("unmapped_column", "D2"), ("unmapped_column", "E2")])


def test_of_two_columns_of_scores_the_own_one_is_read(scores):
    result = scores([TITLE, [*HEAD, "得分"], line("D1.1", 2, 1), line("D1.2", 1, 2)])
    assert loaded(result) == {("梅园1号楼", "D1.1"): "2", ("梅园1号楼", "D1.2"): "1"}


@pytest.mark.parametrize("title", ["专家评分表", "现场检查得分表"])
def test_a_table_that_others_scored_is_not_read(scores, title):
    others = [["编码", "指标名称", "分值", "得分"], line("D1.1", 0.5), line("D1.2", 0.5)]
    own = [TITLE, HEAD, line("D1.1", 2), line("D1.2", 1)]
    wanted = {("梅园1号楼", "D1.1"): "2", ("梅园1号楼", "D1.2"): "1"}
    assert loaded(scores({"自评表": own, title: others})) == wanted
    assert loaded(scores([*own, [], [title], *others])) == wanted


def test_a_sheet_of_another_year_is_left_out_and_told(scores):
    result = scores({"2025": [TITLE, HEAD, line("D1.1", 2)], "2024": [TITLE, HEAD, line("D1.1", 1)]})
    assert loaded(result) == {("梅园1号楼", "D1.1"): "2"}
    assert [(i.kind, i.sheet) for i in result.issues if i.kind == "wrong_period"] == [
        ("wrong_period", "2024")
    ]


def test_names_that_only_their_numbers_tell_are_taken_and_told(scores):
    rows = [["编码", "指标名称", "分值", "甲组团", "乙组团"], *(line(f"D2.{n}", 1, 0.5) for n in (1, 2, 3))]
    result = scores(rows)
    assert told(result) == [("facility_assumed", "D1"), ("facility_assumed", "E1")]
    assert {facility for facility, _ in loaded(result)} == {"甲组团", "乙组团"}


def test_items_whose_header_is_gone_are_told(scores):
    rows = [[*line("D1.1"), 2], [*line("D1.2"), 2], [], TITLE, HEAD, line("D1.5", 1)]
    result = scores({"自评表": rows, "二": [line("D2.1", 2), ["", "每室定员人数", 3, 2]]})
    assert loaded(result) == {("梅园1号楼", "D1.5"): "1"}
    assert [(i.sheet, i.cell, len(i.cells)) for i in result.issues if i.kind == "no_table"] == [
        ("自评表", "C1", 4), ("二", "C1", 4)]  # fmt: skip


def test_a_table_that_names_nobody_among_others_that_do_is_not_taken(scores):
    own = [HEAD, line("D1.5", 1), line("D1.1", 2)]
    result = scores({"梅园1号楼": own, "竹园5号楼": own, "附表": own})
    assert {facility for facility, _ in loaded(result)} == {"梅园1号楼", "竹园5号楼", ""}
    assert [(i.kind, i.sheet, i.cell) for i in result.issues if i.severity == "error"] == [
        ("facility_missing", "附表", "D2")
    ]


def test_what_adding_up_left_behind_is_no_score_over_the_maximum(scores):
    result = scores([TITLE, HEAD, line("D2.7", 0.1 + 0.2 + 0.7 + 1e-12), line("D1.1", 1.9999)])
    assert (told(result), loaded(result)) == (
        [],
        {("梅园1号楼", "D2.7"): "1", ("梅园1号楼", "D1.1"): "1.9999"},
    )


def test_a_long_list_costs_no_more_than_its_length(workbook):
    """Thousands of different texts under a header that looks like a form's."""
    rows = [[f"{n}", f"第{n}号寝室卫生检查记录情况{n * 7}", 3, n % 4] for n in range(8000)]
    path = workbook({"表": [["编码", "指标名称", "分值", "自评分"], *rows]})
    begun = time.process_time()
    run(path, Context(DORMITORY, ("示例大学",), {}, "2025"))
    # intake's child has 20 seconds of processor
    assert time.process_time() - begun < 12


# the way back, and the command


def test_the_office_gets_its_own_workbook_back_with_its_marks():
    result = run(D01, Context(DORMITORY, ("海津理工大学",), {}, "2025"))
    report = {
        "issues": [issue_data(i) for i in result.issues],
        "ambiguous": [ambiguity_data(a) for a in result.ambiguous],
    }
    number = "11111111-2222-3333-4444-555555555555"
    book = openpyxl.load_workbook(BytesIO(annotate(sniff(D01.read_bytes()), marks_of(report), number)))
    sheet = book["自评表"]
    assert (
        sheet["F29"].comment.text
        == "错误：“自评表”表 F29 梅园3号楼 D3.2 消防设施维保得 4.5 分，满分是 4 分。\n改成不超过满分的数。"
    )
    assert sheet["F29"].value == 4.5
    assert {cell.coordinate for row in sheet for cell in row if cell.comment} == {
        "F26",
        "F29",
        "F39",
        "F49",
        "F58",
        "G62",
    }


def test_an_annotated_workbook_is_read_as_the_original_was(tmp_path):
    context = Context(DORMITORY, ("海津理工大学",), {}, "2025")
    result = run(D01, context)
    report = {"issues": [issue_data(i) for i in result.issues], "ambiguous": []}
    again = tmp_path / D01.name
    again.write_bytes(
        annotate(sniff(D01.read_bytes()), marks_of(report), "11111111-2222-3333-4444-555555555555")
    )
    found = run(again, context)
    assert (found.to_json()["observations"], found.verdict) == (result.to_json()["observations"], "errors")


def test_the_command_reads_an_evaluation(capsys):
    code = main(
        [str(D01), "--instrument", "dormitory", "--university", "海津理工大学", "--period", "2025", "--json"]
    )
    found = json.loads(capsys.readouterr().out)
    assert (code, found["verdict"], len(found["observations"]), len(found["veto"])) == (1, "errors", 48, 6)
    assert (
        main([str(D01), "--instrument", "dormitory", "--university", "海津理工大学", "--period", "2025"]) == 1
    )
    assert "读入 48 个数" in capsys.readouterr().out
