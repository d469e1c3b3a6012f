"""Headers whose levels are rows with names of their own: 校区, 楼宇, 项目, 单位 down the first column, then months."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.intake import periods
from surveys.intake.grid import Grid, is_numeric
from surveys.intake.labels import Label, agree
from surveys.intake.places import clean_name
from surveys.intake.words import Vocabulary

NAMES = ("sequence", "campus", "facility", "type", "item", "unit", "period")
SILENT = ("sequence", "type")


@dataclass(frozen=True)
class Level:
    """One header row: what its name says it holds, and its text over each column ('' where it says nothing)."""

    row: int
    role: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Spoken:
    """What the levels say of one column: its path, labels of item and unit, and the place named over it."""

    path: list[tuple[int, str]]
    levels: list[Label]
    facility: str


def find_levels(grid: Grid, r: int, words: Vocabulary) -> tuple[int, list[Level]] | None:
    """The named rows from row r on and the column of their names; None unless two are followed by months or measures.

    The figures start in the column right of the names.
    """
    cells = grid.own(r)
    if len(cells) < 2:
        return None
    at, last = cells[0][0], r
    roles: dict[int, str] = {}
    while last < len(grid.rows):
        role = words.label(grid.value(last, at)).role
        if role not in NAMES or role in roles.values():
            break
        roles[last] = role
        last += 1
    topics = {"campus", "facility", "item"} & set(roles.values())
    if len(roles) < 2 or not topics or not _figures_below(grid, last, at, words):
        return None
    return at, [Level(k, role, _texts(grid, k, at)) for k, role in roles.items()]


def _figures_below(grid: Grid, r: int, at: int, words: Vocabulary) -> bool:
    value = grid.value(r, at)
    named = periods.parse_value(value) is not None or bool(words.label(value).measure)
    return named and any(is_numeric(v) for c, v in grid.own(r) if c > at)


def _texts(grid: Grid, r: int, at: int) -> tuple[str, ...]:
    """The texts of a header row, a blank one standing for what is left of it where nothing is merged."""
    found: list[str] = []
    for c in range(grid.width):
        text = str(grid.value(r, c)).strip() if c > at else ""
        alone = c - 1 > at and (r, c) not in grid.owner and (r, c - 1) not in grid.owner
        found.append(text or (found[-1] if alone else ""))
    return tuple(found)


def speak(levels: list[Level], width: int, at: int, words: Vocabulary) -> dict[int, Spoken]:
    """What is said over each column right of the names. Campuses tell buildings of one name apart."""
    rows = {level.role: level for level in levels}
    places = rows.get("facility") or rows.get("campus")
    homes: dict[str, set[str]] = {}
    if "facility" in rows and "campus" in rows:
        for name, campus in zip(rows["facility"].texts, rows["campus"].texts, strict=True):
            homes.setdefault(name, set()).add(campus)
    found = {}
    for c in range(at + 1, width):
        said = [(level, level.texts[c]) for level in levels if level.role not in SILENT and level.texts[c]]
        name = places.texts[c] if places else ""
        campus = rows["campus"].texts[c] if len(homes.get(name, ())) > 1 else ""
        label = words.label(name)
        whole = label.total or name in words.definition.words("whole")
        own = [words.label(t) for level, t in said if level.role not in ("campus", "facility") or whole]
        path = list(dict.fromkeys((level.row, t) for level, t in said))
        found[c] = Spoken(path, own, "" if whole else clean_name(campus + name))
    return found


def column_label(spoken: Spoken) -> Label:
    """The labels of a column as one; a place over it takes nothing from their certainty."""
    return agree(spoken.levels) if spoken.levels else Label("")
