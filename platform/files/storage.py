"""Private files, stored under their university and their own hash. Nothing here is reachable by an address."""

import datetime
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SHA256 = re.compile(r"[0-9a-f]{64}")
OWNER = re.compile(r"[a-z][a-z0-9]{1,19}")
CHUNK = 1024 * 1024
UNFINISHED = ".new-"
# nothing is written for this long: whoever began is dead
UNFINISHED_TOO_LONG = datetime.timedelta(days=1)


@dataclass(frozen=True)
class StoredFile:
    """What identifies a stored file: its owner, hash and size in bytes."""

    owner: str
    sha256: str
    size: int


def store(owner: str, chunks: Iterable[bytes]) -> StoredFile:
    """Writes a file durably and returns its identity. The same bytes are kept once per owner.

    `owner` is a university's code or `association`. Raises ValueError for a bad owner, OSError when the disk is full.
    """
    folder = _folder(owner)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=UNFINISHED, delete=False) as new:
        try:
            for chunk in chunks:
                new.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            new.flush()
            os.fsync(new.fileno())
        except BaseException:
            os.unlink(new.name)
            raise
    os.replace(new.name, folder / digest.hexdigest())
    return StoredFile(owner, digest.hexdigest(), size)


def path_of(owner: str, sha256: str) -> Path:
    """Where a stored file lies. Raises ValueError for a name that is none, FileNotFoundError when it is not there."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a hash")
    path = _folder(owner) / sha256
    if not path.is_file():
        raise FileNotFoundError(sha256)
    return path


def read(owner: str, sha256: str) -> bytes:
    """The bytes of a stored file."""
    return path_of(owner, sha256).read_bytes()


def remove(owner: str, sha256: str) -> None:
    """Takes a stored file away; the caller knows that nothing names it. One that is not there is no error."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a hash")
    (_folder(owner) / sha256).unlink(missing_ok=True)


def sweep(*, now: datetime.datetime) -> int:
    """Removes what a kill in the middle of `store` left behind, once it is a day old; returns how many."""
    before = (now - UNFINISHED_TOO_LONG).timestamp()
    removed = 0
    for path in Path(settings.FILES_ROOT).glob(f"*/{UNFINISHED}*"):
        try:
            if path.lstat().st_mtime < before:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # finished, or swept by another, since it was listed
            continue
    return removed


def _folder(owner: str) -> Path:
    if not OWNER.fullmatch(owner):
        raise ValueError("not an owner")
    return Path(settings.FILES_ROOT) / owner
