"""Two versions of an evaluation beside each other, as a person reads what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.catalog.manual import level_name
from surveys.catalog.models import Version
from surveys.catalog.queries import definition_of
from surveys.definition import Criterion, Definition, Grade, Group, Veto
from surveys.definition.tree import GONE, GRADES, NEW, TERMS, VETOES, Line, Sheet, sheets
from ui.formats import listed, number, percent, phrases

RATIOS = ("floor", "school_min_ratio")
ABSENT = "—"


@dataclass(frozen=True)
class Row:
    """One thing that differs: of which part, what of it, before and now. `kind`: new, gone or changed."""

    name: str
    what: str
    former: str
    now: str
    kind: str


@dataclass(frozen=True)
class Difference:
    """What differs in a group, the vetoes, the grades or the terms; ticked by the second person under its key."""

    key: str
    title: str
    rows: tuple[Row, ...]

    @property
    def changed(self) -> bool:
        """Whether anything does."""
        return bool(self.rows)


def differences(definition: Definition, before: Version | None) -> list[Difference]:
    """The sheets of an evaluation that differ from those of a version, in the reader's language; all of them, with
    everything new, where there is none."""
    former = definition_of(before) if before else None
    found = sheets(definition, former, get_language() or "")
    return [Difference(s.key, title(s), tuple(_rows(s))) for s in found if s.changed]


def title(sheet: Sheet) -> str:
    """What a sheet is called."""
    names = {VETOES: _("一票否决"), GRADES: _("等级"), TERMS: _("总则")}
    return names.get(sheet.kind) or sheet.name


def _rows(sheet: Sheet) -> Iterator[Row]:
    for line in sheet.lines:
        part = line.now or line.former
        coded = line.key if isinstance(part, Criterion | Veto) else ""
        name = " ".join(filter(None, (coded, getattr(part, "name", "") or title(sheet))))
        if line.kind == NEW:
            yield Row(name, _("新增"), ABSENT, _whole(line), NEW)
        elif line.kind == GONE:
            yield Row(name, _("删去"), _whole(line), ABSENT, GONE)
        else:
            yield from (
                Row(name, field_name(c.field), written(c.field, c.former), written(c.field, c.now), line.kind)
                for c in line.changes
            )


def _whole(line: Line) -> str:
    """A part that is new or gone, in a line."""
    part = line.now or line.former
    if isinstance(part, Criterion):
        told = (written("points", part.points), level_name(part.level), part.criterion, part.deduct)
    elif isinstance(part, Grade):
        told = (written("least", part.least), written("floor", part.floor))
    elif isinstance(part, Group):
        told = (written("points", part.points),)
    else:
        told = (getattr(part, "criterion", ""),)
    return phrases(filter(None, told))


def field_name(field: str) -> str:
    """What a field of a part is called."""
    return {
        "name": _("名称"), "points": _("分值"), "level": _("层面"), "criterion": _("评分标准"), "deduct": _("扣分"),
        "evidence": _("佐证"), "source": _("依据"), "unverified": _("核实"), "least": _("分数线"),
        "floor": _("组内下限"), "award": _("授牌"), "total": _("总分"), "school_min_ratio": _("校级最低得分率"),
        "validity_years": _("有效期"), "notes": _("说明"), "process": _("流程"), "anchors": _("参照文件"),
    }.get(field, field)  # fmt: skip


def written(field: str, value: Any) -> str:
    """A value of a field as people write it."""
    if field == "level":
        return level_name(value)
    if field == "award":
        return _("授牌") if value else _("不授牌")
    if field == "validity_years":
        return _("%(n)s 年") % {"n": value}
    if field == "unverified":
        return _unverified(value)
    if isinstance(value, tuple):
        return "\n".join(value) or ABSENT
    if isinstance(value, Decimal):
        return percent(value, 0) if field in RATIOS else _("%(n)s 分") % {"n": number(value)}
    return str(value) or ABSENT


def _unverified(value: bool | tuple[str, ...]) -> str:
    """The mark of a part, or the names of the terms that bear it."""
    if isinstance(value, tuple):
        names = {"min": "least", "group_floor": "floor"}
        return listed(field_name(names.get(name, name)) for name in value)
    return _("未核实") if value else _("已核实")
