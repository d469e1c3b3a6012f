"""Small files that ask for a great deal of memory or time."""

import io
import struct
from collections.abc import Callable

import xlwt

from tests.live.mutations import WORKBOOKS, packed, unpacked

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'
FIRST = "xl/worksheets/sheet1.xml"


def with_parts(**changed: str) -> bytes:
    """A good workbook with some of its parts replaced; the first sheet is `sheet`, the strings are `strings`."""
    parts = unpacked(WORKBOOKS[0].read_bytes())
    names = {"sheet": FIRST, "strings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
    return packed(parts | {names[key]: text.encode() for key, text in changed.items()})


def sheet(rows: str) -> bytes:
    return with_parts(sheet=SHEET.format(rows))


def zeros() -> bytes:
    """120 MB of one byte."""
    return with_parts(sheet="0" * (120 << 20))


def thousands_of_parts() -> bytes:
    return packed(unpacked(WORKBOOKS[0].read_bytes()) | {f"xl/x{n}.xml": b"<a/>" for n in range(3100)})


def entities() -> bytes:
    """A billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    strings = (
        f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "哈">{laughs}]><sst><si><t>&l9;</t></si></sst>'
    )
    return with_parts(strings=strings)


def two_corners() -> bytes:
    """Two cells that span the whole sheet: 550 GB for a dense reader."""
    return sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')


def wide_rows() -> bytes:
    """Each row has a first and a last cell."""
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="XFD{0}"><v>1</v></c></row>'
    return sheet("".join(row.format(n) for n in range(1, 20_001)))


def one_long_string() -> bytes:
    """Two hundred thousand cells that share one string of thirty thousand characters."""
    row = '<row r="{0}">' + "".join(f'<c r="{c}{{0}}" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ") + "</row>"
    rows = "".join(row.format(n) for n in range(1, 20_001))
    strings = f'<sst xmlns="{MAIN}"><si><t>{"电" * 30_000}</t></si></sst>'
    return with_parts(sheet=SHEET.format(rows), strings=strings)


def lying_directory() -> bytes:
    """The directory says 100 bytes; the part unpacks to 50 MB."""
    data = bytearray(with_parts(sheet="0" * (50 << 20)))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            length = 46 if mark == b"PK\x01\x02" else 30
            if data[at + length : at + length + len(FIRST)] == FIRST.encode():
                data[at + place : at + place + 4] = struct.pack("<I", 100)
    return bytes(data)


def old_corners() -> bytes:
    """The corners of an old workbook: sixteen million cells between them."""
    book = xlwt.Workbook()
    for number in range(3):
        page = book.add_sheet(f"表{number}")
        page.write(0, 0, "月份")
        page.write(65535, 255, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def spans() -> bytes:
    """A table of a web page whose cells claim to span a million rows and columns."""
    cell = "<td colspan=1000000 rowspan=1000000>1月</td>"
    return f"<html><table>{f'<tr>{cell * 20}</tr>' * 200}</table></html>".encode()


def commas() -> bytes:
    """One line of twenty-five million columns."""
    return b"a" + b"," * (25 << 20)


def merges() -> bytes:
    """A hundred thousand merged ranges, each the whole sheet."""
    cells = '<row r="1"><c r="A1" t="n"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    ranges = '<mergeCell ref="A1:XFD1048576"/>' * 100_000
    body = SHEET.format(cells).replace("</sheetData>", f"</sheetData><mergeCells>{ranges}</mergeCells>")
    return with_parts(sheet=body)


def nested() -> bytes:
    """Elements within elements, a million deep."""
    return sheet("<row>" * 1_000_000)


BOMBS: tuple[Callable[[], bytes], ...] = (
    zeros, thousands_of_parts, entities, two_corners, wide_rows, one_long_string, lying_directory, old_corners, spans,
    commas, merges, nested,
)  # fmt: skip


def ending(bomb: Callable[[], bytes]) -> str:
    """The ending of the file's name."""
    return {"old_corners": ".xls", "spans": ".xls", "commas": ".csv"}.get(bomb.__name__, ".xlsx")
