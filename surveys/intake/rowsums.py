"""Rows that only their sum tells apart: several meters of a house and their 小计, tariffs and their 合计.

Where rows below each other say the same in every label, and the sum right below adds them up in every column, the sum
is the figure and they are its parts.
"""

from __future__ import annotations

import itertools
import re

from surveys.intake import periods
from surveys.intake.grid import is_numeric
from surveys.intake.headers import Column
from surveys.intake.rows import column_values
from surveys.intake.table import Table
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_DAY = re.compile(r"([1-9]|[12]\d|3[01])[日号]?")
KEYS = ("period", "year", "item", "unit", "facility", "campus")
# a list is no ledger of parts, and looking through it costs time
LONGEST = 2000
SURE = 3
# digits a meter or an account has at least
ACCOUNT = 4


def settle_row_sums(table: Table, words: Vocabulary) -> None:
    """Make such sums the data and their parts `part_rows`; `said` holds what their label cells mean."""
    if len(table.data_rows) > LONGEST:
        return
    said = _meanings(table, words)
    columns = table.of_role("data")
    for last, total in itertools.pairwise([-1, *table.total_rows]):
        block = _alike([r for r in said if last < r < total], table, said)
        fits = len(block) > 1 and _fits(table, total, said[block[0]], words)
        if fits and _adds_up(table, total, block, columns):
            _settle(table, total, block, said[block[0]])
    rows = [r for r in said if r in set(table.data_rows)]
    while len(block := _alike(rows, table, said)) > 0:
        rows = rows[: -len(block)]
        *parts, last = block
        # so many figures do not add up by chance
        if len(parts) > 1 and _adds_up(table, last, parts, columns) >= SURE:
            _settle(table, last, parts, said[last])


def _settle(table: Table, total: int, block: list[int], said: dict[int, object]) -> None:
    table.total_rows = [r for r in table.total_rows if r != total]
    table.part_rows += block
    gone = set(block)
    table.data_rows = sorted({*(r for r in table.data_rows if r not in gone), total})
    table.said |= {(total, c): value for c, value in said.items()}
    if block[0] in table.section_of:
        table.section_of[total] = table.section_of[block[0]]


def _meanings(table: Table, words: Vocabulary) -> dict[int, dict[int, object]]:
    """Per data row what its label cells say, by column; what nobody knows (尖, 峰, 1号变) says nothing."""
    found: dict[int, dict[int, object]] = {r: {} for r in table.data_rows}
    months = all(c.label.when and c.label.when.month for c in table.of_role("data"))
    # 第一周 beside the month it is in
    dated = len(table.of_role("period")) > 1
    for column in table.of_role(*KEYS):
        values = column_values(table, column.index, table.data_rows)
        days = column.role == "period" and months and days_of_month(values)
        for r, value in zip(table.data_rows, values, strict=True):
            label = words.label(value)
            nothing = days or (dated and column.role == "period" and periods.parse_value(value) is None)
            nothing = nothing or (column.role == "item" and (label.strange or label.filler))
            found[r][column.index] = (
                "" if nothing else _month_of_day(value) if column.role == "period" else value
            )
    return found


def days_of_month(values: list) -> bool:
    """Whether labels beside months across are days: 1 to 28, 29, 30 or 31, each once, as numbers or as 1日."""
    found = [_DAY.fullmatch(fold(v).removesuffix(".0")) for v in values]
    return all(found) and sorted(int(m.group(1)) for m in found) in [
        list(range(1, n + 1)) for n in range(28, 32)
    ]


def _month_of_day(value: object) -> object:
    """The month a day or a week lies in as a text of its own; any other label as it is."""
    when = periods.parse_value(value)
    inside = when and (when.day or (when.begun and when.begun[1] == when.month))
    if not inside:
        return value
    return f"{when.year}-{when.part}" if when.year else float(when.month)


def _alike(rows: list[int], table: Table, said: dict[int, dict[int, object]]) -> list[int]:
    """The last of some rows that say the same as the very last one."""
    means = {r: (said[r], table.section_of.get(r)) for r in rows}
    different = [r for r in rows if means[r] != means[rows[-1]]]
    return [r for r in rows if r > max(different, default=-1)]


def _fits(table: Table, total: int, said: dict[int, object], words: Vocabulary) -> bool:
    """Whether a sum row says nothing of its own: blank, 小计, or the words of its parts (图书馆小计)."""
    for c, value in said.items():
        own = table.grid.value(total, c)
        left = fold(own)
        for word in words.totals:
            left = left.replace(word, "")
        if words.label(left).filler or words.label(left).role == "period":
            # 本月 of 本月合计, 月 of 月小计
            continue
        if left and left != fold(value) and fold(own) != fold(value) and not _same_month(left, value):
            return False
    return True


def _same_month(text: str, value: object) -> bool:
    """Whether 1月 (of 1月合计) and the label of the parts are one month, one of them perhaps without its year."""
    one, other = periods.parse_text(text), periods.parse_value(value)
    return bool(
        one and other and one.part == other.part and (one.year == other.year or not (one.year and other.year))
    )


def _told_apart(table: Table, block: list[int]) -> bool:
    """Whether parts have names of their own: tariffs, numbers of meters or accounts; running numbers are none."""
    figures = {c.index for c in table.of_role("data", "total")}
    for column in table.of_role("period"):
        names = [fold(table.grid.value(r, column.index)) for r in block]
        if len(set(names)) == len(names) and all(names):
            return True
    for c in (c.index for c in table.columns if c.index not in figures):
        names = [fold(table.grid.value(r, c)).removesuffix(".0") for r in block]
        if len(set(names)) == len(names) and all(
            n and not (n.isdecimal() and len(n) < ACCOUNT) for n in names
        ):
            return True
    return False


def _adds_up(table: Table, total: int, block: list[int], columns: list[Column]) -> int:
    """How many figures of a sum are the sum of their parts; 0 where any is not, or nothing tells the parts apart."""
    if not _told_apart(table, block):
        return 0
    told = 0
    for column in columns:
        whole, parts = (
            table.grid.value(total, column.index),
            [table.grid.value(r, column.index) for r in block],
        )
        numbers = [_number(v) for v in (whole, *parts) if v not in ("", None)]
        if not numbers:
            continue
        if None in numbers or len(numbers) < 2 or whole in ("", None):
            return 0
        if abs(numbers[0] - sum(numbers[1:])) > max(1e-6 * abs(numbers[0]), 0.01 * len(block)):
            return 0
        told += 1
    return told


def _number(value: object) -> float | None:
    if isinstance(value, str) and is_numeric(value):
        value = fold(value).replace(",", "").strip("¥￥元")
        return float(value) if value.replace(".", "", 1).isdecimal() else None
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else None
