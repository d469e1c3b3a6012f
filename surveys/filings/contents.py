"""What a seal of a draft holds, beside who signs it and when: the same for the signature and for a printed draft."""

from __future__ import annotations

from typing import Any

from surveys.catalog.models import Round
from surveys.definition import Definition
from surveys.filings import queries
from surveys.filings.amendment import begun
from surveys.filings.declarations import statements
from surveys.filings.intake_context import facility_snapshot
from surveys.filings.models import Filing
from surveys.filings.sizes import sealed_sizes


def contents(filing: Filing, round: Round, *, amending: bool) -> dict[str, Any]:
    """The arguments of submissions.operations.seal that come from the draft as it stands."""
    definition, rows = queries.definition_of(round), queries.rows_of(filing)
    return {
        "rows": rows,
        "definition_sha256": round.version.sha256,
        "functions": function_names(definition),
        "factor_set": factor_set_of(definition),
        "denominators": sealed_sizes(filing),
        "explanations": _explanations(filing),
        "issues": filing.issues,
        "facilities": facility_snapshot({facility for facility, *_ in rows if facility}),
        "declared": declared(filing, definition, amending=amending),
    }


def function_names(definition) -> list[str]:
    """The numbered functions a seal names: every check and indicator of the definition."""
    return sorted(
        {check.function for check in definition.checks} | {i.function for i in definition.indicators}
    )


def factor_set_of(definition) -> str:
    """The key of the factor set that reporting uses; '' for an instrument without one."""
    return definition.factor_set(definition.basis_default).key if definition.factor_sets else ""


def declared(filing: Filing, definition: Definition, *, amending: bool) -> dict:
    """What the seal says beside the figures (Submission.declared)."""
    found: dict = statements(filing, definition)
    began = begun(filing) if amending else None
    if began:
        found["amends"] = {
            "version": began.facts["version"],
            "reason": began.text,
            "by": began.actor_name,
            "at": began.at.isoformat(),
        }
    return found


def _explanations(filing: Filing) -> list[dict]:
    names = ("rule", "facility", "item", "measure", "period", "text", "actor_name")
    return [{name: getattr(row, name) for name in names} for row in queries.explanations_of(filing)]
