"""What the importer knows before it opens the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from surveys.definition import Definition, parse

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FacilityRef:
    """A facility of the university's register: `id` is what a figure is stored under."""

    id: str
    name: str
    campus: str = ""
    aliases: tuple[str, ...] = ()
    type: str = ""
    area: float | None = None


@dataclass(frozen=True)
class Context:
    """Who files what for when.

    university_names: the university's own names, official one first (short forms are derived by rule).
    known_universities: names of OTHER universities → their code.
    period: `2024`, or a narrower `2024-Q1`, `2024-03`.
    mapping: remembered mapping, as `IntakeResult.remember()` gives it, or None.
    history: earlier figures as a frame (facility, item, measure, period, value), or None.
    denominators: rows {key, facility, period, value} of this and earlier years, or (); where parts of a size were in
    use for some of the months also `opening` and `closing`, what was in use in the first and the last month.
    peers: indicator → what was released of universities of the same kind, or nothing:
    {"kind": "理工类", "period": "2023", "p25": "9.1", "p75": "12.4"}.
    deducted: item → boundary → amount in the base unit, as the draft says; nothing for a file by itself.
    """

    definition: Definition
    university_names: tuple[str, ...] = ()
    known_universities: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    facilities: tuple[FacilityRef, ...] = ()
    mapping: Mapping[str, Any] | None = None
    history: pd.DataFrame | None = None
    denominators: tuple[Mapping[str, Any], ...] = ()
    peers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    deducted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_json(self) -> str:
        """This context as text for a child process."""
        history = None if self.history is None else self.history.to_csv(index=False)
        return json.dumps(
            {
                "definition": self.definition.body,
                "university_names": list(self.university_names),
                "known_universities": dict(self.known_universities),
                "period": self.period,
                "facilities": [asdict(f) for f in self.facilities],
                "mapping": self.mapping,
                "history": history,
                "denominators": [dict(d) for d in self.denominators],
                "peers": {key: dict(band) for key, band in self.peers.items()},
                "deducted": {key: dict(amounts) for key, amounts in self.deducted.items()},
            },
            ensure_ascii=False,
            default=str,
        )

    @classmethod
    def from_json(cls, text: str) -> Context:
        """The context again; ValueError or DefinitionError if the text is not one."""
        data = json.loads(text)
        facilities = tuple(FacilityRef(**{**f, "aliases": tuple(f["aliases"])}) for f in data["facilities"])
        return cls(
            parse(data["definition"]),
            tuple(data["university_names"]),
            data["known_universities"],
            data["period"],
            facilities,
            data["mapping"],
            _frame(data["history"]),
            tuple(data["denominators"]),
            data["peers"],
            data["deducted"],
        )


def _frame(text: str | None) -> pd.DataFrame | None:
    if text is None:
        return None
    import io

    import pandas as pd

    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
    return frame
