"""Workbooks with months down, meter books, lists and pages."""

from __future__ import annotations

import datetime
from decimal import Decimal
from random import Random

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CAMPUSES,
    MONTHS,
    NAMES,
    PRICE,
    WORDS,
    Office,
    Paper,
    Workbook,
)


def carrier_sheets(o: Office) -> Workbook:
    """A sheet per carrier: campuses across with use and cost under each, months down, sums right and below."""
    campuses = o.some(CAMPUSES, 2, 3, 4)
    papers = []
    for item in o.some(("electricity", "water", "natural_gas"), 2, 3, 3):
        p = Paper(o.pick(*NAMES[item]), o)
        unit, scale = o.unit(item)
        money, yuan = o.pick(("元", 1), ("万元", 10000))
        p.write(0, 0, f"2024年{o.pick(*WORDS[item])}及费用统计")
        p.write(1, 0, o.pick("月份", "时间"), down=2)
        heads = o.pick((f"用量（{unit}）", f"费用（{money}）"), (f"数量({unit})", f"金额({money})"))
        for k, name in enumerate((*campuses, "合计")):
            p.write(1, 1 + 2 * k, name, across=2)
            p.line(2, 1 + 2 * k, heads)
        spelled = o.months()
        for m in MONTHS:
            p.write(2 + m, 0, spelled[m])
            for k, measure in enumerate(("quantity", "cost")):
                by = (scale, yuan)[k]
                row = [
                    p.figure(2 + m, 1 + 2 * n + k, c, item, measure, m, by) for n, c in enumerate(campuses)
                ]
                p.same(2 + m, 1 + 2 * len(campuses) + k, sum(row))
        p.write(15, 0, "合计")
        for c in range(1, 3 + 2 * len(campuses)):
            p.same(15, c, sum(Decimal(str(p.cells[2 + m, c])) for m in MONTHS))
        papers.append(p)
    return Workbook(papers)


def this_year_and_last(o: Office) -> Workbook:
    """Two years side by side under each carrier, with the change in percent."""
    p = Paper("同比", o)
    p.write(0, 0, o.pick("2024年与上年能耗对比表", "2024年能耗同比分析"), across=10)
    p.write(1, 0, "月份", down=2)
    own, last, change = o.pick(
        ("本年", "上年", "同比(%)"), ("2024年", "2023年", "增减%"), ("本期", "去年同期", "同比增长率"),
        ("今年", "去年", "增幅"),
    )  # fmt: skip
    order = [*o.order([0, 1]), 2]
    columns = [("electricity", "quantity"), ("water", "quantity"), ("electricity", "cost")]
    c = 1
    for item, measure in o.some(columns, 2, 3, 3):
        unit, scale = o.unit(item) if measure == "quantity" else ("元", Decimal(1))
        word = o.pick(*(WORDS if measure == "quantity" else BILLS)[item])
        p.write(1, c, f"{word}({unit})", across=3)
        for k, n in enumerate(order):
            p.write(2, c + k, (own, last, change)[n])
        at = {n: c + k for k, n in enumerate(order)}
        for m in MONTHS:
            p.figure(2 + m, at[0], "", item, measure, m, scale)
            was = Random(f"{o.seed}{item}{m}").uniform(0.93, 1.05)
            p.same(2 + m, at[1], round(p.cells[2 + m, at[0]] * was, 2))
            p.same(2 + m, at[2], round((1 / was - 1) * 100, 2))
        c += 3
    spelled = o.months()
    for m in MONTHS:
        p.write(2 + m, 0, spelled[m])
    return Workbook([p])


def bill_ledger(o: Office) -> Workbook:
    """A 流水 of bills: date, kind of meter, number, readings, multiplier, use, price, amount; power and water mixed."""
    p = Paper(o.pick("抄表流水", "台账", "明细账"), o)
    p.write(0, 0, "2024年水电表抄表计费流水")
    fields = [
        "序号",
        "账单日期",
        "楼宇",
        "表计类型",
        "表号",
        "上期读数",
        "本期读数",
        "倍率",
        "用量",
        "单位",
        "单价",
        "金额（元）",
        "备注",
    ]
    if o.seed:
        fields = [o.pick(*{"账单日期": ("账单日期", "抄表日期", "账单月份"), "楼宇": ("楼宇", "用电地点", "安装位置"),
                           "表计类型": ("表计类型", "类别", "能源类型"), "上期读数": ("上期读数", "上月示数", "起码"),
                           "本期读数": ("本期读数", "本月示数", "止码"), "用量": ("用量", "实用量", "本期用量"),
                           "金额（元）": ("金额（元）", "应缴金额(元)", "费用（元）")}.get(f, (f,))) for f in fields]  # fmt: skip  # noqa: E501
    p.line(1, 0, fields)
    names = o.some(BUILDINGS, 2, 3, 6)
    kinds = {"electricity": o.pick("电表", "电", "电能表"), "water": o.pick("水表", "水", "自来水表")}
    lines = [(m, n, item) for m in MONTHS for n in names for item in kinds]
    if o.seed % 2:
        o.random.shuffle(lines)
    read = {}
    for k, (m, name, item) in enumerate(sorted(lines, key=lambda x: x[0]) if not o.seed % 2 else lines):
        r, times = 2 + k, 40 if item == "electricity" else 1
        start = read.setdefault((name, item, m), 1000 + 37 * k)
        p.line(
            r,
            0,
            [
                k + 1,
                datetime.datetime(2024, m, 25),
                name,
                kinds[item],
                f"{item[0].upper()}{names.index(name):04d}",
            ],
        )
        used = p.figure(r, 8, name, item, "quantity", m)
        p.same(r, 5, start)
        p.same(r, 6, float(start + used / times))
        p.same(r, 7, times)
        p.write(r, 9, "kWh" if item == "electricity" else "吨")
        p.same(r, 10, float(PRICE[item]))
        p.figure(r, 11, name, item, "cost", m)
    return Workbook([p])


def _meters(o: Office, stated: bool) -> Workbook:
    """Per month a sheet of buildings with the electricity meter and the water meter side by side."""
    papers, names = [], o.some(BUILDINGS, 2, 4, 8)
    start, end = o.pick(
        ("上月示数", "本月示数"), ("上期读数", "本期读数"), ("起码", "止码"), ("上月表底", "本月表底")
    )
    units = {"electricity": o.pick("kWh", "度", "千瓦时"), "water": o.pick("吨", "m³", "立方米")}
    for m in MONTHS:
        p = Paper(f"{m}月", o)
        p.write(0, 0, f"2024年{m}月水电抄表记录")
        p.write(1, 0, o.pick("楼宇", "安装地点"), down=2)
        c = 1
        for item, times in o.order([("electricity", 40), ("water", 1)]):
            heads = (
                [start, end] + (["倍率"] if times > 1 else []) + ([f"用量({units[item]})"] if stated else [])
            )
            title = f"{o.pick(*NAMES[item])}表" + ("" if stated else f"（{units[item]}）")
            p.write(1, c, title, across=len(heads))
            p.line(2, c, heads)
            for n, name in enumerate(names):
                p.write(3 + n, 0, name)
                used = o.number(name, item, "quantity", m)
                before = 500 + 90 * n + 11 * m
                p.same(3 + n, c, before)
                if times > 1:
                    p.same(3 + n, c + 2, times)
                if stated:
                    p.same(3 + n, c + 1, before + used / times)
                    p.figure(3 + n, c + len(heads) - 1, name, item, "quantity", m)
                else:
                    p.figure(3 + n, c + 1, name, item, "quantity", m)
                    p.same(3 + n, c + 1, before + used / times)
            c += len(heads)
        papers.append(p)
    return Workbook(papers)


def meters_with_use(o: Office) -> Workbook:
    """Two meters side by side with the use written beside the readings."""
    return _meters(o, True)


def meters_without_use(o: Office) -> Workbook:
    """Two meters side by side with readings only: the differences are the figures."""
    return _meters(o, False)


def month_sheets_of_buildings(o: Office) -> Workbook:
    """One sheet per month: buildings down, carriers across with use and amount, a sum, who filled it in."""
    papers, names = [], o.some(BUILDINGS, 3, 5, 8)
    items = o.some(("electricity", "water", "natural_gas"), 2, 2, 3)
    units = {i: o.unit(i) for i in items}
    words, spell = (
        {i: o.pick(*NAMES[i]) for i in items},
        o.pick("{}月", "{:02d}", "2024年{}月", "2024.{:02d}"),
    )
    heads = o.pick(("用量", "金额(元)"), ("数量", "费用（元）"))
    for m in MONTHS:
        p = Paper(spell.format(m), o)
        p.write(0, 0, f"{m}月份水电气消耗明细", across=1 + 2 * len(items))
        p.write(1, 0, "楼宇", down=2)
        for k, item in enumerate(items):
            p.write(1, 1 + 2 * k, f"{words[item]}（{units[item][0]}）", across=2)
            p.line(2, 1 + 2 * k, heads)
            for n, name in enumerate(names):
                p.write(3 + n, 0, name)
                p.figure(3 + n, 1 + 2 * k, name, item, "quantity", m, units[item][1])
                p.figure(3 + n, 2 + 2 * k, name, item, "cost", m)
        last = 3 + len(names)
        p.write(last, 0, "合计")
        for c in range(1, 1 + 2 * len(items)):
            p.same(last, c, sum(Decimal(str(p.cells[3 + n, c])) for n in range(len(names))))
        p.write(last + 1, 0, "制表人：周某    审核：吴某")
        papers.append(p)
    return Workbook(papers)


def far_from_the_corner(o: Office) -> Workbook:
    """The table starts at D9, with notes at its left, its right and below."""
    p = Paper("Sheet1", o)
    top, left = o.pick((8, 3), (5, 2), (11, 5), (6, 4))
    p.write(1, 0, "后勤保障部能源科")
    p.write(3, left + 1, "2024年度能源消耗登记")
    p.write(top + 1, 0, "填表说明")
    p.write(top + 2, 0, "按账单填写")
    p.write(top + 4, 0, "每月5日前交")
    columns = o.order([(i, q) for i in ("electricity", "water", "natural_gas") for q in ("quantity", "cost")])
    if not o.seed:
        columns = [(i, q) for q in ("quantity", "cost") for i in ("electricity", "water", "natural_gas")]
    for k, (item, measure) in enumerate(columns):
        unit, scale = o.unit(item if measure == "quantity" else "money")
        p.write(top, left + 1 + k, f"{o.pick(*(WORDS if measure == 'quantity' else BILLS)[item])}（{unit}）")
        for m in MONTHS:
            p.figure(top + m, left + 1 + k, "", item, measure, m, scale)
    p.write(top, left, o.pick("月份", "月", "统计月份"))
    spelled = o.months()
    for m in MONTHS:
        p.write(top + m, left, spelled[m])
    far = left + len(columns) + 2
    p.write(top + 2, far, "7、8月为暑假")
    p.write(top + 5, far, "数据来自供电局账单")
    p.write(top + 14, left, "注：水量含中水")
    return Workbook([p])


def two_languages(o: Office) -> Workbook:
    """A header in Chinese and English, one below the other in the cell or in two rows."""
    p = Paper("Energy 能耗", o)
    apart = o.pick("\n", " ", "/")
    english = {
        ("electricity", "quantity"): "Electricity (kWh)", ("electricity", "cost"): "Electricity cost (RMB)",
        ("water", "quantity"): "Water (m³)", ("water", "cost"): "Water cost (RMB)",
        ("natural_gas", "quantity"): "Natural gas (m³)", ("gasoline", "quantity"): "Gasoline (L)",
    }  # fmt: skip
    p.write(0, 0, "2024年能源消耗 Energy Consumption 2024")
    p.write(1, 0, f"月份{apart}Month")
    for k, ((item, measure), text) in enumerate(o.some(english.items(), 3, 6, 6)):
        word = o.pick(*(WORDS if measure == "quantity" else BILLS)[item])
        p.write(1, 1 + k, f"{word}{apart}{text}")
        for m in MONTHS:
            p.figure(1 + m, 1 + k, "", item, measure, m)
    spelled = o.months()
    for m in MONTHS:
        p.write(1 + m, 0, spelled[m])
    return Workbook([p])


def list_in_gb18030(o: Office) -> Workbook:
    """A list out of a payment system: semicolons or tabs, GB18030, thousands, days as dates."""
    p = Paper("csv", o)
    fields = [o.pick("所属月份", "账期", "费用所属期"), o.pick("费用项目", "能源种类"), o.pick("校区", "园区"),
              o.pick("数量", "用量"), o.pick("计量单位", "单位"), o.pick("金额(元)", "费用（元）"), "经办人"]  # fmt: skip  # noqa: E501
    p.line(0, 0, fields)
    units = {"electricity": "度", "water": "立方米", "natural_gas": "立方米"}
    names = {
        "electricity": o.pick("电费", "电"),
        "water": o.pick("水费", "水"),
        "natural_gas": o.pick("燃气费", "天然气"),
    }
    spelled = {m: o.pick(f"2024-{m:02d}", f"2024/{m}", f"2024{m:02d}", f"2024年{m}月") for m in MONTHS}
    lines = o.order([(m, c, i) for m in MONTHS for c in o.some(CAMPUSES, 2, 2, 3) for i in units][:60])
    lines = list(dict.fromkeys(lines))
    for k, (m, campus, item) in enumerate(lines):
        p.line(1 + k, 0, [spelled[m], names[item], campus])
        p.figure(1 + k, 3, campus, item, "quantity", m, look=lambda n: f"{n:,f}")
        p.write(1 + k, 4, units[item])
        p.figure(1 + k, 5, campus, item, "cost", m, look=lambda n: f"{n:,.2f}")
        p.write(1 + k, 6, "郑某")
    return Workbook(
        [p],
        "csv",
        "缴费明细.csv",
        encoding=o.pick("gb18030", "utf-8-sig", "utf-16"),
        delimiter=o.pick(";", "\t", ","),
    )


def page_with_spans(o: Office) -> Workbook:
    """A page named .xls out of an old system: two header rows with spans, buildings spanning their carriers."""
    p = Paper("表1", o)
    p.write(0, 0, "楼宇", down=2)
    p.write(0, 1, "能源", down=2)
    half = o.pick(6, 12)
    p.write(0, 2, "2024年上半年用量" if half == 6 else "2024年各月用量", across=half)
    p.line(1, 2, [f"{m}月" for m in range(1, half + 1)])
    r = 2
    items = [(i, *o.unit(i), o.pick(*NAMES[i])) for i in ("electricity", "water")]
    for name in o.some(BUILDINGS, 2, 3, 6):
        p.write(r, 0, name, down=2)
        for item, unit, scale, word in items:
            p.write(r, 1, f"{word}({unit})")
            for m in range(1, half + 1):
                p.figure(r, 1 + m, name, item, "quantity", m, scale)
            r += 1
    return Workbook([p], "html", "月报.xls", encoding=o.pick("utf-8", "gb18030"))


def with_running_sums(o: Office) -> Workbook:
    """Beside each month its 累计 since January; a total below; a share and a remark with numbers in it."""
    p = Paper("2024", o)
    p.write(0, 0, "2024年能耗月报（含累计）")
    month, sofar = o.pick(
        ("当月", "累计"), ("本月", "本年累计"), ("本月数", "累计数"), ("当期", "1月至本月累计")
    )
    p.write(1, 0, "月份", down=2)
    c = 1
    for item in o.some(("electricity", "water", "natural_gas"), 2, 3, 3):
        unit, scale = o.unit(item)
        p.write(1, c, f"{o.pick(*WORDS[item])}（{unit}）", across=2)
        p.line(2, c, [month, sofar])
        total = Decimal(0)
        for m in MONTHS:
            total += p.figure(2 + m, c, "", item, "quantity", m, scale)
            p.same(2 + m, c + 1, total)
        c += 2
    p.write(1, c, o.pick("电占比(%)", "占全年比例"), down=2)
    p.write(1, c + 1, "备注", down=2)
    spelled = o.months()
    for m in MONTHS:
        p.write(2 + m, 0, spelled[m])
        p.same(2 + m, c, 50 + m / 10)
    p.write(5, c + 1, "3月25日停电2小时")
    p.write(9, c + 1, "7月放假20天")
    return Workbook([p])


def out_of_order_and_full_width(o: Office) -> Workbook:
    """A list in no order, written half in full width: ２０２４年３月, 用电量（ｋＷｈ）, １２，３００．５."""
    p = Paper("明细", o)
    p.line(0, 0, [o.pick("校　区", "校区"), o.pick("月　份", "年月"), o.pick("用电量（ｋＷｈ）", "耗电量（千瓦时）"),
                  o.pick("用水量（ｍ３）", "用水量（立方米）"), o.pick("电　费（元）", "电费（元）")])  # fmt: skip
    wide = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
    lines = [(c, m) for c in o.some(CAMPUSES, 2, 2, 3) for m in MONTHS]
    Random(o.seed).shuffle(lines)
    for k, (campus, m) in enumerate(lines):
        spelled = (f"2024年{m}月", f"２０２４年{m}月", f"2024-{m:02d}", f"２０２４．{m:02d}".translate(wide))[
            k % 4
        ]
        p.line(1 + k, 0, [campus if k % 5 else f" {campus[0]}{campus[1:]} ", spelled])
        look = (lambda n: f"{n:,f}".translate(wide)) if k % 3 == 0 else None
        p.figure(1 + k, 2, campus, "electricity", "quantity", m, look=look)
        p.figure(1 + k, 3, campus, "water", "quantity", m, look=look)
        p.figure(1 + k, 4, campus, "electricity", "cost", m, look=look)
    return Workbook([p])


def with_tenants_below(o: Office) -> Workbook:
    """Below the table of the university a second one of what tenants use, already inside the first."""
    p = Paper("用电", o)
    p.write(0, 0, o.pick("一、学校用电", "一、全校用电情况"))
    p.line(1, 0, ["月份", "用电量(kWh)", "电费(元)"])
    spelled = o.months()
    for m in MONTHS:
        p.write(1 + m, 0, spelled[m])
        p.figure(1 + m, 1, "", "electricity", "quantity", m)
        p.figure(1 + m, 2, "", "electricity", "cost", m)
    p.write(15, 0, o.pick("二、商户用电（已含在上表）", "其中：租户用电", "二、其中：物业及商户用电"))
    p.line(16, 0, ["月份", "用电量(kWh)", "电费(元)"])
    for m in MONTHS:
        p.write(16 + m, 0, spelled[m])
        p.same(16 + m, 1, 9000 + 130 * m)
        p.same(16 + m, 2, round((9000 + 130 * m) * 0.8, 2))
        p.doubtful |= {(16 + m, 1), (16 + m, 2)}
    return Workbook([p])


def several_universities(o: Office) -> Workbook:
    """A list of a shared energy office: the rows of another university stand between the own ones."""
    p = Paper("汇总明细", o)
    p.line(0, 0, [o.pick("学校", "学校名称", "单位名称"), "月份", "用电量(kWh)", "用水量(吨)", "电费(元)"])
    r = 1
    for m in o.order(MONTHS):
        for name in o.order(["示例大学", "沽上师范大学"]):
            p.line(r, 0, [name, f"2024年{m}月"])
            if name == "示例大学":
                p.figure(r, 2, "", "electricity", "quantity", m)
                p.figure(r, 3, "", "water", "quantity", m)
                p.figure(r, 4, "", "electricity", "cost", m)
            else:
                p.line(r, 2, [400000 + 1000 * m, 30000 + 10 * m, 250000 + 700 * m])
                p.doubtful |= {(r, 2), (r, 3), (r, 4)}
            r += 1
    return Workbook([p])


def blocks_side_by_side(o: Office) -> Workbook:
    """Carriers beside each other, each block with its own months, use, price and amount."""
    p = Paper("2024", o)
    c = 0
    gap = o.pick(1, 0, 1)
    for item in o.some(("electricity", "water", "natural_gas"), 2, 3, 3):
        unit, scale = o.unit(item)
        p.write(0, c, f"{o.pick(*NAMES[item])}", across=4)
        p.line(1, c, ["月份", f"用量({unit})", "单价", "金额(元)"])
        for m in MONTHS:
            p.write(1 + m, c, f"{m}月")
            p.figure(1 + m, c + 1, "", item, "quantity", m, scale)
            p.same(1 + m, c + 2, float(PRICE[item]))
            p.figure(1 + m, c + 3, "", item, "cost", m)
        p.write(14, c, "合计")
        p.same(14, c + 1, sum(Decimal(str(p.cells[1 + m, c + 1])) for m in MONTHS))
        p.same(14, c + 3, sum(Decimal(str(p.cells[1 + m, c + 3])) for m in MONTHS))
        c += 4 + gap
    return Workbook([p])
