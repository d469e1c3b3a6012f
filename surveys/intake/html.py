"""HTML tables, which many systems export under the name .xls."""

from __future__ import annotations

from html.parser import HTMLParser

from surveys.definition.said import say
from surveys.intake.read import Sheet
from surveys.intake.sniff import Refused

MOST_CELLS = 2_000_000
AS_XLSX = say("在 Excel 里另存为 .xlsx 再上传。")


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.depth = 0
        self.text: list[str] | None = None
        self.span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self.depth += 1
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self._end_cell()
            found = dict(attrs)
            self.span = (_count(found.get("rowspan")), _count(found.get("colspan")))
            self.text = []
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is None:
            return
        if not self.tables[-1]:
            self.tables[-1].append([])
        self.tables[-1][-1].append(("".join(self.text).strip(), *self.span))
        self.text = None


def _count(text: str | None) -> int:
    text = (text or "").strip()
    # nine digits say enough of a number that is cut to a thousand
    return min(max(int(text[:9]), 1), 1000) if text.isdecimal() else 1


def tables(text: str, name: str = "") -> list[Sheet]:
    """Every table of an HTML page as a sheet (`表1`, `表2`), spans kept as merges; Refused if there is none. `name` is
    the file's, for the refusal."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    sheets = [_sheet(rows, name) for rows in parser.tables if any(rows)]
    if not sheets:
        raise Refused("not_a_table", say("“{name}”是网页文件，里面没有表格。", name=name), AS_XLSX)
    for number, sheet in enumerate(sheets, 1):
        sheet.name = f"表{number}"
    return sheets


def _sheet(source: list[list[tuple[str, int, int]]], name: str) -> Sheet:
    taken: dict[tuple[int, int], str] = {}
    merges = []
    for r, row in enumerate(source):
        c = 0
        for value, down, across in row:
            while (r, c) in taken:
                c += 1
            if len(taken) + down * across > MOST_CELLS:
                raise Refused("bomb", say("“{name}”里表格的合并区大得不正常。", name=name), AS_XLSX)
            for i in range(down):
                for j in range(across):
                    taken[(r + i, c + j)] = value if not (i or j) else ""
            if down * across > 1:
                merges.append((r, c, r + down - 1, c + across - 1))
            c += across
    height = max((r for r, _ in taken), default=-1) + 1
    width = max((c for _, c in taken), default=-1) + 1
    if height * width > MOST_CELLS:
        raise Refused("bomb", say("“{name}”里的表格大得不正常。", name=name), AS_XLSX)
    return Sheet("", [[taken.get((r, c), "") for c in range(width)] for r in range(height)], merges=merges)
