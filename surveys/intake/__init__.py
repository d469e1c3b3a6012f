"""Intake: any spreadsheet in, a tidy frame and its issues out.

The stages, each pure and in its own module: sniff → read → layout → mapping → clean → convert → check.
`run` does all of them in this process, `run_in_child` in a fresh guarded one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveys.intake.child import run_in_child
    from surveys.intake.context import Context, FacilityRef
    from surveys.intake.pipeline import recheck, run
    from surveys.intake.result import IntakeResult, Issue, MappingEntry

_HOMES = {
    "Context": "context",
    "FacilityRef": "context",
    "IntakeResult": "result",
    "Issue": "result",
    "MappingEntry": "result",
    "run": "pipeline",
    "recheck": "pipeline",
    "run_in_child": "child",
}
__all__ = [
    "Context",
    "FacilityRef",
    "IntakeResult",
    "Issue",
    "MappingEntry",
    "recheck",
    "run",
    "run_in_child",
]


def __getattr__(name: str) -> Any:
    # Loaded when first used: importing the package must not cost half a second of pandas.
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"surveys.intake.{_HOMES[name]}"), name)
