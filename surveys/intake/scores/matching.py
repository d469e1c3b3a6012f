"""Which item a row is: by its code, its name, its criterion, and by the rows around it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from surveys.definition.evaluation import POINT, SCORE
from surveys.intake.references import cell_name
from surveys.intake.result import MappingEntry
from surveys.intake.scores.codes import BARE, LETTERED, ORDINAL
from surveys.intake.scores.names import SAME
from surveys.intake.scores.rows import ITEM, STRANGE, Row
from surveys.intake.scores.table import Table
from surveys.intake.scores.words import Words

# a name that agrees with a code, and one that says something else
AGREES, STRANGE_TO = 0.45, 0.3
# how much more like one item than like the next a text must be
APART = 0.2
# what the group, the points, the numbering and the place between sure neighbours add
IN_GROUP, POINTS_AGREE, NUMBER_AGREES, BETWEEN = 0.05, 0.05, 0.1, 0.15
POINTS_DIFFER = 0.1
MOST = 0.95
MOST_NAMED = 3


def match(rows: list[Row], words: Words) -> None:
    """Say of each item row which item it is and how sure that is; rows that are none become strange."""
    asked = [row for row in rows if row.kind == ITEM]
    for row in asked:
        _by_itself(row, words)
    _two_of_one(asked, words)
    _by_neighbours(asked, words)
    for row in asked:
        if row.confidence < words.definition.confidence_ask and row.source != "remembered":
            row.kind, row.item = STRANGE, ""


def _by_itself(row: Row, words: Words) -> None:
    known = words.remembered.get(row.key)
    if known is not None:
        row.item, row.confidence, row.source = known["item"], 1.0, "remembered"
        return
    near = _near(row, words)
    ranked = sorted(near.items(), key=lambda found: -found[1])
    row.nearest = tuple(key for key, alike in ranked[:MOST_NAMED] if alike >= 0.4)
    if row.code and row.code.keys:
        row.item, row.confidence = _by_code(row, near, ranked)
    elif ranked:
        row.item, row.confidence = _by_name(row, ranked, words)
    row.source = "synonym" if row.confidence >= MOST else "fuzzy"


def _near(row: Row, words: Words) -> dict[str, float]:
    """Key → how near the labels come to it, the best of them counting; a group is a hint, no more."""
    found: dict[str, float] = {}
    for _, text in row.texts:
        for key, alike in words.names.near(text).items():
            found[key] = max(found.get(key, 0.0), alike)
    return found


def _by_code(row: Row, near: dict[str, float], ranked: list[tuple[str, float]]) -> tuple[str, float]:
    code = row.code
    own = max(code.keys, key=lambda key: near.get(key, 0.0))
    said, best = near.get(own, 0.0), ranked[0] if ranked else ("", 0.0)
    if not row.texts:
        sure = len(code.keys) == 1
        return own, (0.97 if code.strength == LETTERED else 0.9) if sure else 0.6
    if said >= AGREES or said == best[1] > 0:
        return own, 1.0 if said >= 0.9 else MOST
    if best[1] >= 0.85:
        # code and name say two things; a number without its letter is as often the office's own count
        return (best[0], 0.9) if code.strength == BARE and best[1] == SAME else (best[0], 0.6)
    return own, 0.9 if code.strength == LETTERED and len(code.keys) == 1 else 0.7


def _by_name(row: Row, ranked: list[tuple[str, float]], words: Words) -> tuple[str, float]:
    key, alike = ranked[0]
    if alike >= 0.9 and (len(ranked) == 1 or alike - ranked[1][1] >= 0.02):
        return key, alike
    in_group = [r for r in ranked if row.group and words.evaluation.group_of(r[0]).key == row.group]
    if in_group and in_group[0][1] >= alike - 0.15:
        (key, alike), ranked = in_group[0], in_group
    margin = alike - (ranked[1][1] if len(ranked) > 1 else 0.0)
    sure = alike - max(APART - margin, 0)
    item = words.evaluation.item(key)
    sure += IN_GROUP if row.group and words.evaluation.group_of(key).key == row.group else 0
    stated = points_of(row, item.points)
    if stated is not None:
        sure += POINTS_AGREE if stated == item.points else -POINTS_DIFFER
    if row.code and row.code.strength == ORDINAL and row.group:
        place = [i.key for i in words.evaluation.group_of(key).items].index(key) + 1
        sure += NUMBER_AGREES if place == row.code.number else 0
    return key, min(sure, MOST)


def points_of(row: Row, full: Decimal) -> Decimal | None:
    """The full points a sheet states for a row in a cell of its own; of several the one that is `full`."""
    stated = [points_at(row.table, row.index, column.index) for column in row.table.of_role("points")]
    stated = [found for found in stated if found is not None]
    return full if full in stated else next(iter(stated), None)


def points_at(table: Table, r: int, c: int) -> Decimal | None:
    """The number in one cell of a column of points; None for a cell merged over more rows than the score."""
    scores = table.of_role(SCORE, "deduct")
    if table.span(r, c) != (r, r) and not (scores and table.span(r, scores[0].index) == table.span(r, c)):
        return None
    own = table.grid.rows[r][c] if c < len(table.grid.rows[r]) else ""
    text = str(own).strip().strip("（()）").removesuffix("分")
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _two_of_one(rows: list[Row], words: Words) -> None:
    """Two rows of one table taken for one item: the one that is less sure is not it, unless it says the very same."""
    best: dict[tuple[int, str], Row] = {}
    for row in rows:
        if not row.item or row.source == "remembered":
            continue
        place = id(row.table), f"{row.item}{row.facility}"
        other = best.get(place)
        if other is None:
            best[place] = row
        elif row.confidence != other.confidence and min(row.confidence, other.confidence) < MOST:
            weaker = min(row, other, key=lambda r: r.confidence)
            best[place] = row if weaker is other else other
            weaker.confidence = min(weaker.confidence, 0.45)


def _by_neighbours(rows: list[Row], words: Words) -> None:
    """A row that is not sure of itself, between two that are with one item between them, may be that one."""
    order = {item.key: n for n, item in enumerate(words.names.items)}
    keys = list(order)
    sure = words.definition.confidence_accept
    for n, row in enumerate(rows):
        if row.confidence >= sure or row.source == "remembered":
            continue
        before, after = (rows[n - 1] if n else None), (rows[n + 1] if n + 1 < len(rows) else None)
        if any(beside and not (beside.item and beside.confidence >= sure) for beside in (before, after)):
            continue
        first = order[before.item] if before else -1
        last = order[after.item] if after else len(keys)
        if last - first != 2:
            continue
        key = keys[first + 1]
        alike = _near(row, words).get(key, 0.0)
        if alike >= STRANGE_TO and (row.item in ("", key) or row.confidence < 0.6):
            full = words.evaluation.item(key).points
            bonus = BETWEEN + (POINTS_AGREE if points_of(row, full) == full else 0)
            row.item, row.confidence = (
                key,
                min(max(alike, row.confidence if row.item == key else 0) + bonus, MOST),
            )
            row.source = "fuzzy"


def entries(rows: list[Row], words: Words) -> list[MappingEntry]:
    """How each row was read, for the page that shows it; rows nobody knew have no item."""
    found: dict[str, MappingEntry] = {}
    for row in rows:
        if row.kind not in (ITEM, STRANGE) or (not row.label and not row.code):
            continue
        sheet = row.table.grid.sheet.name
        at = (row.index, row.texts[0][0]) if row.texts else row.at
        label = header_of(row)
        found.setdefault(
            f"{row.key}|{row.item}",
            MappingEntry(sheet, cell_name(*at), label, row.item, SCORE, POINT, "1", round(row.confidence, 3)
                         if row.item or row.source == "remembered" else 0.0, row.source, row.key),
        )  # fmt: skip
    return list(found.values())


def header_of(row: Row) -> str:
    """A row's labels as they are written, short enough to show."""
    text = " ".join(
        str(v).strip().removesuffix(".0") for c, v in row.table.own(row.index)
        if row.table.columns[c - row.table.left].role in ("code", "name", "veto") and str(v).strip()
    ) or row.label  # fmt: skip
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
