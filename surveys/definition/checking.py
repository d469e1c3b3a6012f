"""What a second person ticks before a version is published: the factor tables and the sheets of an evaluation."""

from __future__ import annotations

from surveys.definition import factors, tree
from surveys.definition.model import Definition


def to_check(definition: Definition, before: Definition | None) -> tuple[str, ...]:
    """The keys of the factor tables and of the sheets that differ from the version published last; all of them where
    there is none."""
    return (*factors.to_check(definition, before), *tree.to_check(definition, before))
