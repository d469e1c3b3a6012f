"""The matters a reviewer looks at first, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.catalog.names import column_name, period_name
from surveys.definition import Definition
from surveys.submissions.comparison import Note
from surveys.submissions.matters import Matter

# so many places are named, the others counted
NAMED = 6


@dataclass(frozen=True)
class First:
    """A matter with the title of its rule and what it is about; `monthly`: there are months of it to look at."""

    matter: Matter
    title: str
    about: str
    monthly: bool


def first_of(found: Iterable[Matter], definition: Definition, places: Mapping[str, str]) -> list[First]:
    """`places`: facility code → name."""
    items = {item.key for item in definition.items}
    return [
        First(m, _title(m.rule, definition), _about(m, definition, places), m.item in items) for m in found
    ]


def _title(rule: str, definition: Definition) -> str:
    try:
        return definition.check(rule).title
    except KeyError:
        return rule


def _about(matter: Matter, definition: Definition, places: Mapping[str, str]) -> str:
    figure = column_name(definition, matter.item, matter.measure) if matter.item else ""
    named = list(dict.fromkeys(_place(note, places) for note in matter.notes if note.period))
    rest = _("等 %(n)s 处") % {"n": len(named)} if len(named) > NAMED else ""
    return " ".join(filter(None, [figure, _("、").join(named[:NAMED]) + rest]))


def _place(note: Note, places: Mapping[str, str]) -> str:
    return " ".join(filter(None, [places.get(note.facility, note.facility), period_name(note.period)]))
