"""A second post, written once the first could be read: what is said of it at first try is the honest figure again."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BUILDINGS,
    CHINESE,
    HEATED,
    MONTHS,
    NAMES,
    Figure,
    Office,
    Paper,
    Workbook,
)
from tests.surveys.intake.workbooks.parcels import _parted, _whole

ASKED = {"one_bill_for_both"}


def current_transformers(o: Office) -> Workbook:
    """A meter list per month: number, account, ratio of the transformer as 200/5, last and this reading, the use."""
    papers, names = [], o.some(BUILDINGS, 2, 4, 7)
    spell, base = o.pick("{}月抄表", "2024年{}月", "{:02d}月"), Decimal(1000)
    heads = o.pick(
        ("互感器变比", "上月止码", "本月止码", "实用电量（kWh）"),
        ("CT变比", "上月示数", "本月示数", "用电量（度）"),
        ("变比", "上期表底", "本期表底", "电量(千瓦时)"),
    )
    for m in MONTHS:
        p = Paper(spell.format(m), o)
        p.line(0, 0, ["序号", "表号", "户号", o.pick("用电地点", "安装位置"), *heads])
        for n, name in enumerate(names):
            ratio = (200, 300, 400, 600)[n % 4]
            p.line(1 + n, 0, [n + 1, f"31{n:02d}77{n}", f"05{n}", name, f"{ratio}/5"])
            used = p.figure(1 + n, 7, name, "electricity", "quantity", m)
            first = base + 37 * n + 11 * m
            p.same(1 + n, 5, first)
            p.same(1 + n, 6, round(first + used / (ratio // 5), 2))
        papers.append(p)
    return Workbook(papers, name="2024抄表.xlsx")


def sun_on_the_roof(o: Office) -> Workbook:
    """Power bought, made on the roof, used of that and fed into the net; months down."""
    p = Paper(o.pick("光伏", "电力平衡"), o)
    unit = o.pick("kWh", "度", "千瓦时")
    p.write(0, 0, f"2024年外购电与光伏发电统计（{unit}）")
    p.line(
        1,
        0,
        [
            "月份",
            o.pick("外购电量", "市电用电量"),
            o.pick("光伏发电量", "太阳能光伏发电量"),
            o.pick("其中：上网电量", "光伏上网电量"),
            "备注",
        ],
    )
    for m in MONTHS:
        p.write(1 + m, 0, f"{m}月")
        bought = p.figure(1 + m, 1, "", "electricity", "quantity", m)
        made = Decimal(round(float(bought) * 0.06))
        p.amount(1 + m, 2, "", "pv_generation", "quantity", f"2024-{m:02d}", made)
        p.same(1 + m, 3, round(made / 5))
    return Workbook([p])


def canteens_and_their_gas(o: Office) -> Workbook:
    """Canteens down, under each month natural gas and bottled gas by weight with what they cost."""
    p = Paper("食堂燃料", o)
    names = o.some(["第一食堂", "第二食堂", "清真食堂", "教工餐厅"], 2, 3, 4)
    p.write(0, 0, "2024年各食堂燃料消耗")
    p.write(1, 0, "食堂", down=2)
    p.write(1, 1, "燃料", down=2)
    for m in MONTHS:
        p.write(1, 2 * m, f"{m}月", across=2)
        p.line(2, 2 * m, o.pick(("数量", "金额"), ("用量", "费用")))
    r = 3
    for name in names:
        p.write(r, 0, name, down=2)
        for k, (item, word, price) in enumerate(
            (
                ("natural_gas", "天然气（m³）", "3.3"),
                ("lpg", o.pick("液化气（公斤）", "液化石油气(kg)"), "7.5"),
            )
        ):
            p.write(r + k, 1, word)
            for m in MONTHS:
                amount = o.number(name, "natural_gas", "quantity", m) // (1 + 9 * k)
                p.amount(r + k, 2 * m, name, item, "quantity", f"2024-{m:02d}", amount)
                p.amount(r + k, 2 * m + 1, name, item, "cost", f"2024-{m:02d}", amount * Decimal(price))
        r += 2
    return Workbook([p])


def cars_and_their_fuel(o: Office) -> Workbook:
    """Cars with their plates in each month, petrol and diesel in litres and yuan, a sum for each month."""
    p = Paper("车辆用油", o)
    p.write(0, 0, "2024年公务用车加油统计表")
    p.line(1, 0, ["月份", "车牌号", "汽油（升）", "汽油金额（元）", "柴油（升）", "柴油金额（元）"])
    plates = ["津A12345", "津A6K781", "津B90210"][: o.pick(3, 2)]
    closing, r = o.pick("合计", "小计", "本月合计"), 2
    for m in MONTHS:
        p.write(r, 0, f"{m}月", down=len(plates) + 1)
        last = r + len(plates)
        p.write(last, 1, closing)
        for k, plate in enumerate(plates):
            p.write(r + k, 1, plate)
        for c, (item, measure) in enumerate(
            (i, k) for i in ("gasoline", "diesel") for k in ("quantity", "cost")
        ):
            whole = p.figure(last, 2 + c, "", item, measure, m)
            for k, part in enumerate(_parted(o, whole, len(plates))):
                p.same(r + k, 2 + c, part)
        r = last + 1
    return Workbook([p])


def of_which_others(o: Office) -> Workbook:
    """The whole by the main meter, of which the residents and the shops, months across; power and water."""
    p = Paper(o.pick("总表", "水电总量"), o)
    p.line(0, 0, ["项目", "单位", *(f"{m}月" for m in MONTHS), "合计"])
    r = 1
    for item, unit in (("electricity", "度"), ("water", "吨")):
        word = {"electricity": "电", "water": "水"}[item]
        p.line(r, 0, [f"总用{word}量", unit])
        p.line(r + 1, 0, [f"其中：家属区用{word}", unit])
        p.line(r + 2, 0, [o.pick("　　　商户用{}", "其中：商户用{}").format(word), unit])
        for m in MONTHS:
            used = p.figure(r, 1 + m, "", item, "quantity", m)
            p.same(r + 1, 1 + m, round(used / 8))
            p.same(r + 2, 1 + m, round(used / 20))
        for k in range(3):
            p.same(r + k, 14, _whole(p.cells[r + k, 1 + m] for m in MONTHS))
        r += 3
    return Workbook([p])


def quarters_and_so_far(o: Office) -> Workbook:
    """A sheet per quarter: what the quarter used, what the year used so far, the same a year before; carriers down."""
    papers = []
    items = o.some(("electricity", "water", "natural_gas"), 2, 3, 3)
    heads = o.pick(
        ("本季度", "本年累计", "上年同期"),
        ("本季数", "1-本季累计", "去年同期"),
        ("本季实际", "自年初累计", "上年同季"),
    )
    units = {i: o.unit(i) for i in items}
    so_far = {i: Decimal(0) for i in items}
    for q in range(4):
        p = Paper(o.pick(f"{CHINESE[q]}季度", f"第{CHINESE[q]}季度", f"2024Q{q + 1}"), o)
        p.write(0, 0, f"2024年第{CHINESE[q]}季度能源消耗统计", across=5)
        p.line(1, 0, ["能源名称", "计量单位", *heads])
        for n, item in enumerate(items):
            p.line(2 + n, 0, [NAMES[item][0], units[item][0]])
            amount = sum(o.number("", item, "quantity", 3 * q + k) for k in (1, 2, 3))
            so_far[item] += p.amount(2 + n, 2, "", item, "quantity", f"2024-Q{q + 1}", amount, units[item][1])
            p.same(2 + n, 3, so_far[item])
            p.same(2 + n, 4, round(p.cells[2 + n, 2] * 0.93, 4))
        papers.append(p)
    return Workbook(papers)


def one_bill_for_both(o: Office) -> Workbook:
    """Departments charged for 水电费 in one amount: nobody can tell how much of it is power, it must be asked."""
    p = Paper("院系水电费", o)
    p.write(0, 0, o.pick("2024年各院系应收水电费（元）", "2024年二级单位水电费收缴表（元）"))
    p.line(1, 0, ["序号", o.pick("院系", "使用部门"), *(f"{m}月" for m in MONTHS)])
    for n, name in enumerate(("机械学院", "文学院", "后勤集团")):
        p.line(2 + n, 0, [n + 1, name])
        for m in MONTHS:
            p.same(2 + n, 1 + m, 3000 + 170 * n + 31 * m)
            p.truth[2 + n, 1 + m] = Figure(name, "both", "cost", f"2024-{m:02d}", Decimal(0))
    return Workbook([p])


def heat_exchange_station(o: Office) -> Workbook:
    """What the heat meter showed at the end of each month beside the heat of the month and the water it lost."""
    p = Paper("换热站", o)
    p.write(0, 0, "2024年换热站运行统计")
    p.line(
        1,
        0,
        [
            "月份",
            o.pick("累计热量(GJ)", "热表累计读数（GJ）"),
            o.pick("本月用热量(GJ)", "当月供热量（GJ）"),
            "补水量（吨）",
            o.pick("供水温度(℃)", "平均供水温度（℃）"),
        ],
    )
    run = Decimal(20000)
    for n, m in enumerate(HEATED):
        p.write(2 + n, 0, f"{m}月")
        run += p.figure(2 + n, 2, "", "heat", "quantity", m)
        p.same(2 + n, 1, run)
        p.figure(2 + n, 3, "", "water", "quantity", m)
        p.same(2 + n, 4, 55 - n)
    return Workbook([p])


def transformers_side_by_side(o: Office) -> Workbook:
    """Power by transformer and their sum, months down; the sum is the school's."""
    p = Paper("变压器", o)
    spell = o.pick("{}#变压器", "{}#变", "{}号变压器")
    count = o.pick(3, 2, 4)
    p.write(0, 0, f"2024年配电室各变压器用电量（{o.pick('kWh', '度')}）")
    p.line(1, 0, ["月份", *(spell.format(k + 1) for k in range(count)), o.pick("合计", "总计", "合计电量")])
    for m in MONTHS:
        p.write(1 + m, 0, f"{m}月")
        whole = p.figure(1 + m, 1 + count, "", "electricity", "quantity", m)
        for k, part in enumerate(_parted(o, whole, count)):
            p.same(1 + m, 1 + k, part)
    return Workbook([p])


def direct_debits(o: Office) -> Workbook:
    """A bank's list of debits: day, whom, amount with commas, what for; what for says carrier and month."""
    p = Paper("csv", o)
    p.line(
        0,
        0,
        [
            "交易日期",
            "交易流水号",
            "对方户名",
            o.pick("借方金额", "支出金额", "金额(元)"),
            "余额",
            o.pick("用途", "摘要", "附言"),
        ],
    )
    whom = {"electricity": "国网电力公司", "water": "市自来水集团", "natural_gas": "燃气集团"}
    word = {"electricity": "电费", "water": "水费", "natural_gas": "燃气费"}
    text, r, left = o.pick("2024{m:02d}{b}", "2024年{m}月{b}", "{m}月份{b}"), 1, Decimal(9000000)
    for m in MONTHS:
        for item in ("electricity", "water", "natural_gas"):
            paid = datetime.date(2024 + m // 12, m % 12 + 1, 8)
            p.line(r, 0, [f"{paid:%Y%m%d}", f"2024{r:010d}", whom[item]])
            left -= p.figure(r, 3, "", item, "cost", m, look=lambda v: f"{v:,.2f}")
            p.line(r, 4, [f"{left:,.2f}", text.format(m=m, b=word[item])])
            r += 1
    return Workbook([p], "csv", "银行流水.csv", encoding=o.pick("gb18030", "utf-8-sig"))


def water_balance(o: Office) -> Workbook:
    """The main water meter, the sum of the meters below it, what leaked and its share; months down."""
    p = Paper("水平衡", o)
    p.write(0, 0, o.pick("2024年管网漏损分析表", "2024年水平衡测试统计"))
    p.line(
        1,
        0,
        [
            o.pick("月份", "统计月"),
            o.pick("总表水量（吨）", "总表用水量（m³）"),
            o.pick("分表合计（吨）", "分表水量合计(吨)"),
            o.pick("漏损水量（吨）", "漏失量(吨)"),
            o.pick("漏损率（%）", "漏失率"),
        ],
    )
    for m in MONTHS:
        p.write(1 + m, 0, f"{m}月")
        whole = p.figure(1 + m, 1, "", "water", "quantity", m)
        lost = round(whole * Decimal("0.09"))
        p.same(1 + m, 2, whole - lost)
        p.same(1 + m, 3, lost)
        p.same(1 + m, 4, round(float(lost / whole) * 100, 2))
    return Workbook([p])
