"""The parts of an evaluation as a person holds them against their sources: what two persons look at before a version is
published, beside the version before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from surveys.definition.evaluation import Criterion, Evaluation, Grade, Group, Veto
from surveys.definition.model import Definition

Part = Group | Criterion | Veto | Grade | Evaluation
NEW, GONE, CHANGED = "new", "gone", "changed"
GROUP, VETOES, GRADES, TERMS = "group", "vetoes", "grades", "terms"
# the name of a part in the tree, parts that have lines of their own, and where citations point to
_APART = {"key", "items", "groups", "vetoes", "grades", "sources"}


@dataclass(frozen=True)
class Change:
    """A field of a part that differs, with what it was and what it is."""

    field: str
    former: Any
    now: Any


@dataclass(frozen=True)
class Line:
    """A part that differs from the version before: `now` None where it is gone, `former` None where it is new."""

    key: str
    now: Part | None
    former: Part | None
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str:
        """new, gone or changed."""
        if self.former is None:
            return NEW
        return GONE if self.now is None else CHANGED


@dataclass(frozen=True)
class Sheet:
    """What is ticked at once: a group (its key is group.D1 and it has a name), the vetoes, the grades or the terms,
    with the lines that differ."""

    key: str
    name: str
    lines: tuple[Line, ...]

    @property
    def kind(self) -> str:
        """group, vetoes, grades or terms."""
        return self.key.partition(".")[0]

    @property
    def changed(self) -> bool:
        """Whether anything differs from the version before."""
        return bool(self.lines)


def sheets(definition: Definition, before: Definition | None = None, language: str = "") -> tuple[Sheet, ...]:
    """Every sheet of an evaluation with what differs from `before`, the version published last; empty where neither is
    an evaluation. What differs is decided by the Chinese and said in `language` (a code such as en)."""
    now, former = _tree(definition), _tree(before)
    said, said_before = _tree(definition, language), _tree(before, language)
    return tuple(
        Sheet(
            key,
            _name(said.get(key) or said_before.get(key, {})),
            tuple(
                _line(part, said.get(key, {}).get(part), said_before.get(key, {}).get(part), names)
                for part, names in _differing(now.get(key, {}), former.get(key, {})).items()
            ),
        )
        for key in dict.fromkeys([*now, *former])
    )


def to_check(definition: Definition, before: Definition | None) -> tuple[str, ...]:
    """The keys of the sheets that differ from the version published last; all of them where there is none."""
    return tuple(sheet.key for sheet in sheets(definition, before) if sheet.changed)


def _tree(definition: Definition | None, language: str = "") -> dict[str, dict[str, Part]]:
    """Key of a sheet → key of a part → the part; what a sheet itself says has the key ''."""
    found = definition.in_language(language).evaluation if definition else None
    if found is None:
        return {}
    tree: dict[str, dict[str, Part]] = {
        f"{GROUP}.{group.key}": {"": group, **{item.key: item for item in group.items}}
        for group in found.groups
    }
    tree[VETOES] = {veto.key: veto for veto in found.vetoes}
    tree[GRADES] = {grade.key: grade for grade in found.grades}
    return tree | {TERMS: {"": found}}


def _differing(now: dict[str, Part], former: dict[str, Part]) -> dict[str, list[str]]:
    """Key of each part that differs → the names of its fields that do; none of them where the part is new or gone."""
    found = {}
    for key in dict.fromkeys([*now, *former]):
        if key not in now or key not in former:
            found[key] = []
        elif names := [name for name, value in _own(now[key]).items() if value != _own(former[key])[name]]:
            found[key] = names
    return found


def _line(key: str, now: Part | None, former: Part | None, names: list[str]) -> Line:
    return Line(key, now, former, tuple(Change(n, getattr(former, n), getattr(now, n)) for n in names))


def _own(part: Part) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part) if field.name not in _APART}


def _name(parts: dict[str, Part]) -> str:
    return getattr(parts.get(""), "name", "")
