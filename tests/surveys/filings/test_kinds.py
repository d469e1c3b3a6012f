"""Every kind of finding that intake can make has words on the result page."""

import ast
from collections.abc import Iterator
from pathlib import Path

from surveys.filings.pages.kinds import TITLES

INTAKE = Path(__file__).resolve().parents[3] / "surveys" / "intake"


def kinds_of_intake() -> Iterator[str]:
    """The constants with which an Issue is made, or a cell is cleaned to no plain number."""
    for path in INTAKE.glob("*.py"):
        for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
            name = getattr(call.func, "id", "")
            told = call.args[:1] if name == "Issue" else call.args[2:3] if name == "Cleaned" else []
            told += [k.value for k in call.keywords if k.arg == "kind" and name in ("Issue", "Cleaned")]
            yield from (node.value for node in told if isinstance(node, ast.Constant) and node.value)


def test_every_kind_has_a_title():
    # a cell left blank is told by what is missing, not cell by cell
    kinds = set(kinds_of_intake()) - {"blank"}
    assert len(kinds) > 20
    assert sorted(kinds - TITLES.keys()) == []
