"""What came in by post, first half: accounts, meters, days and weeks, terms, budgets, exports."""

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

LONG = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

ASKED = {"meters_of_a_building"}


def _whole(values) -> Decimal:
    return sum((Decimal(str(v)) for v in values), Decimal(0))


def _parted(o: Office, whole: Decimal, count: int) -> list[Decimal]:
    """A whole in uneven parts that add up to it, two places each."""
    shares = [o.random.uniform(0.8, 1.2) for _ in range(count)]
    parts = [round(whole * Decimal(s / sum(shares)), 2) for s in shares[:-1]]
    return [*parts, whole - sum(parts)]


def account_pages(o: Office) -> Workbook:
    """A page of the ledger of accounts: month and day apart, 承前页, 本月合计, 本年累计 and 过次页 among the entries."""  # noqa: E501
    p = Paper(o.pick("明细账", "三栏账", "账页"), o)
    item = o.pick("electricity", "water", "natural_gas")
    word = BILLS[item][0]
    p.write(0, 0, f"{o.pick('商品和服务支出', '业务活动费用')}——{word}  明细账", across=7)
    p.write(1, 0, o.pick("2024年", "2024 年"), across=2)
    p.line(2, 0, [o.pick("月", "月份"), "日"])
    for c, head in enumerate(("凭证号数", "摘要", o.pick("借方", "借方（元）"), "贷方", "余额"), 2):
        p.write(1, c, head, down=2)
    text = o.pick(
        "付{m}月{b}", "支付{m}月份{b}", "缴纳{m}月{b}（供电局）" if item == "electricity" else "缴{m}月{b}"
    )
    p.write(3, 3, o.pick("承前页", "上年结转", "期初余额"))
    p.same(3, 6, 0)
    r, so_far, running = 4, Decimal(0), o.pick("本年累计", "累计")
    for m in MONTHS:
        p.line(r, 0, [m, 20 + m % 7, f"银付-{m:02d}{r:02d}", text.format(m=m, b=word)])
        paid = p.figure(r, 4, "", item, "cost", m)
        so_far += paid
        p.same(r, 6, so_far)
        for n, (head, value) in enumerate((("本月合计", paid), (running, so_far)), 1):
            p.line(r + n, 0, [m, LONG[m - 1]])
            p.write(r + n, 3, head)
            p.same(r + n, 4, value)
        r += 3
        if m == 6:
            for head in ("过次页", "承前页"):
                p.write(r, 3, head)
                p.same(r, 4, so_far)
                p.same(r, 6, so_far)
                r += 1
    return Workbook([p])


def meters_of_a_building(o: Office) -> Workbook:
    """Several meters of one building, its name merged over them, months across and no sum: to be asked once."""
    p = Paper(o.pick("分表", "楼内表计"), o)
    p.write(
        0, 0, o.pick("2024年各楼分表用电量统计（单位：kWh）", "各楼电表用电量（2024年，单位：度）"), across=14
    )
    p.line(
        1,
        0,
        [o.pick("楼宇", "楼宇名称", "建筑"), o.pick("电表", "表计名称", "表名"), *(f"{m}月" for m in MONTHS)],
    )
    r, spell = 2, o.pick("一楼{}#表", "{}#表", "{}号表")
    for name in o.some(BUILDINGS, 2, 3, 5):
        count = o.pick(2, 2, 3)
        p.write(r, 0, name, down=count)
        for k in range(count):
            p.write(r + k, 1, spell.format(k + 1))
        for m in MONTHS:
            for k, part in enumerate(_parted(o, o.number(name, "electricity", "quantity", m), count)):
                p.amount(r + k, 1 + m, name, "electricity", "quantity", f"2024-{m:02d}", part)
        r += count
    return Workbook([p])


def days_down_months_across(o: Office) -> Workbook:
    """每日抄表: days 1–31 down, months across, the sum of each month below; carriers as two tables or sheets."""
    papers, words = [], o.pick(True, False)
    for item in o.order(("electricity", "water")):
        unit = o.pick(*{"electricity": ("度", "kWh"), "water": ("吨", "m³")}[item])
        p = Paper(f"每日{NAMES[item][0]}量", o)
        p.write(0, 0, f"2024年每日{WORDS[item][0]}登记表（{unit}）", across=13)
        p.line(1, 0, [o.pick("日期", "日\\月", "日"), *(f"{m}月" for m in MONTHS)])
        for d in range(1, 32):
            p.write(1 + d, 0, f"{d}日" if words else d)
        p.write(33, 0, o.pick("合计", "月合计", "当月合计"))
        for m in MONTHS:
            whole = p.figure(33, m, "", item, "quantity", m)
            for d, part in enumerate(_parted(o, whole, LONG[m - 1]), 1):
                p.same(1 + d, m, part)
        papers.append(p)
    return Workbook(papers, name="每日抄表.xlsx")


def weeks_and_their_month(o: Office) -> Workbook:
    """周报: weeks with their days in rows, the month merged at the left, a monthly 小计 after each."""
    p = Paper(o.pick("周报汇总", "周统计"), o)
    p.write(0, 0, "2024年水电用量周统计表", across=4)
    p.line(1, 0, ["月份", o.pick("周次", "统计周期", "时间段"), "用电量(kWh)", "用水量(t)"])
    spell = o.pick("第{n}周", "第{k}周（{m}.{a}-{m}.{b}）", "{m}.{a}-{m}.{b}")
    r, closing = 2, o.pick("小计", "月小计", "本月合计")
    for m in MONTHS:
        edges = [(1, 7), (8, 14), (15, 21), (22, LONG[m - 1])]
        p.write(r, 0, f"{m}月", down=5)
        for k, (first, last) in enumerate(edges):
            p.write(r + k, 1, spell.format(k=k + 1, n=CHINESE[k], m=m, a=first, b=last))
        p.write(r + 4, 1, closing)
        for c, item in ((2, "electricity"), (3, "water")):
            whole = p.figure(r + 4, c, "", item, "quantity", m)
            for k, part in enumerate(_parted(o, whole, 4)):
                p.same(r + k, c, part)
        r += 5
    return Workbook([p])


def quarters_merged_over_months(o: Office) -> Workbook:
    """Quarter merged at the left over its months and 季度小计; two years and their 同比 under each carrier."""
    p = Paper("同比", o)
    items = o.some(("electricity", "water", "natural_gas"), 1, 2, 3)
    p.write(0, 0, "2024年与2023年能耗对比表", across=2 + 3 * len(items))
    p.write(1, 0, "季度", down=2)
    p.write(1, 1, o.pick("月份", "月度"), down=2)
    years = o.pick(
        ("2023年", "2024年", "同比(%)"), ("2024年", "2023年", "增减率（%）"), ("2024年", "2023年", "同比增长")
    )
    own = 1 + [y.startswith("2024") for y in years].index(True)
    other = 3 - own
    units = {i: o.unit(i) for i in items}
    for k, item in enumerate(items):
        p.write(1, 2 + 3 * k, f"{o.pick(*WORDS[item])}({units[item][0]})", across=3)
        p.line(2, 2 + 3 * k, years)
    spell, closing = o.pick("{}季度", "第{}季度"), o.pick("小计", "季度小计", "季小计")
    r = 3
    for q in range(4):
        p.write(r, 0, spell.format(CHINESE[q]), down=4)
        for k, item in enumerate(items):
            left = 1 + 3 * k
            for n in range(3):
                p.write(r + n, 1, f"{3 * q + n + 1}月")
                used = p.figure(r + n, left + own, "", item, "quantity", 3 * q + n + 1, units[item][1])
                p.same(r + n, left + other, round(float(used) * (0.9 + 0.03 * n), 4))
            for c in (left + own, left + other):
                p.same(r + 3, c, _whole(p.cells[r + n, c] for n in range(3)))
            for n in range(4):
                now, was = p.cells[r + n, left + own], p.cells[r + n, left + other]
                p.same(r + n, left + 3, round((now - was) / was * 100, 2) if was else 0)
        p.write(r + 3, 1, closing)
        r += 4
    return Workbook([p])


def power_company_bill(o: Office) -> Workbook:
    """The yearly list of the power company's bills: 有功 sharp, peak, flat, valley, 无功, power factor, parts of the bill."""  # noqa: E501
    kind = o.pick("xlsx", "csv", "xls")
    p = Paper("csv" if kind == "csv" else "电费清单", o)
    heads = ["电费年月", "户号", "尖电量", "峰电量", "平电量", "谷电量", o.pick("总电量(千瓦时)", "有功总电量（kWh）", "计费电量（kWh）"),  # noqa: E501
             "无功电量(kvarh)", "功率因数", "电度电费", "基本电费", o.pick("功率因数调整电费", "力调电费"),
             o.pick("代征费用", "政府性基金及附加"), o.pick("应收电费(元)", "总电费(元)", "电费合计（元）")]  # fmt: skip  # noqa: E501
    p.line(0, 0, heads)
    spell = o.pick("2024{:02d}", "2024-{:02d}")
    for m in MONTHS:
        p.write(m, 0, spell.format(m))
        p.write(m, 1, "3301234567")
        used = p.figure(m, 6, "", "electricity", "quantity", m)
        for k, part in enumerate(_parted(o, used, 4)):
            p.same(m, 2 + k, part)
        p.same(m, 7, round(used / 4))
        p.same(m, 8, 0.97)
        paid = p.figure(m, 13, "", "electricity", "cost", m)
        for k, part in enumerate(_parted(o, paid, 4)):
            p.same(m, 9 + k, part)
    return Workbook([p], kind, name=f"电费清单.{kind}")


def tags_with_stamps(o: Office) -> Workbook:
    """An energy platform's tags in long form: org, code and name of the figure, ISO stamp of the month's end, value."""
    p = Paper("csv", o)
    p.line(0, 0, ["orgCode", o.pick("indexCode", "指标编码"), o.pick("indexName", "指标名称"), o.pick("statTime", "统计时间"),  # noqa: E501
                  o.pick("indexValue", "指标值"), o.pick("unit", "计量单位"), o.pick("quality", "数据质量")])  # fmt: skip  # noqa: E501
    names = {("electricity", "quantity"): ("全校用电量", "kWh"), ("electricity", "cost"): ("全校电费", "元"),
             ("water", "quantity"): ("全校用水量", "m³"), ("natural_gas", "quantity"): ("天然气用量", "m³")}  # fmt: skip  # noqa: E501
    stamp = o.pick(
        "2024-{:02d}-{:02d}T23:59:59+08:00", "2024-{:02d}-{:02d} 23:59:59", "2024-{:02d}-{:02d}T00:00:00"
    )
    r, good = 1, o.pick("good", "正常", "192")
    for m in MONTHS:
        for n, ((item, measure), (name, unit)) in enumerate(names.items()):
            p.line(r, 0, ["B0421", f"ZB{n + 1:03d}", name, stamp.format(m, LONG[m - 1])])
            p.figure(r, 4, "", item, measure, m, look=lambda v: f"{v:.3f}")
            p.line(r, 5, [unit, good])
            r += 1
    return Workbook(
        [p], "csv", "export.csv", delimiter=o.pick("\t", ",", ";"), encoding=o.pick("utf-8", "utf-8-sig")
    )


def pivot_in_outline(o: Office) -> Workbook:
    """A pivot table in outline form: campuses with their sum, months below each, two 求和项, (空白) and 总计."""
    p = Paper(o.pick("Sheet4", "透视表1"), o)
    names = o.some(CAMPUSES, 2, 3, 4)
    unit = o.pick("kWh", "度")
    p.line(0, 0, ["年度", "2024"])
    p.line(
        2,
        0,
        [
            "行标签",
            o.pick(f"求和项:用电量({unit})", f"求和项:用电量（{unit}）"),
            o.pick("求和项:电费(元)", "求和项:电费金额(元)"),
        ],
    )
    r, tops = 3, []
    spell = o.pick("{}月", "2024-{:02d}", "2024年{}月")
    for name in names:
        top, r = r, r + 1
        tops.append(top)
        p.write(top, 0, name)
        for m in MONTHS:
            p.write(r, 0, spell.format(m))
            for c, measure in ((1, "quantity"), (2, "cost")):
                p.figure(r, c, name, "electricity", measure, m)
            r += 1
        for c in (1, 2):
            p.same(top, c, _whole(p.cells[top + m, c] for m in MONTHS))
    if o.pick(True, False):
        p.write(r, 0, "(空白)")
        r += 1
    p.write(r, 0, "总计")
    for c in (1, 2):
        p.same(r, c, _whole(p.cells[top, c] for top in tops))
    return Workbook([p])


def budget_and_execution(o: Office) -> Workbook:
    """The finance office's budget of a year's utilities: amounts in 万元, what was used in its own unit, months down."""  # noqa: E501
    p = Paper(o.pick("预算执行", "水电费预算"), o)
    items = o.some(("electricity", "water", "natural_gas"), 2, 2, 3)
    p.write(0, 0, "2024年度公用事业费预算执行情况表（金额单位：万元）", across=1 + 3 * len(items))
    p.write(1, 0, "月份", down=2)
    heads = o.pick(
        ("预算数", "执行数", "用量"), ("年初预算", "实际支出", "消耗量"), ("预算金额", "执行金额", "数量")
    )
    units = {"electricity": ("万度", 10000), "water": ("吨", 1), "natural_gas": ("立方米", 1)}
    for k, item in enumerate(items):
        left, (unit, scale) = 1 + 3 * k, units[item]
        p.write(1, left, o.pick(BILLS[item][0], NAMES[item][0]), across=3)
        p.line(2, left, [heads[0], heads[1], f"{heads[2]}（{unit}）"])
        for m in MONTHS:
            p.write(2 + m, 0, f"{m}月")
            paid = p.figure(2 + m, left + 1, "", item, "cost", m, 10000)
            p.figure(2 + m, left + 2, "", item, "quantity", m, scale)
            p.same(2 + m, left, round(float(paid) * 1.05, 2))
    p.write(15, 0, "合计")
    for c in range(1, 1 + 3 * len(items)):
        p.same(15, c, _whole(p.cells[2 + m, c] for m in MONTHS))
    return Workbook([p])
