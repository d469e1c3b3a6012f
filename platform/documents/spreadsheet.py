"""The one writer of tables that leave the platform: CSV and XLSX without live formulas.

Spreadsheet programs run what begins like a formula, in CSV even after blanks and in full-width characters, and some
run it again when the file is saved as something else. Only text is guarded; numbers and dates stay what they are.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# after compatibility normalisation, so that ＝ ＋ － ＠ and ﹦ count as what they look like
STARTERS = frozenset("=+-@")
# control characters no workbook may hold; tab and line breaks are allowed
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Sheet:
    """A table: header and rows of plain values (text, int, float, Decimal, date, datetime, bool, None)."""

    title: str
    header: Sequence[object]
    rows: Iterable[Sequence[object]] = field(default_factory=tuple)


def is_live(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    visible = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Cc")
    )
    return visible.lstrip()[:1] in STARTERS and bool(visible.strip())


def safe_text(text: str) -> str:
    """The text for a CSV cell: what might be a formula gets an apostrophe in front; a second pass changes nothing."""
    text = ILLEGAL.sub("", text)
    return f"'{text}" if is_live(text) else text


def csv_bytes(sheet: Sheet) -> bytes:
    """The table as UTF-8 with a byte order mark (Excel needs it for Chinese) and CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line in (sheet.header, *sheet.rows):
        writer.writerow([_csv_value(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The tables as a workbook, a sheet each. Text is stored as text whatever it begins with, and marked so that
    editing the cell does not bring a formula to life."""
    book = Workbook(write_only=True)
    for number, sheet in enumerate(sheets, 1):
        page = book.create_sheet(SHEET_NAME.sub(" ", sheet.title)[:31] or f"{number}")
        page.freeze_panes = "A2"
        page.append([_xlsx_cell(page, value, bold=True) for value in sheet.header])
        for line in sheet.rows:
            page.append([_xlsx_cell(page, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def download(name: str, kind: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """An attachment `name.kind`; CSV holds the first table only. Raises KeyError for a kind that is neither."""
    response = HttpResponse(content_type=TYPES[kind])
    response.write(csv_bytes(sheets[0]) if kind == CSV else xlsx_bytes(sheets))
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _csv_value(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return safe_text(str(value))


def _xlsx_cell(page, value: object, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float | Decimal | datetime.date | datetime.time):
        cell = WriteOnlyCell(page, value)
    else:
        text = ILLEGAL.sub("", str(value))[:32767]
        cell = WriteOnlyCell(page, text)
        # openpyxl takes text that begins with = for a formula, and #N/A for an error
        cell.data_type = "s"
        if is_live(text):
            cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
