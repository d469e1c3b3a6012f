"""An accepted filing that is being amended: what stands, and what the draft changes in it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.filings import queries
from surveys.filings.declarations import same_statements, statements
from surveys.filings.models import Event, EventKind, Filing
from surveys.filings.sizes import sealed_sizes
from surveys.submissions.comparison import Difference, differing
from surveys.submissions.models import Submission
from surveys.submissions.queries import accepted_version, sealed_rows

WORDS = ("rule", "facility", "item", "measure", "period", "text")


@dataclass(frozen=True)
class Amendment:
    """`accepted` stands until another version is accepted; `begun`: who began the amendment, when, why; `values`: the
    figures that differ; `sizes`: the draft's denominators as a seal has them; `declared`: its statements; `same`:
    nothing differs at all."""

    accepted: Submission
    begun: Event | None
    values: tuple[Difference, ...]
    sizes: dict[str, dict]
    declared: dict[str, dict]
    same: bool


def amendment_of(filing: Filing, university_code: str) -> Amendment | None:
    """The draft beside the accepted version of the filing; None while none was accepted."""
    accepted = accepted_version(filing.round_code, university_code, filing.unit)
    if accepted is None:
        return None
    values = tuple(differing(sealed_rows(accepted), queries.values_of(filing)))
    sizes = sealed_sizes(filing)
    said = statements(filing, queries.definition_of(accepted.round))
    same = (
        not values
        and sizes == accepted.denominators
        and words_of(filing) == _words(accepted.explanations)
        and same_statements(said, accepted.declared)
    )
    return Amendment(accepted, begun(filing), values, sizes, said, same)


def under_way(filing: Filing, university_code: str) -> Amendment | None:
    """amendment_of while the accepted version is being amended, else None: an accepted filing is not read for it."""
    event = begun(filing)
    accepted = queries.accepted_versions(filing.round_code, university_code, filing.unit) if event else []
    if event is None or event.facts["version"] != max(accepted, default=0):
        return None
    return amendment_of(filing, university_code)


def begun(filing: Filing) -> Event | None:
    """The beginning of the amendment under way; None without one."""
    kinds = (EventKind.AMENDED, EventKind.GIVEN_UP)
    last = filing.events.filter(kind__in=kinds).order_by("-revision").first()
    return last if last and last.kind == EventKind.AMENDED else None


def words_of(filing: Filing) -> set[tuple[str, ...]]:
    """The draft's explanations, place and text."""
    return set(filing.explanations.values_list(*WORDS))


def _words(explanations: list[dict]) -> set[tuple[str, ...]]:
    return {tuple(entry[name] for name in WORDS) for entry in explanations}
