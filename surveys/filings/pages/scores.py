"""The self evaluation as its pages show it: groups with their items, what was scored, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from surveys.catalog.names import worded
from surveys.catalog.sentences import spoken
from surveys.definition import Criterion, Definition, Evaluation
from surveys.definition.said import form_of
from surveys.filings import queries
from surveys.filings.models import Filing, Flag
from surveys.filings.operations.sheet import Saved
from surveys.filings.scoring import ScoreSheet, score_sheet
from surveys.instruments.grading import shown

# one tap of the stepper; anything finer is typed
STEP = "0.5"


def sheet_of(filing: Filing | None, definition: Definition, unit: str) -> ScoreSheet:
    """The score sheet of a draft; empty before anyone wrote."""
    rows = queries.values_of(filing) if filing else []
    return score_sheet(definition.evaluation, unit, rows)


def groups_of(sheet: ScoreSheet, evaluation: Evaluation, before: Mapping[str, Mapping]) -> list[dict]:
    """The groups that this part has items of: {group, given, out_of, scored, lines}. `before`: last year's rows."""
    mine = {item.key for item in sheet.items}
    found = []
    for group in evaluation.groups:
        items = [item for item in group.items if item.key in mine]
        if items:
            part = ScoreSheet(tuple(items), {i.key: sheet.rows[i.key] for i in items if i.key in sheet.rows})
            found.append(
                {"group": group, "lines": [_line(sheet, item, before) for item in items]} | sums(part)
            )
    return found


def sums(part: ScoreSheet) -> dict:
    """How far some items are, and what they come to."""
    return {
        "given": shown(part.given), "out_of": shown(part.out_of), "scored": part.scored, "count": len(part.items),
    }  # fmt: skip


def _line(sheet: ScoreSheet, item: Criterion, before: Mapping[str, Mapping]) -> dict:
    last = before.get(item.key)
    return {
        "item": item,
        "points": shown(item.points),
        **state_of(sheet.rows.get(item.key)),
        "last": ""
        if last is None
        else _("不适用")
        if last["value"] is None
        else shown(Fraction(last["value"])),
    }


def state_of(row: Mapping | None) -> dict:
    """What the draft has of an item: {text, applies, remark}."""
    if row is None:
        return {"text": "", "applies": True, "remark": ""}
    text = "" if row["value"] is None else shown(Fraction(row["value"]))
    return {"text": text, "applies": row["flag"] != Flag.NOT_APPLICABLE, "remark": row["text"]}


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
