"""What of a definition could not be held against its source: staff see it beside the factors, which have marks of their
own (factors.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from surveys.definition.model import Definition


class Doubt(NamedTuple):
    """`kind`: boundary, size (its weighting by months), item or check; `source` what is known of where it is from."""

    kind: str
    key: str
    name: str
    source: str


def doubts(definition: Definition) -> tuple[Doubt, ...]:
    """Everything marked `unverified`, in the order of the definition."""
    return (
        *_of("boundary", definition.boundaries),
        *_of("size", definition.denominators),
        *_of("item", definition.items),
        *(Doubt("check", c.id, f"{c.id} {c.title}", c.source) for c in definition.checks if c.unverified),
    )


def _of(kind: str, parts: Iterable[Any]) -> Iterable[Doubt]:
    return (Doubt(kind, part.key, part.name, part.source) for part in parts if part.unverified)
