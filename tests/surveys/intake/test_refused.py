"""Files that are not opened, and files that are not this university's or year's."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import pytest

from surveys.intake import guard, run
from surveys.intake.child import run_in_child, without_nul
from surveys.intake.guard import ChildLimits
from surveys.intake.sniff import Limits, Refused, decode, sniff
from tests.english.sentences import left_in_english

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS = [["2024年能耗"], ["月份", "用电量(kWh)"], *[[f"{m}月", 1000.0 + m] for m in range(1, 13)]]


def _refusal(path: Path, context) -> str:
    result = run(path, context)
    assert (result.verdict, len(result.frame), len(result.issues)) == ("reject_file", 0, 1)
    assert path.name in result.issues[0].message
    assert result.issues[0].suggestion != ""
    assert left_in_english(result, []) == []
    return result.issues[0].kind


def _rewritten(source: Path, target: Path, change) -> Path:
    """A copy of a package whose parts went through change(name, bytes) → bytes; extra parts under ""."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return target


def test_encrypted_workbook(tmp_path, context):
    path = tmp_path / "加密.xlsx"
    path.write_bytes(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    assert _refusal(path, context()) == "encrypted"


def test_old_workbook_with_a_password(tmp_path, context):
    path = tmp_path / "加密.xls"
    records = b"\x09\x08\x10\x00\x00\x06" + b"\0" * 14 + struct.pack("<HH", 0x2F, 6) + b"\0" * 6
    path.write_bytes(OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 100 + records + b"\0" * 600)
    assert _refusal(path, context()) == "encrypted"


def test_workbook_with_macros(tmp_path, context, workbook):
    path = workbook({"表": ROWS}, name="源.xlsx")
    target = _rewritten(path, tmp_path / "宏.xlsx", lambda name, data: data)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/vbaProject.bin", OLE)
    assert _refusal(target, context()) == "macros"


def test_workbook_with_external_links(tmp_path, context, workbook):
    target = _rewritten(
        workbook({"表": ROWS}, name="源.xlsx"), tmp_path / "外链.xlsx", lambda name, data: data
    )
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert _refusal(target, context()) == "external_links"


def test_zip_bomb(tmp_path, context):
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
    assert _refusal(path, context()) == "bomb"


def test_too_many_parts(tmp_path, context):
    path = tmp_path / "碎片.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(3100):
            package.writestr(f"xl/{number}.xml", "<a/>")
    assert _refusal(path, context()) == "bomb"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_document_type_in_any_part(tmp_path, context, workbook, part):
    evil = b'<!-- <a --><!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def change(name, data):
        head, mark, rest = data.partition(b"?>")
        return head + mark + evil + rest if name == part and mark else (evil + data if name == part else data)

    path = _rewritten(workbook({"表": ROWS}, name="源.xlsx"), tmp_path / "实体.xlsx", change)
    assert _refusal(path, context()) == "bomb"


@pytest.mark.parametrize("cells", [b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>',
                                   b"<c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c>",
                                   b'<c\nr = "A1"><v>1</v></c><c\tr\n=\n"xfd1048576"><v>1</v></c>'])  # fmt: skip
def test_two_corner_cells_that_ask_for_550_gigabytes(tmp_path, context, workbook, cells):
    def change(name, data):
        sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        return sheet + cells + b"</row></sheetData></worksheet>" if name.endswith("sheet1.xml") else data

    path = _rewritten(workbook({"表": ROWS}, name="源.xlsx"), tmp_path / "两角.xlsx", change)
    assert _refusal(path, context()) == "bomb"


def test_sheet_in_utf16_is_not_searched_blindly(tmp_path, context, workbook):
    def change(name, data):
        return data.decode("utf-8").encode("utf-16") if name.endswith("sheet1.xml") else data

    path = _rewritten(workbook({"表": ROWS}, name="源.xlsx"), tmp_path / "宽.xlsx", change)
    assert _refusal(path, context()) == "damaged"


@pytest.mark.parametrize(("data", "kind"), [(b"", "empty_file"), (b"%PDF-1.7", "not_a_table"), (b"PK\x03\x04broken", "damaged"),  # noqa: E501
                                            (b"\x89PNG\r\n", "not_a_table"), (b"\x81\xff\x00\x01" * 50, "not_a_table"),
                                            (b"hello, world\n1,2\n", "not_a_table")])  # fmt: skip
def test_what_is_no_table(tmp_path, context, data, kind):
    path = tmp_path / "别的.xlsx"
    path.write_bytes(data)
    assert _refusal(path, context()) == kind


def test_file_beyond_the_size_limit():
    with pytest.raises(Refused) as refusal:
        sniff(b"a" * 2000, "大.csv", Limits(file=1000))
    assert refusal.value.kind == "too_large"


def test_another_university_in_the_title(workbook, context):
    path = workbook({"表": [["沽上师范大学2024年能耗"], *ROWS[1:]]})
    assert _refusal(path, context(names=("海津理工大学",))) == "wrong_university"


def test_another_university_by_its_short_name(workbook, context):
    path = workbook({"表": ROWS}, name="2024能耗-沽上师大.xlsx")
    assert (
        _refusal(path, context(names=("海津理工大学",), known={"沽上师范大学": "gushi"}))
        == "wrong_university"
    )


def test_a_department_of_the_own_university_is_not_another(read):
    result = read({"表": [["填报单位：示例大学建筑学院"], *ROWS]})
    assert len(result.frame) == 12


def test_own_short_name_is_enough(workbook, context):
    result = run(workbook({"表": [["沽上师大2024年能耗"], *ROWS[1:]]}), context(names=("沽上师范大学",)))
    assert len(result.frame) == 12


def test_another_year_in_the_title(workbook, context):
    assert _refusal(workbook({"表": ROWS}), context(period="2023")) == "wrong_period"


def test_another_year_in_every_row(workbook, context):
    rows = [["月份", "用电量(kWh)"], *[[f"2022-{m:02d}", 5000 + m] for m in range(1, 13)]]
    assert _refusal(workbook({"表": rows}), context()) == "wrong_period"


def test_rows_of_other_years_beside_this_years_are_left_out_and_said(read):
    rows = [
        ["月份", "用电量(kWh)"],
        *[[f"{y}-{m:02d}", 5000 + m + y] for y in (2023, 2024) for m in range(1, 13)],
    ]
    result = read({"表": rows})
    assert sorted(result.frame["period"]) == [f"2024-{m:02d}" for m in range(1, 13)]
    assert [(i.severity, i.cell) for i in result.issues if i.kind == "wrong_period"] == [("warning", "B2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_a_list_is_read(encoding):
    assert decode("月份,用电量（kWh）\n1月,5".encode(encoding))[0] == "月份,用电量（kWh）\n1月,5"


def test_child_gives_the_same_answer(context):
    path = SAMPLES / "e02_2024年分楼宇水电统计-沽上师大.xlsx"
    told = []
    here, there = (
        run(path, context(names=("沽上师范大学",))),
        run_in_child(path, context(names=("沽上师范大学",)), lambda *step: told.append(step)),
    )
    assert there.to_json() == here.to_json()
    assert there.frame.astype(str).equals(here.frame.astype(str))
    assert told[0] == ("sniff", 0, 1)
    assert told[-1] == ("done", 1, 1)


def test_child_that_needs_too_much_memory_is_stopped(context):
    path = SAMPLES / "e02_2024年分楼宇水电统计-沽上师大.xlsx"
    result = run_in_child(path, context(), limits=ChildLimits(resident=20 << 20))
    assert (result.verdict, result.issues[0].kind) == ("reject_file", "too_heavy")


def test_child_that_takes_too_long_is_stopped(context):
    path = SAMPLES / "e02_2024年分楼宇水电统计-沽上师大.xlsx"
    result = run_in_child(path, context(), limits=ChildLimits(wall=0))
    assert (result.verdict, result.issues[0].kind) == ("reject_file", "too_slow")


def test_child_is_ended_before_it_needs_more_than_its_limit(context, monkeypatch):
    """The watcher looks now and then: what a child may grow by meanwhile is kept free."""
    monkeypatch.setattr(guard, "_resident", lambda pid: (640 << 20) - guard.GROWTH + 1)
    path = SAMPLES / "e02_2024年分楼宇水电统计-沽上师大.xlsx"
    assert run_in_child(path, context()).issues[0].kind == "too_heavy"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "ab"), ("\0\0", ""), ("a\\u0000b", "a\\u0000b"), ("\\\0", "\\"), ("plain", "plain")],
)
def test_no_nul_leaves_the_child_and_a_backslash_stays(text, kept):
    assert json.loads(without_nul(json.dumps([text], ensure_ascii=False))) == [kept]


def test_sheet_whose_name_no_program_would_take_is_refused_with_the_remedy(tmp_path, context, workbook):
    def change(name, data):
        return data.replace("表".encode(), "长".encode() * 300) if name == "xl/workbook.xml" else data

    path = _rewritten(workbook({"表": ROWS}, name="源.xlsx"), tmp_path / "长名.xlsx", change)
    assert _refusal(path, context()) == "damaged"


def test_page_without_a_table_and_page_with_impossible_spans_name_the_file(tmp_path, context):
    path = tmp_path / "网页.xls"
    path.write_text("<html><body>没有表</body></html>")
    assert _refusal(path, context()) == "not_a_table"
    path.write_text(
        f"<html><table>{'<tr><td colspan=1000000 rowspan=1000000>1月</td></tr>' * 9}</table></html>"
    )
    assert _refusal(path, context()) == "bomb"


def test_good_file_after_a_bad_one(tmp_path, context):
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04" + b"\0" * 500)
    assert run_in_child(bad, context()).verdict == "reject_file"
    good = run_in_child(
        SAMPLES / "e01_海津理工大学2024年能源资源消耗统计表.xlsx", context(names=("海津理工大学",))
    )
    assert good.verdict == "clean"
