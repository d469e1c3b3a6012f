"""The clerk's own workbook back: marked where something is wrong, untouched everywhere else."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from surveys.intake import Context, run
from surveys.intake.annotated import Mark, annotate, mark_of, marks_of
from surveys.intake.annotated.listing import TITLE
from surveys.intake.annotated.package import elements
from surveys.intake.read import read
from surveys.intake.result import ambiguity_data, issue_data
from surveys.intake.sniff import sniff
from tests.surveys.intake.wps import saved_by_wps

SAMPLES = sorted(Path("tests/samples").glob("e0*.xls*"))
NUMBER = "11111111-2222-3333-4444-555555555555"
# parts that are changed where they lie; sheets and comments beside them
CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
BAD = Mark("error", "用电", "B3", "B3 不是数。", "改成数字。", "无表", "V01")


def packed(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook() -> openpyxl.Workbook:
    """Two sheets; on the first a red bold figure, a comment of the office, a formula and a format."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "用电"
    for row in (["月份", "用电量"], ["1月", 100], ["2月", "无表"], ["3月", "=B2*2"]):
        sheet.append(row)
    sheet["B2"].font, sheet["B2"].number_format = Font(bold=True, color="FFFF0000"), "#,##0.00"
    sheet["B2"].comment = Comment("抄表员：换过表", "办公室")
    other = book.create_sheet("O'Brien 的 <表> & 他")
    other["A1"], other["A1"].fill = "备注", PatternFill("solid", fgColor="FF00FF00")
    return book


def marked(data: bytes, *marks: Mark) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(annotate(sniff(data), marks, NUMBER)))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_marked_cell_has_colour_and_comment_and_keeps_its_value():
    sheet = marked(packed(workbook()), BAD)["用电"]
    cell = sheet["B3"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("无表", "FFF8D7D3")
    assert cell.comment.text == "错误（V01）：B3 不是数。\n改成数字。"


def test_other_cells_keep_their_formats_formulas_and_comments():
    sheet = marked(packed(workbook()), BAD)["用电"]
    assert (sheet["B2"].font.b, sheet["B2"].number_format, sheet["B4"].value) == (True, "#,##0.00", "=B2*2")
    assert sheet["B2"].comment.text == "抄表员：换过表"


def test_a_marked_cell_keeps_its_own_format_under_the_colour():
    cell = marked(packed(workbook()), Mark("warning", "用电", "B2", "比往年多。"))["用电"]["B2"]
    assert (cell.font.b, cell.font.color.rgb, cell.number_format) == (True, "FFFF0000", "#,##0.00")
    assert cell.fill.fgColor.rgb == "FFFBE6B8"


def test_what_the_office_had_commented_stands_above_what_is_said():
    cell = marked(packed(workbook()), Mark("warning", "用电", "B2", "比往年多。"))["用电"]["B2"]
    assert cell.comment.text == "抄表员：换过表\n\n提醒：比往年多。"


def test_a_cell_that_is_empty_is_marked_too():
    sheet = marked(
        packed(workbook()),
        Mark("error", "用电", "D3", "缺。"), Mark("error", "用电", "A9", "缺。"), Mark("info", "用电", "C1", "留意。"),
    )["用电"]  # fmt: skip
    fills = [sheet[cell].fill.fgColor.rgb for cell in ("D3", "A9", "C1")]
    assert fills == ["FFF8D7D3", "FFF8D7D3", "FFE9EDEE"]
    assert [[cell.value for cell in row[:2]] for row in sheet.iter_rows(max_row=4)] == [
        ["月份", "用电量"], ["1月", 100], ["2月", "无表"], ["3月", "=B2*2"],
    ]  # fmt: skip


def test_the_worst_said_of_a_cell_gives_its_colour_and_all_of_it_its_comment():
    marks = (
        Mark("warning", "用电", "B3", "一。"),
        Mark("error", "用电", "B3", "二。"),
        Mark("info", "用电", "B3", "三。"),
    )
    cell = marked(packed(workbook()), *marks)["用电"]["B3"]
    assert cell.fill.fgColor.rgb == "FFF8D7D3"
    assert cell.comment.text == "提醒：一。\n\n错误：二。\n\n留意：三。"


def test_further_cells_of_a_finding_are_coloured_and_its_comment_stands_once():
    sheet = marked(
        packed(workbook()), Mark("warning", "用电", "B2", "三个月一样。", cells=("B2", "B3", "B4"))
    )["用电"]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("B2", "B3", "B4")] == ["FFFBE6B8"] * 3
    assert [bool(sheet[cell].comment) for cell in ("B2", "B3", "B4")] == [True, False, False]


def test_the_list_names_every_finding_and_links_to_its_cell():
    quoted = Mark("warning", "O'Brien 的 <表> & 他", "A1", "<b>&", "=1+1")
    listing = marked(packed(workbook()), BAD, quoted, Mark("info", "", "", "整份的话。"))[TITLE]
    assert [[cell.value for cell in row] for row in listing.iter_rows(min_row=4)] == [
        ["级别", "位置", "原值", "问题", "怎么改", "规则"],
        ["错误", "用电!B3", "无表", "B3 不是数。", "改成数字。", "V01"],
        ["提醒", "O'Brien 的 <表> & 他!A1", None, "<b>&", "=1+1", None],
        ["留意", "整份文件", None, "整份的话。", None, None],
    ]
    assert [listing[f"B{n}"].hyperlink and listing[f"B{n}"].hyperlink.location for n in (5, 6, 7)] == [
        "'用电'!B3", "'O''Brien 的 <表> & 他'!A1", None,
    ]  # fmt: skip
    assert (listing["A1"].value, listing["E6"].data_type) == ("核对结果：错误 1，提醒 1，留意 1", "s")


def test_every_other_part_is_byte_for_byte_the_same():
    data = packed(workbook())
    before, after = parts(data), parts(annotate(sniff(data), [BAD], NUMBER))
    touched = {name for name in before if before[name] != after[name]}
    assert touched <= CHANGED | {
        name for name in before if "sheet1" in name or "comment" in name or "vml" in name.lower()
    }
    assert before["xl/worksheets/sheet2.xml"] == after["xl/worksheets/sheet2.xml"]
    assert before["xl/theme/theme1.xml"] == after["xl/theme/theme1.xml"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name[:3])
def test_a_samples_values_are_read_again_as_they_were(path):
    data = path.read_bytes()
    first = read(sniff(data))
    sheet = first.sheets[0]
    marks = [Mark("error", sheet.name, "B3", "看这里。"), Mark("asked", sheet.name, "ZZ99", "远处。")]
    again = read(sniff(annotate(sniff(data), marks, NUMBER)))
    assert [(s.name, s.rows, s.hidden) for s in again.sheets if s.name != TITLE] == [
        (s.name, s.rows, s.hidden) for s in first.sheets
    ]
    assert mark_of(again.sheets) == NUMBER
    assert mark_of(first.sheets) == ""


def test_marks_of_a_second_round_replace_the_list_of_the_first():
    once = annotate(sniff(packed(workbook())), [BAD], NUMBER)
    other = "99999999-2222-3333-4444-555555555555"
    twice = annotate(sniff(once), [Mark("info", "用电", "A1", "好了。")], other)
    book = openpyxl.load_workbook(BytesIO(twice))
    assert book.sheetnames == ["用电", "O'Brien 的 <表> & 他", TITLE]
    assert (book[TITLE]["A1"].value, mark_of(read(sniff(twice)).sheets)) == ("核对结果：留意 1", other)


def test_photographs_of_wps_stay_byte_for_byte_where_they_are():
    data = saved_by_wps([["月份", "用电量", "照片"], ["1月", 100, None], ["2月", "无表", None]], "C2")
    result = annotate(sniff(data), (Mark("error", "Sheet", "B3", "B3 不是数。"),), NUMBER)
    before, after = parts(data), parts(result)
    own = ("xl/cellimages.xml", "xl/_rels/cellimages.xml.rels", "xl/media/image1.png", "docProps/custom.xml")
    assert [after[name] for name in own] == [before[name] for name in own]
    assert b"2020/cellImage" in after["xl/_rels/workbook.xml.rels"]
    assert b"cellimage+xml" in after["[Content_Types].xml"]
    assert b'<c r="C2" t="str"><f>_xlfn.DISPIMG(' in after["xl/worksheets/sheet1.xml"]


def test_a_csv_comes_back_as_its_twin():
    data = "月份,用电量\n1月,=1+1\n2月,无表\n".encode("gb18030")
    book = marked(data, Mark("error", "csv", "B3", "不是数。"))
    sheet = book["csv"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["月份", "用电量"], ["1月", "=1+1"], ["2月", "无表"],
    ]  # fmt: skip
    assert (sheet["B2"].data_type, sheet["B3"].fill.fgColor.rgb) == ("s", "FFF8D7D3")
    assert sheet["B3"].comment.text == "错误：不是数。"


PREFIXED = (
    '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<x:sheetData><x:row r='2'><x:c r='B2' t='n'><x:v>5</x:v></x:c></x:row><x:row r='4'/></x:sheetData>"
    "<x:pageMargins left='1' right='1' top='1' bottom='1' header='1' footer='1'/></x:worksheet>"
)
EMPTY = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)
UNNUMBERED = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "<row><c><v>1</v></c><c><v>2</v></c></row><row><c t='inlineStr'><is><t>a&gt;b</t></is></c></row></sheetData>"
    '<extLst><ext uri="{x}"/></extLst></worksheet>'
)


def with_sheet(xml: str) -> bytes:
    """A workbook whose first sheet another program wrote."""
    found = parts(packed(workbook()))
    found = {
        name: content
        for name, content in found.items()
        if "comment" not in name and "vml" not in name.lower()
    }
    found["xl/worksheets/sheet1.xml"] = xml.encode()
    found.pop("xl/worksheets/_rels/sheet1.xml.rels", None)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("xml", [PREFIXED, EMPTY, UNNUMBERED], ids=["prefixed", "empty", "unnumbered"])
def test_sheets_as_other_programs_write_them_are_marked_in_place(xml):
    data = with_sheet(xml)
    cells = ("A1", "B2", "C2", "A3", "A4", "B4", "D9")
    sheet = marked(data, *(Mark("error", "用电", cell, "看。") for cell in cells))["用电"]
    plain = openpyxl.load_workbook(BytesIO(data))["用电"]
    assert [sheet[cell].fill.fgColor.rgb for cell in cells] == ["FFF8D7D3"] * len(cells)
    assert [sheet[cell].value for cell in cells] == [plain[cell].value for cell in cells]
    assert [bool(sheet[cell].comment) for cell in cells] == [True] * len(cells)


def test_a_workbook_without_styles_gets_some():
    found = parts(with_sheet(EMPTY))
    del found["xl/styles.xml"]
    found["xl/_rels/workbook.xml.rels"] = found["xl/_rels/workbook.xml.rels"].replace(b"/styles", b"/nothing")
    types = found["[Content_Types].xml"]
    found["[Content_Types].xml"] = re.sub(rb'<Override PartName="/xl/styles.xml"[^>]*/>', b"", types)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    assert marked(out.getvalue(), BAD)["用电"]["B3"].fill.fgColor.rgb == "FFF8D7D3"


@pytest.mark.parametrize(
    "path", sorted(Path("tests/samples").glob("e0*[!n]")), ids=lambda path: path.name[:3]
)
def test_annotated_sample_is_read_as_the_sample_was(path, energy, tmp_path):
    truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text())
    context = Context(energy, (truth["university"],), {}, truth["period"])
    first = run(path, context)
    report = {
        "issues": [issue_data(issue) for issue in first.issues],
        "ambiguous": [ambiguity_data(cell) for cell in first.ambiguous],
    }
    back = tmp_path / f"{path.stem}.xlsx"
    back.write_bytes(annotate(sniff(path.read_bytes()), marks_of(report), NUMBER))
    again = run(back, context)
    assert again.meta["annotated"] == NUMBER
    assert [(i.sheet, i.why) for i in again.ignored if i.sheet == TITLE] == [(TITLE, "平台写的页")]
    assert list(again.figures["exact"]) == list(first.figures["exact"])
    assert (again.verdict, [(i.kind, i.sheet, i.cell) for i in again.issues]) == (
        first.verdict, [(i.kind, i.sheet, i.cell) for i in first.issues if i.kind != "encoding"],
    )  # fmt: skip


LAID_OUT = next(path for path in SAMPLES if path.name.startswith("e02")).read_bytes()
PLACES = st.builds(
    lambda column, row: f"{column}{row}",
    st.sampled_from(["A", "C", "G", "P", "AA"]),
    st.integers(1, 60),
)
MARKS = st.builds(
    Mark,
    st.sampled_from(["error", "asked", "warning", "info"]),
    st.sampled_from(["分楼宇", "没有这张表", ""]),
    st.one_of(PLACES, st.sampled_from(["", "A0", "一月", "A1:B2"])),
    st.text(max_size=30),
    st.text(max_size=30),
    cells=st.lists(PLACES, max_size=4).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(marks=st.lists(MARKS, max_size=12))
def test_whatever_is_marked_the_office_s_values_are_read_as_they_were(marks):
    data = annotate(sniff(LAID_OUT), marks, NUMBER)
    before, after = read(sniff(LAID_OUT)).sheets, read(sniff(data)).sheets
    assert [(s.name, s.rows, s.merges, s.hidden_rows) for s in after[:-1]] == [
        (s.name, s.rows, s.merges, s.hidden_rows) for s in before
    ]
    assert len(after[-1].rows) == 4 + len(marks)
    here = {mark.places[0] for mark in marks if mark.sheet == "分楼宇" and mark.places}
    comments = parts(data).get("xl/comments1.xml", b"<comments/>")
    assert {comment["ref"] for comment in elements(comments, "comment")} == here
