"""Whatever is in a score sheet: every cell is loaded, reported or left out with a reason, and nothing raises."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import instruments
from surveys.intake import Context, run
from surveys.intake.context import FacilityRef

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DORMITORY = instruments.get("dormitory")
CONTEXT = Context(DORMITORY, ("示例大学",), {"卫沽财经大学": "wgcj"}, "2025")
ITEMS = {item.key: item for group in DORMITORY.evaluation.groups for item in group.items}
WORDS = ["编码", "指标名称", "评估内容及标准", "分值", "自评得分", "自评分", "扣分", "扣分原因", "佐证材料", "函评分", "现场分", "权重", "等级", "分数",  # noqa: E501
         "一级指标", "序号", "否决项", "是否存在", "是", "否", "小计", "总分", "合计（100分）", "一、组织领导与制度（10分）", "D1 组织领导与制度", "学校层面",  # noqa: E501
         "楼栋", "楼栋：梅园1号楼", "申报楼栋", "梅园1号楼", "竹园5号楼", "学校：示例大学", "2025年", "填表人：王某", "不适用", "不适用（无电梯）",  # noqa: E501
         "—", "/", "待评", "2分", "1．5", "得2分", "满分", "-0.5", "扣0.5", "1.5/2", "优", "约2", "#REF!", "  ", "平均分", "V1", "住宿限制"]  # fmt: skip  # noqa: E501
LABEL = st.one_of(
    st.sampled_from([*ITEMS, *(i.name for i in ITEMS.values()), *(i.criterion for i in ITEMS.values())]),
    st.sampled_from([f"{k.replace('.', '-')} {i.name}" for k, i in ITEMS.items()]),
    st.sampled_from([f"（{n}）" for n in range(1, 12)] + [f"{n}、制度" for n in range(1, 12)]),
)
CELL = st.one_of(
    st.none(), st.sampled_from(WORDS), LABEL, st.floats(-3, 12, allow_nan=False).map(lambda v: round(v, 1)),
    st.integers(-2, 20), st.booleans(), st.datetimes(), st.text(max_size=6),
)  # fmt: skip
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=9), min_size=1, max_size=16)
HEAD = st.sampled_from([
    ["编码", "指标名称", "分值", "自评得分", "佐证材料"], ["序号", "评估项目", "满分", "扣分", "扣分原因"],
    ["编码", "指标名称", "分值", "梅园1号楼", "竹园5号楼"], ["楼栋", "编码", "指标名称", "自评分", "备注"],
    ["编码", "分值", "自评分", "编码", "分值", "自评分"], ["否决项", "内容", "是否存在", "备注"],
    ["楼号", "D1.5", "D2.1", "D2.2", "D2.3", "合计"], ["一级指标", "二级指标", "分数", "自评得分", "扣分", "函评分"],
])  # fmt: skip
ROW = st.tuples(LABEL, LABEL, CELL, CELL, CELL, CELL).map(list)
MERGES = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(0, 3), st.integers(0, 3)), max_size=4
)


def _write(sheets: list[list[list]], merges: list[tuple[int, int, int, int]] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"表{number}")
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if isinstance(value, str):
                    value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)
                    sheet.cell(r, c).value = value
                    sheet.cell(r, c).data_type = "s"
                else:
                    sheet.cell(r, c).value = value
        taken: set[tuple[int, int]] = set()
        for top, left, down, right in merges:
            area = {(r, c) for r in range(top, top + down + 1) for c in range(left, left + right + 1)}
            if len(area) > 1 and not area & taken:
                taken |= area
                sheet.merge_cells(
                    start_row=top, start_column=left, end_row=top + down, end_column=left + right
                )
    path = Path(tempfile.mkdtemp()) / "乱.xlsx"
    book.save(path)
    return path


def _check(result) -> None:
    if result.verdict == "reject_file":
        assert [i.severity for i in result.issues] == ["error"]
        return
    cells = result.meta["cells"]
    assert cells["loaded"] + cells["reported"] + cells["ignored"] == cells["all"]
    frame = result.frame
    assert not frame.duplicated(["facility", "item", "measure", "period"]).any()
    loaded = frame[frame["value"].notna()]
    points = loaded["item"].map(lambda key: float(ITEMS[key].points))
    assert ((loaded["value"] >= 0) & (loaded["value"] <= points)).all()
    assert set(frame[frame["value"].isna()]["flag"]) <= {"missing", "not_applicable"}
    wrong = {
        (i.sheet, i.cell)
        for i in result.issues
        if i.severity == "error" and i.cell and i.kind != "facility_unknown"
    }
    asked = {(a.sheet, a.cell) for a in result.ambiguous}
    assert {*zip(loaded["sheet"], loaded["cell"], strict=True)} & (wrong | asked) == set()
    assert set(result.to_json()["veto"]) <= {veto.key for veto in DORMITORY.evaluation.vetoes}


FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(st.lists(ROWS, min_size=1, max_size=2), MERGES)
def test_any_sheet_is_fully_accounted_for(sheets, merges):
    _check(run(_write(sheets, merges), CONTEXT))


@FEW
@given(HEAD, st.lists(ROW, min_size=1, max_size=14), MERGES)
def test_any_rows_under_a_known_header_are_fully_accounted_for(head, rows, merges):
    _check(run(_write([[["示例大学2025年自评表"], head, *rows]], merges), CONTEXT))


@FEW
@given(HEAD, st.lists(ROW, min_size=1, max_size=10), HEAD, st.lists(ROW, min_size=1, max_size=10))
def test_tables_of_two_sheets_are_fully_accounted_for(head, rows, other, more):
    register = (FacilityRef("b1", "梅园1号楼"), FacilityRef("b2", "竹园5号楼", aliases=("竹五",)))
    context = Context(DORMITORY, ("示例大学",), {}, "2025", register)
    _check(run(_write([[head, *rows], [["楼栋：竹五"], other, *more]]), context))


@FEW
@given(st.lists(st.tuples(st.integers(1, 74), st.integers(1, 7), CELL), min_size=1, max_size=12))
def test_a_real_form_with_anything_written_into_it_is_fully_accounted_for(changes):
    source = next(SAMPLES.glob("d01*.xlsx"))
    book = openpyxl.load_workbook(source)
    sheet = book.active
    for r, c, value in changes:
        cell = sheet.cell(r, c)
        if type(cell).__name__ == "MergedCell":
            continue
        cell.value = (
            openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        )
        if isinstance(value, str):
            cell.data_type = "s"
    path = Path(tempfile.mkdtemp()) / "自评表.xlsx"
    book.save(path)
    _check(run(path, Context(DORMITORY, ("海津理工大学",), {}, "2025")))
