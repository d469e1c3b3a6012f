"""What is sealed, as bytes. Pure: rows in, canonical bytes and their hash out, and back.

One row per line: a JSON object with sorted keys, no blanks, UTF-8 as it is, decimals as the shortest plain text
(`12.50` → `"12.5"`, never `1.25E+1`), null for "not reported". Lines stand in the order of the natural key
(facility, item, measure, period), each ended by a line feed. The same values therefore give the same bytes and the
same SHA-256 wherever and in whatever order they are written.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from json.encoder import encode_basestring
from typing import Any

KEY = ("facility", "item", "measure", "period")
FIELDS = (*KEY, "value", "text", "flag")


class PayloadError(ValueError):
    """Rows that cannot be sealed; the message names the row."""


def canonical(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The canonical bytes of rows: mappings with `item, measure, period`, optionally `facility, value, text, flag`
    (missing is '', value None). `value` is Decimal, int, decimal text or None.

    Raises PayloadError for a key that comes twice, a float, or a value that is no finite number.
    """
    keyed: dict[tuple[str, ...], str] = {}
    # a university's rows name the same few hundred words over and over
    quoted = cache(encode_basestring)
    for row in rows:
        key = (str(row.get("facility") or ""), str(row["item"]), str(row["measure"]), str(row["period"]))
        if key in keyed:
            raise PayloadError(f"同一个数出现两次：{'|'.join(key)}")
        keyed[key] = _line(key, row, quoted)
    return "".join([keyed[key] for key in sorted(keyed)]).encode()


def sha256(payload: bytes) -> str:
    """SHA-256 over the uncompressed canonical bytes, in hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


def compress(payload: bytes) -> bytes:
    """The bytes as they are stored. Level 1: a tenth of the size at a third of the time of the usual level."""
    return zlib.compress(payload, 1)


def decompress(stored: bytes | memoryview) -> bytes:
    """The canonical bytes from what is stored."""
    return zlib.decompress(bytes(stored))


def read_rows(payload: bytes) -> list[dict[str, Any]]:
    """The rows of canonical bytes, in natural-key order; `value` is Decimal or None."""
    # one array is read three times as fast as its lines one by one
    rows = json.loads(b"[" + b",".join(payload.splitlines()) + b"]")
    for row in rows:
        row["value"] = None if row["value"] is None else Decimal(row["value"])
    return rows


def decimal_text(value: Any) -> str | None:
    """A number as its shortest plain text; None stays None. Raises PayloadError for floats and what is no number."""
    if value is None:
        return None
    if isinstance(value, float | bool):
        raise PayloadError(f"数值不能是 {type(value).__name__}：{value}")
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise PayloadError(f"不是数值：{value!r}") from error
    if not number.is_finite():
        raise PayloadError(f"不是有限的数：{value!r}")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _line(key: tuple[str, ...], row: Mapping[str, Any], quoted: Callable[[str], str]) -> str:
    """One row as json.dumps would write it with sorted keys and no blanks; written out because it is the hot loop."""
    facility, item, measure, period = map(quoted, key)
    flag, text = quoted(str(row.get("flag") or "")), quoted(str(row.get("text") or ""))
    number = decimal_text(row.get("value"))
    value = "null" if number is None else f'"{number}"'
    return (
        f'{{"facility":{facility},"flag":{flag},"item":{item},"measure":{measure},'
        f'"period":{period},"text":{text},"value":{value}}}\n'
    )
