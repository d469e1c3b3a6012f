"""What a file is, by its content, and in the clerk's words why it may not be opened.

Nothing here parses a workbook: `files.precheck` judges it by plain searches. Everything refused is refused with one
Chinese sentence that says what to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from files import precheck
from files.precheck import Limits, Unsafe
from surveys.definition.said import fill, frame, say

LIMITS = Limits()
SAVE_AS = say("在 Excel 或 WPS 里另存为 .xlsx 再上传。")
RE_SAVE = say("用 Excel 打开原文件另存一份再上传。")
COPY_OVER = say("新建一个工作簿，只复制数据过去再上传。")
FOREIGN = say("上传 Excel 或 CSV 表；照片、扫描件和文档读不出数。")
# reason → kind (stable), what is wrong, what to do
REFUSALS: dict[str, tuple[str, str, str]] = {
    "empty": ("empty_file", frame("“{name}”是空文件。"), say("确认文件已保存，再上传一次。")),
    "large": (
        "too_large",
        frame("“{name}”有 {megabytes} MB，超过 {limit} MB。"),
        say("删掉图片和无关的表，只留数据表再上传。"),
    ),
    "picture": ("not_a_table", frame("“{name}”是图片，里面没有可读的表格。"), FOREIGN),
    "pdf": ("not_a_table", frame("“{name}”是PDF，里面没有可读的表格。"), FOREIGN),
    "program": ("not_a_table", frame("“{name}”是程序，里面没有可读的表格。"), FOREIGN),
    "compressed": ("not_a_table", frame("“{name}”是压缩包，里面没有可读的表格。"), FOREIGN),
    "archive": ("not_supported", frame("“{name}”是压缩包，不是 Excel 工作簿。"), SAVE_AS),
    "text": ("not_a_table", frame("“{name}”不是表格文件，文字也读不出来。"), SAVE_AS),
    "no_workbook": ("not_a_table", frame("“{name}”不是 Excel 工作簿。"), SAVE_AS),
    "opendocument": ("not_supported", frame("“{name}”是WPS/OpenOffice 表格（.ods）。"), SAVE_AS),
    "binary": ("not_supported", frame("“{name}”是二进制工作簿（.xlsb）。"), SAVE_AS),
    "encrypted": (
        "encrypted",
        frame("“{name}”加了密码，打不开。"),
        say("去掉密码（另存为时清空密码）再上传。"),
    ),
    "macros": ("macros", frame("“{name}”带有宏。"), say("另存为不带宏的 .xlsx 再上传。")),
    "links": (
        "external_links",
        frame("“{name}”引用了别的文件（外部链接）。"),
        say("在“数据—编辑链接”里断开链接，或全选后选择性粘贴为数值，再上传。"),
    ),
    "damaged": ("damaged", frame("“{name}”已损坏，打不开。"), RE_SAVE),
    "structure": ("damaged", frame("“{name}”的内部结构不正常。"), RE_SAVE),
    "encoding": ("damaged", frame("“{name}”的内部编码不是 UTF-8。"), SAVE_AS),
    "heavy": ("bomb", frame("“{name}”解压后大得不正常（{parts} 个部件，{megabytes} MB）。"), COPY_OVER),
    "part": ("bomb", frame("“{name}”的一个部件有 {megabytes} MB。"), say("只留数据表再上传。")),
    "liar": ("bomb", frame("“{name}”解压后比它说的大。"), COPY_OVER),
    "doctype": ("bomb", frame("“{name}”里有不该出现的 DOCTYPE 声明。"), RE_SAVE),
    "far": (
        "bomb",
        frame("“{name}”的表一直伸到第 {row} 行、第 {column} 列，中间几乎全空。"),
        say("删掉远处的单元格（选中后整行整列删除），保存后再上传。"),
    ),
}


class Refused(Exception):
    """A file that is not opened. `kind` is stable, the text is for the clerk."""

    def __init__(
        self, kind: str, message: str, suggestion: str, sheet: str | None = None, cell: str | None = None
    ):
        super().__init__(message)
        self.kind, self.message, self.suggestion = kind, message, suggestion
        self.sheet, self.cell = sheet, cell


@dataclass
class Sniffed:
    """kind: xlsx, xls, html or csv; `text` and `encoding` for the last two."""

    kind: str
    data: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    encoding: str = ""
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)


def sniff(data: bytes, name: str = "", limits: Limits = LIMITS) -> Sniffed:
    """The kind of a file from its bytes; Refused if it must not be opened."""
    try:
        return _sniff(data, name, limits)
    except Unsafe as unsafe:
        raise _refused(unsafe, name) from unsafe


def decode(data: bytes, name: str = "") -> tuple[str, str]:
    """Text and encoding of a file that is no workbook; Refused if it cannot be read."""
    try:
        return precheck.decode(data)
    except Unsafe as unsafe:
        raise _refused(unsafe, name) from unsafe


def _sniff(data: bytes, name: str, limits: Limits) -> Sniffed:
    kind = precheck.kind_of(data, limits)
    if kind == "zip":
        return Sniffed("xlsx", data, parts=precheck.check_package(data, limits))
    if kind == "ole":
        precheck.check_ole(data)
        return Sniffed("xls", data)
    text, encoding = precheck.decode(data)
    start = text[:4096].lstrip().lower()
    if start.startswith("<") and re.search(r"<(html|table|meta|head|!doctype html)", start):
        return Sniffed("html", data, text, encoding)
    if start.startswith("<?xml"):
        raise Refused("not_supported", say("“{name}”是 XML 文件，不是工作簿。", name=name), SAVE_AS)
    return Sniffed("csv", data, text, encoding)


def _refused(unsafe: Unsafe, name: str) -> Refused:
    kind, message, remedy = REFUSALS[unsafe.reason]
    return Refused(kind, fill(message, name=name, **unsafe.facts), remedy)
