"""The month table of a filing: months down, items across, with everything one must see of a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from django.utils.html import format_html
from django.utils.translation import gettext as _

from surveys.catalog.names import base_unit, column_name, period_name
from surveys.definition import Definition
from surveys.intake.periods import months_in
from ui.formats import number
from ui.tables import Cell, Column, Row, Table, not_applicable, table

ALL = "*"


def facilities_in(rows: Iterable[Mapping]) -> list[str]:
    """The facilities the rows name, '' (the whole university) first."""
    return sorted({row["facility"] for row in rows})


def month_table(
    definition: Definition,
    period: str,
    rows: list[Mapping],
    *,
    facility: str = "",
    marks: Mapping[tuple, str] | None = None,
    link: Callable[[dict], str] | None = None,
    columns: Iterable[tuple[str, str]] = (),
) -> Table:
    """Rows {facility, item, measure, period, value, flag} as a table. `facility` ALL adds the facilities up; `columns`
    (item, measure) are there even if no row has them.

    marks: (item, measure, period) → cell flag (bad, warn); link: key → address of the value's own page.
    """
    values = _values(rows, facility)
    columns = _columns(definition, {(item, measure) for item, measure, _p in values} | set(columns))
    periods = list(months_in(period))
    periods += sorted({p for _i, _m, p in values} - set(periods))
    decimals = {c: _decimals(values, c) for c in columns}
    lines = [
        Row(
            period_name(p),
            tuple(
                _cell(definition, values, (*c, p), facility, marks or {}, link, decimals[c]) for c in columns
            ),
        )
        for p in periods
    ]
    heads = [
        Column(column_name(definition, *c), base_unit(definition, *c), decimals=decimals[c]) for c in columns
    ]
    lines.append(_total(values, columns, months_in(period)))
    return table([Column(_("月份"), kind="text"), *heads], lines, grid=True, frozen=True, label=_("逐月数据"))


def _values(rows: list[Mapping], facility: str) -> dict[tuple, dict]:
    """(item, measure, period) → {value, flag}; over all facilities the known values are added up."""
    found: dict[tuple, dict] = {}
    for row in rows:
        if facility not in (ALL, row["facility"]):
            continue
        key = (row["item"], row["measure"], row["period"])
        there = found.setdefault(key, {"value": None, "flag": row["flag"]})
        if row["value"] is not None:
            there["value"] = (there["value"] or Decimal(0)) + row["value"]
            there["flag"] = row["flag"]
    return found


def _columns(definition: Definition, pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    ordered = [(item.key, measure.key) for item in definition.items for measure in definition.measures]
    return [pair for pair in ordered if pair in pairs] + sorted(pairs - set(ordered))


def _decimals(values: dict[tuple, dict], column: tuple) -> int:
    """The decimals a column needs, at most two: the same for all its cells."""
    known = [
        v["value"]
        for (item, measure, _p), v in values.items()
        if (item, measure) == column and v["value"] is not None
    ]
    return min(2, max((max(0, -value.normalize().as_tuple().exponent) for value in known), default=0))


def _cell(definition, values, key, facility, marks, link, decimals) -> Cell:
    item, measure, period = key
    found = values.get(key)
    flag = marks.get(key, "")
    value = found["value"] if found else None
    if (
        value is None
        and not flag
        and (found is None or found["flag"] != "missing")
        and _out_of_season(definition, item, period)
    ):
        return not_applicable()
    if found and found["flag"] == "not_applicable":
        return not_applicable()
    if not flag and found and found["flag"] == "estimated":
        flag = "est"
    text = None
    if link and facility != ALL:
        address = link({"facility": facility, "item": item, "measure": measure, "period": period})
        text = format_html('<a href="{}">{}</a>', address, number(value, decimals))
    return Cell(value=value, text=text, flag=flag)


def _out_of_season(definition: Definition, item: str, period: str) -> bool:
    try:
        season = definition.item(item).seasonal
    except KeyError:
        return False
    months = definition.seasons.get(season) if season else None
    return months is not None and period[5:7].isdigit() and int(period[5:7]) not in months


def _total(values: dict[tuple, dict], columns: list[tuple], months: Iterable[str]) -> Row:
    """The months added up; a column without a figure stays —."""
    months, sums = set(months), []
    for column in columns:
        known = [
            v["value"]
            for (i, m, p), v in values.items()
            if (i, m) == column and p in months and v["value"] is not None
        ]
        sums.append(Cell(value=sum(known) if known else None))
    return Row(_("合计"), tuple(sums), kind="sum")


def totals(rows: Iterable[Mapping]) -> dict[tuple[str, str], Decimal]:
    """(item, measure) → sum of the known values over facilities and periods."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        if row["value"] is not None:
            key = (row["item"], row["measure"])
            found[key] = found.get(key, Decimal(0)) + row["value"]
    return found


def total_table(definition: Definition, rows: list[Mapping], before: list[Mapping]) -> Table:
    """What would be sealed, in sums: item, quantity and cost, figures, last year, change."""
    now, then = totals(rows), totals(before)
    counts: dict[tuple, int] = {}
    for row in rows:
        if row["value"] is not None:
            key = (row["item"], row["measure"])
            counts[key] = counts.get(key, 0) + 1
    columns = [
        Column(_("项目"), kind="text"),
        Column(_("合计"), key=True),
        Column(_("单位"), kind="text"),
        Column(_("几个数")),
        Column(_("上年")),
        Column(_("变动"), kind="change"),
    ]
    lines = []
    for pair in _columns(definition, set(now)):
        past = then.get(pair)
        change = (now[pair] - past) / past if past else None
        lines.append(
            Row(
                column_name(definition, *pair),
                (
                    Cell(now[pair], text=number(now[pair], min(2, _places(now[pair])))),
                    Cell(base_unit(definition, *pair)),
                    Cell(counts[pair]),
                    Cell(past, text=number(past, 0) if past is not None else None),
                    Cell(change),
                ),
            )
        )
    return table(columns, lines, stack=True, label=_("合计"))


def _places(value: Decimal) -> int:
    return max(0, -value.normalize().as_tuple().exponent)
