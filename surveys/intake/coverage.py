"""Which months the figures of a file cover: wider periods, runs of months, and months that are missing."""

from __future__ import annotations

import numpy as np

from surveys.definition.said import listing, say, term
from surveys.instruments.figures import Figures, is_month
from surveys.intake.cells import off_season
from surveys.intake.context import Context
from surveys.intake.periods import is_span, months_in
from surveys.intake.result import Issue


def drop_spans(figures: Figures) -> tuple[Figures, list[Issue]]:
    """Without sums over months that are no quarter, half or year (1–9 月): each is an error, none can be stored."""
    odd = figures.marked("period", is_span)
    if not odd.any():
        return figures, []
    issues = []
    for i in np.flatnonzero(odd):
        row = figures.record(i)
        months = row["period"].partition("M")[2].replace("-", "–")
        text = say(
            "“{sheet}”表 {cell} 是 {months} 月的合计，分不到月，没有写入。", sheet=row["sheet"], cell=row["cell"],
            months=months,
        )  # fmt: skip
        issues.append(
            Issue("period_granularity", "error", row["sheet"], row["cell"], text,
                  say("按月填；没有分月的数就按季度填。"),
                  facility=row["facility"], item=row["item"], measure=row["measure"], value=row["exact"])
        )  # fmt: skip
    return figures.where(~odd), issues


def wide(figures: Figures, context: Context) -> list[Issue]:
    """A warning where figures are per quarter, half or year although the form is monthly."""
    if context.definition.period_kind != "month":
        return []
    issues: list[Issue] = []
    told: set[tuple[str, str]] = set()
    for i in np.flatnonzero(~figures.marked("period", is_month)):
        row = figures.record(i)
        if (row["sheet"], row["item"]) in told:
            continue
        told.add((row["sheet"], row["item"]))
        text = say(
            "“{sheet}”表 {cell} 起，{name}是 {period} 的合计，不是月度数；按原期写入，不摊到各月。",
            sheet=row["sheet"], cell=row["cell"], name=term(context.definition.item(row["item"]).name),
            period=row["period"],
        )  # fmt: skip
        issues.append(
            Issue("period_granularity", "warning", row["sheet"], row["cell"], text,
                  say("有分月的数就补上；没有就写明原因。"), item=row["item"], period=row["period"])
        )  # fmt: skip
    return issues


def absent(figures: Figures, context: Context) -> list[Issue]:
    """Months without any figure (one warning), and months without a line for one item (one warning per item)."""
    wanted = months_in(context.period)
    if context.definition.period_kind != "month" or not wanted or not len(figures):
        return []
    periods, items = figures.codes("period")[1], figures.codes("item")[1]
    if not all(map(is_month, periods)):
        return []
    issues = []
    lost = [m for m in wanted if m not in periods]
    if lost:
        text = say("没有 {months} 的数，文件只有 {n} 个月。", months=_months(lost), n=len(periods))
        issues.append(
            Issue(
                "missing",
                "warning",
                figures["sheet"][0],
                None,
                text,
                say("补上这些月份；本来就只报到这里，写明原因。"),
            )
        )
    pairs = set(figures.key(("item", "period")).tolist())
    for i, item in enumerate(items):
        gone = [m for m in wanted if m in periods and i * len(periods) + periods.index(m) not in pairs
                and not off_season(context.definition, item, m)]  # fmt: skip
        if gone and len(gone) < len(periods):
            sheet = figures["sheet"][figures["item"].index(item)]
            name = term(context.definition.item(item).name)
            text = say("{name}没有 {months} 的数。", name=name, months=_months(gone))
            remedy = say("补上；确实没有用就填 0；查不到就写明原因。")
            issues.append(Issue("missing", "warning", sheet, None, text, remedy, item=item))
    return issues


def _months(months: list[str]) -> str:
    numbers = [int(m[5:7]) for m in months]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return say("{months} 月", months=f"{numbers[0]}–{numbers[-1]}")
    months = listing(map(str, numbers))
    return say("{months} 月", months=months) if len(numbers) > 1 else say("{month} 月", month=months)
