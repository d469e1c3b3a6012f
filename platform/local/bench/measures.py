"""What a measure is, and how times are taken."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the report. `value` and `goal` are ratios unless the name says a unit; `met` compares them."""

    name: str
    value: float
    goal: float
    higher_is_better: bool
    detail: str

    @property
    def met(self) -> bool:
        return self.value >= self.goal if self.higher_is_better else self.value <= self.goal

    def row(self) -> dict:
        """As `--json` prints it."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "goal": self.goal,
            "met": self.met,
            "detail": self.detail,
        }


Measure = Callable[[], list[Result]]
MEASURES: dict[str, Measure] = {}


def measure(name: str) -> Callable[[Measure], Measure]:
    """Registers a measure; one may give several results."""

    def register(function: Measure) -> Measure:
        MEASURES[name] = function
        return function

    return register


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(
    first: Callable[[], object],
    second: Callable[[], object],
    rounds: int,
    before: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """Median seconds of two sides, taken in turns so that a slow moment of the machine meets both. What `before` does
    ahead of each is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        order = ((0, first), (1, second)) if turn % 2 == 0 else ((1, second), (0, first))
        for side, work in order:
            before()
            times[side].append(seconds(work))
    return statistics.median(times[0]), statistics.median(times[1])
