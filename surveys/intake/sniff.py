"""What a file is, by its content, and whether it may be opened at all.

Nothing here parses a workbook: a zip is judged by its directory and by plain searches in its parts, an
OLE file by the names in it. Everything refused is refused with one Chinese sentence that says what to do.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO

from surveys.intake.references import column_number

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a file is not opened."""

    file: int = 48 * MEGABYTE
    total: int = 360 * MEGABYTE
    part: int = 300 * MEGABYTE
    strings: int = 96 * MEGABYTE
    parts: int = 3000
    ratio: int = 400
    ratio_from: int = 8 * MEGABYTE
    cells: int = 12_000_000
    rows_far: int = 1_000_000


LIMITS = Limits()


class Refused(Exception):
    """A file that is not opened. `kind` is stable, the text is for the clerk."""

    def __init__(
        self, kind: str, message: str, suggestion: str, sheet: str | None = None, cell: str | None = None
    ):
        super().__init__(message)
        self.kind, self.message, self.suggestion, self.sheet, self.cell = (
            kind,
            message,
            suggestion,
            sheet,
            cell,
        )


@dataclass
class Sniffed:
    """kind: xlsx, xls, html or csv; `text` and `encoding` for the last two."""

    kind: str
    data: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    encoding: str = ""
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)


SAVE_AS = "在 Excel 或 WPS 里另存为 .xlsx 再上传。"


def sniff(data: bytes, name: str = "", limits: Limits = LIMITS) -> Sniffed:
    """The kind of a file from its bytes; Refused if it must not be opened."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("empty_file", f"“{name}”是空文件。", "确认文件已保存，再上传一次。")
    if len(data) > limits.file:
        raise Refused(
            "too_large",
            f"“{name}”有 {len(data) // MEGABYTE} MB，超过 {limits.file // MEGABYTE} MB。",
            "删掉图片和无关的表，只留数据表再上传。",
        )
    head = data[:8]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data, name, limits)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _ole(data, name)
    _not_pictures(data, name)
    text, encoding = decode(data, name)
    start = text[:4096].lstrip().lower()
    if start.startswith("<") and re.search(r"<(html|table|meta|head|!doctype html)", start):
        return Sniffed("html", data, text, encoding)
    if start.startswith("<?xml"):
        raise Refused("not_supported", f"“{name}”是 XML 文件，不是工作簿。", SAVE_AS)
    return Sniffed("csv", data, text, encoding)


def _not_pictures(data: bytes, name: str) -> None:
    known = {
        b"%PDF": "PDF",
        b"\x89PNG": "图片",
        b"\xff\xd8\xff": "图片",
        b"GIF8": "图片",
        b"Rar!": "压缩包",
        b"7z\xbc\xaf": "压缩包",
        b"\x1f\x8b": "压缩包",
        b"MZ": "程序",
    }
    for magic, what in known.items():
        if data.startswith(magic):
            raise Refused(
                "not_a_table",
                f"“{name}”是{what}，里面没有可读的表格。",
                "上传 Excel 或 CSV 表；盖章扫描件在“附件”里上传。",
            )


def decode(data: bytes, name: str = "") -> tuple[str, str]:
    """Text and encoding: strict UTF-8 (with or without BOM), UTF-16 with BOM, then strict GB18030; else Refused."""
    candidates = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, "utf-8-bom" if data.startswith(b"\xef\xbb\xbf") else encoding.removesuffix("-sig")
    raise Refused("not_a_table", f"“{name}”不是表格文件，文字也读不出来。", SAVE_AS)


def _ole(data: bytes, name: str) -> Sniffed:
    def has(word: str) -> bool:
        return word.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise Refused("encrypted", f"“{name}”加了密码，打不开。", "去掉密码（另存为时清空密码）再上传。")
    if has("_VBA_PROJECT") or has("_VBA_PROJECT_CUR"):
        raise Refused("macros", f"“{name}”带有宏。", "另存为不带宏的 .xlsx 再上传。")
    if not has("Workbook") and not has("Book"):
        raise Refused("not_a_table", f"“{name}”不是 Excel 工作簿。", SAVE_AS)
    if _has_filepass(data):
        raise Refused("encrypted", f"“{name}”加了密码，打不开。", "去掉密码（另存为时清空密码）再上传。")
    return Sniffed("xls", data)


def _has_filepass(data: bytes) -> bool:
    """A BIFF FILEPASS record right after the first BOF and a few small records."""
    start = data.find(b"\x09\x08\x10\x00\x00\x06")
    if start < 0:
        return False
    position = start
    for _ in range(40):
        record = int.from_bytes(data[position : position + 2], "little")
        length = int.from_bytes(data[position + 2 : position + 4], "little")
        if record == 0x2F:
            return True
        position += 4 + length
        if position + 4 > len(data) or record == 0x85:
            return False
    return False


def _zip(data: bytes, name: str, limits: Limits) -> Sniffed:
    try:
        package = zipfile.ZipFile(BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Refused(
            "damaged", f"“{name}”已损坏，打不开。", "用 Excel 打开原文件另存一份再上传。"
        ) from error
    _directory(entries, name, limits)
    names = {e.filename.replace("\\", "/").lower() for e in entries}
    if any(n.endswith("vbaproject.bin") or "/macrosheets/" in n for n in names):
        raise Refused("macros", f"“{name}”带有宏。", "另存为不带宏的 .xlsx 再上传。")
    if "xl/workbook.bin" in names:
        raise Refused("not_supported", f"“{name}”是二进制工作簿（.xlsb）。", SAVE_AS)
    if not any(n.endswith("workbook.xml") for n in names):
        what = "WPS/OpenOffice 表格（.ods）" if "content.xml" in names else "压缩包，不是 Excel 工作簿"
        raise Refused("not_supported", f"“{name}”是{what}。", SAVE_AS)
    sniffed = Sniffed("xlsx", data)
    for entry in entries:
        lower = entry.filename.lower()
        if lower.startswith("xl/externallinks/") and lower.endswith(".xml"):
            _refuse_links(name)
        if lower.endswith((".xml", ".rels", ".vml")):
            part = _part(package, entry, name, limits)
            if lower.startswith(("xl/worksheets/", "xl/workbook.xml", "xl/_rels/workbook.xml")):
                sniffed.parts[entry.filename.replace("\\", "/")] = part
    return sniffed


def _refuse_links(name: str) -> None:
    raise Refused(
        "external_links",
        f"“{name}”引用了别的文件（外部链接）。",
        "在“数据—编辑链接”里断开链接，或全选后选择性粘贴为数值，再上传。",
    )


def _directory(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    total = sum(e.file_size for e in entries)
    far = max(
        (e.file_size / max(e.compress_size, 1) for e in entries if e.file_size > limits.ratio_from), default=0
    )
    strings = max(
        (e.file_size for e in entries if e.filename.lower().endswith("sharedstrings.xml")), default=0
    )
    if len(entries) > limits.parts or total > limits.total or far > limits.ratio or strings > limits.strings:
        raise Refused(
            "bomb",
            f"“{name}”解压后大得不正常（{len(entries)} 个部件，{total // MEGABYTE} MB）。",
            "新建一个工作簿，只复制数据过去再上传。",
        )
    if any(e.flag_bits & 1 for e in entries):
        raise Refused("encrypted", f"“{name}”加了密码，打不开。", "去掉密码再上传。")
    lowered = [e.filename.lower() for e in entries]
    if len(set(lowered)) != len(lowered) or any(".." in n.split("/") or n.startswith("/") for n in lowered):
        raise Refused("damaged", f"“{name}”的内部结构不正常。", "用 Excel 打开原文件另存一份再上传。")


def read_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of a part, never more than its directory says; Refused if it is damaged."""
    try:
        with package.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise _damaged(name) from error
    except Exception as error:  # zlib.error has no common parent
        raise _damaged(name) from error
    if len(data) > entry.file_size:
        raise Refused("bomb", f"“{name}”解压后比它说的大。", "新建一个工作簿，只复制数据过去再上传。")
    return data


def _damaged(name: str) -> Refused:
    return Refused("damaged", f"“{name}”已损坏，打不开。", "用 Excel 打开原文件另存一份再上传。")


def _part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> bytes:
    if entry.file_size > limits.part:
        raise Refused(
            "bomb", f"“{name}”的一个部件有 {entry.file_size // MEGABYTE} MB。", "只留数据表再上传。"
        )
    lower = entry.filename.lower()
    data = read_part(package, entry, name)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200]:
        raise Refused("damaged", f"“{name}”的内部编码不是 UTF-8。", SAVE_AS)
    if _has_doctype(data):
        raise Refused("bomb", f"“{name}”里有不该出现的 DOCTYPE 声明。", "用 Excel 打开原文件另存一份再上传。")
    if lower.startswith("xl/worksheets/") and lower.endswith(".xml"):
        _extent(data, name, limits)
    return data


def _has_doctype(data: bytes) -> bool:
    """Whether a part declares a document type; only what stands before the first element can."""
    first = re.search(rb"<[A-Za-z_]", data[:65536])
    if first and b"<!" not in data[: first.start()]:
        return False
    return bool(re.search(rb"<!(?i:doctype|entity)", data))


SMALL = 256 * 1024
_ANY = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]*)\$?(\d+)["']""")
_FAR = re.compile(rb' r="(?:[A-Za-z]{2,}\d+|[A-Za-z]?\d{6,})"')


def _extent(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a sheet whose cells span an area nobody fills: a dense reader would ask for all of it.

    Where every reference is written the usual way only far ones are looked at (from column AA or row 100,000);
    26 columns by 99,999 rows are small. Any other spelling is read reference by reference.
    """
    cells = data.count(b"<c ") or data.count(b":c ")
    usual = len(data) > SMALL and data.count(b' r="') >= cells + (
        data.count(b"<row ") or data.count(b":row ")
    )
    columns, rows = 26, 0
    for match in (_FAR if usual else _ANY).finditer(data):
        letters, digits = _ANY.match(match.group()).groups()
        columns = max(columns, column_number(letters.decode()) + 1)
        rows = max(rows, int(digits))
    if columns > 26 and usual:
        rows = max(rows, data.count(b"<row "), data.count(b":row "))
    area = rows * columns
    if (area > limits.cells and area > 60 * max(cells, 1)) or area > 40 * limits.cells:
        raise Refused(
            "bomb",
            f"“{name}”的表一直伸到第 {rows} 行、第 {columns} 列，中间几乎全空。",
            "删掉远处的单元格（选中后整行整列删除），保存后再上传。",
        )
