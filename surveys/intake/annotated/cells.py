"""Formats into the cells of one sheet's XML, and the link to its comments, everything else as it was."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from files.precheck import column_number
from surveys.intake.annotated.package import RELATIONS, NotPatchable, prefixed
from surveys.intake.references import column_letters

Cell = tuple[int, int]
# what may follow the link to the comments, by the schema's order
AFTER_COMMENTS = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
}  # fmt: skip
_STYLE = re.compile(rb"""\ss\s*=\s*(?:"(\d+)"|'(\d+)')""")


@dataclass
class _Row:
    """Where a row's tags stand: `start` of the opening tag, `inside` after it, `end` at the closing tag (or after an
    empty one)."""

    number: int
    start: int
    inside: int
    empty: bool
    end: int = 0
    columns: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


def numbered(cell: str) -> Cell:
    """A reference to row and column from 0: A1 → (0, 0)."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]) - 1, column_number(letters)


class SheetCells:
    """One pass over a sheet's XML: where its rows and cells stand. Raises NotPatchable when it is not as it should."""

    def __init__(self, xml: bytes, wanted: set[Cell]):
        self.xml, self.wanted = xml, {(r, c) for r, c in wanted}
        self.wanted_rows = {r for r, _c in wanted}
        self.rows: list[_Row] = []
        self.found: dict[Cell, tuple[int, int]] = {}
        self.data: tuple[int, int, bool] | None = None  # inside, end, written as empty
        self.legacy = ""
        self.tail = 0
        self._depth, self._row, self._column = 0, -1, -1
        self._pass()

    def _pass(self) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        self._parser = parser
        try:
            parser.Parse(self.xml, True)
        except (expat.ExpatError, ValueError, IndexError) as error:
            raise NotPatchable from error
        if self.data is None or not self.tail:
            raise NotPatchable

    def _start(self, name: str, given: Mapping[str, str]) -> None:
        local, at = name.rsplit(":", 1)[-1], self._parser.CurrentByteIndex
        self._depth += 1
        if local == "c" and self._depth == 4:
            self._cell(given, at)
        elif local == "row" and self._depth == 3:
            self._begin_row(given, at)
        elif self._depth == 2:
            self._part(local, given, at)

    def _part(self, local: str, given: Mapping[str, str], at: int) -> None:
        if local == "sheetData":
            inside, empty = self._tag_end(at)
            self.data = (inside, inside, empty)
        elif local == "legacyDrawing":
            self.legacy = next((value for key, value in given.items() if key.endswith(":id")), "")
        elif local in AFTER_COMMENTS and not self.tail:
            self.tail = at

    def _begin_row(self, given: Mapping[str, str], at: int) -> None:
        self._row = int(given["r"]) - 1 if given.get("r", "").isdecimal() else self._row + 1
        self._column = -1
        inside, empty = self._tag_end(at)
        self.rows.append(_Row(self._row, at, inside, empty))

    def _cell(self, given: Mapping[str, str], at: int) -> None:
        self._column = numbered(given["r"])[1] if "r" in given else self._column + 1
        if self._row in self.wanted_rows:
            row = self.rows[-1]
            row.columns.append(self._column)
            row.starts.append(at)
            if (self._row, self._column) in self.wanted:
                self.found[self._row, self._column] = (at, self._tag_end(at)[0])

    def _end(self, name: str) -> None:
        local, at = name.rsplit(":", 1)[-1], self._parser.CurrentByteIndex
        if local == "row" and self._depth == 3:
            self.rows[-1].end = at
        elif local == "sheetData" and self._depth == 2:
            self.data = (self.data[0], self.data[0] if self.data[2] else at, self.data[2])
        elif self._depth == 1 and not self.tail:
            self.tail = at
        self._depth -= 1

    def _tag_end(self, at: int) -> tuple[int, bool]:
        """After the tag that starts at `at`, and whether it is an empty element."""
        quote, place = 0, at
        while (byte := self.xml[place]) != 0x3E or quote:
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in (0x22, 0x27):
                quote = byte
            place += 1
        return place + 1, self.xml[place - 1] == 0x2F

    def written(self, style_of: Callable[[Cell, int], int], comments: str = "") -> bytes:
        """The XML with new formats: `style_of` (cell, present format) → format. `comments`: the relation of the drawing
        of the comments, linked unless the sheet has one."""
        changes = [self._restyled(cell, style_of) for cell in self.found]
        changes += self._added(style_of)
        if comments and not self.legacy:
            link = prefixed(
                self.xml, "worksheet", f'<legacyDrawing xmlns:hq="{RELATIONS}" hq:id="{comments}"/>'
            )
            changes.append((self.tail, self.tail, link))
        out, done = [], 0
        for start, end, text in sorted(changes, key=lambda change: change[:2]):
            out += [self.xml[done:start], text]
            done = end
        return b"".join([*out, self.xml[done:]])

    def _restyled(self, cell: Cell, style_of: Callable[[Cell, int], int]) -> tuple[int, int, bytes]:
        start, end = self.found[cell]
        tag = self.xml[start:end]
        present = _STYLE.search(tag)
        style = style_of(cell, int(present[1] or present[2]) if present else 0)
        if present:
            tag = tag[: present.start()] + b' s="%d"' % style + tag[present.end() :]
        else:
            name = re.match(rb"<[\w:]+", tag).end()
            tag = tag[:name] + b' s="%d"' % style + tag[name:]
        return start, end, tag

    def _added(self, style_of: Callable[[Cell, int], int]) -> list[tuple[int, int, bytes]]:
        """Cells that the sheet does not have, in rows it has and in rows it has not."""
        missing: dict[int, list[int]] = {}
        for r, c in sorted(self.wanted - self.found.keys()):
            missing.setdefault(r, []).append(c)
        numbers = [row.number for row in self.rows]
        changes = []
        for r, columns in missing.items():
            place = bisect_left(numbers, r)
            entries = {c: f'<c r="{column_letters(c)}{r + 1}" s="{style_of((r, c), 0)}"/>' for c in columns}
            if place < len(numbers) and numbers[place] == r:
                changes += self._into_row(self.rows[place], entries)
            else:
                at = self.rows[place].start if place < len(numbers) else self.data[1]
                changes.append((at, at, self._named(f'<row r="{r + 1}">{"".join(entries.values())}</row>')))
        return self._merged(changes)

    def _into_row(self, row: _Row, entries: dict[int, str]) -> list[tuple[int, int, bytes]]:
        if row.empty:
            tag = self.xml[row.start : row.inside]
            name = re.match(rb"<([\w:]+)", tag)[1]
            text = tag[:-2].rstrip() + b">" + self._named("".join(entries.values())) + b"</" + name + b">"
            return [(row.start, row.inside, text)]
        changes = []
        for c, entry in entries.items():
            place = bisect_left(row.columns, c)
            at = row.starts[place] if place < len(row.starts) else row.end
            changes.append((at, at, self._named(entry)))
        return changes

    def _merged(self, changes: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
        """Insertions at one place as one, in their order; into an empty sheetData with its tags."""
        joined: dict[tuple[int, int], bytes] = {}
        for start, end, text in changes:
            joined[start, end] = joined.get((start, end), b"") + text
        if self.data[2] and (inserted := joined.pop((self.data[1], self.data[1]), b"")):
            start = self.xml.rindex(b"<", 0, self.data[0])
            name = re.match(rb"<([\w:]+)", self.xml[start:])[1]
            tag = self.xml[start : self.data[0]][:-2].rstrip() + b">"
            joined[start, self.data[0]] = tag + inserted + b"</" + name + b">"
        return [(start, end, text) for (start, end), text in joined.items()]

    def _named(self, text: str) -> bytes:
        return prefixed(self.xml, "sheetData", text)
