"""An .xlsx as a package: its parts, which part is which sheet, and how parts name one another."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from posixpath import dirname, join, normpath, relpath
from xml.sax.saxutils import escape, quoteattr, unescape

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"
_ELEMENT = re.compile(rb"<(?:\w+:)?(\w+)\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class NotPatchable(Exception):
    """A package of a kind that is not changed in place; its twin is written instead."""


def attributes(text: bytes) -> dict[str, str]:
    """The attributes in the inside of a start tag, entities resolved."""
    entities = {"&quot;": '"', "&apos;": "'"}
    return {
        name.decode(): unescape((double or single).decode(), entities)
        for name, double, single in _ATTRIBUTE.findall(text)
    }


def elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of every element of this local name, in order."""
    wanted = name.encode()
    return [attributes(inside) for local, inside in _ELEMENT.findall(xml) if local == wanted]


class Package:
    """The parts of an .xlsx, changed in memory. What is not touched is written as it was read."""

    def __init__(self, data: bytes):
        """Raises NotPatchable for strict and otherwise unusual packages, zipfile.BadZipFile for no package."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self.members = [(info, archive.read(info)) for info in archive.infolist()]
        self.parts = {info.filename: content for info, content in self.members}
        offices = [e for e in self.relations("") if e["Type"].endswith("/officeDocument")]
        if len(offices) != 1 or CONTENT_TYPES not in self.parts or "purl.oclc.org" in offices[0]["Type"]:
            raise NotPatchable
        self.book = offices[0]["Target"].lstrip("/")
        if self.book not in self.parts:
            raise NotPatchable

    def __contains__(self, part: str) -> bool:
        return part in self.parts

    def __getitem__(self, part: str) -> bytes:
        return self.parts[part]

    def __setitem__(self, part: str, content: bytes) -> None:
        self.parts[part] = content

    def relations(self, part: str) -> list[dict[str, str]]:
        """The relations of a part ('' for the package): Id, Type, Target as written."""
        return elements(self.parts.get(relations_of(part), b""), "Relationship")

    def target(self, part: str, kind: str) -> str:
        """The part that `part` names with a relation of this kind; '' if there is none."""
        found = [e for e in self.relations(part) if e["Type"].endswith(f"/{kind}")]
        return resolved(part, found[0]["Target"]) if found else ""

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relation and returns its id."""
        place, taken = relations_of(part), {e["Id"] for e in self.relations(part)}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdHq{n}" not in taken)
        entry = (
            f'<Relationship Id="rIdHq{number}" Type="{RELATIONS}/{kind}" '
            f"Target={quoteattr(relpath(target, dirname(part) or '.'))}/>"
        )
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        self.parts[place] = before_end(self.parts.get(place, empty), "Relationships", entry)
        return f"rIdHq{number}"

    def free(self, pattern: str) -> str:
        """The first part name of the pattern (`xl/comments{}.xml`) that is not taken."""
        return next(name for n in range(1, 10_000) if (name := pattern.format(n)) not in self.parts)

    def declare(self, part: str, content_type: str) -> None:
        """Says what a new part is."""
        entry = f'<Override PartName="/{escape(part)}" ContentType="{content_type}"/>'
        self.parts[CONTENT_TYPES] = before_end(self.parts[CONTENT_TYPES], "Types", entry)

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Says what parts with this extension are, if nothing says it yet."""
        known = {e.get("Extension", "").lower() for e in elements(self.parts[CONTENT_TYPES], "Default")}
        if extension not in known:
            types = self.parts[CONTENT_TYPES]
            entry = f'<Default Extension="{extension}" ContentType="{content_type}"/>'
            start = re.search(rb"<(?:\w+:)?Types\b[^>]*>", types).end()
            self.parts[CONTENT_TYPES] = types[:start] + prefixed(types, "Types", entry) + types[start:]

    def sheets(self) -> dict[str, str]:
        """Sheet name → part."""
        targets = {e["Id"]: resolved(self.book, e["Target"]) for e in self.relations(self.book)}
        found = {}
        for sheet in elements(self.parts[self.book], "sheet"):
            link = next((value for name, value in sheet.items() if name.endswith(":id")), "")
            if "name" in sheet and targets.get(link) in self.parts:
                found[sheet["name"]] = targets[link]
        return found

    def write(self) -> bytes:
        """The package again: the members in their order, new ones behind them."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for info, _content in self.members:
                archive.writestr(info, self.parts[info.filename])
            for name in self.parts.keys() - {info.filename for info, _content in self.members}:
                archive.writestr(name, self.parts[name])
        return out.getvalue()


def relations_of(part: str) -> str:
    """`xl/worksheets/sheet1.xml` → `xl/worksheets/_rels/sheet1.xml.rels`; '' → the package's own."""
    folder, name = dirname(part), part.rsplit("/", 1)[-1]
    return join(folder, "_rels", f"{name}.rels")


def resolved(part: str, target: str) -> str:
    """A relation's target as the name of a part."""
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))


def prefixed(xml: bytes, element: str, entry: str) -> bytes:
    """An entry with the prefix that the element has in this part (`<x:row>` beside `<x:sheetData>`)."""
    found = re.search(rb"<(\w+:)?" + element.encode() + rb"\b", xml)
    prefix = (found[1] or b"").decode() if found else ""
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", entry).encode() if prefix else entry.encode()


def before_end(xml: bytes, element: str, entry: str) -> bytes:
    """An entry as the last child of an element, which may be written as empty."""
    name = element.encode()
    inside = prefixed(xml, element, entry)
    if close := list(re.finditer(rb"</(?:\w+:)?" + name + rb"\s*>", xml)):
        return xml[: close[-1].start()] + inside + xml[close[-1].start() :]
    empty = re.search(rb"<((?:\w+:)?" + name + rb")\b([^>]*?)/>", xml)
    if not empty:
        raise NotPatchable
    opened = b"<" + empty[1] + empty[2] + b">" + inside + b"</" + empty[1] + b">"
    return xml[: empty.start()] + opened + xml[empty.end() :]
