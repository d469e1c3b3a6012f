"""What extraction has at hand while it reads one table."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.definition import Definition
from surveys.definition.said import Said, say, term
from surveys.intake.draft import Draft
from surveys.intake.mapping import Resolution
from surveys.intake.margins import SheetFacts
from surveys.intake.numbers import Cleaner
from surveys.intake.rows import RowLabels
from surveys.intake.table import Table
from surveys.intake.words import Vocabulary


@dataclass
class Desk:
    """What extraction needs at hand for one table."""

    draft: Draft
    definition: Definition
    words: Vocabulary
    cleaner: Cleaner
    facts: SheetFacts
    table: Table
    period: str
    labels: RowLabels

    @property
    def sheet(self) -> str:
        return self.table.grid.sheet.name


def kind_of(kind: tuple) -> tuple:
    labels, unit, section = kind
    return labels, section, unit


def sheet_year(desk: Desk) -> int:
    years = desk.facts.years
    wanted = int(desk.period[:4]) if desk.period[:4].isdecimal() else 0
    if desk.facts.when and desk.facts.when.year:
        return desk.facts.when.year
    return wanted if wanted in years or not years else years[0]


def name_of(desk: Desk, found: Resolution) -> Said:
    return figure_name(desk.definition, found.item, found.measure)


def figure_name(definition: Definition, item: str, measure: str) -> Said:
    """电力用量, as a part of a sentence."""
    return say(
        "{item}{measure}",
        item=term(definition.item(item).name),
        measure=term(definition.measure(measure).name),
    )
