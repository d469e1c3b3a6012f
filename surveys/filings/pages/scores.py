"""The self evaluation as its pages show it: groups with their items, what was scored, and what it comes to."""

from __future__ import annotations

from surveys.catalog.names import worded
from surveys.catalog.sentences import spoken
from surveys.definition import Definition, Evaluation
from surveys.definition.said import form_of
from surveys.filings import queries
from surveys.filings.models import Filing
from surveys.filings.operations.sheet import Saved
from surveys.instruments.scoring import ScoreSheet, score_sheet
from surveys.submissions.pages.scores import groups_of, state_of, sums

# one tap of the stepper; anything finer is typed
STEP = "0.5"


def sheet_of(filing: Filing | None, definition: Definition, unit: str) -> ScoreSheet:
    """The score sheet of a draft; empty before anyone wrote."""
    rows = queries.values_of(filing) if filing else []
    return score_sheet(definition.evaluation, unit, rows)


def vetoes_of(filing: Filing | None, evaluation: Evaluation) -> list[dict]:
    """Every veto with what the draft answers: {veto, said}, said {holds, text} or None."""
    said = filing.vetoes if filing else {}
    return [{"veto": veto, "said": said.get(veto.key)} for veto in evaluation.vetoes]


def answer_of(filing: Filing, definition: Definition) -> dict:
    """What the script is told after a save, and when it asks: every item as the draft has it, and the sums."""
    sheet = sheet_of(filing, definition, filing.unit)
    groups = groups_of(sheet, worded(definition).evaluation, {})
    return {
        "revision": filing.revision,
        "items": {item.key: state_of(sheet.rows.get(item.key)) for item in sheet.items},
        "groups": {g["group"].key: {k: g[k] for k in ("given", "out_of", "scored", "count")} for g in groups},
        "all": sums(sheet),
    }


def refusals_of(saved: Saved, definition: Definition) -> dict[str, str]:
    """Items that could not be kept, each with why."""
    refused = {}
    for (_facility, item, *_rest), typed in saved.typed.items():
        if typed.state == "bad":
            form = form_of(typed.message)
            refused[item] = spoken(str(typed.message), form if isinstance(form, list) else None, definition)
    return refused
