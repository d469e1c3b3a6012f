"""Where an axis begins, ends and ticks. Pure."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` in steps of `step`."""

    low: float
    high: float
    step: float


def nice_axis(values, *, from_zero, ticks=5):
    """An axis with round ends around the values. Bars pass from_zero=True; a line may begin elsewhere."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return Axis(0.0, 1.0, 1.0)
    low, high = min(known), max(known)
    # A line whose values lie near zero anyway begins there: cutting a little off would only mislead.
    if from_zero or (low >= 0 and low < (high - low) * 0.75):
        low = min(low, 0.0)
    step = _round_step((high - low) / ticks or abs(high) / ticks or 1.0)
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if end <= start:
        end = start + step
    return Axis(_clean(start), _clean(end), _clean(step))


def _round_step(raw):
    """The next of 1, 2, 3, 5 times a power of ten that is not smaller."""
    power = 10 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 3, 5, 10) if factor * power >= raw * (1 - 1e-9))


def _clean(value):
    return float(f"{value:.10g}")
