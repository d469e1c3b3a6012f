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

FILL, BEFORE, OPTIONS = "填报", "上年参考", "选项"
# what may be added to last year's form by choosing from a list: columns of a whole university, rows of buildings
MORE_COLUMNS, MORE_ROWS = 4, 12
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
    # every building of the register by name, for the list to choose from
    register: tuple[str, ...] = ()

    def others(self) -> list[str]:
        """The headings of what was not filed last year."""
        known = self.definition
        pairs = [(item.key, measure.key) for item in known.items for measure in known.measures]
        return [self.heading(*pair) for pair in pairs if pair not in self.pairs]

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
        tuple(sorted(names.values())),
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
        "只填浅黄色的格；没有用填 0，没有数留空。要加的，从空着的表头或行里选。",
    )
    _body(sheet, form, None)
    _options(book, sheet, form)
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


def _options(book: Workbook, sheet: Worksheet, form: Form) -> None:
    """Room for what was not filed last year, named by choosing: from lists on a hidden sheet."""
    page = book.create_sheet(OPTIONS)
    page.sheet_state = "hidden"
    _head(page, "下拉选项", OURS)
    lists = [form.others() or [form.heading(*pair) for pair in form.pairs], list(form.register)]
    if form.places:
        lists[0] = [form.heading(*pair) for pair in form.pairs] + form.others()
    for column, words in enumerate(lists, 1):
        for row, word in enumerate(words, HEAD_ROW + 1):
            _text(page.cell(row, column), word)
    headings, places = (_list_of(column, len(words)) for column, words in enumerate(lists, 1))
    if form.places:
        _more_rows(sheet, form, places, headings)
    elif form.others():
        _more_columns(sheet, form, headings)


def _list_of(column: int, length: int) -> DataValidation:
    letter, last = get_column_letter(column), HEAD_ROW + max(length, 1)
    rule = DataValidation(type="list", formula1=f"'{OPTIONS}'!${letter}${HEAD_ROW + 1}:${letter}${last}")
    rule.errorTitle, rule.error = "从列表里选", "点右边的箭头，从列表里选一项。"
    return rule


def _more_columns(sheet: Worksheet, form: Form, headings: DataValidation) -> None:
    first = len(form.pairs) + 2
    sheet.add_data_validation(headings)
    for column in range(first, first + MORE_COLUMNS):
        _choice(sheet, HEAD_ROW, column, headings)
        sheet.column_dimensions[get_column_letter(column)].width = 14
        _cells(sheet, [(HEAD_ROW + month, column, ()) for month in range(1, 13)], None)


def _more_rows(sheet: Worksheet, form: Form, places: DataValidation, headings: DataValidation) -> None:
    first = HEAD_ROW + 1 + len(form.places) * len(form.pairs)
    for rule in (places, headings):
        sheet.add_data_validation(rule)
    for row in range(first, first + MORE_ROWS):
        _choice(sheet, row, 1, places)
        _choice(sheet, row, 2, headings)
        _text(sheet.cell(row, 3), "").border = FRAME
        _cells(sheet, [(row, 3 + month, ()) for month in range(1, 13)], None)


def _choice(sheet: Worksheet, row: int, column: int, rule: DataValidation) -> None:
    cell = sheet.cell(row, column)
    cell.fill, cell.border, cell.protection = ASKED_FILL, FRAME, Protection(locked=False)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    rule.add(cell.coordinate)


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
    (row, first, _key), (to, last, _other) = places[0], places[-1]
    rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    rule.errorTitle, rule.error = "只填数字", "填不小于 0 的数；没有数就留空。"
    rule.add(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{to}")
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
