"""Scores as pages show them: groups with their items, what was scored and what is said beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from surveys.definition import Criterion, Definition, Evaluation
from surveys.instruments.grading import shown
from surveys.instruments.scoring import NOT_APPLICABLE, ScoreSheet, score_sheet


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
    return {"text": text, "applies": row["flag"] != NOT_APPLICABLE, "remark": row["text"]}


def sealed_scores(
    definition: Definition, unit: str, rows: Iterable[Mapping], declared: Mapping
) -> dict | None:
    """The scores of a sealed part {groups, sums, vetoes}; None for what is no evaluation. `declared` as the seal keeps
    it."""
    evaluation = definition.evaluation
    if evaluation is None:
        return None
    sheet = score_sheet(evaluation, unit, rows)
    said = (declared.get("vetoes") or {}).get("answers", {})
    vetoes = [{"veto": veto, "said": said.get(veto.key)} for veto in evaluation.vetoes]
    return {"groups": groups_of(sheet, evaluation, {}), "sums": sums(sheet), "vetoes": vetoes}
