"""The stages in order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from surveys.intake.context import Context
from surveys.intake.result import IntakeResult, Issue

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int, int], None]


def run(path: str | Path, context: Context, progress: Progress | None = None) -> IntakeResult:
    """Read, check and report one file in this process; never raises for a bad file (verdict reject_file)."""
    raise NotImplementedError


def recheck(frame: "pd.DataFrame", context: Context) -> list[Issue]:
    """The checks alone on a frame with the columns of result.COLUMNS: for the grid and after merging."""
    raise NotImplementedError
