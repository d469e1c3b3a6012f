"""A workbook with its marks, from its bytes to its bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO

from surveys.intake.annotated.cells import SheetCells, numbered
from surveys.intake.annotated.comments import add_comments
from surveys.intake.annotated.listing import TITLE, add_listing
from surveys.intake.annotated.marks import LEVELS, Mark
from surveys.intake.annotated.package import NotPatchable, Package
from surveys.intake.annotated.styles import EMPTY, Styles
from surveys.intake.read import Book, read
from surveys.intake.sniff import Sniffed

STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
# a comment longer than this nobody reads in its box
LONGEST = 900


def annotate(sniffed: Sniffed, marks: Iterable[Mark], number: str, name: str = "") -> bytes:
    """The workbook with its marked cells coloured and commented and the list of findings behind its sheets.

    `sniffed` is an accepted file (surveys.intake.sniff); what is no .xlsx, or one of a kind that cannot be changed in
    place, comes back as a twin with the same sheets, cells and values, without its formats. `number` is the upload's
    and is found again by `mark_of`. Raises Refused when the file cannot be read at all.
    """
    marks = list(marks)
    if sniffed.kind == "xlsx":
        try:
            return _patched(sniffed.data, marks, number)
        except (NotPatchable, zipfile.BadZipFile):
            pass
    return _patched(twin(read(sniffed, name)), marks, number)


def twin(book: Book) -> bytes:
    """An .xlsx with the same sheets, cells and values. Texts stay texts: nothing in them is calculated."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    made = Workbook(write_only=True)
    for sheet in book.sheets:
        page = made.create_sheet(sheet.name[:31])
        for row in sheet.rows:
            cells = []
            for value in row:
                if isinstance(value, str):
                    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value))
                    cell.data_type = "s"
                    value = cell if value else None
                cells.append(value)
            page.append(cells)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _patched(data: bytes, marks: list[Mark], number: str) -> bytes:
    package = Package(data)
    part = package.target(package.book, "styles")
    if not part or part not in package:
        # some readers look for it under this name alone
        part = "xl/styles.xml" if "xl/styles.xml" not in package else package.free("xl/styles{}.xml")
        package[part] = EMPTY
        package.declare(part, STYLES_TYPE)
        package.relate(package.book, "styles", part)
    styles = Styles(package[part])
    for name, sheet in package.sheets().items():
        own = [mark for mark in marks if mark.sheet == name and mark.places]
        if own and name != TITLE:
            _mark_sheet(package, sheet, styles, own)
    add_listing(package, styles, marks, number)
    package[part] = styles.xml
    return package.write()


def _mark_sheet(package: Package, sheet: str, styles: Styles, marks: list[Mark]) -> None:
    """Colours by the worst that is said of a cell; comments where a finding stands, not at each of its cells."""
    order = list(LEVELS)
    levels: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    for mark in marks:
        for cell in mark.places:
            levels[cell] = min(levels.get(cell, mark.level), mark.level, key=order.index)
        texts.setdefault(mark.places[0], []).append(_comment(mark))
    places = {numbered(cell): level for cell, level in levels.items()}
    cells = SheetCells(package[sheet], set(places))
    link = add_comments(package, sheet, {cell: "\n\n".join(said)[:LONGEST] for cell, said in texts.items()})
    package[sheet] = cells.written(lambda cell, style: styles.coloured(style, places[cell]), link)


def _comment(mark: Mark) -> str:
    rule = f"（{mark.rule}）" if mark.rule else ""
    return f"{LEVELS[mark.level]}{rule}：{mark.text}" + (f"\n{mark.remedy}" if mark.remedy else "")
