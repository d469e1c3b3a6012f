"""Cells with more than one honest reading, or none: asked with a suggestion, never loaded."""

from __future__ import annotations

from decimal import Decimal

from surveys.definition.said import say, unit_term
from surveys.intake.desk import Desk, name_of
from surveys.intake.mapping import Resolution
from surveys.intake.numbers import plain, times
from surveys.intake.references import cell_name
from surveys.intake.result import Ambiguity, Issue


def no_value(desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int) -> None:
    """A formula whose result was never stored: asked, with quantity × unit price as the suggestion if there is one."""
    where = cell_name(r, c)
    desk.draft.reported.add((desk.sheet, r, c))
    suggested = by_price(desk, found, r)
    hint = say("用量 × 单价 = {value}", value=suggested) if suggested else ""
    desk.draft.issues.append(
        Issue(
            "formula_without_value",
            "error",
            desk.sheet,
            where,
            say(
                "“{sheet}”表 {cell} {period} {name}是公式，文件里没有存下结果。",
                sheet=desk.sheet,
                cell=where,
                period=period,
                name=name_of(desk, found),
            ),
            _as_values(suggested, hint),
            facility=facility,
            item=found.item,
            measure=found.measure,
            period=period,
            expected=suggested,
            fix={"action": "set", "value": suggested} if suggested else None,
        )
    )
    readings = ({"label": hint, "value": suggested},) if suggested else ()
    desk.draft.ambiguous.append(
        Ambiguity(
            desk.sheet,
            where,
            facility,
            found.item,
            found.measure,
            period,
            suggested,
            readings,
            say("公式没有存下结果"),
        )
    )


def _as_values(suggested: str, hint: str) -> str:
    """What to do about a formula without a result."""
    if not suggested:
        return say("在 Excel 里选中它，复制，选择性粘贴为数值，再上传。")
    return say(
        "在 Excel 里选中它，复制，选择性粘贴为数值，再上传。可能是 {value}（{hint}）。",
        value=suggested,
        hint=hint,
    )


def by_price(desk: Desk, found: Resolution, r: int) -> str:
    """Quantity × unit price of the same row and item, rounded to cents; '' if either is not there."""
    if desk.definition.measure(found.measure).unit_from == "item":
        return ""
    row = desk.table.grid.rows[r]
    price = next(
        (
            row[c.index]
            for c in desk.table.of_role("price")
            if c.label.item == found.item and isinstance(row[c.index], float)
        ),
        None,
    )
    amount = next(
        (
            row[c.index]
            for c in desk.table.of_role("data")
            if c.label.item == found.item
            and c.label.measure != found.measure
            and isinstance(row[c.index], float)
        ),
        None,
    )
    if price is None or amount is None:
        return ""
    return format((Decimal(plain(price)) * Decimal(plain(amount))).quantize(Decimal("0.01")).normalize(), "f")


def ask_unit(
    desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object
) -> None:
    clean = desk.cleaner.clean(value)
    if clean.state != "number":
        return
    readings = tuple(
        {"label": say("按 {unit}", unit=unit_term(unit)), "value": times(clean.exact, factor)}
        for unit, factor in found.readings
    )
    desk.draft.ambiguous.append(
        Ambiguity(
            desk.sheet,
            cell_name(r, c),
            facility,
            found.item,
            found.measure,
            period,
            "",
            readings,
            say("没有写单位"),
        )
    )
