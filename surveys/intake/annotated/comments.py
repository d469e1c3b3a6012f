"""Comments on cells: the texts in one part, their boxes in another, beside those the sheet has already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from surveys.intake.annotated.cells import numbered
from surveys.intake.annotated.package import Package, before_end, elements, prefixed

AUTHOR = "后勤协同平台"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
NO_COMMENTS = f'<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'.encode()
NO_BOXES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b"</o:shapelayout></xml>"
)
SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
# of a box, in columns and rows
WIDTH, HEIGHT = 4, 7
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def text_xml(text: str) -> str:
    """A text for an element's inside, without what XML cannot hold."""
    return escape(_ILLEGAL.sub("", text))


def add_comments(package: Package, sheet: str, texts: Mapping[str, str]) -> str:
    """Puts comments (cell → text) on a sheet's cells. Returns the relation of the boxes, to be linked from the sheet; a
    sheet that had comments is linked already.

    A comment that a cell has stays, and what is said here stands below it.
    """
    part, boxes, link = package.target(sheet, "comments"), package.target(sheet, "vmlDrawing"), ""
    if not part or part not in package:
        part = package.free("xl/comments{}.xml")
        package[part] = NO_COMMENTS
        package.declare(part, COMMENTS_TYPE)
        package.relate(sheet, "comments", part)
    if not boxes or boxes not in package:
        boxes = package.free("xl/drawings/vmlDrawing{}.vml")
        package[boxes] = NO_BOXES
        package.declare_extension("vml", DRAWING_TYPE)
        link = package.relate(sheet, "vmlDrawing", boxes)
    package[part], fresh = _with_texts(package[part], texts)
    package[boxes] = _with_boxes(package[boxes], fresh)
    return link


def _with_texts(xml: bytes, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """The comments with these added, and the cells that had none."""
    author = len(elements(xml, "author"))
    xml = before_end(xml, "authors", f"<author>{AUTHOR}</author>")
    there = {e.get("ref") for e in elements(xml, "comment")}
    fresh = [cell for cell in texts if cell not in there]
    for cell in texts.keys() & there:
        xml = _below(xml, cell, texts[cell])
    entries = "".join(
        f'<comment ref="{cell}" authorId="{author}"><text><t xml:space="preserve">{text_xml(texts[cell])}</t></text>'
        "</comment>"
        for cell in fresh
    )
    return before_end(xml, "commentList", entries), fresh


def _below(xml: bytes, cell: str, text: str) -> bytes:
    """A text below the comment that a cell has. A plain text becomes the first of two runs."""
    start = rb"""<(?:\w+:)?comment\b[^>]*?\sref=["']""" + cell.encode() + rb"""["'].*?<(?:\w+:)?text\s*>"""
    found = re.search(rb"(" + start + rb")(.*?)(</(?:\w+:)?text\s*>)", xml, re.S)
    if not found:
        return xml
    inside = found[2]
    if not re.search(rb"<(?:\w+:)?r[\s>]", inside) and inside.strip():
        run = prefixed(xml, "commentList", "<r>")
        inside = run + inside + run.replace(b"<", b"</")
    more = prefixed(xml, "commentList", f'<r><t xml:space="preserve">\n\n{text_xml(text)}</t></r>')
    return xml[: found.start(2)] + inside + more + xml[found.end(2) :]


def _with_boxes(xml: bytes, cells: list[str]) -> bytes:
    """A hidden box for each cell, beside it."""
    if not cells:
        return xml
    first = max([1024, *(int(n) for n in re.findall(rb'id="_x0000_s(\d+)"', xml))]) + 1
    shapes = "" if b"_x0000_t202" in xml else SHAPE_TYPE
    shapes += "".join(_box(*numbered(cell), first + n) for n, cell in enumerate(cells))
    end = xml.rindex(b"</xml>")
    return xml[:end] + shapes.encode() + xml[end:]


def _box(row: int, column: int, number: int) -> str:
    anchor = (
        f"{column + 1}, 12, {max(row - 1, 0)}, 6, {column + 1 + WIDTH}, 12, {max(row - 1, 0) + HEIGHT}, 6"
    )
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
