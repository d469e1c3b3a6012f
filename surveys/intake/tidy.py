"""From a laid-out table to figures: every data cell becomes a figure, a finding, or a blank."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

from surveys.definition.said import say
from surveys.intake.cells import single
from surveys.intake.coal import check_coal
from surveys.intake.dating import periods_of, whens_of
from surveys.intake.desk import Desk, kind_of
from surveys.intake.draft import Draft
from surveys.intake.headers import Column
from surveys.intake.mapping import Resolution, resolve
from surveys.intake.margins import SheetFacts
from surveys.intake.meters import read_meters
from surveys.intake.numbers import Cleaner, plain, times
from surveys.intake.places import named_place
from surveys.intake.reading import note_mapping, report_problems, report_unknown
from surveys.intake.references import cell_name
from surveys.intake.rows import read_rows
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_HUGE = float("inf")


def extract(
    draft: Draft, table: Table, facts: SheetFacts, words: Vocabulary, cleaner: Cleaner, period: str
) -> Desk:
    """Add the figures and findings of one table to the draft."""
    if any(c.label.measure for c in table.of_role("data")):
        # 11月电费 over 用量 and 金额 is a title of both
        facts = replace(facts, label=replace(facts.label, measure=""))
    desk = Desk(draft, words.definition, words, cleaner, facts, table, period, read_rows(table, words))
    first = len(draft.item)
    for column in table.columns:
        if column.role == "data":
            _column(desk, column)
        elif column.role == "unknown":
            report_unknown(desk, column)
        elif column.role.startswith("denominator"):
            _denominator(desk, column)
    read_meters(desk)
    check_coal(desk, first)
    return desk


def _column(desk: Desk, column: Column) -> None:
    """All cells of one data column."""
    resolutions = [resolve(desk.words, desk.facts, column, *kind_of(kind)) for kind in desk.labels.kinds]
    resolutions = [_unit_of_others(desk, k, resolutions) for k in range(len(resolutions))]
    values = _values(desk, column.index)
    if not any(v not in ("", None) for v in values):
        _empty(desk, column, resolutions)
        return
    whens = whens_of(desk, column)
    facilities = desk.labels.facility
    if column.facility:
        facilities = (
            [f or column.facility for f in facilities] if any(facilities) else [column.facility] * len(values)
        )
    elif desk.facts.facility or any(s.text for s in desk.table.section_of.values()):
        facilities = [
            f or _section_place(desk, r) or desk.facts.facility
            for f, r in zip(facilities, desk.labels.rows, strict=True)
        ]
    problems = report_problems(desk, column, resolutions, values)
    note_mapping(desk, column, resolutions, problems)
    periods = periods_of(desk, column, whens, values)
    ready = [found.problem == "" for found in resolutions]
    kinds = desk.labels.kind
    usual = [
        type(v) is float and v >= 0 and v < _HUGE and p is not None and ready[k]
        for v, p, k in zip(values, periods, kinds, strict=True)
    ]
    first = len(desk.draft.text)
    lists = (values, periods, facilities, kinds, desk.labels.rows)
    ordinary = lists if all(usual) else [list(compress(part, usual)) for part in lists]
    _bulk(desk, column.index, resolutions, *ordinary)
    for plainly, value, period, facility, kind, r in zip(usual, *lists, strict=True):
        if not plainly and period is not None:
            single(desk, resolutions[kind], facility, period, r, column.index, value)
    _name_parts(desk, column, first)


def _unit_of_others(desk: Desk, k: int, resolutions: list[Resolution]) -> Resolution:
    """Without a unit of its own beside a column of units a row may be in the unit of the others: asked."""
    found = resolutions[k]
    if desk.labels.unit_column is None or found.problem or not found.assumed:
        return found
    same = [r for r in resolutions if (r.item, r.measure) == (found.item, found.measure) and not r.assumed]
    others = {r.unit: r.factor for r in same if not r.problem and r.factor != "1"}
    if not others:
        return found
    readings = ((found.unit, "1"), *others.items())
    return replace(found, problem="unit_missing", note=say("没有写单位"), readings=readings, assumed=False)


def _name_parts(desk: Desk, column: Column, first: int) -> None:
    """Mark figures of a column that is a declared part of its item (汽油：车辆用油): parts are added up later."""
    items = set(desk.draft.item[first:])
    parts = desk.definition.item(items.pop()).parts if len(items) == 1 else ()
    part = next((p for p in parts if fold(p)[:2] in fold(column.title)), "")
    if part:
        desk.draft.text[first:] = [part] * (len(desk.draft.text) - first)


def _bulk(
    desk: Desk, c: int, resolutions: list[Resolution], values: list, periods: list, facilities: list, kinds: list,
    rows: list,
) -> None:  # fmt: skip
    """The many ordinary cells at once: non-negative numbers with a period and a meaning."""
    draft = desk.draft
    items, measures, factors = (
        [getattr(found, name) for found in resolutions] for name in ("item", "measure", "factor")
    )
    raw = exact = list(map(plain, values))
    if any(f != "1" for f in factors):
        exact = [e if factors[k] == "1" else times(e, factors[k]) for e, k in zip(exact, kinds, strict=True)]
    draft.facility += facilities
    draft.item += [items[k] for k in kinds]
    draft.measure += [measures[k] for k in kinds]
    draft.period += periods
    draft.exact += exact
    draft.flag += [""] * len(values)
    draft.text += [""] * len(values)
    draft.sheet += [desk.sheet] * len(values)
    draft.row += rows
    draft.column += [c] * len(values)
    draft.raw += raw
    draft.factor += [factors[k] for k in kinds]


def _values(desk: Desk, c: int) -> list:
    rows = desk.table.grid.rows
    sheet = desk.table.grid.sheet
    values = [rows[r][c] if c < len(rows[r]) else "" for r in desk.labels.rows]
    if sheet.faults or sheet.no_value:
        for i, r in enumerate(desk.labels.rows):
            if (r, c) in sheet.faults:
                values[i] = sheet.faults[r, c]
            elif (r, c) in sheet.no_value:
                values[i] = "="
    return values


def _section_place(desk: Desk, r: int) -> str:
    section = desk.table.section_of.get(r)
    return named_place(section, desk.words) if section else ""


def _empty(desk: Desk, column: Column, resolutions: list[Resolution]) -> None:
    note_mapping(desk, column, resolutions, set())


def _denominator(desk: Desk, column: Column) -> None:
    key = column.role.partition(":")[2]
    for r, facility in zip(desk.labels.rows, desk.labels.facility, strict=True):
        clean = desk.cleaner.clean(desk.table.grid.value(r, column.index))
        if clean.state == "number":
            desk.draft.denominators.append(
                {
                    "key": key,
                    "facility": facility,
                    "value": clean.exact,
                    "sheet": desk.sheet,
                    "cell": cell_name(r, column.index),
                }
            )
