"""Meter readings: (this reading − last reading) × multiplier is the consumption, or must agree with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from surveys.definition.said import say
from surveys.intake.dating import periods_of, whens_of
from surveys.intake.desk import Desk, kind_of, name_of
from surveys.intake.headers import Column
from surveys.intake.mapping import NOT_USED, Resolution, resolve
from surveys.intake.numbers import times
from surveys.intake.references import cell_name
from surveys.intake.result import Issue

NEAR = Decimal("0.01")


@dataclass(frozen=True)
class Meter:
    """The columns of one meter, or of one and the one that came after it."""

    starts: list[Column]
    ends: list[Column]
    multiplier: Column | None
    quantities: list[Column]
    unexplained: bool = False


def read_meters(desk: Desk) -> None:
    """Figures from readings where a meter has no quantity column; a comparison where it has one (B01–B03)."""
    for meter in _meters(desk):
        if len(meter.starts) < len(meter.ends) and not meter.unexplained:
            if not meter.quantities:
                _only_readings(desk, meter.ends[0])
            continue
        used = _consumption(desk, meter)
        if meter.unexplained:
            # a multiplier or a reading may stand there: nothing is worked out without it
            desk.draft.reported |= {(desk.sheet, r, c.index) for r in desk.labels.rows for c in meter.ends}
        elif meter.quantities:
            _compare(desk, meter.quantities[0], used)
        else:
            _load(desk, meter.ends[0], used)


def _meters(desk: Desk) -> list[Meter]:
    """One per item named over the readings (电表 | 水表); one for all of them where the rows say the item."""
    table = desk.table
    named = list(dict.fromkeys(c.label.items for c in table.of_role("meter_end")))
    found = []
    for items in named:
        own = [c for c in table.columns if len(named) == 1 or c.label.items in (items, ())]
        quantities = [c for c in own if c.role == "data" and _is_quantity(desk, c)]
        if items:
            quantities = [
                c for c in quantities if c.label.items in ((items,) if len(named) > 1 else (items, ()))
            ]
        near = [c for c in own if c.role == "multiplier" and not any(lv.strange for lv in c.levels)]
        near = [c for c in near if c.label.items in (items, ())]
        multipliers = sorted(near, key=lambda c: c.label.items != items)
        starts, ends = ([c for c in own if c.role == role and (len(named) == 1 or c.label.items == items)]
                        for role in ("meter_start", "meter_end"))  # fmt: skip
        strange = [c for c in quantities if any(lv.strange for lv in c.levels)]
        quantities = [c for c in quantities if c not in strange]
        unexplained = bool(strange) and not quantities
        found.append(Meter(starts, ends, next(iter(multipliers), None), quantities, unexplained))
    return found


def _is_quantity(desk: Desk, column: Column) -> bool:
    money = {m.unit for m in desk.definition.measures if not m.unit_from}
    costs = {m.key for m in desk.definition.measures if not m.unit_from}
    return column.label.measure not in costs and not (column.label.unit and column.label.unit.key in money)


def _consumption(desk: Desk, meter: Meter) -> list[Decimal | None]:
    """Per data row the difference times the multiplier; None where a reading is missing or no number.

    Several pairs of readings are the old meter and the new one: their differences are added up, a pair left blank
    was no meter that month. A meter that ran backwards makes the whole row negative.
    """
    multiplier = meter.multiplier
    pairs = list(zip(meter.starts, meter.ends, strict=False))
    changed = desk.definition.words("meter_change")
    if not all(any(w in c.title for w in changed) for pair in pairs for c in pair):
        # readings of water beside those of electricity are no second meter
        pairs = pairs[:1]
    found: list[Decimal | None] = []
    for r in desk.labels.rows:
        times_by = _number(desk, r, multiplier) if multiplier else Decimal(1)
        run = _difference(desk, r, pairs)
        found.append(run * times_by if run is not None and times_by is not None else None)
    return found


def _difference(desk: Desk, r: int, pairs: list[tuple[Column, Column]]) -> Decimal | None:
    """What the meters of one row ran; None where half a pair is missing or there is none at all."""
    runs = []
    for start, end in pairs:
        first, last = _number(desk, r, start), _number(desk, r, end)
        if first is None and last is None and len(pairs) > 1:
            continue
        if first is None or last is None:
            return None
        runs.append(last - first)
    return (min(runs) if min(runs) < 0 else sum(runs, Decimal(0))) if runs else None


def _number(desk: Desk, r: int, column: Column) -> Decimal | None:
    clean = desk.cleaner.clean(desk.table.grid.value(r, column.index))
    return Decimal(clean.exact) if clean.state == "number" else None


def _load(desk: Desk, end: Column, used: list[Decimal | None]) -> None:
    """Consumption as figures, placed at the cell of the later reading."""
    periods = periods_of(desk, end, whens_of(desk, end), [d if d is not None else "" for d in used])
    resolutions = [resolve(desk.words, desk.facts, _bare(end), *kind_of(kind)) for kind in desk.labels.kinds]
    for r, amount, period, facility, kind in zip(
        desk.labels.rows, used, periods, desk.labels.facility, desk.labels.kind, strict=True
    ):
        found = resolutions[kind]
        if amount is None or period is None:
            continue
        if found.problem == NOT_USED:
            desk.draft.leave(desk.sheet, r, end.index, r, end.index, found.note)
        elif found.problem:
            _unreadable(desk, end, r, found)
        elif amount < 0:
            _backwards(desk, end, r, period, facility or desk.facts.facility, found)
        else:
            exact = times(format(amount, "f"), found.factor)
            desk.draft.add(
                facility or desk.facts.facility, found.item, found.measure, period, exact, "", "读数差 × 倍率",
                desk.sheet, r, end.index, desk.table.grid.value(r, end.index), found.factor,
            )  # fmt: skip


def _bare(column: Column) -> Column:
    """The reading's column with nothing but its unit: its words name a reading, not an item."""
    return Column(column.index, column.path, column.label, [lv for lv in column.levels if lv.items])


def _unreadable(desk: Desk, end: Column, r: int, found: Resolution) -> None:
    desk.draft.reported.add((desk.sheet, r, end.index))
    cell = cell_name(*end.at)
    text = say(
        "“{sheet}”表 {cell} 的表底读数{note}，没有写入。", sheet=desk.sheet, cell=cell, note=found.note
    )
    remedy = say("在表名、标题或“品种”列写明是电、水还是气，并写单位。")
    issue = Issue(found.problem, "error", desk.sheet, cell, text, remedy)
    if issue not in desk.draft.issues:
        desk.draft.issues.append(issue)


def _backwards(desk: Desk, end: Column, r: int, period: str, facility: str, found: Resolution) -> None:
    desk.draft.reported.add((desk.sheet, r, end.index))
    where = cell_name(r, end.index)
    desk.draft.issues.append(
        Issue("negative", "error", desk.sheet, where,
              say("“{sheet}”表 {cell} {period} {name}的本月读数小于上月读数。", sheet=desk.sheet, cell=where,
                  period=period, name=name_of(desk, found)),
              say("换过表就分两段填：旧表止码、新表起码。"),
              facility=facility, item=found.item, measure=found.measure, period=period)
    )  # fmt: skip


def _compare(desk: Desk, quantity: Column, used: list[Decimal | None]) -> None:
    for r, amount in zip(desk.labels.rows, used, strict=True):
        stated = _number(desk, r, quantity)
        if amount is None or stated is None or abs(amount - stated) <= NEAR * max(abs(amount), Decimal(1)):
            continue
        where = cell_name(r, quantity.index)
        desk.draft.issues.append(
            Issue("meter_mismatch", "warning", desk.sheet, where,
                  say("“{sheet}”表 {cell} 用量填的是 {stated}，读数差 × 倍率是 {amount}。", sheet=desk.sheet,
                      cell=where, stated=stated, amount=amount),
                  say("核对倍率和读数，改错的一处。"),
                  value=str(stated), expected=str(amount))
        )  # fmt: skip


def _only_readings(desk: Desk, end: Column) -> None:
    cell = cell_name(*end.at)
    for r in desk.labels.rows:
        desk.draft.reported.add((desk.sheet, r, end.index))
    desk.draft.issues.append(
        Issue("meter_only", "error", desk.sheet, cell,
              say("“{sheet}”表 {cell} 只有表底读数，没有用量，也没有上月读数。", sheet=desk.sheet, cell=cell),
              say("加一列上月读数和倍率，或直接填本月用量。"))
    )  # fmt: skip
