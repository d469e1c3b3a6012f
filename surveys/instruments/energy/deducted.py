"""B04: what was deducted for others behind the meters, against what was filed."""

from __future__ import annotations

from decimal import Decimal

from surveys.definition.said import listing, say, term, unit_term
from surveys.instruments.material import Issue, Material, Skipped


def deducted_1(m: Material) -> list[Issue]:
    """B04: of an item all boundaries together had `share` of what was filed deducted, or more than that. What is filed
    is what was left, so that an amount of its size is a wrong unit, another period, or was never taken off."""
    if not m.deducted:
        raise Skipped(say("没有扣除的量"))
    # loaded here: the indicators bring pandas, which a command must not pay for at start
    from surveys.instruments.energy.indicators import totals

    sums = totals(m.frame if m.full is None else m.full, "quantity", m.period)
    filed = {item: Decimal(str(amount.item())) for item, amount in sums.items.items()}
    asked = [item for item in m.deducted if item in filed and _is_large(m, item, filed[item])]
    return [_issue(m, item, filed[item]) for item in asked]


def _amount(m: Material, item: str) -> Decimal:
    return sum(map(Decimal, m.deducted[item].values()), Decimal(0))


def _is_large(m: Material, item: str, filed: Decimal) -> bool:
    return _amount(m, item) >= filed * Decimal(m.check.parameters["share"])


def _issue(m: Material, item: str, filed: Decimal) -> Issue:
    amount, known = _amount(m, item), m.definition.item(item)
    names = {each.key: each.name for each in m.definition.boundaries}
    words = {
        "who": listing([term(names.get(key, key)) for key in m.deducted[item]]),
        "item": term(known.name),
        "amount": _shown(amount),
        "filed": _shown(filed),
        "unit": unit_term(known.unit),
    }
    if amount > filed:
        text = say("{who}扣除的{item}共 {amount} {unit}，比填报的 {filed} {unit} 还多。", **words)
    else:
        share = f"{amount / filed:.0%}"
        text = say(
            "{who}扣除的{item}共 {amount} {unit}，是填报的 {filed} {unit} 的 {share}。", **words, share=share
        )
    # of no one month: the reviewer weighs it as all of the item
    return Issue(
        "deducted", m.check.tier, None, None, text, m.check.remedy, m.check.id, item=item, measure="quantity",
        value=str(amount), expected=str(filed),
    )  # fmt: skip


def _shown(number: Decimal) -> str:
    return f"{number.normalize():,f}"
