"""The workbook a university may fill in instead of its own: its buildings and carriers, last year beside it.

What is filled in comes back through intake like any other workbook; its headings are the definition's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from documents.spreadsheet import safe_text
from surveys.definition import Definition
from surveys.intake.annotated.listing import OURS

FILL, BEFORE = "填报", "上年参考"
MARK = "houqin.template"
HEAD_FILL, ASKED_FILL = PatternFill("solid", fgColor="FFE3ECEC"), PatternFill("solid", fgColor="FFFFFBEA")
GREY, LINE = Font(color="FF8A9499"), Side(style="thin", color="FFC9D1D3")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_ROW = 3


@dataclass(frozen=True)
class Form:
    """What a template asks. `places`: (code, name) of the buildings, none when the university files as a whole;
    `pairs`: (item, measure) in their order; `before`: (place, item, measure, month 1–12) → last year's value in the
    base unit."""

    definition: Definition
    university: str
    period: str
    places: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]
    before: Mapping[tuple[str, str, str, int], Decimal]

    def heading(self, item: str, measure: str) -> str:
        """`电力用量（kWh）`."""
        unit = self.definition.unit_label(self.definition.unit_of(item, measure))
        return f"{self.definition.item(item).name}{self.definition.measure(measure).name}（{unit}）"


def form_of(
    definition: Definition, university: str, period: str, names: Mapping[str, str], rows: Iterable[Mapping]
) -> Form:
    """The form of a university from last year's draft or seal (`rows`: facility, item, measure, period, value) and the
    names of its buildings; one that files for the first time is asked for the carriers most have."""
    known = [row for row in rows if row["value"] is not None and len(row["period"]) == 7]
    order = [(item.key, measure.key) for item in definition.items for measure in definition.measures]
    there = {(row["item"], row["measure"]) for row in known}
    pairs = [pair for pair in order if pair in there] or order[: 2 * FIRST_TIME]
    placed = {row["facility"] for row in known}
    places = [(code, names.get(code, code)) for code in sorted(placed)] if placed - {""} else []
    return Form(
        definition, university, period, tuple((code, name or WHOLE) for code, name in places), tuple(pairs),
        {(r["facility"], r["item"], r["measure"], int(r["period"][5:])): r["value"] for r in known},
    )  # fmt: skip


# carriers of a first form, in the definition's order, and what the university as a whole is called among buildings
FIRST_TIME, WHOLE = 5, "全校"


def template_bytes(form: Form, version: str) -> bytes:
    """The workbook as .xlsx. `version` names the form it came from and is kept in its properties."""
    book = Workbook()
    sheet = book.active
    sheet.title = FILL
    _head(
        sheet,
        f"{form.university}{form.period}年能源资源消费统计表",
        "只填浅黄色的格；没有用填 0，没有数留空。",
    )
    _body(sheet, form, None)
    last = book.create_sheet(BEFORE)
    _head(last, f"{int(form.period) - 1} 年的数，只供对照", OURS)
    _body(last, form, form.before)
    for page in (sheet, last):
        page.protection.sheet = True
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
        page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr = (
            0,
            PageSetupProperties(fitToPage=True),
        )
        page.freeze_panes = page.cell(HEAD_ROW + 1, 4 if form.places else 2)
    book.custom_doc_props.append(StringProperty(name=MARK, value=version))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, title: str, note: str) -> None:
    _text(sheet.cell(1, 1), title).font = Font(bold=True, size=14)
    _text(sheet.cell(2, 1), note).font = GREY


def _body(sheet: Worksheet, form: Form, values: Mapping | None) -> None:
    """The table: months down and carriers across, or buildings and carriers down and months across. `values` are shown
    in grey; None leaves the cells to be filled."""
    if form.places:
        _headings(sheet, ["楼宇", "项目", "计量单位", *(f"{month}月" for month in range(1, 13))])
        lines = [(place, pair) for place in form.places for pair in form.pairs]
        for row, ((code, name), (item, measure)) in enumerate(lines, HEAD_ROW + 1):
            definition = form.definition
            unit = definition.unit_label(definition.unit_of(item, measure))
            words = (name, definition.item(item).name + definition.measure(measure).name, unit)
            for column, word in enumerate(words, 1):
                _text(sheet.cell(row, column), word).border = FRAME
            _cells(sheet, [(row, 3 + month, (code, item, measure, month)) for month in range(1, 13)], values)
    else:
        _headings(sheet, ["月份", *(form.heading(*pair) for pair in form.pairs)])
        for month in range(1, 13):
            _text(sheet.cell(HEAD_ROW + month, 1), f"{month}月").border = FRAME
            keys = [(HEAD_ROW + month, n, ("", *pair, month)) for n, pair in enumerate(form.pairs, 2)]
            _cells(sheet, keys, values)
    _widths(sheet, form)


def _headings(sheet: Worksheet, words: Sequence[str]) -> None:
    for column, word in enumerate(words, 1):
        cell = _text(sheet.cell(HEAD_ROW, column), word)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD_FILL, FRAME
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")


def _cells(sheet: Worksheet, places: list[tuple[int, int, tuple]], values: Mapping | None) -> None:
    for row, column, key in places:
        cell = sheet.cell(row, column)
        cell.border, cell.number_format = FRAME, "#,##0.##"
        if values is None:
            cell.fill, cell.protection = ASKED_FILL, Protection(locked=False)
        else:
            cell.value, cell.font = values.get(key), GREY
    if values is None:
        _only_numbers(sheet, places)


def _only_numbers(sheet: Worksheet, places: list[tuple[int, int, tuple]]) -> None:
    (row, first, _key), (_row, last, _other) = places[0], places[-1]
    rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    rule.errorTitle, rule.error = "只填数字", "填不小于 0 的数；没有数就留空。"
    rule.add(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}")
    sheet.add_data_validation(rule)


def _widths(sheet: Worksheet, form: Form) -> None:
    first = (18, 20, 10) if form.places else (8,)
    for column in range(1, sheet.max_column + 1):
        width = first[column - 1] if column <= len(first) else 14
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[HEAD_ROW].height = 34


def _text(cell: Cell, text: str) -> Cell:
    cell.value = safe_text(text)
    cell.data_type = "s"
    return cell
