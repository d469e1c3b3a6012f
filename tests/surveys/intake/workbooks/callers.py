"""What came in by post, second half: school terms, printed forms, triples, odd headers, lists out of other programs."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.surveys.intake.workbooks.paper import (
    BILLS,
    BUILDINGS,
    CAMPUSES,
    CHINESE,
    ENGLISH,
    MONTHS,
    NAMES,
    PRICE,
    WORDS,
    Office,
    Paper,
    Workbook,
)
from tests.surveys.intake.workbooks.parcels import LONG, _parted, _whole

ASKED = {"heat_by_area"}


def school_terms(o: Office) -> Workbook:
    """Months with their year under 春季学期, 暑假, 秋季学期; a 小计 closes each; campuses down."""
    p = Paper("学期", o)
    unit, scale = o.unit("electricity")
    p.write(0, 0, f"各校区分学期用电量（{unit}）", across=16)
    p.write(1, 0, o.pick("校区", "园区"), down=2)
    terms = [
        (o.pick("寒假", "寒假期间"), (1, 2)),
        ("春季学期", (3, 4, 5, 6)),
        ("暑假", (7, 8)),
        ("秋季学期", (9, 10, 11, 12)),
    ]
    spell = o.pick("2024年{}月", "2024.{:02d}", "2024-{:02d}")
    names, c = o.some(CAMPUSES, 2, 3, 4), 1
    for n, name in enumerate(names):
        p.write(3 + n, 0, name)
    for term, months in terms:
        p.write(1, c, term, across=len(months) + 1)
        for k, m in enumerate(months):
            p.write(2, c + k, spell.format(m))
            for n, name in enumerate(names):
                p.figure(3 + n, c + k, name, "electricity", "quantity", m, scale)
        last = c + len(months)
        p.write(2, last, "小计")
        for n in range(len(names)):
            p.same(3 + n, last, _whole(p.cells[3 + n, c + k] for k in range(len(months))))
        c = last + 1
    return Workbook([p])


def heat_by_area(o: Office) -> Workbook:
    """采暖费 of a season by area: area, price per m², amount. A season is no year: asked, never put to one."""
    p = Paper(o.pick("2023-2024采暖季", "2023-2024供暖季采暖费"), o)
    p.write(0, 0, o.pick("2023-2024年采暖季供热面积及采暖费统计表", "2023-2024供暖季采暖费明细"), across=4)
    p.line(
        1,
        0,
        [
            o.pick("建筑名称", "楼宇"),
            o.pick("供热面积（㎡）", "采暖面积(平方米)"),
            o.pick("单价（元/㎡）", "收费标准（元/平方米）"),
            "采暖费（元）",
        ],
    )
    names = o.some(BUILDINGS, 3, 5, 8)
    for n, name in enumerate(names):
        area = Decimal(3000 + 1250 * n)
        p.write(2 + n, 0, name)
        p.amount(2 + n, 1, name, "heat_area", "quantity", "2023-2024", area)
        p.same(2 + n, 2, 25)
        p.amount(2 + n, 3, name, "heat_area", "cost", "2023-2024", area * 25)
    p.write(2 + len(names), 0, "合计")
    for c in (1, 3):
        p.same(2 + len(names), c, _whole(p.cells[2 + n, c] for n in range(len(names))))
    return Workbook([p])


def form_with_numbered_columns(o: Office) -> Workbook:
    """A cover with telephone and area, 填表说明, the form with 甲 乙 1 2 3 under its header, 附注 with further numbers."""  # noqa: E501
    cover = Paper("封面", o)
    cover.line(0, 0, ["能源资源消费统计报表"])
    for r, (k, v) in enumerate(
        (
            ("报告年度", "2024年"),
            ("联系电话", "66880123"),
            ("邮政编码", "300000"),
            ("建筑面积（平方米）", 385200),
        ),
        2,
    ):
        cover.line(r, 0, [k, v])
    help_ = Paper("填表说明", o)
    for r, text in enumerate(
        (
            "1. 本表按月填报，保留2位小数。",
            "2. 电力单位为千瓦时，1万千瓦时=10000千瓦时。",
            "3. 每年1月15日前报送。",
        )
    ):
        help_.write(r, 0, text)
    p = Paper(o.pick("数据表", "表一"), o)
    items = o.some(("electricity", "water", "natural_gas", "gasoline"), 2, 4, 4)
    p.write(0, 0, "2024年能源资源消费情况", across=15)
    p.line(
        1,
        0,
        [
            o.pick("指标名称", "能源品种"),
            "计量单位",
            "代码",
            *(f"{m}月" for m in MONTHS),
            o.pick("全年", "全年合计"),
        ],
    )
    p.line(2, 0, ["甲", "乙", "丙", *o.pick([str(k) for k in range(1, 14)], list(range(1, 14)))])
    for n, item in enumerate(items):
        unit, scale = o.unit(item)
        p.line(3 + n, 0, [o.pick(*WORDS[item]), unit, f"{n + 1:02d}"])
        p.same(3 + n, 15, sum(p.figure(3 + n, 2 + m, "", item, "quantity", m, scale) for m in MONTHS))
    notes = Paper("附注", o)
    notes.line(0, 0, ["注：2024年3月更换总电表1块，倍率由800改为1000；7月停水2天。"])
    notes.line(1, 0, ["热水站改造投资", 1260000, "元"])
    return Workbook([cover, help_, p, notes] if not o.seed % 2 else [cover, p, help_, notes])


def carriers_with_triples(o: Office) -> Workbook:
    """Carriers down, the unit in the second column, and for each month 用量, 单价, 金额; a yearly pair at the end."""
    p = Paper("能源费用", o)
    heads = o.order(
        o.pick(("用量", "单价", "金额"), ("数量", "单价(元)", "金额(元)"), ("消耗量", "均价", "费用(元)"))
    )
    p.write(0, 0, "2024年能源消耗及费用一览表" + o.pick("（金额：元）", "  金额单位：元"), across=40)
    p.write(1, 0, o.pick("能源名称", "种类", "能源品种"), down=2)
    p.write(1, 1, o.pick("单位", "计量单位"), down=2)
    for m in range(1, 14):
        p.write(1, 3 * m - 1, f"{m}月" if m < 13 else o.pick("全年", "全年合计"), across=3)
        p.line(2, 3 * m - 1, heads)
    used, price, paid = (
        next(i for i, h in enumerate(heads) if h[:2] in x)
        for x in (("用量", "数量", "消耗"), ("单价", "均价"), ("金额", "费用"))
    )
    for n, item in enumerate(o.some(("electricity", "water", "natural_gas", "gasoline", "diesel"), 2, 3, 5)):
        r, (unit, scale) = 3 + n, o.unit(item)
        p.line(r, 0, [o.pick(*NAMES[item]), unit])
        for m in MONTHS:
            p.figure(r, 3 * m - 1 + used, "", item, "quantity", m, scale)
            p.figure(r, 3 * m - 1 + paid, "", item, "cost", m)
            p.same(r, 3 * m - 1 + price, round(Decimal(PRICE[item]) * scale, 4))
        for k in (used, paid):
            p.same(r, 38 + k, _whole(p.cells[r, 3 * m - 1 + k] for m in MONTHS))
        p.same(r, 38 + price, round(Decimal(PRICE[item]) * scale, 4))
    return Workbook([p])


def upright_headers(o: Office) -> Workbook:
    """Headers written upright, marks of footnotes on them, blank columns between the carriers, the notes below."""
    p = Paper("月报", o)
    marks = o.pick(("①", "②", "③"), ("*", "**", "***"), ("注1", "注2", "注3"))
    p.write(0, 0, o.pick("二〇二四年能源消耗统计表", "2024年能源消耗统计表"))
    p.write(2, 0, o.pick("月\n份", "月 份"))
    c, around = 2, o.pick("\n︵\n{}\n︶", "\n({})", "\n（\n{}\n）")
    months = o.pick([f"{m}月" for m in MONTHS], CHINESE, [f"{n}月" for n in CHINESE])
    items = o.some(("electricity", "water", "natural_gas"), 2, 3, 3)
    for k, item in enumerate(items):
        unit = {"electricity": "度", "water": "吨", "natural_gas": "方"}[item]
        for measure, word, by in (("quantity", WORDS[item][0], unit), ("cost", BILLS[item][0], "元")):
            head = "\n".join(word) + around.format(by)
            p.write(2, c, head + (marks[k] if measure == "quantity" else ""))
            for m in MONTHS:
                p.figure(2 + m, c, "", item, measure, m)
            c += 1
        c += 1
    for m in MONTHS:
        p.write(2 + m, 0, months[m - 1])
    for k, item in enumerate(items):
        p.write(16 + k, 0, f"{marks[k]}：{NAMES[item][0]}含食堂{o.pick('', '，不含家属区')}。")
    return Workbook([p])


def texts_between_semicolons(o: Office) -> Workbook:
    """A list between semicolons or tabs: months as 2024M01 or Jan-24, numbers with blanks in them and units behind."""
    p = Paper("csv", o)
    spell = o.pick(
        lambda m: f"2024M{m:02d}",
        lambda m: f"{ENGLISH[m - 1]}-24",
        lambda m: f"24/{m:02d}",
        lambda m: f"2024年{m}月{LONG[m - 1]}日",
    )
    group = o.pick(lambda v: f"{v:,.0f}".replace(",", " "), lambda v: f" {v:,.0f}", lambda v: f"{v:.1f}")
    units = {
        "electricity": o.pick("kWh", "度"),
        "water": o.pick("m³", "吨"),
        "natural_gas": o.pick("m³", "立方"),
    }
    items, behind = o.some(units, 2, 3, 3), o.pick("元", " 元", "")
    p.line(0, 0, [o.pick("期间", "统计期", "月份"), *(x for i in items for x in (WORDS[i][0], BILLS[i][0]))])
    for m in MONTHS:
        p.write(m, 0, spell(m))
        for k, item in enumerate(items):
            p.figure(
                m, 1 + 2 * k, "", item, "quantity", m, look=lambda v, item=item: group(v) + " " + units[item]
            )
            p.figure(m, 2 + 2 * k, "", item, "cost", m, look=lambda v: f"{v:.2f}" + behind)
    return Workbook([p], "csv", "用能.csv", delimiter=o.pick(";", "\t"), encoding=o.pick("gb18030", "utf-8"))


def days_of_reading_as_periods(o: Office) -> Workbook:
    """Billing spans from the 25th to the 24th as columns, meters' use below; a bill belongs to where it ends."""
    p = Paper("抄表周期", o)
    first = o.pick(25, 21, 26)
    p.write(0, 0, "2024年各楼用水量（吨），按抄表周期统计")
    p.write(1, 0, o.pick("楼宇名称", "用水单位"))
    spell = o.pick("{}月{}日-{}月{}日", "{}.{}-{}.{}", "{}月{}日至{}月{}日")
    for m in MONTHS:
        p.write(1, m, spell.format((m - 2) % 12 + 1, first, m, first - 1))
    p.write(1, 13, "合计")
    for n, name in enumerate(o.some(BUILDINGS, 3, 4, 7)):
        p.write(2 + n, 0, name)
        p.same(2 + n, 13, sum(p.figure(2 + n, m, name, "water", "quantity", m) for m in MONTHS))
    return Workbook([p])


def months_with_their_days(o: Office) -> Workbook:
    """Months as 元月 or 1月(31天) across; each building with a row of power and one of water; blanks as / and —."""
    p = Paper("楼宇能耗", o)
    spell = o.pick(
        lambda m: f"{m}月({LONG[m - 1]}天)",
        lambda m: "元月" if m == 1 else f"{CHINESE[m - 1]}月",
        lambda m: f"{m}月\n（{LONG[m - 1]}天）",
    )
    p.write(0, 0, o.pick("2024年各楼宇水电消耗表", "各楼宇水电消耗（2024年度）"))
    p.line(1, 0, [o.pick("楼宇", "楼名"), o.pick("项目", "类别"), *(spell(m) for m in MONTHS)])
    r, blank = 2, o.pick("/", "—", "——")
    kinds = (("electricity", o.pick("电（度）", "电(kWh)")), ("water", o.pick("水（吨）", "水(m³)")))
    for name in o.some(BUILDINGS, 2, 4, 7):
        p.write(r, 0, name, down=2)
        for k, (item, word) in enumerate(kinds):
            p.write(r + k, 1, word)
            for m in MONTHS:
                if m in (2, 8) and item == "water":
                    p.write(r + k, 1 + m, blank)
                else:
                    p.figure(r + k, 1 + m, name, item, "quantity", m)
        r += 2
    return Workbook([p])


def blocks_on_month_sheets(o: Office) -> Workbook:
    """A sheet per month named 24.01 or 1月台账; on it 一、电 二、水 三、气, each with a header of its own and a sum."""
    papers = []
    spell, gap, title, part, unit = (
        o.pick("24.{:02d}", "{}月台账", "2024{:02d}"),
        o.pick(1, 2),
        o.pick("水电气台账", "能源使用台账"),
        o.pick("", "部分"),
        o.pick("楼宇", "使用单位"),
    )
    names = {i: o.some(BUILDINGS, 2, 3, 5) for i in ("electricity", "water", "natural_gas")}
    units = {"electricity": "度", "water": "吨", "natural_gas": "立方米"}
    for m in MONTHS:
        p, r = Paper(spell.format(m), o), 1
        p.write(0, 0, title, across=4)
        for k, item in enumerate(names):
            p.write(r, 0, f"{CHINESE[k]}、{NAMES[item][0]}" + part)
            p.line(r + 1, 0, [unit, f"本月用量（{units[item]}）", "单价（元）", "金额（元）"])
            top = r = r + 2
            for name in names[item]:
                p.write(r, 0, name)
                p.figure(r, 1, name, item, "quantity", m)
                p.same(r, 2, Decimal(PRICE[item]))
                p.figure(r, 3, name, item, "cost", m)
                r += 1
            p.write(r, 0, "小计")
            for c in (1, 3):
                p.same(r, c, _whole(p.cells[row, c] for row in range(top, r)))
            r += gap
        papers.append(p)
    return Workbook(papers, name="2024年台账.xlsx")


def economic_subjects(o: Office) -> Workbook:
    """A page saved as .xls by the finance system: 部门经济分类 30205 水费, 30206 电费, months across, amounts with commas."""  # noqa: E501
    p = Paper("表1", o)
    p.write(0, 0, "部门预算支出经济分类科目余额表", across=15)
    p.write(1, 0, "会计年度：2024　　金额单位：" + o.pick("元", "人民币元"), across=15)
    spell = o.pick("{}月", "{:02d}月")
    p.line(
        2,
        0,
        [
            o.pick("科目编码", "经济分类编码"),
            o.pick("科目名称", "经济分类名称"),
            *(spell.format(m) for m in MONTHS),
            "合计",
        ],
    )
    lines = [("30201", "办公费", None), ("30205", "水费", "water"), ("30206", "电费", "electricity"), ("30207", "邮电费", None),  # noqa: E501
             ("30208", o.pick("取暖费", "取暖费"), "heat"), ("30211", "差旅费", None)]  # fmt: skip
    for n, (code, name, item) in enumerate(lines):
        r = 3 + n
        p.line(r, 0, [code, name])
        for m in MONTHS:
            if not item:
                p.write(r, 1 + m, f"{12000 + 371 * m + 97 * n:,.2f}")
            elif item != "heat" or o.number("", item, "cost", m):
                p.figure(r, 1 + m, "", item, "cost", m, look=lambda v: f"{v:,.2f}")
    return Workbook([p], "html", "经济科目.xls", encoding=o.pick("utf-8", "gb18030"))


def uses_of_water(o: Office) -> Workbook:
    """Tap water by what it is for and its sum; reclaimed and hot water apart; months across."""
    p = Paper("用水结构", o)
    uses = o.some(("教学用水", "学生生活用水", "食堂用水", "绿化用水", "消防及其他"), 3, 4, 5)
    p.write(0, 0, "2024年用水结构表（单位：" + o.pick("吨", "m³", "立方米") + "）", across=15)
    p.line(1, 0, [o.pick("水源", "类别"), o.pick("用途", "用水性质"), *(f"{m}月" for m in MONTHS), "全年"])
    p.write(2, 0, o.pick("自来水", "新鲜水"), down=len(uses) + 1)
    last = 2 + len(uses)
    for k, use in enumerate((*uses, "小计")):
        p.write(2 + k, 1, use)
    for m in MONTHS:
        whole = p.figure(last, 1 + m, "", "water", "quantity", m)
        for k, part in enumerate(_parted(o, whole, len(uses))):
            p.same(2 + k, 1 + m, part)
    for k, (source, use) in enumerate(((o.pick("中水", "再生水"), "绿化、冲厕"), ("热水", "浴室"))):
        p.line(last + 1 + k, 0, [source, use])
        for m in MONTHS:
            p.same(last + 1 + k, 1 + m, 300 + 17 * m + 40 * k)
    for r in range(2, last + 3):
        p.same(r, 14, _whole(p.cells[r, 1 + m] for m in MONTHS))
    return Workbook([p])


def text_pasted_in_one_column(o: Office) -> Workbook:
    """A table out of a word processor, each line in one cell: month, power, water and their amounts between blanks."""
    p = Paper("Sheet1", o)
    gap = o.pick("    ", "\t", "　　")
    p.write(0, 0, o.pick("2024年水电用量及费用", "2024年全校水电情况"))
    p.write(1, 0, gap.join(("月份", "用电量(度)", "电费(元)", "用水量(吨)", "水费(元)")))
    for m in MONTHS:
        values = [str(o.number("", i, k, m)) for i in ("electricity", "water") for k in ("quantity", "cost")]
        p.write(2 + m - 1, 0, gap.join((f"{m}月", *values)))
    return Workbook([p])


def card_office_export(o: Office) -> Workbook:
    """一卡通 purchases of power by dormitory and month: SFRZ-like field codes in pinyin, a stamp, money and kWh as text."""  # noqa: E501
    p, texts = Paper("dfgd", o), o.pick(True, False)
    p.line(
        0,
        0,
        [
            o.pick("lsh", "xh"),
            o.pick("ldmc", "louyu"),
            o.pick("tjyf", "yuefen"),
            o.pick("ydl", "yongdianliang"),
            o.pick("dfje", "dianfei"),
            o.pick("czsj", "gxsj"),
        ],
    )
    p.line(1, 0, ["流水号", "楼栋名称", "统计月份", "用电量", "电费金额", "操作时间"])
    names, r = o.some(["松园1号楼", "松园2号楼", "学生公寓A座", "柳湖3号楼", "研究生公寓"], 2, 3, 4), 2
    for m in MONTHS:
        for name in names:
            p.line(r, 0, [f"{202400000 + r}", name, f"2024-{m:02d}"])
            p.figure(r, 3, name, "electricity", "quantity", m, look=lambda v: f"{v:.2f}")
            p.figure(r, 4, name, "electricity", "cost", m, look=lambda v: f"{v:.2f}")
            p.write(
                r,
                5,
                f"2025-01-0{1 + r % 8} 08:1{r % 10}:22" if texts else datetime.datetime(2025, 1, 1 + r % 8),
            )
            r += 1
    return Workbook([p], name="ykt_export.xlsx")
