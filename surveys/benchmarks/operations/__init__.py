"""Writing figures, cohorts, releases and completion. Each is one transaction; figures and snapshots may be repeated."""

from surveys.benchmarks.operations.cohorts import ensure_cohorts
from surveys.benchmarks.operations.completion import snapshot_completion
from surveys.benchmarks.operations.figures import accepted_seals, missing_figures, write_figures
from surveys.benchmarks.operations.releases import By, ReleaseError, has_news, make_release

__all__ = [
    "By",
    "ReleaseError",
    "accepted_seals",
    "ensure_cohorts",
    "has_news",
    "make_release",
    "missing_figures",
    "snapshot_completion",
    "write_figures",
]
