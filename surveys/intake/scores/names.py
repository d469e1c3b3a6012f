"""How much a text is the name of an item: shortened, turned, with its criterion beside it."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable

from surveys.definition import Criterion
from surveys.intake.units import fold

# a name that is taken as it stands; one that is only like it needs more than itself
SAME, BEGINS, CRITERION, INSIDE = 1.0, 0.96, 0.95, 0.9
_JOINTS = re.compile(r"[及与和或的、/,，;；:：.。·\-—_()\[\]【】“”\"'《》<>]+")
_POINTS = re.compile(r"[(\[【]?(?:满分)?\d+(?:\.\d+)?分[)\]】]?")
_HEAD = re.compile(r"[\n\r:：]|——|。")
_BRACKETED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
SHORTEST = 3
# different texts that are compared with every name
MOST_TEXTS = 2000


def bare(text: str) -> str:
    """A text for comparing names: folded, without points, joints and brackets."""
    return _JOINTS.sub("", _POINTS.sub("", fold(text)))


def _forms(text: str) -> list[str]:
    """The ways a text may be a name: whole, up to its first colon or line, and both without what is in brackets."""
    head = _HEAD.split(text.strip(), maxsplit=1)[0]
    every = (text, head, _BRACKETED.sub("", fold(text)), _BRACKETED.sub("", fold(head)))
    return list(dict.fromkeys(form for each in every if (form := bare(each))))


class Names:
    """The names of some items (or vetoes), and how near a text comes to each."""

    def __init__(self, items: Iterable[Criterion]):
        self.items = list(items)
        self.names = {item.key: self._forms(item.name) for item in self.items}
        self.criteria = {item.key: bare(item.criterion) for item in self.items}
        counts = Counter(ch for forms in self.names.values() for ch in set(forms[0]))
        self.weight = {ch: math.log(1 + len(self.items) / n) for ch, n in counts.items()}
        self.other = math.log(1 + len(self.items)) / 2
        self.exact = {form: key for key, forms in self.names.items() for form in forms[:2]}
        self.parts = self._parts()
        self.seen: dict[str, dict[str, float]] = {}

    def _forms(self, name: str) -> list[str]:
        folded = fold(name)
        return list(dict.fromkeys(f for f in (bare(name), bare(_BRACKETED.sub("", folded))) if f))

    def _parts(self) -> dict[str, str]:
        """Parts of names between strokes and commas that only one item has: 维修及时率 of 维修及时率/一次修复率."""
        found: dict[str, set[str]] = {}
        for item in self.items:
            for part in re.split(r"[/、,(]", fold(item.name)):
                if len(bare(part)) > SHORTEST:
                    found.setdefault(bare(part), set()).add(item.key)
        return {part: next(iter(keys)) for part, keys in found.items() if len(keys) == 1}

    def same(self, text: str) -> str:
        """The key of the item whose whole name a text is, with nothing beside it but brackets or what follows a colon;
        '' for none."""
        return next((self.exact[form] for form in _forms(text) if form in self.exact), "")

    def near(self, text: str) -> dict[str, float]:
        """Key → how much the text is its name, 0 to 1; those that are not at all are left out."""
        found = self.seen.get(text)
        if found is None and len(self.seen) >= MOST_TEXTS:
            # a list of thousands is no form: what stands in it word for word is found all the same
            return {key: SAME} if (key := self.same(text)) else {}
        if found is None and len(self.seen) >= MOST_TEXTS:
            # a list of thousands is no form; a whole name is found in it all the same
            return {key: SAME} if (key := self.same(text)) else {}
        if found is None:
            found = self.seen[text] = self._near(text)
        return found

    def _near(self, text: str) -> dict[str, float]:
        whole = bare(text)
        if not whole:
            return {}
        forms = _forms(text)
        found: dict[str, float] = {}
        for item in self.items:
            best = max(self._one(form, item.key) for form in forms)
            best = max(best, self._by_criterion(whole, item.key))
            if best > 0.3:
                found[item.key] = best
        self._longest_beginning(whole, found)
        return found

    def _one(self, form: str, key: str) -> float:
        if self.exact.get(form) == key:
            return SAME
        if self.parts.get(form) == key:
            return INSIDE
        return max(self._like(form, name) for name in self.names[key])

    def _like(self, form: str, name: str) -> float:
        if len(form) > 4 * len(name) + 6:
            return 0.0
        weight = self.weight
        shared = Counter(form) & Counter(name)
        common = sum(weight.get(ch, self.other) * n for ch, n in shared.items())
        if not common:
            return 0.0
        covered = common / sum(weight.get(ch, self.other) for ch in name)
        used = common / sum(weight.get(ch, self.other) for ch in form)
        pairs = Counter(itertools.pairwise(form)) & Counter(itertools.pairwise(name))
        joined = 2 * sum(pairs.values()) / max(len(form) + len(name) - 2, 1)
        like = 0.6 * (2 * covered * used / (covered + used)) + 0.4 * joined
        short, long = sorted((form, name), key=len)
        if len(short) >= SHORTEST and 2 * len(short) >= len(long) and _runs_through(short, long):
            like = max(like, 0.6 + 0.35 * len(short) / len(long))
        return min(like, 0.94)

    def _by_criterion(self, whole: str, key: str) -> float:
        criterion = self.criteria[key]
        if len(criterion) < 6 or len(whole) < 6:
            return 0.0
        if criterion in whole or (whole in criterion and 2 * len(whole) >= len(criterion)):
            return CRITERION
        if not 0.6 < len(whole) / len(criterion) < 1.7:
            return 0.0
        from rapidfuzz import fuzz

        alike = fuzz.ratio(whole, criterion) / 100
        return 0.88 if alike >= 0.85 else 0.0

    def _longest_beginning(self, whole: str, found: dict[str, float]) -> None:
        """A text that begins with a whole name and goes on is that one; of two names the longer one."""
        begun = [
            (len(form), key) for key, forms in self.names.items() for form in forms
            if len(form) >= SHORTEST and whole.startswith(form) and len(whole) > len(form)
        ]  # fmt: skip
        if begun:
            found[max(begun)[1]] = max(found.get(max(begun)[1], 0.0), BEGINS)


def _runs_through(short: str, long: str) -> bool:
    """Whether the characters of one text stand in the other in their order."""
    rest = iter(long)
    return all(ch in rest for ch in short)
