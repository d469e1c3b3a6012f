"""What a reader made of a workbook, cell by cell, against the truth it was written from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from files.precheck import column_number
from surveys.intake import IntakeResult
from surveys.intake.references import cell_name
from tests.surveys.intake.workbooks.paper import Figure, Workbook


@dataclass
class Score:
    """Cells of the truth: loaded as they are, reported or asked, wrong without a word. A cell loaded that is no figure
    at all is wrong too."""

    right: int = 0
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of cells that are right."""
        return self.right / max(self.right + len(self.asked) + len(self.wrong), 1)


def score(workbook: Workbook, result: IntakeResult) -> Score:
    """Every cell of the truth, and every cell loaded, judged once."""
    truth, doubtful = workbook.truth(), workbook.doubtful()
    if result.verdict == "reject_file":
        return Score(0, [], [f"{s}!{c} refused" for s, c in truth])
    loaded, told, left = _loaded(result), _told(result), _left(result)
    questions = {(a.facility, a.item, a.measure, a.period) for a in result.ambiguous}
    found = Score()
    for place, figure in truth.items():
        at = "!".join(place)
        if loaded.get(place) == figure or _near(loaded.get(place), figure):
            found.right += 1
        elif place in loaded:
            (found.asked if place in told else found.wrong).append(f"{at} {loaded[place]} for {figure}")
        elif (figure.facility, figure.item, figure.measure, figure.period) in questions:
            # the sum of what is asked: 相加 is one of the readings
            found.asked.append(f"{at} {figure}")
        elif place in left and place not in told:
            found.wrong.append(f"{at} {figure} left out: {left[place]}")
        else:
            found.asked.append(f"{at} {figure}")
    for place in loaded.keys() - truth.keys():
        if _elsewhere(loaded, place, truth):
            continue
        if place not in told or place in doubtful:
            found.wrong.append(f"{'!'.join(place)} {loaded[place]} is no figure")
    found.wrong += [f"{'!'.join(p)} not asked: {left[p]}" for p in doubtful & left.keys() if p not in told]
    return found


def _elsewhere(loaded: dict, place: tuple[str, str], truth: dict) -> bool:
    """Whether a true figure was taken from another cell that says the same."""
    return any(_near(loaded[place], figure) and at not in loaded for at, figure in truth.items())


def _near(one: Figure | None, other: Figure) -> bool:
    same = one and (one.facility, one.item, one.measure, one.period) == (
        other.facility, other.item, other.measure, other.period)  # fmt: skip
    return bool(same) and abs(one.value - other.value) <= abs(other.value) * Decimal("1e-9")


def _loaded(result: IntakeResult) -> dict[tuple[str, str], Figure]:
    rows = (
        result.frame[["sheet", "cell", "facility", "item", "measure", "period", "exact"]].to_numpy().tolist()
    )
    return {(s, c): Figure(f, i, m, p, Decimal(exact)) for s, c, f, i, m, p, exact in rows if exact}


def _told(result: IntakeResult) -> set[tuple[str, str]]:
    """Cells that bear a warning, an error or a question of their own."""
    told = {(a.sheet, a.cell) for a in result.ambiguous}
    # what is said of all figures of an item is said of each
    unsure = {
        (i.item, i.measure) for i in result.issues if i.kind == "unit_assumed" and i.severity == "warning"
    }
    dated = {i.sheet for i in result.issues if i.kind == "paid_day"}
    told |= {
        (s, c)
        for s, c, *what in result.frame[["sheet", "cell", "item", "measure"]].to_numpy().tolist()
        if tuple(what) in unsure or s in dated
    }
    for issue in result.issues:
        if issue.severity != "info" and (issue.cell or issue.cells):
            told |= {(issue.sheet, issue.cell), *((issue.sheet, c.rpartition("!")[2]) for c in issue.cells)}
    return told


def _left(result: IntakeResult) -> dict[tuple[str, str], str]:
    """Cells listed as left out, with the reason."""
    found = {}
    for entry in result.ignored:
        for part in re.findall(r"[A-Z]+\d+(?::[A-Z]+\d+)?", entry.cells) if entry.count else ():
            (top, left), (bottom, right) = map(_place, (*part.split(":"), part)[:2])
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    found[entry.sheet, cell_name(r, c)] = entry.why
    return found


def _place(cell: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    return int(digits) - 1, column_number(letters)
