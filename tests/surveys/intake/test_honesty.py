"""Nothing is dropped silently, whatever is in the workbook; nothing ends the importer but a clear refusal."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import instruments
from surveys.intake import Context, run
from surveys.intake.context import FacilityRef
from surveys.intake.grid import Grid
from surveys.intake.layout import lay_out
from surveys.intake.read import Sheet
from surveys.intake.words import Vocabulary

CONTEXT = Context(instruments.get("energy"), ("示例大学",), {}, "2024")
WORDS = ["月份", "用电量(kWh)", "电费（元）", "用水量", "水费", "天然气(m3)", "合计", "小计", "备注", "楼宇", "单位", "项目", "1月", "2月", "3月",  # noqa: E501
         "一季度", "2024年4月", "2023-05", "2024.1", "行政楼", "东校区", "电", "水", "元", "度", "万度", "—", "无", "约30", "1,200", "3万", "#REF!",  # noqa: E501
         "填报人：王", "填报单位：示例大学", "上月读数", "本月读数", "倍率", "单价", "热力(GJ)", "汽油", "建筑面积", "O5", "(3)", "  "]  # fmt: skip  # noqa: E501
CELL = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.floats(-10, 1e6, allow_nan=False),
    st.integers(0, 13),
    st.text(max_size=6),
)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=8), min_size=1, max_size=14)


def _write(sheets: list[list[list]]) -> Path:
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
    path = Path(tempfile.mkdtemp()) / "乱.xlsx"
    book.save(path)
    return path


def _check(result) -> None:
    if result.verdict == "reject_file":
        assert [i.severity for i in result.issues] == ["error"]
        return
    cells = result.meta["cells"]
    assert cells["loaded"] + cells["reported"] + cells["ignored"] == cells["all"]
    loaded = result.frame[result.frame["value"].notna()]
    assert not loaded.duplicated(["facility", "item", "measure", "period"]).any()
    assert (loaded["value"] >= 0).all()
    wrong = {(i.sheet, i.cell) for i in result.issues if i.severity == "error" and i.cell}
    asked = {(a.sheet, a.cell) for a in result.ambiguous}
    assert {*zip(loaded["sheet"], loaded["cell"], strict=True)} & (wrong | asked) == set()
    result.to_json()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=2))
def test_any_workbook_is_fully_accounted_for(sheets):
    _check(run(_write(sheets), CONTEXT))


HEAD = st.sampled_from([["月份", "用电量(kWh)", "电费（元）", "备注"], ["楼宇", "月份", "项目", "单位", "数量"], ["项目", "单位", "1月", "2月", "合计"],  # noqa: E501
                        ["楼宇名称", "月份", "上月读数", "本月读数", "倍率"]])  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEAD, ROWS)
def test_any_rows_under_a_known_header_are_fully_accounted_for(head, rows):
    _check(run(_write([[["示例大学2024年"], head, *rows]]), CONTEXT))


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_laying_out_puts_every_row_in_one_class(rows):
    width = max(map(len, rows))
    grid = Grid(Sheet("表", [[*row, *[""] * (width - len(row))] for row in rows]))
    for table in lay_out(grid, Vocabulary(CONTEXT.definition)).tables:
        classes = [
            *table.data_rows,
            *table.total_rows,
            *table.aside_rows,
            *table.footer_rows,
            *table.repeated_rows,
            *table.section_rows,
        ]
        assert len(classes) == len(set(classes))
        filled = {r for r in range(table.header.bottom + 1, table.end) if grid.own(r)}
        assert filled - set(classes) == set()


def test_register_names_become_ids_and_unknown_ones_are_errors(read):
    rows = [["楼宇", "月份", "用电量(kWh)"], ["逸夫馆", "1月", 5], ["主 楼", "1月", 6], ["神秘楼", "1月", 7]]
    register = (FacilityRef("b1", "逸夫馆"), FacilityRef("b2", "主楼", aliases=("行政主楼",)))
    result = read({"表": rows}, facilities=register)
    assert result.frame["facility"].tolist() == ["b1", "b2", "神秘楼"]
    assert result.facilities_unknown == ["神秘楼"]
    assert [(i.kind, i.severity, i.cell) for i in result.issues if i.kind == "facility_unknown"] == [
        ("facility_unknown", "error", "C4")]  # fmt: skip
    assert [o["facility"] for o in result.to_json()["observations"]] == ["逸夫馆", "主楼", "神秘楼"]


def test_remembered_facility_needs_no_second_question(read):
    rows = [["楼宇", "月份", "用电量(kWh)"], ["神秘楼", "1月", 7]]
    mapping = {"headers": {}, "facilities": {"神秘楼": "b1"}}
    result = read({"表": rows}, facilities=(FacilityRef("b1", "逸夫馆"),), mapping=mapping)
    assert result.frame["facility"].tolist() == ["b1"]


def test_meter_readings_become_consumption(read, values):
    rows = [["2024年电表抄见（kWh）"], ["楼宇", "月份", "上月读数", "本月读数", "倍率"],
            ["主楼", "1月", 100, 160, 30], ["主楼", "2月", 160, 200, 30], ["主楼", "3月", 200, 190, 30]]  # fmt: skip
    result = read({"用电": rows})
    assert values(result) == {
        ("主楼", "electricity", "quantity", "2024-01"): 1800,
        ("主楼", "electricity", "quantity", "2024-02"): 1200,
    }
    assert [(i.kind, i.cell) for i in result.issues if i.severity == "error"] == [("negative", "D5")]


def test_forgotten_multiplier_is_noticed(read, values):
    rows = [
        ["月份", "起码", "止码", "倍率", "用电量(kWh)"],
        ["1月", 100, 160, 30, 60],
        ["2月", 160, 200, 30, 1200],
    ]
    result = read({"表": rows})
    assert len(values(result)) == 2
    assert [(i.cell, i.expected) for i in result.issues if i.kind == "meter_mismatch"] == [("E2", "1800")]


def test_ambiguous_month_numbers_are_asked_with_both_readings(read, values):
    result = read({"表": [["月份", "用电量(kWh)"], [2024.1, 5], [2024.5, 7]]})
    assert values(result) == {("", "electricity", "quantity", "2024-05"): 7}
    assert [[r["period"] for r in a.readings] for a in result.ambiguous] == [["2024-01", "2024-10"]]


def test_values_in_cells_follow_the_case_book(read, values, kinds):
    cells = [
        "1,234,567.8",
        "１２３４．５",
        "12.3万",
        "约3000",
        "3000kWh",
        "—",
        0,
        "#REF!",
        "(1,200)",
        "1.2E+06",
        "12.345,6",
        "1O5",
    ]
    result = read({"表": [["月份", "用电量(kWh)"], *[[f"{m}月", v] for m, v in enumerate(cells, 1)]]})
    got = {k[3][5:]: v for k, v in values(result).items()}
    assert got == {
        "01": 1234567.8,
        "02": 1234.5,
        "03": 123000,
        "04": 3000,
        "05": 3000,
        "07": 0,
        "10": 1200000,
    }
    assert kinds(result, "error") == [("ambiguous_number", "error", "B12"), ("excel_error", "error", "B9"),
                                      ("negative", "error", "B10"), ("not_a_number", "error", "B13")]  # fmt: skip


def test_placeholder_is_a_missing_row_and_no_observation(read):
    result = read(
        {"表": [["月份", "用电量(kWh)", "热力(GJ)"], ["1月", 5, 3], ["5月", "—", "—"], ["6月", 8, ""]]}
    )
    flags = {(r.item, r.period): r.flag for r in result.frame.itertuples() if r.flag}
    assert flags == {("electricity", "2024-05"): "missing", ("heat", "2024-05"): "not_applicable"}
    assert len(result.to_json()["observations"]) == 3
