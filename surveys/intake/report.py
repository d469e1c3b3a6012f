"""The result as the JSON of `intake --json`, and as a Chinese report to read."""

from __future__ import annotations

from collections import Counter
from typing import Any

from surveys.intake.result import IntakeResult

# the period_kind of what is filed once a round
ROUND = "round"
VERDICTS = {
    "clean": "没有问题",
    "warnings": "可以写入，有提醒要说明",
    "errors": "有错误要先改",
    "reject_file": "整份没有写入",
}


def period_fields(period: str) -> dict[str, str | None]:
    """Of month (2024-03), period (2024-Q1, 2024) and date (2024-03-18) exactly one is set."""
    month = period if len(period) == 7 and period[5:].isdecimal() else None
    date = period if len(period) == 10 else None
    return {"month": month, "period": None if month or date or not period else period, "date": date}


def to_json(result: IntakeResult) -> dict[str, Any]:
    """One object, as the names everyone relies on say; values are floats in base units."""
    names = result.facility_names
    return {
        "file": result.file,
        "instrument": result.instrument,
        "university": result.university,
        "period": result.period,
        "verdict": result.verdict,
        "observations": _observations(result),
        "issues": [_issue(i, names) for i in result.issues],
        "ambiguous": [_ambiguous(a, names, _said_period(result, a.period)) for a in result.ambiguous],
        "veto": result.meta.get("veto", {}),
        "ignored": [{"sheet": i.sheet, "cells": i.cells, "why": i.why} for i in result.ignored],
        "mapping": [
            {
                "sheet": m.sheet,
                "cell": m.cell,
                "header": m.header,
                "item": m.item,
                "measure": m.measure,
                "unit": m.unit,
                "factor": m.factor,
                "confidence": m.confidence,
                "source": m.source,
            }
            for m in result.mapping
        ],
        "meta": result.meta,
    }


def _observations(result: IntakeResult) -> list[dict[str, Any]]:
    definition, names, figures = result.definition, result.facility_names, result.figures
    units: dict[tuple[str, str], str] = {}
    columns = (figures[n] for n in ("facility", "item", "measure", "period", "sheet", "cell"))
    found = []
    for f, i, m, p, s, c, v in zip(*columns, figures.value.tolist(), strict=True):
        if v != v:
            continue
        if (i, m) not in units:
            units[i, m] = definition.unit_label(definition.unit_of(i, m)) if definition else ""
        when = period_fields(_said_period(result, p))
        found.append({"facility": names.get(f, f) or None, "item": i, "measure": m, **when, "value": v,
                      "unit": units[i, m], "sheet": s, "cell": c})  # fmt: skip
    return found


def _issue(issue, names: dict[str, str]) -> dict[str, Any]:
    data = {
        "kind": issue.kind,
        "severity": issue.severity,
        "sheet": issue.sheet,
        "cell": issue.cell,
        "message": issue.message,
        "suggestion": issue.suggestion,
        "rule": issue.rule or None,
    }
    if issue.fix:
        data["fix"] = dict(issue.fix)
    if issue.cells:
        data["cells"] = list(issue.cells)
    return data


def _said_period(result: IntakeResult, period: str) -> str:
    """The period as it is told; figures of a round have none of their own."""
    return "" if result.definition and result.definition.period_kind == ROUND else period


def _ambiguous(asked, names: dict[str, str], period: str) -> dict[str, Any]:
    return {
        "facility": names.get(asked.facility, asked.facility) or None,
        "item": asked.item,
        "measure": asked.measure,
        **period_fields(period),
        "sheet": asked.sheet,
        "cell": asked.cell,
        "suggested": float(asked.suggested) if asked.suggested else None,
        "readings": [dict(r) for r in asked.readings],
        "note": asked.note,
    }


def to_text(result: IntakeResult) -> str:
    """A report for people, problems first."""
    lines = [f"{result.file}", f"{result.university} · {result.period} · {VERDICTS[result.verdict]}", ""]
    for severity, title in (("error", "错误"), ("warning", "提醒")):
        found = [i for i in result.issues if i.severity == severity]
        if found:
            lines.append(f"{title} {len(found)} 个")
            lines += [f"  {i.message}{' ' + i.suggestion if i.suggestion else ''}" for i in found]
            lines.append("")
    if result.ambiguous:
        lines.append(f"要选定的 {len(result.ambiguous)} 处")
        lines += [
            f"  {a.sheet}!{a.cell} "
            + "；".join(f"{r.get('label', '')}：{r.get('value', '')}" for r in a.readings)
            for a in result.ambiguous
        ]
        lines.append("")
    if result.verdict == "reject_file":
        return "\n".join(lines).rstrip() + "\n"
    loaded = result.frame[result.frame["value"].notna()]
    lines.append(f"读入 {len(loaded)} 个数")
    for (item, measure), group in loaded.groupby(["item", "measure"], sort=False):
        definition = result.definition
        unit = definition.unit_label(definition.unit_of(item, measure))
        lines.append(
            f"  {definition.item(item).name} {definition.measure(measure).name}：{len(group)} 个，"
            f"合计 {group['value'].sum():,.2f} {unit}"
        )
    lines += ["", "对应关系"]
    lines += [
        f"  {m.sheet}!{m.cell} “{m.header}” → {m.item} {m.measure} {m.unit} ×{m.factor}"
        f"（{m.confidence:.0%}）".replace("\n", "")
        for m in result.mapping
    ]
    lines += ["", "没有写入的部分"]
    lines += [f"  {i.sheet} {i.cells}：{i.why}" for i in result.ignored]
    infos = Counter(i.kind for i in result.issues if i.severity == "info")
    if infos:
        lines += ["", "自动处理：" + "，".join(f"{kind} {count} 处" for kind, count in infos.items())]
    if result.meta.get("skipped"):
        lines += ["", "没有做的检查：" + "；".join(result.meta["skipped"])]
    return "\n".join(lines) + "\n"
