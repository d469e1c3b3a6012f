"""The draft's sizes (人数和面积) as a seal keeps them. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.filings import queries
from surveys.filings.models import Denominator, Filing
from surveys.submissions.payload import decimal_text


def sealed_sizes(filing: Filing) -> dict[str, dict[str, Any]]:
    """The draft's denominators as a seal keeps them: {key: size_entry}."""
    return {key: size_entry(row) for key, row in sorted(queries.denominators_of(filing).items())}


def size_entry(row: Denominator) -> dict[str, Any]:
    """{value: decimal text, calibre}; with `whole` and `parts` where parts were in use for some of the months."""
    entry: dict[str, Any] = {"value": decimal_text(row.value), "calibre": row.calibre}
    if row.parts:
        entry |= {"whole": decimal_text(row.whole), "parts": row.parts}
    return entry


def size_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Denominator for an entry; the opposite of `size_entry`."""
    kept = {"whole": entry.get("whole"), "parts": entry.get("parts", [])}
    return {"value": entry["value"], "calibre": entry["calibre"], **kept}
