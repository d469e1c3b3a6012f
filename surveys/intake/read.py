"""From the bytes of an accepted file to plain grids of cells.

Values come from calamine; what calamine does not tell (hidden rows and columns, error values, formulas
without a stored value) is searched in the sheet's XML, which costs a tenth of parsing it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO, StringIO
from posixpath import normpath

from files.precheck import SMALL, column_number
from surveys.definition.said import say
from surveys.intake.sniff import RE_SAVE, Refused, Sniffed

Cell = tuple[int, int]


@dataclass
class Sheet:
    """One grid. Rows and columns count from 0; `merges` are (top, left, bottom, right), inclusive.

    `columns` (first, last) is set on a part of a sheet that is read by itself, `pairs` (first row, column of labels) on
    one that holds labels and their values side by side."""

    name: str
    rows: list[list]
    hidden: bool = False
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    no_value: set[Cell] = field(default_factory=set)
    faults: dict[Cell, str] = field(default_factory=dict)
    days_from_1904: bool = False
    columns: tuple[int, int] | None = None
    pairs: tuple[int, int] | None = None

    @cached_property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


# spreadsheet programs stop at 31 characters, other writers do not
LONGEST_SHEET = 100


@dataclass
class Book:
    """The sheets of one file in their order; encoding is set for text files."""

    kind: str
    sheets: list[Sheet]
    encoding: str = ""


def read(sniffed: Sniffed, name: str = "") -> Book:
    """All sheets of an accepted file; Refused when the reader cannot read it."""
    if sniffed.kind == "csv":
        return Book("csv", [Sheet("csv", _csv(sniffed.text))], sniffed.encoding)
    if sniffed.kind == "html":
        from surveys.intake.html import tables

        return Book("html", tables(sniffed.text, name), sniffed.encoding)
    return Book(sniffed.kind, _workbook(sniffed, name))


def _csv(text: str) -> list[list]:
    head = "\n".join(text.splitlines()[:30])
    delimiter = max(",\t;|", key=head.count)
    # a cell may be as long as a file may be: what is too long to be a figure is told as a cell, not as a broken file
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = [list(map(_plain, row)) for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return _trim(rows)


def _plain(text: str) -> str:
    """A text as it was meant: systems keep a program from taking it for a number by =\"2024-01\" or a tab."""
    text = text.strip("\t")
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def _workbook(sniffed: Sniffed, name: str) -> list[Sheet]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(sniffed.data))
        sheets = []
        for about in book.sheets_metadata:
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            if len(about.name) > LONGEST_SHEET:
                raise Refused(
                    "damaged",
                    say("“{name}”里有一张工作表的名称有 {n} 个字，打不开。", name=name, n=len(about.name)),
                    say("把名称改到 31 个字以内（Excel 的上限），保存后再上传。"),
                )
            source = book.get_sheet_by_name(about.name)
            rows = _trim(source.to_python(skip_empty_area=False))
            merges = [(a, b, c, d) for (a, b), (c, d) in source.merged_cell_ranges or ()]
            sheets.append(Sheet(about.name, rows, about.visible != calamine.SheetVisibleEnum.Visible, merges))
    except calamine.PasswordError as error:
        raise Refused(
            "encrypted", say("“{name}”加了密码，打不开。", name=name), say("去掉密码再上传。")
        ) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("damaged", say("“{name}”已损坏，打不开。", name=name), RE_SAVE) from error
    if sniffed.kind == "xlsx":
        parts = _sheet_parts(sniffed.parts)
        late = bool(_FROM_1904.search(sniffed.parts.get("xl/workbook.xml", b"")))
        for sheet in sheets:
            sheet.days_from_1904 = late
            if parts.get(sheet.name) in sniffed.parts:
                _search(sheet, sniffed.parts[parts[sheet.name]])
    return sheets


def _trim(rows: list[list]) -> list[list]:
    """Without the empty rows at the end (100,000 formatted blank rows are common)."""
    end = len(rows)
    while end and not any(value not in ("", None) for value in rows[end - 1]):
        end -= 1
    del rows[end:]
    return rows


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → part name, from workbook.xml and its relations."""
    from defusedxml import ElementTree

    try:
        relations = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<x/>"))
        book = ElementTree.fromstring(parts.get("xl/workbook.xml", b"<x/>"))
    except (ElementTree.ParseError, ValueError):
        return {}
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    found = {}
    for node in book.iter():
        if node.tag.rsplit("}", 1)[-1] != "sheet":
            continue
        link = next((v for k, v in node.attrib.items() if k.rsplit("}", 1)[-1] == "id"), None)
        target = targets.get(link, "")
        found[node.get("name")] = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
    return found


_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*?\sdate1904=["'](?:1|true)["']""")
_PREFIX = re.compile(rb"<\w+:worksheet")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b([^>]*?\shidden=["'](?:1|true)["'][^>]*)>""")
_COLUMN = re.compile(rb"""<(?:\w+:)?col\b([^>]*?\shidden=["'](?:1|true)["'][^>]*)>""")
_REF = re.compile(rb"""\sr=["'](\d+)["']""")
_SPAN = re.compile(rb"""\s(min|max)=["'](\d+)["']""")
_FAULT = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]+)(\d+)["'][^>]*?\st=["']e["'][^>]*>(.*?)</(?:\w+:)?c>""", re.S
)
_FAULT_2 = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\st=["']e["'][^>]*?\sr=["']([A-Z]+)(\d+)["'][^>]*>(.*?)</(?:\w+:)?c>""", re.S
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_NO_VALUE = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]+)(\d+)["'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)


def _search(sheet: Sheet, xml: bytes) -> None:
    """Fill what calamine does not tell, from the bytes of the sheet's part."""
    if b"hidden=" in xml:
        for match in _HIDDEN_ROW.finditer(xml):
            number = _REF.search(match.group(1))
            if number:
                sheet.hidden_rows.add(int(number.group(1)) - 1)
        for match in _COLUMN.finditer(xml[: max(xml.find(b"sheetData"), 0)] or xml[:65536]):
            span = dict(_SPAN.findall(match.group(1)))
            if b"min" in span and b"max" in span:
                first = int(span[b"min"]) - 1
                sheet.hidden_columns.update(range(first, min(int(span[b"max"]), first + 1000)))
    odd = len(xml) < SMALL or bool(_PREFIX.search(xml[:4096]))
    if b't="e"' in xml or (odd and b"t='e'" in xml):
        for pattern in (_FAULT, _FAULT_2):
            for letters, digits, inside in pattern.findall(xml):
                value = _VALUE.search(inside)
                where = (int(digits) - 1, column_number(letters.decode()))
                sheet.faults[where] = value.group(1).decode("utf-8", "replace") if value else "#ERR"
    if b"<f" in xml or (odd and b":f" in xml):
        for letters, digits in _NO_VALUE.findall(xml):
            sheet.no_value.add((int(digits) - 1, column_number(letters.decode())))
