"""The engine knows kinds of instruments and no instrument."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from surveys import instruments

ROOT = Path(__file__).parents[2]
ENGINE = [
    path
    for path in sorted((ROOT / "surveys").rglob("*.py"))
    if path.relative_to(ROOT / "surveys").parts[:2][0] != "instruments" or path.parent.name == "instruments"
]
CODES = set(instruments.codes())
# which instrument the site shows first: a choice of pages, not a way through the engine
SHOWN_FIRST = {"surveys/benchmarks/queries.py", "surveys/benchmarks/urls.py", "surveys/benchmarks/views/commission.py",
               "surveys/benchmarks/views/university.py"}  # fmt: skip


def branches(source: str) -> Iterator[int]:
    """Lines where something is decided by an instrument's code: a comparison, a case, a key of a mapping."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        elif isinstance(node, ast.Dict):
            parts = [key for key in node.keys if key]
        elif isinstance(node, ast.Subscript):
            parts = [node.slice]
        else:
            continue
        named = (part for each in parts for part in ast.walk(each) if isinstance(part, ast.Constant))
        yield from (part.lineno for part in named if part.value in CODES)


def constants(source: str) -> Iterator[int]:
    """Lines where an instrument's code stands as a text."""
    nodes = ast.walk(ast.parse(source))
    yield from (n.lineno for n in nodes if isinstance(n, ast.Constant) and n.value in CODES)


@pytest.mark.parametrize(
    "source",
    ['if code == "energy": pass', 'x = code in ("energy", "other")', 'match code:\n case "energy": pass',
     'x = {"energy": 1}[code]', 'x = table["energy"]'],
)  # fmt: skip
def test_a_branch_on_an_instrument_is_found(source):
    assert list(branches(source)) != []


def test_the_engine_branches_on_no_instrument():
    known = ROOT / "surveys" / "instruments" / "__init__.py"
    found = {str(p.relative_to(ROOT)): lines for p in ENGINE if p != known
             and (lines := list(branches(p.read_text(encoding="utf-8"))))}  # fmt: skip
    assert found == {}


def test_the_engine_names_no_instrument():
    known = {"surveys/instruments/__init__.py", *SHOWN_FIRST}
    found = {name: lines for p in ENGINE if (name := str(p.relative_to(ROOT))) not in known
             and (lines := list(constants(p.read_text(encoding="utf-8"))))}  # fmt: skip
    assert found == {}
