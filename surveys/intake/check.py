"""Run the checks a definition names: numbered functions of the instrument over the frame and its history."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from surveys import instruments
from surveys.definition.said import say
from surveys.instruments.figures import Figures, as_figures
from surveys.instruments.material import Issue, Material, Skipped
from surveys.intake.context import Context

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def uncollected() -> Iterator[None]:
    """Without garbage collection: findings are thousands of small objects that stay, and looking through them again and
    again while they are made frees nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def run_checks(
    frame: Figures | pd.DataFrame, context: Context, asked: frozenset = frozenset()
) -> tuple[list[Issue], list[str]]:
    """All findings, and `V03: why` for each check that was skipped.

    Cells in error are left out for later checks. `asked`: keys (facility, item, measure, period) already reported.
    """
    with uncollected():
        return _run(frame, context, asked)


def _run(frame: Figures | pd.DataFrame, context: Context, asked: frozenset) -> tuple[list[Issue], list[str]]:
    module = instruments.functions(context.definition.code, "checks")
    table = getattr(module, "CHECKS", {}) if module else {}
    issues: list[Issue] = []
    skipped: list[str] = []
    frame = as_figures(frame)
    full, cache = frame, {}
    order = sorted(context.definition.checks, key=lambda c: c.tier != "error")
    history = context.history if context.history is not None and len(context.history) else None
    denominators, facilities = tuple(map(dict, context.denominators)), {f.id: f for f in context.facilities}
    for check in order:
        function = table.get(check.function)
        if function is None:
            skipped.append(say("{rule}: 没有函数 {function}", rule=check.id, function=check.function))
            continue
        material = Material(
            context.definition, check, frame, history, denominators, context.period, facilities, full, asked, cache,
            context.peers, context.deducted,
        )  # fmt: skip
        try:
            found = function(material)
        except Skipped as reason:
            skipped.append(f"{check.id}: {reason}")
            continue
        issues += found
        wrong = {(i.sheet, i.cell) for i in found if i.severity == "error"}
        if wrong:
            frame = frame.where(~frame.at_cells(wrong))
    return issues, sorted(skipped)
