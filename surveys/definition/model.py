"""What an instrument is made of: typed, frozen, read from data and never from code.

A definition is parsed from a plain mapping (YAML in the source tree, canonical JSON in the database).
Numbers that decide results are strings in the data and Decimal here, so that a factor is used as it
was written and the hash of a definition does not depend on how a float prints.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from surveys.definition.evaluation import LISTS, POINT, Evaluation

KINDS = ("statistics", "evaluation", "register", "questionnaire")
UNITS_OF_FILING = ("university", "facility")
COMMITTEE = re.compile(r"([A-Z0-9]{1,8})?")
BILLING_MONTHS = ("end", "start")
TIERS = ("error", "warning", "info")
# what people read of a part; keys, words of workbooks and sources are the same in every language
TEXTS = ("name", "title", "note", "scope", "formula", "remedy", "criterion", "deduct", "evidence")


class DefinitionError(ValueError):
    """A definition that cannot be used; the message says where and what."""


@dataclass(frozen=True)
class Measure:
    """A kind of number filed for an item: quantity in the item's unit, or cost in its own unit."""

    key: str
    name: str
    unit: str = ""
    unit_from: str = ""
    accept: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A line of the form, for energy a carrier. `accept` maps a unit key to its exact factor to `unit`;
    with `ask_unit` a quantity without a unit is asked and never read in `unit`. `bills`: the item whose words its bill
    uses too, where only this one was measured (采暖费 beside 供热面积)."""

    key: str
    code: str
    name: str
    unit: str
    accept: Mapping[str, str]
    words: tuple[str, ...]
    parts: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    seasonal: str = ""
    lumpy: bool = False
    ask_unit: bool = False
    bills: str = ""
    unverified: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Calibre:
    """One stated way (口径) to count a denominator."""

    key: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Denominator:
    """A size that figures are divided by. `by_months`: parts of it may be in use for some of the months
    (surveys.instruments.sizes); `unverified` and `source` are those of this weighting."""

    key: str
    name: str
    unit: str
    words: tuple[str, ...]
    calibres: tuple[Calibre, ...]
    by_months: bool = False
    unverified: bool = False
    source: str = ""


@dataclass(frozen=True)
class Boundary:
    """Somebody who uses energy behind the university's meters and is not the university (边界): asked whether there is
    any and what was deducted. `words` are those of titles that are his, `items` the ones that may hold his use."""

    key: str
    name: str
    words: tuple[str, ...]
    items: tuple[str, ...]
    unverified: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class FacilityType:
    code: str
    name: str
    words: tuple[str, ...]
    kwh: tuple[Decimal, ...] = ()
    per_head: bool = False
    mohurd: str = ""


@dataclass(frozen=True)
class Indicator:
    """A figure to compute. `function` is a numbered pure function of the instrument, `basis` how energy is counted."""

    key: str
    name: str
    unit: str
    function: str
    formula: str
    basis: str = ""
    denominator: str | None = None
    item: str = ""
    exclude: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class FactorSet:
    """Standard-coal factors (kgce per base unit of the item) of one basis, with version, year and source."""

    key: str
    basis: str
    name: str
    version: str
    year: int
    source: str
    kgce: Mapping[str, Decimal]
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True)
class GridFactor:
    """kgCO2 per kWh of one data year; None where no value was published."""

    year: int
    local: Decimal | None
    region: Decimal | None
    national: Decimal | None
    notice: str = ""
    source: str = ""


@dataclass(frozen=True)
class ReferenceValue:
    scope: str
    year: int
    values: Mapping[str, Decimal]
    source: str = ""
    note: str = ""
    # of the whole country: the one drawn into pictures
    national: bool = False


@dataclass(frozen=True)
class Standard:
    """A standard that the instrument follows, by its number."""

    number: str
    name: str
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Check:
    """A rule with a stable public id, a numbered function and its parameters."""

    id: str
    function: str
    tier: str
    title: str
    remedy: str
    parameters: Mapping[str, Any]
    unverified: bool = False
    source: str = ""


@dataclass(frozen=True)
class Definition:
    """One version of an instrument. `body` is the plain data it came from and the source of its hash; `committee` the
    code of the committee whose secretaries work with it beside the staff, '' for none; `english` its texts in English,
    by the Chinese text; `billing_month` says to which month a bill over two belongs, that of its `end` or `start`;
    `facility_kind` says which of a university's facilities file, where each files by itself; `evaluation` the item tree
    and the rules of an evaluation."""

    code: str
    version: int
    kind: str
    title: Mapping[str, str]
    filing_unit: str
    period_kind: str
    body: Mapping[str, Any] = field(repr=False)
    measures: tuple[Measure, ...] = ()
    items: tuple[Item, ...] = ()
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit_prefixes: Mapping[str, str] = field(default_factory=dict)
    pack_words: tuple[str, ...] = ()
    seasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denominators: tuple[Denominator, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    facility_types: tuple[FacilityType, ...] = ()
    factor_sets: tuple[FactorSet, ...] = ()
    co2: Mapping[str, Decimal] = field(default_factory=dict)
    grid: tuple[GridFactor, ...] = ()
    grid_order: tuple[str, ...] = ("local", "region", "national")
    indicators: tuple[Indicator, ...] = ()
    reference_values: tuple[ReferenceValue, ...] = ()
    plausible: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    confidence_accept: float = 0.85
    confidence_ask: float = 0.5
    basis_default: str = ""
    billing_month: str = "end"
    committee: str = ""
    facility_kind: str = ""
    evaluation: Evaluation | None = None
    standards: tuple[Standard, ...] = ()
    # how figures are counted, a sentence each
    rules: tuple[str, ...] = ()
    # S09 → what it is and where it was seen; `source` of the parts names them
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    english: Mapping[str, str] = field(default_factory=dict, repr=False)

    def in_language(self, language: str) -> Definition:
        """This definition in the words of a reader: names, titles, formulas, remedies and notes in `language` (a code
        such as en), Chinese where there are none. Keys, numbers, body and hash are the same: for pages, never for
        reading a workbook."""
        return self._in_english if self.english and language.startswith("en") else self

    def say(self, text: str, language: str) -> str:
        """A text of the instrument that stands outside of the definition (`benchmarks.PARTS`) in a language."""
        return self.english.get(text, text) if language.startswith("en") else text

    def item(self, key: str) -> Item:
        """The item of this key; KeyError if there is none."""
        return self._items[key]

    def measure(self, key: str) -> Measure:
        """The measure of this key; KeyError if there is none."""
        return self._measures[key]

    def check(self, rule: str) -> Check:
        """The check with this public id (V01); KeyError if there is none."""
        return self._checks[rule]

    def unit_of(self, item: str, measure: str) -> str:
        """The base unit key in which (item, measure) is stored, for example kWh or CNY."""
        found = self._measures[measure]
        return self._items[item].unit if found.unit_from == "item" else found.unit

    def unit_label(self, unit: str) -> str:
        """The unit as people write it: CNY is 元, a point 分, the rest are their own keys."""
        return {"CNY": "元", POINT: "分"}.get(unit, unit)

    def factor_set(self, basis: str) -> FactorSet:
        """The newest factor set of a basis; KeyError if the basis is unknown."""
        sets = [s for s in self.factor_sets if s.basis == basis]
        if not sets:
            raise KeyError(basis)
        return max(sets, key=lambda s: s.year)

    def words(self, role: str) -> tuple[str, ...]:
        """The vocabulary of a header or margin role; empty if the instrument has none."""
        return self.vocabulary.get(role, ())

    def canonical_json(self) -> str:
        """The body as canonical JSON: sorted keys, no blanks, UTF-8 characters as they are."""
        return canonical_json(self.body)

    @cached_property
    def definition_hash(self) -> str:
        """SHA-256 over the canonical JSON, in hexadecimal."""
        return hash_of(self.body)

    @cached_property
    def _in_english(self) -> Definition:
        parts = ("items", "measures", "denominators", "boundaries", "facility_types", "factor_sets", "indicators",
                 "checks", "reference_values", "standards")  # fmt: skip
        said: dict[str, Any] = {p: tuple(_said(x, self.english) for x in getattr(self, p)) for p in parts}
        said["rules"] = tuple(self.english.get(rule, rule) for rule in self.rules)
        return replace(
            self, **said, evaluation=self.evaluation and _evaluation_said(self.evaluation, self.english)
        )

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {i.key: i for i in self.items}

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {m.key: m for m in self.measures}

    @cached_property
    def _checks(self) -> dict[str, Check]:
        return {c.id: c for c in self.checks}


def texts_of(part: Any) -> dict[str, str]:
    """Field → text, of what people read of a part of a definition; empty ones left out."""
    return {f.name: getattr(part, f.name) for f in fields(part) if f.name in TEXTS and getattr(part, f.name)}


def _said(part: Any, words: Mapping[str, str]) -> Any:
    changed: dict[str, Any] = {name: words[text] for name, text in texts_of(part).items() if text in words}
    if isinstance(part, Denominator):
        changed["calibres"] = tuple(_said(calibre, words) for calibre in part.calibres)
    return replace(part, **changed)


def _evaluation_said(found: Evaluation, words: Mapping[str, str]) -> Evaluation:
    groups = tuple(
        replace(_said(group, words), items=tuple(_said(item, words) for item in group.items))
        for group in found.groups
    )
    vetoes, grades = (tuple(_said(part, words) for part in parts) for parts in (found.vetoes, found.grades))
    lists = {n: tuple(words.get(text, text) for text in getattr(found, n)) for n in LISTS}
    return replace(found, groups=groups, vetoes=vetoes, grades=grades, **lists)


def canonical_json(body: Mapping[str, Any]) -> str:
    """Plain data as canonical JSON (sorted keys, no blanks); TypeError for anything that is not JSON."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a body, in hexadecimal."""
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def decimal(text: Any) -> Decimal:
    """A Decimal from the text of a definition; floats are refused because they do not print one way."""
    if isinstance(text, float):
        raise DefinitionError(f"系数要写成带引号的文本：{text}")
    return Decimal(str(text))
