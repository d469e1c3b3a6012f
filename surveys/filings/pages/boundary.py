"""The form of the boundary (边界): what is said already, last year's answer, and what stood in the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.catalog.models import Round
from surveys.catalog.names import item_name, unit_name
from surveys.catalog.sentences import sentence
from surveys.definition import Boundary, Definition
from surveys.filings import boundary
from surveys.filings.models import Filing
from surveys.filings.pages.meanwhile import FormState, Theirs
from surveys.submissions.boundary import CHOICES, DEDUCTED, INCLUDED
from surveys.submissions.pages.boundary import WORDS, BoundaryLine, boundary_line
from ui.formats import number


@dataclass(frozen=True)
class AmountField:
    """What was deducted of one item: as text, with last year's, what stood in the files, '' where there is none."""

    item: str
    name: str
    unit: str
    text: str
    last: str
    found: str
    # what the button puts into the field
    plain: str
    # what the checks ask of the amount that is kept
    asked: str


@dataclass(frozen=True)
class BoundaryField:
    """One boundary that matters: its choices (key, words, chosen), amounts, reason; `saved`: what is kept already;
    `offered`: the choice is last year's and not kept yet."""

    key: str
    name: str
    note: str
    choices: tuple[tuple[str, str, bool], ...]
    amounts: tuple[AmountField, ...]
    reason: str
    saved: BoundaryLine | None
    offered: bool
    unverified: bool
    theirs: Theirs | None


def boundary_fields(
    round: Round, definition: Definition, filing: Filing, state: FormState | None = None
) -> list[BoundaryField]:
    """A field per boundary that matters to the draft; `state`: what was posted and could not be kept."""
    matter = boundary.matters(filing, definition)
    if not matter:
        return []
    kept, last = boundary.said_of(filing, matter), boundary.before(round, filing.unit)
    issues = {
        issue["item"]: sentence(issue, "message", definition)
        for issue in filing.issues
        if issue["kind"] == "deducted"
    }
    found, state = boundary.found_in_files(filing), state or FormState(filing.revision)
    return [
        _field(
            definition, each, items, kept.get(each.key), last.get(each.key), found.get(each.key, {}),
            state.typed.get(each.key), state.theirs.get(each.key), issues,
        )
        for each, items in matter
    ]  # fmt: skip


def boundaries_in(post: Mapping[str, str], definition: Definition) -> dict[str, dict]:
    """Boundary → what was typed of it, as operations.set_boundary reads it; `all` answers for every one."""
    return {
        each.key: {
            "choice": post.get("all") or post.get(f"choice-{each.key}", ""),
            "amounts": {item: post.get(f"amount-{each.key}-{item}", "") for item in each.items},
            "reason": post.get(f"reason-{each.key}", ""),
        }
        for each in definition.boundaries
    }


def _field(
    definition: Definition, each: Boundary, items: tuple[str, ...], kept: Mapping | None, last: Mapping | None,
    found: Mapping[str, Decimal], typed: Mapping | None, theirs: Theirs | None,
    issues: Mapping[str, str],
) -> BoundaryField:  # fmt: skip
    start = typed or _plain(kept) or _from(last)
    return BoundaryField(
        key=each.key,
        name=each.name,
        note=each.note,
        choices=tuple((choice, str(WORDS[choice]), choice == start["choice"]) for choice in CHOICES),
        amounts=tuple(
            _amount(definition, item, start, last, found, _asked(kept, item, issues)) for item in items
        ),
        reason=start["reason"],
        saved=boundary_line(definition, each, kept) if kept else None,
        offered=not kept and not typed and bool(start["choice"]),
        unverified=each.unverified,
        theirs=theirs,
    )


def _plain(answer: Mapping | None) -> dict | None:
    """An answer as it would be typed."""
    return answer and {**answer, "amounts": {i: kept["value"] for i, kept in answer["amounts"].items()}}


def _from(last: Mapping | None) -> dict:
    """Last year's choice and reason are offered; what was deducted is this year's own."""
    said = last or {"choice": "", "reason": ""}
    return {
        "choice": said["choice"],
        "amounts": {},
        "reason": said["reason"] if said["choice"] == INCLUDED else "",
    }


def _amount(
    definition: Definition, item: str, start: Mapping, last: Mapping | None, found: Mapping[str, Decimal], asked: str
) -> AmountField:  # fmt: skip
    was = last["amounts"].get(item) if last and last["choice"] == DEDUCTED else None
    stood = found.get(item)
    return AmountField(
        item=item,
        name=item_name(definition, item),
        unit=unit_name(definition.unit_of(item, definition.measures[0].key)),
        text=start["amounts"].get(item, ""),
        last=number(Decimal(was["value"])) if was else "",
        found="" if stood is None else number(stood),
        plain="" if stood is None else format(stood.normalize(), "f"),
        asked=asked,
    )


def _asked(kept: Mapping | None, item: str, issues: Mapping[str, str]) -> str:
    return issues.get(item, "") if kept and item in kept["amounts"] else ""
