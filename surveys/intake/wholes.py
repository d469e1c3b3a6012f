"""A whole beside its parts: 峰段, 平段, 谷段 and their 合计. Told by adding up, not by words."""

from __future__ import annotations

import re
from dataclasses import replace

from surveys.intake.grid import is_numeric
from surveys.intake.headers import Column
from surveys.intake.places import is_facility
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

# of the rows in which a whole and its parts stand, as many must add up
MOST = 0.9
FEWEST = 3
SHARE = 1e-6


def settle_wholes(table: Table, sample: list[int], words: Vocabulary) -> None:
    """Parts that say the same as their whole and add up to it in the sample rows get the role `part`.

    Figures of several places or months are no parts of one figure, and declared parts of an item (汽油：车辆用油) are
    added up by name.
    """
    data = table.of_role("data")
    for whole in data:
        parts = [c for c in data if c is not whole and _same(c, whole)] if whole.label.total else []
        if len(parts) < 2 or any(c.facility or _declared(c, words) for c in parts):
            continue
        if adds_up(table, whole, parts, sample):
            for column in parts:
                column.role = "part"
    for whole in table.of_role("data"):
        _settle_nameless_parts(table, whole, sample)


def _settle_nameless_parts(table: Table, whole: Column, sample: list[int]) -> None:
    """Columns before a sure one that say its item with a word nobody knows, or nothing known, and add up to it: 尖电量,
    峰电量 … 总电量; 基本电费, 力调电费, 附加 … 电费合计. Two or more in every row of the sample are no chance."""
    if whole.label.rest or not whole.label.items or whole.facility:
        return
    near = [c for c in table.columns if c.index < whole.index and c.role in ("data", "unknown")]
    unsure = [c for c in near if c.label.rest and not c.facility and _part_of(c, whole)]
    named = [c for c in unsure if c.label.items or c.label.measure]
    for parts in (unsure, named):
        if len(parts) > 1 and adds_up(table, whole, parts, sample):
            for column in parts:
                column.role = "part"
            return


def _part_of(part: Column, whole: Column) -> bool:
    """Whether a column may be a part of another: no other item, measure or month than it."""
    one, other = part.label, whole.label
    if one.total or one.when != other.when or (one.items and one.items != other.items):
        return False
    return not (one.items or one.measure) or (one.measure or "quantity") == (other.measure or "quantity")


def settle_bills(table: Table, words: Vocabulary) -> None:
    """采暖费 beside 供热面积 and no 热量 was paid by area: `bills` of an item says whose words its bill uses."""
    money = {m.key for m in words.definition.measures if not m.unit_from}
    data = table.of_role("data")
    measured = {c.label.item for c in data if c.label.measure not in money}
    for item in words.definition.items:
        if item.bills and item.key in measured and item.bills not in measured:
            for column in (c for c in data if c.label.measure in money and c.label.item == item.bills):
                column.label = replace(column.label, items=(item.key,))
                column.levels = [
                    replace(x, items=(item.key,)) if x.item == item.bills else x for x in column.levels
                ]


def settle_taxed(table: Table, sample: list[int], words: Vocabulary) -> None:
    """Of 金额, 税额 and 价税合计, told by its name or by adding up, the last is what was paid and the first a part."""
    money = {m.key for m in words.definition.measures if not m.unit_from}
    gross = [fold(w) for w in words.definition.words("gross")]
    bare = [
        c
        for c in table.of_role("data")
        if c.label.measure in money and not c.label.items and not c.label.when
    ]
    for whole in table.of_role("total", "unknown", "data") if bare else ():
        named = any(w in fold(whole.title) for w in gross)
        for amount in (c for c in bare if c is not whole and c.index < whole.index):
            taxes = [c for c in table.of_role("aside", "unknown") if amount.index < c.index < whole.index]
            summed = whole.role != "data" and any(adds_up(table, whole, [amount, c], sample) for c in taxes)
            if not (named or summed):
                continue
            whole.role, amount.role = "data", "part"
            whole.label = replace(whole.label, total=False, measure=amount.label.measure, rest="")
            whole.levels = [replace(amount.label, text=whole.title, rest="", confidence=1.0)]


def settle_sum_row(table: Table, words: Vocabulary) -> None:
    """The last row becomes a total where each of its figures is the sum of all above: no place uses that by chance."""
    places, rows = table.of_role("facility", "campus"), table.data_rows
    if not places or table.of_role("period", "item") or len(rows) <= FEWEST or table.section_of:
        return
    grid, last = table.grid, rows[-1]
    if any(is_facility(words.label(grid.value(last, c.index)), words) for c in places):
        return
    columns = [[number(grid.value(r, c.index)) for r in rows] for c in table.of_role("data")]
    full = [(numbers[-1], [n for n in numbers[:-1] if n]) for numbers in columns if numbers[-1]]
    if full and all(
        len(some) > 1 and abs(total - sum(some)) <= max(SHARE * total, 0.01 * len(some))
        for total, some in full
    ):
        table.data_rows = rows[:-1]
        table.total_rows = sorted([*table.total_rows, last])


def sums_places(table: Table, column: Column, places: list[Column], sample: list[int]) -> bool:
    """Whether a column under a name nobody knows adds up those of the places beside it."""
    said = (column.label.items, column.label.measure, column.label.when)
    parts = [c for c in places if (c.label.items, c.label.measure, c.label.when) == said]
    return len(parts) > 1 and adds_up(table, column, parts, sample, 2)


def _same(part: Column, whole: Column) -> bool:
    one, other = part.label, whole.label
    return (
        not one.total
        and bool(one.items)
        and (one.items, one.when) == (other.items, other.when)
        and (one.measure or "quantity") == (other.measure or "quantity")
    )


def _declared(column: Column, words: Vocabulary) -> bool:
    return any(
        fold(p)[:2] in fold(column.title) for i in column.label.items for p in words.definition.item(i).parts
    )


def adds_up(
    table: Table, whole: Column, parts: list[Column], sample: list[int], fewest: int = FEWEST
) -> bool:
    """Whether a column adds up others in the sample rows, at least `fewest` of them."""
    rows = [[number(table.grid.value(r, c.index)) for c in (whole, *parts)] for r in sample]
    full = [(total, sum(n for n in some if n)) for total, *some in rows if total and any(some)]
    good = sum(
        1 for total, summed in full if abs(total - summed) <= max(SHARE * abs(total), 0.01 * len(parts))
    )
    return len(full) >= fewest and good >= MOST * len(full)


def number(value: object) -> float | None:
    """What a cell holds as a plain number, None for anything else."""
    if isinstance(value, str):
        text = value.replace(",", "").strip()
        return float(text) if is_numeric(text) and text.replace(".", "", 1).isdecimal() else None
    return float(value) if is_numeric(value) else None


def _unexplained(column: Column, words: Vocabulary) -> bool:
    """Whether a level of the header says something nobody knows that is no declared part of the item."""
    items = {i for lv in column.levels for i in lv.items}
    parts = [fold(p)[:2] for i in items for p in words.definition.item(i).parts]
    return any(lv.strange and not any(p in fold(lv.text) for p in parts) for lv in column.levels)


def promote_totals(table: Table, words: Vocabulary) -> None:
    """A 合计 column that names an item and has no parts beside it that are sure holds the figures themselves."""
    sure = words.definition.confidence_accept
    data = [c for c in table.columns if c.role == "data"]
    for column in data:
        if not column.label.total:
            continue
        parts = [
            c
            for c in data
            if not c.label.total
            and ((c.label.confidence >= sure and not _unexplained(c, words)) or c.facility)
            and c.label.items == column.label.items
            and (c.label.measure or "quantity") == (column.label.measure or "quantity")
        ]
        if parts or _sums_items(table, column, data):
            column.role = "total"
    months = [c for c in data if c.label.when and c.label.when.month]
    if len(months) >= 3:
        for column in data:
            when = column.label.when
            if when and not when.month and not column.label.items:
                column.role = "total"


def settle_sums_of_nothing(table: Table, sample: list[int], words: Vocabulary) -> None:
    """What 小计 is beside one column of figures that it does not add up: the money of each row of a list where rows
    name the items (数量 × 单价), else nobody knows what."""
    data = table.of_role("data")
    money = {m.unit: m.key for m in words.definition.measures if not m.unit_from}
    sums = [c for c in table.of_role("total") if not (c.label.when or c.facility)]
    sums = [c for c in sums if len(data) == 1 and not adds_up(table, c, data, sample, 1)]
    for column in sums:
        unit = column.label.unit
        own = len(sums) == 1 and unit is not None and unit.key in money
        if not own or not table.of_role("item") or data[0].label.measure in money.values():
            column.role = "unknown"
            continue
        column.role = "data"
        column.label = replace(column.label, total=False, measure=money[unit.key])
        column.levels = [replace(level, total=False) for level in column.levels]


def settle_lone_sum(table: Table, sample: list[int], words: Vocabulary) -> None:
    """合计 over columns that nobody knows holds what the title speaks of: devices (1#变压器) are its parts, any
    other name is still asked. A 合计 without a figure beside it that it could add up is asked itself."""
    sums = [c for c in table.of_role("total") if not (c.label.when or c.facility)]
    unknown = table.of_role("unknown")
    if table.of_role("data") or not sums:
        return
    if len(sums) > 1 or not table.of_role("period") or not adds_up(table, sums[0], unknown, sample):
        for column in sums if unknown else ():
            column.role = "unknown"
        return
    whole, device = sums[0], _devices(words)
    whole.role = "data"
    whole.label = replace(whole.label, total=False)
    whole.levels = [replace(level, total=False) for level in whole.levels]
    for column in unknown:
        column.role = "part" if device.search(fold(column.title)) else "unknown"


def _devices(words: Vocabulary) -> re.Pattern:
    names = "|".join(map(re.escape, words.definition.words("device"))) or "(?!)"
    return re.compile(rf"[#号\d一二三四五六七八九十]+(?:{names})$")


def _sums_items(table: Table, column: Column, data: list[Column]) -> bool:
    """Whether a 合计 column names no item while two others of its measure each do, and the rows do not either."""
    alike = [c.label.item for c in data if c.label.measure == column.label.measure and c.label.item]
    return not column.label.items and len(alike) >= 2 and not table.of_role("item")
