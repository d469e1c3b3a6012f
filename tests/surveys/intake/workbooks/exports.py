"""Workbooks as systems write them: a metering platform, a bank, a bookkeeping program, a pivot table."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BUILDINGS,
    MONTHS,
    NAMES,
    PRICE,
    Office,
    Paper,
    Workbook,
)

LAST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def platform_list(o: Office) -> Workbook:
    """A metering platform's list: timestamps, meter numbers, readings, multiplier, use as text."""
    kind = o.pick("xlsx", "html", "xls")
    p = Paper(o.pick("Sheet1", "表1") if kind != "html" else "表1", o)
    p.line(0, 0, ["序号", o.pick("统计时间", "时间", "采集时间"), o.pick("建筑名称", "安装位置"),
                  o.pick("能耗类型", "表计类型", "分类能耗"), o.pick("表计编号", "设备编号", "仪表编号"),
                  o.pick("表计名称", "设备名称", "仪表名称"), o.pick("上次示数", "起始示数", "上次止码"),
                  o.pick("本次示数", "终止示数", "本次止码"), o.pick("倍率", "变比", "CT倍率"), o.pick("用量", "能耗值"),  # noqa: E501
                  "单位"])  # fmt: skip
    names, r = o.some(BUILDINGS, 2, 3, 5), 1
    for m in MONTHS:
        for n, name in enumerate(names):
            for item, times in (("electricity", 30), ("water", 1)):
                code = f"{'DB' if item == 'electricity' else 'SB'}{n + 1:03d}"
                p.line(r, 0, [r, f"2024-{m:02d}-01 00:00:00", name, NAMES[item][0], code,
                              f"{name}{o.pick('总', '进线')}{'电' if times > 1 else '水'}表"])  # fmt: skip
                used = p.figure(r, 9, name, item, "quantity", m, look=o.pick(None, lambda v: f"{v:.2f}"))
                p.same(r, 6, 2000 + 13 * r)
                p.same(r, 7, round(2000 + 13 * r + float(used) / times, 4))
                p.same(r, 8, times)
                p.write(r, 10, "kWh" if times > 1 else "m³")
                r += 1
    return Workbook([p], kind, "导出.xls" if kind != "xlsx" else "导出.xlsx")


def meters_with_months_across(o: Office) -> Workbook:
    """A row per meter, one meter a building and carrier, months across as 2024-01; a CSV with text numbers."""
    p = Paper("csv", o)
    spell = o.pick("2024-{:02d}", "2024年{:02d}月", "2024/{:02d}", "2024{:02d}")
    p.line(0, 0, [o.pick("表计编号", "仪表编号", "表号"), o.pick("所属建筑", "安装位置", "建筑"), o.pick("能源类型", "介质"),  # noqa: E501
                  "单位", *(spell.format(m) for m in MONTHS), o.pick("合计", "总计", "全年用量")])  # fmt: skip
    r = 1
    for n, name in enumerate(o.some(BUILDINGS, 2, 4, 6)):
        for item in ("electricity", "water"):
            p.line(
                r,
                0,
                [f"1000{n}{len(item):02d}", name, NAMES[item][0], "kWh" if item == "electricity" else "t"],
            )
            used = [p.figure(r, 3 + m, name, item, "quantity", m, look=lambda v: f"{v:.2f}") for m in MONTHS]
            p.same(r, 16, sum(used))
            r += 1
    return Workbook([p], "csv", "表计月用量.csv", encoding=o.pick("gb18030", "utf-8-sig", "utf-8"))


def prepaid_cards(o: Office) -> Workbook:
    """Dormitories with card meters: bought, paid and what is left on the cards, month by month."""
    p = Paper("预付费", o)
    p.write(0, 0, "2024年学生公寓IC卡电表购电情况")
    p.line(1, 0, ["月份", o.pick("楼栋", "公寓"), o.pick("购电量(度)", "购电量（kWh）"), o.pick("购电金额(元)", "购电费用（元）"),  # noqa: E501
                  o.pick("剩余电量(度)", "结余电量（kWh）", "卡内余额(元)")])  # fmt: skip
    r = 2
    names = o.some([f"松园{n}号楼" for n in range(1, 7)], 2, 3, 5)
    for m in MONTHS:
        for name in names:
            p.line(r, 0, [o.pick(f"{m}月", f"2024-{m:02d}"), name])
            p.figure(r, 2, name, "electricity", "quantity", m)
            p.figure(r, 3, name, "electricity", "cost", m)
            p.same(r, 4, 100 + 7 * r % 83)
            r += 1
    return Workbook([p])


def accounts_with_sum(o: Office) -> Workbook:
    """Several accounts with the power company, told apart by their number alone, and their sum."""
    p = Paper("电费户号", o)
    p.write(0, 0, o.pick("2024年各户号用电量（kWh）", "2024年分户号电量统计表（单位：度）"))
    p.line(
        1,
        0,
        ["序号", o.pick("户号", "用户编号", "缴费户号", "电表户号"), *(f"{m}月" for m in MONTHS), "合计"],
    )
    count = o.pick(3, 2, 4)
    sums = {m: Decimal(0) for m in MONTHS}
    for n in range(count):
        p.line(2 + n, 0, [n + 1, f"00{3300000 + 7 * n}"])
        for m in MONTHS:
            part = round(o.number("", "electricity", "quantity", m) * (n + 2) / Decimal(11), 0)
            p.same(2 + n, 1 + m, part)
            sums[m] += part
        p.same(2 + n, 14, sum(p.cells[2 + n, 1 + m] for m in MONTHS))
    last = 2 + count
    p.write(last, 1, o.pick("合计", "总计"))
    for m in MONTHS:
        p.amount(last, 1 + m, "", "electricity", "quantity", f"2024-{m:02d}", sums[m])
    p.same(last, 14, sum(sums.values()))
    return Workbook([p])


def bills_from_day_to_day(o: Office) -> Workbook:
    """Bills whose days of reading stand in two columns; the month is that of the last day."""
    p = Paper("账单", o)
    begin, end = o.pick(
        ("抄表起日", "抄表止日"), ("起始日期", "截止日期"), ("上次抄表日期", "本次抄表日期"), ("计费开始", "计费结束"),
        ("账期起", "账期止"),
    )  # fmt: skip
    p.line(0, 0, [o.pick("户名", "校区"), begin, end, o.pick("类别", "费用类型"), o.pick("计费量", "本期用量", "用量"), "单位",  # noqa: E501
                  o.pick("金额（元）", "应付金额(元)", "账单金额（元）")])  # fmt: skip
    campus, r, day = o.pick("松园校区", "南湾校区"), 1, o.pick(20, 25, 15)
    for m in MONTHS:
        first = datetime.datetime(2024 if m > 1 else 2023, m - 1 or 12, day + 1)
        for item, unit in o.some((("electricity", "度"), ("water", "吨"), ("natural_gas", "m³")), 2, 3, 3):
            days = first, datetime.datetime(2024, m, day)
            p.line(r, 0, [campus, *(o.pick(days, [f"{d:%Y-%m-%d}" for d in days])), NAMES[item][0]])
            p.figure(r, 4, campus, item, "quantity", m)
            p.write(r, 5, unit)
            p.figure(r, 6, campus, item, "cost", m)
            r += 1
    return Workbook([p])


def csv_with_title_and_unit(o: Office) -> Workbook:
    """A CSV of a wide table: a title line, a line with the unit, months across, thousands in quotes."""
    p = Paper("csv", o)
    items = [(i, *o.unit(i)) for i in o.some(("electricity", "water", "natural_gas", "heat"), 2, 3, 4)]
    p.write(0, 0, "示例大学2024年能源消耗一览表")
    p.write(1, 0, o.pick("填报部门：后勤管理处", "制表：能源科"))
    p.line(3, 0, [o.pick("能源", "品种"), o.pick("计量单位", "单位"), *o.months().values(), "合计"])
    for n, (item, unit, scale) in enumerate(items):
        p.line(4 + n, 0, [o.pick(*NAMES[item]), unit])
        used = [p.figure(4 + n, 1 + m, "", item, "quantity", m, scale, look=lambda v: f"{v:,f}")
                for m in MONTHS if o.number("", item, "quantity", m)]  # fmt: skip
        p.same(4 + n, 14, sum(used))
    return Workbook(
        [p],
        "csv",
        "能耗一览.csv",
        encoding=o.pick("gb18030", "utf-8", "utf-8-sig"),
        delimiter=o.pick(",", "\t"),
    )


def carriers_by_code(o: Office) -> Workbook:
    """The carrier is its code in the survey's list, no name anywhere."""
    p = Paper("数据", o)
    codes = {
        "electricity": ("01", "千瓦时"),
        "water": ("02", "立方米"),
        "natural_gas": ("03", "立方米"),
        "gasoline": ("10", "升"),
    }
    p.line(0, 0, [o.pick("年月", "报告期"), o.pick("能源代码", "品种代码", "能源品种代码"), "计量单位",
                  o.pick("消费量", "实物量"), o.pick("费用(元)", "金额（元）")])  # fmt: skip
    r = 1
    for m in MONTHS:
        for item, (code, unit) in codes.items():
            p.line(r, 0, [f"2024{m:02d}", code, unit])
            p.figure(r, 3, "", item, "quantity", m)
            p.figure(r, 4, "", item, "cost", m)
            r += 1
    return Workbook([p])


def finance_journal(o: Office) -> Workbook:
    """A bookkeeping program's journal: what was paid for and for which month stands in the 摘要."""
    p = Paper(o.pick("明细账", "序时账"), o)
    p.write(0, 0, "科目：水电费支出明细账（2024年）")
    p.line(
        1,
        0,
        [
            "日期",
            "凭证号",
            o.pick("摘要", "摘要说明"),
            o.pick("借方金额", "借方"),
            o.pick("贷方金额", "贷方"),
            "余额",
        ],
    )
    bills = {"electricity": "电费", "water": "水费", "natural_gas": "燃气费"}
    text = o.pick("支付2024年{m}月{b}", "付{m}月份{b}", "{m}月{b}")
    r, left = 2, Decimal(3000000)
    for m in MONTHS:
        for item, word in bills.items():
            paid = datetime.datetime(2024, m, 28)
            p.line(r, 0, [o.pick(paid, f"{paid:%Y-%m-%d}"), f"记-{r:03d}", text.format(m=m, b=word)])
            left -= p.figure(r, 3, "", item, "cost", m)
            p.same(r, 5, left)
            r += 1
    return Workbook([p])


def pivot_table(o: Office) -> Workbook:
    """A pivot table as it stands: 求和项, 行标签, 列标签, 总计."""
    p = Paper(o.pick("透视", "Sheet2"), o)
    names = o.some(BUILDINGS, 2, 4, 7)
    unit = o.pick("kWh", "度")
    p.line(0, 0, ["年份", "2024"])
    p.line(2, 0, [f"求和项:用电量({unit})", "列标签"])
    p.line(3, 0, ["行标签", *(f"{m}月" for m in MONTHS), "总计"])
    for n, name in enumerate(names):
        p.write(4 + n, 0, name)
        p.same(4 + n, 13, sum(p.figure(4 + n, m, name, "electricity", "quantity", m) for m in MONTHS))
    p.write(4 + len(names), 0, "总计")
    for c in range(1, 14):
        p.same(4 + len(names), c, sum(p.cells[4 + n, c] for n in range(len(names))))
    return Workbook([p])


def names_for_machines(o: Office) -> Workbook:
    """Column names of a database: month, electricity_kwh, electricity_cost_yuan, water_m3."""
    p = Paper("csv", o)
    columns = [("electricity", "quantity", "electricity_kwh"), ("electricity", "cost", "electricity_cost_yuan"),
               ("water", "quantity", "water_m3"), ("water", "cost", "water_cost_yuan"),
               ("natural_gas", "quantity", "natural_gas_m3"), ("diesel", "quantity", "diesel_l")]  # fmt: skip
    columns = o.some(columns, 3, 6, 6)
    style = o.pick(str, str.upper, str.title)
    p.line(0, 0, [style(o.pick("month", "period", "year_month")), *(style(head) for *_, head in columns)])
    for m in MONTHS:
        p.write(m, 0, o.pick(f"2024-{m:02d}", f"2024{m:02d}"))
        for k, (item, measure, _) in enumerate(columns):
            p.figure(m, 1 + k, "", item, measure, m)
    return Workbook([p], "csv", "energy_2024.csv")


def headers_in_pinyin(o: Office) -> Workbook:
    """Headers in pinyin, as an old database writes them."""
    p = Paper("sheet1", o)
    columns = [("electricity", "quantity", ("yongdianliang", "dianliang"), "kWh"), ("electricity", "cost", ("dianfei",), "yuan"),  # noqa: E501
               ("water", "quantity", ("yongshuiliang", "shuiliang"), "m3"), ("water", "cost", ("shuifei",), "yuan")]  # fmt: skip  # noqa: E501
    columns = o.some(columns, 2, 4, 4)
    p.line(
        0,
        0,
        [
            o.pick("yuefen", "YUEFEN", "nianyue"),
            *(f"{o.pick(*words)}({unit})" for *_, words, unit in columns),
        ],
    )
    for m in MONTHS:
        p.write(m, 0, f"2024-{m:02d}")
        for k, (item, measure, *_) in enumerate(columns):
            p.figure(m, 1 + k, "", item, measure, m)
    return Workbook([p])


def old_binary_book(o: Office) -> Workbook:
    """A workbook of the nineties with merged heads and real days, a sheet per campus."""
    papers = []
    for campus in o.some(("松园校区", "柳湖校区", "南湾校区"), 2, 2, 3):
        p = Paper(campus, o)
        p.write(0, 0, f"{campus}2024年水电费", across=7)
        p.write(1, 0, "月份", down=2)
        for k, item in enumerate(("electricity", "water")):
            p.write(1, 1 + 3 * k, NAMES[item][0], across=3)
            p.line(2, 1 + 3 * k, [f"数量({'度' if not k else '吨'})", "单价", "金额(元)"])
        for m in MONTHS:
            p.write(2 + m, 0, o.pick(datetime.datetime(2024, m, 1), f"{m}月"))
            for k, item in enumerate(("electricity", "water")):
                p.figure(2 + m, 1 + 3 * k, campus, item, "quantity", m)
                p.same(2 + m, 2 + 3 * k, float(PRICE[item]))
                p.figure(2 + m, 3 + 3 * k, campus, item, "cost", m)
        papers.append(p)
    return Workbook(papers, "xls", "水电费.xls")
