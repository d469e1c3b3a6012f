"""Workbooks of several sheets or blocks of one form: a sheet per month, per carrier, per house; cards and slips."""

from __future__ import annotations

from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CAMPUSES,
    CHINESE,
    MONTHS,
    NAMES,
    WORDS,
    Office,
    Paper,
    Workbook,
)


def buildings_across_on_month_sheets(o: Office) -> Workbook:
    """Sheets 1 to 12: carriers down with their unit, buildings across, the sum at the right."""
    names = o.some(BUILDINGS, 2, 4, 8)
    items = [
        (i, *o.unit(i), o.pick(*NAMES[i])) for i in o.some(("electricity", "water", "natural_gas"), 2, 3, 3)
    ]
    spell, papers = o.pick("{}", "{:02d}", "{}月", "2024.{}"), []
    for m in MONTHS:
        p = Paper(spell.format(m), o)
        p.write(0, 0, "2024年各楼能耗", across=3 + len(names))
        p.line(1, 0, [o.pick("能源种类", "项目"), "单位", *names, o.pick("合计", "小计")])
        for n, (item, unit, scale, word) in enumerate(items):
            p.line(2 + n, 0, [word, unit])
            used = [p.figure(2 + n, 2 + k, name, item, "quantity", m, scale) for k, name in enumerate(names)]
            p.same(2 + n, 2 + len(names), sum(used))
        papers.append(p)
    return Workbook(papers)


def sheets_of_month_and_carrier(o: Office) -> Workbook:
    """A sheet for each month and carrier, named by both; buildings down with this month's use."""
    names, papers = o.some(BUILDINGS, 2, 3, 6), []
    spell = o.pick("2024年{m}月份{w}", "{m}月{w}", "{w}{m}月", "{m}月{w}费")
    for m in o.some(range(1, 13), 4, 6, 8):
        for item in ("electricity", "water"):
            p = Paper(spell.format(m=m, w=NAMES[item][0]), o)
            p.line(0, 0, [o.pick("楼宇", "建筑名称"), o.pick("上月表底", "上月读数"), o.pick("本月表底", "本月读数"),
                          o.pick("本月用量", "用量", "实用数"), "单价", "金额(元)"])  # fmt: skip
            for n, name in enumerate(names):
                p.write(1 + n, 0, name)
                used = p.figure(1 + n, 3, name, item, "quantity", m)
                p.same(1 + n, 1, 3000 + 100 * n)
                p.same(1 + n, 2, 3000 + 100 * n + float(used))
                p.same(1 + n, 4, 0.6 if item == "electricity" else 6.1)
                p.figure(1 + n, 5, name, item, "cost", m)
            p.write(1 + len(names), 0, "合计")
            for c in (3, 5):
                p.same(1 + len(names), c, sum(Decimal(str(p.cells[1 + n, c])) for n in range(len(names))))
            papers.append(p)
    return Workbook(papers)


def cards_of_buildings(o: Office) -> Workbook:
    """A card per building below each other: its name and area in a line, then months with use and amount."""
    p = Paper("能耗卡片", o)
    p.write(0, 0, "2024年建筑能耗登记卡")
    line = o.pick("楼宇名称：{}", "建筑名称：{}　　", "楼名：{}", "建筑物：{}")
    heads = [
        (i, m, *(o.unit(i) if m == "quantity" else ("元", 1)))
        for i in ("electricity", "water")
        for m in ("quantity", "cost")
    ]
    r = 2
    for k, name in enumerate(o.some(BUILDINGS, 2, 3, 5)):
        p.write(r, 0, line.format(name))
        p.write(r, 3, f"建筑面积：{8000 + 350 * k}平方米")
        p.line(
            r + 1,
            0,
            ["月份", *(f"{(WORDS if m == 'quantity' else BILLS)[i][0]}({unit})" for i, m, unit, _ in heads)],
        )
        for m in MONTHS:
            p.write(r + 1 + m, 0, f"{m}月")
            for n, (item, measure, _, scale) in enumerate(heads):
                p.figure(r + 1 + m, 1 + n, name, item, measure, m, scale)
        p.write(r + 14, 0, "合计")
        for n in range(len(heads)):
            p.same(r + 14, 1 + n, sum(Decimal(str(p.cells[r + 1 + m, 1 + n])) for m in MONTHS))
        r += 16
    return Workbook([p])


def cover_with_an_example(o: Office) -> Workbook:
    """A first sheet with instructions and a filled-in example; below the header of the form an example row."""
    cover = Paper(o.pick("填表说明", "填报说明", "说明"), o)
    cover.line(0, 0, ["填表说明"])
    cover.line(1, 0, ["1. 按月填写，用电量以供电公司账单为准。"])
    cover.line(2, 0, ["2. 单位不要改动。"])
    cover.line(3, 0, [o.pick("示例：", "填写示例", "样例")])
    cover.line(4, 0, ["楼宇名称", "月份", "用电量（kWh）", "用水量（吨）", "备注"])
    cover.line(5, 0, ["示例楼", "1月", 12000.0, 800.0, "示例"])
    cover.line(6, 0, ["示例楼", "2月", 11000.0, 760.0, "示例"])
    p = Paper(o.pick("填报表", "数据", "Sheet2"), o)
    p.write(0, 0, "2024年楼宇能耗填报表")
    p.line(1, 0, ["序号", "楼宇名称", "月份", "用电量（kWh）", "用水量（吨）", "备注"])
    word = o.pick("示例", "例", "样例")
    p.line(
        2,
        0,
        [
            word,
            o.pick("XX楼", "某某楼", "示例楼"),
            "1月",
            12345.0,
            678.0,
            o.pick(None, "此行为示例，请勿删除"),
        ],
    )
    r = 3
    for name in o.some(BUILDINGS, 2, 3, 5):
        for m in MONTHS:
            p.line(r, 0, [r - 2, name, f"{m}月"])
            p.figure(r, 3, name, "electricity", "quantity", m)
            p.figure(r, 4, name, "water", "quantity", m)
            r += 1
    return Workbook([cover, p])


def month_sheets_with_campuses(o: Office) -> Workbook:
    """Month sheets: the campus merged over its buildings, a 小计 for each, the sum of all below."""
    units = {i: o.unit(i) for i in ("electricity", "water")}
    homes = {c: o.some(BUILDINGS[3 * k : 3 * k + 3], 2, 3, 3) for k, c in enumerate(CAMPUSES[:3])}
    spell = o.pick("{}月", "2024-{:02d}", "{}月份")
    papers = []
    for m in MONTHS:
        p = Paper(spell.format(m), o)
        p.write(0, 0, f"2024年{m}月水电费统计表", across=6)
        p.line(1, 0, ["校区", o.pick("楼宇", "用能单位"), f"用电量({units['electricity'][0]})", "电费(元)",
                      f"用水量({units['water'][0]})", "水费(元)"])  # fmt: skip
        r, subtotals = 2, []
        for campus, names in homes.items():
            p.write(r, 0, campus, down=len(names) + 1)
            first = r
            for name in names:
                p.write(r, 1, name)
                for k, (item, measure) in enumerate((i, q) for i in units for q in ("quantity", "cost")):
                    p.figure(r, 2 + k, name, item, measure, m, units[item][1] if measure == "quantity" else 1)
                r += 1
            p.write(r, 1, "小计")
            for c in range(2, 6):
                p.same(r, c, sum(Decimal(str(p.cells[k, c])) for k in range(first, r)))
            subtotals.append(r)
            r += 1
        p.write(r, 0, o.pick("合计", "全校合计", "总计"), across=2)
        for c in range(2, 6):
            p.same(r, c, sum(Decimal(str(p.cells[k, c])) for k in subtotals))
        papers.append(p)
    return Workbook(papers)


def slips_with_pairs(o: Office) -> Workbook:
    """A slip per month: a label and its value beside it, two pairs in a line."""
    units = {i: o.unit(i) for i in ("electricity", "water", "natural_gas")}
    papers = []
    for m in MONTHS:
        p = Paper(o.pick(f"{m}月", f"2024年{m}月"), o)
        p.write(0, 0, "能耗月报单", across=4)
        p.line(1, 0, ["填报月份", f"2024年{m}月", "填报人", "孙某"])
        for n, (item, (unit, scale)) in enumerate(units.items()):
            p.write(2 + n, 0, f"{WORDS[item][0]}（{unit}）")
            p.figure(2 + n, 1, "", item, "quantity", m, scale)
            p.write(2 + n, 2, f"{BILLS[item][0]}（元）")
            p.figure(2 + n, 3, "", item, "cost", m)
        p.line(6, 0, ["审核人：", "李某", "日期：", f"2024年{m}月28日"])
        papers.append(p)
    return Workbook(papers)


def campus_sheets_with_blocks(o: Office) -> Workbook:
    """A sheet per campus: a numbered block per carrier, each with a header of its own over buildings and months."""
    papers = []
    for k, campus in enumerate(o.some(CAMPUSES, 2, 2, 3)):
        p = Paper(campus, o)
        p.write(0, 0, f"{campus}2024年能耗明细")
        r = 1
        names = BUILDINGS[3 * k : 3 * k + 3]
        for n, item in enumerate(("electricity", "water")):
            unit, scale = o.unit(item)
            p.write(r, 0, f"{CHINESE[n]}、{o.pick(*WORDS[item])}（单位：{unit}）")
            p.line(r + 1, 0, ["楼宇", *(f"{m}月" for m in MONTHS), "合计"])
            r += 2
            for name in names:
                p.write(r, 0, name)
                p.same(r, 13, sum(p.figure(r, m, name, item, "quantity", m, scale) for m in MONTHS))
                r += 1
            p.write(r, 0, "小计")
            for c in range(1, 14):
                p.same(r, c, sum(Decimal(str(p.cells[r - 1 - j, c])) for j in range(len(names))))
            r += 2
        papers.append(p)
    return Workbook(papers)


def building_sheets_and_their_sum(o: Office) -> Workbook:
    """A sheet per building, months down; the first sheet adds them up by links."""
    names = o.some(BUILDINGS, 2, 3, 5)
    heads = [
        ("electricity", "quantity", "用电量(kWh)"),
        ("electricity", "cost", "电费(元)"),
        ("water", "quantity", "用水量(吨)"),
    ]
    whole = Paper(o.pick("汇总", "汇总表", "总表"), o)
    papers = [whole]
    whole.line(0, 0, ["月份", *(h for *_, h in heads)])
    for name in names:
        p = Paper(name, o)
        p.line(0, 0, ["月份", *(h for *_, h in heads)])
        for m in MONTHS:
            p.write(m, 0, f"{m}月")
            for k, (item, measure, _) in enumerate(heads):
                p.figure(m, 1 + k, name, item, measure, m)
        papers.append(p)
    for m in MONTHS:
        whole.write(m, 0, f"{m}月")
        for k in range(3):
            whole.same(m, 1 + k, sum(Decimal(str(p.cells[m, 1 + k])) for p in papers[1:]))
            whole.formulas[m, 1 + k] = "=" + "+".join(f"'{n}'!{'BCD'[k]}{m + 1}" for n in names)
    return Workbook(papers)
