"""The period of every cell of a column: from its row, its header, its section or its sheet."""

from __future__ import annotations

from dataclasses import replace

from surveys.definition.said import say
from surveys.intake.desk import Desk, kind_of, sheet_year
from surveys.intake.headers import Column
from surveys.intake.mapping import resolve
from surveys.intake.periods import When, covers, span
from surveys.intake.references import cell_name
from surveys.intake.result import Ambiguity, Issue
from surveys.intake.units import fold


def whens_of(desk: Desk, column: Column) -> list:
    """The period of each row for one column: of the nearest period column at its left, joined with its header."""
    lists = desk.labels.when
    rows = lists[_period_column(desk, column, list(lists))]
    when = column.label.when
    if when is None and all(w is None for w in rows):
        fallback = desk.facts.when
        return (
            [
                desk.table.section_of[r].when
                if r in desk.table.section_of and desk.table.section_of[r].when
                else fallback
                for r in desk.labels.rows
            ]
            if -1 in lists
            else rows
        )
    joined = rows if when is None else [_join(row, when) for row in rows]
    years = {r: s.when.year for r, s in desk.table.section_of.items() if s.when and s.when.year}
    if not years:
        return joined
    return [
        replace(w, year=years[r]) if r in years and isinstance(w, When) and not w.year else w
        for r, w in zip(desk.labels.rows, joined, strict=True)
    ]


def _period_column(desk: Desk, column: Column, indexes: list[int]) -> int:
    """Which period column dates a figure column: the nearest at its left where a table is set in blocks side by side.

    Where the period columns differ (所属月份 and 缴费日期) one dates all: the earlier its words stand in the
    definition's list the better, and of two unknown ones the later.
    """
    titles = {fold(c.title): c.index for c in desk.table.of_role("period") if c.index in indexes}
    if len(indexes) > 1 and len(titles) == len(indexes):
        known = [fold(w) for w in desk.definition.words("period")]
        return min(titles.items(), key=lambda t: (_rank(t[0], known), -t[1]))[1]
    left = [c for c in indexes if c < column.index]
    return max(left) if left else min(indexes)


def _rank(title: str, known: list[str]) -> int:
    return known.index(title) if title in known else len(known)


def _join(row: object, column: When) -> object:
    if not isinstance(row, When):
        return column if row is None else row
    if row.part and not column.part:
        return When(column.year or row.year, row.part, row.plain)
    return When(row.year or column.year, column.part or row.part, row.plain and column.plain)


def periods_of(desk: Desk, column: Column, whens: list, values: list) -> list[str | None]:
    """Period texts; rows whose period cannot be read or is another year's are reported once and left out."""
    year = sheet_year(desk)
    texts: dict[int, str] = {}
    strange: dict[int, bool] = {}
    for when in {id(w): w for w in whens}.values():
        if isinstance(when, When):
            text = texts[id(when)] = when.text(year)
            strange[id(when)] = bool(desk.period) and not covers(desk.period, text)
            if when.year:
                desk.draft.explicit_years.add(when.year)
    found: list[str | None] = [texts.get(id(w)) for w in whens]
    if len(texts) == len({id(w) for w in whens}) and not any(strange.values()):
        desk.draft.seen_periods.update(texts.values())
        return found
    others = desk.draft.other_periods
    for i, (r, when, value) in enumerate(zip(desk.labels.rows, whens, values, strict=True)):
        if strange.get(id(when)):
            if value not in ("", None):
                others.setdefault(desk.sheet, []).append((r, column.index, found[i]))
            found[i] = None
        elif found[i] is None and value not in ("", None):
            found[i] = _no_period(desk, column, r, when, value)
    desk.draft.seen_periods.update(p for p in found if p)
    return found


def _no_period(desk: Desk, column: Column, r: int, when: object, value: object) -> str | None:
    if -1 in desk.labels.when and desk.facts.when is None and not desk.table.of_role("period"):
        year = sheet_year(desk)
        when = span(year, *desk.facts.span) if desk.facts.span else When(0, desk.period[5:])
        if when:
            period = when.text(year) if desk.facts.span else desk.period
            desk.draft.seen_periods.add(period)
            return period
    desk.draft.reported.add((desk.sheet, r, column.index))
    period_column = next(iter(desk.table.of_role("period")), column)
    cell = cell_name(r, period_column.index)
    asked = when == "?"
    across = not asked and desk.facts.span and desk.facts.when is None
    why = (
        say("看不出是 1 月还是 10 月")
        if asked
        else say("跨了年度，分不到月")
        if across
        else say("读不出月份")
    )
    issue = Issue(
        "ambiguous_period" if asked else "bad_period",
        "error",
        desk.sheet,
        cell,
        say(
            "“{sheet}”表 {cell} {why}：“{raw}”。",
            sheet=desk.sheet,
            cell=cell,
            why=why,
            raw=desk.table.grid.value(r, period_column.index),
        ),
        say("把月份写成“2024年1月”这样的文字，或在这里选定。"),
    )
    if issue not in desk.draft.issues[-60:]:
        desk.draft.issues.append(issue)
    if asked:
        _ask_month(desk, column, r, value)
    return None


def _ask_month(desk: Desk, column: Column, r: int, value: object) -> None:
    kind = desk.labels.kind[desk.labels.rows.index(r)]
    found = resolve(desk.words, desk.facts, column, *kind_of(desk.labels.kinds[kind]))
    year = sheet_year(desk)
    readings = tuple(
        {"label": say("{month} 月", month=m), "period": f"{year}-{m:02d}", "value": str(value)}
        for m in (1, 10)
    )
    desk.draft.ambiguous.append(
        Ambiguity(
            desk.sheet,
            cell_name(r, column.index),
            "",
            found.item,
            found.measure,
            "",
            "",
            readings,
            say("2024.1 这样的数字既像 1 月又像 10 月"),
        )
    )
