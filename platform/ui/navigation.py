"""Entries of a navigation bar. Apps list theirs, config collects them, work.html shows them."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Entry:
    """One place in a bar: its word, address, icon (for phones), waiting items, and whether we are there."""

    label: str
    url: str
    icon: str = ""
    count: int = 0
    current: bool = False


def mark_current(entries, path):
    """The entries with the one marked whose address is the longest beginning of the path. An area's first page, under
    which the others lie, is marked on itself alone: what is in no entry, such as messages, marks none."""
    hits = [entry.url for entry in entries if path == entry.url or _lies_in(path, entry, entries)]
    here = max(hits, key=len, default=None)
    return [replace(entry, current=entry.url == here) for entry in entries]


def _lies_in(path, entry, entries):
    folder = entry.url.rstrip("/") + "/"
    first = any(other.url != entry.url and other.url.startswith(folder) for other in entries)
    return not first and (path + "/").startswith(folder)
