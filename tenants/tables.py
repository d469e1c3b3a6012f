"""An uploaded table as text: where the header is, and the rows under it with their numbers in the file."""

import csv
import datetime
import io
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from files import precheck
from files.precheck import Unsafe

MAX_ROWS, MAX_COLUMNS = 5000, 60
HEADER_WITHIN = 12
LIMITS = precheck.Limits(
    total=40 << 20, parts=500, ratio=200, ratio_from=1 << 20, rows=MAX_ROWS, columns=MAX_COLUMNS
)
SAVE_AGAIN = gettext_lazy("用 Excel 打开原文件，另存一份再传。")
SAVE_AS = gettext_lazy("另存为不带密码和宏的 .xlsx 再传。")
NO_TABLE = (gettext_lazy("这不是表格文件。"), gettext_lazy("传 .xlsx 或 .csv。"))
TOO_LARGE = (gettext_lazy("文件解开后太大。"), gettext_lazy("删掉图片和无关的表，只留登记表再传。"))
DAMAGED = (gettext_lazy("文件已损坏，打不开。"), SAVE_AGAIN)
# reason of the pre-check → what is wrong, what to do
REFUSALS = {
    "empty": (gettext_lazy("文件是空的。"), gettext_lazy("确认文件已保存，再选一次。")),
    "large": TOO_LARGE,
    **dict.fromkeys(("picture", "pdf", "compressed", "program", "no_workbook"), NO_TABLE),
    "text": (gettext_lazy("文字的编码认不出来。"), gettext_lazy("用 Excel 打开，另存为 .xlsx 再传。")),
    "archive": (
        gettext_lazy("这是压缩包或别的文档，不是 Excel 工作簿。"),
        gettext_lazy("传 .xlsx 或 .csv；在压缩包里的先解压。"),
    ),
    **dict.fromkeys(("opendocument", "binary"), (gettext_lazy("这种工作簿读不了。"), SAVE_AS)),
    "encrypted": (gettext_lazy("文件加了密码。"), SAVE_AS),
    "macros": (gettext_lazy("文件带有宏。"), SAVE_AS),
    "links": (gettext_lazy("文件引用了别的文件。"), gettext_lazy("断开链接或粘贴为数值，再传。")),
    **dict.fromkeys(("damaged", "structure", "encoding"), DAMAGED),
    **dict.fromkeys(("heavy", "part", "liar"), TOO_LARGE),
    "doctype": (gettext_lazy("文件里有不允许的声明（DOCTYPE）。"), SAVE_AGAIN),
    "far": (
        gettext_lazy("表一直伸到第 %(row)s 行、第 %(column)s 列，超出 %(rows)s 行 %(columns)s 列。"),
        gettext_lazy("删掉表外的内容和空白格式再传。"),
    ),
}


class Refused(Exception):
    """A file that is not read: what is wrong and what to do about it, for the person who sent it."""

    def __init__(self, what: str, remedy: str):
        super().__init__(f"{what}{remedy}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class Table:
    """`rows` are (row number in the file, one text per header)."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: bytes, known: set[str]) -> Table:
    """The table of a file; its header is the first row with at least two of the `known` words.

    Raises Refused when the file cannot be opened or has no such header.
    """
    try:
        lines = _lines(data)
    except Unsafe as unsafe:
        what, remedy = REFUSALS[unsafe.reason]
        raise Refused(what % {**unsafe.facts, "rows": MAX_ROWS, "columns": MAX_COLUMNS}, remedy) from unsafe
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


def _lines(data: bytes) -> list[list[str]]:
    kind = precheck.kind_of(data, LIMITS)
    if kind == "zip":
        precheck.check_package(data, LIMITS)
        return _from_xlsx(data)
    if kind == "ole":
        raise Refused(_("这是旧格式（.xls）或加了密码的文件。"), _("去掉密码，另存为 .xlsx 再传。"))
    return _from_csv(precheck.decode(data)[0])


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


def _from_csv(text: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if len(rows) > MAX_ROWS:
        raise Refused(_("表超过 %(n)s 行。") % {"n": MAX_ROWS}, _("分几次传。"))
    return [row[:MAX_COLUMNS] for row in rows]


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
