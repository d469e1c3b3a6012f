"""What the book of cases asks of one small workbook: figures, findings, verdict and questions, all by equality."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from surveys.intake import IntakeResult, run
from tests.english.sentences import left_in_english, words_in

HEAD = ["月份", "用电量(kWh)", "电费(元)"]


@dataclass
class Told:
    """What intake says of a workbook, in a form two of which can be compared.

    figures: {(facility, item, measure, period): exact value without needless zeros, or the flag of a missing one};
    issues: sorted (kind, severity, cell); asked: {cell: the values of its readings}.
    """

    figures: dict[tuple[str, str, str, str], str]
    issues: list[tuple[str, str, str]]
    verdict: str
    asked: dict[str, list[str]]
    result: IntakeResult

    def series(
        self, item: str = "electricity", measure: str = "quantity", facility: str = ""
    ) -> dict[str, str]:
        """{period: value} of one series."""
        return {k[3]: v for k, v in self.figures.items() if k[:3] == (facility, item, measure)}

    @property
    def said(self) -> tuple[list[tuple[str, str, str]], str]:
        """The findings and the verdict."""
        return self.issues, self.verdict


def short(exact: str) -> str:
    """123000.0 → 123000."""
    return format(Decimal(exact).normalize(), "f")


def told(result: IntakeResult) -> Told:
    """The result as Told; every cell must be loaded, reported or left out with a reason."""
    if result.verdict != "reject_file":
        cells = result.meta["cells"]
        assert cells["loaded"] + cells["reported"] + cells["ignored"] == cells["all"]
    rows = result.frame[["facility", "item", "measure", "period", "exact", "flag"]].to_numpy().tolist()
    figures = {tuple(row[:4]): short(row[4]) if row[4] else row[5] for row in rows}
    assert len(figures) == len(rows)
    issues = sorted((i.kind, i.severity, i.cell or "") for i in result.issues)
    asked = {a.cell: [r["value"] for r in a.readings] for a in result.ambiguous}
    return Told(figures, issues, result.verdict, asked, result)


@pytest.fixture
def ask(read):
    """Write and read sheets (or the rows of one sheet) → Told; the first quarter of 2024 unless said otherwise."""

    def make(sheets, merges=None, **more) -> Told:
        if not isinstance(sheets, dict):
            sheets, merges = {"表": sheets}, {"表": merges or []}
        return told(read(sheets, merges, period=more.pop("period", "2024-Q1"), **more))

    return make


@pytest.fixture
def ask_file(context):
    """Read a file that is there → Told; `spoken` False for kinds whose words the English test cannot look up."""

    def make(path, spoken: bool = True, **more) -> Told:
        result = run(path, context(more.pop("period", "2024-Q1"), **more))
        if spoken and result.verdict != "reject_file":
            assert left_in_english(result, words_in(path)) == []
        return told(result)

    return make


@pytest.fixture
def may(ask):
    """One cell under a usual header between two usual months: → (quantity, cost) of May, Told."""

    def make(quantity, cost=1800, unit="kWh", **more):
        rows = [["月份", f"用电量({unit})", "电费(元)"]]
        usual = ("3000", "3100") if unit == "kWh" else ("0.3", "0.31")
        rows += [["4月", float(usual[0]), 1800], ["5月", quantity, cost], ["6月", float(usual[1]), 1860]]
        found = ask(rows, period="2024-Q2", **more)
        here, paid = found.series(), found.series(measure="cost")
        assert (here.pop("2024-04"), here.pop("2024-06")) == ("3000", "3100")
        assert (paid.pop("2024-04"), paid.pop("2024-06")) == ("1800", "1860")
        return (here.get("2024-05"), paid.get("2024-05")), found

    return make
