"""Which boundaries (边界) a draft must speak of, what it says, and what it can be offered. Reads only.

An answer is as a seal keeps it (surveys.submissions.boundary). Asked is what matters: a boundary of the definition of
whose items the draft has figures. A nil return is asked nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from surveys.catalog.models import Round
from surveys.definition import Boundary, Definition
from surveys.filings import queries
from surveys.filings.models import Filing, UploadState
from surveys.submissions.boundary import is_whole

Answers = dict[str, dict[str, Any]]


def asked(definition: Definition, filed: Iterable[str]) -> list[tuple[Boundary, tuple[str, ...]]]:
    """The boundaries that matter, each with those of its items that are filed, in the order of the definition."""
    there = set(filed)
    found = [(each, tuple(item for item in each.items if item in there)) for each in definition.boundaries]
    return [(each, items) for each, items in found if items]


def matters(filing: Filing, definition: Definition) -> list[tuple[Boundary, tuple[str, ...]]]:
    """The boundaries that matter to a draft, with their items; none to a nil return."""
    return [] if filing.nil_reason else asked(definition, queries.filed_items(filing))


def answers_of(filing: Filing, definition: Definition) -> Answers:
    """What the draft says of the boundaries that matter, as a seal keeps it; those it says nothing of are left out."""
    return said_of(filing, matters(filing, definition))


def said_of(filing: Filing, matter: Iterable[tuple[Boundary, tuple[str, ...]]]) -> Answers:
    """The same of the boundaries that `matters` gave."""
    found = {}
    for each, items in matter:
        if answer := filing.boundary.get(each.key):
            amounts = {item: answer["amounts"][item] for item in items if item in answer["amounts"]}
            found[each.key] = {**answer, "amounts": amounts}
    return {key: answer for key, answer in found.items() if is_whole(answer)}


def deducted(filing: Filing, definition: Definition) -> dict[str, dict[str, str]]:
    """Item → boundary → amount, of what the draft says was deducted; as intake.Context takes it."""
    found: dict[str, dict[str, str]] = {}
    for key, answer in answers_of(filing, definition).items():
        for item, kept in answer["amounts"].items():
            found.setdefault(item, {})[key] = kept["value"]
    return found


def undecided(filing: Filing, definition: Definition) -> list[Boundary]:
    """The boundaries that matter and are not answered."""
    matter = matters(filing, definition)
    answers = said_of(filing, matter)
    return [each for each, _ in matter if each.key not in answers]


def before(round: Round, unit: str = "") -> Answers:
    """What the university said a year earlier."""
    last = queries.last_year(round, unit)
    return last.boundary if last else {}


def found_in_files(filing: Filing) -> dict[str, dict[str, Decimal]]:
    """Boundary → item → what stood of it in the files that are written and was left out; the newest file that names a
    figure counts, so that a file that came twice is not counted twice."""
    found: dict[str, dict[str, Decimal]] = {}
    loaded = filing.uploads.filter(state=UploadState.LOADED).order_by("-loaded_at")
    for meta in loaded.values_list("report__meta", flat=True):
        for key, amounts in _sums((meta or {}).get("outside", ())).items():
            for item, amount in amounts.items():
                found.setdefault(key, {}).setdefault(item, amount)
    return found


def _sums(parts: Iterable[Mapping]) -> dict[str, dict[str, Decimal]]:
    sums: dict[str, dict[str, Decimal]] = {}
    for part in parts:
        known = sums.setdefault(part["boundary"], {})
        for item, amount in part["amounts"].items():
            known[item] = known.get(item, Decimal(0)) + Decimal(amount)
    return sums
