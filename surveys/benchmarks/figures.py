"""From a sealed frame to figures. Pure: numbers in, numbers out; the formulas are the instrument's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.definition import Definition
from surveys.instruments import functions
from surveys.instruments.figures import Figures

PLACES = Decimal("0.00000001")
# what the parts of a total are stored as: `part.electricity`, and their total
PART, PART_TOTAL = "part.", "part.total"


@dataclass(frozen=True)
class Value:
    """One figure of one university. numerator and denominator are None where the indicator is no ratio."""

    indicator: str
    period: str
    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    function: str


def figures(
    frame: Figures, denominators: Mapping[str, Mapping], definition: Definition, period: str
) -> list[Value]:
    """Every indicator of the definition for `period` (a year, or what the round collects), and where the instrument
    has one the make-up of its total per month.

    frame: figures in base units of one university (facilities are summed by the indicator functions);
    denominators: {key: {value, …}}. Indicators without a value are left out.
    """
    module = functions(definition.code, "indicators")
    rows = [{"key": key, "period": period, "value": entry["value"]} for key, entry in denominators.items()]
    table = module.compute(frame, rows, definition, whole_period=period)
    numbered = {indicator.key: indicator.function for indicator in definition.indicators}
    found = [_value(row, numbered[row.indicator]) for row in table.itertuples() if _is_number(row.value)]
    return found + _parts(frame, definition)


def _value(row, function: str) -> Value:
    ratio = _is_number(row.denominator)
    top, bottom = (_decimal(row.numerator), _decimal(row.denominator)) if ratio else (None, None)
    return Value(row.indicator, row.period, _decimal(row.value), top, bottom, function)


def _parts(frame: Figures, definition: Definition) -> list[Value]:
    module = functions(definition.code, "benchmarks")
    if module is None:
        return []
    rows = module.structure(frame, definition)
    return [
        Value(PART + row.part, row.period, _decimal(row.value), None, None, module.STRUCTURE)
        for row in rows.itertuples()
    ]


def _is_number(value) -> bool:
    return value is not None and math.isfinite(value)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(PLACES)
