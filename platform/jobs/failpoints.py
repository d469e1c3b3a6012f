"""Named points of an operation at which a test may stop the process or raise. Inert unless a test arms one.

`reach("load.copied")` does nothing; under `HOUQIN_FAILPOINT=load.copied:kill` it kills the process the way a lost
machine would, and `armed("load.copied")` makes it raise in the same process.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupted(RuntimeError):
    """Raised at an armed point."""


_armed: set[str] = set()


def reach(name: str) -> None:
    """Marks a point. Raises Interrupted where a test armed it."""
    if name in _armed:
        raise Interrupted(name)
    if os.environ.get("HOUQIN_FAILPOINT") == f"{name}:kill":
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def armed(name: str) -> Iterator[None]:
    """Inside, reaching the point raises."""
    _armed.add(name)
    try:
        yield
    finally:
        _armed.discard(name)
