"""Texts that name a place: a building, a campus, a point of use."""

from __future__ import annotations

import re
import unicodedata

from surveys.intake.labels import Label
from surveys.intake.units import fold
from surveys.intake.words import Vocabulary

_BLANK = re.compile(r"[\s\u00a0\u200b-\u200d\ufeff]+")
# a wing of a house: 学生公寓A座
_WING = re.compile(r".[a-z\d一二三四五六七八九十东西南北]座$")
_CODE = re.compile(r"[a-z]?-?\d{1,3}[#a-z]?|[a-z]")


def is_facility(label: Label, words: Vocabulary) -> bool:
    """Whether a text names a place: nothing else recognised in it, and an ending places have."""
    if label.role or label.items or label.measure or label.unit or label.when or label.total:
        return False
    return is_place(label.text, words)


def named_place(label: Label, words: Vocabulary) -> str:
    """The place a title names by a word for places (楼宇名称：逸夫) or by its ending; '' for none."""
    return (
        clean_name(label.text)
        if label.role == "facility" and label.text
        else (clean_name(label.text) if is_facility(label, words) else "")
    )


def is_place(text: str, words: Vocabulary) -> bool:
    clean = fold(text)
    return 2 <= len(clean) <= 20 and (clean.endswith(words.places) or bool(_WING.search(clean)))


def is_code(text: str) -> bool:
    """Whether a text is a short code such as A1 or 12#, as buildings are numbered on a plan."""
    return bool(_CODE.fullmatch(fold(text)))


def clean_name(value: object) -> str:
    """A facility's name as stored: no blanks or line breaks, full-width letters and digits made plain."""
    text = _BLANK.sub("", str(value).removesuffix(".0") if isinstance(value, float) else str(value))
    return "".join(unicodedata.normalize("NFKC", ch) if ch.isalnum() else ch for ch in text)
