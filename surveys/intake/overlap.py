"""The same figure said twice: summary sheets, wider periods beside their months, hidden copies, plain duplicates."""

from __future__ import annotations

import pandas as pd

from surveys.intake.context import Context
from surveys.intake.periods import months_in
from surveys.intake.references import cell_name
from surveys.intake.result import Ambiguity, Issue
from surveys.intake.sheets import SheetDraft

KEY = ["facility", "item", "measure", "period"]


def drop_copies(drafts: list[SheetDraft]) -> tuple[list[SheetDraft], list[Issue], list[tuple[str, str]]]:
    """Without sheets that only repeat others: (kept, issues, [(sheet, why)] of those left out).

    Summary sheets yield to the sheets they sum up; hidden sheets yield to visible ones.
    """
    if len(drafts) < 2 or not any(d.facts.summary or d.sheet.hidden for d in drafts):
        return drafts, [], []
    kept, issues, left = [], [], []
    order = sorted(drafts, key=lambda d: (d.sheet.hidden, d.facts.summary))
    known: dict[tuple[str, str, str, str], str] = {}
    wholes: dict[tuple[str, str, str], float] = {}
    for found in order:
        keys = _keys(found)
        if (
            (found.facts.summary or found.sheet.hidden)
            and keys
            and all(k in known or (not k[0] and k[1:] in wholes) for k in keys)
        ):
            issues += _compare(found, keys, known, wholes)
            if not found.sheet.hidden:
                issues.append(_copy(found.sheet.name))
            left.append((found.sheet.name, "与其他表重复"))
            if found.sheet.hidden:
                issues.append(hidden_sheet(found, "内容与其他表重复，没有读入"))
            continue
        kept.append(found)
        for key, exact in keys.items():
            known.setdefault(key, exact)
            if key[0] and exact:
                wholes[key[1:]] = wholes.get(key[1:], 0.0) + float(exact)
    position = {id(d): i for i, d in enumerate(drafts)}
    return sorted(kept, key=lambda d: position[id(d)]), issues, left


def _keys(found: SheetDraft) -> dict[tuple[str, str, str, str], str]:
    d = found.draft
    return dict(zip(zip(d.facility, d.item, d.measure, d.period, strict=True), d.exact, strict=True))


def _copy(sheet: str) -> Issue:
    return Issue(
        "duplicate", "info", sheet, None, f"“{sheet}”表与其他表的内容重复，只取分表，汇总表不写入。", ""
    )


def hidden_sheet(found: SheetDraft, what: str) -> Issue:
    """The finding about a hidden sheet."""
    name = found.sheet.name
    return Issue(
        "hidden_sheet", "warning", name, None, f"“{name}”是隐藏的表，{what}。", "确认它不是本期要报的数据。"
    )


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
                    f"“{found.sheet.name}”表 {where} 填的是 {stated:g}，分表是 {expected:g}。",
                    "核对汇总和分表，改错的一处。",
                    rule="V10",
                    item=key[1],
                    measure=key[2],
                    period=key[3],
                    value=f"{stated:g}",
                    expected=f"{expected:g}",
                )
            )
    return issues


def drop_wider(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Issue], pd.DataFrame]:
    """Without quarters, halves and years whose months are all there: (kept, V10 issues, dropped rows)."""
    wide = ~monthly(frame)
    if not wide.any() or wide.all():
        return frame, [], frame.iloc[:0]
    months = frame[~wide & frame["value"].notna()]
    sums = months.groupby(KEY, sort=False)["value"].sum()
    dropped, issues = [], []
    for i, row in frame[wide].iterrows():
        keys = [(row.facility, row["item"], row.measure, m) for m in months_in(row.period)]
        if not any(k in sums.index for k in keys):
            continue
        dropped.append(i)
        total = sum(sums[k] for k in keys if k in sums.index)
        if (
            all(k in sums.index for k in keys)
            and row.value == row.value
            and abs(total - row.value) > max(1e-6 * abs(total), 0.51)
        ):
            issues.append(
                Issue(
                    "subtotal_mismatch",
                    "warning",
                    row.sheet,
                    row.cell,
                    f"“{row.sheet}”表 {row.cell} {row.period} 填的是 {row.value:g}，各月相加是 {total:g}。",
                    "核对合计和各月，改错的一处。",
                    rule="V10",
                    facility=row.facility,
                    item=row["item"],
                    measure=row.measure,
                    period=row.period,
                    value=f"{row.value:g}",
                    expected=f"{total:g}",
                )
            )
    return frame.drop(index=dropped), issues, frame.loc[dropped]


def monthly(frame: pd.DataFrame) -> pd.Series:
    """Which rows are months (2024-03); decided once per distinct period."""
    kinds = {p: len(p) == 7 and p[5:].isdigit() for p in frame["period"].unique()}
    return frame["period"].map(kinds).astype(bool)


def _twice(frame: pd.DataFrame) -> pd.Series:
    """Rows whose key occurs more than once; the four parts are joined as numbers, which is ten times quicker."""
    key = pd.Series(0, index=frame.index, dtype="int64")
    for name in KEY:
        codes, values = pd.factorize(frame[name])
        key = key * max(len(values), 1) + codes
    return key.duplicated(keep=False)


def find_doubles(frame: pd.DataFrame, context: Context) -> tuple[pd.DataFrame, list[Issue], list[Ambiguity]]:
    """One key, several figures: asked, with each figure and their sum as readings; none of them is loaded."""
    twice = _twice(frame)
    if not twice.any():
        return frame, [], []
    empty = twice & frame["value"].isna()
    frame = frame[
        ~(empty & frame.set_index(KEY).index.isin(frame[~frame["value"].isna()].set_index(KEY).index))
    ]
    twice = _twice(frame)
    issues, asked = [], []
    for key, group in frame[twice].groupby(KEY, sort=False):
        places = [f"{r.sheet}!{r.cell}" for r in group.itertuples()]
        readings = [
            {"label": f"取 {place}", "value": exact} for place, exact in zip(places, group.exact, strict=True)
        ]
        total = f"{group.value.sum():.10g}"
        readings.append({"label": "相加", "value": total})
        name = f"{context.definition.item(key[1]).name}{context.definition.measure(key[2]).name}"
        for row in group.itertuples():
            issues.append(
                Issue(
                    "duplicate",
                    "error",
                    row.sheet,
                    row.cell,
                    f"{key[3]} {key[0]}{name}出现了 {len(group)} 次：{'、'.join(places[:4])}。",
                    "选相加，或只取其中一个。",
                    facility=key[0],
                    item=key[1],
                    measure=key[2],
                    period=key[3],
                    value=row.exact,
                )
            )
            asked.append(
                Ambiguity(
                    row.sheet,
                    row.cell,
                    key[0],
                    key[1],
                    key[2],
                    key[3],
                    total,
                    tuple(readings),
                    "同一项出现多次",
                )
            )
    return frame[~twice], issues, asked
