"""Cells as people write them, for import and export. A refusal names the value and what to write instead."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from import_export import widgets

YES, NO = {"是", "在用", "y", "yes", "1", "true"}, {"否", "停用", "n", "no", "0", "false"}
# written instead of a number where there is none; an empty cell is left empty, never made zero
BLANK = {"", "-", "—", "/", "无", "暂无"}


class NumberWidget(widgets.Widget):
    """A number as people write it: 1,234.5, 1.2万. Blank stays blank."""

    def __init__(self, places: int, *, integer: bool = False, low: int = 0, high: int = 10**9):
        super().__init__()
        self.places, self.integer, self.low, self.high = places, integer, low, high

    def clean(self, value, row=None, **kwargs):
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        if text in BLANK:
            return None
        try:
            number = Decimal(text.removesuffix("万")) * (10000 if text.endswith("万") else 1)
            if not number.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(_("“%(value)s”不是数。只写数字，不知道就留空。") % {"value": value}) from None
        if not self.low <= number <= self.high:
            words = {"value": value, "low": self.low, "high": self.high}
            raise ValueError(_("“%(value)s”不在 %(low)s 到 %(high)s 之间。") % words)
        if self.integer and number != number.to_integral_value():
            raise ValueError(_("“%(value)s”要写整数。") % {"value": value})
        return int(number) if self.integer else round(number, self.places)

    def render(self, value, obj=None, **kwargs):
        return value


class WordWidget(widgets.Widget):
    """A choice by its word or its code."""

    def __init__(self, choices, *, default: str = ""):
        super().__init__()
        self.choices, self.default = choices, default

    def clean(self, value, row=None, **kwargs):
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return self.default
        for code, word in self.choices.choices:
            if text.lower() == code.lower() or text == unicodedata.normalize("NFKC", str(word)):
                return code
        words = "、".join(str(word) for word in self.choices.labels)
        raise ValueError(_("“%(value)s”不在可选之列：%(words)s。") % {"value": value, "words": words})

    def render(self, value, obj=None, **kwargs):
        return str(dict(self.choices.choices).get(value, ""))


class YesWidget(widgets.Widget):
    """是 or 否; blank means 是."""

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip().lower()
        if not text or text in YES:
            return True
        if text in NO:
            return False
        raise ValueError(_("“%(value)s”认不出来，写“是”或“否”。") % {"value": value})

    def render(self, value, obj=None, **kwargs):
        return "是" if value else "否"


class TextWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return re.sub(r"\s+", " ", str(value or "")).strip()

    def render(self, value, obj=None, **kwargs):
        return value or ""
