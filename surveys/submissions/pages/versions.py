"""Two versions of a filing side by side: what the later one changed, a row per value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from surveys.catalog.names import base_unit, column_name, period_name, unit_name
from surveys.definition import Definition
from surveys.submissions import comparison
from surveys.submissions.comparison import Difference
from surveys.submissions.pages.sizes import size_line
from ui.formats import number
from ui.tables import Cell, Column, Row, Table, row, table


@dataclass(frozen=True)
class SizeDifference:
    """A denominator that two versions do not share; '' or None where it has none."""

    name: str
    unit: str
    before: Decimal | None
    after: Decimal | None
    # what else is not the same: how it was counted, how it was reckoned
    notes: tuple[str, ...] = ()


def size_differences(
    definition: Definition, before: Mapping, after: Mapping, period: str
) -> list[SizeDifference]:
    """Denominators {key: entry} of `period`, as a seal keeps them, that differ, in the order of the definition."""
    found = []
    for known in definition.denominators:
        one, other = before.get(known.key), after.get(known.key)
        lines = [size_line(known, entry, period) if entry else None for entry in (one, other)]
        if one == other or not any(lines):
            continue
        values = [line.value if line else None for line in lines]
        notes = [_changed(line.calibre if line else "" for line in lines)]
        notes.append(_changed(line.reckoning if line else "" for line in lines))
        found.append(SizeDifference(known.name, unit_name(known.unit), *values, tuple(filter(None, notes))))
    return found


def _changed(said: Iterable[str]) -> str:
    before, after = said
    return "" if before == after else f"{before or '—'} → {after or '—'}"


def versions_table(
    definition: Definition,
    labels: tuple[str, str],
    values: Sequence[Difference],
    sizes: Sequence[SizeDifference] = (),
    *,
    places: Mapping[str, str] | None = None,
    who: Mapping[tuple, str] | None = None,
    words: Sequence[tuple[str, str, str]] = (),
) -> Table:
    """A row per value that differs, in the order of the definition, then the denominators, then `words` that differ
    (name, before, after). `labels`: what the two versions are called; `places`: facility code → name; `who`: key → who
    changed it and when, which adds a column."""
    columns = [
        Column(_("项目"), kind="text"),
        Column(_("期间"), kind="text"),
        Column(labels[0]),
        Column(labels[1]),
        Column(_("变动"), kind="change"),
    ]
    if who is not None:
        columns.append(Column(_("谁改的"), kind="text"))
    order = comparison.order_of(definition)
    ordered = sorted(values, key=lambda d: (order((d.item, d.measure)), d.facility, d.period))
    lines = [_value_row(definition, places or {}, d, who) for d in ordered]
    lines += [_size_row(size, who) for size in sizes]
    lines += [_word_row(*word, who) for word in words]
    return table(columns, lines, stack=True, label=_("改动"))


def _value_row(definition: Definition, places: Mapping[str, str], found: Difference, who) -> Row:
    name = column_name(definition, found.item, found.measure)
    place = places.get(found.facility, found.facility)
    head = " ".join(part for part in (place, name) if part)
    unit = base_unit(definition, found.item, found.measure)
    by = () if who is None else (who.get(found.key, ""),)
    return row(head, period_name(found.period), *_cells(found.before, found.after), *by, sub=unit)


def _size_row(size: SizeDifference, who) -> Row:
    by = () if who is None else ("",)
    return row(size.name, _("；").join(size.notes), *_cells(size.before, size.after), *by, sub=size.unit)


def _word_row(name: str, before: str, after: str, who) -> Row:
    by = () if who is None else ("",)
    said = [Cell(text=text or "—") for text in (before, after)]
    return row(name, "", *said, Cell(text=""), *by)


def _cells(before: Decimal | None, after: Decimal | None) -> tuple:
    decimals = exact_decimals(before, after)
    shown = [Cell(value=value, text=number(value, decimals)) for value in (before, after)]
    return (*shown, comparison.ratio(after, before))


def exact_decimals(*values: Decimal | None) -> int:
    """Decimals that show sealed values as they are, at most two."""
    return min(
        max([0, *(-value.normalize().as_tuple().exponent for value in values if value is not None)]), 2
    )
