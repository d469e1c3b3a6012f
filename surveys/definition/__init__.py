"""What an instrument is made of: typed, frozen, pure data. Nothing here knows any instrument."""

from surveys.definition.load import load, parse, validate
from surveys.definition.model import (
    Calibre,
    Check,
    Definition,
    DefinitionError,
    Denominator,
    FacilityType,
    FactorSet,
    GridFactor,
    Indicator,
    Item,
    Measure,
    ReferenceValue,
    canonical_json,
    decimal,
    hash_of,
    texts_of,
)

__all__ = [
    "Calibre",
    "Check",
    "Definition",
    "DefinitionError",
    "Denominator",
    "FacilityType",
    "FactorSet",
    "GridFactor",
    "Indicator",
    "Item",
    "Measure",
    "ReferenceValue",
    "canonical_json",
    "decimal",
    "hash_of",
    "load",
    "parse",
    "texts_of",
    "validate",
]
