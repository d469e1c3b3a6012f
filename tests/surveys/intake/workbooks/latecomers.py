"""A second handful of workbooks thought of after the readers were mended."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CAMPUSES,
    MONTHS,
    NAMES,
    WORDS,
    Office,
    Paper,
    Workbook,
)


def days_added_up(o: Office) -> Workbook:
    """A month on each sheet with its monthly sum on top and ten-day periods below: only the sum is the month."""
    papers = []
    for m in MONTHS:
        p = Paper(f"{m}月", o)
        p.write(0, 0, f"2024年{m}月用电用水旬报")
        p.line(1, 0, [o.pick("旬", "时段"), "用电量（度）", "用水量（吨）"])
        names = ("上旬", "中旬", "下旬")
        for k, item in enumerate(("electricity", "water")):
            whole = p.figure(5, 1 + k, "", item, "quantity", m)
            parts = [round(whole / 3), round(whole / 4)]
            for n, value in enumerate((*parts, whole - sum(parts))):
                p.same(2 + n, 1 + k, value)
        for n, name in enumerate((*names, "合计")):
            p.write(2 + n, 0, name)
        papers.append(p)
    return Workbook(papers)


def english_sheet_per_campus(o: Office) -> Workbook:
    """English throughout: a sheet per campus, months across, carriers with a unit in brackets and cost rows below."""
    papers = []
    for name in o.some(CAMPUSES, 2, 2, 3):
        p = Paper(name, o)
        p.write(0, 0, "Utilities Report FY2024")
        p.line(
            1,
            0,
            [
                "Utility",
                *o.pick([f"{m}月" for m in MONTHS], [f"2024-{m:02d}" for m in MONTHS]),
                "Annual total",
            ],
        )
        rows = [("electricity", "quantity", "Electricity usage (kWh)"), ("electricity", "cost", "Electricity cost (CNY)"),  # noqa: E501
                ("water", "quantity", "Water usage (m3)"), ("water", "cost", "Water cost (CNY)"),
                ("natural_gas", "quantity", "Natural gas usage (m3)")]  # fmt: skip
        for n, (item, measure, head) in enumerate(rows):
            p.write(2 + n, 0, head)
            p.same(2 + n, 13, sum(p.figure(2 + n, m, name, item, measure, m) for m in MONTHS))
        papers.append(p)
    return Workbook(papers, name="Utilities 2024.xlsx")


def per_head_and_area_beside(o: Office) -> Workbook:
    """Month sheets of buildings with area, people, per-area and per-head figures between the quantities."""
    papers, names = [], o.some(BUILDINGS, 3, 4, 6)
    for m in MONTHS:
        p = Paper(f"2024.{m}" if not o.seed else o.pick(f"{m}月", f"2024年{m}月"), o)
        p.write(0, 0, f"{m}月建筑能耗公示", across=8)
        p.line(
            1,
            0,
            ["建筑名称", "面积(㎡)", "人数", "用电量(kWh)", "单位面积电耗", "用水量(m³)", "人均水耗", "排名"],
        )
        for n, name in enumerate(names):
            p.line(2 + n, 0, [name, 7000.0 + 90 * n, 300.0 + n])
            used = p.figure(2 + n, 3, name, "electricity", "quantity", m)
            p.same(2 + n, 4, round(float(used) / (7000 + 90 * n), 3))
            drunk = p.figure(2 + n, 5, name, "water", "quantity", m)
            p.same(2 + n, 6, round(float(drunk) / (300 + n), 3))
            p.same(2 + n, 7, n + 1)
        papers.append(p)
    return Workbook(papers)


def fuel_cards(o: Office) -> Workbook:
    """A list of fuel cards: day, plate, kind of oil, litres, price, amount; many lines a month, a sum of each month."""
    p = Paper("加油", o)
    p.line(0, 0, ["加油日期", "车牌号", "油品", "数量(升)", "单价", "金额(元)"])
    r = 1
    for m in MONTHS:
        for item, word in (("gasoline", "92#汽油"), ("diesel", "0#柴油")):
            whole, paid = (o.number("", item, q, m) for q in ("quantity", "cost"))
            p.line(r, 0, [datetime.datetime(2024, m, 9), "A12345", word])
            p.amount(r, 3, "", item, "quantity", f"2024-{m:02d}", whole)
            p.write(r, 4, 7.8 if item == "gasoline" else 7.2)
            p.amount(r, 5, "", item, "cost", f"2024-{m:02d}", paid)
            r += 1
    return Workbook([p])


def two_header_rows_far_apart(o: Office) -> Workbook:
    """Group heads, an empty row, then the names of the columns; months with a blank row after each quarter."""
    p = Paper("台帐", o)
    columns = [(i, *o.unit(i)) for i in o.some(("electricity", "water", "natural_gas"), 2, 3, 3)]
    p.write(0, 0, "能源台账")
    p.write(1, 0, "2024年")
    for k, (item, unit, _) in enumerate(columns):
        p.write(3, 1 + 2 * k, o.pick(*NAMES[item]), across=2)
        p.line(5, 1 + 2 * k, [f"用量({unit})", "费用(元)"])
    p.write(5, 0, "月份")
    for m in MONTHS:
        r = 6 + m + (m - 1) // 3
        p.write(r, 0, f"{m}月")
        for k, (item, _, scale) in enumerate(columns):
            p.figure(r, 1 + 2 * k, "", item, "quantity", m, scale)
            p.figure(r, 2 + 2 * k, "", item, "cost", m)
    return Workbook([p])


def campus_columns_with_last_year(o: Office) -> Workbook:
    """For one carrier: campuses across, 本年 and 上年 under each, months down, sums right and below."""
    p = Paper(o.pick("电", "用电"), o)
    campuses = o.some(CAMPUSES, 2, 3, 4)
    unit, scale = o.unit("electricity")
    own, last = o.pick(("2024年", "2023年"), ("本年", "上年"), ("本期", "同期"))
    p.write(0, 0, f"2024年与2023年分校区{WORDS['electricity'][0]}对比（{unit}）")
    p.write(1, 0, "月份", down=2)
    for k, campus in enumerate((*campuses, "合计")):
        p.write(1, 1 + 2 * k, campus, across=2)
        p.line(2, 1 + 2 * k, [own, last])
    for m in MONTHS:
        p.write(2 + m, 0, f"{m}月")
        sums = [Decimal(0), Decimal(0)]
        for k, campus in enumerate(campuses):
            used = p.figure(2 + m, 1 + 2 * k, campus, "electricity", "quantity", m, scale)
            was = round(used * Decimal("0.96"), 4)
            p.same(2 + m, 2 + 2 * k, was)
            sums = [sums[0] + used, sums[1] + was]
        for n in (0, 1):
            p.same(2 + m, 1 + 2 * len(campuses) + n, sums[n])
    return Workbook([p])


def bills_with_late_fees(o: Office) -> Workbook:
    """A list of bills whose money is in parts: basic charge, metered charge, late fee, and what is payable."""
    p = Paper("电费账单", o)
    p.line(0, 0, ["账单月份", "有功电量(kWh)", "基本电费(元)", "电度电费(元)", "功率因数调整电费(元)", "违约金(元)",
                  o.pick("应付电费(元)", "电费合计(元)", "总电费（元）")])  # fmt: skip
    for m in MONTHS:
        p.write(m, 0, o.pick(f"2024-{m:02d}", f"2024{m:02d}"))
        p.figure(m, 1, "", "electricity", "quantity", m)
        paid = p.figure(m, 6, "", "electricity", "cost", m)
        parts = [round(paid / 5, 2), round(paid / 50, 2), Decimal(0)]
        for c, value in ((2, parts[0]), (4, -parts[1]), (5, parts[2]), (3, paid - parts[0] + parts[1])):
            p.same(m, c, value)
    return Workbook([p])


def costs_in_sections(o: Office) -> Workbook:
    """Month blocks side by side in two rows of six, each with carriers down, use and amount."""
    p = Paper("月报汇总", o)
    p.write(0, 0, "2024年水电气月报汇总", across=23)
    items = [
        (i, {"electricity": "度", "water": "吨"}.get(i, "方"))
        for i in ("electricity", "water", "natural_gas")
    ]
    for m in MONTHS:
        top, left = (1, 4 * (m - 1)) if m <= 6 else (8, 4 * (m - 7))
        p.write(top, left, f"{m}月", across=3)
        p.line(top + 1, left, ["项目", "用量", o.pick("金额", "费用") + "(元)"])
        for n, (item, unit) in enumerate(items):
            p.write(top + 2 + n, left, f"{NAMES[item][0]}({unit})")
            p.figure(top + 2 + n, left + 1, "", item, "quantity", m)
            p.figure(top + 2 + n, left + 2, "", item, "cost", m)
    assert BILLS
    return Workbook([p])
