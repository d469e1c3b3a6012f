"""The sheet that lists what was found, with a link to each cell, and says which upload it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from surveys.intake.annotated.comments import MAIN, text_xml
from surveys.intake.annotated.marks import LEVELS, Mark
from surveys.intake.annotated.package import NotPatchable, Package, before_end, elements
from surveys.intake.annotated.styles import Styles
from surveys.intake.read import Sheet
from surveys.intake.references import column_letters

TITLE = "核对结果"
HEAD = ("级别", "位置", "原值", "问题", "怎么改", "规则")
WIDTHS = (9, 22, 16, 60, 44, 8)
# what the second line of a sheet begins with that we wrote: it is not read
OURS = "这一页由平台写，重传时不读。"
SAID = OURS + "改好别的页，整份再传一次，只写入变了的数。"
NUMBER = re.compile(r"编号 ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
FIRST_ROW = 5
# points of a line, and of what stands above and below it
LINE, MARGIN = 14, 3
# further places named beside a finding's own
NAMED = 30


def add_listing(package: Package, styles: Styles, marks: Iterable[Mark], number: str) -> None:
    """Adds the sheet behind the others; one that stands there from an earlier round is written anew. `number` is the
    upload's. Raises NotPatchable when the workbook lists no sheets."""
    xml = _sheet_xml(list(marks), styles, number)
    present = package.sheets().get(TITLE)
    if present:
        package[present] = xml
        return
    book = package[package.book]
    if b"sheets" not in book:
        raise NotPatchable
    part = package.free("xl/worksheets/sheet{}.xml")
    package[part] = xml
    package.declare(part, SHEET_TYPE)
    link = package.relate(package.book, "worksheet", part)
    ids = [int(e["sheetId"]) for e in elements(book, "sheet") if e.get("sheetId", "").isdecimal()]
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = f'<sheet name="{TITLE}" sheetId="{max(ids, default=0) + 1}" xmlns:hq="{space}" hq:id="{link}"/>'
    package[package.book] = before_end(book, "sheets", entry)


def mark_of(sheets: Iterable[Sheet]) -> str:
    """The number of the upload whose marks a workbook carries; '' if it carries none."""
    for sheet in sheets:
        if sheet.name == TITLE and len(sheet.rows) > 2 and sheet.rows[2]:
            found = NUMBER.fullmatch(str(sheet.rows[2][0]).strip())
            if found:
                return found[1]
    return ""


def is_ours(sheet: Sheet) -> bool:
    """Whether we wrote a sheet ourselves, so that nothing in it is the office's."""
    return len(sheet.rows) > 1 and bool(sheet.rows[1]) and str(sheet.rows[1][0]).startswith(OURS)


def _sheet_xml(marks: list[Mark], styles: Styles, number: str) -> bytes:
    head, plain = styles.wrapped(bold=True), styles.wrapped()
    counts = "，".join(
        f"{LEVELS[level]} {n}" for level in LEVELS if (n := sum(mark.level == level for mark in marks))
    )
    rows = [
        _row(1, [(f"{TITLE}：{counts or '没有问题'}", styles.bold())]),
        _row(2, [(SAID, 0)]),
        _row(3, [(f"编号 {number}", 0)]),
        _row(4, [(text, head) for text in HEAD]),
    ]
    links = []
    for place, mark in enumerate(marks, FIRST_ROW):
        where = f"{mark.sheet}!{mark.cell}" if mark.cell else mark.sheet or "整份文件"
        texts = (LEVELS[mark.level], where, mark.value, _problem(mark), mark.remedy, mark.rule)
        formats = (styles.coloured(plain, mark.level), *[plain] * 5)
        rows.append(_row(place, list(zip(texts, formats, strict=True)), _height(texts)))
        if mark.places and mark.sheet:
            target = "'{}'!{}".format(mark.sheet.replace("'", "''"), mark.places[0])
            links.append(
                f'<hyperlink ref="B{place}" location={quoteattr(target)} display={quoteattr(where)}/>'
            )
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(WIDTHS, 1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{FIRST_ROW - 1}" topLeftCell="A{FIRST_ROW}" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>{linked}"
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    ).encode()


def _problem(mark: Mark) -> str:
    more = mark.places[1:]
    if not more:
        return mark.text
    named = "、".join(more[:NAMED]) + ("……" if len(more) > NAMED else "")
    return f"{mark.text}（还有 {len(more)} 格：{named}）"


def _height(texts: Iterable[str]) -> int:
    """Points that the longest text of a row needs when it wraps; a Chinese character is as wide as two letters."""
    lines = 1
    for text, width in zip(texts, WIDTHS, strict=True):
        wide = [sum(2 if ord(letter) > 0x2E7F else 1 for letter in part) for part in text.split("\n")]
        lines = max(lines, sum(-(-each // (width - 1)) or 1 for each in wide))
    return lines * LINE + MARGIN


def _row(number: int, cells: list[tuple[str, int]], height: int = 0) -> str:
    written = "".join(
        f'<c r="{column_letters(n)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text_xml(text)}</t>'
        "</is></c>"
        for n, (text, style) in enumerate(cells)
        if text
    )
    sized = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{sized}>{written}</row>'
