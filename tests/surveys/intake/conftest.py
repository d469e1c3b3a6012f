"""Small workbooks for the intake's tests, written in the test that reads them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from surveys import instruments
from surveys.intake import Context, IntakeResult, run
from tests.english.sentences import left_in_english, words_in


@pytest.fixture(scope="session")
def energy():
    return instruments.get("energy")


@pytest.fixture
def context(energy):
    """Make a context: context(period="2024", names=("示例大学",), …)."""

    def make(period: str = "2024", names: tuple[str, ...] = ("示例大学",), **more) -> Context:
        return Context(energy, names, more.pop("known", {}), period, **more)

    return make


@pytest.fixture
def workbook(tmp_path):
    """Write sheets {name: rows} to an .xlsx; `merges` {name: ["A1:B1"]}."""

    def make(
        sheets: dict[str, list[list]], merges: dict[str, list[str]] | None = None, name: str = "表.xlsx"
    ) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
            for area in (merges or {}).get(title, ()):
                sheet.merge_cells(area)
        book.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def read(workbook, context):
    """Write and read in one go: read({"Sheet1": rows}, period="2024") → IntakeResult."""

    def make(sheets, merges=None, name="表.xlsx", **more) -> IntakeResult:
        path = workbook(sheets, merges, name)
        result = run(path, context(**more))
        # whatever a test reads: what is said of it has its English
        assert left_in_english(result, words_in(path)) == []
        return result

    return make


@pytest.fixture
def values():
    """{(facility, item, measure, period): exact} of the loaded figures of a result."""

    def make(result: IntakeResult) -> dict[tuple[str, str, str, str], str]:
        frame = result.frame[result.frame["value"].notna()]
        return {
            tuple(r[:4]): float(r[4])
            for r in frame[["facility", "item", "measure", "period", "value"]].to_numpy()
        }

    return make


@pytest.fixture
def kinds():
    """Sorted (kind, severity, cell) of the findings at or above a severity."""

    def make(result: IntakeResult, *severities: str) -> list[tuple[str, str, str | None]]:
        wanted = severities or ("error",)
        return sorted((i.kind, i.severity, i.cell or "") for i in result.issues if i.severity in wanted)

    return make


@pytest.fixture(autouse=True)
def neutral_ground():
    """Instead of the suite's: nothing here knows a database."""


@pytest.fixture(autouse=True)
def private_folders():
    """Instead of the suite's: nothing here stores files."""
