"""Sheets that only repeat others: summaries, whatever their name, and hidden copies."""

from __future__ import annotations

from surveys.definition.said import say
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.sheets import SheetDraft


def drop_copies(drafts: list[SheetDraft]) -> tuple[list[SheetDraft], list[Issue], list[tuple[str, str]]]:
    """Without sheets that only repeat others: (kept, issues, [(sheet, why)] of those left out).

    Summary sheets yield to the sheets they sum up; hidden sheets yield to visible ones.
    """
    if len(drafts) < 2:
        return drafts, [], []
    summaries = {id(d) for d in drafts if d.facts.summary} | _unnamed_summaries(drafts)
    if not summaries and not any(d.sheet.hidden for d in drafts):
        return drafts, [], []
    kept, issues, left = [], [], []
    order = sorted(drafts, key=lambda d: (d.sheet.hidden, id(d) in summaries))
    known: dict[tuple[str, str, str, str], str] = {}
    wholes: dict[tuple[str, str, str], float] = {}
    for found in order:
        keys = _keys(found)
        if (
            (id(found) in summaries or found.sheet.hidden)
            and keys
            and all(k in known or (not k[0] and k[1:] in wholes) for k in keys)
        ):
            issues += _compare(found, keys, known, wholes)
            if not found.sheet.hidden:
                issues.append(_copy(found.sheet.name))
            left.append((found.sheet.name, say("与其他表重复")))
            if found.sheet.hidden:
                issues.append(hidden_sheet(found, say("内容与其他表重复，没有读入")))
            continue
        kept.append(found)
        for key, exact in keys.items():
            known.setdefault(key, exact)
            if key[0] and exact:
                wholes[key[1:]] = wholes.get(key[1:], 0.0) + float(exact)
    position = {id(d): i for i, d in enumerate(drafts)}
    return sorted(kept, key=lambda d: position[id(d)]), issues, left


def _unnamed_summaries(drafts: list[SheetDraft]) -> set[int]:
    """Sheets whose name says nothing but whose figures are those of two or more others, or their sums."""
    if len(drafts) < 3:
        return set()
    keys = {id(d): _keys(d) for d in drafts}
    homes: dict[tuple, dict[int, float]] = {}
    for one, figures in keys.items():
        for key, exact in figures.items():
            if exact:
                for name in {key, ("", *key[1:])}:
                    place = homes.setdefault(name, {})
                    place[one] = place.get(one, 0.0) + float(exact)
    return {d for d, figures in keys.items() if _sums_up(d, figures, homes)}


def _sums_up(own: int, figures: dict[tuple, str], homes: dict[tuple, dict[int, float]]) -> bool:
    """Whether every figure of a sheet is also elsewhere, in two sheets or more, and four of five agree."""
    said = {k: float(v) for k, v in figures.items() if v}
    others = {k: {d: x for d, x in homes.get(k, {}).items() if d != own} for k in said}
    if len(said) < 4 or not all(others.values()) or len(set().union(*others.values())) < 2:
        return False
    same = sum(1 for k, v in said.items() if abs(sum(others[k].values()) - v) <= max(1e-6 * abs(v), 0.51))
    return same >= 0.8 * len(said)


def _keys(found: SheetDraft) -> dict[tuple[str, str, str, str], str]:
    d = found.draft
    return dict(zip(zip(d.facility, d.item, d.measure, d.period, strict=True), d.exact, strict=True))


def _copy(sheet: str) -> Issue:
    text = say("“{sheet}”表与其他表的内容重复，只取分表，汇总表不写入。", sheet=sheet)
    return Issue("duplicate", "info", sheet, None, text, "")


def hidden_sheet(found: SheetDraft, what: str) -> Issue:
    """The finding about a hidden sheet."""
    name = found.sheet.name
    text = say("“{sheet}”是隐藏的表，{what}。", sheet=name, what=what)
    return Issue("hidden_sheet", "warning", name, None, text, say("确认它不是本期要报的数据。"))


def _compare(found: SheetDraft, keys: dict, known: dict, wholes: dict) -> list[Issue]:
    """Where a summary differs from what it sums up."""
    d, issues = found.draft, []
    if found.sheet.hidden:
        return issues
    for i, key in enumerate(zip(d.facility, d.item, d.measure, d.period, strict=True)):
        expected = float(known[key]) if known.get(key) else wholes.get(key[1:]) if not key[0] else None
        if not d.exact[i] or expected is None:
            continue
        stated = float(d.exact[i])
        if abs(stated - expected) > max(1e-6 * abs(expected), 0.51):
            where = cell_name(d.row[i], d.column[i])
            issues.append(
                Issue(
                    "subtotal_mismatch",
                    "warning",
                    found.sheet.name,
                    where,
                    say(
                        "“{sheet}”表 {cell} 填的是 {stated}，分表是 {expected}。",
                        sheet=found.sheet.name,
                        cell=where,
                        stated=f"{stated:g}",
                        expected=f"{expected:g}",
                    ),
                    say("核对汇总和分表，改错的一处。"),
                    rule="V10",
                    item=key[1],
                    measure=key[2],
                    period=key[3],
                    value=f"{stated:g}",
                    expected=f"{expected:g}",
                )
            )
    return issues
