"""Slips without a header: a label and its value beside it, one pair or several in a line."""

from __future__ import annotations

import itertools
from dataclasses import replace

from surveys.intake.grid import Grid, is_numeric
from surveys.intake.headers import Column, Header, find_header
from surveys.intake.labels import Label
from surveys.intake.read import Sheet
from surveys.intake.words import Vocabulary

# a slip is a page at most
LONGEST = 60
FEWEST = 3


def pair_panels(sheet: Sheet, words: Vocabulary) -> list[Sheet]:
    """The columns of pairs of a slip, each as a sheet of its own whose `pairs` is its first row; [] for no slip.

    What stands above the first pair is kept in each: it says of all of them what month it is.
    """
    if not sheet.rows or len(sheet.rows) > LONGEST:
        return []
    found: dict[int, list[int]] = {}
    for r, row in enumerate(sheet.rows):
        for c, (label, value) in enumerate(itertools.pairwise(row)):
            if is_numeric(value) and _names(label, words):
                found.setdefault(c, []).append(r)
    numbers = sum(1 for row in sheet.rows for v in row if is_numeric(v))
    pairs = sum(map(len, found.values()))
    if pairs < FEWEST or pairs < numbers or find_header(Grid(sheet), 0, words, within=len(sheet.rows)):
        return []
    first = min(r for rows in found.values() for r in rows)
    starts = sorted(found)
    ends = [*(c - 1 for c in starts[1:]), max(sheet.width - 1, starts[-1] + 1)]
    return [
        _part(sheet, 0 if k == 0 else start, end, start, first)
        for k, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _names(value: object, words: Vocabulary) -> bool:
    if not isinstance(value, str):
        return False
    label = words.label(value)
    return (
        bool(label.items or label.measure) and label.confidence >= 0.7 and not label.role and not label.total
    )


def _part(sheet: Sheet, left: int, right: int, labels: int, first: int) -> Sheet:
    rows = [
        row if r < first else [v if left <= c <= right else "" for c, v in enumerate(row)]
        for r, row in enumerate(sheet.rows)
    ]
    return replace(sheet, rows=rows, columns=(left, right), pairs=(first, labels))


def header_of_pairs(sheet: Sheet, words: Vocabulary) -> Header:
    """The header a column of pairs would have: none above the first row, 项目 and 数 over the two columns."""
    first, at = sheet.pairs
    columns = [Column(c, [], Label("")) for c in range(sheet.width)]
    columns[at] = Column(at, [], Label("", role="item"))
    columns[at + 1] = Column(at + 1, [(first, "")], words.label("数"))
    return Header(first, first - 1, columns)
