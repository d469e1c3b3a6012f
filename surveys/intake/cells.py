"""Cells that are not simply a number: blanks, placeholders, estimates, units inside, errors, bare formulas."""

from __future__ import annotations

from surveys.definition import Definition
from surveys.definition.said import Said, fill, frame, say
from surveys.intake.asking import ask_unit, no_value
from surveys.intake.desk import Desk, figure_name, name_of
from surveys.intake.draft import Blank, Draft
from surveys.intake.mapping import NOT_USED, Resolution, product
from surveys.intake.numbers import Cleaned, is_too_large, times, too_large
from surveys.intake.periods import month_of
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.units import Units

FILLED = frame("填的是“{raw}”")
SAID = {"blank": frame("是空的"), "placeholder": FILLED, "pending": FILLED}
NOTHING = frame("没有数")
PLAIN = say("改成纯数字，单位写在表头。")
REMEDY = {
    "negative": say("核对读数；换表就分段填，冲账就填净额。"),
    "excel_error": say("在 Excel 里修好公式，或改成数值。"),
    "too_large": say("核对小数点和单位。"),
}


def single(desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object) -> None:
    if found.problem == NOT_USED:
        desk.draft.leave(desk.sheet, r, c, r, c, found.note)
        return
    if found.problem:
        if value not in ("", None):
            desk.draft.reported.add((desk.sheet, r, c))
            if found.readings:
                ask_unit(desk, found, facility, period, r, c, value)
        return
    _cell(desk, found, facility, period, r, c, value)


def _cell(desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object) -> None:
    """A cell that is not simply a non-negative number."""
    if value in ("", None):
        desk.draft.blanks.append(Blank(desk.sheet, r, c, facility, found.item, found.measure, period))
        return
    if value == "=":
        no_value(desk, found, facility, period, r, c)
        return
    clean = desk.cleaner.clean(value)
    if clean.state == "number":
        _number(desk, found, facility, period, r, c, value, clean)
    elif clean.state in ("missing", "not_applicable"):
        missing(
            desk.draft,
            desk.definition,
            desk.sheet,
            r,
            c,
            facility,
            found.item,
            found.measure,
            period,
            value,
            clean.kind,
        )
    else:
        _bad(desk, found, facility, period, r, c, value, clean)


def _number(
    desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object, clean: Cleaned
) -> None:
    where = cell_name(r, c)
    factor = factor_in(desk.definition, desk.words.units, found.item, found.measure, clean, found.factor)
    if factor is None:
        _bad(desk, found, facility, period, r, c, value, strange_unit(clean, name_of(desk, found)))
        return
    exact = times(clean.exact, factor)
    if is_too_large(exact):
        _bad(desk, found, facility, period, r, c, value, too_large(str(value)))
        return
    flag = "estimated" if clean.kind == "estimated" else ""
    desk.draft.add(
        facility, found.item, found.measure, period, exact, flag, "", desk.sheet, r, c, value, factor
    )
    if flag:
        desk.draft.issues.append(
            Issue(
                "estimated",
                "warning",
                desk.sheet,
                where,
                say(
                    "“{sheet}”表 {cell} “{raw}”是约数，按 {value} 写入并标为估计值。",
                    sheet=desk.sheet,
                    cell=where,
                    raw=value,
                    value=exact,
                ),
                say("能查到准数就改成准数；查不到就写明怎么估的。"),
                facility=facility,
                item=found.item,
                measure=found.measure,
                period=period,
                value=exact,
            )
        )
    elif clean.kind == "unit_in_cell" and factor != found.factor:
        desk.draft.issues.append(
            Issue(
                "unit_converted",
                "info",
                desk.sheet,
                where,
                say(
                    "“{sheet}”表 {cell} “{raw}”带单位，按 ×{factor} 换算。",
                    sheet=desk.sheet,
                    cell=where,
                    raw=value,
                    factor=factor,
                ),
                "",
                item=found.item,
                measure=found.measure,
                period=period,
                facility=facility,
            )
        )


def factor_in(
    definition: Definition, units: Units, item: str, measure: str, clean: Cleaned, factor: str = "1"
) -> str | None:
    """What a number as it was written is multiplied by, beside the `factor` of its column: 万 and its kin, or a unit of
    its own. None if (item, measure) does not take that unit."""
    if clean.scale != "1":
        return (
            clean.scale if factor == "1" else factor if factor == clean.scale else times(factor, clean.scale)
        )
    if not clean.unit:
        return factor
    parsed = units.parse(clean.unit)
    found = definition.measure(measure)
    accept = definition.item(item).accept if found.unit_from == "item" else found.accept
    return product(accept[parsed.key], parsed.scale) if parsed and parsed.key in accept else None


def strange_unit(clean: Cleaned, name: Said) -> Cleaned:
    """A number whose unit does not fit, as what it is: not to be loaded."""
    message = say("的单位“{unit}”不能用于{name}", unit=clean.unit, name=name)
    return Cleaned("bad", kind="unit_unknown", message=message)


def missing(
    draft: Draft,
    definition: Definition,
    sheet: str,
    r: int,
    c: int,
    facility: str,
    item: str,
    measure: str,
    period: str,
    value: object,
    kind: str,
) -> None:
    """A cell that says there is no figure: never zero; out of season it needs no explanation."""
    off = off_season(definition, item, period)
    flag = "not_applicable" if off or kind == "not_applicable" else "missing"
    draft.add(facility, item, measure, period, "", flag, "", sheet, r, c, value)
    where = cell_name(r, c)
    about = {"sheet": sheet, "cell": where, "name": figure_name(definition, item, measure)}
    if kind == "not_applicable":
        draft.issues.append(
            Issue(
                "not_applicable",
                "info",
                sheet,
                where,
                say("“{sheet}”表 {cell} {name}不适用，不当作 0。", **about),
                "",
                facility=facility,
                item=item,
                measure=measure,
                period=period,
            )
        )
        return
    about["what"] = fill(SAID.get(kind, NOTHING), raw=str(value).strip())
    if off:
        draft.issues.append(
            Issue(
                "missing",
                "info",
                sheet,
                where,
                say("“{sheet}”表 {cell} 非采暖月的{name}{what}，不当作 0。", **about),
                "",
                facility=facility,
                item=item,
                measure=measure,
                period=period,
            )
        )
        return
    draft.issues.append(
        Issue(
            "missing",
            "warning",
            sheet,
            where,
            say("“{sheet}”表 {cell} {period} {name}{what}，按缺报处理，不当作 0。", **about, period=period),
            say("补上数值；确实没有用就填 0；查不到就写明原因。"),
            facility=facility,
            item=item,
            measure=measure,
            period=period,
        )
    )


def off_season(definition: Definition, item: str, period: str) -> bool:
    """Whether a seasonal item is out of its season in this month."""
    season = definition.item(item).seasonal
    month = month_of(period)
    return bool(season and month and month not in definition.seasons[season])


def _bad(
    desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object, clean: Cleaned
) -> None:
    where = cell_name(r, c)
    desk.draft.reported.add((desk.sheet, r, c))
    if clean.kind == "negative":
        key = facility, found.item, found.measure, period
        desk.draft.corrections.append((key, times(clean.exact, found.factor), f"{desk.sheet}!{where}"))
    desk.draft.issues.append(
        Issue(
            clean.kind,
            "error",
            desk.sheet,
            where,
            say(
                "“{sheet}”表 {cell} {period} {name}{what}。",
                sheet=desk.sheet,
                cell=where,
                period=period,
                name=name_of(desk, found),
                what=clean.message,
            ),
            REMEDY.get(clean.kind, PLAIN),
            facility=facility,
            item=found.item,
            measure=found.measure,
            period=period,
            value=str(value),
        )
    )
