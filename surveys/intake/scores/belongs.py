"""Whether a file is of this instrument, university and year at all: what is not is refused whole."""

from __future__ import annotations

from surveys import instruments
from surveys.definition import Definition
from surveys.definition.said import say
from surveys.intake.context import Context
from surveys.intake.result import Issue
from surveys.intake.scores.codes import LETTERED
from surveys.intake.scores.sheet import Scores
from surveys.intake.scores.words import Words
from surveys.intake.sniff import Refused

# below this share of known rows a table may be another instrument's
KNOWN_SHARE, FEWEST = 0.5, 3
# rows that are looked through; a form has a hundred
LONGEST = 500
TITLE = "zh"


def check_instrument(file: str, sheets: list[Scores], words: Words) -> list[Scores]:
    """The sheets that are of this instrument; Refused where a table was found and all are another one's or nobody's."""
    own, others = [], {}
    rivals = [Words(d) for d in _others(words.definition)] if any(_is_doubtful(s) for s in sheets) else []
    for sheet in sheets:
        other = _whose(sheet, words, rivals) if _is_doubtful(sheet) else None
        if other is None:
            own.append(sheet)
        else:
            others[sheet.sheet.name] = other
    if any(sheet.entries or sheet.rows for sheet in own) or not others:
        for sheet in sheets:
            if sheet.sheet.name in others:
                _left(sheet, others[sheet.sheet.name])
        return own
    sheet, title = next(iter(others.items()))
    raise Refused(
        "wrong_instrument",
        say("“{file}”没有写入：“{sheet}”表是“{other}”的指标，现在填报的是“{own}”。", file=file, sheet=sheet,
            other=title, own=words.definition.title[TITLE]),
        say("换成这次评估的自评表，或到那次评估的填报页上传。"), sheet,
    )  # fmt: skip


def _others(definition: Definition) -> list[Definition]:
    found = (instruments.get(code) for code in instruments.codes())
    return [d for d in found if d.kind == definition.kind and d.code != definition.code]


def _is_doubtful(found: Scores) -> bool:
    """Whether most rows of a sheet that should be items are not."""
    if not found.tables:
        return _texts(found) > FEWEST
    asked = [row for row in found.rows if row.kind in ("item", "strange")]
    sure = sum(1 for row in asked if row.confidence >= 0.85 and row.item)
    return not found.entries or (bool(asked) and sure < KNOWN_SHARE * len(asked))


def _texts(found: Scores) -> int:
    return sum(1 for r in range(len(found.grid.rows)) for _, v in found.grid.own(r) if isinstance(v, str))


def _whose(found: Scores, words: Words, rivals: list[Words]) -> str | None:
    """The title of the other instrument that a sheet has more items of, or None."""
    own = _counted(found, words)
    best = max(rivals, key=lambda rival: _counted(found, rival), default=None)
    if best is None or _counted(found, best) < max(FEWEST, own + 1):
        return None
    return best.definition.title[TITLE]


def _counted(found: Scores, words: Words) -> int:
    """How many items of an instrument a sheet names beyond doubt."""
    named: set[str] = set()
    for r in range(min(len(found.grid.rows), LONGEST)):
        for _, value in found.grid.own(r):
            if not isinstance(value, str) or len(value) > 60:
                continue
            code, rest = words.codes.read(value)
            if code and code.strength == LETTERED and code.keys:
                named.add(code.keys[0])
            if key := words.names.same(rest or value):
                named.add(key)
    return len(named)


def _left(found: Scores, title: str) -> None:
    sheet = found.sheet.name
    found.draft.issues.append(
        Issue("wrong_instrument", "warning", sheet, None,
              say("“{sheet}”表是“{other}”的指标，没有写入。", sheet=sheet, other=title),
              say("到那次评估的填报页上传这张表。"))
    )  # fmt: skip


def check_any(file: str, sheets: list[Scores], context: Context) -> None:
    """Refused("not_a_table") where no sheet has a table of scores."""
    if any(sheet.tables for sheet in sheets):
        return
    raise Refused(
        "not_a_table",
        say("“{name}”里没有认出评估表。", name=file),
        say("表头要有指标名称（或编码）和自评得分这样的列名，指标一行一项。"),
    )
