"""Figures as columns: the light form of a frame that reading and checking work on.

A data frame library takes longer to start than a workbook takes to check, so it is loaded only where a frame is
asked for. `value` is float64 with NaN for a missing figure; the other columns are sequences of text in step with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress, count
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

TEXTS = ("facility", "item", "measure", "period", "exact", "flag", "text", "sheet", "cell", "raw", "factor")
ORDER = (
    "facility",
    "item",
    "measure",
    "period",
    "value",
    "exact",
    "flag",
    "text",
    "sheet",
    "cell",
    "raw",
    "factor",
)
KEY = ("facility", "item", "measure", "period")


class Figures:
    """Columns of figures. `place` holds row and column from 0, shape (n, 2), where they came from a sheet."""

    def __init__(
        self, texts: Mapping[str, Sequence[str]], value: np.ndarray, place: np.ndarray | None = None
    ):
        self.texts = dict(texts)
        self.value = value
        self.place = place
        self._codes: dict[str, tuple[np.ndarray, list[str]]] = {}

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, name: str) -> Sequence[str]:
        return self.texts[name]

    def codes(self, name: str) -> tuple[np.ndarray, list[str]]:
        """A text column as (codes, distinct values in order of appearance)."""
        if name not in self._codes:
            column = self.texts[name]
            # a text that is not there yet gets the next number
            code_of: dict[str, int] = defaultdict(count().__next__)
            codes = np.fromiter(map(code_of.__getitem__, column), dtype=np.int64, count=len(column))
            self._codes[name] = codes, list(code_of)
        return self._codes[name]

    def marked(self, name: str, holds: Callable[[str], bool]) -> np.ndarray:
        """A mask of the rows whose text holds; decided once per distinct value."""
        codes, values = self.codes(name)
        return np.array([holds(v) for v in values], dtype=bool)[codes] if values else np.zeros(0, dtype=bool)

    def key(self, names: Iterable[str] = KEY) -> np.ndarray:
        """One number per row that is equal where all named columns are equal."""
        number = np.zeros(len(self), dtype=np.int64)
        for name in names:
            codes, values = self.codes(name)
            number = number * max(len(values), 1) + codes
        return number

    def where(self, mask: np.ndarray) -> Figures:
        """The figures of a mask; itself where the mask holds everywhere."""
        if mask.all():
            return self
        texts = {name: list(compress(column, mask)) for name, column in self.texts.items()}
        return Figures(texts, self.value[mask], None if self.place is None else self.place[mask])

    def with_texts(self, name: str, column: list[str]) -> Figures:
        """The same figures with one column replaced."""
        return Figures({**self.texts, name: column}, self.value, self.place)

    def record(self, i: int) -> dict[str, Any]:
        """One figure as a dictionary, for the few that a finding names."""
        return {**{name: column[i] for name, column in self.texts.items()}, "value": float(self.value[i])}

    def at_cells(self, places: set[tuple[str, str]]) -> np.ndarray:
        """A mask of the figures at these (sheet, cell)."""
        pairs = zip(self.texts["sheet"], self.texts["cell"], strict=True)
        return np.array([pair in places for pair in pairs], dtype=bool)

    def to_frame(self) -> pd.DataFrame:
        """A data frame with text columns of dtype object and a float64 `value`."""
        import pandas as pd

        data = {
            name: pd.Series(self.value, dtype="float64")
            if name == "value"
            else pd.Series(np.array(self.texts[name], dtype=object), dtype=object)
            for name in ORDER
            if name == "value" or name in self.texts
        }
        return pd.DataFrame(data)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Figures:
        """Figures of a frame; columns it lacks are empty texts."""
        texts = {name: _texts(frame[name]) if name in frame.columns else [""] * len(frame) for name in TEXTS}
        return cls(texts, frame["value"].to_numpy(dtype=float, copy=True))


def _texts(column: pd.Series) -> list[str]:
    values = column.tolist()
    try:
        # the cheapest way to learn that all of them are texts, as they nearly always are
        "".join(values)
    except TypeError:
        return [str(v) for v in values]
    return values


def from_exact(texts: Mapping[str, Sequence[str]]) -> Figures:
    """Figures of text columns, each value read from its `exact` text; '' is no value. Columns that are not given
    are not there."""
    nan = float("nan")
    value = [float(text) if text else nan for text in texts["exact"]]
    return Figures(texts, np.array(value, dtype=float))


def as_figures(frame: Figures | pd.DataFrame) -> Figures:
    """Figures from either form."""
    return frame if isinstance(frame, Figures) else Figures.from_frame(frame)


def joined(parts: Sequence[Figures]) -> Figures:
    """Several figures with the same columns as one, in their order."""
    if len(parts) == 1:
        return parts[0]
    texts = {name: [text for part in parts for text in part[name]] for name in parts[0].texts}
    return Figures(texts, np.concatenate([part.value for part in parts]))


def is_month(period: str) -> bool:
    """Whether a period is a month: 2024-03."""
    return len(period) == 7 and period[5:].isdigit()
