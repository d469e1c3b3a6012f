"""The same pipeline in a fresh process with limits."""

from __future__ import annotations

from pathlib import Path

from surveys.intake.context import Context
from surveys.intake.pipeline import Progress
from surveys.intake.result import IntakeResult


def run_in_child(path: str | Path, context: Context, progress: Progress | None = None) -> IntakeResult:
    """Like `run`, guarded: a crash or a limit becomes verdict reject_file with a clear sentence."""
    raise NotImplementedError
