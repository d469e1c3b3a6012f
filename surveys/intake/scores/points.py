"""What one cell of scores says: points, a deduction, nothing, not applicable, or something to be asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from surveys.definition.said import say
from surveys.intake.numbers import Cleaned, Cleaner, is_too_large, too_large

_GIVEN = re.compile(r"(?:自评|得|计)?(\d+(?:\.\d+)?|\.\d+)分?")
_TAKEN = re.compile(r"(?:扣|减|[-—–−])(\d+(?:\.\d+)?|\.\d+)分?")
_OF = re.compile(r"(\d+(?:\.\d+)?)分?/(\d+(?:\.\d+)?)分?")
_FULL = ("满分", "不扣分", "未扣分", "无扣分")


@dataclass(frozen=True)
class Reading:
    """state: points, taken (points taken off), missing, not_applicable or bad. `exact` is the number, `kind` names the
    oddity as intake's other cells do (`text_number`, `estimated`, …), `message` explains a bad one; `note` is what
    stands beside 不适用 in the same cell, `of` the full points written behind a stroke."""

    state: str
    exact: str = ""
    kind: str = ""
    message: str = ""
    note: str = ""
    of: str = ""


def read_points(value: object, cleaner: Cleaner) -> Reading:
    """What a cell says; never raises."""
    clean = cleaner.clean(value)
    if (isinstance(value, str) and clean.state == "bad") or clean.kind == "unit_in_cell":
        return _text(str(value), clean, cleaner)
    if clean.kind == "negative":
        return Reading("taken", clean.exact.lstrip("-"), "negative")
    return _of(clean)


def _of(clean: Cleaned) -> Reading:
    if clean.state == "number":
        if clean.scale != "1" or is_too_large(clean.exact):
            big = too_large(clean.exact)
            return Reading("bad", "", big.kind, big.message)
        return Reading("points", clean.exact, clean.kind)
    return Reading(clean.state, "", clean.kind, clean.message)


def _text(raw: str, clean: Cleaned, cleaner: Cleaner) -> Reading:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", raw)).strip("。;,")
    if match := _GIVEN.fullmatch(text):
        return _of(Cleaned("number", _tidy(match.group(1)), "text_number"))
    if match := _TAKEN.fullmatch(text):
        return Reading("taken", _tidy(match.group(1)), "negative")
    if match := _OF.fullmatch(text):
        return Reading("points", _tidy(match.group(1)), "text_number", of=_tidy(match.group(2)))
    if clean.kind == "negative" and clean.exact:
        return Reading("taken", clean.exact.lstrip("-"), "negative")
    words = cleaner.definition.words("not_applicable")
    if said := next((w for w in words if text.upper().startswith(w.upper())), ""):
        return Reading("not_applicable", kind="not_applicable", note=text[len(said) :].strip("(),，:：;；"))
    if text in _FULL:
        return Reading("bad", "", "full_marks", say("写的是“{raw}”，没有写分数", raw=raw.strip()))
    if clean.kind in ("not_a_number", "unit_in_cell", "unit_unknown") and not re.search(r"\d", text):
        shown = raw.strip()
        return Reading("bad", "", "not_a_number", say("“{raw}”是文字，不是分数", raw=shown[:40]))
    if clean.state == "bad":
        return Reading("bad", "", clean.kind, clean.message)
    return _of(clean)


def _tidy(number: str) -> str:
    value = Decimal(number)
    return format(value.normalize() if value else abs(value), "f")
