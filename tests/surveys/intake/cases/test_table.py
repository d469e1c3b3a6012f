"""The book of cases (docs/intake_cases.md) and its tests say the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
TABLE = ROOT / "docs" / "intake_cases.md"
# rows no part of the platform does yet; this list may only become shorter
NOT_YET: set[str] = set()
ALL = {"R": 6, "N": 22, "T": 9, "L": 15, "B": 15}


def _rows() -> dict[str, str]:
    """Id of each row of the table and its last column."""
    found = re.findall(
        r"^\| ([RNTLB]\d+) \|.*?(?<!\\)\| ([^|]*) \|$", TABLE.read_text(encoding="utf-8"), re.M
    )
    assert len(dict(found)) == len(found)
    return dict(found)


def _tests() -> dict[str, set[str]]:
    """The test functions of each id, found by their names."""
    elsewhere = ("filings/test_cases.py", "instruments/test_energy_checks.py", "submissions/test_papers.py")
    paths = [*Path(__file__).parent.glob("test_*.py"), *(ROOT / "tests/surveys" / name for name in elsewhere)]
    found: dict[str, set[str]] = {}
    for path in paths:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (name := re.match(r"test_(r\d|[ntlb]\d\d)_", node.name)):
                found.setdefault(name.group(1).upper(), set()).add(node.name)
    return found


def test_the_table_holds_every_case():
    wanted = {f"{g}{n:02d}" if g != "R" else f"R{n}" for g, last in ALL.items() for n in range(1, last + 1)}
    assert set(_rows()) == wanted


def test_every_case_has_a_test_or_says_that_it_is_not_there_yet():
    rows, tests = _rows(), _tests()
    assert set(rows) - set(tests) == NOT_YET
    assert {row for row, said in rows.items() if said.startswith("not yet: ")} == NOT_YET


def test_the_table_names_exactly_the_tests_there_are():
    named = {row: set(re.findall(r"`(test_\w+)`", said)) for row, said in _rows().items()}
    assert {row: names for row, names in named.items() if names} == _tests()
