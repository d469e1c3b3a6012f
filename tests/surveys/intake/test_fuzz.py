"""Every stage of intake against anything: a clear refusal or an answer, in bounded time, and no cell lost."""

from __future__ import annotations

import datetime
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import instruments
from surveys.instruments.figures import as_figures
from surveys.intake import Context, recheck
from surveys.intake.annotated import annotate, marks_of
from surveys.intake.decimals import decimal_months
from surveys.intake.finish import finish
from surveys.intake.grid import Grid
from surveys.intake.headers import find_header
from surveys.intake.identity import check_university
from surveys.intake.layout import lay_out
from surveys.intake.numbers import Cleaner
from surveys.intake.panels import panels
from surveys.intake.periods import months_in, parse_text, parse_value
from surveys.intake.pipeline import assemble
from surveys.intake.read import Book, Sheet, read
from surveys.intake.result import ambiguity_data, issue_data
from surveys.intake.sheets import read_sheet
from surveys.intake.sniff import Refused, Sniffed, sniff
from surveys.intake.units import Units, fold
from surveys.intake.words import Vocabulary
from tests.soak import Count

pytestmark = pytest.mark.promise("malformed")

ENERGY = instruments.get("energy")
CONTEXT = Context(ENERGY, ("示例大学",), {"沽上师范大学": "gsnu", "Jiazi University": "jz"}, "2024")
# seconds of the processor that one example may take, with everything that is made at first use
MOST = 4.0


def _fuzz(stage: str, small: int, full: int):
    """How often a stage is tried."""
    count = Count(f"fuzzed examples: {stage}", small, full)
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return count, settings(max_examples=count.number, deadline=None, suppress_health_check=quiet)


@contextmanager
def bounded(count: Count) -> Iterator[None]:
    """One example, in bounded time."""
    start = time.process_time()
    yield
    assert time.process_time() - start < MOST
    count.done()


KNOWN = [
    "月份", "年度", "用电量(kWh)", "电费（元）", "用水量", "水费", "天然气(m3)", "合计", "小计", "备注", "楼宇",
    "单位", "项目", "1月", "2月", "一季度", "2024年4月", "2023-05", "2024.1", "行政楼", "东校区", "电表",
    "水表", "元", "万度", "—", "无", "约30", "1,200", "3万", "#REF!", "填报人：王", "填报单位：示例大学",
    "上月读数", "本月读数", "倍率", "单价", "热力(GJ)", "汽油", "建筑面积", "学校", "沽上师范大学", "示例大学",
    "其中：商户", "二、商户用电", "折标煤（tce）", "2023-2024采暖季", "2023-2024学年", "同比", "本年", "上年",
    "累计", "Jan 2024", "Electricity (kWh)", "统一社会信用代码", "代码", "瓶(15kg)", "  ", "=", "单位：万元",
    "2024年能耗",
]  # fmt: skip
TEXT = st.one_of(st.sampled_from(KNOWN), st.text(max_size=12))
VALUE = st.one_of(
    st.just(""), TEXT, st.floats(), st.floats(0, 1e6), st.integers(0, 13).map(float), st.booleans(),
    st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1)), st.datetimes(), st.times(), st.timedeltas(),
)  # fmt: skip
ROWS = st.lists(st.lists(VALUE, max_size=9), max_size=14)
PLACE = st.tuples(st.integers(0, 15), st.integers(0, 10))


@st.composite
def sheets(draw) -> Sheet:
    """A sheet as the reader gives it: rows of one width, merges that may lie anywhere, hidden parts, faults."""
    corners = draw(st.lists(st.tuples(PLACE, PLACE), max_size=4))
    merges = [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in corners]
    rows = draw(ROWS)
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    return Sheet(
        draw(st.one_of(st.sampled_from(["表", "3月", "电", "2024", "东校区", "汇总", "商户"]), st.text(max_size=8))),
        rows, draw(st.booleans()), merges, draw(st.sets(st.integers(0, 15), max_size=3)),
        draw(st.sets(st.integers(0, 9), max_size=3)), draw(st.sets(PLACE, max_size=2)),
        draw(st.dictionaries(PLACE, st.sampled_from(["#REF!", "#DIV/0!"]), max_size=2)), draw(st.booleans()),
    )  # fmt: skip


SNIFF, SNIFFING = _fuzz("sniff and read", 60, 4000)
STARTS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html><table>", b"<?xml version='1.0'?>",
          b"%PDF-1.7", b"\xef\xbb\xbf", b"\xff\xfe",
          "月份,用电量\n".encode("gb18030"), b"<table><tr><td rowspan=99999 colspan=99999>"]  # fmt: skip


@SNIFFING
@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(start, data):
    with bounded(SNIFF):
        try:
            book = read(sniff(start + data, "乱.xlsx"), "乱.xlsx")
        except Refused as refusal:
            assert refusal.kind and refusal.message and refusal.suggestion
        else:
            assert all(len(sheet.rows) == 0 or sheet.width >= 0 for sheet in book.sheets)


LISTS, LISTING = _fuzz("lists and pages", 60, 4000)
CELLS = st.lists(
    st.lists(st.one_of(TEXT, st.sampled_from(['"', '="2024-01"', "\t1"])), max_size=6), max_size=8
)


@LISTING
@given(CELLS, st.sampled_from([",", ";", "\t", "|"]), st.booleans())
def test_any_list_and_any_page_are_read(rows, mark, page):
    with bounded(LISTS):
        if page:
            text = "<html><table>" + "".join(
                "<tr>" + "".join(f"<td rowspan={len(c)} colspan='{len(row)}'>{c}" for c in row)
                for row in rows
            )
            found = Sniffed("html", b"", text, "utf-8")
        else:
            found = Sniffed("csv", b"", "\n".join(mark.join(row) for row in rows), "utf-8")
        try:
            book = read(found, "乱.csv")
        except Refused as refusal:
            assert refusal.message
        else:
            _settled(book)


PARTS, PARTING = _fuzz("damaged parts of a package", 40, 2000)


@pytest.fixture(scope="module")
def package() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["月份", "用电量(kWh)", "电费(元)"],
        ["1月", 3000, 1800],
        ["2月", "约3100", "=B3*0.6"],
        ["3月", 3200, 1920],
    ):
        sheet.append(row)
    sheet.merge_cells("A5:B5")
    sheet.row_dimensions[3].hidden = True
    out = BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@PARTING
@given(st.data())
def test_any_damage_to_a_part_is_read_or_refused(package, data):
    name = data.draw(st.sampled_from(sorted(package)))
    part = package[name]
    at, size = data.draw(st.integers(0, len(part))), data.draw(st.integers(0, 40))
    changed = part[:at] + data.draw(st.binary(max_size=20)) + part[at + size :]
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in package.items():
            archive.writestr(each, changed if each == name else content)
    with bounded(PARTS):
        try:
            _settled(read(sniff(out.getvalue(), "乱.xlsx"), "乱.xlsx"))
        except Refused as refusal:
            assert refusal.message


LAYOUT, LAYING = _fuzz("sheets and layout", 120, 6000)


@LAYING
@given(sheets())
def test_any_sheet_is_laid_out_and_no_row_has_two_classes(sheet):
    words = Vocabulary(ENERGY)
    with bounded(LAYOUT):
        for panel in panels(sheet, words):
            grid = Grid(panel)
            find_header(grid, 0, words)
            for table in lay_out(grid, words).tables:
                rows = [*table.data_rows, *table.total_rows, *table.aside_rows, *table.footer_rows,
                        *table.repeated_rows, *table.section_rows]  # fmt: skip
                assert len(rows) == len(set(rows))
                assert all(table.header.bottom < r < table.end for r in rows)


WHOLE, WHOLLY = _fuzz("whole workbooks", 120, 6000)


def _settled(book: Book, context: Context = CONTEXT) -> None:
    """Everything after reading; each filled cell is loaded, reported or left out, and the annotated file is made."""
    try:
        result = assemble("乱.xlsx", book, context, lambda *_: None)
    except Refused as refusal:
        assert refusal.message and refusal.suggestion
        return
    cells = result.meta["cells"]
    assert cells["loaded"] + cells["reported"] + cells["ignored"] == cells["all"]
    loaded = result.frame[result.frame["value"].notna()]
    assert not loaded.duplicated(["facility", "item", "measure", "period"]).any()
    assert (loaded["value"] >= 0).all()
    assert all(months_in(p) for p in loaded["period"])
    wrong = {(i.sheet, i.cell) for i in result.issues if i.severity == "error" and i.cell}
    asked = {(a.sheet, a.cell) for a in result.ambiguous}
    assert {*zip(loaded["sheet"], loaded["cell"], strict=True)} & (wrong | asked) == set()
    result.to_json()
    assert result.remember()["headers"].keys() <= {m.key for m in result.mapping}


@WHOLLY
@given(st.lists(sheets(), min_size=1, max_size=3, unique_by=lambda s: s.name))
def test_any_workbook_is_settled_to_its_last_cell(several):
    with bounded(WHOLE):
        _settled(Book("xlsx", several))


def test_a_total_over_no_rows_at_all_is_settled():
    """Found by the property above: a table whose only row is its total, with a date for a heading."""
    blank = [""] * 6
    head = ["", "", datetime.date(2000, 1, 1), "月份", "", ""]
    rows = [blank, blank, head, ["", "", 0.0, "", "用电量(kWh)", "合计"], ["", "", "", "", "月份", ""]]
    with bounded(WHOLE):
        _settled(Book("xlsx", [Sheet("商户", rows, no_value={(4, 2)})]))


MAPPING, MAPPED = _fuzz("remembered mappings", 60, 3000)
ENTRY = st.fixed_dictionaries(
    {
        "item": st.sampled_from(["", *(i.key for i in ENERGY.items)]),
        "measure": st.sampled_from(["quantity", "cost"]),
        "unit": st.one_of(
            st.just(""), st.sampled_from(["kWh", "万度", "瓶", "元", "t"]), st.text(max_size=4)
        ),
    }
)
KEYS = st.one_of(
    st.sampled_from([fold(w) for w in KNOWN]),
    st.sampled_from(["用电量(kwh)", "电|用量", "电_用量", "行政楼"]),
)


@MAPPED
@given(st.dictionaries(KEYS, ENTRY, max_size=6), sheets())
def test_any_memory_reads_any_sheet(headers, sheet):
    memory = {"headers": headers, "facilities": {"行政楼": "b1"}}
    with bounded(MAPPING):
        _settled(Book("xlsx", [sheet]), Context(ENERGY, ("示例大学",), {}, "2024", mapping=memory))


CLEANING, CLEANED = _fuzz("cells, periods, units and words", 300, 20_000)
NUMBERLIKE = st.text("0123456789.,万千元kWh度-+()%约≈ eE０１，．oOlI/￥¥、年月日季Qq上半至", max_size=12)


@CLEANED
@given(st.one_of(VALUE, NUMBERLIKE, st.none(), st.integers()))
def test_any_value_is_cleaned_dated_and_named(value):
    words, units = Vocabulary(ENERGY), Units(ENERGY)
    with bounded(CLEANING):
        clean = Cleaner(ENERGY).clean(value)
        assert clean.state in ("number", "missing", "not_applicable", "bad")
        if clean.state == "number":
            assert re.fullmatch(r"\d+(\.\d+)?", clean.exact)
            assert Decimal(clean.exact) * Decimal(clean.scale) >= 0
        if clean.state == "bad":
            assert clean.message
        when = parse_value(value)
        assert when is None or all(re.fullmatch(r"\d{4}-\d{2}", m) for m in months_in(when.text(2024)))
        decimal_months([value, value, 2024.1, value])
        words.label(value)
        if isinstance(value, str):
            parse_text(value)
            unit = units.parse(value)
            assert unit is None or (unit.key in ENERGY.units and Decimal(unit.scale) > 0)
            units.at_end(fold(value))


CHECKS, CHECKING = _fuzz("checks", 60, 3000)
PERIOD = st.one_of(
    st.integers(1, 12).map(lambda m: f"2024-{m:02d}"),
    st.sampled_from(["2024", "2024-Q1", "2024-H2", "2023-05", "2024-M1-9", ""]),
)
FIGURE = st.tuples(
    st.sampled_from(["", "图书馆", "行政楼"]), st.sampled_from([i.key for i in ENERGY.items]),
    st.sampled_from(["quantity", "cost"]), PERIOD,
    st.one_of(st.none(), st.decimals(0, 10**9, allow_nan=False, places=3)),
)  # fmt: skip


@CHECKING
@given(
    st.lists(FIGURE, max_size=60, unique_by=lambda f: f[:4]),
    st.lists(FIGURE, max_size=40),
    st.integers(0, 10**6),
)
def test_any_figures_are_checked(now, before, area):
    import pandas as pd

    def frame(figures):
        columns = ["facility", "item", "measure", "period"]
        made = pd.DataFrame([f[:4] for f in figures], columns=columns).astype(str)
        made["exact"] = ["" if f[4] is None else format(f[4], "f") for f in figures]
        made["value"] = pd.to_numeric(made["exact"], errors="coerce")
        for name in ("flag", "text", "sheet", "cell", "raw"):
            made[name] = ""
        return made

    keys = [(k, y) for k in ("headcount", "heated_area", "floor_area") for y in ("2023", "2024")]
    denominators = tuple({"key": k, "facility": "", "period": y, "value": str(area)} for k, y in keys)
    context = Context(ENERGY, ("示例大学",), {}, "2024", history=frame(before), denominators=denominators)
    with bounded(CHECKS):
        for issue in recheck(as_figures(frame(now)), context):
            assert issue.severity in ("error", "warning", "info")
            assert issue.message and issue.kind


MARKS, MARKING = _fuzz("annotated workbooks", 30, 1000)


@MARKING
@given(st.lists(sheets(), min_size=1, max_size=2, unique_by=lambda s: fold(s.name)))
def test_any_finding_can_be_marked_in_the_workbook(package, several):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in package.items():
            archive.writestr(name, content)
    for sheet in several:
        sheet.name = "Sheet"
    drafts = [read_sheet(s, Vocabulary(ENERGY), Cleaner(ENERGY), CONTEXT) for s in several[:1]]
    with bounded(MARKS):
        check_university("乱.xlsx", [], CONTEXT)
        result = finish("乱.xlsx", Book("xlsx", several[:1]), drafts, CONTEXT)
        report = {
            "issues": [issue_data(i) for i in result.issues],
            "ambiguous": [ambiguity_data(a) for a in result.ambiguous],
        }
        data = annotate(sniff(out.getvalue(), "乱.xlsx"), marks_of(report), "1")
        assert openpyxl.load_workbook(BytesIO(data)).sheetnames[0] == "Sheet"
