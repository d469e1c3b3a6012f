"""What an evaluation is made of: groups of items with points, what vetoes an award, and the grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

SCHOOL, FACILITY, BOTH = "school", "facility", "both"
LEVELS = (SCHOOL, FACILITY, BOTH)
# what is kept of an item, and the one measure of every evaluation; its unit is a point
SCORE, POINT = "score", "point"
# what people read of an evaluation beside its parts
LISTS = ("notes", "process", "anchors")


@dataclass(frozen=True)
class Criterion:
    """An item of an evaluation: its points, what is asked, what is taken off for what, and what proves it.

    `level` says in whose filing it is scored: `school` once for the university, `facility` for each facility; what is
    asked of `both` counts at the facility."""

    key: str
    name: str
    points: Decimal
    level: str
    criterion: str = ""
    deduct: str = ""
    evidence: str = ""
    unverified: bool = False
    source: str = ""

    @property
    def at_school(self) -> bool:
        """Whether it is scored once for the university."""
        return self.level == SCHOOL


@dataclass(frozen=True)
class Group:
    """Items that belong together; their points add up to its own."""

    key: str
    name: str
    points: Decimal
    items: tuple[Criterion, ...]


@dataclass(frozen=True)
class Veto:
    """What excludes an award whatever the points (一票否决)."""

    key: str
    name: str
    criterion: str = ""
    unverified: bool = False
    source: str = ""


@dataclass(frozen=True)
class Grade:
    """A grade: from `least` points, with at least `floor` of each group's points. `award`: it carries a certificate."""

    key: str
    name: str
    least: Decimal
    floor: Decimal = Decimal(0)
    award: bool = False
    unverified: bool = False
    source: str = ""


@dataclass(frozen=True)
class Evaluation:
    """The item tree and the rules by which points become a grade; `grades` from the best to the last, which everybody
    reaches. A facility is awarded nothing where the university reaches less than `school_min_ratio` of the points of
    its own items; a certificate holds for `validity_years`."""

    total: Decimal
    groups: tuple[Group, ...]
    vetoes: tuple[Veto, ...]
    grades: tuple[Grade, ...]
    school_min_ratio: Decimal = Decimal(0)
    validity_years: int = 3
    # names of the numbers above that could not be checked against a source
    unverified: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def item(self, key: str) -> Criterion:
        """The item of this key; KeyError if there is none."""
        return self._items[key]

    def items_of(self, facility: bool) -> Iterator[Criterion]:
        """The items that are scored in a facility's filing, or in the university's own."""
        return (item for item in self._items.values() if item.at_school is not facility)

    def group_of(self, key: str) -> Group:
        """The group of an item; KeyError if there is no such item."""
        return self._groups[key]

    @property
    def has_school_level(self) -> bool:
        """Whether the university files a part of its own."""
        return any(item.at_school for item in self._items.values())

    @cached_property
    def _items(self) -> dict[str, Criterion]:
        return {item.key: item for group in self.groups for item in group.items}

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {item.key: group for group in self.groups for item in group.items}


def problems(found: Evaluation) -> Iterator[str]:
    """What is wrong with an evaluation, in Chinese, for whoever writes its definition; nothing if it holds together."""
    for group in found.groups:
        together = sum((item.points for item in group.items), Decimal(0))
        if together != group.points:
            yield f"{group.key}: 各项共 {together} 分，组上写的是 {group.points} 分"
        yield from (
            f"{item.key}: level 不认识 {item.level}" for item in group.items if item.level not in LEVELS
        )
        yield from (f"{item.key}: 分值要大于 0" for item in group.items if item.points <= 0)
    together = sum((group.points for group in found.groups), Decimal(0))
    if together != found.total:
        yield f"各组共 {together} 分，总分写的是 {found.total} 分"
    yield from _graded(found)
    for what, parts in (("groups", found.groups), ("veto", found.vetoes), ("grades", found.grades)):
        names = [part.key for part in parts]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            yield f"{what} 重复：{'、'.join(twice)}"


def _graded(found: Evaluation) -> Iterator[str]:
    least = [grade.least for grade in found.grades]
    if not least or least[-1] != 0 or found.grades[-1].floor or found.grades[-1].award:
        yield "grades 的最后一等要从 0 分起，没有组内下限，不授牌"
    if least != sorted(set(least), reverse=True):
        yield "grades 要从高到低写，分数线各不相同"
    if any(not 0 <= grade.floor <= 1 for grade in found.grades):
        yield "group_floor 在 0 和 1 之间"
    if not 0 <= found.school_min_ratio <= 1:
        yield "school_min_ratio 在 0 和 1 之间"


def read(part: Mapping[str, Any], decimal: Any) -> Evaluation:
    """The evaluation of a definition's `evaluation` section; KeyError or TypeError where a part is missing. `decimal`
    makes a Decimal of a text."""
    return Evaluation(
        total=decimal(part["total"]),
        groups=tuple(_group(g, decimal) for g in part["groups"]),
        vetoes=tuple(
            Veto(v["code"], v["name"], v.get("criterion", ""), *_checked(v)) for v in part.get("veto", ())
        ),
        grades=tuple(_grade(g, decimal) for g in part["grades"]),
        school_min_ratio=decimal(part.get("school_min_ratio", "0")),
        validity_years=int(part.get("validity_years", 3)),
        unverified=tuple(part.get("unverified", ())),
        process=tuple(part.get("process", ())),
        anchors=tuple(part.get("anchors", ())),
        notes=tuple(part.get("notes", ())),
        sources=dict(part.get("sources", {})),
    )


def _group(g: Mapping[str, Any], decimal: Any) -> Group:
    items = tuple(
        Criterion(
            i["code"], i["name"], decimal(i["points"]), i["level"], i.get("criterion", ""), i.get("deduct", ""),
            i.get("evidence", ""), *_checked(i),
        )
        for i in g["items"]
    )  # fmt: skip
    return Group(g["code"], g["name"], decimal(g["points"]), items)


def _grade(g: Mapping[str, Any], decimal: Any) -> Grade:
    floor = decimal(g.get("group_floor", "0"))
    return Grade(g["key"], g["name"], decimal(g["min"]), floor, bool(g.get("award")), *_checked(g))


def _checked(part: Mapping[str, Any]) -> tuple[bool, str]:
    return bool(part.get("unverified")), part.get("source", "")
