"""How much stood in a file of what somebody else uses (家属区, 商户 …): told beside the figures where it can be told,
for the question of the boundary; never among the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from surveys.definition import Boundary
from surveys.intake.draft import Draft
from surveys.intake.margins import SheetFacts
from surveys.intake.numbers import Cleaner
from surveys.intake.periods import covers, month_of
from surveys.intake.references import cell_name
from surveys.intake.table import Table
from surveys.intake.tidy import extract
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary


def tell_outside(
    draft: Draft, table: Table, apart: Mapping[str, list[int]], facts: SheetFacts, words: Vocabulary,
    cleaner: Cleaner, period: str,
) -> None:  # fmt: skip
    """Adds to `draft.outside` what the rows of each title add up to: {boundary, title, sheet, cell, amounts: {item:
    decimal text in the base unit}}. `apart`: title → rows that were taken out of the table. Nothing where a number in
    them cannot be read or asks a question: half a sum would be worse than none."""
    for title, rows in apart.items():
        boundary = _boundary(title, words)
        amounts = _amounts(table, rows, facts, words, cleaner, period) if boundary else {}
        known = {item: text for item, text in amounts.items() if boundary and item in boundary.items}
        if known:
            where = {"sheet": table.grid.sheet.name, "cell": cell_name(rows[0], table.grid.left)}
            draft.outside.append({"boundary": boundary.key, "title": title, **where, "amounts": known})


def _boundary(title: str, words: Vocabulary) -> Boundary | None:
    """The boundary a title speaks of; None for none, and for several at once."""
    folded = fold(title)
    found = [b for b in words.definition.boundaries if any(fold(word) in folded for word in b.words)]
    return found[0] if len(found) == 1 else None


def _amounts(
    table: Table, rows: list[int], facts: SheetFacts, words: Vocabulary, cleaner: Cleaner, period: str
) -> dict[str, str]:
    """Item → sum of its quantities in some rows, read as any others are, into a draft of their own."""
    own = Draft()
    extract(own, replace(table, data_rows=rows, total_rows=[], aside_rows=[]), facts, words, cleaner, period)
    if own.ambiguous or any(issue.severity == "error" for issue in own.issues):
        return {}
    quantity = words.definition.measures[0].key
    sums: dict[str, Decimal] = {}
    kinds: dict[str, set[str]] = {}
    for item, measure, when, exact in zip(own.item, own.measure, own.period, own.exact, strict=True):
        if measure == quantity and exact and covers(period, when):
            sums[item] = sums.get(item, Decimal(0)) + Decimal(exact)
            kinds.setdefault(item, set()).add("month" if month_of(when) else when[5:6])
    # months and the quarter they make must not be added up
    return {item: _text(amount) for item, amount in sums.items() if len(kinds[item]) == 1 and amount}


def _text(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
