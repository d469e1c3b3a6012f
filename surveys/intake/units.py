"""Unit words of a definition, and text folded for comparing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from surveys.definition import Definition

_BLANK = re.compile(r"[\s\u00a0\u200b-\u200d\ufeff\u2060]+")


def fold(text: object) -> str:
    """Text for comparing: NFKC, no blanks, lower case."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", str(text))).casefold()


@dataclass(frozen=True)
class Unit:
    """A unit word understood: a key of the definition's units and what it multiplies by (万 and its kin)."""

    key: str
    scale: str = "1"
    word: str = ""


class Units:
    """Unit words of a definition: 万kWh → (kWh, 10000), 瓶(15kg) → (kg, 15)."""

    def __init__(self, definition: Definition):
        self.exact = {fold(w): key for key, words in definition.units.items() for w in (*words, key)}
        self.prefixes = sorted(
            ((fold(p), f) for p, f in definition.unit_prefixes.items()), key=lambda p: -len(p[0])
        )
        packs = "|".join(map(re.escape, definition.pack_words)) or "(?!)"
        self.pack = re.compile(rf"(?:{packs})装?(\d+(?:\.\d+)?)(.+?)装?")
        self.pack_back = re.compile(rf"(\d+(?:\.\d+)?)([^\d]+?)/?(?:装)?(?:{packs})")
        self.longest = max(map(len, self.exact), default=0) + 2
        self.seen: dict[str, Unit | None] = {}

    def parse(self, text: str) -> Unit | None:
        """The unit a text is, or None; a rate such as 元/kWh is not a unit."""
        if text not in self.seen:
            self.seen[text] = self._parse(text)
        return self.seen[text]

    def _parse(self, text: str) -> Unit | None:
        folded = re.sub(r"^(单位|计量单位)[:：]?", "", fold(text)).strip("()[]【】")
        folded = re.sub(r"/(月|年|季|期)$", "", folded)
        if not folded or len(folded) > 16:
            return None
        if folded in self.exact:
            return Unit(self.exact[folded], "1", _shown(folded, self.exact[folded]))
        for prefix, factor in self.prefixes:
            rest = folded[len(prefix) :]
            if folded.startswith(prefix) and rest in self.exact:
                return Unit(self.exact[rest], factor, prefix + _shown(rest, self.exact[rest]))
        flat = folded.translate(str.maketrans("", "", "()[]"))
        for pattern in (self.pack, self.pack_back):
            match = pattern.fullmatch(flat)
            inner = self.exact.get(match.group(2)) if match else None
            if inner:
                return Unit(inner, str(Decimal(match.group(1))), text)
        return None

    def at_end(self, folded: str) -> tuple[str, Unit | None]:
        """A label without the unit at its end: 用电量/万kwh, 电费:元, 用电量kwh; (label, None) if there is none."""
        match = re.fullmatch(r"(.+)[/:：,，、;]([^/:：,，、;]+)", folded)
        if match and self.parse(match.group(2)):
            return match.group(1), self.parse(match.group(2))
        for size in range(min(self.longest, len(folded) - 1), 1, -1):
            unit = self.parse(folded[-size:])
            if unit and len(folded) > size:
                return folded[:-size], unit
        return folded, None


def _shown(folded: str, key: str) -> str:
    """A unit word as people write it: kwh is shown as kWh, 吨 as it is."""
    return key if folded.isascii() and key != "CNY" else folded
