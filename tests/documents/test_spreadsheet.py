"""No export carries a live formula; numbers stay numbers."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from documents.spreadsheet import Sheet, csv_bytes, download, safe_text, xlsx_bytes

pytestmark = pytest.mark.promise("exports")

PAYLOADS = [
    "=1+1",
    "==1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","看")',
    "＝1+1",
    "  =1+1",
    "\ufeff=1+1",
    "﹣1",
]
HARMLESS = ["海津理工大学", "", "3=1+2", "—", "a\nb", "1-2 月", "'=1"]


def from_csv(*values) -> list[str]:
    data = csv_bytes(Sheet("t", ["h"], [list(values)]))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]


def from_xlsx(*values):
    book = load_workbook(io.BytesIO(xlsx_bytes([Sheet("t", ["h"], [list(values)])])))
    return book.active[2]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_begins_like_a_formula_is_text_in_csv(payload):
    (value,) = from_csv(payload)
    assert value[0] == "'"
    assert safe_text(value) == value


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_begins_like_a_formula_is_text_in_xlsx(payload):
    (cell,) = from_xlsx(payload)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value.replace("\r", "\n") == payload.replace("\r", "\n")


def test_workbook_holds_no_formula_element():
    data = xlsx_bytes([Sheet("t", ["=1+1"], [[payload] for payload in PAYLOADS])])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<f " not in sheet


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert from_csv(text, "x")[0] == text
    assert (from_xlsx(text)[0].value or "") == text


def test_numbers_stay_numbers():
    values = (-1, -2.5, Decimal("-12651234.12345678"), 0)
    assert from_csv(*values) == ["-1", "-2.5", "-12651234.12345678", "0"]
    assert [cell.data_type for cell in from_xlsx(*values)] == ["n"] * 4


def test_small_decimals_are_written_without_an_exponent():
    assert from_csv(Decimal("0.00000001"), Decimal("1E+3")) == ["0.00000001", "1000"]


def test_nothing_and_dates():
    day = datetime.date(2026, 3, 12)
    assert from_csv(None, day) == ["", "2026-03-12"]
    assert from_xlsx(None, day)[1].value == datetime.datetime(2026, 3, 12)


def test_control_characters_do_not_break_the_workbook():
    assert from_xlsx("a\x00b\x0bc")[0].value == "abc"


def test_long_and_bad_sheet_names_are_made_to_fit():
    book = load_workbook(io.BytesIO(xlsx_bytes([Sheet("单位/建筑[面积]:能耗" + "长" * 40, ["h"], [])])))
    assert len(book.sheetnames[0]) == 31


def test_download_is_an_attachment_with_the_chinese_name():
    response = download("能耗 2024", "csv", [Sheet("t", ["列"], [["甲"]])])
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E8%83%BD%E8%80%97%202024.csv"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content.decode("utf-8-sig") == "列\r\n甲\r\n"
