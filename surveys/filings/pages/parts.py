"""A round in which facilities file one by one: the university's own part and each facility's, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from surveys.catalog.addresses import key_of
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.models import Filing
from surveys.filings.scoring import held
from surveys.instruments.grading import Grading, grading, shown, standing
from surveys.instruments.scoring import ScoreSheet, score_sheet
from tenants.facilities.models import Facility


@dataclass(frozen=True)
class PartLine:
    """One part: what is owed, how much of it is scored, and for a facility what it comes to as it stands."""

    obligation: Obligation
    filing: Filing | None
    sheet: ScoreSheet
    result: Grading | None = None

    @property
    def key(self) -> str:
        return key_of(self.obligation)

    @property
    def given(self) -> str:
        """Points of its own items."""
        return shown(self.sheet.given)

    @property
    def total(self) -> str:
        """Points with the university's own part; '' for that part itself."""
        return shown(self.result.total) if self.result else ""

    @property
    def removable(self) -> bool:
        """Whether the university may take the name back: nothing was written."""
        return bool(self.obligation.unit) and self.obligation.state == ObligationState.NONE


def part_lines(round: Round, owed: list[Obligation], definition: Definition) -> list[PartLine]:
    """The parts, the university's own first."""
    evaluation = definition.evaluation
    filings = {f.unit: f for f in Filing.objects.filter(round_code=round.pk)}
    sheets = {
        row.unit: score_sheet(
            evaluation, row.unit, queries.values_of(filings[row.unit]) if row.unit in filings else []
        )
        for row in owed
    }
    own = sheets.get("")
    school = (
        standing(evaluation, own.scores, held(filings[""], evaluation) if "" in filings else ())
        if own
        else None
    )
    lines = []
    for row in owed:
        sheet, result = sheets[row.unit], None
        if row.unit and sheet.scored:
            scores = {**(own.scores if own else {}), **sheet.scores}
            result = grading(evaluation, scores, held(filings[row.unit], evaluation), school)
        lines.append(PartLine(row, filings.get(row.unit), sheet, result))
    return lines


def mean(lines: list[PartLine]) -> str:
    """The mean total of the facilities that have a score; '' where none has."""
    totals = [line.result.total for line in lines if line.result]
    return shown(sum(totals, Fraction(0)) / len(totals)) if totals else ""


def nameable(definition: Definition, owed: list[Obligation]) -> list[Facility]:
    """The university's facilities in use of the kind that files, which are not named yet."""
    named = {row.unit for row in owed}
    rows = Facility.objects.filter(kind=definition.facility_kind, is_active=True).select_related("campus")
    return [facility for facility in rows if facility.code not in named]
