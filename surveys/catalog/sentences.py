"""Sentences of pure code (`surveys.definition.said`) in the reader's language.

What intake and the checks say is kept in Chinese, and beside it how it was made. A Chinese reader gets the text as it
was kept; another one gets the frame's translation, filled again. What has no translation stays Chinese: a report that
was kept before frames were, a word that stands in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from surveys.catalog.names import unit_name
from surveys.definition import Definition
from surveys.definition.said import SAID

# the gettext context of every frame
CONTEXT = "said"
CHINESE = "zh"


def sentence(record: Mapping[str, Any], field: str, definition: Definition) -> str:
    """A field of a finding, a reading or ignored cells (`issue_data` and its kin), in the reader's language. Texts of
    the definition inside it are said in that language too."""
    return spoken(record.get(field) or "", form_in(record, field), definition)


def form_in(record: Mapping[str, Any], field: str) -> list | None:
    """How the sentence in a field is made; None where nothing is put into it, or where it is not known."""
    return (record.get(SAID) or {}).get(field)


def spoken(text: str, form: list | None, definition: Definition) -> str:
    """A kept sentence by its text and its form."""
    language = get_language() or ""
    if not text or language.startswith(CHINESE):
        return text
    form = form or [text]
    frame = pgettext(CONTEXT, form[0])
    if frame == form[0]:
        return definition.say(text, language)
    said = _filled(frame, form, definition, language)
    # parts of sentences begin small, a whole one does not
    return said[:1].upper() + said[1:] if said.endswith(".") else said


def part(form: Any, definition: Definition) -> str:
    """A part of a sentence, from its form, as it stands within one."""
    return _said(form, definition, get_language() or "")


def _filled(frame: str, form: list, definition: Definition, language: str) -> str:
    places = form[1] if len(form) > 1 else {}
    return frame.format_map({place: _said(value, definition, language) for place, value in places.items()})


def _said(value: Any, definition: Definition, language: str) -> str:
    """What is put in, from its form."""
    if isinstance(value, list):
        return _filled(pgettext(CONTEXT, value[0]), value, definition, language)
    if not isinstance(value, dict):
        return value
    if "list" in value:
        return _("、").join(_said(word, definition, language) for word in value["list"])
    return unit_name(value["unit"]) if "unit" in value else definition.say(value["name"], language)
