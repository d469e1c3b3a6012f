"""Looks at an uploaded table before any parser does. A workbook is a zip whose parts may be bombs: it is judged by
its directory and by plain searches in its parts."""

import re
import zipfile
from io import BytesIO

from django.utils.translation import gettext as _

MEGABYTE = 1 << 20
MAX_TOTAL, MAX_PARTS, MAX_RATIO = 40 * MEGABYTE, 500, 200
# a small part may shrink a lot and harms nobody
RATIO_FROM = MEGABYTE
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,4})(\d{1,8})"')
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class Refused(Exception):
    """A file that is not opened: what is wrong and what to do about it, for the person who sent it."""

    def __init__(self, what: str, remedy: str):
        super().__init__(f"{what}{remedy}")
        self.what, self.remedy = what, remedy


def check_table(data: bytes, *, rows: int, columns: int) -> str:
    """`xlsx` or `csv`, from the bytes. Raises Refused for anything else, for what is encrypted or carries macros, for
    bombs, and for cells beyond `rows` × `columns`."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refused(_("文件是空的。"), _("确认文件已保存，再选一次。"))
    if data.startswith(b"PK"):
        _check_package(data, rows, columns)
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_("这是旧格式（.xls）或加了密码的文件。"), _("去掉密码，另存为 .xlsx 再传。"))
    if b"\0" in data or data.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")
    ):
        raise Refused(_("这不是表格文件。"), _("传 .xlsx 或 .csv。"))
    return "csv"


def _check_package(data: bytes, rows: int, columns: int) -> None:
    try:
        package = zipfile.ZipFile(BytesIO(data))
        parts = package.infolist()
        _check_directory(parts)
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _check_part(package.read(part), rows, columns)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        # RuntimeError is how zipfile says that a part is encrypted
        raise Refused(_("文件已损坏，打不开。"), _("用 Excel 打开原文件，另存一份再传。")) from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Refused(_("文件带有宏。"), _("另存为不带宏的 .xlsx 再传。"))
    if "xl/workbook.xml" not in names:
        raise Refused(_("这是压缩包，不是 Excel 工作簿。"), _("解压后传里面的 .xlsx 或 .csv。"))
    heavy = [
        p for p in parts if p.file_size > RATIO_FROM and p.file_size > MAX_RATIO * max(p.compress_size, 1)
    ]
    if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_TOTAL or heavy:
        raise Refused(_("文件解开后太大。"), _("删掉图片和无关的表，只留登记表再传。"))


def _check_part(content: bytes, rows: int, columns: int) -> None:
    if DOCTYPE.search(content):
        raise Refused(_("文件里有不允许的声明（DOCTYPE）。"), _("用 Excel 打开，另存一份再传。"))
    for letters, number in CELL.findall(content):
        if int(number) > rows or _column(letters) > columns:
            place = f"{letters.decode()}{number.decode()}"
            raise Refused(
                _("%(place)s 有内容，超出 %(rows)s 行 %(columns)s 列。")
                % {"place": place, "rows": rows, "columns": columns},
                _("删掉表外的内容和空白格式再传。"),
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
