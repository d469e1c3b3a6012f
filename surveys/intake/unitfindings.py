"""What is said of units: those that were converted, and those that nobody wrote."""

from __future__ import annotations

from surveys.definition.said import say, unit_term
from surveys.instruments.figures import Figures
from surveys.intake.context import Context
from surveys.intake.desk import figure_name
from surveys.intake.draft import Draft
from surveys.intake.references import cell_name
from surveys.intake.result import Issue

# money in 元 has two decimals, and a year has a bill above this
CENTS, SMALL_BILL = 2, 1000


def converted(draft: Draft, context: Context) -> list[Issue]:
    """One info per item and unit that was converted, or that differs from the item's other unit in the file."""
    issues = []
    for (item, measure), seen in draft.units_seen.items():
        factors = {factor for _, factor in seen}
        for (unit, factor), (sheet, r, c) in seen.items():
            if factor == "1" and len(factors) == 1:
                continue
            base = context.definition.unit_label(context.definition.unit_of(item, measure))
            about = {"sheet": sheet, "cell": cell_name(r, c), "unit": unit}
            about["name"] = figure_name(context.definition, item, measure)
            text = (
                say("“{sheet}”表 {cell} {name}这里的单位是“{unit}”，与别处不同。", **about)
                if factor == "1"
                else say(
                    "“{sheet}”表 {cell} {name}单位是“{unit}”，按 ×{factor} 换算成 {base}。",
                    **about,
                    factor=factor,
                    base=unit_term(base),
                )
            )
            issues.append(
                Issue(
                    "unit_converted",
                    "info",
                    sheet,
                    cell_name(r, c),
                    text,
                    "",
                    item=item,
                    measure=measure,
                    value=factor,
                )
            )
    return issues


def assumed(draft: Draft, figures: Figures, context: Context) -> list[Issue]:
    """Figures read in the base unit as none is written: a warning where no cost in a written unit lets a check
    see a wrong one."""
    if not draft.assumed:
        return []
    issues = []
    definition = context.definition
    cost = next((m.key for m in definition.measures if not m.unit_from), "")
    # a price of two numbers without units shows nothing
    bare = {i: at for i, at in draft.bare_costs.items() if _strange_money(figures, i, cost)}
    priced = _priced(figures, context) - bare.keys()
    unsaid = {(i, cost): bare[i] for i, _ in draft.assumed if i in bare}
    for (item, measure), (sheet, cell) in (draft.assumed | unsaid).items():
        unit = definition.unit_label(definition.unit_of(item, measure))
        text = say(
            "“{sheet}”表 {cell} 没有写单位，{name}按 {unit} 读。", sheet=sheet, cell=cell,
            name=figure_name(definition, item, measure), unit=unit_term(unit),
        )  # fmt: skip
        issues.append(
            Issue("unit_assumed", "info" if item in priced else "warning", sheet, cell, text,
                  say("在表头写明单位；不是这个单位就在“对应关系”里改。"), item=item, measure=measure)
        )  # fmt: skip
    return issues


def _strange_money(figures: Figures, item: str, cost: str) -> bool:
    """Whether costs without a unit look like no 元: more than two decimals, or no bill as high as a thousand."""
    exact = [e for i, m, e in zip(figures["item"], figures["measure"], figures["exact"], strict=True)
             if (i, m) == (item, cost) and e]  # fmt: skip
    places = max((len(e.partition(".")[2].rstrip("0")) for e in exact), default=0)
    return bool(exact) and (places > CENTS or max(map(float, exact)) < SMALL_BILL)


def _priced(figures: Figures, context: Context) -> set[str]:
    """Items that have a cost."""
    costs = {m.key for m in context.definition.measures if not m.unit_from}
    pairs = set(zip(figures["item"], figures["measure"], strict=True))
    return {item for item, measure in pairs if measure in costs}
