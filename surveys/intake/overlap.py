"""The same figure said twice: wider periods beside their months, declared parts, plain duplicates."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from surveys.definition.said import listing, say
from surveys.instruments.figures import KEY, Figures, is_month
from surveys.intake.context import Context
from surveys.intake.desk import figure_name
from surveys.intake.draft import Draft
from surveys.intake.periods import parts_of
from surveys.intake.result import Ambiguity, Issue


def drop_wider(figures: Figures) -> tuple[Figures, list[Issue], Figures]:
    """Without quarters, halves and years whose months or quarters are there: (kept, V10 issues, figures dropped)."""
    months = figures.marked("period", is_month)
    nothing = np.zeros(len(figures), dtype=bool)
    if months.all():
        return figures, [], figures.where(nothing) if len(figures) else figures
    sums: dict[tuple, float] = {}
    for i in np.flatnonzero(~np.isnan(figures.value)):
        sums[_key(figures, i)] = float(figures.value[i])
    issues: list[Issue] = []
    for i in np.flatnonzero(~months):
        *series, period = _key(figures, i)
        candidates = ([sums.get((*series, p)) for p in narrower] for narrower in parts_of(period))
        parts = next((some for some in candidates if any(p is not None for p in some)), [])
        known = [p for p in parts if p is not None]
        if known:
            nothing[i] = True
            # a sum over months of which some are missing may be more than the known ones, never less
            if len(known) == len(parts) or figures.value[i] < sum(known):
                issues += _against_months(figures.record(i), sum(known))
    return figures.where(~nothing), issues, figures.where(nothing)


def _key(figures: Figures, i: int) -> tuple[str, ...]:
    return tuple(figures[name][i] for name in KEY)


def _against_months(row: dict, total: float) -> list[Issue]:
    """A quarter or year that differs from its months by more than rounding."""
    value = row["value"]
    if value != value or abs(total - value) <= max(1e-6 * abs(total), 0.51):
        return []
    text = say(
        "“{sheet}”表 {cell} {period} 填的是 {stated}，其中各期相加是 {total}。", sheet=row["sheet"], cell=row["cell"],
        period=row["period"], stated=f"{value:g}", total=f"{total:g}",
    )  # fmt: skip
    return [
        Issue(
            "subtotal_mismatch", "warning", row["sheet"], row["cell"], text, say("核对合计和其中各期，改错的一处。"),
            rule="V10", facility=row["facility"], item=row["item"], measure=row["measure"], period=row["period"],
            value=f"{value:g}", expected=f"{total:g}",
        )
    ]  # fmt: skip


def add_parts(figures: Figures, context: Context) -> tuple[Figures, list[tuple[str, int, int, str]]]:
    """Declared parts of one item under one key (车辆用油 + 其他用油) become their sum, at the first part's cell.

    Returns the figures and (sheet, row, column, why) of the cells that went into a sum elsewhere.
    """
    if not any(figures.codes("text")[1]):
        return figures, []
    groups: dict[int, list[int]] = {}
    for i, code in enumerate(figures.key().tolist()):
        groups.setdefault(code, []).append(i)
    keep = np.ones(len(figures), dtype=bool)
    exact, raw, text = (list(figures[name]) for name in ("exact", "raw", "text"))
    value, merged = figures.value.copy(), []
    for rows in (g for g in groups.values() if len(g) > 1):
        parts = [text[i] for i in rows]
        known = context.definition.item(figures["item"][rows[0]]).parts
        if len(set(parts)) < len(parts) or not set(parts) <= set(known) or np.isnan(value[rows]).any():
            continue
        first, *others = rows
        exact[first] = format(sum(Decimal(exact[i]) for i in rows), "f")
        raw[first], text[first] = " + ".join(raw[i] for i in rows), " + ".join(parts)
        value[first] = float(exact[first])
        keep[others] = False
        why = say("已并入 {cell}（{parts}）", cell=figures["cell"][first], parts=text[first])
        merged += [
            (figures["sheet"][i], int(figures.place[i, 0]), int(figures.place[i, 1]), why) for i in others
        ]
    texts = {**figures.texts, "exact": exact, "raw": raw, "text": text}
    return Figures(texts, value, figures.place).where(keep), merged


def find_doubles(figures: Figures, context: Context) -> tuple[Figures, list[Issue], list[Ambiguity]]:
    """One key, several figures: asked, with each figure and their sum as readings; none of them is loaded.

    A missing figure beside a real one under the same key gives way to it.
    """
    key = figures.key()
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    if not len(counts) or counts.max() == 1:
        return figures, [], []
    empty = np.isnan(figures.value)
    filled = np.bincount(inverse, weights=~empty, minlength=len(counts))
    figures = figures.where(~(empty & (filled[inverse] > 0)))
    groups: dict[int, list[int]] = {}
    for i, code in enumerate(figures.key().tolist()):
        groups.setdefault(code, []).append(i)
    issues: list[Issue] = []
    asked: list[Ambiguity] = []
    keep = np.ones(len(figures), dtype=bool)
    for rows in (g for g in groups.values() if len(g) > 1):
        keep[rows] = False
        if np.isnan(figures.value[rows]).all():
            keep[rows[0]] = True
            continue
        _ask(context, [figures.record(i) for i in rows], issues, asked)
    return figures.where(keep), issues, asked


def ask_corrections(figures: Figures, draft: Draft) -> tuple[Figures, list[Ambiguity]]:
    """A negative row beside a figure of the same key corrects it: the figure is asked, the balance suggested."""
    if not draft.corrections:
        return figures, []
    sums: dict[tuple, Decimal] = {}
    for key, exact, _ in draft.corrections:
        sums[key] = sums.get(key, Decimal(0)) + Decimal(exact)
    asked, keep = [], np.ones(len(figures), dtype=bool)
    for i in range(len(figures)):
        key = _key(figures, i)
        if key not in sums or not figures["exact"][i]:
            continue
        keep[i] = False
        row = figures.record(i)
        net = format(Decimal(row["exact"]) + sums[key], "f")
        readings = (
            {"label": say("冲账后的净额"), "value": net},
            {"label": say("不冲账"), "value": row["exact"]},
        )
        note = say("同一项还有一行负数，像是冲账")
        asked.append(Ambiguity(row["sheet"], row["cell"], *key, net, readings, note))
    return figures.where(keep), asked


def _ask(context: Context, rows: list[dict], issues: list[Issue], asked: list[Ambiguity]) -> None:
    places = [f"{row['sheet']}!{row['cell']}" for row in rows]
    readings = [
        {"label": say("取 {place}", place=p), "value": row["exact"]}
        for p, row in zip(places, rows, strict=True)
    ]
    total = f"{sum(row['value'] for row in rows):.10g}"
    readings.append({"label": say("相加"), "value": total})
    for row in rows:
        facility, item, measure, period = (row[name] for name in KEY)
        name = figure_name(context.definition, item, measure)
        about = {"period": period, "name": name, "n": len(rows), "places": listing(places[:4])}
        text = (
            say("{period} {place}{name}出现了 {n} 次：{places}。", **about, place=facility)
            if facility
            else say("{period} {name}出现了 {n} 次：{places}。", **about)
        )
        issues.append(
            Issue("duplicate", "error", row["sheet"], row["cell"], text, say("选相加，或只取其中一个。"),
                  facility=facility, item=item, measure=measure, period=period, value=row["exact"])
        )  # fmt: skip
        asked.append(
            Ambiguity(
                row["sheet"],
                row["cell"],
                facility,
                item,
                measure,
                period,
                total,
                tuple(readings),
                say("同一项出现多次"),
            )
        )
