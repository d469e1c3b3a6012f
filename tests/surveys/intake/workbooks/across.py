"""Workbooks with months across: halves, quarters, years and measures over each other."""

from __future__ import annotations

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CAMPUSES,
    ENGLISH,
    HEATED,
    MONTHS,
    NAMES,
    PRICE,
    WORDS,
    Office,
    Paper,
    Workbook,
)


def _in_use(item: str, m: int) -> bool:
    return item != "heat" or m in HEATED


def alternating_rows(o: Office) -> Workbook:
    """项目 over two rows each, use and amount below each other, months across, a sum at the end."""
    p = Paper(o.pick("2024年", "能耗统计", "Sheet1"), o)
    p.write(0, 0, o.pick("2024年水电气用量及费用统计表", "2024年度能源消耗情况"), across=15)
    spelled = o.months()
    p.line(
        1,
        0,
        [o.pick("项目", "能源种类", "类别"), o.pick("指标", "统计项目", "内容"), *spelled.values(), "合计"],
    )
    r = 2
    for item in o.some(("electricity", "water", "natural_gas"), 2, 3, 3):
        unit, scale = o.unit(item)
        money, yuan = o.unit("money")
        p.write(r, 0, o.pick(*NAMES[item]), down=2)
        p.write(r, 1, o.pick(f"用量({unit})", f"数量（{unit}）", f"用量/{unit}"))
        p.write(r + 1, 1, o.pick(f"金额({money})", f"费用（{money}）", f"金额/{money}"))
        for k, (measure, by) in enumerate((("quantity", scale), ("cost", yuan))):
            p.same(r + k, 14, sum(p.figure(r + k, 1 + m, "", item, measure, m, by) for m in MONTHS))
        r += 2
    return Workbook([p])


def quarter_blocks(o: Office) -> Workbook:
    """Four blocks below each other, each with a title of its quarter, a header of its own and a sum of three months."""
    p = Paper("季度报表", o)
    p.write(0, 0, "2024年能源消耗季度台账", across=7)
    items = [(item, *o.unit(item)) for item in o.some(("electricity", "water", "natural_gas"), 2, 3, 3)]
    spell = o.pick("{}月", "{}月份", "2024年{}月", "2024-{:02d}")
    title, words = o.pick("第{}季度", "{}季度", "2024年{}季度"), {i: o.pick(*WORDS[i]) for i, *_ in items}
    sums, r = o.pick("小计", "合计", "季度小计"), 2
    gap, unit_head = o.pick(1, 0, 2), o.pick("单位", "计量单位")
    head = o.pick("项目", "能源品种", "指标名称")
    for n, quarter in enumerate("一二三四"):
        p.write(r, 0, title.format(quarter))
        months = range(3 * n + 1, 3 * n + 4)
        p.line(r + 1, 0, [head, unit_head, *(spell.format(m) for m in months), sums])
        r += 2
        for item, unit, scale in items:
            p.line(r, 0, [words[item], unit])
            p.same(
                r, 5, sum(p.figure(r, 2 + k, "", item, "quantity", m, scale) for k, m in enumerate(months))
            )
            r += 1
        r += gap
    return Workbook([p])


def three_levels(o: Office) -> Workbook:
    """Buildings down; year over months over measures across, all merged; a whole-row sum at the bottom."""
    p = Paper(o.pick("分楼台账", "2024"), o)
    names = o.some(BUILDINGS, 3, 4, 8)
    (kwh, by), (ton, per), (yuan, money) = o.unit("electricity"), o.unit("water"), o.unit("money")
    measures = o.order(
        [
            ("electricity", "quantity", by, f"{o.pick(*WORDS['electricity'])}({kwh})"),
            ("electricity", "cost", money, f"{o.pick(*BILLS['electricity'])}({yuan})"),
            ("water", "quantity", per, f"{o.pick(*WORDS['water'])}({ton})"),
        ]
    )
    wide = len(measures)
    p.write(0, 0, o.pick("序号", "编号"), down=3)
    p.write(0, 1, o.pick("楼宇名称", "楼宇", "建筑名称", "用能单元"), down=3)
    p.write(0, 2, o.pick("2024年", "2024年度"), across=12 * wide)
    for m in MONTHS:
        p.write(1, 2 + (m - 1) * wide, o.pick(f"{m}月"), across=wide)
        p.line(2, 2 + (m - 1) * wide, [head for *_, head in measures])
    for n, name in enumerate(names):
        p.line(3 + n, 0, [n + 1, name])
        for m in MONTHS:
            for k, (item, measure, scale, _) in enumerate(measures):
                p.figure(3 + n, 2 + (m - 1) * wide + k, name, item, measure, m, scale)
    p.write(3 + len(names), 1, o.pick("合计", "总计"))
    for c in range(2, 2 + 12 * wide):
        p.same(3 + len(names), c, sum(p.cells[3 + n, c] for n in range(len(names))))
    return Workbook([p])


def unit_column(o: Office) -> Workbook:
    """Carriers and their costs down with a unit of each row, months across: 万千瓦时, 立方, 百万大卡, 升, 万元."""
    p = Paper("能耗", o)
    p.write(0, 0, o.pick("能源资源消耗情况表（2024年）", "二〇二四年能源消耗统计"))
    spelled = o.months()
    p.line(2, 0, [o.pick("序号", "行次"), o.pick("能源名称", "品种", "能源资源种类"), o.pick("计量单位", "单位"),
                  *spelled.values(), o.pick("全年合计", "合计")])  # fmt: skip
    usual = ("electricity", "water", "natural_gas", "heat", "gasoline", "diesel")
    fixed = {"electricity": ("万千瓦时", 10000), "water": ("立方", 1), "heat": ("百万大卡", "4.1868")}
    lines = []
    for item in o.some(usual, 3, 6, 6):
        unit, scale = fixed.get(item, ("立方米", 1) if item == "natural_gas" else ("升", 1))
        if o.seed:
            unit, scale = o.unit(item)
        money = o.pick(("万元", 10000), ("元", 1))
        lines.append((item, "quantity", o.pick(*WORDS[item]), unit, scale))
        lines.append((item, "cost", o.pick(*BILLS[item]), *money))
    for n, (item, measure, word, unit, scale) in enumerate(lines):
        p.line(3 + n, 0, [n + 1, word, unit])
        used = [p.figure(3 + n, 2 + m, "", item, measure, m, scale) for m in MONTHS if _in_use(item, m)]
        p.same(3 + n, 15, sum(used))
    return Workbook([p])


def english_months(o: Office) -> Workbook:
    """Carriers down in English, 'Jan 2024' across, a total."""
    p = Paper("Energy", o)
    p.write(0, 0, o.pick("Energy consumption 2024", "Monthly energy use, 2024"))
    spell = o.pick("{} 2024", "{}-24", "{}. 2024", "{}")
    p.line(1, 0, [o.pick("Item", "Carrier", "Energy type"), o.pick("Unit", "Units"),
                  *(spell.format(m) for m in ENGLISH), o.pick("Total", "Sum")])  # fmt: skip
    lines = [
        ("electricity", "quantity", ("Electricity", "Power", "Electricity consumption"), "kWh"),
        ("electricity", "cost", ("Electricity cost", "Electricity bill", "Electricity charges"), "RMB"),
        ("water", "quantity", ("Water", "Tap water", "Water consumption"), "m³"),
        ("water", "cost", ("Water cost", "Water bill"), "RMB"),
        ("natural_gas", "quantity", ("Natural gas", "Gas"), "m3"),
        ("heat", "quantity", ("Heat", "District heating", "Heating"), "GJ"),
        ("gasoline", "quantity", ("Gasoline", "Petrol"), "L"),
        ("diesel", "quantity", ("Diesel",), "L"),
    ]
    for n, (item, measure, words, unit) in enumerate(o.some(lines, 4, 8, 8)):
        p.line(2 + n, 0, [o.pick(*words), unit])
        used = [p.figure(2 + n, 1 + m, "", item, measure, m) for m in MONTHS if _in_use(item, m)]
        p.same(2 + n, 14, sum(used))
    return Workbook([p], name="energy 2024.xlsx")


def split_in_halves(o: Office) -> Workbook:
    """A landscape table cut in two: January to June on top, July to December below, buildings and carriers again."""
    p = Paper("水电", o)
    names = o.some(BUILDINGS, 2, 3, 6)
    items = [(i, *o.unit(i), o.pick(*NAMES[i])) for i in o.some(("electricity", "water"), 2, 2, 2)]
    spell = o.pick("{}月", "2024年{}月", "{}月份")
    p.write(0, 0, "2024年各楼水电用量", across=9)
    heads = [o.pick("楼宇", "楼栋", "建筑物名称"), o.pick("类别", "项目", "能源种类"), "单位"]
    r, gap = 1, o.pick(1, 0, 2)
    for half in (range(1, 7), range(7, 13)):
        p.line(r, 0, [*heads, *(spell.format(m) for m in half), "小计"])
        r += 1
        for name in names:
            p.write(r, 0, name, down=len(items))
            for item, unit, scale, word in items:
                p.line(r, 1, [word, unit])
                p.same(
                    r,
                    9,
                    sum(p.figure(r, 3 + k, name, item, "quantity", m, scale) for k, m in enumerate(half)),
                )
                r += 1
        r += gap
    return Workbook([p])


def two_years_banded(o: Office) -> Workbook:
    """A band of the year over the months: last year's twelve columns, then this year's."""
    p = Paper(o.pick("电量对比", "近两年用能"), o)
    items = [
        (i, *o.unit(i), o.pick(*WORDS[i])) for i in o.some(("electricity", "water", "natural_gas"), 2, 3, 3)
    ]
    years = o.order([2023, 2024])
    p.write(0, 0, o.pick("项目", "能源品种"), down=2)
    p.write(0, 1, "单位", down=2)
    for k, year in enumerate(years):
        p.write(0, 2 + 12 * k, o.pick(f"{year}年", f"{year}年度"), across=12)
        p.line(1, 2 + 12 * k, [f"{m}月" for m in MONTHS])
    for n, (item, unit, scale, word) in enumerate(items):
        p.line(2 + n, 0, [word, unit])
        for k, year in enumerate(years):
            for m in MONTHS:
                if year == 2024:
                    p.figure(2 + n, 1 + 12 * k + m, "", item, "quantity", m, scale)
                else:
                    past = o.number("", item, "quantity", m) / scale
                    p.same(2 + n, 1 + 12 * k + m, round(float(past) * 0.97, 4))
    return Workbook([p])


def items_below_buildings(o: Office) -> Workbook:
    """The column of buildings also names what is used there: 图书馆, then 电 and 水 below it."""
    p = Paper("楼宇能耗", o)
    p.line(0, 0, [o.pick("楼宇", "建筑", "用能单元"), *o.months().values(), "合计"])
    items = [(i, *o.unit(i), o.pick(*NAMES[i])) for i in o.some(("electricity", "water"), 2, 2, 2)]
    r = 1
    for name in o.some(BUILDINGS, 2, 4, 6):
        p.write(r, 0, name)
        r += 1
        for item, unit, scale, word in items:
            p.write(r, 0, f"{word}（{unit}）")
            p.same(r, 13, sum(p.figure(r, m, name, item, "quantity", m, scale) for m in MONTHS))
            r += 1
    return Workbook([p])


def campuses_over_months(o: Office) -> Workbook:
    """Campus, carrier and measure down in three merged levels, months across, a price row that is not filed."""
    p = Paper("各校区", o)
    p.line(1, 1, ["校区", o.pick("能源", "品种"), o.pick("指标", "内容"), *o.months().values()])
    p.write(0, 1, "2024年各校区能源台账")
    r = 2
    items = [
        (i, *o.unit(i), o.pick(*NAMES[i])) for i in o.some(("electricity", "water", "natural_gas"), 2, 2, 3)
    ]
    for campus in o.some(CAMPUSES, 2, 2, 4):
        p.write(r, 1, campus, down=3 * len(items))
        for item, unit, scale, word in items:
            p.write(r, 2, word, down=3)
            p.line(r, 3, [f"用量（{unit}）"])
            p.line(r + 1, 3, ["单价（元）"])
            p.line(r + 2, 3, ["费用（元）"])
            for m in MONTHS:
                p.figure(r, 3 + m, campus, item, "quantity", m, scale)
                p.same(r + 1, 3 + m, float(PRICE[item]))
                p.figure(r + 2, 3 + m, campus, item, "cost", m)
            r += 3
    return Workbook([p])
