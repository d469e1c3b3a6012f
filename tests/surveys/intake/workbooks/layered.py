"""Workbooks whose figures are named by several levels: quarters, campuses, sections, parts of a whole."""

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
    WORDS,
    Office,
    Paper,
    Workbook,
)


def quarters_over_months(o: Office) -> Workbook:
    """Quarters merged over their months, a 小计 in each, the year at the end."""
    p = Paper("能耗", o)
    items = [
        (i, *o.unit(i), o.pick(*WORDS[i])) for i in o.some(("electricity", "water", "natural_gas"), 2, 3, 3)
    ]
    p.write(0, 0, o.pick("项目", "能源名称"), down=2)
    p.write(0, 1, o.pick("单位", "计量单位"), down=2)
    for q in range(4):
        p.write(0, 2 + 4 * q, o.pick(f"{CHINESE[q]}季度", f"第{CHINESE[q]}季度"), across=4)
        p.line(1, 2 + 4 * q, [*(f"{3 * q + k}月" for k in (1, 2, 3)), "小计"])
    p.write(0, 18, o.pick("全年合计", "合计", "全年"), down=2)
    for n, (item, unit, scale, word) in enumerate(items):
        p.line(2 + n, 0, [word, unit])
        year = Decimal(0)
        for q in range(4):
            part = [
                p.figure(2 + n, 2 + 4 * q + k, "", item, "quantity", 3 * q + k + 1, scale) for k in range(3)
            ]
            p.same(2 + n, 5 + 4 * q, sum(part))
            year += sum(part)
        p.same(2 + n, 18, year)
    return Workbook([p])


def campuses_across_in_three_levels(o: Office) -> Workbook:
    """Months down; campus over carrier over measure, the whole university last."""
    p = Paper("台账", o)
    campuses = o.some(CAMPUSES, 2, 2, 3)
    units = {i: o.unit(i) for i in ("electricity", "water")}
    words = {i: o.pick(*NAMES[i]) for i in units}
    p.write(0, 0, "2024年分校区能耗", across=9)
    p.write(1, 0, "月份", down=3)
    whole = o.pick("全校合计", "合计", "全校")
    c = 1
    for campus in (*campuses, whole):
        p.write(1, c, campus, across=4)
        for item, (unit, scale) in units.items():
            p.write(2, c, words[item], across=2)
            p.line(3, c, [f"用量({unit})", "费用(元)"])
            for k, (measure, by) in enumerate((("quantity", scale), ("cost", 1))):
                for m in MONTHS:
                    if campus != whole:
                        p.figure(3 + m, c + k, campus, item, measure, m, by)
                    else:
                        parts = [o.number(one, item, measure, m) for one in campuses]
                        p.same(3 + m, c + k, sum(round(x / Decimal(by), 6) for x in parts))
            c += 2
    for m in MONTHS:
        p.write(3 + m, 0, f"{m}月")
    return Workbook([p])


def year_and_month_apart(o: Office) -> Workbook:
    """A list with 年 and 月 in columns of their own, last year's rows above this year's."""
    p = Paper("数据", o)
    p.line(
        0,
        0,
        [o.pick("年", "年份", "年度"), o.pick("月", "月份"), "校区", "用电量(kWh)", "用水量(m³)", "电费(元)"],
    )
    r = 1
    for year in o.pick((2023, 2024), (2024,), (2024, 2023)):
        for m in MONTHS:
            for campus in CAMPUSES[:2]:
                p.line(r, 0, [o.pick(year), o.pick(m, f"{m}月"), campus])
                for k, (item, measure) in enumerate(
                    (("electricity", "quantity"), ("water", "quantity"), ("electricity", "cost"))
                ):
                    if year == 2024:
                        p.figure(r, 3 + k, campus, item, measure, m)
                    else:
                        p.same(r, 3 + k, round(float(o.number(campus, item, measure, m)) * 0.96, 1))
                r += 1
    return Workbook([p])


def numbered_sections(o: Office) -> Workbook:
    """一、电力 as a row of its own, below it 1.用量 and 2.费用, months across."""
    p = Paper("汇总", o)
    p.write(0, 0, "2024年能源消耗明细表")
    p.line(1, 0, [o.pick("项目", "指标"), *(f"{m}月" for m in MONTHS), "合计"])
    r = 2
    for n, item in enumerate(o.some(("electricity", "water", "natural_gas"), 2, 3, 3)):
        unit, scale = o.unit(item)
        money, yuan = o.unit("money")
        p.write(
            r,
            0,
            o.pick(
                f"{CHINESE[n]}、{NAMES[item][0]}",
                f"（{CHINESE[n]}）{NAMES[item][1]}",
                f"{n + 1}.{NAMES[item][0]}",
            ),
        )
        p.write(r + 1, 0, o.pick(f"1.用量（{unit}）", f"用量({unit})", f"（1）消耗量（{unit}）"))
        p.write(r + 2, 0, o.pick(f"2.费用（{money}）", f"费用({money})", f"（2）金额（{money}）"))
        for k, (measure, by) in enumerate((("quantity", scale), ("cost", yuan))):
            p.same(r + 1 + k, 13, sum(p.figure(r + 1 + k, m, "", item, measure, m, by) for m in MONTHS))
        r += 3
    return Workbook([p])


def peak_and_valley(o: Office) -> Workbook:
    """Electricity by tariff period beside its total; the parts of the bill beside the bill."""
    p = Paper("电费", o)
    unit, scale = o.unit("electricity")
    p.write(0, 0, f"2024年电费明细（电量单位：{unit}，电费单位：元）")
    parts = o.pick(("峰段", "平段", "谷段"), ("尖峰", "峰", "平", "谷"), ("高峰", "平段", "低谷"))
    p.write(1, 0, "月份", down=2)
    p.write(1, 1, o.pick(f"用电量（{unit}）", f"电量({unit})"), across=len(parts) + 1)
    p.line(2, 1, [*parts, o.pick("合计", "小计", "总电量")])
    c = 2 + len(parts)
    bills = ("电度电费", "基本电费", "力调电费")
    p.write(1, c, "电费（元）", across=4)
    p.line(2, c, [*bills, o.pick("合计", "电费合计")])
    for m in MONTHS:
        p.write(2 + m, 0, f"{m}月")
        used = p.figure(2 + m, 1 + len(parts), "", "electricity", "quantity", m, scale)
        paid = p.figure(2 + m, c + 3, "", "electricity", "cost", m)
        shares = [round(used / (len(parts) + k), 6) for k in range(len(parts) - 1)]
        for k, value in enumerate((*shares, used - sum(shares))):
            p.same(2 + m, 1 + k, value)
        for k, value in enumerate((round(paid / 2, 2), round(paid / 3, 2))):
            p.same(2 + m, c + k, value)
        p.same(2 + m, c + 2, paid - round(paid / 2, 2) - round(paid / 3, 2))
    return Workbook([p])


def departments(o: Office) -> Workbook:
    """Who used it is a department or a house, under 用能单位 or 部门."""
    p = Paper("分户", o)
    p.line(
        0,
        0,
        [
            o.pick("用能单位", "用电单位", "使用单位"),
            o.pick("能源品种", "类别"),
            "单位",
            *(f"{m}月" for m in MONTHS),
            "合计",
        ],
    )
    names = o.some(["机械工程学院", "图书馆", "第一食堂", "松园3号楼", "后勤服务中心", "校医院"], 3, 4, 6)
    r = 1
    for name in names:
        for item in ("electricity", "water"):
            unit, scale = ("度", 1) if item == "electricity" else ("吨", 1)
            p.line(r, 0, [name, NAMES[item][0], unit])
            p.same(r, 15, sum(p.figure(r, 2 + m, name, item, "quantity", m, scale) for m in MONTHS))
            r += 1
    return Workbook([p])


def official_form(o: Office) -> Workbook:
    """A form with codes, a row of column letters, names of parts, signatures below."""
    p = Paper("表", o)
    p.write(0, 0, "能源资源消费统计表", across=16)
    p.write(1, 0, "填报单位：示例大学")
    p.write(1, 10, "2024年")
    p.line(2, 0, ["指标名称", "计量单位", "代码", *(f"{m}月" for m in MONTHS), "合计"])
    p.line(3, 0, ["甲", "乙", "丙", *(str(n) for n in range(1, 14))])
    lines = [("electricity", "电", "千瓦时"), ("water", "水", "立方米"), ("natural_gas", "天然气", "立方米"),
             ("gasoline", "汽油", "升"), ("diesel", "柴油", "升")]  # fmt: skip
    lines = o.some(lines, 3, 5, 5)
    for n, (item, word, unit) in enumerate(lines):
        p.line(4 + n, 0, [word, unit, f"{n + 1:02d}"])
        p.same(4 + n, 15, sum(p.figure(4 + n, 2 + m, "", item, "quantity", m) for m in MONTHS))
    p.line(
        5 + len(lines),
        0,
        ["单位负责人：冯某", None, None, "填表人：褚某", None, None, "报出日期：2025年1月8日"],
    )
    return Workbook([p])


def buildings_across_two_items(o: Office) -> Workbook:
    """Months down, buildings across, 电 and 水 under each."""
    p = Paper("楼宇", o)
    names = o.some(BUILDINGS, 2, 4, 7)
    heads = [
        ("electricity", o.pick("电(度)", "用电量(kWh)", "电（千瓦时）")),
        ("water", o.pick("水(吨)", "用水量(m³)")),
    ]
    p.write(0, 0, o.pick("2024年各楼宇水电用量", "各楼水电表"))
    p.write(1, 0, "月份", down=2)
    for k, name in enumerate(names):
        p.write(1, 1 + 2 * k, name, across=2)
        for n, (item, head) in enumerate(heads):
            p.write(2, 1 + 2 * k + n, head)
            for m in MONTHS:
                p.figure(2 + m, 1 + 2 * k + n, name, item, "quantity", m)
    for m in MONTHS:
        p.write(2 + m, 0, f"{m}月")
    return Workbook([p])


def quarter_sheets(o: Office) -> Workbook:
    """A sheet per quarter with its three months, carriers down."""
    papers = []
    names = o.pick(
        ["一季度", "二季度", "三季度", "四季度"],
        [f"第{n}季度" for n in "一二三四"],
        [f"2024Q{n}" for n in range(1, 5)],
    )
    items = [(i, *o.unit(i), o.pick(*NAMES[i])) for i in ("electricity", "water", "natural_gas")]
    for q, name in enumerate(names):
        p = Paper(name, o)
        p.line(0, 0, ["能源种类", "计量单位", *(f"{3 * q + k}月" for k in (1, 2, 3)), "合计"])
        for n, (item, unit, scale, word) in enumerate(items):
            p.line(1 + n, 0, [word, unit])
            p.same(
                1 + n,
                5,
                sum(p.figure(1 + n, 1 + k, "", item, "quantity", 3 * q + k, scale) for k in (1, 2, 3)),
            )
        papers.append(p)
    return Workbook(papers)


def year_sheets(o: Office) -> Workbook:
    """A sheet per year of the same form."""
    papers = []
    columns = [(i, *o.unit(i), o.pick(*WORDS[i])) for i in ("electricity", "water", "heat")]
    for year in (2022, 2023, 2024):
        p = Paper(o.pick(f"{year}", f"{year}年", f"{year}年度"), o)
        p.line(0, 0, ["月份", *(f"{word}({unit})" for _, unit, _, word in columns)])
        for m in MONTHS:
            p.write(m, 0, f"{m}月")
            for k, (item, _, scale, _) in enumerate(columns):
                if item == "heat" and not o.number("", item, "quantity", m):
                    continue
                if year == 2024:
                    p.figure(m, 1 + k, "", item, "quantity", m, scale)
                else:
                    p.same(m, 1 + k, round(float(o.number("", item, "quantity", m)) * 0.95 / float(scale), 3))
        papers.append(p)
    return Workbook(papers)


def months_over_items(o: Office) -> Workbook:
    """The month merged over its carriers, use and amount beside them."""
    p = Paper("月度", o)
    p.line(
        0,
        0,
        [
            "月份",
            o.pick("能源种类", "项目"),
            "单位",
            o.pick("消耗量", "用量"),
            o.pick("费用（万元）", "金额（万元）"),
            "备注",
        ],
    )
    items = [(i, *o.unit(i), o.pick(*NAMES[i])) for i in ("electricity", "water", "natural_gas")]
    merged = o.pick(True, False)
    r = 1
    for m in MONTHS:
        p.write(r, 0, o.pick(f"{m}月", f"2024年{m}月"), down=len(items) + 1 if merged else 1)
        for item, unit, scale, word in items:
            p.line(r, 1, [word, unit])
            p.figure(r, 3, "", item, "quantity", m, scale)
            p.figure(r, 4, "", item, "cost", m, 10000)
            r += 1
        p.write(r, 1, "小计")
        p.same(r, 4, sum(Decimal(str(p.cells[r - k, 4])) for k in (1, 2, 3)))
        r += 1
    return Workbook([p])


def month_titles_in_one_table(o: Office) -> Workbook:
    """The header stands once; each month is a title row over its buildings."""
    p = Paper("流水", o)
    p.line(0, 0, ["楼宇", "用电量(度)", "用水量(吨)"])
    names, r = o.some(BUILDINGS, 2, 4, 6), 1
    for m in MONTHS:
        p.write(r, 0, o.pick(f"2024年{m}月", f"{m}月", f"{m}月份"), across=3)
        r += 1
        for name in names:
            p.write(r, 0, name)
            p.figure(r, 1, name, "electricity", "quantity", m)
            p.figure(r, 2, name, "water", "quantity", m)
            r += 1
    return Workbook([p])


def parts_named_below(o: Office) -> Workbook:
    """Under each carrier 其中 with its parts, months across: the whole is the figure."""
    p = Paper("分项", o)
    p.line(0, 0, ["项目", "单位", *(f"{m}月" for m in MONTHS)])
    parts = o.pick(
        ("其中：教学区", "　　　生活区"), ("其中：教学用电", "生活用电"), ("其中：食堂", "其中：宿舍")
    )
    r = 1
    for item, word, unit in (("electricity", "用电量", "度"), ("water", "用水量", "吨")):
        p.line(r, 0, [word, unit])
        for m in MONTHS:
            used = p.figure(r, 1 + m, "", item, "quantity", m)
            for k in (1, 2):
                p.same(r + k, 1 + m, int(used) // 2)
        for k in (1, 2):
            p.line(r + k, 0, [parts[k - 1].replace("电", word[1]), unit])
        r += 3
    return Workbook([p])


def printed_pages(o: Office) -> Workbook:
    """A list printed in pages: title, header and 本页合计 again on each."""
    p = Paper("打印", o)
    lines = [
        (m, name, item)
        for m in MONTHS
        for name in o.some(BUILDINGS, 2, 3, 4)[:3]
        for item in ("electricity", "water")
    ]
    lines, r = list(dict.fromkeys(lines)), 0
    for n in range(0, len(lines), 20):
        p.write(r, 0, "2024年水电台账" + ("" if not n else o.pick("（续）", "（续表）", "")))
        p.line(r + 1, 0, ["序号", "月份", "楼宇", "类别", "用量", "单位", "金额(元)"])
        r += 2
        page = lines[n : n + 20]
        for k, (m, name, item) in enumerate(page):
            p.line(r, 0, [n + k + 1, f"2024-{m:02d}", name, NAMES[item][0]])
            p.figure(r, 4, name, item, "quantity", m)
            p.write(r, 5, "度" if item == "electricity" else "吨")
            p.figure(r, 6, name, item, "cost", m)
            r += 1
        p.write(r, 0, "本页合计")
        p.same(r, 6, sum(Decimal(str(p.cells[r - k, 6])) for k in range(1, len(page) + 1)))
        r += 2
    return Workbook([p])


def payment_export(o: Office) -> Workbook:
    """A list out of a bank: lines before it, texts kept by tabs and equal signs, a closing line."""
    p = Paper("csv", o)
    p.write(0, 0, "查询时间段：2024-01-01 至 2024-12-31")
    p.write(1, 0, "导出单位：示例大学")
    p.line(3, 0, ["流水号", o.pick("费用所属月份", "账单月份"), "缴费项目", "用量", "单位", "金额"])
    r = 4
    for m in MONTHS:
        for item, word, unit in (("electricity", "电费", "千瓦时"), ("water", "水费", "立方米")):
            p.line(
                r,
                0,
                [f'="{20240000 + r}"', o.pick(f"\t2024-{m:02d}", f"2024{m:02d}\t", f'="2024-{m:02d}"'), word],
            )
            p.figure(r, 3, "", item, "quantity", m, look=lambda n: f"{n:f}\t")
            p.write(r, 4, unit)
            p.figure(r, 5, "", item, "cost", m, look=lambda n: f"￥{n:,.2f}")
            r += 1
    p.line(r, 0, ["总笔数：24", None, None, None, None, None])
    return Workbook([p], "csv", "缴费.csv", encoding=o.pick("gb18030", "utf-8-sig"))


def uneven_blocks(o: Office) -> Workbook:
    """Two tables beside each other that begin in different rows."""
    p = Paper("水电", o)
    low = o.pick(2, 3, 1)
    for top, left, item in ((1, 0, "electricity"), (1 + low, 5, "water")):
        unit, scale = o.unit(item)
        p.write(top - 1, left, f"2024年{o.pick(*WORDS[item])}表")
        p.line(top, left, ["月份", f"{NAMES[item][0]}用量({unit})", f"{BILLS[item][0]}(元)"])
        for m in MONTHS:
            p.write(top + m, left, f"{m}月")
            p.figure(top + m, left + 1, "", item, "quantity", m, scale)
            p.figure(top + m, left + 2, "", item, "cost", m)
    return Workbook([p])


def quantities_over_costs(o: Office) -> Workbook:
    """One table of use and below it one of money, the same carriers in both."""
    p = Paper("2024", o)
    items = o.order(["electricity", "water", "natural_gas"])
    words = [o.pick(*NAMES[i]) for i in items]
    units = [o.unit(i) for i in items]
    p.write(0, 0, o.pick("表一 能源消耗量", "一、消耗量"))
    p.line(1, 0, ["月份", *(f"{w}（{u}）" for w, (u, _) in zip(words, units, strict=True))])
    low = o.pick(16, 15)
    p.write(low - 1, 0, o.pick("表二 能源费用（单位：元）", "二、费用（元）", "能源费用（元）"))
    p.line(low, 0, ["月份", *words])
    for m in MONTHS:
        p.write(1 + m, 0, f"{m}月")
        p.write(low + m, 0, f"{m}月")
        for k, item in enumerate(items):
            p.figure(1 + m, 1 + k, "", item, "quantity", m, units[k][1])
            p.figure(low + m, 1 + k, "", item, "cost", m)
    return Workbook([p])


def flat_columns(o: Office) -> Workbook:
    """Buildings down; the month is a part of each column's name: 1月用电(度), 1月用水(吨)."""
    p = Paper("台账", o)
    spell = o.pick("{}月{}({})", "{}月份{}（{}）", "2024年{}月{}({})")
    names = o.some(BUILDINGS, 2, 4, 8)
    p.write(0, 0, o.pick("楼宇名称", "楼栋"))
    for m in MONTHS:
        for k, (item, word, unit) in enumerate((("electricity", "用电", "度"), ("water", "用水", "吨"))):
            p.write(0, 1 + 2 * (m - 1) + k, spell.format(m, word, unit))
            for n, name in enumerate(names):
                p.write(1 + n, 0, name)
                p.figure(1 + n, 1 + 2 * (m - 1) + k, name, item, "quantity", m)
    return Workbook([p])


def days_as_headers(o: Office) -> Workbook:
    """Months across as real dates, carriers and units in one text, an average row below."""
    p = Paper("月报", o)
    day = o.pick(1, 28)
    p.line(
        1,
        0,
        [o.pick("项目", None, "科目"), *(datetime.datetime(2024, m, day) for m in MONTHS), "合计", "月均"],
    )
    r = 2
    for item in ("electricity", "water", "natural_gas"):
        unit, scale = o.unit(item)
        p.write(r, 0, f"{o.pick(*WORDS[item])}（{unit}）")
        total = sum(p.figure(r, m, "", item, "quantity", m, scale) for m in MONTHS)
        p.same(r, 13, total)
        p.same(r, 14, round(total / 12, 4))
        p.write(r + 1, 0, f"{o.pick(*BILLS[item])}（元）")
        paid = sum(p.figure(r + 1, m, "", item, "cost", m) for m in MONTHS)
        p.same(r + 1, 13, paid)
        p.same(r + 1, 14, round(paid / 12, 2))
        r += 2
    return Workbook([p])
