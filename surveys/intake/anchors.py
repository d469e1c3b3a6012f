"""Which row of a sheet is a header: known words, months across, or names above a block of figures."""

from __future__ import annotations

import re

from surveys.intake import periods
from surveys.intake.decimals import decimal_months
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.labels import Label
from surveys.intake.periods import When
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_FIELD = re.compile(r"[A-Za-z][A-Za-z_]+\d?")
_HAN = re.compile("[\u4e00-\u9fff]")
_CAPTION = re.compile(r"[(]?(?:金额|计量|数量|电量|用量)?单位:")


def row_labels(grid: Grid, r: int, words: Vocabulary) -> dict[int, Label]:
    """Labels of the own cells of a row; a run 1, 2, 3 … of at least six bare numbers is read as months."""
    cells = grid.own(r)
    labels = {c: words.label(v) for c, v in cells}
    labels |= _decimal_months(cells)
    run = [(c, _small(v)) for c, v in cells if _small(v)]
    start = next((i for i, (_, n) in enumerate(run) if n == 1), None)
    if start is not None and not any(x.role == "sequence" and c < run[start][0] for c, x in labels.items()):
        months = [(c, n) for i, (c, n) in enumerate(run[start : start + 12], 1) if n == i]
        if len(months) >= 6 and len(cells) - len(months) <= 6:
            for c, n in months:
                labels[c] = Label(str(n), when=When(0, f"{n:02d}", False), confidence=0.9)
    return labels


def _decimal_months(cells: list[tuple[int, object]]) -> dict[int, Label]:
    """Months that became numbers, 2024.1 to 2024.12 across: at least six of them in order."""
    numbers = [(c, v) for c, v in cells if isinstance(v, float) and 2000 < v < 2100]
    if len(numbers) < 6 or all(v == int(v) for _, v in numbers):
        return {}
    found = decimal_months([v for _, v in numbers])
    return {
        c: Label(str(v), when=when, confidence=0.9)
        for (c, v), when in zip(numbers, found, strict=True)
        if isinstance(when, When)
    }


def codes_beside(grid: Grid, r: int, other: int) -> bool:
    """Whether a row holds nothing but a system's names of fields (ldmc, czsj) over or under the words for them."""
    codes, words = dict(grid.own(r)), dict(grid.own(other))
    if len(codes) < 3 or len(set(codes.values())) < len(codes) or not set(codes) <= set(words):
        return False
    named = all(isinstance(v, str) and _FIELD.fullmatch(v.strip()) for v in codes.values())
    return (
        named
        and not any((r, c) in grid.owner for c in codes)
        and all(_HAN.search(str(words[c])) for c in codes)
    )


def _small(value: object) -> int:
    text = str(value).strip().removesuffix(".0")
    return int(text) if text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 12 else 0


def looks_like_header(grid: Grid, r: int, words: Vocabulary, strict: bool = False) -> bool:
    """At least two known words, mostly known words, hardly any numbers. `strict` for a header inside a table."""
    labels = row_labels(grid, r, words)
    if not labels or _says_itself(list(labels.values())):
        return False
    if not strict and _heads_figures(grid, r, labels, words):
        return True
    if not strict:
        labels = {c: label for c, label in labels.items() if not _CAPTION.match(fold(label.text))}
    spoken = [label for label in labels.values() if label.speaks]
    numbers = sum(1 for c, v in grid.own(r) if is_numeric(v) and not labels[c].when)
    if len(labels) > 1 and not numbers and fold(next(iter(labels.values())).text) in words.pivot and spoken:
        return True
    if strict:
        kinds = [s for s in spoken if s.role or s.measure]
        known = (
            len(kinds) >= 2 or _months_across(labels) or (kinds and all(s.role or s.items for s in spoken))
        )
        return len(spoken) >= 3 and bool(known) and numbers == 0 and len(spoken) >= 0.8 * len(labels)
    enough = len(spoken) >= 3 or (len(spoken) == 2 and len(labels) <= 4)
    return (enough and numbers <= 0.2 * len(labels) and len(spoken) >= 0.5 * len(labels)) or _months_across(
        labels
    )


def _says_itself(labels: list[Label]) -> bool:
    """Whether two cells are a word and its value, no header: 年份 | 2024, 月份 | 3月."""
    if len(labels) != 2 or not labels[1].when or labels[1].role:
        return False
    month = bool(labels[1].when.month)
    return labels[0].role in (("period",) if month else ("year", "period"))


def _heads_items(grid: Grid, r: int, labels: dict[int, Label], words: Vocabulary) -> bool:
    """Whether a row of names stands over figures of items: 能源 | 图书馆 | 第一食堂, then carriers with numbers."""
    keys = [c for c, label in labels.items() if label.role == "item"] or list(labels)[:1]
    names = [c for c, x in labels.items() if x.strange and not is_numeric(x.text) and c not in keys]
    if len(keys) != 1 or len(names) < 2 or any(x.items or x.measure or x.when for x in labels.values()):
        return False
    below = [k for k in range(r + 1, min(r + 6, len(grid.rows))) if grid.own(k)][:2]
    return len(below) == 2 and all(
        words.label(grid.value(k, keys[0])).items
        and sum(1 for c in names if is_numeric(grid.value(k, c))) >= 0.6 * len(names)
        for k in below
    )


def _heads_figures(grid: Grid, r: int, labels: dict[int, Label], words: Vocabulary) -> bool:
    """Whether a row of names stands over a block of figures: 月份 | 图书馆 | 第一食堂, then months with numbers."""
    if _heads_items(grid, r, labels, words):
        return True
    keys = [c for c, label in labels.items() if label.role == "period"]
    names = [c for c, label in labels.items() if label.text.strip() and not label.role and not label.total]
    told = any(labels[c].items or labels[c].measure for c in names)
    if len(keys) != 1 or len(names) < (1 if told else 2) or any(is_numeric(labels[c].text) for c in names):
        return False
    below = [k for k in range(r + 1, min(r + 8, len(grid.rows))) if grid.own(k)][:3]
    return len(below) == 3 and all(
        periods.parse_value(grid.value(k, keys[0])) is not None
        and sum(1 for c in names if is_numeric(grid.value(k, c))) >= 0.6 * len(names)
        for k in below
    )


def _months_across(labels: dict[int, Label]) -> bool:
    return sum(
        1 for label in labels.values() if label.when and label.when.month and not label.rest
    ) >= 4 and all(label.speaks or not is_numeric(label.text) for label in labels.values())
