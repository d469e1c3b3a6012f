"""One table of scores: its header, its columns, its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from surveys.definition.evaluation import SCORE
from surveys.intake.grid import Grid

FACILITY, ITEM, UNKNOWN = "facility", "item", "unknown"


class ScoreGrid(Grid):
    """A sheet with its merges resolved. Equal texts side by side stay what they are: two buildings with 2分 each are
    no title."""

    def _join_repeated(self) -> None:
        return


@dataclass
class Column:
    """A column of a table: its header path from the top, what it is, whose it is, and which item (`item`) where items
    stand across; `guessed` where only the numbers below say that its name is a facility's. `at` is the header cell to
    point to."""

    index: int
    path: list[str]
    at: tuple[int, int]
    role: str = ""
    facility: str = ""
    item: str = ""
    guessed: bool = False

    @property
    def title(self) -> str:
        """The path as one text."""
        return "_".join(dict.fromkeys(text.replace("\n", "") for text in self.path if text))


@dataclass
class Table:
    """One table: rows `top` to `bottom` are its header, the ones before `end` its body, columns `left` to `right` its
    own. `across`: items stand in the header, facilities below each other."""

    grid: Grid
    top: int
    bottom: int
    left: int
    right: int
    end: int = 0
    columns: list[Column] = field(default_factory=list)
    across: bool = False

    def of_role(self, *roles: str) -> list[Column]:
        """The columns of some roles, from the left."""
        return [c for c in self.columns if c.role in roles]

    def own(self, r: int) -> list[tuple[int, object]]:
        """The non-empty cells of a row that belong to this table."""
        return [(c, v) for c, v in self.grid.own(r) if self.left <= c <= self.right]

    def span(self, r: int, c: int) -> tuple[int, int]:
        """First and last row of the merged range a cell belongs to; its own row alone for any other."""
        owner = self.grid.owner.get((r, c))
        first = last = r
        while owner and self.grid.owner.get((first - 1, c)) == owner:
            first -= 1
        while owner and self.grid.owner.get((last + 1, c)) == owner:
            last += 1
        return first, last

    @property
    def vetoes(self) -> bool:
        """Whether the header is one of vetoes."""
        roles = {c.role for c in self.columns}
        return "veto" in roles or ("veto_answer" in roles and not roles & {SCORE, "points", "deduct"})
