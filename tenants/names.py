"""Names of places: how several are written in one field, and how they are sorted."""

import re

from pypinyin import lazy_pinyin


def split_aliases(text: str) -> list[str]:
    """The names in a field that holds several, once each, whatever separates them."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[、，,；;/\n]", text) if part.strip()))


def pinyin_key(name: str) -> str:
    """A sort key for a Chinese name: its pinyin, then the name itself to keep equal readings apart."""
    return f"{' '.join(lazy_pinyin(name))} {name}"[:200].lower()
