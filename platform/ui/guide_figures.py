"""Invented figures and tables of the style guide."""

import datetime

from . import charts
from .tables import Cell, Column, estimated, not_applicable, row, table, total
from .templatetags._part_tags import cell, status

LINKS = (charts.Link("定义与公式", "#"), charts.Link("CSV", "#"), charts.Link("XLSX", "#"))
SOURCE = "2025 年度发布第 1 版，2026-05-08 冻结，61 所"


def trend_figure():
    frame = charts.Frame(
        "trend",
        "能耗在降，离 2025 年目标差 1.7 个百分点",
        "单位建筑面积能耗，全市中位数和中间一半的学校，2019–2025",
        source=SOURCE,
        links=LINKS,
    )
    return charts.trend(
        frame,
        [str(year) for year in range(2019, 2026)],
        [16.9, 15.3, 16.4, 15.9, 15.6, 15.1, 14.8],
        unit="kgce/m²",
        low=[14.6, 13.2, 14.0, 13.6, 13.5, 13.1, 12.9],
        high=[18.9, 17.3, 18.4, 17.8, 17.5, 16.9, 16.5],
        target=[None, 15.3, 15.15, 14.99, 14.84, 14.69, 14.53],
        references=[charts.Reference(18.48, "全国公共机构 2020")],
    )


def price_figure():
    frame = charts.Frame(
        "price", "价格指数第 5 周超过预警线", "上年同期 = 100", source="篮子 28 种，61 校采价", height="low"
    )
    weeks = [f"第{n}周" for n in range(1, 11)]
    return charts.trend(
        frame,
        weeks,
        [100.4, 101.2, 101.9, 104.6, 105.1, 103.2, 102.4, 102.0, 102.2, 102.6],
        unit="",
        line_label="指数",
        references=[charts.Reference(105, "预警线", alert=True)],
        period_label="周",
    )


def lines_figure():
    frame = charts.Frame(
        "lines", "高职高专用得最少", "单位建筑面积能耗中位数，按同类组", source=SOURCE, links=LINKS
    )
    series = {
        "理工类": [16.8, 16.4, 16.1, 15.9],
        "综合类": [15.2, 15.1, 14.9, 14.7],
        "高职高专": [12.4, None, 11.9, 11.6],
    }
    return charts.lines(frame, ["2022", "2023", "2024", "2025"], series, unit="kgce/m²")


def histogram_figure():
    frame = charts.Frame(
        "histogram",
        "多数学校在 12–16 之间",
        "各学校落在哪个区间，2025 年；两端合并到每组不少于 5 所",
        source=SOURCE,
        links=LINKS,
    )
    bins = [("8–10", 6), ("10–12", 9), ("12–14", 13), ("14–16", 15), ("16–18", 9), ("18 以上", 9)]
    return charts.histogram(frame, bins, unit="kgce/m²")


def cohort_figure():
    frame = charts.Frame(
        "cohorts",
        "同类学校之间差多少",
        "单位建筑面积能耗的分布，全市和各同类组，kgce/m²",
        source=SOURCE,
        links=LINKS,
        height="high",
    )
    bars = [
        charts.CohortBar("全市", 61, 12.9, 14.8, 16.5, 14.9, p10=10.2, p90=18.8, ratio=14.1),
        charts.CohortBar("综合类", 14, 12.9, 14.7, 16.6, 14.9, ratio=14.4),
        charts.CohortBar("理工类", 12, 13.8, 15.9, 17.8, 16.1, ratio=15.6),
        charts.CohortBar("医药类", 5, mean=17.2, ratio=16.8),
        charts.CohortBar("师范类", 4),
        charts.CohortBar("财经政法类", 6, mean=13.3),
        charts.CohortBar("艺术体育类", 3),
        charts.CohortBar("高职高专", 17, 9.8, 11.6, 13.4, 11.7),
    ]
    return charts.cohorts(
        frame, bars, unit="kgce/m²", tails=True, references=[charts.Reference(18.48, "全国 2020", alert=True)]
    )


def stacked_figure():
    frame = charts.Frame(
        "stacked",
        "用能集中在采暖季",
        "全市综合能耗逐月构成，2025 年，万 tce（当量值）",
        source=SOURCE,
        links=LINKS,
    )
    parts = {
        "电力": [3.4, 2.2, 2.9, 2.6, 2.7, 3.2, 2.8, 2.2, 3.3, 2.7, 3.0, 3.5],
        "热力": [5.2, 4.6, 2.6, 0, 0, 0, 0, 0, 0, 0, 2.9, 5.0],
        "天然气": [1.3, 0.8, 1.0, 0.6, 0.6, 0.6, 0.4, 0.3, 0.7, 0.6, 0.9, 1.3],
        "其他": [0.1] * 12,
    }
    return charts.stacked(frame, [f"{n}月" for n in range(1, 13)], parts, unit="万 tce")


def monthly_table():
    """A sealed table: hatched where there is nothing to fill, dashed where estimated, a sum at the end."""
    columns = [
        Column("月份", kind="text"),
        Column("电力", "kWh", decimals=0),
        Column("水", "m³", decimals=0),
        Column("热力", "GJ", decimals=1),
    ]
    rows = [
        row("1月", 3421000, 98200, 52300),
        row("4月", 2498000, estimated(110200), not_applicable()),
        row("5月", 2523000, None, not_applicable()),
        row("11月", 2918000, 0, 28600),
    ]
    return table(columns, [*rows, total("全年", rows, 3)], grid=True, frozen=True, label="逐月数据")


def long_table():
    """More than fifteen rows: the header stays in sight, the first column as well."""
    columns = [Column("月份", kind="text")]
    columns += [
        Column(name, unit, decimals=0) for name, unit in (("电力", "kWh"), ("水", "m³"), ("天然气", "m³"))
    ]
    rows = [
        row(f"{year}年{month}月", 3_000_000 + 9100 * month, 86_000 + 410 * month, 41_000 - 700 * month)
        for year in (2023, 2024, 2025)
        for month in range(1, 13)
    ]
    return table(columns, rows, grid=True, frozen=True, sticky=True, label="三年逐月")


def state_table():
    columns = [
        Column("表", kind="text"),
        Column("期间", kind="text"),
        Column("状态", kind="text", key=True),
        Column("变动", kind="change"),
        Column("报送", kind="day"),
    ]
    rows = [
        row("能源统计年报", "2025", status("draft"), 0.207, None, url="#"),
        row("能源台账", "2026-01", status("accepted"), -0.0144, datetime.date(2026, 2, 9), url="#", sub="v1"),
        row("公寓自评 梅园 3 号楼", "2025–2026", status("returned"), 0, datetime.date(2026, 3, 2), url="#"),
    ]
    return table(columns, rows, stack=True, label="填报状态")


def problem_table(kind):
    columns = [
        Column("项目", kind="text"),
        Column("单元格", kind="text"),
        Column("填的数", "kWh", decimals=1),
        Column("上年同月", "kWh", decimals=0),
    ]
    rows = [
        row("9月 用电量", cell("电力!C14"), Cell(318.2, flag=kind), 3067749),
        row("10月 用电量", cell("电力!C15"), Cell(262.4, flag=kind), 2588310),
    ]
    return table(columns, rows, stack=True, label="有问题的格")


FIGURES = (trend_figure, cohort_figure, stacked_figure, histogram_figure, lines_figure, price_figure)
