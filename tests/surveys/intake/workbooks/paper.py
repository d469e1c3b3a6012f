"""Sheets written from a table of truth: every figure is put down together with what it is."""

from __future__ import annotations

import csv
import datetime
import html
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from random import Random

import openpyxl
import xlwt

from surveys.intake.references import cell_name

MONTHS = range(1, 13)
HEATED = (1, 2, 3, 11, 12)
CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# invented: the use of a small campus month by month, and prices inside every usual range
PROFILE = {
    "electricity": [310, 180, 290, 280, 285, 330, 250, 210, 320, 290, 300, 335],
    "water": [30, 18, 31, 32, 33, 35, 24, 19, 34, 33, 31, 30.5],
    "natural_gas": [40, 21, 36, 30, 25, 22, 12, 8, 24, 30, 35, 42],
    "heat": [5.2, 4, 3, 0, 0, 0, 0, 0, 0, 0, 3.5, 5],
    "gasoline": [0.4, 0.31, 0.42, 0.45, 0.39, 0.41, 0.33, 0.28, 0.44, 0.43, 0.37, 0.4],
    "diesel": [0.2, 0.12, 0.22, 0.19, 0.21, 0.24, 0.16, 0.11, 0.23, 0.2, 0.18, 0.22],
}
PRICE = {
    "electricity": "0.62",
    "water": "6.2",
    "natural_gas": "3.3",
    "heat": "85",
    "gasoline": "7.8",
    "diesel": "7.2",
}
# how offices write the units, each with what it multiplies by
UNITS = {
    "electricity": [("kWh", 1), ("度", 1), ("万kWh", 10000), ("千瓦时", 1), ("万度", 10000), ("万千瓦时", 10000), ("MWh", 1000)],  # noqa: E501
    "water": [("m³", 1), ("吨", 1), ("立方米", 1), ("方", 1), ("立方", 1), ("t", 1), ("千吨", 1000)],
    "natural_gas": [("m³", 1), ("立方米", 1), ("方", 1), ("Nm³", 1), ("万m³", 10000), ("标方", 1)],
    "heat": [("GJ", 1), ("百万千焦", 1), ("吉焦", 1), ("百万大卡", "4.1868"), ("Gcal", "4.1868"), ("MJ", "0.001")],
    "gasoline": [("升", 1), ("L", 1), ("吨", "1379.3"), ("kg", "1.3793")],
    "diesel": [("升", 1), ("L", 1), ("吨", "1190.5"), ("公斤", "1.1905")],
    "money": [("元", 1), ("万元", 10000), ("人民币元", 1), ("千元", 1000)],
}  # fmt: skip
WORDS = {
    "electricity": ["用电量", "耗电量", "电量", "用电", "电力消耗量", "总用电量", "外购电量"],
    "water": ["用水量", "耗水量", "自来水用量", "用水", "取水量", "总用水量", "水消耗量"],
    "natural_gas": ["天然气用量", "天然气", "燃气用量", "用气量", "天然气消耗量"],
    "heat": ["供热量", "热力", "热量", "外购热力", "集中供热量"],
    "gasoline": ["汽油", "汽油消耗量", "车用汽油"],
    "diesel": ["柴油", "柴油用量", "柴油消耗量"],
}
NAMES = {
    "electricity": ["电", "电力", "市电"],
    "water": ["水", "自来水", "新鲜水"],
    "natural_gas": ["天然气", "燃气", "管道天然气"],
    "heat": ["热力", "供热", "集中供热"],
    "gasoline": ["汽油", "车用汽油"],
    "diesel": ["柴油", "车用柴油"],
}
BILLS = {
    "electricity": ["电费", "电费支出", "电费金额", "电费小写金额"][:3],
    "water": ["水费", "水费支出", "水费金额"],
    "natural_gas": ["气费", "天然气费", "燃气费"],
    "heat": ["热力费", "供热费", "采暖费"],
    "gasoline": ["汽油费", "汽油金额"],
    "diesel": ["柴油费", "柴油金额"],
}
BUILDINGS = [
    "图书馆",
    "逸夫楼",
    "第一食堂",
    "松园3号楼",
    "体育馆",
    "行政办公楼",
    "学生公寓A座",
    "综合实验楼",
    "大学生活动中心",
    "东区浴室",
]
CAMPUSES = ["松园校区", "柳湖校区", "南湾校区", "北辰校区"]


@dataclass(frozen=True)
class Figure:
    """What one cell truly says: '' as facility is the whole university; `value` in the base unit of the item."""

    facility: str
    item: str
    measure: str
    period: str
    value: Decimal


class Office:
    """One office and its habits. Seed 0 keeps the first of each, any other chooses, always the same for one seed."""

    def __init__(self, seed: int = 0):
        self.seed, self.random = seed, Random(f"office {seed}")
        self.known: dict[tuple, Decimal] = {}

    def pick(self, *options):
        """One of the ways an office may do it."""
        return options[0] if not self.seed else self.random.choice(options)

    def some(self, options, least: int, usual: int, most: int) -> list:
        """The first `usual` of some things, or between least and most of them in any order."""
        if not self.seed:
            return list(options)[:usual]
        return self.random.sample(list(options), self.random.randint(least, min(most, len(options))))

    def order(self, things) -> list:
        """Some things, for other offices in another order."""
        things = list(things)
        if self.seed:
            self.random.shuffle(things)
        return things

    def unit(self, item: str) -> tuple[str, Decimal]:
        """A unit word and what it multiplies by."""
        word, scale = self.pick(*UNITS[item])
        return word, Decimal(scale)

    def number(self, facility: str, item: str, measure: str, month: int) -> Decimal:
        """The true figure, made once; a building uses less than a campus."""
        key = (facility, item, measure, month)
        if key not in self.known:
            if measure == "cost":
                amount = self.number(facility, item, "quantity", month)
                self.known[key] = (amount * Decimal(PRICE[item])).quantize(Decimal("0.01"))
            else:
                share = {"": 1000.0}.get(facility, 400.0 if facility.endswith("校区") else 60.0)
                own = Random(f"{self.seed} {facility} {item}").uniform(0.5, 1.5)
                wobble = Random(f"{self.seed} {key}").uniform(0.96, 1.04)
                self.known[key] = Decimal(round(PROFILE[item][month - 1] * share * own * wobble))
        return self.known[key]

    def months(self, year: int = 2024):
        """A spelling of months: month number → what is written."""
        spell = self.pick(
            lambda m: f"{m}月", lambda m: f"{year}年{m}月", lambda m: f"{year}-{m:02d}", lambda m: f"{CHINESE[m - 1]}月",  # noqa: E501
            lambda m: datetime.datetime(year, m, 1), lambda m: f"{m:02d}月", lambda m: f"{year}.{m:02d}",
            lambda m: f"{year}年{m:02d}月份",
        )  # fmt: skip
        return {m: spell(m) for m in MONTHS}


@dataclass
class Paper:
    """One sheet. Rows and columns count from 0; `truth` holds what its figures are, `doubtful` cells to be asked."""

    name: str
    office: Office
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    truth: dict[tuple[int, int], Figure] = field(default_factory=dict)
    doubtful: set[tuple[int, int]] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)

    def write(self, r: int, c: int, value: object, down: int = 1, across: int = 1) -> None:
        """A label, merged over `down` rows and `across` columns."""
        self.cells[r, c] = value
        if down * across > 1:
            self.spans.append((r, c, r + down - 1, c + across - 1))

    def line(self, r: int, c: int, values) -> None:
        """Labels side by side; None leaves a cell empty."""
        for i, value in enumerate(values):
            if value is not None:
                self.cells[r, c + i] = value

    def figure(
        self, r: int, c: int, facility: str, item: str, measure: str, month: int, scale: Decimal | int = 1,
        look=None, year: int = 2024,
    ) -> Decimal:  # fmt: skip
        """The true figure in a unit that multiplies by `scale`; `look` makes a text of it. The number as written."""
        amount = self.office.number(facility, item, measure, month)
        return self.amount(r, c, facility, item, measure, f"{year}-{month:02d}", amount, scale, look)

    def amount(
        self, r: int, c: int, facility: str, item: str, measure: str, period: str, amount: Decimal,
        scale: Decimal | int = 1, look=None,
    ) -> Decimal:  # fmt: skip
        """Any amount of any period as a true figure: a quarter, a year, a sum over the meters of a house."""
        written = round(amount / Decimal(scale), 6).normalize()
        self.cells[r, c] = look(written) if look else float(written)
        self.truth[r, c] = Figure(facility, item, measure, period, written * Decimal(scale))
        return written

    def same(self, r: int, c: int, value: Decimal | float) -> None:
        """A number that is not to be loaded: a sum, a share, a price, a reading, last year's figure."""
        self.cells[r, c] = float(value)

    def rows(self) -> list[list]:
        height = max(r for r, _ in self.cells) + 1
        width = max(c for _, c in self.cells) + 1
        return [[self.cells.get((r, c)) for c in range(width)] for r in range(height)]


@dataclass
class Workbook:
    """The papers of one office and how the file is written."""

    papers: list[Paper]
    kind: str = "xlsx"
    name: str = "能耗.xlsx"
    encoding: str = "utf-8"
    delimiter: str = ","

    def truth(self) -> dict[tuple[str, str], Figure]:
        """Sheet and cell → what it is."""
        return {(p.name, cell_name(*place)): figure for p in self.papers for place, figure in p.truth.items()}

    def doubtful(self) -> set[tuple[str, str]]:
        return {(p.name, cell_name(*place)) for p in self.papers for place in p.doubtful}

    def save(self, folder: Path) -> Path:
        path = folder / self.name
        if self.kind == "csv":
            path.write_bytes(self._list().encode(self.encoding))
        elif self.kind == "html":
            path.write_bytes(self._page().encode(self.encoding))
        elif self.kind == "xls":
            self._old_book().save(str(path))
        else:
            self._book().save(path)
            _keep_values(path, self.papers)
        return path

    def _old_book(self) -> xlwt.Workbook:
        book, days = xlwt.Workbook(), xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for paper in self.papers:
            sheet = book.add_sheet(paper.name)
            merged = {(t, le): (b, r) for t, le, b, r in paper.spans}
            for (r, c), value in paper.cells.items():
                style = [days] if isinstance(value, datetime.datetime) else []
                if value is not None and (r, c) in merged:
                    bottom, right = merged[r, c]
                    sheet.write_merge(r, bottom, c, right, value, *style)
                elif value is not None:
                    sheet.write(r, c, value, *style)
        return book

    def _book(self) -> openpyxl.Workbook:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for paper in self.papers:
            sheet = book.create_sheet(paper.name)
            for (r, c), value in paper.cells.items():
                sheet.cell(r + 1, c + 1).value = paper.formulas.get((r, c), value)
            for r in paper.hidden_rows:
                sheet.row_dimensions[r + 1].hidden = True
            for top, left, bottom, right in paper.spans:
                sheet.merge_cells(
                    start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
                )
        return book

    def _list(self) -> str:
        text = StringIO()
        csv.writer(text, delimiter=self.delimiter).writerows(
            ["" if v is None else _plain(v) for v in row] for row in self.papers[0].rows()
        )
        return text.getvalue()

    def _page(self) -> str:
        parts = [f'<html><head><meta charset="{self.encoding}"></head><body>']
        for paper in self.papers:
            parts.append('<table border="1">')
            inside = {
                (r, c) for t, le, b, ri in paper.spans for r in range(t, b + 1) for c in range(le, ri + 1)
            } - {(t, le) for t, le, _, _ in paper.spans}
            spans = {(t, le): (b - t + 1, ri - le + 1) for t, le, b, ri in paper.spans}
            for r, row in enumerate(paper.rows()):
                parts.append("<tr>")
                for c, value in enumerate(row):
                    if (r, c) not in inside:
                        down, across = spans.get((r, c), (1, 1))
                        text = "" if value is None else html.escape(str(_plain(value)))
                        parts.append(f"<td rowspan={down} colspan={across}>{text}</td>")
                parts.append("</tr>")
            parts.append("</table>")
        return "".join([*parts, "</body></html>"])


def _keep_values(path: Path, papers: list[Paper]) -> None:
    """Beside each formula the value a spreadsheet program keeps of it."""
    if not any(p.formulas for p in papers):
        return
    parts = dict(_parts(path))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            paper = papers[int(number.group(1)) - 1] if number else None
            for (r, c), _ in paper.formulas.items() if paper else ():
                value = str(paper.cells[r, c]).encode()
                place = re.escape(cell_name(r, c).encode())
                data = re.sub(rb'(<c r="' + place + rb'"[^>]*><f>.*?</f>)<v ?/?>(?:</v>)?',
                              lambda m, value=value: m.group(1) + b"<v>" + value + b"</v>", data)  # fmt: skip
            package.writestr(name, data)


def _parts(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as package:
        return [(info.filename, package.read(info)) for info in package.infolist()]


def _plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return f"{value:%Y/%m/%d}"
    return int(value) if isinstance(value, float) and value.is_integer() else value
