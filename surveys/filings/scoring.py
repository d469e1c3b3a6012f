"""What a draft says of the vetoes of an evaluation. Reads only."""

from __future__ import annotations

from surveys.definition import Evaluation, Veto
from surveys.filings.models import Filing


def unanswered(filing: Filing, evaluation: Evaluation) -> tuple[Veto, ...]:
    """The vetoes that nobody answered yet."""
    return tuple(veto for veto in evaluation.vetoes if veto.key not in filing.vetoes)


def held(filing: Filing, evaluation: Evaluation) -> tuple[str, ...]:
    """The vetoes that the university itself says hold."""
    said = filing.vetoes
    return tuple(veto.key for veto in evaluation.vetoes if said.get(veto.key, {}).get("holds"))
