"""What pasting a block into the grid would do, cell by cell, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.catalog.sentences import spoken
from surveys.definition import Definition
from surveys.definition.said import Said, form_of
from surveys.filings.pages.sheet import place
from surveys.intake.pasted import Arranger, Placed
from surveys.intake.periods import months_in
from surveys.intake.typed import Typist


def plan(
    definition: Definition,
    worded: Definition,
    period: str,
    block: Sequence[Sequence[str]],
    row: int,
    column: int,
    columns: Sequence[tuple[str, str]],
) -> dict:
    """`cells`: where each cell of the block goes, what it would be and what was done to it, or why it cannot be read;
    `left`: those that go nowhere, and why; `blank`: empty ones; `named`: the block's own words decided.

    `definition` reads, `worded` is the same in the reader's language."""
    typist = Typist(definition)
    found = Arranger(definition, columns, months_in(period)).arrange(block, row, column)
    return {
        "cells": [_cell(typist, worded, each) for each in found.placed],
        "left": [
            {"row": x.row + 1, "column": x.column + 1, "text": x.text, "why": said(x.why, worded)}
            for x in found.left
        ],
        "blank": found.blank,
        "named": found.named,
    }


def _cell(typist: Typist, worded: Definition, each: Placed) -> dict:
    typed = typist.read(each.item, each.measure, each.period, each.text, each.factor)
    converted = typed.state == "number" and each.factor != "1"
    return {
        "at": place(each.item, each.measure, each.period),
        # in the unit of the grid's column, whatever the block's heading said
        "text": typed.exact if converted else each.text.strip(),
        "flag": typed.flag if converted else None,
        "typed": each.text.strip(),
        "value": typed.exact if typed.state == "number" else None,
        "state": typed.state,
        "notes": [said(note, worded) for note in typed.notes],
        "refused": said(typed.message, worded) if typed.state == "bad" else "",
    }


def said(text: str, definition: Definition) -> str:
    """A sentence of intake in the reader's language."""
    return spoken(str(text), form_of(text) if isinstance(text, Said) else None, definition)
