"""From a laid-out table to figures: every data cell becomes a figure, a finding, or a blank."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

from surveys.definition import Definition
from surveys.intake.draft import Blank, Draft
from surveys.intake.headers import Column
from surveys.intake.layout import Table
from surveys.intake.mapping import Resolution, resolve
from surveys.intake.margins import SheetFacts
from surveys.intake.numbers import Cleaned, Cleaner, plain, times
from surveys.intake.periods import When, covers, month_of
from surveys.intake.result import Ambiguity, Issue, MappingEntry
from surveys.intake.rows import RowLabels, read_rows
from surveys.intake.sniff import cell_name
from surveys.intake.words import Vocabulary

_HUGE = float("inf")
SAY = {"blank": "是空的", "placeholder": "填的是“{raw}”", "pending": "填的是“{raw}”"}


@dataclass
class Desk:
    """What extraction needs at hand for one table."""

    draft: Draft
    definition: Definition
    words: Vocabulary
    cleaner: Cleaner
    facts: SheetFacts
    table: Table
    period: str
    labels: RowLabels

    @property
    def sheet(self) -> str:
        return self.table.grid.sheet.name


def extract(
    draft: Draft, table: Table, facts: SheetFacts, words: Vocabulary, cleaner: Cleaner, period: str
) -> Desk:
    """Add the figures and findings of one table to the draft."""
    desk = Desk(draft, words.definition, words, cleaner, facts, table, period, read_rows(table, words))
    for column in table.columns:
        if column.role == "data":
            _column(desk, column)
        elif column.role == "unknown":
            _unknown(desk, column)
        elif column.role.startswith("denominator"):
            _denominator(desk, column)
    return desk


def _column(desk: Desk, column: Column) -> None:
    """All cells of one data column."""
    resolutions = [resolve(desk.definition, desk.facts, column, *_kind(kind)) for kind in desk.labels.kinds]
    values = _values(desk, column.index)
    if not any(v not in ("", None) for v in values):
        _empty(desk, column, resolutions)
        return
    whens = _whens(desk, column)
    facilities = desk.labels.facility
    if column.facility:
        facilities = (
            [f or column.facility for f in facilities] if any(facilities) else [column.facility] * len(values)
        )
    elif desk.facts.facility or any(s.text for s in desk.table.section_of.values()):
        facilities = [
            f or _section_place(desk, r) or desk.facts.facility
            for f, r in zip(facilities, desk.labels.rows, strict=True)
        ]
    problems = _report_problems(desk, column, resolutions, values)
    _note_mapping(desk, column, resolutions, problems)
    periods = _periods(desk, column, whens, values)
    ready = [found.problem == "" for found in resolutions]
    kinds = desk.labels.kind
    usual = [
        type(v) is float and v >= 0 and v < _HUGE and p is not None and ready[k]
        for v, p, k in zip(values, periods, kinds, strict=True)
    ]
    if all(usual):
        _bulk(desk, column.index, resolutions, values, periods, facilities, kinds, desk.labels.rows)
        return
    lists = (values, periods, facilities, kinds, desk.labels.rows)
    _bulk(desk, column.index, resolutions, *(list(compress(part, usual)) for part in lists))
    for plainly, value, period, facility, kind, r in zip(usual, *lists, strict=True):
        if not plainly and period is not None:
            _single(desk, resolutions[kind], facility, period, r, column.index, value)


def _bulk(
    desk: Desk, c: int, resolutions: list[Resolution], values: list, periods: list, facilities: list, kinds: list,
    rows: list,
) -> None:  # fmt: skip
    """The many ordinary cells at once: non-negative numbers with a period and a meaning."""
    draft = desk.draft
    items, measures, factors = (
        [getattr(found, name) for found in resolutions] for name in ("item", "measure", "factor")
    )
    raw = exact = list(map(plain, values))
    if any(f != "1" for f in factors):
        exact = [e if factors[k] == "1" else times(e, factors[k]) for e, k in zip(exact, kinds, strict=True)]
    draft.facility += facilities
    draft.item += [items[k] for k in kinds]
    draft.measure += [measures[k] for k in kinds]
    draft.period += periods
    draft.exact += exact
    draft.flag += [""] * len(values)
    draft.text += [""] * len(values)
    draft.sheet += [desk.sheet] * len(values)
    draft.row += rows
    draft.column += [c] * len(values)
    draft.raw += raw
    draft.factor += [factors[k] for k in kinds]


def _single(desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object) -> None:
    if found.problem:
        if value not in ("", None):
            desk.draft.reported.add((desk.sheet, r, c))
            if found.readings:
                _ask_unit(desk, found, facility, period, r, c, value)
        return
    _cell(desk, found, facility, period, r, c, value)


def _kind(kind: tuple) -> tuple:
    labels, unit, section = kind
    return labels, section, unit


def _values(desk: Desk, c: int) -> list:
    rows = desk.table.grid.rows
    sheet = desk.table.grid.sheet
    values = [rows[r][c] if c < len(rows[r]) else "" for r in desk.labels.rows]
    if sheet.faults or sheet.no_value:
        for i, r in enumerate(desk.labels.rows):
            if (r, c) in sheet.faults:
                values[i] = sheet.faults[r, c]
            elif (r, c) in sheet.no_value:
                values[i] = "="
    return values


def _section_place(desk: Desk, r: int) -> str:
    from surveys.intake.headers import is_facility
    from surveys.intake.rows import clean_name

    section = desk.table.section_of.get(r)
    return clean_name(section.text) if section and is_facility(section, desk.words) else ""


def _whens(desk: Desk, column: Column) -> list:
    """The period of each row for one column: of the nearest period column at its left, joined with its header."""
    lists = desk.labels.when
    left = [c for c in lists if c < column.index]
    rows = lists[max(left) if left else min(lists)]
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
    if when is None:
        return rows
    return [_join(row, when) for row in rows]


def _join(row: object, column: When) -> object:
    if not isinstance(row, When):
        return column if row is None else row
    if row.part and not column.part:
        return When(column.year or row.year, row.part, row.plain)
    return When(row.year or column.year, column.part or row.part, row.plain and column.plain)


def _periods(desk: Desk, column: Column, whens: list, values: list) -> list[str | None]:
    """Period texts; rows whose period cannot be read or is another year's are reported once and left out."""
    year = _sheet_year(desk)
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


def _sheet_year(desk: Desk) -> int:
    years = desk.facts.years
    wanted = int(desk.period[:4]) if desk.period[:4].isdigit() else 0
    if desk.facts.when and desk.facts.when.year:
        return desk.facts.when.year
    return wanted if wanted in years or not years else years[0]


def _no_period(desk: Desk, column: Column, r: int, when: object, value: object) -> str | None:
    if -1 in desk.labels.when and desk.facts.when is None and not desk.table.of_role("period"):
        desk.draft.seen_periods.add(desk.period)
        return desk.period
    desk.draft.reported.add((desk.sheet, r, column.index))
    period_column = next(iter(desk.table.of_role("period")), column)
    cell = cell_name(r, period_column.index)
    asked = when == "?"
    message = "看不出是 1 月还是 10 月" if asked else "读不出月份"
    issue = Issue(
        "ambiguous_period" if asked else "bad_period",
        "error",
        desk.sheet,
        cell,
        f"“{desk.sheet}”表 {cell} {message}：“{desk.table.grid.value(r, period_column.index)}”。",
        "把月份写成“2024年1月”这样的文字，或在这里选定。",
    )
    if issue not in desk.draft.issues[-60:]:
        desk.draft.issues.append(issue)
    if asked:
        _ask_month(desk, column, r, value)
    return None


def _ask_month(desk: Desk, column: Column, r: int, value: object) -> None:
    kind = desk.labels.kind[desk.labels.rows.index(r)]
    found = resolve(desk.definition, desk.facts, column, *_kind(desk.labels.kinds[kind]))
    year = _sheet_year(desk)
    readings = tuple({"label": f"{m} 月", "period": f"{year}-{m:02d}", "value": str(value)} for m in (1, 10))
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
            "2024.1 这样的数字既像 1 月又像 10 月",
        )
    )


def _cell(desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object) -> None:
    """A cell that is not simply a non-negative number."""
    if value in ("", None):
        desk.draft.blanks.append(Blank(desk.sheet, r, c, facility, found.item, found.measure, period))
        return
    if value == "=":
        _no_value(desk, found, facility, period, r, c)
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
    factor = found.factor
    where = cell_name(r, c)
    if clean.scale != "1":
        factor = (
            clean.scale if _bare(found) else factor if factor == clean.scale else times(factor, clean.scale)
        )
    elif clean.unit:
        own = _cell_factor(desk, found, clean.unit)
        if own is None:
            _bad(
                desk,
                found,
                facility,
                period,
                r,
                c,
                value,
                Cleaned(
                    "bad", kind="unit_unknown", message=f"的单位“{clean.unit}”不能用于{_name(desk, found)}"
                ),
            )
            return
        factor = own
    exact = times(clean.exact, factor)
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
                f"“{desk.sheet}”表 {where} “{value}”是约数，按 {exact} 写入并标为估计值。",
                "能查到准数就改成准数；查不到就写明怎么估的。",
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
                f"“{desk.sheet}”表 {where} “{value}”带单位，按 ×{factor} 换算。",
                "",
                item=found.item,
                measure=found.measure,
                period=period,
                facility=facility,
            )
        )


def _bare(found: Resolution) -> bool:
    return found.factor == "1"


def _cell_factor(desk: Desk, found: Resolution, unit: str) -> str | None:
    """The factor of a unit written in a cell, or None if the item does not take it."""
    from surveys.intake.mapping import _product

    parsed = desk.words.units.parse(unit)
    measure = desk.definition.measure(found.measure)
    accept = desk.definition.item(found.item).accept if measure.unit_from == "item" else measure.accept
    return _product(accept[parsed.key], parsed.scale) if parsed and parsed.key in accept else None


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
    what = f"{definition.item(item).name}{definition.measure(measure).name}"
    if kind == "not_applicable":
        draft.issues.append(
            Issue(
                "not_applicable",
                "info",
                sheet,
                where,
                f"“{sheet}”表 {where} {what}不适用，不当作 0。",
                "",
                facility=facility,
                item=item,
                measure=measure,
                period=period,
            )
        )
        return
    said = SAY.get(kind, "没有数").format(raw=str(value).strip())
    if off:
        draft.issues.append(
            Issue(
                "missing",
                "info",
                sheet,
                where,
                f"“{sheet}”表 {where} 非采暖月的{what}{said}，不当作 0。",
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
            f"“{sheet}”表 {where} {period} {what}{said}，按缺报处理，不当作 0。",
            "补上数值；确实没有用就填 0；查不到就写明原因。",
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
    remedy = {
        "negative": "核对读数；换表就分段填，冲账就填净额。",
        "excel_error": "在 Excel 里修好公式，或改成数值。",
    }
    desk.draft.issues.append(
        Issue(
            clean.kind,
            "error",
            desk.sheet,
            where,
            f"“{desk.sheet}”表 {where} {period} {_name(desk, found)}{clean.message}。",
            remedy.get(clean.kind, "改成纯数字，单位写在表头。"),
            facility=facility,
            item=found.item,
            measure=found.measure,
            period=period,
            value=str(value),
        )
    )


def _no_value(desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int) -> None:
    """A formula whose result was never stored: asked, with quantity × unit price as the suggestion if there is one."""
    where = cell_name(r, c)
    desk.draft.reported.add((desk.sheet, r, c))
    suggested = _by_price(desk, found, r)
    hint = f"用量 × 单价 = {suggested}" if suggested else ""
    desk.draft.issues.append(
        Issue(
            "formula_without_value",
            "error",
            desk.sheet,
            where,
            f"“{desk.sheet}”表 {where} {period} {_name(desk, found)}是公式，文件里没有存下结果。",
            "在 Excel 里选中它，复制，选择性粘贴为数值，再上传。"
            + (f"可能是 {suggested}（{hint}）。" if suggested else ""),
            facility=facility,
            item=found.item,
            measure=found.measure,
            period=period,
            expected=suggested,
            fix={"action": "set", "value": suggested} if suggested else None,
        )
    )
    readings = ({"label": hint, "value": suggested},) if suggested else ()
    desk.draft.ambiguous.append(
        Ambiguity(
            desk.sheet,
            where,
            facility,
            found.item,
            found.measure,
            period,
            suggested,
            readings,
            "公式没有存下结果",
        )
    )


def _by_price(desk: Desk, found: Resolution, r: int) -> str:
    """Quantity × unit price of the same row and item, rounded to cents; '' if either is not there."""
    if desk.definition.measure(found.measure).unit_from == "item":
        return ""
    row = desk.table.grid.rows[r]
    price = next(
        (
            row[c.index]
            for c in desk.table.of_role("price")
            if c.label.item == found.item and isinstance(row[c.index], float)
        ),
        None,
    )
    amount = next(
        (
            row[c.index]
            for c in desk.table.of_role("data")
            if c.label.item == found.item
            and c.label.measure != found.measure
            and isinstance(row[c.index], float)
        ),
        None,
    )
    if price is None or amount is None:
        return ""
    from decimal import Decimal

    return format((Decimal(plain(price)) * Decimal(plain(amount))).quantize(Decimal("0.01")).normalize(), "f")


def _name(desk: Desk, found: Resolution) -> str:
    return f"{desk.definition.item(found.item).name}{desk.definition.measure(found.measure).name}"


def _empty(desk: Desk, column: Column, resolutions: list[Resolution]) -> None:
    _note_mapping(desk, column, [r for r in resolutions if r.item and not r.problem], set())


def _report_problems(desk: Desk, column: Column, resolutions: list[Resolution], values: list) -> set[int]:
    """One finding per column or row label that cannot be loaded; returns the kinds concerned."""
    used = {k for k, v in zip(desk.labels.kind, values, strict=True) if v not in ("", None)}
    said: set[tuple] = set()
    for k in sorted(used):
        found = resolutions[k]
        if not found.problem or (found.problem, found.key, found.unit) in said:
            continue
        said.add((found.problem, found.key, found.unit))
        r, c = _where_said(desk, column, k, found)
        cell = cell_name(r, c)
        text = str(desk.table.grid.value(r, c)).strip()
        severity = (
            "warning"
            if found.problem == "unmapped_column" and not found.measure and not _kind_items(desk, column, k)
            else "error"
        )
        desk.draft.issues.append(
            Issue(
                found.problem,
                severity,
                desk.sheet,
                cell,
                f"“{desk.sheet}”表 {cell} “{text}”{found.note}，这些数没有写入。",
                "在“对应关系”里选定它是什么、什么单位；选一次，以后都记住。",
                item=found.item,
                measure=found.measure,
            )
        )
    return {k for k in used if resolutions[k].problem}


def _kind_items(desk: Desk, column: Column, k: int) -> bool:
    labels, _, _ = desk.labels.kinds[k]
    return bool(column.label.items or any(x.items for x in labels))


def _where_said(desk: Desk, column: Column, k: int, found: Resolution) -> tuple[int, int]:
    """The cell to point to: the unit, the row label, or the header."""
    first = desk.labels.rows[desk.labels.kind.index(k)]
    if (
        found.unit_from == "cell"
        or (found.problem.startswith("unit") and desk.labels.unit_column is not None)
    ) and desk.labels.unit_column is not None:
        return first, desk.labels.unit_column
    if found.unit_from == "row" or (not column.label.items and any(x.items for x in desk.labels.kinds[k][0])):
        item = next((c.index for c in reversed(desk.table.of_role("item"))), None)
        if item is not None and (found.unit_from == "row" or found.problem):
            return first, item
    return column.unit_at or column.at


def _note_mapping(desk: Desk, column: Column, resolutions: list[Resolution], problems: set[int]) -> None:
    draft = desk.draft
    for k, found in enumerate(resolutions):
        at = cell_name(*column.at)
        rows = "_".join(x.text for x in desk.labels.kinds[k][0]) if k < len(desk.labels.kinds) else ""
        header = (
            "_".join(t for t in (column.title if not column.label.when else "", rows) if t) or column.title
        )
        if not found.item and not found.problem:
            continue
        entry = MappingEntry(
            desk.sheet,
            at,
            header,
            found.item,
            found.measure,
            found.unit,
            found.factor,
            found.confidence,
            found.source,
            found.key,
        )
        mark = (entry.header, entry.item, entry.measure, entry.unit, entry.factor)
        if not any((e.header, e.item, e.measure, e.unit, e.factor) == mark for e in draft.mapping):
            draft.mapping.append(entry)
        if found.item and not found.problem and k < len(desk.labels.kinds):
            seen = draft.units_seen.setdefault((found.item, found.measure), {})
            r, c = _where_said(desk, column, k, found)
            seen.setdefault((found.unit, found.factor), (desk.sheet, r, c))


def _ask_unit(
    desk: Desk, found: Resolution, facility: str, period: str, r: int, c: int, value: object
) -> None:
    clean = desk.cleaner.clean(value)
    if clean.state != "number":
        return
    readings = tuple(
        {"label": f"按 {unit}", "value": times(clean.exact, factor)} for unit, factor in found.readings
    )
    desk.draft.ambiguous.append(
        Ambiguity(
            desk.sheet,
            cell_name(r, c),
            facility,
            found.item,
            found.measure,
            period,
            "",
            readings,
            "没有写单位",
        )
    )


def _unknown(desk: Desk, column: Column) -> None:
    """A column of numbers nobody explained: reported, not guessed."""
    cell = cell_name(*column.at)
    title = column.title.replace("\n", "") or "（没有表头）"
    desk.draft.issues.append(
        Issue(
            "unmapped_column",
            "warning",
            desk.sheet,
            cell,
            f"“{desk.sheet}”表 {cell} “{title}”没有认出来，这一列没有写入。",
            "在“对应关系”里选定它是什么，或选“不用”。",
        )
    )
    desk.draft.mapping.append(MappingEntry(desk.sheet, cell, title, "", "", "", "1", 0.0, "content", title))
    for r in desk.labels.rows:
        desk.draft.reported.add((desk.sheet, r, column.index))


def _denominator(desk: Desk, column: Column) -> None:
    key = column.role.partition(":")[2]
    for r, facility in zip(desk.labels.rows, desk.labels.facility, strict=True):
        clean = desk.cleaner.clean(desk.table.grid.value(r, column.index))
        if clean.state == "number":
            desk.draft.denominators.append(
                {
                    "key": key,
                    "facility": facility,
                    "value": clean.exact,
                    "sheet": desk.sheet,
                    "cell": cell_name(r, column.index),
                }
            )
