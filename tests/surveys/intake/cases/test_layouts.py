"""Layouts of the books people keep (cases L01–L15): each told apart by small recognisers, none by name."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest
import xlwt

from documents.spreadsheet import Sheet, csv_bytes, xlsx_bytes
from tests.surveys.intake.wps import saved_by_wps

HEAD = ["月份", "用电量(kWh)", "电费(元)"]
ROWS = [["1月", 3000, 1800], ["2月", 2500, 1500], ["3月", 3100, 1860]]
QUANTITY = {"2024-01": "3000", "2024-02": "2500", "2024-03": "3100"}
COST = {"2024-01": "1800", "2024-02": "1500", "2024-03": "1860"}
CLEAN = ([], "clean")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _same(found) -> None:
    """The three usual months of the whole university, clean."""
    assert (found.series(), found.series(measure="cost")) == (QUANTITY, COST)
    assert len(found.figures) == 6
    assert found.said == CLEAN


@pytest.mark.parametrize(
    "above",
    [
        [["能源消耗统计表"]],
        [["附件1"], ["能耗统计表"], ["填报说明：按月填写"], ["填报单位：示例大学"], ["2024年"]],
        [["说明：请如实填写各项数据"], *[[f"{n}. 各单位逐项核对"] for n in range(13)]],
    ],
)
def test_l01_header_below_titles_and_instructions(ask, above):
    _same(ask([*above, HEAD, *ROWS]))


def test_l02_two_merged_levels(ask):
    rows = [["月份", "电", None, "水", None], [None, "用量(kWh)", "费用(元)", "用量(m3)", "费用(元)"],
            *[[*row, 100 + i, 600 + 6 * i] for i, row in enumerate(ROWS)]]  # fmt: skip
    found = ask(rows, ["A1:A2", "B1:C1", "D1:E1"])
    assert (found.series(), found.series(measure="cost")) == (QUANTITY, COST)
    assert found.series("water") == {"2024-01": "100", "2024-02": "101", "2024-03": "102"}
    assert found.series("water", "cost") == {"2024-01": "600", "2024-02": "606", "2024-03": "612"}
    assert found.said == CLEAN


def test_l02_three_merged_levels(ask):
    rows = [["月份", "能源资源消耗", None, None, None], [None, "电", None, "水", None],
            [None, "用量(kWh)", "费用(元)", "用量(m3)", "费用(元)"],
            *[[*row, 100 + i, 600 + 6 * i] for i, row in enumerate(ROWS)]]  # fmt: skip
    found = ask(rows, ["A1:A3", "B1:E1", "B2:C2", "D2:E2"])
    assert (found.series(), found.series(measure="cost")) == (QUANTITY, COST)
    assert found.series("water") == {"2024-01": "100", "2024-02": "101", "2024-03": "102"}
    assert found.said == CLEAN


def test_l03_name_merged_over_its_rows_is_filled_inside_the_merge_only(ask):
    rows = [["楼宇", *HEAD], *[["主楼" if i == 0 else None, *row] for i, row in enumerate(ROWS)],
            *[["图书馆" if i == 0 else None, m, q + 500, c + 300] for i, (m, q, c) in enumerate(ROWS)]]  # fmt: skip
    found = ask(rows, ["A2:A4", "A5:A7"])
    assert found.series(facility="主楼") == QUANTITY
    assert found.series(facility="图书馆") == {"2024-01": "3500", "2024-02": "3000", "2024-03": "3600"}
    assert found.said == CLEAN


def test_l04_totals_are_compared_and_never_loaded(ask):
    rows = [["楼宇", "1月用电量(kWh)", "2月用电量(kWh)", "3月用电量(kWh)", "合计"], ["主楼", 3000, 2500, 3100, 8600],
            ["图书馆", 4000, 3500, 4100, 11600], ["小计", 7000, 6000, 7200, 20200],
            ["全校", 7000, 6100, 7200, 20300]]  # fmt: skip
    found = ask(rows)
    assert found.figures == {
        ("主楼", "electricity", "quantity", "2024-01"): "3000",
        ("主楼", "electricity", "quantity", "2024-02"): "2500",
        ("主楼", "electricity", "quantity", "2024-03"): "3100",
        ("图书馆", "electricity", "quantity", "2024-01"): "4000",
        ("图书馆", "electricity", "quantity", "2024-02"): "3500",
        ("图书馆", "electricity", "quantity", "2024-03"): "4100",
    }
    assert found.said == (
        [("subtotal_mismatch", "warning", "C5"), ("unmatched", "warning", "B2")],
        "warnings",
    )
    assert [(i.value, i.expected) for i in found.result.issues if i.cell == "C5"] == [("6100", "6000")]


def test_l05_months_across_and_months_down_are_the_same(ask):
    across = [["项目", *[r[0] for r in ROWS], "合计"], ["用电量(kWh)", *[r[1] for r in ROWS], 8600],
              ["电费(元)", *[r[2] for r in ROWS], 5160]]  # fmt: skip
    _same(ask(across))
    _same(ask([HEAD, *ROWS, ["合计", 8600, 5160]]))


def test_l06_signatures_below_the_table_are_kept_apart(ask):
    rows = [HEAD, *ROWS, ["单位负责人：张三", "统计负责人：李四", "填表人：王五"],
            ["报出日期：2024年4月8日", None, "（公章）"]]  # fmt: skip
    found = ask(rows)
    _same(found)
    assert found.result.meta["signed"] == {
        "单位负责人": "张三", "统计负责人": "李四", "填表人": "王五", "报出日期": "2024年4月8日"}  # fmt: skip


def test_l07_a_sheet_per_campus(ask):
    found = ask({"东校区": [HEAD, *ROWS], "西校区": [HEAD, *[[m, q * 2, c * 2] for m, q, c in ROWS]]})
    assert found.series(facility="东校区") == QUANTITY
    assert found.series(facility="西校区") == {"2024-01": "6000", "2024-02": "5000", "2024-03": "6200"}
    assert set(found.result.frame["sheet"]) == {"东校区", "西校区"}
    assert found.said == CLEAN


def test_l07_a_sheet_per_month(ask):
    sheets = {m: [["楼宇", *HEAD[1:]], ["主楼", q, c], ["图书馆", q + 70, c + 42]] for m, q, c in ROWS}
    found = ask(sheets)
    assert found.series(facility="主楼") == QUANTITY
    assert found.series(facility="图书馆") == {"2024-01": "3070", "2024-02": "2570", "2024-03": "3170"}
    assert found.said == CLEAN


def test_l08_hidden_rows_and_columns_are_read_and_said(tmp_path, ask_file):
    book = openpyxl.Workbook()
    for row in (HEAD, *ROWS):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.active.freeze_panes, book.active.auto_filter.ref = "B2", "A1:C4"
    book.save(tmp_path / "表.xlsx")
    found = ask_file(tmp_path / "表.xlsx")
    assert (found.series(), found.series(measure="cost")) == (QUANTITY, COST)
    assert found.said == ([("hidden_column", "warning", "C1"), ("hidden_row", "warning", "A3")], "warnings")


@pytest.mark.parametrize("name", ["用电量", "耗电量", "电量", "电(度)", "电力消费量"])
def test_l09_names_of_one_column(ask, name):
    found = ask([["月份", name, "电费(元)"], *ROWS])
    assert (found.series(), found.series(measure="cost")) == (QUANTITY, COST)
    said = [] if "度" in name else [("unit_assumed", "info", "B1")]
    assert found.said == (said, "clean")
    assert found.result.needs_confirmation == []


def test_l09_unknown_name_is_asked_once_and_remembered(ask):
    rows = [["月份", "动力耗用(kWh)", "电费(元)"], *ROWS]
    first = ask(rows)
    assert first.series() == {}
    assert first.said == ([("unmapped_column", "warning", "B1"), ("unmatched", "warning", "C2")], "warnings")
    key = first.result.needs_confirmation[0].key
    _same(
        ask(rows, mapping={"headers": {key: {"item": "electricity", "measure": "quantity", "unit": "kWh"}}})
    )


def test_l10_columns_in_another_order_and_further_ones(ask):
    rows = [["备注", "电费(元)", "用电量(kWh)", "月份", "巡检人"],
            *[["", c, q, m, "张三"] for m, q, c in ROWS]]  # fmt: skip
    found = ask(rows)
    _same(found)
    assert [(g.cells, g.count) for g in found.result.ignored] == [("A1:E1", 5), ("D2:D4", 3), ("E2:E4", 3)]


@pytest.mark.parametrize("name", ["表.xls", "表.et"])
def test_l11_old_workbooks(tmp_path, ask_file, name):
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for r, row in enumerate([HEAD, *ROWS]):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    data = io.BytesIO()
    book.save(data)
    (tmp_path / name).write_bytes(data.getvalue())
    _same(ask_file(tmp_path / name, spoken=False))


def test_l11_workbook_as_wps_saves_it_with_photographs_in_its_cells(tmp_path, ask_file):
    rows = [[*HEAD, "抄表照片"], *([*row, None] for row in ROWS)]
    (tmp_path / "表.xlsx").write_bytes(saved_by_wps(rows, "D3"))
    found = ask_file(tmp_path / "表.xlsx")
    _same(found)
    assert [str(left.why) for left in found.result.ignored if left.cells == "D2:D4"] == [
        "D 列 抄表照片：文字说明"
    ]


def test_l11_photograph_in_place_of_a_figure_is_an_error(tmp_path, ask_file):
    rows = [HEAD, *(list(row) for row in ROWS)]
    rows[2][1] = None
    (tmp_path / "表.xlsx").write_bytes(saved_by_wps(rows, "B3"))
    found = ask_file(tmp_path / "表.xlsx")
    assert [issue for issue in found.issues if issue[1] == "error"] == [("not_a_number", "error", "B3")]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig"])
def test_l11_lists_in_every_encoding(tmp_path, ask_file, encoding):
    text = "\r\n".join(",".join(map(str, row)) for row in (HEAD, *ROWS))
    (tmp_path / "表.csv").write_bytes(text.encode(encoding))
    _same(ask_file(tmp_path / "表.csv"))


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_l11_page_that_calls_itself_a_workbook(tmp_path, ask_file, encoding):
    body = "".join("<tr>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>" for row in (HEAD, *ROWS))
    page = f'<html><head><meta charset="{encoding}"></head><body><table>{body}</table></body></html>'
    (tmp_path / "表.xls").write_bytes(page.encode(encoding))
    _same(ask_file(tmp_path / "表.xls", spoken=False))


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + b"\0" * 200, b"\xff\xd8\xff\xe0" + b"\0" * 200, b"%PDF-1.7\n" + b"0" * 200],
)
def test_l12_pictures_and_scans_are_no_data(tmp_path, ask_file, data):
    (tmp_path / "表.xlsx").write_bytes(data)
    found = ask_file(tmp_path / "表.xlsx")
    assert found.figures == {}
    assert found.said == ([("not_a_table", "error", "")], "reject_file")


def test_l13_a_hundred_thousand_blank_rows_end_at_the_last_filled_one(tmp_path, ask_file):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for row in (HEAD, *ROWS):
        sheet.append(row)
    blank = [openpyxl.cell.WriteOnlyCell(sheet, value=None) for _ in range(3)]
    for cell in blank:
        cell.number_format = "0.00"
    for _ in range(100_000):
        sheet.append(blank)
    book.save(tmp_path / "表.xlsx")
    found = ask_file(tmp_path / "表.xlsx", spoken=False)
    _same(found)
    assert found.result.meta["cells"]["all"] == 12


def test_l14_one_figure_twice_is_asked_with_the_sum(ask):
    rows = [["楼宇", "月份", "品种", "单位", "用量"], ["主楼", "1月", "电", "kWh", 3000],
            ["主楼", "1月", "电", "kWh", 500], ["主楼", "2月", "电", "kWh", 2500],
            ["主楼", "3月", "电", "kWh", 3100]]  # fmt: skip
    found = ask(rows)
    assert found.series(facility="主楼") == {"2024-02": "2500", "2024-03": "3100"}
    assert found.asked == {"E2": ["3000", "500", "3500"], "E3": ["3000", "500", "3500"]}
    assert found.issues[:2] == [("duplicate", "error", "E2"), ("duplicate", "error", "E3")]
    assert found.verdict == "errors"


def _package(path, part: str, data: bytes):
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(part, data)
    return path


@pytest.mark.parametrize(
    ("part", "kind"),
    [("xl/vbaProject.bin", "macros"), ("xl/externalLinks/externalLink1.xml", "external_links")],
)
def test_l15_macros_and_links_are_refused_whole(workbook, ask_file, part, kind):
    found = ask_file(_package(workbook({"表": [HEAD, *ROWS]}), part, b"<x/>"))
    assert found.figures == {}
    assert found.said == ([(kind, "error", "")], "reject_file")


def test_l15_passwords_are_refused_whole(tmp_path, ask_file):
    (tmp_path / "新.xlsx").write_bytes(
        OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    records = b"\x09\x08\x10\x00\x00\x06" + b"\0" * 14 + struct.pack("<HH", 0x2F, 6) + b"\0" * 6
    old = OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 100 + records + b"\0" * 600
    (tmp_path / "旧.xls").write_bytes(old)
    for name in ("新.xlsx", "旧.xls"):
        assert ask_file(tmp_path / name).said == ([("encrypted", "error", "")], "reject_file")


def test_l15_formula_in_a_text_leaves_as_text():
    evil = "=cmd|' /C calc'!A0"
    assert csv_bytes(Sheet("t", ["h"], [[evil]])).decode("utf-8-sig").splitlines()[1].lstrip('"')[0] == "'"
    cell = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("t", ["h"], [[evil]])]))).active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", evil, True)
