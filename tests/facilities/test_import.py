"""The register from and to a table: what would change is shown before it is written; nothing leaves as a formula."""

import io
import re
import zipfile

import pytest
from django.core.cache import cache
from openpyxl import load_workbook

from audit.models import AuditEntry
from tenants.context import in_university
from tenants.facilities.models import Facility
from tests.facilities.conftest import workbook

pytestmark = pytest.mark.django_db
HERE = "/u/alpha/facilities/"
HEAD = ["代码", "名称", "校区", "类别", "建筑类型", "建筑面积（m²）", "在用"]


def rows(code: str = "alpha") -> list[tuple]:
    with in_university(code):
        return sorted(
            Facility.objects.values_list("code", "name", "kind", "building_type", "floor_area", "is_active")
        )


def upload(browser, *lines, here: str = HERE):
    return browser.post(here + "import/", {"file": workbook(*lines)})


def test_preview_shows_new_changed_and_same_and_writes_nothing(person, register):
    register()
    before = rows()
    response = upload(
        person()[0],
        ["甲子大学楼宇登记表"],
        HEAD,
        ["B01", "第一教学楼", "北区", "楼宇", "C", "8,000.5", "是"],
        ["", "梅园 3 号楼", "北区", "", "教学楼建筑", "", ""],
        ["", "一食堂", "n", "食堂", "G", "1.2万", "在用"],
    )
    preview = response.context["preview"]
    assert [(line.number, line.outcome, line.code) for line in preview.lines] == [
        (3, "changed", "B01"),
        (4, "same", "B02"),
        (5, "new", "C01"),
    ]
    assert [(c.column, c.before, c.after) for c in preview.lines[0].changes] == [("建筑面积", "", "8,000.5")]
    assert rows() == before


def test_confirmed_preview_is_written_once(person, register):
    register()
    browser, actor = person()
    token = upload(browser, HEAD, ["", "一食堂", "北区", "食堂", "G", "900", ""]).context["preview"].token
    assert browser.post(HERE + "import/confirm/", {"token": token}).url == HERE
    assert [row[:2] for row in rows()] == [("B01", "第一教学楼"), ("B02", "梅园 3 号楼"), ("C01", "一食堂")]
    assert list(
        AuditEntry.objects.filter(action="facility.imported").values_list("object_id", "actor_id")
    ) == [("C01", actor.id)]


def test_each_bad_row_names_its_row_column_value_and_remedy(person, register):
    register()
    response = upload(
        person()[0],
        HEAD,
        ["B01", "第一教学楼", "南区", "楼宇", "C", "约8000", "是"],
        ["", "", "北区", "楼宇", "", "", ""],
        ["", "好楼", "北区", "楼宇", "", "100", ""],
        ["", "旧楼", "北区", "宫殿", "Z", "-5", "也许"],
        ["", "好楼", "北区", "楼宇", "", "100", ""],
    )
    preview = response.context["preview"]
    found = {(line.number, f.column, f.value): f.remedy for line in preview.bad for f in line.faults}
    assert found == {
        (2, "校区", "南区"): "校区“南区”没有登记。改成已有的：北区；或先添加这个校区。",
        (2, "建筑面积", "约8000"): "“约8000”不是数。只写数字，不知道就留空。",
        (3, "名称", ""): "此字段不能为空。",
        (5, "类别", "宫殿"): "“宫殿”不在可选之列：楼宇、学生公寓、食堂、商业网点。",
        (5, "建筑类型", "Z"): found[5, "建筑类型", "Z"],
        (5, "建筑面积", "-5"): "“-5”不在 0 到 1000000000 之间。",
        (5, "在用", "也许"): "“也许”认不出来，写“是”或“否”。",
        (6, "名称", "好楼"): "和第 4 行是同一处设施，只留一行。",
    }
    assert [line.number for line in preview.new] == [4]
    page = response.content.decode()
    assert "改正 4 行后可写入" in page and "import/confirm/" not in page


def test_rows_with_errors_are_not_written_even_when_confirmed(person, register):
    register()
    browser, _ = person()
    before = rows()
    token = upload(browser, HEAD, ["", "新楼", "北区"], ["", "坏楼", "南区"]).context["preview"].token
    browser.post(HERE + "import/confirm/", {"token": token})
    assert rows() == before


def test_register_changed_since_the_preview_is_looked_at_again(person, register):
    register()
    browser, _ = person()
    token = upload(browser, HEAD, ["", "新楼", "北区"]).context["preview"].token
    with in_university("alpha"):
        Facility.objects.filter(code="B01").update(name="新楼", code="X1")
        Facility.objects.filter(code="B02").update(code="B01")
    response = browser.post(HERE + "import/confirm/", {"token": token})
    # found by its name now: nothing is left to add
    assert response.url == HERE
    assert [row[1] for row in rows()] == ["梅园 3 号楼", "新楼"]


def test_preview_of_another_person_or_university_cannot_be_confirmed(person, register):
    register()
    register("beta")
    browser, _ = person()
    token = upload(browser, HEAD, ["", "新楼", "北区"]).context["preview"].token
    stranger = person("clerk", "beta")[0]
    assert (
        stranger.post("/u/beta/facilities/import/confirm/", {"token": token}).url
        == "/u/beta/facilities/import/"
    )
    assert len(rows("beta")) == 2
    assert browser.post(HERE + "import/confirm/", {"token": "gone"}).url == HERE + "import/"
    assert len(rows()) == 2


def test_kept_rows_lie_in_the_cache_under_the_university(person, register):
    register()
    browser, actor = person()
    token = upload(browser, HEAD, ["", "sentinel楼", "北区"]).context["preview"].token
    key = f"django-import-export-facilities-{actor.id}-{token}"
    assert cache.get(key) is None
    with in_university("alpha"):
        assert "sentinel" in cache.get(key)
    with in_university("beta"):
        assert cache.get(key) is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_of_either_encoding_is_read(encoding, person, register):
    register()
    file = io.BytesIO('名称,校区,建筑面积\r\n图书馆,北区,"1,200"\r\n'.encode(encoding))
    file.name = "楼.csv"
    preview = person()[0].post(HERE + "import/", {"file": file}).context["preview"]
    assert [(line.name, line.outcome) for line in preview.lines] == [("图书馆", "new")]


def test_exported_register_comes_back_the_same(person, register):
    register()
    with in_university("alpha"):
        Facility.objects.filter(code="B01").update(aliases="一教、教1", floor_area="8000.50", built_year=1998)
        Facility.objects.filter(code="B02").update(name="=1+1楼", is_active=False)
    browser, _ = person()
    for kind in ("xlsx", "csv"):
        file = io.BytesIO(browser.get(f"{HERE}export/{kind}/").content)
        file.name = f"x.{kind}"
        preview = browser.post(HERE + "import/", {"file": file}).context["preview"]
        assert [(line.outcome, line.name) for line in preview.lines] == [
            ("same", "第一教学楼"),
            ("same", "=1+1楼"),
        ]


def test_export_holds_no_live_formula_and_numbers_stay_numbers(person, register):
    register(names=("=1+1", "+cmd|' /C calc'!A0"))
    with in_university("alpha"):
        Facility.objects.update(aliases="@SUM(1)", floor_area="12.50")
    browser, _ = person()
    sheet = load_workbook(io.BytesIO(browser.get(HERE + "export/xlsx/").content)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [sheet.cell(row, 7).value for row in (2, 3)] == [12.5, 12.5]
    text = browser.get(HERE + "export/csv/").content.decode("utf-8-sig")
    live = [
        c
        for line in text.splitlines()[1:]
        for c in re.split(r",", line)
        if c.lstrip('"')[:1] in tuple("=+-@")
    ]
    assert live == []


def bomb() -> io.BytesIO:
    file = workbook(HEAD, ["", "楼", "北区"])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/x.bin", b"0" * (60 << 20))
    file.seek(0)
    return file


def far_cell() -> io.BytesIO:
    file = workbook(HEAD, ["", "楼", "北区"])
    source, out = zipfile.ZipFile(file), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            package.writestr(part, content)
    out.seek(0)
    return out


def entity() -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    out.seek(0)
    return out


def letter() -> io.BytesIO:
    """A document of Word, which is a zip too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    out.seek(0)
    return out


def macro() -> io.BytesIO:
    file = workbook(HEAD)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb, "文件解开后太大。"),
        (far_cell, "表一直伸到第 1048576 行、第 16384 列，超出 5000 行 60 列。"),
        (entity, "文件里有不允许的声明（DOCTYPE）。"),
        (macro, "文件带有宏。"),
        (letter, "这是压缩包或别的文档，不是 Excel 工作簿。传 .xlsx 或 .csv"),
        (lambda: io.BytesIO(b"PK\x03\x04 broken"), "文件已损坏，打不开。"),
        (
            lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
            "这是旧格式（.xls）或加了密码的文件。",
        ),
        (lambda: io.BytesIO(b"%PDF-1.7"), "这不是表格文件。"),
        (lambda: io.BytesIO(b"   \r\n"), "文件是空的。"),
        (lambda: workbook(["甲", "乙"], ["1", "2"]), "前 12 行里没有找到表头。"),
    ],
    ids=["bomb", "far cell", "doctype", "macro", "letter", "broken", "old", "pdf", "blank", "no header"],
)
def test_dangerous_or_foreign_file_is_refused_with_a_remedy(make, said, person, register):
    register()
    file = make()
    file.name = "楼.xlsx"
    response = person()[0].post(HERE + "import/", {"file": file})
    assert (response.status_code, response.context["error"].startswith(said)) == (200, True)
    assert len(response.context["error"]) > len(said)


def test_huge_file_is_refused(person, register, settings):
    register()
    file = io.BytesIO(b"x" * (5 * 1024 * 1024 + 1))
    file.name = "楼.csv"
    assert person()[0].post(HERE + "import/", {"file": file}).status_code == 413


def test_no_file_is_asked_for_again(person, register):
    register()
    assert person()[0].post(HERE + "import/").context["error"] == "没有选文件，或者文件是空的。"
