"""Whether an uploaded table may be opened at all, judged before any parser sees it. Knows no framework.

A workbook is a zip whose parts may be bombs: it is judged by its directory and by plain searches in its parts; an OLE
file (.xls) by the names in it. What is wrong is told as a reason with its facts; each room has its own words for it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

MEGABYTE = 1 << 20
# up to here every cell reference of a sheet is read; beyond, only the far ones
SMALL = 256 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes beyond which a file is not opened. `rows` and `columns` bound a table of known size; without
    them a sheet may reach as far as it is filled."""

    file: int = 48 * MEGABYTE
    total: int = 360 * MEGABYTE
    part: int = 300 * MEGABYTE
    strings: int = 96 * MEGABYTE
    parts: int = 3000
    ratio: int = 400
    # a small part may shrink a lot and harms nobody
    ratio_from: int = 8 * MEGABYTE
    cells: int = 12_000_000
    rows: int | None = None
    columns: int | None = None


class Unsafe(Exception):
    """A file that is not opened. `reason` is one of REASONS; `facts` fill the sentence about it."""

    def __init__(self, reason: str, **facts: object):
        super().__init__(reason)
        self.reason, self.facts = reason, facts


REASONS = frozenset({
    # nothing to read, or nothing that is a table
    "empty", "large", "picture", "pdf", "compressed", "program", "text",
    # a workbook of a kind that is not read
    "no_workbook", "opendocument", "binary", "archive",
    # a workbook that is not opened
    "encrypted", "macros", "links", "damaged", "structure", "encoding",
    # a bomb
    "heavy", "part", "liar", "doctype", "far",
})  # fmt: skip

ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "compressed",
    b"7z\xbc\xaf": "compressed",
    b"\x1f\x8b": "compressed",
    b"MZ": "program",
}


def kind_of(data: bytes, limits: Limits) -> str:
    """`zip`, `ole` or `text` by the first bytes. Raises Unsafe for what is empty, too large or no table."""
    if not data.strip(b"\0 \r\n\t"):
        raise Unsafe("empty")
    if len(data) > limits.file:
        raise Unsafe("large", megabytes=len(data) // MEGABYTE, limit=limits.file // MEGABYTE)
    if data.startswith(ZIP):
        return "zip"
    if data.startswith(OLE):
        return "ole"
    for magic, what in _FOREIGN.items():
        if data.startswith(magic):
            raise Unsafe(what)
    return "text"


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding: strict UTF-8 (with or without BOM), UTF-16 with BOM, then strict GB18030; else Unsafe."""
    candidates = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, "utf-8-bom" if data.startswith(b"\xef\xbb\xbf") else encoding.removesuffix("-sig")
    raise Unsafe("text")


def check_ole(data: bytes) -> None:
    """Raises Unsafe unless the bytes are an .xls workbook without password and macros."""

    def has(word: str) -> bool:
        return word.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise Unsafe("encrypted")
    if has("_VBA_PROJECT") or has("_VBA_PROJECT_CUR"):
        raise Unsafe("macros")
    if not has("Workbook") and not has("Book"):
        raise Unsafe("no_workbook")
    if _has_filepass(data):
        raise Unsafe("encrypted")


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


def check_package(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Raises Unsafe unless the zip is an .xlsx workbook that may be opened; the bytes of its sheets and of its list
    of sheets, by name."""
    try:
        package = zipfile.ZipFile(BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unsafe("damaged") from error
    _check_directory(entries, limits)
    _check_kind({entry.filename.replace("\\", "/").lower() for entry in entries})
    parts = {}
    for entry in entries:
        lower = entry.filename.lower()
        if lower.startswith("xl/externallinks/") and lower.endswith(".xml"):
            raise Unsafe("links")
        if lower.endswith((".xml", ".rels", ".vml")):
            part = _check_part(package, entry, limits)
            if lower.startswith(("xl/worksheets/", "xl/workbook.xml", "xl/_rels/workbook.xml")):
                parts[entry.filename.replace("\\", "/")] = part
    return parts


def _check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(e.file_size for e in entries)
    ratios = (e.file_size / max(e.compress_size, 1) for e in entries if e.file_size > limits.ratio_from)
    strings = (e.file_size for e in entries if e.filename.lower().endswith("sharedstrings.xml"))
    heavy = len(entries) > limits.parts or total > limits.total
    if heavy or max(ratios, default=0) > limits.ratio or max(strings, default=0) > limits.strings:
        raise Unsafe("heavy", parts=len(entries), megabytes=total // MEGABYTE)
    if any(e.flag_bits & 1 for e in entries):
        raise Unsafe("encrypted")
    lowered = [e.filename.lower() for e in entries]
    if len(set(lowered)) != len(lowered) or any(".." in n.split("/") or n.startswith("/") for n in lowered):
        raise Unsafe("structure")


def _check_kind(names: set[str]) -> None:
    if any(n.endswith("vbaproject.bin") or "/macrosheets/" in n for n in names):
        raise Unsafe("macros")
    if "xl/workbook.bin" in names:
        raise Unsafe("binary")
    if not any(n.endswith("workbook.xml") for n in names):
        raise Unsafe("opendocument" if "content.xml" in names else "archive")


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    if entry.file_size > limits.part:
        raise Unsafe("part", megabytes=entry.file_size // MEGABYTE)
    data = _read_part(package, entry)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200]:
        raise Unsafe("encoding")
    if _has_doctype(data):
        raise Unsafe("doctype")
    lower = entry.filename.lower()
    if lower.startswith("xl/worksheets/") and lower.endswith(".xml"):
        _check_extent(data, limits)
    return data


def _read_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a part, never more than its directory says."""
    try:
        with package.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except Exception as error:  # zlib.error and what zipfile raises have no common parent
        raise Unsafe("damaged") from error
    if len(data) > entry.file_size:
        raise Unsafe("liar")
    return data


def _has_doctype(data: bytes) -> bool:
    """Whether a part declares a document type; only what stands before the first element can."""
    first = re.search(rb"<[A-Za-z_]", data[:65536])
    if first and b"<!" not in data[: first.start()]:
        return False
    return bool(re.search(rb"<!(?i:doctype|entity)", data))


_ANY = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]*)\$?(\d+)["']""")
_FAR = re.compile(rb' r="(?:[A-Za-z]{2,}\d+|[A-Za-z]?\d{6,})"')


def _check_extent(data: bytes, limits: Limits) -> None:
    """Refuses a sheet whose cells span an area nobody fills: a dense reader would ask for all of it.

    Where every reference is written the usual way only far ones are looked at (from column AA or row 100,000);
    26 columns by 99,999 rows are small. Any other spelling, and a table of known size, is read reference by
    reference.
    """
    cells = data.count(b"<c ") or data.count(b":c ")
    starts = data.count(b"<row ") or data.count(b":row ")
    usual = limits.rows is None and len(data) > SMALL and data.count(b' r="') >= cells + starts
    columns, rows = 0, 0
    for match in (_FAR if usual else _ANY).finditer(data):
        letters, digits = _ANY.match(match.group()).groups()
        columns, rows = max(columns, column_number(letters) + 1), max(rows, int(digits))
    beyond = rows > (limits.rows or rows) or columns > (limits.columns or columns)
    columns = max(columns, 26)
    if columns > 26 and usual:
        rows = max(rows, starts)
    area = rows * columns
    if beyond or (area > limits.cells and area > 60 * max(cells, 1)) or area > 40 * limits.cells:
        raise Unsafe("far", row=rows, column=columns)


def column_number(letters: bytes | str) -> int:
    """Column letters to a number from 0: A → 0, AA → 26; no letters → -1."""
    text = letters.decode() if isinstance(letters, bytes) else letters
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
