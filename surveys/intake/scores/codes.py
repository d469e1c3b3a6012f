"""Codes of items as offices write them: D1.1, D1-1, 1.1, 一（1）, （1）, and what a spreadsheet made of them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from surveys.definition import Evaluation
from surveys.intake.numerals import chinese_number

_JOIN = r"[.\-—–_·、~]"
_LETTERED = re.compile(rf"([a-z])\s*(\d{{1,2}})(?:\s*{_JOIN}+\s*(\d{{1,2}}))?(?!\d)[.、:]?", re.I)
_PAIR = re.compile(rf"(\d{{1,2}})\s*{_JOIN}+\s*(\d{{1,2}})(?!\d)(?!{_JOIN}\d)[.、:]?")
_CHINESE = re.compile(r"([一二三四五六七八九十]{1,3})[、.]?\s*\((\d{1,2}|[一二三四五六七八九十]{1,3})\)")
_ORDINAL = re.compile(
    r"(?:\((\d{1,2})\)|(\d{1,2})(?:[、.)](?!\d)|$)|\(([一二三四五六七八九十]{1,3})\))[、.]?"
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

LETTERED, BARE, ORDINAL = "lettered", "bare", "ordinal"


@dataclass(frozen=True)
class Code:
    """A code that was read. `keys` are the items it may be, `strength` how it was written; an ordinal counts within its
    group only, `number` is its count."""

    keys: tuple[str, ...]
    strength: str
    number: int = 0
    foreign: bool = False


class Codes:
    """Reads the codes of one evaluation."""

    def __init__(self, evaluation: Evaluation):
        self.evaluation = evaluation
        self.items = {item.key.upper(): item.key for group in evaluation.groups for item in group.items}
        self.groups = {group.key.upper(): n for n, group in enumerate(evaluation.groups, 1)}
        self.vetoes = {veto.key.upper(): veto.key for veto in evaluation.vetoes}

    @cached_property
    def bare(self) -> dict[str, str]:
        """Codes without their letter: 1.1 → D1.1."""
        return {re.sub(r"^[A-Z]+", "", key): own for key, own in self.items.items()}

    def read(self, value: object) -> tuple[Code | None, str]:
        """The code a cell begins with, and the rest of its text; None where there is none."""
        if isinstance(value, datetime.date):
            return self._of(f"{value.month}.{value.day}", BARE), ""
        if isinstance(value, float):
            return self._number(value), ""
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if text[:1] in ("", *_CIRCLED):
            return None, text
        raw = str(value).strip()
        if raw[:1] in _CIRCLED:
            return Code((), ORDINAL, _CIRCLED.index(raw[0]) + 1), raw[1:].strip()
        return self._text(text)

    def _text(self, text: str) -> tuple[Code | None, str]:
        if match := _LETTERED.match(text):
            letter, first, second = match.groups()
            name = f"{letter}{int(first)}" + (f".{int(second)}" if second else "")
            rest = text[match.end() :].strip()
            if name.upper() in self.items:
                return Code((self.items[name.upper()],), LETTERED), rest
            strange = second is not None and name.upper() not in self.groups
            return (Code((), LETTERED, foreign=True), rest) if strange else (None, text)
        if match := _CHINESE.match(text):
            numbers = [chinese_number(x) if not x.isdecimal() else int(x) for x in match.groups()]
            return self._of(f"{numbers[0]}.{numbers[1]}", BARE), text[match.end() :].strip()
        if match := _PAIR.match(text):
            found = self._of(f"{int(match.group(1))}.{int(match.group(2))}", BARE)
            return (found, text[match.end() :].strip()) if found else (None, text)
        if match := _ORDINAL.match(text):
            digits, plain, chinese = match.groups()
            number = chinese_number(chinese) if chinese else int(digits or plain)
            rest = text[match.end() :].strip()
            return self._ordinal(number or 0), rest
        return None, text

    def _number(self, value: float) -> Code | None:
        if value.is_integer():
            return self._ordinal(int(value)) if 0 < value < 100 else None
        # a spreadsheet keeps 1.10 as 1.1
        text = repr(value)
        return self._of(text, BARE, (text, f"{text}0"))

    def _ordinal(self, number: int) -> Code:
        return Code((), ORDINAL, number)

    def _of(self, name: str, strength: str, names: tuple[str, ...] = ()) -> Code | None:
        keys = tuple(self.bare[n] for n in names or (name,) if n in self.bare)
        return Code(keys, strength) if keys else None

    def veto(self, value: object) -> str:
        """The key of the veto a cell begins with (V1), or ''."""
        match = _LETTERED.match(unicodedata.normalize("NFKC", str(value)).strip())
        name = f"{match.group(1)}{int(match.group(2))}".upper() if match else ""
        return self.vetoes.get(name, "")

    def group(self, value: object) -> tuple[str, str]:
        """The key of the group whose code or number a text begins with (D1 …, 一、…), and the rest of the text."""
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if (match := _LETTERED.match(text)) and not match.group(3):
            name = f"{match.group(1)}{int(match.group(2))}".upper()
            if name in self.groups and name not in self.items:
                return self.evaluation.groups[self.groups[name] - 1].key, text[match.end() :].strip()
        match = re.match(r"第?([一二三四五六七八九十]{1,3}|\d{1,2})(?:[部分块]*[、.:]|部分)\s*(?!\d)", text)
        if match:
            number = match.group(1)
            found = int(number) if number.isdecimal() else chinese_number(number)
            if found and found <= len(self.evaluation.groups):
                return self.evaluation.groups[found - 1].key, text[match.end() :].strip()
        return "", text
