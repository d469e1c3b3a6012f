"""Whose scores a table, a column or a row holds: header cells, column heads, the sheet's name, the file's."""

from __future__ import annotations

import re
from pathlib import PurePath

from surveys.definition.said import Said, say
from surveys.intake.grid import Grid
from surveys.intake.margins import SheetFacts
from surveys.intake.places import clean_name
from surveys.intake.references import cell_name
from surveys.intake.scores.rows import PLACE, Row
from surveys.intake.scores.table import FACILITY, Column, Table
from surveys.intake.scores.words import Words
from surveys.intake.units import fold

_PARTS = re.compile(r"[_\s()（）【】\[\]\-—–+、，,.]+")
# years of a standard's edition and of its numbers: no years of a filing
_EDITION = re.compile(
    r"[(（〔\[【]?20\d{2}[)）〕\]】]?年?(?:版|修订|试行|\d*号)|[〔\[【]20\d{2}[〕\]】]\d*号?|[(（]20\d{2}[)）]\d+号"
)
_DATE = re.compile(r"20\d{2}\s*[-./年]\s*\d{1,2}\s*[-./月](?:\s*\d{1,2}日?)?")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
# rows that a title may have above a sheet's first table
TITLES = 12


def margins(grid: Grid, tables: list[Table]) -> list[int]:
    """Rows above the first table of a sheet; all of them where there is none."""
    first = min((t.top for t in tables), default=len(grid.rows))
    return [r for r in range(first) if grid.own(r)]


def facts_of(grid: Grid, tables: list[Table], words: Words) -> SheetFacts:
    """What a sheet says of itself above its first table: titles, whose file it is, its years."""
    facts, titles, statements = SheetFacts(), [], []
    for r in margins(grid, tables)[:TITLES]:
        cells = grid.own(r)
        for n, (c, value) in enumerate(cells):
            if not isinstance(value, str):
                continue
            titles.append((cell_name(r, c), value.strip()))
            stated = words.stated(value, "university")
            if not stated and n + 1 < len(cells) and words.role(value) == "university":
                stated = str(cells[n + 1][1]).strip()
            if stated:
                statements.append((cell_name(r, c), stated))
    facts.titles, facts.statements = tuple(titles), tuple(statements)
    texts = [_DATE.sub("", _EDITION.sub("", text)) for _, text in titles]
    years = [int(y) for text in (*texts, _EDITION.sub("", grid.sheet.name)) for y in _YEAR.findall(text)]
    facts.years = tuple(dict.fromkeys(years))
    return facts


def without_editions(file: str) -> str:
    """A file's name without the year of the standard it follows."""
    return _EDITION.sub("", file)


def stated_above(grid: Grid, tables: list[Table], rows: list[Row], words: Words) -> dict[int, str]:
    """Table (by identity) → the facility that stands above it, in the margins or below the table before."""
    said = {r: _in_margin(grid, r, words) for r in margins(grid, tables)}
    said |= {row.index: row.facility for row in rows if row.kind == PLACE}
    places = sorted((r, place) for r, place in said.items() if place)
    found, n = {}, 0
    for table in sorted(tables, key=lambda t: t.top):
        while n < len(places) and places[n][0] < table.top:
            n += 1
        found[id(table)] = places[n - 1][1] if n else ""
    return found


def _in_margin(grid: Grid, r: int, words: Words) -> str:
    cells = grid.own(r)
    for n, (_, value) in enumerate(cells):
        if stated := words.stated(value, FACILITY):
            return stated
        if isinstance(value, str) and words.role(value) == FACILITY and n + 1 < len(cells):
            after = cells[n + 1][1]
            if fold(after) not in words.heads and fold(after).rstrip(":") not in words.footers:
                return clean_name(after)
    texts = list(dict.fromkeys(str(v) for _, v in cells if isinstance(v, str)))
    alone = [t for t in texts if words.is_place(t) and not _is_general(t, words)]
    return (
        clean_name(alone[0]) if len(alone) == 1 and alone[0] == texts[0] else named_in(" ".join(texts), words)
    )


def named_in(text: str, words: Words) -> str:
    """The one name of the register that a text holds; '' for none, and where it holds two."""
    folded = fold(text)
    found = [name for name in words.register if name in folded]
    longest = max(found, key=len, default="")
    return longest if all(name in longest for name in found) else ""


def by_name(text: str, words: Words, own: tuple[str, ...] = ()) -> str:
    """The facility that the name of a sheet or a file holds: one of the register, or a part that ends as places do."""
    if known := named_in(text, words):
        return known
    for name in own:
        text = text.replace(name, " ")
    for part in reversed(_PARTS.split(PurePath(text).stem if "." in text else text)):
        for form in words.definition.words("form"):
            part = part.removesuffix(form)
        said = any(form in part for form in words.definition.words("form"))
        if part and not said and words.is_place(part) and not _is_general(part, words):
            return clean_name(part)
    return ""


def _is_general(text: str, words: Words) -> bool:
    return fold(text) in {fold(w) for w in words.definition.words("facility_generic")}


def of_others(table: Table, words: Words) -> bool:
    """Whether the sheet's name or the title right above a table says that others scored it (专家评分表)."""
    texts = [table.grid.sheet.name]
    for r in range(table.top - 1, max(table.top - 4, -1), -1):
        cells = table.grid.own(r)
        if len(cells) == 1:
            texts.append(str(cells[0][1]))
        elif cells:
            break
    others = words.definition.words("other_score")
    return any(
        any(word in text for word in others)
        and re.search("[分表]", text)
        and not re.search("自[评查]|申报", text)
        for text in texts
    )


def of_row(table: Table, r: int) -> str:
    """The facility in a column of facilities; what is written once counts for the rows below."""
    for column in table.of_role(FACILITY):
        for k in range(r, table.bottom, -1):
            text = str(table.grid.value(k, column.index)).strip()
            if text:
                return clean_name(text)
    return ""


def title_of(column: Column) -> Said | str:
    """A column as people call it."""
    return column.title or say("没有表头的一列")
