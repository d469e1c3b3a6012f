"""An uploaded table as text: where the header is, and the rows under it with their numbers in the file."""

import csv
import datetime
import io
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from files.precheck import Refused, check_table

MAX_ROWS, MAX_COLUMNS = 5000, 60
HEADER_WITHIN = 12


@dataclass(frozen=True)
class Table:
    """`rows` are (row number in the file, one text per header)."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: bytes, known: set[str]) -> Table:
    """The table of a file; its header is the first row with at least two of the `known` words.

    Raises Refused when the file cannot be opened or has no such header.
    """
    kind = check_table(data, rows=MAX_ROWS, columns=MAX_COLUMNS)
    lines = _from_xlsx(data) if kind == "xlsx" else _from_csv(data)
    for number, line in enumerate(lines[:HEADER_WITHIN]):
        headers = tuple(plain(cell) for cell in line)
        if len(known & set(headers)) >= 2:
            below = enumerate(lines[number + 1 :], number + 2)
            rows = [(at, _fit(row, len(headers))) for at, row in below if any(cell.strip() for cell in row)]
            return Table(headers, tuple(rows))
    raise Refused(
        _("前 %(n)s 行里没有找到表头。") % {"n": HEADER_WITHIN},
        _("表头要认得出至少两列，如“%(names)s”。可以先导出一份，在上面改。")
        % {"names": "、".join(sorted(known)[:4])},
    )


def plain(text: str) -> str:
    """A header without blanks, full-width letters and what stands in brackets: “建筑面积 （㎡）” → 建筑面积."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"\(.*?\)$", "", text)


def _from_xlsx(data: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
        return [[_text(value) for value in row] for row in rows]
    except Exception as error:  # openpyxl raises whatever its parts raise on a package it does not understand
        raise Refused(_("工作簿读不出来。"), _("用 Excel 打开，另存为 .xlsx 再传。")) from error


def _from_csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if len(rows) > MAX_ROWS:
            raise Refused(_("表超过 %(n)s 行。") % {"n": MAX_ROWS}, _("分几次传。"))
        return [row[:MAX_COLUMNS] for row in rows]
    raise Refused(_("文字的编码认不出来。"), _("用 Excel 打开，另存为 .xlsx 再传。"))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value).strip()


def _fit(row: list[str], width: int) -> tuple[str, ...]:
    # the safe writer marks text that looks like a formula with an apostrophe; it comes back off here
    cells = [re.sub(r"^'(?=\s*[=+\-@＝＋－＠])", "", cell.strip()) for cell in row[:width]]
    return tuple(cells + [""] * (width - len(cells)))
