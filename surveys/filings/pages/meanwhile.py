"""A form that came back: what was typed, and beside it what somebody else saved meanwhile."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.catalog.names import item_name
from surveys.definition import Definition, Denominator
from surveys.filings.meanwhile import SIZES, saved_since
from surveys.filings.models import Filing
from surveys.submissions.pages.boundary import WORDS
from ui.formats import noted, phrases


@dataclass(frozen=True)
class Refused:
    """What stands in the way of a form (what: SIZES or BOUNDARY): the words, what was typed by key, the revision the
    person had seen, and the keys in which somebody else's answer differs."""

    what: str
    message: str
    typed: Mapping[str, Any]
    since: int | None
    keys: frozenset[str] = frozenset()
    # why a size is blank, by key
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 409 if self.keys else 422


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved of one key, in words; `clash`: the person chooses between the two."""

    text: str
    by: str
    at: datetime.datetime
    clash: bool


@dataclass(frozen=True)
class FormState:
    """How a form of the page begins: the revision it is based on, the words of what stood in the way, what was typed,
    and what others saved of it, by key."""

    revision: int
    message: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    theirs: Mapping[str, Theirs] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


def form_state(
    filing: Filing, what: str, refused: Refused | None, words: Callable[[str, Mapping], str]
) -> FormState:
    """The form as it comes back. What was typed wrongly keeps its revision, so that nobody is overwritten by the second
    try; one that clashed is based on the draft as it is now. `words`: key and entry in words."""
    if refused is None or refused.what != what:
        return FormState(filing.revision)
    if not refused.keys:
        seen = filing.revision if refused.since is None else refused.since
        return FormState(seen, refused.message, refused.typed, reasons=refused.reasons)
    theirs = {
        key: Theirs(words(key, saved.entry), saved.by, saved.at, key in refused.keys)
        for key, saved in saved_since(filing, what, refused.since).items()
        if key in refused.keys or key not in refused.typed
    }
    return FormState(filing.revision, refused.message, refused.typed, theirs, refused.reasons)


def typed_lines(refused: Refused, definition: Definition) -> list[tuple[str, str]]:
    """(name, what was typed) where the form itself is gone, because the report may no longer be changed; so that the
    person can copy it."""
    if refused.what == SIZES:
        known = {size.key: size for size in definition.denominators}
        said = {key: _typed_size(known[key], *typed) for key, typed in refused.typed.items()}
    else:
        known = {each.key: each for each in definition.boundaries}
        said = {key: _typed_answer(definition, typed) for key, typed in refused.typed.items()}
    return [(known[key].name, text) for key, text in said.items() if text]


def _typed_size(known: Denominator, value: str, calibre: str, parts: Sequence[Mapping]) -> str:
    there = [
        f"{part['name']} {part['value']} {part['first']}–{part['last']}" for part in parts if part["value"]
    ]
    name = next((each.name for each in known.calibres if each.key == calibre), "")
    return noted(phrases([value, *there] if value else there), name) if value or there else ""


def _typed_answer(definition: Definition, typed: Mapping) -> str:
    amounts = [f"{item_name(definition, item)} {text}" for item, text in typed["amounts"].items() if text]
    choice = str(WORDS.get(typed["choice"], ""))
    return noted(choice, phrases([text for text in (*amounts, typed["reason"]) if text])) if choice else ""
