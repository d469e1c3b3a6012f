"""Workbooks that show more than the year that is filed: last year beside it, years below each other, running sums."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CHINESE,
    MONTHS,
    NAMES,
    WORDS,
    Office,
    Paper,
    Workbook,
)

USUAL = ("electricity", "water", "natural_gas")


def _past(o: Office, item: str, month: int, scale: Decimal, *more) -> float:
    """What an earlier year's cell says: near to this year's, never the same."""
    share = Random(f"{o.seed} {item} {month} {more}").uniform(0.9, 0.98)
    return round(float(o.number("", item, "quantity", month) / scale) * share, 2)


def monthly_report_forms(o: Office) -> Workbook:
    """A form per month: carriers down, 本月数, 本年累计, 上年同期 and 增减 side by side."""
    items = [(i, *o.unit(i), o.pick(*WORDS[i])) for i in o.some(USUAL, 2, 3, 3)]
    own, sofar, last, change = o.pick(
        ("本月数", "本年累计", "上年同期", "同比增减(%)"), ("本月", "累计", "去年同月", "同比（%）"),
        ("本期", "1月至本月", "上年同月", "增减率"), ("当月实际", "本年累计数", "上年同期数", "增长%"),
    )  # fmt: skip
    spell = o.pick("{}月", "2024年{}月", "{}月份月报")
    so_far = {i: Decimal(0) for i, *_ in items}
    papers = []
    for m in MONTHS:
        p = Paper(spell.format(m), o)
        p.write(0, 0, o.pick("能源消耗月报表", f"2024年{m}月能源消耗月报"), across=6)
        p.write(1, 0, f"报告期：2024年{m}月")
        p.line(2, 0, [o.pick("指标名称", "项目"), "计量单位", own, sofar, last, change])
        for n, (item, unit, scale, word) in enumerate(items):
            p.line(3 + n, 0, [word, unit])
            so_far[item] += p.figure(3 + n, 2, "", item, "quantity", m, scale)
            p.same(3 + n, 3, so_far[item])
            p.same(3 + n, 4, _past(o, item, m, scale))
            p.same(3 + n, 5, round((p.cells[3 + n, 2] / p.cells[3 + n, 4] - 1) * 100, 1))
        papers.append(p)
    return Workbook(papers)


def three_lines_per_building(o: Office) -> Workbook:
    """Buildings with three rows each over the months: this year, last year, the change."""
    p = Paper(o.pick("楼宇用电", "用电同比"), o)
    unit, scale = o.unit("electricity")
    own, last, change = o.pick(
        ("2024年", "2023年", "同比"), ("本年", "上年", "增减率%"), ("本期", "上年同期", "同比(%)")
    )
    p.write(0, 0, f"2024年各楼用电量同比表（单位：{unit}）", across=15)
    p.line(
        1,
        0,
        [o.pick("楼宇名称", "建筑"), o.pick("项目", "年度", "期别"), *(f"{m}月" for m in MONTHS), "合计"],
    )
    r = 2
    for name in o.some(BUILDINGS, 2, 4, 7):
        p.write(r, 0, name, down=3)
        p.line(r, 1, [own])
        p.line(r + 1, 1, [last])
        p.line(r + 2, 1, [change])
        for m in MONTHS:
            used = p.figure(r, 1 + m, name, "electricity", "quantity", m, scale)
            was = round(float(used) * Random(f"{name}{m}").uniform(0.9, 0.98), 4)
            p.same(r + 1, 1 + m, was)
            p.same(r + 2, 1 + m, round((float(used) / was - 1) * 100, 2))
        p.same(r, 14, sum(p.cells[r, 1 + m] for m in MONTHS))
        p.same(r + 1, 14, sum(p.cells[r + 1, 1 + m] for m in MONTHS))
        r += 3
    return Workbook([p])


def carrier_sheets_of_years(o: Office) -> Workbook:
    """A sheet per carrier: months down, three years across."""
    papers = []
    years = o.pick((2022, 2023, 2024), (2024, 2023, 2022), (2023, 2024, 2025))
    head = o.pick("{}年", "{}", "{}年度", "{}年用量")
    for item in o.some(USUAL, 2, 3, 3):
        unit, scale = o.unit(item)
        p = Paper(o.pick(*NAMES[item]), o)
        p.write(0, 0, f"历年{o.pick(*WORDS[item])}对比（单位：{unit}）")
        p.line(1, 0, [o.pick("月份", "月"), *(head.format(y) for y in years)])
        for m in MONTHS:
            p.write(1 + m, 0, f"{m}月")
            for k, year in enumerate(years):
                if year == 2024:
                    p.figure(1 + m, 1 + k, "", item, "quantity", m, scale)
                else:
                    p.same(1 + m, 1 + k, _past(o, item, m, scale, year))
        p.write(14, 0, "合计")
        for k in range(len(years)):
            p.same(14, 1 + k, sum(Decimal(str(p.cells[1 + m, 1 + k])) for m in MONTHS))
        papers.append(p)
    return Workbook(papers)


def two_years_side_by_side(o: Office) -> Workbook:
    """Two tables of the same form beside each other, the year in the title over each."""
    p = Paper("对比", o)
    columns = [(i, *o.unit(i), o.pick(*WORDS[i])) for i in o.some(USUAL, 2, 2, 3)]
    title = o.pick("{}年能源消耗", "{}年度", "{}年水电气用量表")
    gap = o.pick(1, 2)
    for k, year in enumerate(o.order([2023, 2024])):
        left = k * (len(columns) + 1 + gap)
        p.write(0, left, title.format(year), across=len(columns) + 1)
        p.line(1, left, ["月份", *(f"{word}({unit})" for _, unit, _, word in columns)])
        for m in MONTHS:
            p.write(1 + m, left, f"{m}月")
            for n, (item, _, scale, _) in enumerate(columns):
                if year == 2024:
                    p.figure(1 + m, left + 1 + n, "", item, "quantity", m, scale)
                else:
                    p.same(1 + m, left + 1 + n, _past(o, item, m, scale))
    return Workbook([p])


def school_year_across(o: Office) -> Workbook:
    """September to August across, the calendar years merged over their months."""
    p = Paper(o.pick("学年台账", "2023-2024"), o)
    items = [(i, *o.unit(i), o.pick(*WORDS[i])) for i in o.some(USUAL, 2, 3, 3)]
    p.write(0, 0, "2023-2024学年能源消耗统计", across=14)
    p.write(1, 0, o.pick("项目", "能源种类"), down=2)
    p.write(1, 1, "单位", down=2)
    p.write(1, 2, "2023年", across=4)
    p.write(1, 6, "2024年", across=8)
    run = [(2023, m) for m in range(9, 13)] + [(2024, m) for m in range(1, 9)]
    p.line(2, 2, [f"{m}月" for _, m in run])
    for n, (item, unit, scale, word) in enumerate(items):
        p.line(3 + n, 0, [word, unit])
        for k, (year, m) in enumerate(run):
            if year == 2024:
                p.figure(3 + n, 2 + k, "", item, "quantity", m, scale)
            else:
                p.same(3 + n, 2 + k, _past(o, item, m, scale))
    return Workbook([p])


def newest_month_first(o: Office) -> Workbook:
    """December on top, January at the bottom, last year's months below it, the sum above all of them."""
    p = Paper("月度", o)
    columns = [("electricity", "quantity"), ("electricity", "cost"), ("water", "quantity"), ("water", "cost")]
    columns = o.some(columns, 2, 4, 4)
    spell = o.pick("{}年{}月", "{}-{:02d}", "{}.{:02d}", "{}/{}")
    heads = []
    for item, measure in columns:
        unit, scale = o.unit(item if measure == "quantity" else "money")
        heads.append(
            (item, measure, scale, f"{o.pick(*(WORDS if measure == 'quantity' else BILLS)[item])}({unit})")
        )
    p.line(0, 0, [o.pick("月份", "年月", "时间"), *(h[3] for h in heads)])
    p.write(1, 0, "2024年合计")
    for k, m in enumerate(reversed(MONTHS)):
        p.write(2 + k, 0, spell.format(2024, m))
        for n, (item, measure, scale, _) in enumerate(heads):
            p.figure(2 + k, 1 + n, "", item, measure, m, scale)
            p.write(14 + k, 0, spell.format(2023, m))
            p.same(14 + k, 1 + n, round(p.cells[2 + k, 1 + n] * 0.95, 3))
    for n in range(len(heads)):
        p.same(1, 1 + n, sum(Decimal(str(p.cells[2 + k, 1 + n])) for k in range(12)))
    return Workbook([p])


def sums_between_months(o: Office) -> Workbook:
    """Months down with 一季度, 上半年, 1-9月累计 and 全年 between them."""
    p = Paper("台账", o)
    columns = [(i, *o.unit(i), o.pick(*WORDS[i])) for i in o.some(USUAL, 2, 3, 3)]
    p.write(0, 0, "2024年能源消耗台账")
    p.line(1, 0, [o.pick("月份", "时间"), *(f"{word}（{unit}）" for _, unit, _, word in columns), "备注"])
    quarter = o.pick("{}季度小计", "{}季度", "第{}季度合计")
    halves = o.pick({6: "上半年累计", 9: "1-9月累计", 12: "全年累计"}, {6: "上半年合计", 12: "全年合计"},
                    {6: "1—6月", 9: "1—9月", 12: "1—12月"})  # fmt: skip
    r, at = 2, {}
    for m in MONTHS:
        p.write(r, 0, f"{m}月")
        at[m] = r
        for k, (item, _, scale, _) in enumerate(columns):
            p.figure(r, 1 + k, "", item, "quantity", m, scale)
        r += 1
        sums = [(quarter.format(CHINESE[m // 3 - 1]), range(m - 2, m + 1))] if m % 3 == 0 else []
        sums += [(halves[m], range(1, m + 1))] if m in halves else []
        for text, months in sums:
            p.write(r, 0, text)
            for k in range(len(columns)):
                p.same(r, 1 + k, sum(Decimal(str(p.cells[at[n], 1 + k])) for n in months))
            r += 1
    return Workbook([p])


def years_down_months_across(o: Office) -> Workbook:
    """A block per carrier: years down, months across, the whole year at the end."""
    p = Paper("历年", o)
    years = o.pick((2022, 2023, 2024), (2024, 2023), (2021, 2022, 2023, 2024))
    spell, r = o.pick("{}年", "{}", "{}年度"), 0
    for n, item in enumerate(o.some(USUAL, 2, 3, 3)):
        unit, scale = o.unit(item)
        p.write(
            r,
            0,
            o.pick(
                f"{CHINESE[n]}、{o.pick(*WORDS[item])}（{unit}）", f"{NAMES[item][0]}消耗量（单位：{unit}）"
            ),
        )
        p.line(r + 1, 0, [o.pick("年份", "年度"), *(f"{m}月" for m in MONTHS), "全年"])
        for k, year in enumerate(years):
            p.write(r + 2 + k, 0, spell.format(year))
            for m in MONTHS:
                if year == 2024:
                    p.figure(r + 2 + k, m, "", item, "quantity", m, scale)
                else:
                    p.same(r + 2 + k, m, _past(o, item, m, scale, year))
            p.same(r + 2 + k, 13, sum(Decimal(str(p.cells[r + 2 + k, m])) for m in MONTHS))
        r += 3 + len(years)
    return Workbook([p])
