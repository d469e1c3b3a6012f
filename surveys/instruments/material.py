"""What the numbered check functions of an instrument work with, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from surveys.definition import Check, Definition
from surveys.instruments.figures import Figures

if TYPE_CHECKING:
    import pandas as pd


class Issue(NamedTuple):
    """One finding; a tuple, because a bad workbook has thousands.

    `kind` is what happened, `rule` the public id of the check if one found it.
    `fix` is plain data for one click: {"action": "multiply", "factor": "10000"} or {"action": "set", "value": "1.5"};
    `cells` lists further cells of the same finding when one issue speaks for many.
    """

    kind: str
    severity: str
    sheet: str | None = None
    cell: str | None = None
    message: str = ""
    suggestion: str = ""
    rule: str = ""
    facility: str = ""
    item: str = ""
    measure: str = ""
    period: str = ""
    value: str = ""
    expected: str = ""
    fix: Mapping[str, Any] | None = None
    cells: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """`sheet!cell`, or the sheet alone, or nothing when the finding is about the file."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or ""


class Skipped(Exception):
    """A check that cannot run here (no history, no denominators); the text says what is missing."""


@dataclass(frozen=True)
class Material:
    """What a check function gets: the definition, its own entry, the figures, history, denominators, the period."""

    definition: Definition
    check: Check
    frame: Figures
    history: pd.DataFrame | None = None
    denominators: tuple[dict[str, Any], ...] = ()
    period: str = ""
    facilities: dict[str, Any] = field(default_factory=dict)
    full: Figures | None = None
    asked: frozenset = frozenset()
    cache: dict[Any, Any] = field(default_factory=dict)
    # released quartiles of the same kind of university: intake.Context.peers
    peers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # what was deducted for others behind the meters: intake.Context.deducted
    deducted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """A parameter of the check as a float."""
        return float(Decimal(str(self.check.parameters[name])))
