"""One part of an evaluation before it is sealed: what its page shows beside steps, timeline and questions."""

from __future__ import annotations

import datetime

from surveys.catalog.models import Round
from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.models import Filing, UploadState
from surveys.filings.pages import round as page
from surveys.filings.pages import scores
from surveys.filings.readiness import Readiness, readiness
from surveys.submissions.pages.scores import groups_of, sums
from tenants.actors import Actor


def part_of(
    filing: Filing | None,
    round: Round,
    definition: Definition,
    unit: str,
    actor: Actor,
    now: datetime.datetime,
) -> dict:
    """The draft's groups and sums, what is missing, the vetoes and the uploads; the same names with nothing in them
    before anyone wrote."""
    sheet, code = scores.sheet_of(filing, definition, unit), actor.university_code
    found = {
        "filing": filing,
        "sheet": sheet,
        "sums": sums(sheet),
        "groups": groups_of(sheet, definition.evaluation, {}),
        "ready": readiness(filing, round, code, now) if filing else Readiness(),
        "vetoes": scores.vetoes_of(filing, definition.evaluation),
    }
    if filing is None:
        return found
    uploads = queries.uploads_of(filing)
    return found | {
        "uploads": uploads,
        "pending": uploads.filter(state=UploadState.READ, loaded_at=None),
        "wrote": page.who_wrote(filing, queries.version_under_way(filing, code)),
    }
