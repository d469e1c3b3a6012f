"""What the pages of a self evaluation post."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.definition import Evaluation
from surveys.filings.forms import BadRequest
from surveys.filings.operations.scores import LONGEST
from surveys.instruments.scoring import ScoreSheet
from surveys.submissions.pages.scores import state_of

MOST = 500
SIZES = {"item": 40, "text": 40, "remark": LONGEST}


@dataclass(frozen=True)
class Scored:
    """What is saved at once: the revision the page knows, and the items {item, text, applies, remark}."""

    batch: uuid.UUID
    revision: int
    edits: tuple[dict, ...]


def scored_in(body) -> Scored:
    """A Scored from what the script sent. Raises BadRequest for anything else."""
    try:
        if set(body) != {"batch", "revision", "edits"} or type(body["edits"]) is not list:
            raise ValueError
        revision, edits = body["revision"], body["edits"]
        if type(revision) is not int or not 0 < revision < 2**31 or len(edits) > MOST:
            raise ValueError
        return Scored(uuid.UUID(body["batch"]), revision, tuple(map(_edit, edits)))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadRequest(_("发来的不是评分。刷新这一页再试。")) from None


def _edit(edit) -> dict:
    if set(edit) != {*SIZES, "applies"} or type(edit["applies"]) is not bool:
        raise ValueError
    for name, longest in SIZES.items():
        value = edit[name]
        if type(value) is not str or len(value) > longest or "\x00" in value:
            raise ValueError
        # half a character, which JSON may spell and no text can hold
        value.encode()
    return dict(edit)


def scored_of(post: Mapping[str, str], sheet: ScoreSheet) -> tuple[dict, ...]:
    """The items of the form that differ from what the draft has."""
    found = []
    for item in sheet.items:
        typed = {
            "text": post.get(f"score-{item.key}", "").strip()[: SIZES["text"]],
            "applies": not post.get(f"left-out-{item.key}"),
            "remark": post.get(f"remark-{item.key}", "").strip()[:LONGEST],
        }
        if not typed["applies"]:
            typed["text"] = ""
        if typed != state_of(sheet.rows.get(item.key)):
            found.append({"item": item.key, **typed})
    return tuple(found)


def vetoes_of(post: Mapping[str, str], evaluation: Evaluation) -> dict[str, dict]:
    """The answers that were given, by veto."""
    return {
        veto.key: {"holds": answer == "yes", "text": post.get(f"veto-text-{veto.key}", "")}
        for veto in evaluation.vetoes
        if (answer := post.get(f"veto-{veto.key}", "")) in ("yes", "no")
    }
