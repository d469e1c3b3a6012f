"""What pure code says to people: Chinese sentences that remember how they were made.

    say("“{sheet}”表 {cell} 是空的。", sheet="Sheet1", cell="B5")

is the text “Sheet1”表 B5 是空的。 and a str in every respect; beside its text it keeps the frame and what was put into
it, so that a page can say the same in the reader's language (`surveys.catalog.sentences`). Frames are written out where
they are said, with plain `{name}` places: their English is in `surveys/locale`, and a test asks for it. Numbers are
formatted before they go in.

As plain data (in JSON, beside the text) a sentence is `[frame]` or `[frame, {place: …}]`; what is put in is text that
is the same in every language, or again a sentence, or `{"name": …}` (a text of the definition), `{"unit": …}`,
`{"list": […]}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

SAID = "said"


class Said(str):
    """A sentence or a part of one: its Chinese text, its frame, and what was put in."""

    __slots__ = ("frame", "places")

    frame: str
    places: Mapping[str, Any] | None


class Term(str):
    """A word that has its own way into another language. `kind`: name (of the definition) or unit."""

    __slots__ = ("kind",)

    kind: str


class Listing(str):
    """Words one after the other; `words` are texts, terms or sentences."""

    __slots__ = ("words",)

    words: tuple[str, ...]


def say(frame: str, /, **places: Any) -> Said:
    """The frame with its places filled. `frame` is written out in Chinese; places are texts, whole numbers, or what
    the functions of this module give. Raises KeyError for a place that is not given."""
    # as `made` does, a call less: a bad workbook has thousands of sentences
    said = str.__new__(Said, frame.format_map(places) if places else frame)
    said.frame, said.places = frame, places
    return said


def made(text: str, frame: str, places: Mapping[str, Any]) -> Said:
    """A sentence whose text is known: the frame (written out, or marked with `frame`) filled with the places."""
    said = str.__new__(Said, text)
    said.frame, said.places = frame, places
    return said


def frame(text: str, /) -> str:
    """The text itself, marked as a frame that is filled elsewhere with `fill`."""
    return text


def fill(frame: str, /, **places: Any) -> Said:
    """Like `say`, of a frame that was marked with `frame` where it is written."""
    return say(frame, **places)


def term(text: str) -> Term:
    """A name out of the definition, which has its English."""
    return _term(text, "name")


def unit_term(text: str) -> Term:
    """A unit as the definition labels it: `kWh`, `元`."""
    return _term(text, "unit")


def _term(text: str, kind: str) -> Term:
    term = Term(text)
    term.kind = kind
    return term


def listing(words: Iterable[str]) -> Listing:
    """Words as 甲、乙、丙."""
    words = tuple(words)
    listing = Listing("、".join(words))
    listing.words = words
    return listing


def form_of(value: Any) -> Any:
    """What says `value` again in another language, as plain data; a plain text stands for itself."""
    kind = type(value)
    if kind is str:
        return value
    if kind is Said:
        places = value.places
        return (
            [value.frame, {place: form_of(each) for place, each in places.items()}]
            if places
            else [value.frame]
        )
    if kind is Term:
        return {value.kind: str(value)}
    if kind is Listing:
        return {"list": [form_of(word) for word in value.words]}
    # what came back from plain data is plain already
    return value if kind in (list, dict) else str(value)


def with_forms(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    """The record itself, with the forms of its sentences in these fields put under `said`; a sentence into which
    nothing was put is its own frame and needs none."""
    forms = {f: form_of(said) for f in fields if type(said := record[f]) is Said and said.places}
    if forms:
        record[SAID] = forms
    return record


def without_forms(record: Mapping[str, Any]) -> dict[str, Any]:
    """The opposite of `with_forms`: sentences in the fields, no `said`."""
    plain = {field: value for field, value in record.items() if field != SAID}
    for field, form in record.get(SAID, {}).items():
        plain[field] = made(plain[field], form[0], form[1] if len(form) > 1 else {})
    return plain
