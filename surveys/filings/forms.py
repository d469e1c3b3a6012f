"""What the pages post."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.catalog.names import unit_name
from surveys.definition import Definition, Denominator
from surveys.filings.models import Flag
from surveys.filings.operations.sheet import MOST
from surveys.filings.operations.sizes import MOST_PARTS
from surveys.filings.pages.meanwhile import FormState
from surveys.submissions.pages.sizes import carried, size_line
from surveys.submissions.queries import year_before


class RevisionForm(forms.Form):
    """The revision the person saw: a write against an older one is a conflict."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ExtensionForm(forms.Form):
    """The last day a university wishes to have, and why."""

    wished_on = forms.DateField(
        label=_("希望延到哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("延期原因"),
        help_text=_("一两句话，协会看了就能定。"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ValueForm(forms.Form):
    """One value by hand."""

    value = forms.CharField(label=_("数值"), required=False, max_length=30)
    flag = forms.ChoiceField(
        label=_("标记"),
        required=False,
        choices=[
            ("", _("正常")),
            ("estimated", _("估计值")),
            ("missing", _("没有数据")),
            ("not_applicable", _("不适用")),
        ],
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


def denominator_fields(
    definition: Definition,
    given: Mapping[str, Mapping],
    offered: Mapping[str, tuple],
    last_year: Mapping[str, Mapping],
    period: str,
    state: FormState,
) -> list[dict]:
    """One entry per denominator: its words, what is there or offered, its calibres as options, its parts, and last
    year's. `given` and `last_year`: sizes as a seal keeps them; `offered`: (value, calibre); `state`: what was posted
    (sizes_in) and could not be kept."""
    return [
        _denominator_field(
            known, given.get(known.key), offered.get(known.key), last_year.get(known.key), period
        )
        | _typed(known.key, state.typed)
        | {"theirs": state.theirs.get(known.key), "reason": state.reasons.get(known.key, "")}
        for known in definition.denominators
    ]


def _denominator_field(
    known: Denominator, kept: Mapping | None, offer: tuple | None, last: Mapping | None, period: str
) -> dict:
    value, calibre = _start(kept, offer)
    parts = list(kept.get("parts", ())) if kept else []
    return {
        "key": known.key,
        "name": known.name,
        "unit": unit_name(known.unit),
        "value": value,
        "saved": size_line(known, kept, period) if kept else None,
        "calibre": calibre,
        "offered": kept is None and offer is not None,
        "calibres": known.calibres,
        "last_calibre": size_line(known, last, period).calibre if last else "",
        "by_months": known.by_months,
        "unverified": known.unverified,
        "parts": _part_fields(parts) if known.by_months else [],
        "divided": bool(parts),
        "carried": carried(known, last, year_before(period)) if last else None,
    }


def _start(kept: Mapping | None, offer: tuple | None) -> tuple[str, str]:
    """The number and the calibre that the form begins with."""
    if kept:
        return kept.get("whole", kept["value"]), kept["calibre"]
    return (format(offer[0].normalize(), "f"), offer[1]) if offer else ("", "")


def _part_fields(parts: list) -> list[dict]:
    """What is there and room for more, at least three, without a script."""
    return [*parts, *[EMPTY_PART] * max(ROOM - len(parts), 1)]


EMPTY_PART = {"name": "", "value": "", "first": "", "last": ""}
ROOM = 3


def sizes_in(post: Mapping[str, str], definition: Definition) -> dict[str, tuple[str, str, list[dict]]]:
    """Denominator key → (number, calibre, parts) as they were typed; operations.set_denominators reads them."""
    return {
        known.key: (
            post.get(f"value-{known.key}", ""),
            post.get(f"calibre-{known.key}", ""),
            [
                {name: post.get(f"part-{known.key}-{n}-{name}", "") for name in EMPTY_PART}
                for n in range(MOST_PARTS + 1)
            ],
        )
        for known in definition.denominators
    }


def _typed(key: str, typed: Mapping[str, tuple]) -> dict:
    if key not in typed:
        return {}
    value, calibre, parts = typed[key]
    there = [part for part in parts if part["name"] or part["value"]]
    fields = {"parts": _part_fields(there), "divided": True} if there else {}
    return {"value": value, "calibre": calibre, **fields}


class BadRequest(Exception):
    """A script sent what no page of ours sends; `status` is the answer's."""

    def __init__(self, message: str, status: int = 400):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Batch:
    """What the grid saves at once: the revision it knows, the facility it shows, the cells that were typed in."""

    batch: uuid.UUID
    revision: int
    facility: str
    edits: tuple[dict, ...]


EDIT = {"item": 40, "measure": 20, "period": 10, "text": 200, "reason": 500}


def edits_in(body) -> Batch:
    """A Batch from what the grid sent. Raises BadRequest for anything else."""
    try:
        facility = _text(body["facility"], 40)
        edits = tuple(_edit(edit, facility) for edit in _list(body["edits"], MOST))
        revision = body["revision"]
        if type(revision) is not int or not 0 < revision < 2**31 or set(body) - BATCH:
            raise ValueError
        return Batch(uuid.UUID(body["batch"]), revision, facility, edits)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadRequest(gettext("发来的不是网格的内容。刷新这一页再试。")) from None


BATCH = {"batch", "revision", "facility", "edits"}


def block_in(body, definition: Definition) -> tuple[list[list[str]], int, int, list[tuple[str, str]]]:
    """A pasted block, the row and column it is put at, and the columns (item, measure) that are seen. Raises
    BadRequest; more than MOST cells are refused with their number."""
    try:
        block = [[_text(cell, 200) for cell in _list(line, MOST)] for line in _list(body["block"], MOST)]
        row, column = body["row"], body["column"]
        if type(row) is not int or type(column) is not int or not (0 <= row < 1000 and 0 <= column < 1000):
            raise ValueError
        columns = [tuple(_text(key, 61).split("|")) for key in _list(body["columns"], 1000)]
        for item, measure in columns:
            definition.item(item), definition.measure(measure)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadRequest(gettext("发来的不是网格的内容。刷新这一页再试。")) from None
    cells = sum(bool(cell.strip()) for line in block for cell in line)
    if cells > MOST:
        text = gettext("粘贴的内容有 %(n)s 格，一次最多 %(most)s 格。分几次粘贴，或者上传表格。")
        raise BadRequest(text % {"n": cells, "most": MOST}, 413)
    return block, row, column, columns


def _edit(edit, facility: str) -> dict:
    known = {name: _text(edit[name], size) for name, size in EDIT.items() if edit.get(name) is not None}
    if not {"item", "measure", "period", "text"} <= set(known) or set(edit) - set(EDIT) - {"flag"}:
        raise ValueError
    flag = edit.get("flag")
    if flag is not None and flag not in Flag.values:
        raise ValueError
    return known | {"facility": facility, "flag": flag}


def _text(value, longest: int) -> str:
    if type(value) is not str or len(value) > longest or "\x00" in value:
        raise ValueError
    # half a character, which JSON may spell and no text can hold, is a ValueError as well
    value.encode()
    return value


def _list(value, most: int) -> list:
    if type(value) is not list or len(value) > most:
        raise ValueError
    return value
