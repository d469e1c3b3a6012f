"""What a column of a table is: its header's words and the share of its cells that read as months, items, units, places
or numbers vote; the strongest wins."""

from __future__ import annotations

import re
from dataclasses import replace

from surveys.intake import periods
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.headers import Column
from surveys.intake.labels import Label
from surveys.intake.places import is_facility
from surveys.intake.rowkinds import is_total
from surveys.intake.words import Vocabulary

# the number of a meter; O12 and l07 are numbers somebody mistyped
_CODE = re.compile(r"[A-HJ-NP-Za-hjkmnp-z][A-Za-z]{0,3}[-_]?\d{2,}")

# cells by which a column without a number is told
ENOUGH = 3


def vote(grid: Grid, column: Column, sample: list[int], words: Vocabulary) -> Column:
    """Settle the role of one column from its header and its contents."""
    values = [v for r in sample if (v := grid.value(r, column.index)) not in ("", None)]
    label = column.label
    if label.role in (
        "sequence",
        "identifier",
        "note",
        "aside",
        "price",
        "multiplier",
        "meter_start",
        "meter_end",
        "unit",
        "type",
    ):
        role = "item" if label.role == "type" and _share(values, reads_item, words) > 0.7 else label.role
        return _with(column, role)
    if label.role == "story":
        return _with(column, "item" if _share(values, reads_item, words) > 0.6 else "note")
    if label.role == "item_code":
        coded = _share(values, lambda v, w: w.coded(v), words) > 0.9
        return replace(column, role="item", coded=True) if coded else _with(column, "sequence")
    if label.role.startswith("denominator"):
        return _with(column, label.role)
    if label.role in ("item", "facility", "period", "campus", "year", ""):
        return _with(column, _by_content(values, label, column, words))
    return _with(column, label.role)


def _by_content(values: list, label: Label, column: Column, words: Vocabulary) -> str:
    if label.total and not (label.items or label.measure):
        # the sum of what nobody knows is as little known
        return "unknown" if not column.facility and any(lv.strange for lv in column.levels) else "total"
    numbers = _share(values, lambda v, _: is_numeric(v), words)
    if label.role == "year" and _share(values, _reads_period, words) > 0.5:
        return "year"
    if label.role == "period":
        corner = _share(values, _reads_period, words) < 0.2 and _share(values, reads_item, words) > 0.6
        return "item" if corner else "period"
    dated = 0.0 if label.when else _share(values, _reads_period_strictly, words)
    if dated > 0.9:
        return "period"
    named = label.items and not (label.when or label.measure or label.unit)
    if named and len(values) >= ENOUGH and not any(_stands_for_one(v, words) for v in values):
        # 水表地址 over the addresses of meters
        return _texts(values, words)
    if label.when or label.items or label.measure or label.unit:
        return "data" if not values or any(_figures_in(v, words) for v in values) else _texts(values, words)
    if "月" in label.text and not label.filler and _share(values, _reads_period, words) > 0.9:
        return "period"
    if dated > 0.6:
        return "period"
    if _share(values, reads_item, words) > 0.6:
        return "item"
    if values and numbers < 0.3 and _share(values, _reads_unit, words) > 0.6:
        return "unit"
    if label.role == "item":
        places = _share(values, _reads_place, words)
        return "facility" if places > 0.5 and _share(values, reads_item, words) < 0.3 else "item"
    if label.role in ("facility", "campus"):
        return label.role
    if not values:
        return "empty"
    if numbers > 0.5:
        return "data" if column.facility or label.filler else "unknown"
    return "text"


def _texts(values: list, words: Vocabulary) -> str:
    """What a column of words is whose header speaks of figures: 缴费项目 over 电费 and 水费, 用电地点 over names."""
    if _share(values, reads_item, words) > 0.6:
        return "item"
    if _share(values, _reads_unit, words) > 0.6:
        return "unit"
    return "facility" if _share(values, _reads_place, words) > 0.5 else "text"


def _figures_in(value: object, words: Vocabulary) -> bool:
    """Whether a cell holds a figure or stands for one: anything but plain words."""
    if isinstance(value, str) and _CODE.fullmatch(value.strip()):
        return False
    if not isinstance(value, str) or re.search(r"[\d#=]", value):
        return True
    stands_in = ("placeholder", "pending", "not_applicable")
    return any(value.strip().startswith(w) for name in stands_in for w in words.definition.words(name))


def _stands_for_one(value: object, words: Vocabulary) -> bool:
    """Whether a cell is a number or says why there is none: 1,200, 约30, —."""
    if not isinstance(value, str):
        return True
    words_of_numbers = ("placeholder", "pending", "not_applicable", "estimate")
    said = any(value.strip().startswith(w) for name in words_of_numbers for w in words.definition.words(name))
    return said or is_numeric(value) or bool(re.match(r"[\d.,]+", value.strip()))


def _with(column: Column, role: str) -> Column:
    return replace(column, role=role)


def _share(values: list, reads, words: Vocabulary) -> float:
    kept = [v for v in values if not is_total(v, words)]
    return sum(1 for v in kept if reads(v, words)) / len(kept) if kept else 0.0


def _reads_period(value: object, _: Vocabulary) -> bool:
    return periods.parse_value(value) is not None


def _reads_period_strictly(value: object, words: Vocabulary) -> bool:
    return not is_numeric(value) and periods.parse_value(value, role=False) is not None


def reads_item(value: object, words: Vocabulary) -> bool:
    label = words.label(value)
    return bool(label.items or label.measure) and label.confidence >= 0.7 and not label.role


def _reads_place(value: object, words: Vocabulary) -> bool:
    return isinstance(value, str) and is_facility(words.label(value), words)


def _reads_unit(value: object, words: Vocabulary) -> bool:
    return isinstance(value, str) and words.units.parse(value) is not None
