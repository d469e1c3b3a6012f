"""The tidy frame as a compressed CSV: what waits between reading a workbook and writing it into the draft."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

from surveys.intake.result import COLUMNS

if TYPE_CHECKING:
    import pandas as pd


def pack(frame: pd.DataFrame) -> bytes:
    """The frame as bytes; the same frame gives the same bytes (no time in the header)."""
    text = frame[list(COLUMNS)].to_csv(index=False)
    return gzip.compress(text.encode(), compresslevel=1, mtime=0)


def unpack(data: bytes) -> pd.DataFrame:
    """The frame again: texts as they were, `value` a float or NaN."""
    import pandas as pd

    text = gzip.decompress(data).decode()
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False)
    frame["value"] = pd.to_numeric(frame["value"], errors="coerce").astype("float64")
    return frame
