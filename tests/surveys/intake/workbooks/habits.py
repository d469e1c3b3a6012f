"""What any office may do to any of its papers without changing what they say: blanks, notes, texts for numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.surveys.intake.workbooks.paper import UNITS, Paper, Workbook

UNIT_WORDS = sorted({w for some in UNITS.values() for w, _ in some}, key=len, reverse=True)
_UNIT = re.compile(
    rf"[（(](?:单位[:：])?(?:{'|'.join(map(re.escape, UNIT_WORDS))})[)）]|^(?:{'|'.join(map(re.escape, UNIT_WORDS))})$"
)
WIDE = str.maketrans("()%", "（）％")


def _moved(paper: Paper, row: Callable[[int], int], column: Callable[[int], int]) -> None:
    """Every cell of a paper at another place; `row` and `column` grow and keep the order."""
    at = lambda place: (row(place[0]), column(place[1]))  # noqa: E731
    paper.cells = {at(p): v for p, v in paper.cells.items()}
    paper.truth = {at(p): v for p, v in paper.truth.items()}
    paper.doubtful = {at(p) for p in paper.doubtful}
    paper.spans = [(row(t), column(le), row(b), column(r)) for t, le, b, r in paper.spans]
    paper.hidden_rows = {row(r) for r in paper.hidden_rows}
    # a formula names cells that are elsewhere now
    paper.formulas = {}


def _texts(paper: Paper) -> dict[tuple[int, int], str]:
    return {p: v for p, v in paper.cells.items() if isinstance(v, str) and not v.startswith(("=", "\t"))}


def away_from_the_corner(paper: Paper, random: Random) -> None:
    down, right = random.randint(0, 5), random.randint(0, 4)
    _moved(paper, lambda r: r + down, lambda c: c + right)


def blank_row_somewhere(paper: Paper, random: Random) -> None:
    """An empty row between two rows of figures."""
    rows = sorted({r for r, _ in paper.truth})
    at = random.choice(rows[1:] or rows)
    if not any(t < at <= b for t, _, b, _ in paper.spans):
        _moved(paper, lambda r: r + (r >= at), lambda c: c)


def blank_column_at_the_left(paper: Paper, random: Random) -> None:
    """An empty column between the labels and the figures."""
    at = min(c for _, c in paper.truth)
    if not any(le < at <= r for _, le, _, r in paper.spans):
        _moved(paper, lambda r: r, lambda c: c + (c >= at))


def remarks_at_the_right(paper: Paper, random: Random) -> None:
    right = max(c for _, c in paper.cells) + 1
    wide = [r for r in range(min(r for r, _ in paper.truth)) if sum(1 for k, _ in paper.cells if k == r) > 2]
    head = max(wide)
    paper.write(head, right, "备注")
    for r in sorted({r for r, _ in paper.truth})[:: random.randint(2, 5)]:
        paper.write(r, right, random.choice(["含空调", "表已校验", "见发票", "本月抄表推迟2天", "正常"]))


def signatures_below(paper: Paper, random: Random) -> None:
    last, first = max(r for r, _ in paper.cells) + random.randint(1, 3), min(c for _, c in paper.cells)
    paper.write(last, first, "填表人：沈某")
    paper.write(last, first + 2, "审核人：韩某")
    paper.write(
        last + 1,
        first,
        random.choice(["填表日期：2025年1月10日", "注：数据以供电公司账单为准。", "说明：1.电量含路灯。"]),
    )


def title_above(paper: Paper, random: Random) -> None:
    _moved(paper, lambda r: r + 2, lambda c: c)
    paper.write(
        0,
        min(c for _, c in paper.cells),
        random.choice(["示例大学", "示例大学后勤处", "附件2", "2024年12月31日填"]),
    )


def blanks_in_words(paper: Paper, random: Random) -> None:
    """月 份, 合  计: words of two characters drawn apart."""
    for place, text in _texts(paper).items():
        if len(text) == 2 and text.isalpha() and random.random() < 0.5:
            paper.cells[place] = f"{text[0]}{random.choice([' ', '　', '  '])}{text[1]}"


def line_breaks_in_headers(paper: Paper, random: Random) -> None:
    for place, text in _texts(paper).items():
        if "(" in text[1:] and random.random() < 0.6:
            paper.cells[place] = text.replace("(", "\n(", 1)


def full_width_brackets(paper: Paper, random: Random) -> None:
    for place, text in _texts(paper).items():
        if place not in paper.truth and random.random() < 0.6:
            paper.cells[place] = text.translate(WIDE)


def numbers_as_text(paper: Paper, random: Random) -> None:
    """Some figures are texts: thousands with commas, blanks around them."""
    for place in list(paper.truth):
        value = paper.cells[place]
        if isinstance(value, float) and random.random() < 0.3:
            written = f"{value:,.6f}".rstrip("0").rstrip(".")
            paper.cells[place] = random.choice([written, f" {written} ", written.replace(",", "")])


def spans_written_out(paper: Paper, random: Random) -> None:
    """Nothing is merged: the text stands in every cell it was merged over."""
    for top, left, bottom, right in paper.spans:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                paper.cells[r, c] = paper.cells[top, left]
    paper.spans = []


def some_not_at_hand(paper: Paper, random: Random) -> None:
    """A few figures are not there: a dash, a blank, a word."""
    for place in random.sample(list(paper.truth), max(len(paper.truth) // 20, 1)):
        paper.cells[place] = random.choice(["—", "/", "待结算", None, "无"])
        del paper.truth[place]


def note_between_rows(paper: Paper, random: Random) -> None:
    """A remark on a line of its own between two rows of figures."""
    rows = sorted({r for r, _ in paper.truth})
    at = random.choice(rows[1:] or rows)
    if any(t < at <= b for t, _, b, _ in paper.spans):
        return
    _moved(paper, lambda r: r + (r >= at), lambda c: c)
    text = random.choice(
        ["注：表计于当月更换", "（本月抄表推迟两天）", "说明：含路灯用电", "数据待供电公司复核"]
    )
    paper.write(at, min(c for _, c in paper.cells), text)


def blank_column_among_figures(paper: Paper, random: Random) -> None:
    """An empty column between two columns of figures, as offices set groups apart."""
    columns = sorted({c for _, c in paper.truth})
    at = random.choice(columns[1:] or columns)
    if not any(le < at <= r for _, le, _, r in paper.spans):
        _moved(paper, lambda r: r, lambda c: c + (c >= at))


HABITS = [
    note_between_rows, blank_column_among_figures, spans_written_out, away_from_the_corner, blank_row_somewhere, blank_column_at_the_left, remarks_at_the_right,  # noqa: E501
    signatures_below, title_above, blanks_in_words, line_breaks_in_headers, full_width_brackets, numbers_as_text,
    some_not_at_hand,
]  # fmt: skip


def with_habits(workbook: Workbook, seed: int, most: int = 3) -> tuple[Workbook, list[str]]:
    """The workbook as an office of some habits writes it, the same on all its papers; and what these are."""
    chosen = Random(f"habits {seed}").sample(HABITS, Random(seed).randint(1, most))
    # nothing is written beside what is moved later
    chosen.sort(key=HABITS.index, reverse=True)
    for habit in chosen:
        for paper in (p for p in workbook.papers if p.truth):
            habit(paper, Random(f"{seed} {habit.__name__}"))
    return workbook, [habit.__name__ for habit in chosen]


# Harm: what is written cannot be known any more, and must not be guessed


def _labels(paper: Paper) -> list[tuple[int, int]]:
    """Labels that name no place and no university."""
    places = {f.facility for f in paper.truth.values()} | {"示例大学", "沽上师范大学"}
    return sorted(
        p for p, text in _texts(paper).items() if p not in paper.truth and text.strip() not in places
    )


def label_lost(paper: Paper, random: Random) -> None:
    del paper.cells[random.choice(_labels(paper))]


def label_nobody_knows(paper: Paper, random: Random) -> None:
    paper.cells[random.choice(_labels(paper))] = random.choice(
        ["动力", "杂项", "其他甲", "常规", "二期", "XX", "见附表", "专用"]
    )


def label_misspelt(paper: Paper, random: Random) -> None:
    place = random.choice(_labels(paper))
    text = str(paper.cells[place])
    k = random.randrange(len(text))
    paper.cells[place] = text[:k] + random.choice("最帝目夕甲") + text[k + 1 :]


def row_lost(paper: Paper, random: Random) -> None:
    """One row of the header or a title is deleted."""
    first = min(r for r, _ in paper.truth)
    at = random.randrange(first) if first else -1
    if first and not any(t <= at <= b and t != b for t, _, b, _ in paper.spans):
        paper.cells = {p: v for p, v in paper.cells.items() if p[0] != at}
        paper.spans = [s for s in paper.spans if s[0] != at]
        _moved(paper, lambda r: r - (r > at), lambda c: c)


def column_lost(paper: Paper, random: Random) -> None:
    """One column of labels is deleted."""
    labels = sorted({c for _, c in paper.cells} - {c for _, c in paper.truth})
    at = random.choice(labels)
    if not any(le <= at <= r and le != r for _, le, _, r in paper.spans):
        paper.cells = {p: v for p, v in paper.cells.items() if p[1] != at}
        paper.spans = [s for s in paper.spans if s[1] != at]
        _moved(paper, lambda r: r, lambda c: c - (c > at))


def units_lost(paper: Paper, random: Random) -> None:
    """No unit stands anywhere any more: neither in brackets, nor in cells of their own."""
    for place, text in _texts(paper).items():
        if place not in paper.truth:
            paper.cells[place] = _UNIT.sub("", text) or None


def column_again(paper: Paper, random: Random) -> None:
    """A column stands twice, side by side; its copy is nobody's figure."""
    at = random.choice(sorted({c for _, c in paper.truth}))
    if any(le <= at <= r and le != r for _, le, _, r in paper.spans):
        return
    copy = {(r, c): v for (r, c), v in paper.cells.items() if c == at}
    _moved(paper, lambda r: r, lambda c: c + (c > at))
    paper.cells |= {(r, c + 1): v for (r, c), v in copy.items()}


def rows_swapped(paper: Paper, random: Random) -> None:
    """Two rows of figures change places, where each has all its labels itself and no line stands between them."""
    rows = sorted({r for r, _ in paper.truth})
    one, other = random.sample(rows, 2) if len(rows) > 1 else (rows[0], rows[0])
    wide = {r: {c for k, c in paper.cells if k == r and paper.cells[k, c] is not None} for r in rows}
    every = {r for r, _ in paper.cells if min(one, other) <= r <= max(one, other)}
    if any(t <= r <= b and t != b for r in (one, other) for t, _, b, _ in paper.spans):
        return
    if not every <= set(rows) or len({frozenset(columns) for columns in wide.values()}) > 1:
        return
    swap = {one: other, other: one}
    paper.cells = {(swap.get(r, r), c): v for (r, c), v in paper.cells.items()}
    paper.truth = {(swap.get(r, r), c): v for (r, c), v in paper.truth.items()}
    paper.doubtful = {(swap.get(r, r), c) for r, c in paper.doubtful}
    paper.formulas = {}


HARM = [
    label_lost, label_nobody_knows, label_misspelt, row_lost, column_lost, units_lost, column_again, rows_swapped,
]  # fmt: skip


def with_harm(workbook: Workbook, seed: int) -> tuple[Workbook, str]:
    """The workbook after one harm to one of its papers; and which."""
    harm = Random(f"harm {seed}").choice(HARM)
    paper = Random(seed).choice([p for p in workbook.papers if p.truth])
    harm(paper, Random(f"{seed} {harm.__name__}"))
    return workbook, harm.__name__
