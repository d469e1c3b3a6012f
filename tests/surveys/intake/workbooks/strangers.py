"""Workbooks thought of after the readers were mended: what is read of them at first try is the honest figure."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CAMPUSES,
    CHINESE,
    MONTHS,
    NAMES,
    PRICE,
    WORDS,
    Office,
    Paper,
    Workbook,
)


def plan_and_actual(o: Office) -> Workbook:
    """For each carrier the plan, what was used, how much is left of the quota and the share, months down."""
    p = Paper("计划执行", o)
    heads = o.pick(
        ("计划", "实际", "节超", "完成率"),
        ("定额指标", "实际用量", "结余", "执行率(%)"),
        ("年初计划", "实际完成", "差额", "完成比例"),
    )
    p.write(0, 0, "2024年用能计划执行情况", across=9)
    p.write(1, 0, "月份", down=2)
    for k, item in enumerate(o.some(("electricity", "water", "natural_gas"), 2, 2, 3)):
        unit, scale = o.unit(item)
        left = 1 + 4 * k
        p.write(1, left, f"{o.pick(*WORDS[item])}（{unit}）", across=4)
        p.line(2, left, heads)
        for m in MONTHS:
            p.write(2 + m, 0, f"{m}月")
            used = p.figure(2 + m, left + 1, "", item, "quantity", m, scale)
            planned = round(float(used) * 1.08, 3)
            p.same(2 + m, left, planned)
            p.same(2 + m, left + 2, round(planned - float(used), 3))
            p.same(2 + m, left + 3, round(float(used) / planned * 100, 1))
    return Workbook([p])


def departments_sheets_across_years(o: Office) -> Workbook:
    """A sheet per year and half: 2023下, 2024上, 2024下; carriers and costs down in pairs of rows."""
    papers = []
    for year, half in ((2023, "下"), (2024, "上"), (2024, "下")):
        months = range(1, 7) if half == "上" else range(7, 13)
        p = Paper(o.pick(f"{year}{half}半年", f"{year}年{half}半年"), o)
        p.line(0, 0, ["项目", "单位", *(f"{m}月" for m in months), "半年合计"])
        r = 1
        for item in ("electricity", "water"):
            for measure, word, unit in (("quantity", WORDS[item][0], "度" if item == "electricity" else "吨"),
                                        ("cost", BILLS[item][0], "元")):  # fmt: skip
                p.line(r, 0, [word, unit])
                for k, m in enumerate(months):
                    if year == 2024:
                        p.figure(r, 2 + k, "", item, measure, m)
                    else:
                        p.same(r, 2 + k, round(float(o.number("", item, measure, m)) * 0.94, 1))
                p.same(r, 8, sum(Decimal(str(p.cells[r, 2 + k])) for k in range(6)))
                r += 1
        papers.append(p)
    return Workbook(papers)


def invoices(o: Office) -> Workbook:
    """Invoices: kind of goods, specification, unit, number, price, amount, tax, total; month in a note of the bill."""
    p = Paper("发票", o)
    p.line(0, 0, ["发票号码", "开票日期", o.pick("货物或应税劳务名称", "项目名称", "商品名称"), "规格型号", "单位", "数量", "单价", "金额", "税率",  # noqa: E501
                  "税额", o.pick("价税合计", "价税合计（元）"), o.pick("所属月份", "费用所属期")])  # fmt: skip
    names = {"electricity": "*供电*电费", "water": "*水冰雪*自来水", "natural_gas": "*供燃气*天然气"}
    r = 1
    for m in MONTHS:
        for item, name in names.items():
            p.line(r, 0, [f"2412{r:016d}", datetime.datetime(2024 if m < 12 else 2025, m % 12 + 1, 6), name, None,
                          {"electricity": "千瓦时", "water": "吨"}.get(item, "立方米")])  # fmt: skip
            p.figure(r, 5, "", item, "quantity", m)
            total = o.number("", item, "cost", m)
            bare = round(total / Decimal("1.09"), 2)
            p.same(r, 6, round(float(PRICE[item]) / 1.09, 6))
            p.same(r, 7, bare)
            p.write(r, 8, "9%")
            p.same(r, 9, total - bare)
            p.figure(r, 10, "", item, "cost", m)
            p.write(r, 11, f"2024-{m:02d}")
            r += 1
    return Workbook([p])


def readings_month_by_month(o: Office) -> Workbook:
    """A meter book: the reading at the end of each month beside its use, month pairs across, the year before at the left."""  # noqa: E501
    p = Paper("抄表本", o)
    p.write(0, 0, "2024年电表抄表记录（倍率均为1，单位：kWh）")
    p.write(1, 0, "楼宇", down=2)
    p.write(1, 1, o.pick("上年末表底", "2023年12月表底"), down=2)
    for m in MONTHS:
        p.write(1, 2 * m, f"{m}月", across=2)
        p.line(2, 2 * m, [o.pick("表底", "月末示数"), o.pick("用量", "电量")])
    for n, name in enumerate(o.some(BUILDINGS, 2, 4, 6)):
        p.write(3 + n, 0, name)
        run = Decimal(10000 + 700 * n)
        p.same(3 + n, 1, run)
        for m in MONTHS:
            run += p.figure(3 + n, 2 * m + 1, name, "electricity", "quantity", m)
            p.same(3 + n, 2 * m, run)
    return Workbook([p])


def quarters_with_amounts(o: Office) -> Workbook:
    """Quarters only, use and amount under each; buildings down, campus rows between them."""
    p = Paper("季度", o)
    p.write(0, 0, "2024年分季度用电情况")
    p.write(1, 0, o.pick("用电单位", "楼宇名称"), down=2)
    for q in range(4):
        p.write(1, 1 + 2 * q, o.pick(f"{CHINESE[q]}季度", f"第{CHINESE[q]}季度", f"Q{q + 1}"), across=2)
        p.line(2, 1 + 2 * q, ["电量(度)", "电费(元)"])
    for n, name in enumerate(o.some(BUILDINGS, 3, 5, 8)):
        p.write(3 + n, 0, name)
        for q in range(4):
            for k, measure in enumerate(("quantity", "cost")):
                amount = sum(o.number(name, "electricity", measure, 3 * q + j) for j in (1, 2, 3))
                p.amount(3 + n, 1 + 2 * q + k, name, "electricity", measure, f"2024-Q{q + 1}", amount)
    return Workbook([p])


def smart_water_export(o: Office) -> Workbook:
    """A web page out of a water meter system: one line per meter and month, status and alarms, all texts."""
    p = Paper("表1", o)
    p.line(0, 0, ["序号", "水表地址", o.pick("所属区域", "用水单位"), o.pick("结算月份", "抄表月份", "账期"), "期初读数(m³)", "期末读数(m³)",  # noqa: E501
                  o.pick("结算水量(m³)", "用水量(m³)"), "水费(元)", "表计状态", "报警信息"])  # fmt: skip
    r = 1
    for m in MONTHS:
        for n, name in enumerate(o.some(BUILDINGS, 3, 3, 3) if not o.seed else BUILDINGS[:3]):
            p.line(r, 0, [str(r), f"A{n:02d}-7{n}31", name, f"2024{m:02d}"])
            used = p.figure(r, 6, name, "water", "quantity", m, look=lambda v: f"{v:.2f}")
            p.line(r, 4, [f"{500 + 31 * r:.2f}", f"{500 + 31 * r + used:.2f}"])
            p.figure(r, 7, name, "water", "cost", m, look=lambda v: f"{v:.2f}")
            p.line(r, 8, ["正常", o.pick("无", "--")])
            r += 1
    return Workbook([p], "html", "水表.xls", encoding=o.pick("utf-8", "gb18030"))


def campuses_and_logistics(o: Office) -> Workbook:
    """Month sheets in words (一月 …); campuses across, under each the money of heat, power and water; a signature line."""  # noqa: E501
    papers = []
    campuses = o.some(CAMPUSES, 2, 3, 4)
    for m in o.some(range(1, 13), 4, 12, 12) if not o.seed else MONTHS:
        p = Paper(f"{CHINESE[m - 1]}月", o)
        p.write(0, 0, "水电暖费用支出明细（金额单位：元）", across=1 + len(campuses))
        p.line(1, 0, [o.pick("费用名称", "支出项目", "费用项目"), *campuses, o.pick("合计", "总计")])
        items = [i for i in ("electricity", "water", "heat") if o.number("", i, "quantity", m)]
        for n, item in enumerate(items):
            p.write(2 + n, 0, o.pick(*BILLS[item]))
            paid = [p.figure(2 + n, 1 + k, c, item, "cost", m) for k, c in enumerate(campuses)]
            p.same(2 + n, 1 + len(campuses), sum(paid))
        p.write(2 + len(items), 0, "合计")
        for c in range(1, 2 + len(campuses)):
            p.same(2 + len(items), c, sum(Decimal(str(p.cells[2 + n, c])) for n in range(len(items))))
        p.line(4 + len(items), 0, ["经办：陈某", "复核：卫某"])
        papers.append(p)
    return Workbook(papers)


def carriers_beside_their_units(o: Office) -> Workbook:
    """The unit in a column of its own right of each number: 用电量 | 单位 | 用水量 | 单位, months down, blanks between."""  # noqa: E501
    p = Paper("能源", o)
    p.write(0, 0, o.pick("2024年度能源消费台帐", "能源消费台账（2024）"))
    c = 1
    p.write(2, 0, o.pick("月份", "时间", "月"))
    for item in o.some(("electricity", "water", "natural_gas"), 2, 3, 3):
        unit, scale = o.unit(item)
        p.line(2, c, [o.pick(*WORDS[item]), "单位"])
        for m in MONTHS:
            p.write(2 + m, 0, f"{m}月份")
            p.figure(2 + m, c, "", item, "quantity", m, scale)
            p.write(2 + m, c + 1, unit)
        c += 3
    return Workbook([p])


def diary_of_a_boiler_house(o: Office) -> Workbook:
    """Gas and water of a boiler house: a line per month with start, end, hours, temperature and use in between."""
    p = Paper("运行记录", o)
    p.line(0, 0, ["2024年供暖锅炉运行记录"])
    p.line(1, 0, ["月份", "运行天数", "室外平均温度(℃)", o.pick("燃气用量(m³)", "耗气量（Nm³）"), o.pick("补水量(t)", "耗水量（吨）"),  # noqa: E501
                  o.pick("耗电量(kWh)", "用电量（度）"), "值班人"])  # fmt: skip
    for n, m in enumerate((1, 2, 3, 11, 12)):
        p.line(2 + n, 0, [f"{m}月", 30.0, -3.5 + n])
        p.figure(2 + n, 3, "", "natural_gas", "quantity", m)
        p.figure(2 + n, 4, "", "water", "quantity", m)
        p.figure(2 + n, 5, "", "electricity", "quantity", m)
        p.write(2 + n, 6, "蒋某")
    return Workbook([p])


def year_in_the_file_name(o: Office) -> Workbook:
    """No year in the workbook; carriers across with their price between use and amount; the sum in the first row."""
    p = Paper("Sheet1", o)
    columns = o.some(("electricity", "water", "natural_gas"), 2, 3, 3)
    p.line(0, 0, [None, *(x for i in columns for x in (NAMES[i][0], None, None))])
    for k in range(len(columns)):
        p.spans.append((0, 1 + 3 * k, 0, 3 + 3 * k))
    p.line(1, 0, [None])
    units = {i: {"electricity": "度", "water": "吨"}.get(i, "方") for i in columns}
    p.line(
        1,
        1,
        [
            x
            for i in columns
            for x in (o.pick("数量", "用量") + f"/{units[i]}", "单价/元", o.pick("金额/元", "费用/元"))
        ],
    )
    p.write(2, 0, "累计")
    for m in MONTHS:
        p.write(2 + m, 0, f"{m}月")
        for k, item in enumerate(columns):
            p.figure(2 + m, 1 + 3 * k, "", item, "quantity", m)
            p.same(2 + m, 2 + 3 * k, float(PRICE[item]))
            p.figure(2 + m, 3 + 3 * k, "", item, "cost", m)
    for k in range(len(columns)):
        for c in (1 + 3 * k, 3 + 3 * k):
            p.same(2, c, sum(Decimal(str(p.cells[2 + m, c])) for m in MONTHS))
    return Workbook([p], name="2024水电气.xlsx")
