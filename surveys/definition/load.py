"""Read and validate definitions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

from surveys.definition import evaluation
from surveys.definition.model import (
    BILLING_MONTHS,
    COMMITTEE,
    KINDS,
    TIERS,
    UNITS_OF_FILING,
    Definition,
    DefinitionError,
    canonical_json,
)
from surveys.definition.parts import read

INSTRUMENTS = Path(__file__).parents[1] / "instruments"


def load(source: str | Path) -> Definition:
    """A definition from an instrument code, a YAML or JSON file, or a folder holding definition.yaml.

    Raises DefinitionError (what and where) or KeyError for an unknown instrument code.
    """
    path = Path(source)
    if path.is_dir():
        path = path / "definition.yaml"
    if not path.suffix:
        path = INSTRUMENTS / path.name / "definition.yaml"
        if not path.exists():
            raise KeyError(str(source))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return parse(json.loads(text))
    import yaml

    return parse(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def parse(body: Mapping[str, Any]) -> Definition:
    """A validated definition from plain data; DefinitionError names the key that is wrong."""
    try:
        found = read(json.loads(canonical_json(body)))
    except (KeyError, TypeError, InvalidOperation, ValueError) as error:
        if isinstance(error, DefinitionError):
            raise
        raise DefinitionError(f"定义不完整或类型不对：{error!r}") from error
    validate(found)
    return found


def validate(found: Definition) -> None:
    """Raise DefinitionError unless the parts of a definition agree with each other."""
    _demand(found.kind in KINDS, f"kind 只能是 {'、'.join(KINDS)}：{found.kind}")
    _demand(found.filing_unit in UNITS_OF_FILING, f"filing_unit 不认识：{found.filing_unit}")
    _demand(
        COMMITTEE.fullmatch(found.committee) is not None, f"committee 是大写代码，如 NZ：{found.committee}"
    )
    _demand(found.billing_month in BILLING_MONTHS, f"billing_month 不认识：{found.billing_month}")
    _unique("items", [i.key for i in found.items])
    _unique("measures", [m.key for m in found.measures])
    _unique("checks", [c.id for c in found.checks])
    _unique("indicators", [i.key for i in found.indicators])
    keys = {i.key for i in found.items}
    for item in found.items:
        _demand(item.accept.get(item.unit) == "1", f"{item.key}: 基本单位 {item.unit} 的系数必须是 1")
        _demand(not item.seasonal or item.seasonal in found.seasons, f"{item.key}: 没有季节 {item.seasonal}")
        for unit in item.accept:
            _demand(unit in found.units, f"{item.key}: 单位 {unit} 没有写法表")
    for group in found.factor_sets:
        _demand(set(group.kgce) <= keys, f"{group.key}: 有不认识的品种 {sorted(set(group.kgce) - keys)}")
    _unique("boundaries", [b.key for b in found.boundaries])
    for boundary in found.boundaries:
        strange = sorted(set(boundary.items) - keys)
        _demand(not strange, f"{boundary.key}: 有不认识的品种 {strange}")
        unknown = sorted(set(boundary.words) - set(found.words("outside")))
        _demand(not unknown, f"{boundary.key}: vocabulary.outside 里没有 {unknown}")
    for check in found.checks:
        _demand(check.tier in TIERS, f"{check.id}: tier 不认识 {check.tier}")
    _demand(
        (found.kind == "evaluation") == (found.evaluation is not None),
        "evaluation 一节只用于评估，评估都要有",
    )
    for problem in evaluation.problems(found.evaluation) if found.evaluation else ():
        _demand(False, problem)
    named = {d.key for d in found.denominators}
    for indicator in found.indicators:
        _demand(
            indicator.denominator is None or indicator.denominator in named,
            f"{indicator.key}: 没有分母 {indicator.denominator}",
        )
        _demand("@" in indicator.function, f"{indicator.key}: 函数要带编号 {indicator.function}")


def _unique(what: str, keys: list[str]) -> None:
    twice = sorted({k for k in keys if keys.count(k) > 1})
    _demand(not twice, f"{what} 重复：{'、'.join(twice)}")


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise DefinitionError(message)
