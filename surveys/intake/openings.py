"""What stands above a table and names all of it: a title, or a line of captions (楼宇名称：图书馆)."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from surveys.intake.grid import Grid
from surveys.intake.headers import Header
from surveys.intake.labels import Label, agree
from surveys.intake.places import is_facility, is_place, named_place
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_CAPTION = re.compile(r"\s*([^:：]{1,8})[:：]\s*(.*)", re.S)
_HOUSE = re.compile("[楼栋幢]|建筑|校区|园区|公寓|宿舍")
_NAMING = ("facility", "campus", "item", "period")


def title_of(grid: Grid, start: int, header: Header, words: Vocabulary) -> str:
    """The lone text right above a header, '' for none; words that add nothing (列标签) do not count."""
    rows = [r for r in range(start, header.top) if grid.own(r)]
    cells = [v for _, v in grid.own(rows[-1])] if rows else []
    said = [v for v in cells if not words.label(v).filler] if len(cells) > 1 else cells
    return said[0] if len(said) == 1 and isinstance(said[0], str) else ""


def opening_of(grid: Grid, start: int, header: Header, title: str, words: Vocabulary) -> Label:
    """What the lines above a header say that names an item, a month, a place or a measure; else an empty label."""
    said = together([x for r in range(start, header.top) for x in captions(grid.own(r), words)])
    if said.text:
        return said
    label = words.label(title)
    dated = label.when and not label.when.day
    says = label.items or label.measure or dated or is_facility(label, words)
    return label if says else Label("")


def captions(cells: list[tuple[int, object]], words: Vocabulary) -> list[Label]:
    """What the cells of a line say as 楼宇名称：图书馆 or, in two cells, 楼宇名称： | 图书馆; [] for any other line."""
    found: list[Label] = []
    texts = [str(v) for _, v in cells if isinstance(v, str)]
    for text, following in zip(texts, [*texts, ""][1:], strict=True):
        match = _CAPTION.fullmatch(text)
        role = words.label(match.group(1)).role if match else ""
        value = (match.group(2).strip() or following.strip()) if match else ""
        if role not in _NAMING or not value or len(value) > 20 or _CAPTION.fullmatch(value):
            continue
        label = words.label(value)
        if role in ("facility", "campus"):
            found += (
                [Label(value, role="facility", confidence=1.0)]
                if _is_place(match.group(1), value, words)
                else []
            )
        elif label.items or (label.when and not label.when.day):
            found.append(label)
    return found


def _is_place(word: str, value: str, words: Vocabulary) -> bool:
    """Whether a caption names a place and not the sender: 楼名：逸夫, 用能单位：图书馆, but no 部门：后勤处."""
    if fold(word) in {fold(w) for w in words.definition.words("unit_name")} or re.search("大学(?!生)", value):
        return False
    return bool(_HOUSE.search(word)) or is_place(value, words)


def together(said: list[Label]) -> Label:
    """Several captions as one label whose text is the place they name; an empty label for none."""
    place = next((x.text for x in reversed(said) if x.role == "facility"), "")
    others = [x for x in said if x.role != "facility"]
    label = agree(others) if others else Label("")
    return replace(label, text=place, role="facility", rest="") if place else label


def apply_openings(openings: list[Label], tables: list[Table], words: Vocabulary) -> None:
    """Openings and section titles of one kind name the rows below them; of one alone only the item counts, as the
    nearest word to the figures: anything else it says is said of the sheet."""
    named = [x for x in openings if x.text]
    named += [x for t in tables for x in t.section_rows.values()]
    for table, opening in zip(tables, openings, strict=True):
        kind = _kind(opening, words)
        several = kind and sum(1 for x in named if _kind(x, words) == kind) > 1
        if several or opening.role == "facility" or len(opening.items) == 1:
            for r in table.data_rows:
                table.section_of.setdefault(r, opening)
    _find_nameless(tables, words)


def _kind(label: Label, words: Vocabulary) -> str:
    if not label.text:
        return ""
    place = bool(named_place(label, words))
    for kind, said in (("item", label.items), ("month", label.when), ("place", place)):
        if said:
            return kind
    return "measure" if label.measure else ""


def _find_nameless(tables: list[Table], words: Vocabulary) -> None:
    """A block without a title among others of the same form that each name their place may be any place's."""
    forms: dict[tuple[str, ...], list[tuple[Table, list[int]]]] = {}
    for table in tables:
        if not table.of_role("facility", "campus") and not any(c.facility for c in table.columns):
            blocks = forms.setdefault(tuple(fold(c.title) for c in table.columns), [])
            blocks += [(table, rows) for rows in _blocks(table)]
    whole = words.definition.words("whole")
    for blocks in forms.values():
        openings = [table.section_of.get(rows[0], Label("")) for table, rows in blocks]
        if sum(1 for x in openings if named_place(x, words)) < 2:
            continue
        for (table, rows), opening in zip(blocks, openings, strict=True):
            if not opening.text and not any(w in table.title for w in whole):
                table.nameless += rows


def _blocks(table: Table) -> list[list[int]]:
    """The data rows of a table between its repeated headers."""
    ends = [*table.repeated_rows, table.end]
    found = [
        [r for r in table.data_rows if first < r < last] for first, last in itertools.pairwise([-1, *ends])
    ]
    return [rows for rows in found if rows]
