"""The period of every cell of a column: from its row, its header, its section or its sheet."""

from __future__ import annotations

from dataclasses import replace

from surveys.definition.said import say, term
from surveys.intake.desk import Desk, kind_of, sheet_year
from surveys.intake.headers import Column
from surveys.intake.mapping import resolve
from surveys.intake.margins import SCHOOL_YEAR
from surveys.intake.numbers import times
from surveys.intake.periods import When, covers, span
from surveys.intake.references import cell_name
from surveys.intake.result import Ambiguity, Issue
from surveys.intake.units import fold

# the month a school year begins with
SCHOOL_STARTS = 9
# rows in which the header of a table beside may stand
LOOKED_AT = 40


def whens_of(desk: Desk, column: Column) -> list:
    """The period of each row for one column: of the nearest period column at its left, joined with its header."""
    lists = desk.labels.when
    chosen = _period_column(desk, column, list(lists))
    rows = lists[chosen]
    if chosen > column.index and _begins_below(desk, chosen):
        # the months of another table, in other rows than these figures
        rows = [None] * len(rows)
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


def _begins_below(desk: Desk, c: int) -> bool:
    """Whether the header of a column of months stands among its rows: a table beside this one begins there."""
    values = [desk.table.grid.value(r, c) for r in desk.labels.rows[:LOOKED_AT]]
    return any(isinstance(v, str) and desk.words.label(v).role == "period" for v in values)


def _period_column(desk: Desk, column: Column, indexes: list[int]) -> int:
    """Which period column dates a figure column: the nearest at its left where a table is set in blocks side by side.

    Where the period columns differ (所属月份 and 缴费日期) one dates all: the earlier its words stand in the
    definition's list the better, and of two unknown ones the later.
    """
    titles = {fold(c.title): c.index for c in desk.table.of_role("period") if c.index in indexes}
    if len(indexes) > 1 and len(titles) == len(indexes):
        known = [fold(w) for w in desk.definition.words("period")]
        between = any(min(indexes) < c.index < max(indexes) for c in desk.table.of_role("data"))
        if between and not all(t in known for t in titles):
            return max([c for c in indexes if c < column.index], default=min(indexes))
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
    whens = _in_school_year(desk, whens, year)
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
            found[i] = _no_period(desk, column, i, when, value)
    desk.draft.seen_periods.update(p for p in found if p)
    return found


def _in_school_year(desk: Desk, whens: list, year: int) -> list:
    """Months without a year under 2023-2024学年 or 采暖季 that are another year's by the calendar: two readings."""
    first = desk.facts.school_year
    if not first:
        return whens
    read: dict[int, object] = {}
    for when in {id(w): w for w in whens}.values():
        read[id(when)] = when
        if isinstance(when, When) and not when.year and when.month:
            of_school = when.text(first + (when.month < SCHOOL_STARTS))
            if of_school != when.text(year):
                read[id(when)] = (of_school, when.text(year))
    return [read[id(w)] for w in whens]


def _no_period(desk: Desk, column: Column, i: int, when: object, value: object) -> str | None:
    r = desk.labels.rows[i]
    dated = any(s.when for s in desk.table.section_of.values())
    if -1 in desk.labels.when and desk.facts.when is None and not desk.table.of_role("period") and not dated:
        year = sheet_year(desk)
        when = span(year, *desk.facts.span) if desk.facts.span else When(0, desk.period[5:])
        if when:
            period = when.text(year) if desk.facts.span else desk.period
            desk.draft.seen_periods.add(period)
            return period
    desk.draft.reported.add((desk.sheet, r, column.index))
    period_column = next(iter(desk.table.of_role("period")), column)
    cell = cell_name(r, period_column.index)
    raw = desk.table.grid.value(r, period_column.index)
    readings = _readings(desk, when, raw)
    kind = "bad_period" if not readings else "ambiguous_period" if when == "?" else "school_year"
    issue = Issue(
        kind,
        "error",
        desk.sheet,
        cell,
        say(
            "“{sheet}”表 {cell} {why}：“{raw}”。",
            sheet=desk.sheet,
            cell=cell,
            why=_why(desk, kind, raw),
            raw=raw,
        ),
        say("把月份写成“2024年1月”这样的文字，或在这里选定。"),
    )
    if issue not in desk.draft.issues[-60:]:
        desk.draft.issues.append(issue)
    if readings:
        _ask_month(desk, column, i, value, readings, kind)
    return None


def _readings(desk: Desk, when: object, raw: object) -> tuple[tuple[str, str], ...]:
    """The periods a cell may mean, each with what it is called; () where it means none."""
    if when == "?":
        # 2024.1 and 24.1 name their year before the point
        year = int(str(raw).partition(".")[0]) % 100 + 2000
        return tuple((say("{month} 月", month=m), f"{year}-{m:02d}") for m in (1, 10))
    if isinstance(when, tuple):
        of_school, of_calendar = when
        return (
            (say("按标题跨的两年，{period}", period=of_school), of_school),
            (say("按自然年，{period}", period=of_calendar), of_calendar),
        )
    return ()


def _why(desk: Desk, kind: str, raw: object) -> str:
    """Why no month could be told."""
    if kind == "ambiguous_period":
        return say("看不出是 1 月还是 10 月")
    if kind == "school_year":
        return say("标题跨两个年度，看不出是哪一年的")
    text = str(raw)
    if SCHOOL_YEAR in text:
        return say("学年跨了两个自然年，分不到月")
    if season := desk.words.season_in(text):
        note = desk.definition.body["season"][season].get("note", "")
        return say("采暖季跨了年度，分不到月（{note}）", note=term(note))
    if desk.facts.span and desk.facts.when is None:
        return say("跨了年度，分不到月")
    return say("读不出月份")


def _ask_month(desk: Desk, column: Column, i: int, value: object, periods: tuple, kind: str) -> None:
    r, label = desk.labels.rows[i], desk.labels.kind[i]
    found = resolve(desk.words, desk.facts, column, *kind_of(desk.labels.kinds[label]))
    clean = desk.cleaner.clean(value)
    exact = times(clean.exact, found.factor) if clean.state == "number" else str(value)
    readings = tuple({"label": called, "period": period, "value": exact} for called, period in periods)
    desk.draft.ambiguous.append(
        Ambiguity(
            desk.sheet,
            cell_name(r, column.index),
            desk.labels.facility[i] or column.facility or desk.facts.facility,
            found.item,
            found.measure,
            "",
            "",
            readings,
            say("2024.1 这样的数字既像 1 月又像 10 月")
            if kind == "ambiguous_period"
            else say("标题跨两个年度"),
        )
    )
