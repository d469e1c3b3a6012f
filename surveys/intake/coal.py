"""Standard coal worked out by the clerk: never loaded, compared with what the platform works out itself."""

from __future__ import annotations

from decimal import Decimal

from surveys.definition.said import fill, frame, say, term
from surveys.intake.desk import Desk
from surveys.intake.headers import Column
from surveys.intake.references import cell_name
from surveys.intake.result import Issue
from surveys.intake.totals import tolerance
from surveys.intake.units import fold

NEAR = Decimal("0.01")
THOUSAND = Decimal(1000)
AS_IT_STANDS = frame(
    "“{sheet}”表 {cell} {name}的能耗填的是 {value}，和用量是同一个数，没有折成标准煤；约为 {expected}。"
)


def check_coal(desk: Desk, first: int) -> None:
    """Compare the coal columns of one table with its quantities, which stand in the draft from `first` on."""
    for column in desk.table.of_role("coal"):
        amounts = _amounts(desk, column, first)
        for r, (item, exact, raw) in amounts.items():
            _compare(desk, column, r, item, Decimal(exact), raw)
        _sum(desk, column)


def _amounts(desk: Desk, column: Column, first: int) -> dict[int, tuple[str, str, str]]:
    """Per row its one quantity: (item, exact, raw); rows with several are of a sum that no one item explains."""
    draft, found, several = desk.draft, {}, set()
    quantity = next((m.key for m in desk.definition.measures if m.unit_from == "item"), "")
    for k in range(first, len(draft.item)):
        if draft.measure[k] != quantity or not draft.exact[k]:
            continue
        if column.label.items and draft.item[k] not in column.label.items:
            continue
        r = draft.row[k]
        several |= {r} if r in found else set()
        found[r] = (draft.item[k], draft.exact[k], str(draft.raw[k]))
    return {r: one for r, one in found.items() if r not in several}


def _number(desk: Desk, r: int, column: Column) -> Decimal | None:
    clean = desk.cleaner.clean(desk.table.grid.value(r, column.index))
    return Decimal(clean.exact) * Decimal(clean.scale) if clean.state == "number" else None


def _compare(desk: Desk, column: Column, r: int, item: str, amount: Decimal, raw: str) -> None:
    stated = _number(desk, r, column)
    factors = [Decimal(s.kgce[item]) for s in desk.definition.factor_sets if item in s.kgce]
    if stated is None or not stated or not amount or not factors:
        return
    in_kilograms = any(fold(w) in fold(column.title) for w in desk.definition.words("coal_kg"))
    per = Decimal(1) if in_kilograms else THOUSAND
    ratios = [stated * per / (amount * f) for f in factors]
    expected = f"{amount * factors[0] / per:.6g}"
    where = cell_name(r, column.index)
    about = {"sheet": desk.sheet, "cell": where, "value": f"{stated:f}", "expected": expected,
             "name": term(desk.definition.item(item).name)}  # fmt: skip
    if any(abs(x - 1) <= NEAR for x in ratios):
        return
    if f"{stated:f}" == _plain(raw):
        text = fill(AS_IT_STANDS, **about)
        kind, severity = "coal_not_converted", "error"
    elif any(abs(x / THOUSAND - 1) <= NEAR for x in ratios):
        text = say(
            "“{sheet}”表 {cell} {name}折标填的是 {value}，大了 1000 倍：这个数的单位应为 kgce。", **about
        )
        kind, severity = "coal_mismatch", "warning"
    else:
        text = say("“{sheet}”表 {cell} {name}折标填的是 {value}，按用量和系数是 {expected}。", **about)
        kind, severity = "coal_mismatch", "warning"
    remedy = say("折标由平台按用量计算，这一列不写入；核对用量和它的单位，或改这一列。")
    desk.draft.reported.add((desk.sheet, r, column.index))
    desk.draft.issues.append(
        Issue(
            kind, severity, desk.sheet, where, text, remedy, item=item, value=f"{stated:f}", expected=expected
        )
    )


def _plain(raw: str) -> str:
    return raw.removesuffix(".0")


def _sum(desk: Desk, column: Column) -> None:
    """A row of 总能耗 or 合计 against the coal of the rows above it."""
    parts = [n for r in desk.table.data_rows if (n := _number(desk, r, column)) is not None]
    for r in (*desk.table.aside_rows, *desk.table.total_rows):
        stated, total = _number(desk, r, column), sum(parts, Decimal(0))
        value = desk.table.grid.value(r, column.index)
        if (
            stated is None
            or not parts
            or abs(stated - total) <= Decimal(tolerance(value, float(stated), len(parts)))
        ):
            continue
        where = cell_name(r, column.index)
        text = say("“{sheet}”表 {cell} 合计填的是 {stated}，各项相加是 {total}。", sheet=desk.sheet, cell=where,
                   stated=f"{stated:f}", total=f"{total:f}")  # fmt: skip
        desk.draft.reported.add((desk.sheet, r, column.index))
        desk.draft.issues.append(
            Issue("subtotal_mismatch", "warning", desk.sheet, where, text, say("核对合计和分项，改错的一处。"),
                  rule="V10", value=f"{stated:f}", expected=f"{total:f}")
        )  # fmt: skip
