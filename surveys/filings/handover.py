"""What the next clerk must know, in order: what is open, what was agreed on headers and reasons, who is who, where the
originals are. Reads only, of the university one stands in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from surveys.catalog import queries as catalog
from surveys.catalog.addresses import ReportKey, key_of, title_of
from surveys.catalog.models import Obligation, Round
from surveys.catalog.queries import HANDED_IN, stands
from surveys.filings import queries
from surveys.filings.models import Explanation, Filing, Mapping, Upload
from surveys.submissions.models import Query, Submission
from surveys.submissions.queries import WITHOUT_PAYLOAD, threads
from tenants.colleagues import Colleague, colleagues


@dataclass(frozen=True)
class OpenFiling:
    """A report that is not finished: where it stands, its times, how many figures, questions without an answer."""

    obligation: Obligation
    filing: Filing | None
    values: int
    window: str
    questions: tuple[Query, ...]

    @property
    def key(self) -> ReportKey:
        """Its address below `rounds/`."""
        return key_of(self.obligation)

    @property
    def title(self) -> str:
        """The round, and whose part of it this is."""
        return title_of(self.obligation)


@dataclass(frozen=True)
class Handover:
    """Everything of the pack. Rounds by code, so that rows can name theirs."""

    university_code: str
    filings: tuple[OpenFiling, ...]
    mappings: tuple[Mapping, ...]
    explanations: tuple[Explanation, ...]
    uploads: tuple[Upload, ...]
    people: tuple[Colleague, ...]
    rounds: dict[str, Round]


def handover(university_code: str, now: datetime.datetime) -> Handover:
    """The pack of a university at `now`, newest first."""
    owed = list(catalog.obligations_of(university_code))
    filings = {(f.round_code, f.unit): f for f in Filing.objects.all()}
    counts = queries.value_counts(list(filings.values()))
    return Handover(
        university_code=university_code,
        filings=tuple(
            _open(row, filings.get((row.round_id, row.unit)), counts, now)
            for row in owed
            if _is_open(row, now)
        ),
        mappings=tuple(Mapping.objects.order_by("instrument_code", "key")),
        explanations=tuple(
            Explanation.objects.select_related("filing").order_by(
                "-filing__round_code", "rule", "item", "period"
            )
        ),
        uploads=tuple(
            Upload.objects.select_related("filing").defer("report", "answers").order_by("-created_at")
        ),
        people=tuple(colleagues()),
        rounds={row.round_id: row.round for row in owed},
    )


def _is_open(row: Obligation, now: datetime.datetime) -> bool:
    """Not handed in or being amended, as long as something can still be done; and what waits for a decision."""
    if row.state == "sealed":
        return True
    running = catalog.window_state(row, now) not in (catalog.PLANNED, catalog.CLOSED)
    return row.state == "returned" or (running and (stands(row) not in HANDED_IN or row.is_amending))


def _open(row: Obligation, filing: Filing | None, counts: dict, now: datetime.datetime) -> OpenFiling:
    return OpenFiling(
        obligation=row,
        filing=filing,
        values=counts.get(filing.pk, 0) if filing else 0,
        window=catalog.window_state(row, now),
        questions=_questions(row),
    )


def _questions(row: Obligation) -> tuple[Query, ...]:
    newest = (
        Submission.objects.filter(round_id=row.round_id, university_code=row.university_code, unit=row.unit)
        .defer(*WITHOUT_PAYLOAD)
        .order_by("-version")
        .first()
    )
    return tuple(t.messages[-1] for t in threads(newest) if t.open) if newest else ()
