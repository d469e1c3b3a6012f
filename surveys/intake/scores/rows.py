"""What each row below a header is: an item, a group, a sum, a veto, a place, a remark."""

from __future__ import annotations

from dataclasses import dataclass, field

from surveys.intake.grid import is_numeric
from surveys.intake.places import clean_name
from surveys.intake.scores.codes import Code
from surveys.intake.scores.names import SAME
from surveys.intake.scores.table import UNKNOWN, Table
from surveys.intake.scores.words import LABELS, VALUES, Words
from surveys.intake.units import fold

ITEM, GROUP, TOTAL, VETO, PLACE, SECTION, STRANGE, TEXT = (
    "item", "group", "total", "veto", "place", "section", "strange", "text"
)  # fmt: skip
SURE_GROUP = 0.9


@dataclass
class Row:
    """A row of a table. `texts` are its labels from the left with their columns, `code` what its code says, `group` the
    group it stands in; what the row is taken for is `item` (or a veto's or group's key) with `confidence` and where
    that comes from."""

    table: Table
    index: int
    kind: str
    texts: list[tuple[int, str]] = field(default_factory=list)
    code: Code | None = None
    group: str = ""
    item: str = ""
    confidence: float = 0.0
    source: str = "synonym"
    facility: str = ""
    nearest: tuple[str, ...] = ()
    at: tuple[int, int] = (0, 0)

    @property
    def label(self) -> str:
        """The labels as one text."""
        return " ".join(text for _, text in self.texts)

    @property
    def key(self) -> str:
        """What is remembered of the row: its labels, folded."""
        return fold(self.label)[:280]


def classify(table: Table, words: Words) -> list[Row]:
    """The rows of a table's body; items are not matched yet, only told from everything else."""
    found: list[Row] = []
    group, place, vetoes = "", "", table.vetoes
    for r in range(table.bottom + 1, table.end):
        cells = table.own(r)
        if not cells:
            continue
        row = (
            Row(table, r, TEXT, at=(r, cells[0][0]))
            if _goes_on(table, r)
            else _row(table, r, cells, words, vetoes)
        )
        if row.kind == GROUP:
            group = row.item
        elif row.kind == PLACE:
            place, group = row.facility, ""
        elif row.kind in (SECTION, TEXT) and any(_of_vetoes(v, words) for _, v in cells):
            vetoes = True
        if row.kind == ITEM:
            row.group = _merged_group(table, r, words) or group
        row.facility = row.facility or place
        found.append(row)
    return found


def _goes_on(table: Table, r: int) -> bool:
    """Whether a row only says more of the item above it: its score is merged with the one above."""
    scores = table.of_role(*VALUES)
    labels = table.of_role("code", "name")
    return bool(scores and labels) and all(
        table.span(r, c.index)[0] < r
        for c in (scores[0], next((c for c in labels if table.span(r, c.index)[0] < r), labels[0]))
    )


def _of_vetoes(value: object, words: Words) -> bool:
    text = fold(value)
    return len(text) < 20 and any(fold(w) in text for w in words.definition.words("veto"))


def _row(table: Table, r: int, cells: list[tuple[int, object]], words: Words, vetoes: bool) -> Row:
    row = Row(table, r, TEXT, at=(r, cells[0][0]))
    texts = [(c, v.strip()) for c, v in cells if isinstance(v, str) and not is_numeric(v)]
    # a title may be written out in every cell it was merged over
    one = len(cells) > 1 and len({str(v) for _, v in cells}) == 1 and bool(texts)
    valued = not one and any(_is_given(table, r, c.index) for c in table.of_role(*VALUES, "points"))
    labels = [(c, t) for c, t in texts if _is_label(table, c)]
    if any(words.is_total(t) for _, t in texts[:3]):
        row.kind, row.texts = TOTAL, texts[:1]
        return row
    row.code, row.texts = _code_and_texts(table, r, words)
    if veto := _veto(row, cells, words, vetoes or (not valued and bool(table.of_role("veto_answer")))):
        row.kind, row.item = VETO, veto
        return row
    if key := _group(row, _own_labels(table, labels) or texts, words):
        row.kind, row.item = GROUP, key
        return row
    headed = [(c, t) for c, t in texts if table.columns[c - table.left].path]
    different = list({text: (c, text) for c, text in headed}.values())
    if len(different) <= 2 and not valued and (place := _place(different, words)):
        row.kind, row.facility = PLACE, place
        return row
    if any(words.is_footer(t) for _, t in texts) and not valued:
        return row
    if valued or (row.texts and _like_an_item(row, words)):
        row.kind = ITEM
    elif len(texts) == 1:
        row.kind = SECTION
    return row


def _own_labels(table: Table, labels: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Labels without what a column of groups says beside them."""
    groups = {c.index for c in table.of_role("group")}
    return [(c, t) for c, t in labels if c not in groups] or labels


def _is_given(table: Table, r: int, c: int) -> bool:
    """Whether a cell of a column of values holds anything of its own."""
    own = table.grid.rows[r][c] if c < len(table.grid.rows[r]) else ""
    return own not in ("", None) and bool(str(own).strip())


def _is_label(table: Table, c: int) -> bool:
    role = table.columns[c - table.left].role
    return role in (*LABELS, "veto", "", UNKNOWN)


def _code_and_texts(table: Table, r: int, words: Words) -> tuple[Code | None, list[tuple[int, str]]]:
    """The code of a row and its labels without it; what is written once for many rows is no label of one."""
    code, texts = None, []
    for column in table.columns:
        if column.role not in (*LABELS, "veto"):
            continue
        own = table.grid.rows[r][column.index] if column.index < len(table.grid.rows[r]) else ""
        if own in ("", None) or column.role == "group" or _spans_rows(table, r, column.index):
            continue
        found, rest = words.codes.read(own)
        if found and (code is None or code.strength == "ordinal"):
            code = found
        if rest := rest if isinstance(own, str) else "":
            texts.append((column.index, rest))
        elif column.role != "code" and not found and not is_numeric(own):
            texts.append((column.index, str(own)))
    return code, texts


def _spans_rows(table: Table, r: int, c: int) -> bool:
    """Whether a label is written once over several rows of which each has a score of its own."""
    span = table.span(r, c)
    scores = table.of_role(*VALUES)
    return span[1] > r and not (scores and table.span(r, scores[0].index) == span)


def _veto(row: Row, cells: list[tuple[int, object]], words: Words, vetoes: bool) -> str:
    """The key of the veto a row asks for: by its code, in a block of vetoes also by its name."""
    for _, value in cells[:2]:
        if isinstance(value, str) and (key := words.codes.veto(value)):
            return key
    if not vetoes:
        return ""
    best = max(
        ((alike, key) for _, text in row.texts for key, alike in words.vetoes.near(text).items()),
        default=(0.0, ""),
    )
    return best[1] if best[0] >= 0.8 else ""


def _group(row: Row, texts: list[tuple[int, str]], words: Words) -> str:
    """The key of the group that a row is the title of: its whole name, or its code and something like it."""
    if not texts or len(texts) > 2 or (row.code and row.code.keys):
        return ""
    said = " ".join(text for _, text in texts)
    key, rest = words.codes.group(said)
    near = words.groups.near(rest)
    best = max(near.items(), key=lambda found: found[1], default=("", 0.0))
    own = max(words.names.near(rest).values(), default=0.0)
    if best[1] >= SURE_GROUP and best[1] >= own:
        return best[0]
    lettered = key and said[:1].isascii() and said[:1].isalpha()
    return key if key and (lettered or near.get(key, 0) >= 0.6) and own < SAME else ""


def _merged_group(table: Table, r: int, words: Words) -> str:
    """The group that a column of groups names for a row."""
    for column in table.of_role("group"):
        text = str(table.grid.value(r, column.index))
        key, rest = words.codes.group(text)
        near = words.groups.near(rest)
        best = max(near.items(), key=lambda found: found[1], default=("", 0.0))
        if best[1] >= 0.6 or key:
            return best[0] if best[1] >= 0.6 else key
    return ""


def _place(texts: list[tuple[int, str]], words: Words) -> str:
    for _, text in texts:
        if stated := words.stated(text, "facility"):
            return stated
    if len(texts) == 2 and words.role(texts[0][1]) == "facility":
        return clean_name(texts[1][1])
    return clean_name(texts[0][1]) if len(texts) == 1 and words.is_place(texts[0][1]) else ""


def _like_an_item(row: Row, words: Words) -> bool:
    if row.code and row.code.keys:
        return True
    return any(max(words.names.near(text).values(), default=0) >= 0.7 for _, text in row.texts)
