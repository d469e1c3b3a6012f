"""What is sealed, as bytes. Pure: rows in, canonical bytes and their hash out, and back.

One row per line: a JSON object with sorted keys, no blanks, UTF-8 as it is, decimals as the shortest plain text
(`12.50` → `"12.5"`, never `1.25E+1`), null for "not reported". Lines stand in the order of the natural key
(facility, item, measure, period), each ended by a line feed. The same values therefore give the same bytes and the
same SHA-256 wherever and in whatever order they are written.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from json.encoder import encode_basestring
from operator import itemgetter, lt
from typing import Any

KEY = ("facility", "item", "measure", "period")
FIELDS = (*KEY, "value", "text", "flag")
# as a line has them: keys are sorted
WRITTEN = tuple(sorted(FIELDS))
# a line in which no text is escaped
UNESCAPED = re.compile(r"\{" + ",".join(rf'"{name}":(?:null|"([^"\\]*)")' for name in WRITTEN) + r"\}\n")
# a number in its shortest plain text
SHORTEST = re.compile(r"0|-?(?:[1-9][0-9]*(?:\.[0-9]*[1-9])?|0\.[0-9]*[1-9])")
_key = itemgetter(*range(len(KEY)))


class PayloadError(ValueError):
    """Rows that cannot be sealed; the message names the row."""


def canonical(rows: Iterable[Mapping[str, Any] | tuple]) -> bytes:
    """The canonical bytes of rows: tuples in the order of FIELDS, their texts never None; or mappings with `item,
    measure, period`, optionally `facility, value, text, flag` (missing is '', value None). `value` is Decimal, int,
    decimal text or None.

    Raises PayloadError for a key that comes twice, a float, or a value that is no finite number.
    """
    ordered = _in_order([row if type(row) is tuple else _as_tuple(row) for row in rows])
    # column by column: a university's rows name the same few hundred words over and over
    columns = dict(zip(FIELDS, zip(*ordered, strict=True), strict=False))
    members = [(_numbers if name == "value" else _texts)(name, columns.get(name, ())) for name in WRITTEN]
    return "".join(["{" + line + "}\n" for line in map(",".join, zip(*members, strict=True))]).encode()


def sha256(payload: bytes) -> str:
    """SHA-256 over the uncompressed canonical bytes, in hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


def compress(payload: bytes) -> bytes:
    """The bytes as they are stored. Level 1: a tenth of the size at a third of the time of the usual level."""
    return zlib.compress(payload, 1)


def decompress(stored: bytes | memoryview) -> bytes:
    """The canonical bytes from what is stored."""
    return zlib.decompress(bytes(stored))


def read_columns(payload: bytes) -> dict[str, Sequence[str]]:
    """The columns of canonical bytes by FIELDS, rows in natural-key order; `value` is the decimal text, '' for null."""
    text = payload.decode()
    rows = UNESCAPED.findall(text)
    if len(rows) != text.count("\n"):
        rows = [_as_texts(json.loads(line)) for line in text.split("\n")[:-1]]
    columns = dict(zip(WRITTEN, zip(*rows, strict=True), strict=False))
    return {name: columns.get(name, ()) for name in FIELDS}


def read_rows(payload: bytes) -> list[dict[str, Any]]:
    """The rows of canonical bytes, in natural-key order; `value` is Decimal or None."""
    columns = read_columns(payload)
    columns["value"] = [Decimal(text) if text else None for text in columns["value"]]
    return [dict(zip(FIELDS, row, strict=True)) for row in zip(*columns.values(), strict=True)]


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


def _as_tuple(row: Mapping[str, Any]) -> tuple:
    key = (str(row.get("facility") or ""), str(row["item"]), str(row["measure"]), str(row["period"]))
    return (*key, row.get("value"), str(row.get("text") or ""), str(row.get("flag") or ""))


def _as_texts(line: Mapping[str, str | None]) -> tuple[str, ...]:
    return tuple(line[name] or "" for name in WRITTEN)


def _in_order(rows: list[tuple]) -> list[tuple]:
    """The rows by their keys, as they are where they come so. Raises PayloadError for a key that comes twice."""
    keys = list(map(_key, rows))
    if all(map(lt, keys, keys[1:])):
        return rows
    keys.sort()
    for one, following in pairwise(keys):
        if one == following:
            raise PayloadError(f"同一个数出现两次：{'|'.join(one)}")
    return sorted(rows, key=_key)


def _texts(name: str, texts: Sequence[str]) -> list[str]:
    """Texts as members of their JSON objects."""
    member = {text: f'"{name}":{encode_basestring(text)}' for text in set(texts)}
    return [member[text] for text in texts]


def _numbers(name: str, values: Sequence[Any]) -> list[str]:
    """Values as members: a text in quotes, or null. Texts that are the shortest already are left as they are."""
    shortest = SHORTEST.fullmatch
    return [
        f'"{name}":null'
        if value is None
        else f'"{name}":"{value}"'
        if type(value) is str and shortest(value)
        else f'"{name}":"{decimal_text(value)}"'
        for value in values
    ]
