"""Values of cells → exact decimals, with what was odd about them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from surveys.definition import Definition
from surveys.definition.said import say
from surveys.intake.numerals import written_out


@dataclass(frozen=True)
class Cleaned:
    """What a cell says. state: number, missing, not_applicable or bad; `exact` is the decimal text of a number.

    kind names the oddity (text_number, estimated, unit_in_cell, negative, …), message explains a bad one.
    `unit` is a unit word found in the cell, `scale` what 万 and its kin multiply by.
    """

    state: str
    exact: str = ""
    kind: str = ""
    message: str = ""
    unit: str = ""
    scale: str = "1"
    readings: tuple[str, ...] = ()


# a figure is kept with sixteen digits before the point and eight behind it
DIGITS = 16
LARGEST = Decimal(10) ** DIGITS
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_SCIENCE = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
_EUROPEAN = re.compile(
    r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}|[+-]?\d+,\d{1,2}|[+-]?\d{1,3}(?: \d{3})*,\d{1,2}"
)
_ACCOUNT = re.compile(r"\(([\d,.]+)\)")
_NUMBER_HEAD = re.compile(r"([+-]?[\d,]*\.?\d+(?:[eE][+-]?\d+)?)(.*)", re.S)
_BLANKS = re.compile("[\\s\u00a0\u200b\u200c\u200d\ufeff\u2060\u3000]+")
_ERRORS = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|ERR.*|#+)")


class Cleaner:
    """Cleans the values of one definition; texts are remembered, so repeated ones cost nothing."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self.seen: dict[object, Cleaned] = {}

    def clean(self, value: object) -> Cleaned:
        """What one cell value says; never raises."""
        if type(value) is float:
            return self._number(value)
        key = (type(value), value)
        found = self.seen.get(key)
        if found is None:
            found = self.seen[key] = self._other(value)
        return found

    def _number(self, value: float) -> Cleaned:
        if value != value or value in (float("inf"), float("-inf")):
            return Cleaned("bad", kind="not_a_number", message=say("不是数字"))
        exact = plain(value)
        if value < 0:
            return Cleaned("bad", exact, "negative", say("是负数 {value}，用量和费用不能为负", value=exact))
        return Cleaned("number", exact)

    def _other(self, value: object) -> Cleaned:
        if isinstance(value, bool):
            return Cleaned(
                "bad",
                kind="not_a_number",
                message=say("是逻辑值 {value}，不是数字", value=str(value).upper()),
            )
        if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
            return Cleaned(
                "bad", kind="not_a_number", message=say("是日期或时间 {value}，不是数字", value=value)
            )
        if isinstance(value, int):
            return self._number(float(value))
        if value is None:
            return Cleaned("missing", kind="blank")
        return self._text(str(value))

    def _text(self, raw: str) -> Cleaned:
        folded = unicodedata.normalize("NFKC", raw)
        text = _BLANKS.sub(" ", folded).strip()
        if not text:
            return Cleaned("missing", kind="blank")
        if _ERRORS.fullmatch(text.upper()):
            return Cleaned("bad", kind="excel_error", message=say("是公式错误 {value}", value=text))
        if text in self._placeholders or raw.strip() in self._placeholders:
            return Cleaned("missing", kind="placeholder")
        if text in self.definition.words("not_applicable"):
            return Cleaned("not_applicable", kind="not_applicable")
        if text in self.definition.words("blank_reason"):
            return Cleaned("missing", kind="pending")
        bare = text.replace(" ", "")
        if "、" in raw and re.fullmatch(r"\d+、\d+", bare):
            return Cleaned(
                "bad", kind="not_a_number", message=say("“{raw}”里的顿号看不出是千分位还是两个数", raw=raw)
            )
        if _EUROPEAN.fullmatch(text) and not _PLAIN.fullmatch(bare):
            return Cleaned(
                "bad", kind="ambiguous_number", message=say("“{raw}”像欧式写法，逗号和点的意思不明", raw=raw)
            )
        return self._formatted(raw, bare)

    def _formatted(self, raw: str, text: str) -> Cleaned:
        """Text without blanks: a plain number, an estimate, a number with a unit, or nothing we read."""
        account = _ACCOUNT.fullmatch(text)
        if account:
            return Cleaned(
                "bad",
                "-" + account.group(1).replace(",", ""),
                "negative",
                say("“{raw}”是会计写法的负数，用量和费用不能为负", raw=raw),
            )
        money = text.lstrip("¥￥$")
        if _PLAIN.fullmatch(money) or _SCIENCE.fullmatch(money):
            return self._decimal(raw, money, "text_number")
        estimate = self._estimate(text)
        if estimate is not None:
            inner = self._formatted(raw, estimate)
            if inner.state == "number":
                return Cleaned("number", inner.exact, "estimated", say("是约数"), inner.unit, inner.scale)
        found = self._with_unit(raw, money) or self._written_out(raw, text)
        if found:
            return found
        if not re.search(r"\d", text) and any(text.startswith(w) for w in self.definition.words("pending")):
            return Cleaned("missing", kind="pending")
        if re.fullmatch(r"[\dOoQlI|,.]+", text) and re.search(r"\d", text):
            return Cleaned(
                "bad",
                kind="not_a_number",
                message=say("“{raw}”里有字母，像是把 0 写成 O 或把 1 写成 l", raw=raw),
            )
        return Cleaned("bad", kind="not_a_number", message=say("“{raw}”不是数字", raw=raw))

    def _estimate(self, text: str) -> str | None:
        bracket = re.fullmatch(r"(.+)\(([^()]+)\)", text)
        if bracket and bracket.group(2) in self._estimates:
            return bracket.group(1)
        for word in self._estimates:
            if text.startswith(word) and len(text) > len(word):
                return text[len(word) :]
            if text.endswith(word) and len(text) > len(word):
                return text[: -len(word)]
        return None

    def _with_unit(self, raw: str, text: str) -> Cleaned | None:
        match = _NUMBER_HEAD.fullmatch(text)
        if not match or not match.group(2):
            return None
        number, tail = match.groups()
        if not (_PLAIN.fullmatch(number) or _SCIENCE.fullmatch(number)):
            return None
        scale = self.definition.unit_prefixes.get(tail)
        if scale:
            return self._decimal(raw, number, "unit_in_cell", scale=scale)
        if tail == "%":
            return Cleaned(
                "bad", kind="not_a_number", message=say("“{raw}”是百分数，这一列要填数量", raw=raw)
            )
        if self.units.parse(tail):
            return self._decimal(raw, number, "unit_in_cell", unit=tail)
        return None

    def _written_out(self, raw: str, text: str) -> Cleaned | None:
        found = written_out(text)
        if not found:
            return None
        number, tail = found
        return self._with_unit(raw, number + tail) if tail else self._decimal(raw, number, "text_number")

    def _decimal(self, raw: str, number: str, kind: str, unit: str = "", scale: str = "1") -> Cleaned:
        value = Decimal(number.replace(",", ""))
        value = value or abs(value)
        exact = format(value, "f")
        if value < 0:
            return Cleaned("bad", exact, "negative", say("“{raw}”是负数，用量和费用不能为负", raw=raw))
        return Cleaned("number", tidy(exact), kind, unit=unit, scale=scale)

    @cached_property
    def units(self):
        from surveys.intake.units import Units

        return Units(self.definition)

    @cached_property
    def _placeholders(self) -> frozenset[str]:
        words = self.definition.words("placeholder")
        return frozenset(words) | frozenset(unicodedata.normalize("NFKC", w) for w in words)

    @cached_property
    def _estimates(self) -> tuple[str, ...]:
        words = (unicodedata.normalize("NFKC", w) for w in self.definition.words("estimate"))
        return tuple(sorted(words, key=len, reverse=True))


def is_too_large(exact: str) -> bool:
    """Whether a decimal text has more digits before the point than a figure is kept with."""
    return len(exact) > DIGITS and Decimal(exact) >= LARGEST


def too_large(raw: str) -> Cleaned:
    """What a figure is that `is_too_large`, as it was written."""
    return Cleaned("bad", kind="too_large", message=say("“{raw}”太大，不能超过 16 位", raw=raw.strip()[:40]))


def plain(value: float) -> str:
    """A float as the shortest decimal text that is exactly what was stored: 268.9749, 1553185.85, 52512."""
    # nothing is less than zero by its sign alone
    text = repr(value + 0.0)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text


def tidy(exact: str) -> str:
    """Without a leading plus, with a leading zero, without a bare point: `.5` → `0.5`, `3.` → `3`."""
    exact = exact.lstrip("+")
    if exact.startswith("."):
        exact = "0" + exact
    return exact.rstrip(".")


def times(exact: str, factor: str) -> str:
    """Exact product of two decimal texts as plain decimal text: 268.9749 × 10000 → 2689749.0000."""
    return exact if factor == "1" else format(Decimal(exact) * Decimal(factor), "f")
