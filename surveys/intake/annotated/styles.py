"""Colours for marked cells: each cell keeps its format and gets another fill."""

from __future__ import annotations

import re

from surveys.intake.annotated.package import NotPatchable, before_end, prefixed

# the fills of ui's states, light enough for black text
FILLS = {"error": "FFF8D7D3", "asked": "FFDCE7F7", "warning": "FFFBE6B8", "info": "FFE9EDEE"}
BOLD = '<font><b/><sz val="11"/><name val="Calibri"/></font>'
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    b'</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*?/>|<(?:\w+:)?xf\b[^>]*?>.*?</(?:\w+:)?xf\s*>", re.S)


class Styles:
    """The style sheet of a workbook, added to and never changed."""

    def __init__(self, xml: bytes):
        """Raises NotPatchable for a style sheet without formats of cells."""
        self.xml = xml
        formats = re.search(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs\s*>", xml, re.S)
        if not formats:
            raise NotPatchable
        self.formats = _XF.findall(formats[1])
        self.fills: dict[str, int] = {}
        self.made: dict[tuple[int, str], int] = {}

    def coloured(self, style: int, level: str) -> int:
        """The number of the format `style` with the fill of a level."""
        key = (style, level)
        if key not in self.made:
            original = self.formats[style] if style < len(self.formats) else self.formats[0]
            self.made[key] = self._add_format(_with_fill(original, self._fill(level)))
        return self.made[key]

    def wrapped(self, bold: bool = False) -> int:
        """The number of a format for the list of findings: text that wraps, from the top; `bold` for its head."""
        alignment = '<alignment vertical="top" wrapText="1"/>'
        return self._own(-2 if bold else -1, bold, alignment)

    def bold(self) -> int:
        """The number of a format for a heading."""
        return self._own(-3, True, "")

    def _own(self, key: int, bold: bool, inside: str) -> int:
        if (key, "") not in self.made:
            font = self._append("fonts", BOLD) if bold else 0
            entry = (
                f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
                f"{inside}</xf>"
            )
            self.made[key, ""] = self._add_format(prefixed(self.xml, "cellXfs", entry))
        return self.made[key, ""]

    def _fill(self, level: str) -> int:
        if level not in self.fills:
            entry = (
                f'<fill><patternFill patternType="solid"><fgColor rgb="{FILLS[level]}"/><bgColor indexed="64"/>'
                "</patternFill></fill>"
            )
            self.fills[level] = self._append("fills", entry)
        return self.fills[level]

    def _append(self, group: str, entry: str) -> int:
        """Adds an entry at the end of a group, counts it, and returns its number."""
        single = group.removesuffix("s").encode()
        inside = re.search(
            rb"<(?:\w+:)?" + group.encode() + rb"\b[^>]*>(.*?)</(?:\w+:)?" + group.encode(), self.xml, re.S
        )
        if not inside:
            raise NotPatchable
        number = len(re.findall(rb"<(?:\w+:)?" + single + rb"[\s/>]", inside[1]))
        self.xml = _counted(before_end(self.xml, group, entry), group, number + 1)
        return number

    def _add_format(self, xml: bytes) -> int:
        self.formats.append(xml)
        end = re.search(rb"</(?:\w+:)?cellXfs\s*>", self.xml).start()
        self.xml = _counted(self.xml[:end] + xml + self.xml[end:], "cellXfs", len(self.formats))
        return len(self.formats) - 1


def _with_fill(xf: bytes, fill: int) -> bytes:
    opened = re.match(rb"<((?:\w+:)?xf)\b([^>]*?)(/?)>", xf)
    inside = re.sub(rb"""\s(?:fillId|applyFill)\s*=\s*(?:"[^"]*"|'[^']*')""", b"", opened[2])
    start = b"<" + opened[1] + inside.rstrip() + b' fillId="%d" applyFill="1"' % fill + opened[3] + b">"
    return start + xf[opened.end() :]


def _counted(xml: bytes, group: str, count: int) -> bytes:
    start = re.search(rb"<(?:\w+:)?" + group.encode() + rb"\b[^>]*>", xml)
    tag = re.sub(rb"""\scount\s*=\s*(?:"\d*"|'\d*')""", b' count="%d"' % count, start[0])
    return xml[: start.start()] + tag + xml[start.end() :]
