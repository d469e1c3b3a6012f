"""What intake gives back: the frame, the issues, and where every cell went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from surveys.definition.said import with_forms, without_forms
from surveys.instruments.figures import TEXTS, Figures
from surveys.instruments.material import Issue

if TYPE_CHECKING:
    import pandas as pd

    from surveys.definition import Definition

COLUMNS = ("facility", "item", "measure", "period", "value", "exact", "flag", "text", "sheet", "cell", "raw")
SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class MappingEntry:
    """How one header was read. `source` is synonym, remembered, fuzzy or content; `key` is what is remembered."""

    sheet: str
    cell: str
    header: str
    item: str
    measure: str
    unit: str
    factor: str
    confidence: float
    source: str
    key: str = ""


@dataclass(frozen=True)
class Ambiguity:
    """A cell with more than one honest reading: never loaded, always asked."""

    sheet: str
    cell: str
    facility: str
    item: str
    measure: str
    period: str
    suggested: str
    readings: tuple[Mapping[str, str], ...]
    note: str = ""


@dataclass(frozen=True)
class Ignored:
    """Cells left out on purpose, and why."""

    sheet: str
    cells: str
    why: str
    count: int = 0


@dataclass
class IntakeResult:
    """The answer to one file: figures (also as `frame`), findings, questions, and what was left out."""

    verdict: str
    figures: Figures
    issues: list[Issue] = field(default_factory=list)
    ambiguous: list[Ambiguity] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    mapping: list[MappingEntry] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)
    facilities_unknown: list[str] = field(default_factory=list)
    file: str = ""
    instrument: str = ""
    university: str = ""
    period: str = ""
    definition: Definition | None = None
    facility_names: dict[str, str] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per loaded or missing figure, with the columns of COLUMNS and `factor`."""
        return self.figures.to_frame()

    @property
    def needs_confirmation(self) -> list[MappingEntry]:
        """Headers read with too little confidence: the clerk confirms them once."""
        limit = self.definition.confidence_accept if self.definition else 0.85
        return [entry for entry in self.mapping if entry.confidence < limit]

    def remember(self) -> dict[str, Any]:
        """The mapping as plain data to store for the university and pass in next time."""
        headers = {
            e.key: {"item": e.item, "measure": e.measure, "unit": e.unit}
            for e in self.mapping
            if e.key and e.item
        }
        return {"headers": headers, "facilities": {}}

    def to_json(self) -> dict[str, Any]:
        """The object of `intake --json`, plain data, values in base units."""
        from surveys.intake.report import to_json

        return to_json(self)


def verdict_of(issues: list[Issue], ambiguous: list[Ambiguity]) -> str:
    """clean | warnings | errors; something to be asked counts as an error, info as nothing."""
    if ambiguous or any(i.severity == "error" for i in issues):
        return "errors"
    return "warnings" if any(i.severity == "warning" for i in issues) else "clean"


def no_figures() -> Figures:
    """Figures without rows."""
    return Figures({name: [] for name in TEXTS}, np.zeros(0), np.zeros((0, 2), dtype=np.int64))


def issue_data(issue: Issue) -> dict[str, Any]:
    """An issue as plain data: its fields, and under `said` how its sentences are made."""
    return with_forms(issue._asdict(), "message", "suggestion")


def issue_of(data: Mapping[str, Any]) -> Issue:
    """The issue again from `issue_data`, also once it went through JSON."""
    return Issue(**{**without_forms(data), "cells": tuple(data["cells"])})


def ambiguity_data(asked: Ambiguity) -> dict[str, Any]:
    """An ambiguity as plain data, with `said` beside its note and its readings' labels."""
    readings = [with_forms(dict(reading), "label") for reading in asked.readings]
    return with_forms({**vars(asked), "readings": readings}, "note")


def ambiguity_of(data: Mapping[str, Any]) -> Ambiguity:
    """The ambiguity again from `ambiguity_data`."""
    return Ambiguity(**{**without_forms(data), "readings": tuple(map(without_forms, data["readings"]))})


def ignored_data(left: Ignored) -> dict[str, Any]:
    """Ignored cells as plain data, with `said` beside the reason."""
    return with_forms(dict(vars(left)), "cells", "why")


def ignored_of(data: Mapping[str, Any]) -> Ignored:
    """The ignored cells again from `ignored_data`."""
    return Ignored(**without_forms(data))
