"""One seal as the reviewer sees it: numbers beside last year's, notes, sizes, files, questions, versions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from surveys.catalog.names import base_unit, cell_name, column_name, period_name, period_names, worded
from surveys.catalog.queries import definition_of
from surveys.catalog.sentences import sentence
from surveys.definition import Definition
from surveys.submissions import comparison, queries
from surveys.submissions import matters as weighing
from surveys.submissions.boundary import answers_in
from surveys.submissions.indicators import Computed, indicators_of
from surveys.submissions.models import Decision, SealedFile, StampedCopy, Submission
from surveys.submissions.pages.boundary import boundary_differences, boundary_notices, boundary_part
from surveys.submissions.pages.declared import Declared, declared_lines
from surveys.submissions.pages.first import First, first_of
from surveys.submissions.pages.scores import sealed_scores
from surveys.submissions.pages.sizes import SizeLine, size_lines
from surveys.submissions.pages.versions import exact_decimals, size_differences, versions_table
from ui.tables import Table

FLAG_WORDS = {
    "estimated": gettext_lazy("估计"),
    "missing": gettext_lazy("缺报"),
    "not_applicable": gettext_lazy("不适用"),
}


@dataclass(frozen=True)
class Figure:
    """A line of the comparison with its words."""

    line: comparison.Line
    name: str
    unit: str
    decimals: int

    @property
    def key(self) -> str:
        return f"|{self.line.item}|{self.line.measure}|"

    @property
    def told(self) -> list[tuple[comparison.Note, str]]:
        """Its notes, what is said alike of several periods once, each with the periods where these are several."""
        found = comparison.together(self.line.notes)
        return [(note, period_names(periods) if len(periods) > 1 else "") for note, periods in found]

    @property
    def flags(self) -> list[tuple[str, int]]:
        """The words of the flags its values carry, with how many."""
        return [(str(FLAG_WORDS.get(key, key)), count) for key, count in self.line.flags.items()]


@dataclass(frozen=True)
class Size:
    """A denominator with the calibre it was counted in, and last year's."""

    line: SizeLine
    before: Decimal | None
    calibre_before: str

    @property
    def now(self) -> Decimal:
        return self.line.value

    @property
    def calibre(self) -> str:
        return self.line.calibre

    @property
    def change(self) -> Decimal | None:
        return comparison.ratio(self.now, self.before)

    @property
    def recounted(self) -> bool:
        """The calibre is not the one of last year: the two numbers do not compare."""
        return bool(self.calibre_before) and self.calibre != self.calibre_before


@dataclass(frozen=True)
class Detail:
    """One figure month by month: (place, period, line) each; `by_place` when some line is not of the whole."""

    figure: Figure
    lines: tuple[tuple[str, str, comparison.MonthLine], ...]
    by_place: bool
    decimals: int


class Paper:
    """Everything the page of a seal asks for, read when it is asked for."""

    def __init__(self, submission: Submission):
        self.submission = submission

    @cached_property
    def definition(self) -> Definition:
        return worded(definition_of(self.submission.round.version))

    @property
    def factors(self) -> str:
        """The standard whose factors are used, e.g. GB/T 2589-2020."""
        key = self.submission.factor_set
        return next((known.version for known in self.definition.factor_sets if known.key == key), key)

    @cached_property
    def earlier(self) -> Submission | None:
        return queries.accepted_last_year(self.submission)

    @cached_property
    def rows(self) -> list[dict]:
        return queries.sealed_rows(self.submission)

    @cached_property
    def earlier_rows(self) -> list[dict]:
        return queries.sealed_rows(self.earlier) if self.earlier else []

    @cached_property
    def notes(self) -> list[comparison.Note]:
        found = self.submission.issues
        told = [{**issue, "message": sentence(issue, "message", self.definition)} for issue in found]
        return comparison.notes_of(told, self.submission.explanations)

    @cached_property
    def figures(self) -> list[Figure]:
        """The lines of the comparison; costs in whole yuan, quantities as they were sealed."""
        found = comparison.lines(self.rows, self.earlier_rows, self.definition, self.notes)
        return [self._figure(line) for line in found]

    @cached_property
    def scores(self) -> dict | None:
        """The scores and vetoes of a part of an evaluation; None for anything else."""
        found = self.submission
        return sealed_scores(self.definition, found.unit, self.rows, found.declared)

    @property
    def part_name(self) -> str:
        """Whose part of the round it is; '' for a round without parts."""
        found = self.submission
        if not found.unit:
            return ""
        return next((f["name"] for f in found.facilities if f["id"] == found.unit), found.unit)

    def _figure(self, line: comparison.Line) -> Figure:
        name = column_name(self.definition, line.item, line.measure)
        unit = base_unit(self.definition, line.item, line.measure)
        return Figure(line, name, unit, _decimals(line.now, line.before))

    @cached_property
    def flagged(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.line.notes or figure.line.flags]

    @cached_property
    def other_notes(self) -> list[comparison.Note]:
        """Notes that belong to no line of figures: about sizes, indicators or the whole file."""
        shown = {id(note) for figure in self.figures for note in figure.line.notes}
        return [note for note in self.notes if id(note) not in shown]

    @cached_property
    def warnings(self) -> list[comparison.Note]:
        return [note for note in self.notes if note.severity in ("warning", "error")]

    @cached_property
    def matters(self) -> list[weighing.Matter]:
        """The findings by cause, heaviest first."""
        return weighing.matters(self.notes, self.rows, self.definition)

    @property
    def is_heavy(self) -> bool:
        """More findings than somebody reads: the page begins with those that matter most."""
        return len(self.warnings) > weighing.CAP

    @cached_property
    def first(self) -> list[First]:
        """The matters to look at first."""
        return first_of(self.matters[: weighing.CAP], self.definition, self.facility_names)

    @cached_property
    def unexplained(self) -> int:
        return sum(not note.explanation for note in self.warnings)

    @cached_property
    def sizes(self) -> list[Size]:
        before = {line.key: line for line in self._size_lines(self.earlier)} if self.earlier else {}
        return [
            Size(line, was.value, was.calibre) if (was := before.get(line.key)) else Size(line, None, "")
            for line in self._size_lines(self.submission)
        ]

    def _size_lines(self, submission: Submission) -> list[SizeLine]:
        return size_lines(self.definition, submission.denominators, submission.round.period)

    @cached_property
    def indicators(self) -> list[Computed]:
        return indicators_of(self.submission, self.earlier)

    @cached_property
    def threads(self) -> list[queries.Thread]:
        return queries.threads(self.submission)

    @cached_property
    def spoken(self) -> list[tuple[queries.Thread, str]]:
        """The threads, each with what it is about in words ('' for the whole)."""
        return [(thread, self.about(thread.question.cell)) for thread in self.threads]

    @cached_property
    def files(self) -> list[SealedFile]:
        return list(self.submission.files.order_by("pk"))

    @cached_property
    def stamped(self) -> list[StampedCopy]:
        """The stamped papers that came, newest first."""
        return list(self.submission.stamped.all())

    @cached_property
    def open_threads(self) -> int:
        return sum(thread.open for thread in self.threads)

    @cached_property
    def decision(self) -> Decision | None:
        return queries.decision_of(self.submission)

    @cached_property
    def state(self) -> str:
        return queries.state_of(self.submission)

    @cached_property
    def versions(self) -> list[tuple[Submission, str]]:
        """Every version with its state, newest first."""
        found = list(
            queries.versions(
                self.submission.round, self.submission.university_code, self.submission.unit
            ).defer(*queries.WITHOUT_PAYLOAD)
        )
        states = queries.states_of(found)
        return [(version, states[version.pk]) for version in found]

    @cached_property
    def previous(self) -> Submission | None:
        """The version before this one."""
        older = [version for version, _state in self.versions if version.version < self.submission.version]
        return older[0] if older else None

    @cached_property
    def declared(self) -> list[Declared]:
        """What was declared beside the figures."""
        return declared_lines(self.submission.declared)

    @cached_property
    def boundary(self) -> dict | None:
        """Who else uses energy behind the meters, and what was deducted."""
        return boundary_part(self.definition, self.submission.declared)

    @cached_property
    def inside(self) -> list[Declared]:
        """What is inside the figures and was not deducted."""
        return boundary_notices(self.definition, self.submission.declared)

    @cached_property
    def amended(self) -> Submission | None:
        """The accepted version that this one amends."""
        return queries.amended_by(self.submission)

    @cached_property
    def amendment(self) -> Table | None:
        """What an amendment changes in the accepted version."""
        return differences_table(self, self.amended) if self.amended else None

    @property
    def compared(self) -> Submission | None:
        """The version this one is laid beside: the accepted one it amends, else the one before."""
        return self.amended or self.previous

    @cached_property
    def facility_names(self) -> dict[str, str]:
        return {str(place.get("id", "")): place.get("name", "") for place in self.submission.facilities}

    def about(self, cell: str) -> str:
        """What a question is about, in words."""
        return cell_name(self.definition, cell, self.facility_names)

    def months(self, item: str, measure: str) -> list[comparison.MonthLine]:
        return comparison.months(self.rows, self.earlier_rows, item, measure, self.notes)

    def detail(self, item: str, measure: str) -> Detail | None:
        """One figure month by month; None for a figure the seal does not have."""
        figure = next((f for f in self.figures if (f.line.item, f.line.measure) == (item, measure)), None)
        if figure is None:
            return None
        found = self.months(item, measure)
        places = [self.facility_names.get(line.facility, line.facility) for line in found]
        names = [period_name(line.period) for line in found]
        decimals = exact_decimals(*(v for line in found for v in (line.now, line.before)))
        return Detail(figure, tuple(zip(places, names, found, strict=True)), any(places), decimals)


def _decimals(*values: Decimal | None) -> int:
    """Decimals for sums that stand side by side: none from a thousand on, else what the numbers have, at most two."""
    known = [value for value in values if value is not None]
    if any(abs(value) >= 1000 for value in known):
        return 0
    return exact_decimals(*known)


def differences_table(paper: Paper, old: Submission) -> Table:
    """What a version changed against an older one: values, then denominators."""
    return versions_table(
        paper.definition,
        (f"v{old.version}", f"v{paper.submission.version}"),
        queries.differences(old, paper.submission),
        size_differences(paper.definition, old.denominators, paper.submission.denominators, old.round.period),
        places=paper.facility_names,
        words=boundary_differences(
            paper.definition, answers_in(old.declared), answers_in(paper.submission.declared)
        ),
    )
