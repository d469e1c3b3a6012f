"""Numbers written out in Chinese: 一万二千三百, 壹仟贰佰元整, 二〇二四."""

from __future__ import annotations

import re
import unicodedata

_HEAD = re.compile(r"([〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸十百千拾佰仟万亿萬億]{2,})(.*)", re.S)
_SMALL = re.compile(r"[〇○O零一二两三四五六七八九十]+")
_BIG = (10_000, 100_000_000)
# what stands for 〇 where that is hard to type
_ALIKE = str.maketrans("○O两", "〇〇二")


def written_out(text: str) -> tuple[str, str] | None:
    """A text that begins with a number in Chinese as (decimal text, the rest): `一万二千度` → (`12000`, `度`).

    None where there is none, where it has no 十, 百, 千 (a row of digits is a name or a year), where its parts do not
    fall, and where speech and writing differ: 一万二 is 12 000 when spoken and 10 002 as it stands.
    """
    found = _HEAD.fullmatch(text)
    if not found:
        return None
    value = _value(_signs(found.group(1)))
    return None if value is None else (str(value), found.group(2).removesuffix("整"))


def chinese_number(text: str) -> int | None:
    """A month or a year in Chinese, told by its digits one by one or by tens: 十二 → 12, 二〇二四 → 2024; None if it is
    not one."""
    if not _SMALL.fullmatch(text):
        return None
    signs = _signs(text)
    if 10 not in signs:
        return int("".join(map(str, signs)))
    return 10 if signs == [10] else _value(signs)


def _signs(text: str) -> list[int]:
    return [int(unicodedata.numeric(sign)) for sign in text.translate(_ALIKE)]


def _value(signs: list[int]) -> int | None:
    total = section = digit = 0
    smallest, largest, before = 10**4, 10**12, -1
    for sign in signs:
        if sign < 10:
            if digit or (before == 0 and sign == 0):
                return None
            digit = sign
        elif sign in _BIG:
            if sign >= largest or not section + digit:
                return None
            total, section, digit = total + (section + digit) * sign, 0, 0
            smallest, largest = 10**4, sign
        else:
            # 十 alone begins a number; any other power needs its digit
            if sign >= smallest or not (digit or (sign == 10 and before in (-1, 0))):
                return None
            section, digit, smallest = section + (digit or 1) * sign, 0, sign
        before = sign
    said = max(signs) >= 10 and not (digit and len(signs) > 1 and signs[-2] > 10)
    return total + section + digit if said else None
