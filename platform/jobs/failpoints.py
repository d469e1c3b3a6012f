"""Named points of an operation at which a test may stop it. Inert unless a test arms one.

`armed("provision.granted")` makes the point raise in the same process. Under HOUQIN_FAILPOINTS, the name of a folder, a
file there with a point's name is a trap: whichever process comes by first is killed the way a lost machine would be,
and the trap is gone.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Interrupted(RuntimeError):
    """Raised at an armed point."""


_armed: set[str] = set()


def reach(name: str) -> None:
    """Marks a point, `load.copied` for instance. Raises Interrupted where a test armed it."""
    if name in _armed:
        raise Interrupted(name)
    folder = os.environ.get("HOUQIN_FAILPOINTS")
    if not folder:
        return
    try:
        Path(folder, name).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def armed(name: str) -> Iterator[None]:
    """Inside, reaching the point raises."""
    _armed.add(name)
    try:
        yield
    finally:
        _armed.discard(name)
