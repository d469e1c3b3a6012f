"""Ledgers as they grow in an office: tariffs, meters with subtotals, units for each row, words among the numbers."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    HEATED,
    MONTHS,
    NAMES,
    PRICE,
    WORDS,
    Figure,
    Office,
    Paper,
    Workbook,
)


def tariff_rows(o: Office) -> Workbook:
    """尖, 峰, 平, 谷 and their sum below each other for the use and again for the money, months across."""
    p = Paper("分时电量", o)
    unit, scale = o.unit("electricity")
    parts = o.pick(
        ("尖", "峰", "平", "谷"),
        ("峰", "平", "谷"),
        ("尖峰", "高峰", "平段", "低谷"),
        ("峰段", "平段", "谷段"),
    )
    whole = o.pick("合计", "小计", "总")
    p.write(0, 0, "2024年分时电量电费")
    p.line(1, 0, [o.pick("项目", "类别"), o.pick("时段", "分时"), *(f"{m}月" for m in MONTHS)])
    r = 2
    for measure, text, by in (("quantity", f"电量（{unit}）", scale), ("cost", "电费（元）", 1)):
        p.write(r, 0, text, down=len(parts) + 1)
        for k, part in enumerate((*parts, whole)):
            p.write(r + k, 1, part)
        for m in MONTHS:
            used = p.figure(r + len(parts), 1 + m, "", "electricity", measure, m, by)
            shares = [round(used / (len(parts) + 1 + k), 6) for k in range(len(parts) - 1)]
            for k, value in enumerate((*shares, used - sum(shares))):
                p.same(r + k, 1 + m, value)
        r += len(parts) + 1
    return Workbook([p])


def hundred_columns(o: Office) -> Workbook:
    """Months down; twenty-five buildings across with four columns each, a sum of all at the right."""
    p = Paper("大表", o)
    names = [f"{kind}{n}号楼" for kind in ("教学", "松园", "柳园", "科研", "家园") for n in range(1, 6)]
    names = names[: o.pick(25, 20, 25)]
    heads = [("electricity", "quantity", "电(度)"), ("electricity", "cost", "电费(元)"), ("water", "quantity", "水(吨)"),  # noqa: E501
             ("water", "cost", "水费(元)")]  # fmt: skip
    p.write(0, 0, "2024年分楼水电台账", across=1 + 4 * len(names))
    p.write(1, 0, "月份", down=2)
    for m in MONTHS:
        p.write(2 + m, 0, f"{m}月")
    for k, name in enumerate(names):
        p.write(1, 1 + 4 * k, name, across=4)
        for n, (item, measure, head) in enumerate(heads):
            p.write(2, 1 + 4 * k + n, head)
            for m in MONTHS:
                p.figure(2 + m, 1 + 4 * k + n, name, item, measure, m)
    last = 1 + 4 * len(names)
    p.write(1, last, "合计", across=4)
    for n, (*_, head) in enumerate(heads):
        p.write(2, last + n, head)
        for m in MONTHS:
            p.same(
                2 + m, last + n, sum(Decimal(str(p.cells[2 + m, 1 + 4 * k + n])) for k in range(len(names)))
            )
    return Workbook([p])


def units_in_a_row_and_a_caption(o: Office) -> Workbook:
    """Below the header a row of units for the quantities; the money's unit stands in the caption alone."""
    p = Paper("台账", o)
    items = [
        (i, *o.unit(i), o.pick(*WORDS[i]))
        for i in o.some(("electricity", "water", "natural_gas", "heat"), 2, 3, 4)
    ]
    p.write(0, 0, "2024年能源资源消耗台账")
    p.write(1, 4, o.pick("金额单位：万元", "单位：万元"))
    p.write(2, 0, "月份", down=2)
    brackets = o.pick("{}", "（{}）", "({})")
    for k, (item, unit, scale, word) in enumerate(items):
        p.line(2, 1 + 2 * k, [word, o.pick(*BILLS[item])])
        p.write(3, 1 + 2 * k, brackets.format(unit))
        for m in MONTHS:
            if o.number("", item, "quantity", m):
                p.figure(3 + m, 1 + 2 * k, "", item, "quantity", m, scale)
                p.figure(3 + m, 2 + 2 * k, "", item, "cost", m, 10000)
    for m in MONTHS:
        p.write(3 + m, 0, f"{m}月")
    return Workbook([p])


def words_among_numbers(o: Office) -> Workbook:
    """Numbers with units, thousands, 万, 0.00, 停用, dashes, remarks between the rows, a correction by a minus."""
    p = Paper("水电", o)
    p.line(0, 0, ["月份", "用电量(kWh)", "电费(元)", "用水量(吨)", "水费(元)", "备注"])
    looks = [
        lambda v: f"{v:,f}",
        lambda v: f"{v:f} ",
        lambda v: f"　{v:f}",
        lambda v: f"{v:,f}kWh",
        lambda v: f"{v / 10000:f}万",
    ]
    r = 1
    for m in MONTHS:
        p.write(r, 0, f"{m}月")
        p.figure(r, 1, "", "electricity", "quantity", m, look=looks[(m + o.seed) % 5])
        p.figure(
            r, 2, "", "electricity", "cost", m, look=o.pick(lambda v: f"¥{v:,.2f}", lambda v: f"{v:.2f}元")
        )
        if m in (7, 8):
            p.line(r, 3, [o.pick("停用", "—", "/"), o.pick("0.00", 0.0)])
            p.truth[r, 4] = Figure("", "water", "cost", f"2024-{m:02d}", Decimal(0))
        elif m == 10:
            p.line(r, 3, [-120.0, o.pick("(744)", -744.0)])
            p.doubtful |= {(r, 3), (r, 4)}
        else:
            p.figure(r, 3, "", "water", "quantity", m)
            p.figure(r, 4, "", "water", "cost", m)
        r += 1
        if m in (3, 6):
            p.write(
                r, 0, o.pick("注：4月起供电公司调价", "说明：本季度抄表推迟3天", "（以上为一季度数，已核对）")
            )
            r += 1
    return Workbook([p])


def heat_and_its_units(o: Office) -> Workbook:
    """Heat in MWh or GJ, coal and oil by weight, gas in thousands of m³: a unit for each row, months across."""
    p = Paper("热力燃料", o)
    p.write(0, 0, "2024年热力及燃料消耗")
    p.line(1, 0, [o.pick("品种", "能源名称"), o.pick("计量单位", "单位"), *(f"{m}月" for m in MONTHS)])
    heat = o.pick(("MWh", "3.6"), ("GJ", 1), ("兆瓦时", "3.6"), ("万GJ", 10000), ("千瓦时热", "0.0036"))
    lines = [
        ("heat", o.pick("供热量", "热力", "外购热力"), *heat),
        (
            "natural_gas",
            o.pick("天然气", "锅炉用天然气"),
            *o.pick(("千立方米", 1000), ("Nm³", 1), ("万方", 10000), ("立方", 1)),
        ),
        ("gasoline", "汽油", *o.pick(("吨", "1379.3"), ("公斤", "1.3793"))),
        ("diesel", o.pick("柴油", "发电机柴油"), *o.pick(("kg", "1.1905"), ("吨", "1190.5"), ("升", 1))),
    ]
    for n, (item, word, unit, scale) in enumerate(o.order(lines)):
        p.line(2 + n, 0, [word, unit])
        for m in MONTHS:
            if item != "heat" or m in HEATED:
                p.figure(2 + n, 1 + m, "", item, "quantity", m, Decimal(scale))
            else:
                p.write(2 + n, 1 + m, o.pick("—", None, "/"))
    return Workbook([p])


def kinds_of_water(o: Office) -> Workbook:
    """Tap water, reclaimed water and hot water beside each other: only the first is what is filed as water."""
    p = Paper("用水", o)
    names = ["自来水", o.pick("中水", "再生水"), o.pick("热水", "生活热水", "洗浴热水")]
    p.write(0, 0, "月份", down=2)
    for k, name in enumerate(names):
        p.write(0, 1 + 2 * k, name, across=2)
        p.line(1, 1 + 2 * k, ["用量(吨)", "费用(元)"])
    for m in MONTHS:
        p.write(1 + m, 0, f"{m}月")
        p.figure(1 + m, 1, "", "water", "quantity", m)
        p.figure(1 + m, 2, "", "water", "cost", m)
        for k, share in ((1, 0.1), (2, 0.05)):
            p.same(1 + m, 1 + 2 * k, round(p.cells[1 + m, 1] * share))
            p.same(1 + m, 2 + 2 * k, round(p.cells[1 + m, 2] * share, 2))
    return Workbook([p])


def formulas_and_serial_days(o: Office) -> Workbook:
    """The month is the serial number of a day; amounts, sums and a converted unit are formulas with their values."""
    p = Paper("Sheet1", o)
    p.line(
        0,
        0,
        [
            "月份",
            "用电量(kWh)",
            "电价",
            "电费(元)",
            o.pick("用电量(万kWh)", "折合万度"),
            "用水量(吨)",
            "水费(元)",
        ],
    )
    first = datetime.date(1899, 12, 30)
    for m in MONTHS:
        p.write(m, 0, float((datetime.date(2024, m, 1) - first).days))
        used = p.figure(m, 1, "", "electricity", "quantity", m)
        p.same(m, 2, float(PRICE["electricity"]))
        p.figure(m, 3, "", "electricity", "cost", m)
        p.formulas[m, 3] = f"=B{m + 1}*C{m + 1}"
        p.same(m, 4, used / 10000)
        p.formulas[m, 4] = f"=B{m + 1}/10000"
        p.figure(m, 5, "", "water", "quantity", m)
        p.figure(m, 6, "", "water", "cost", m)
    p.write(13, 0, "合计")
    for c in (1, 3, 4, 5, 6):
        p.same(13, c, round(sum(p.cells[m, c] for m in MONTHS), 4))
        p.formulas[13, c] = f"=SUM({'ABCDEFG'[c]}2:{'ABCDEFG'[c]}13)"
    return Workbook([p])


def meters_with_subtotals(o: Office) -> Workbook:
    """Several meters in a building, each with its number, a 小计 for the building: the subtotal is its figure."""
    p = Paper("分表", o)
    p.line(
        0,
        0,
        [o.pick("楼宇", "建筑名称"), o.pick("表号", "电表编号", "表计编号"), *(f"{m}月" for m in MONTHS)],
    )
    p.write(0, 14, "合计")
    p.cells = {(r + 1, c): v for (r, c), v in p.cells.items()}
    p.write(0, 0, "2024年各楼分表电量（kWh）")
    r = 2
    for name in o.some(BUILDINGS, 2, 3, 5):
        count = o.pick(2, 3)
        p.write(r, 0, name, down=o.pick(count + 1, count))
        for k in range(count):
            p.write(r + k, 1, f"E{r + k:04d}")
        p.write(r + count, o.pick(1, 0) if p.spans[-1][2] < r + count else 1, o.pick("小计", f"{name}小计"))
        for m in MONTHS:
            whole = o.number(name, "electricity", "quantity", m)
            shares = [round(whole / (count + 1 + k)) for k in range(count - 1)]
            for k, value in enumerate((*shares, whole - sum(shares))):
                p.same(r + k, 1 + m, value)
            p.figure(r + count, 1 + m, name, "electricity", "quantity", m)
        for k in range(count + 1):
            p.same(r + k, 14, sum(p.cells[r + k, 1 + m] for m in MONTHS))
        r += count + 1
    return Workbook([p])


def whole_year_by_building(o: Office) -> Workbook:
    """One figure a year for each building, with area, people, use per area and rank beside it."""
    p = Paper("建筑能耗", o)
    p.write(0, 0, "2024年度建筑能耗统计表")
    (kwh, by), (ton, per) = o.unit("electricity"), o.unit("water")
    p.line(1, 0, ["序号", "建筑名称", "建筑类型", "建筑面积(㎡)", "用能人数", f"年用电量({kwh})", f"年用水量({ton})",
                  "单位面积电耗(kWh/㎡)", "人均用水(吨/人)", "排名"])  # fmt: skip
    names = o.some(BUILDINGS, 3, 5, 8)
    for n, name in enumerate(names):
        p.line(2 + n, 0, [n + 1, name, "教学"])
        used = sum(o.number(name, "electricity", "quantity", m) for m in MONTHS)
        water = sum(o.number(name, "water", "quantity", m) for m in MONTHS)
        p.line(2 + n, 3, [9000.0 + 100 * n, 400.0 + n])
        p.amount(2 + n, 5, name, "electricity", "quantity", "2024", used, by)
        p.amount(2 + n, 6, name, "water", "quantity", "2024", water, per)
        p.line(
            2 + n,
            7,
            [round(float(used) / (9000 + 100 * n), 2), round(float(water) / (400 + n), 2), float(n + 1)],
        )
    p.write(2 + len(names), 1, "合计")
    for c in (3, 4, 5, 6):
        p.same(2 + len(names), c, sum(Decimal(str(p.cells[2 + n, c])) for n in range(len(names))))
    return Workbook([p])


def totals_first(o: Office) -> Workbook:
    """The sums stand first: 全校合计 above the buildings, 全年合计 left of January."""
    p = Paper("分楼", o)
    unit, scale = o.unit("electricity")
    names = o.some(BUILDINGS, 3, 5, 8)
    p.write(0, 0, f"2024年分楼用电量（{unit}）")
    p.line(
        1,
        0,
        [o.pick("楼宇", "单位名称", "用电单位"), o.pick("全年合计", "合计"), *(f"{m}月" for m in MONTHS)],
    )
    p.write(2, 0, o.pick("全校合计", "合计", "总计"))
    for n, name in enumerate(names):
        p.write(3 + n, 0, name)
        p.same(
            3 + n, 1, sum(p.figure(3 + n, 1 + m, name, "electricity", "quantity", m, scale) for m in MONTHS)
        )
    for c in range(1, 14):
        p.same(2, c, sum(Decimal(str(p.cells[3 + n, c])) for n in range(len(names))))
    return Workbook([p])


def rows_of_one_month_each(o: Office) -> Workbook:
    """A line per month and carrier with the names of both merged into one text: 1月电, 1月水."""
    p = Paper("登记", o)
    p.line(
        0,
        0,
        ["序号", o.pick("项目", "内容", "摘要"), "数量", "单位", "单价", o.pick("金额（元）", "小计（元）")],
    )
    text = o.pick("{m}月{w}费", "2024年{m}月{w}", "{m}月份{w}费", "{w}费（{m}月）")
    r = 1
    for m in MONTHS:
        for item, unit in (("electricity", "度"), ("water", "吨"), ("natural_gas", "立方米")):
            p.line(r, 0, [r, text.format(m=m, w={"natural_gas": "燃气"}.get(item, NAMES[item][0]))])
            p.figure(r, 2, "", item, "quantity", m)
            p.line(r, 3, [unit, float(PRICE[item])])
            p.figure(r, 5, "", item, "cost", m)
            r += 1
    return Workbook([p])


def filtered_list(o: Office) -> Workbook:
    """A list whose filter hides last year's rows and one campus."""
    p = Paper("明细", o)
    p.line(0, 0, ["年月", "校区", o.pick("用电量(度)", "电量（kWh）"), o.pick("水量(吨)", "用水量(m³)")])
    r = 1
    for year in (2023, 2024):
        for m in MONTHS:
            for campus in ("松园校区", "南湾校区"):
                p.line(r, 0, [f"{year}-{m:02d}", campus])
                for k, item in enumerate(("electricity", "water")):
                    if year == 2024:
                        p.figure(r, 2 + k, campus, item, "quantity", m)
                    else:
                        p.same(r, 2 + k, round(float(o.number(campus, item, "quantity", m)) * 0.97))
                if year == 2023 or campus == "南湾校区":
                    p.hidden_rows.add(r)
                r += 1
    return Workbook([p])
