"""What the label columns say of each row of a table: period, facility, item words, unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from surveys.intake import periods
from surveys.intake.decimals import decimal_months
from surveys.intake.headers import Column
from surveys.intake.labels import Label
from surveys.intake.periods import When
from surveys.intake.places import clean_name, is_place, named_place
from surveys.intake.table import Table
from surveys.intake.units import Unit
from surveys.intake.words import Vocabulary

# of the rows of a list as many must name their month in words
NAMED = 0.6


@dataclass
class RowLabels:
    """Per data row, in step with `rows`: its period (None if unreadable, "?" if it has two readings), facility and
    the index of its (item labels, unit, section) among `kinds`."""

    rows: list[int]
    when: dict[int, list]
    facility: list[str]
    kind: list[int]
    kinds: list[tuple[tuple[Label, ...], Unit | None, Label]]
    unit_column: int | None


def read_rows(table: Table, words: Vocabulary) -> RowLabels:
    """The labels of all data rows of a table."""
    rows = table.data_rows
    texts = {
        c.index: column_values(table, c.index, rows)
        for c in table.of_role("item", "unit", "facility", "campus")
    }
    for c in (c.index for c in table.of_role("item") if c.coded):
        texts[c] = [words.coded(v) or v for v in texts[c]]
    unit = next(iter(table.of_role("unit")), None)
    kinds: dict[tuple, int] = {}
    listed: list[tuple[tuple[Label, ...], Unit | None, Label]] = []
    items = [c.index for c in table.of_role("item")]
    unit_texts = texts[unit.index] if unit else [""] * len(rows)
    keys = zip(*(texts[c] for c in items), unit_texts, strict=True) if items else zip(unit_texts, strict=True)
    kind = []
    told_by_columns = len(_measures_of_columns(table, words)) > 1
    for r, key in zip(rows, keys, strict=True):
        section = table.section_of.get(r)
        full = (key, section.text if section else "")
        at = kinds.get(full)
        if at is None:
            at = kinds[full] = len(listed)
            labels = tuple(words.label(t) for t in key[:-1] if t not in ("", None))
            if told_by_columns:
                labels = tuple(replace(label, measure="") for label in labels)
            said = words.units.parse(key[-1]) if isinstance(key[-1], str) else None
            if said is None and isinstance(key[-1], str) and key[-1].strip():
                said = Unit("?", "1", key[-1].strip())
            listed.append((labels, said, section or Label("")))
        kind.append(at)
    whens = {c.index: _whens(table, c, rows) for c in table.of_role("period")}
    if words.definition.billing_month == "start":
        whens = {c: [periods.at_start(w) if w != "?" else w for w in found] for c, found in whens.items()}
    said = [next((x.when for x in labels if x.when), None) for labels, _, _ in listed]
    if whens and any(said):
        told = [said[k] for k in kind]
        whens = {c: _told_in_words(found, told) for c, found in whens.items()}
    if not whens:
        whens[-1] = [said[k] for k in kind] if any(said) else _years_only(table, rows)
    facilities = _facilities(table, texts, rows, words)
    if not any(facilities):
        places = [_take_place(listed, k, words) for k in range(len(listed))]
        facilities = [places[k] for k in kind]
    return RowLabels(rows, whens, facilities, kind, listed, unit.index if unit else None)


def _told_in_words(whens: list, told: list[When | None]) -> list:
    """Days of payment give way to the months that most rows name in words: 2024-04-05 | 支付3月电费."""
    days = all(w is None or (isinstance(w, When) and w.day) for w in whens)
    if not days or sum(1 for w in told if w and w.month) < NAMED * len(told):
        return whens
    return [
        _of_bill(day, month) if month and month.month else day for day, month in zip(whens, told, strict=True)
    ]


def _of_bill(paid: When | None, month: When) -> When:
    """The month of a bill: without a year of its own the last one before it was paid."""
    if month.year or paid is None:
        return month
    return replace(month, year=paid.year - (month.month > paid.month))


def _take_place(listed: list, k: int, words: Vocabulary) -> str:
    """The place a row label names beside its item (图书馆用电量); the label no longer holds it afterwards."""
    labels, unit, section = listed[k]
    for i, label in enumerate(labels):
        if label.items and is_place(label.rest, words):
            sure = max(label.confidence, 0.9)
            listed[k] = (
                (*labels[:i], replace(label, rest="", confidence=sure), *labels[i + 1 :]),
                unit,
                section,
            )
            return clean_name(label.rest)
    return ""


def _measures_of_columns(table: Table, words: Vocabulary) -> set[str]:
    """The measures the figure columns name. Two of them: a row label such as 电费 only says which item it is."""
    money = {m.unit: m.key for m in words.definition.measures if not m.unit_from}
    other = next((m.key for m in words.definition.measures if m.unit_from), "")
    said = set()
    for column in table.of_role("data"):
        unit = column.label.unit.key if column.label.unit else ""
        said.add(column.label.measure or money.get(unit, other if unit else ""))
    return said - {""}


def column_values(table: Table, c: int, rows: list[int]) -> list:
    """The values of a label column, merges resolved and, where the column is written so, blanks filled downwards."""
    grid = table.grid
    values = [grid.value(r, c) for r in rows] if grid.owner else [grid.rows[r][c] for r in rows]
    if table.said:
        values = [table.said.get((r, c), v) for r, v in zip(rows, values, strict=True)]
    ditto = table.ditto
    if c in table.fill or not ditto.isdisjoint(v for v in values if isinstance(v, str)):
        last: object = ""
        for i, value in enumerate(values):
            if value in ditto or (c in table.fill and value in ("", None)):
                values[i] = last
            else:
                last = value
    return values


def _whens(table: Table, column: Column, rows: list[int]) -> list:
    values = column_values(table, column.index, rows)
    years = [column_values(table, c.index, rows) for c in table.of_role("year")]
    if table.grid.sheet.days_from_1904:
        values = [periods.from_1904(v) for v in values]
    if any(isinstance(v, float) and isfinite(v) and not v.is_integer() for v in set(values)):
        found = decimal_months(values)
        return [f or periods.parse_value(v) for f, v in zip(found, values, strict=True)]
    cache: dict[object, When | None] = {}
    whens = []
    for value in values:
        if value not in cache:
            cache[value] = None if value in ("", None) else periods.parse_value(value)
        whens.append(cache[value])
    if years:
        whens = [_with_year(w, y) for w, y in zip(whens, years[0], strict=True)]
    return whens


def _with_year(when: When | None, value: object) -> When | None:
    year = periods.parse_value(value)
    return replace(when, year=year.year) if when and year and year.year and not when.year else when


def _years_only(table: Table, rows: list[int]) -> list:
    for column in table.of_role("year"):
        return [periods.parse_value(v) for v in column_values(table, column.index, rows)]
    return [None] * len(rows)


def _sections(table: Table, rows: list[int], words: Vocabulary) -> list | None:
    """The place each row's section title names, '' where it names none; None if no section names one."""
    named = {r: place for r, s in table.section_of.items() if (place := named_place(s, words))}
    return [named.get(r, "") for r in rows] if named else None


def _facilities(table: Table, texts: dict[int, list], rows: list[int], words: Vocabulary) -> list[str]:
    """The facility of each row: building, told apart by campus where two campuses use one name; '' for the whole."""
    names = [texts[c.index] for c in table.of_role("facility")]
    campuses = [texts[c.index] for c in table.of_role("campus")]
    cache: dict[object, str] = {}
    whole = set(words.definition.words("whole"))

    def cleaned(value: object) -> str:
        if value not in cache:
            name = clean_name(value) if value is not None else ""
            cache[value] = "" if name in whole else name
        return cache[value]

    if not names:
        return [cleaned(v) for v in campuses[0]] if campuses else [""] * len(rows)
    last = [cleaned(v) for v in names[-1]]
    groups = campuses[0] if campuses else names[0] if len(names) > 1 else _sections(table, rows, words)
    if groups is None:
        return last
    homes: dict[str, set[str]] = {}
    for name, group in zip(last, groups, strict=True):
        homes.setdefault(name, set()).add(cleaned(group))
    return [
        f"{cleaned(g)}{n}" if len(homes[n]) > 1 and n else n or cleaned(g)
        for n, g in zip(last, groups, strict=True)
    ]
