"""The workbook that is filled in instead of the office's own, and comes back without a question."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from surveys import instruments
from surveys.filings.template import BEFORE, FILL, MARK, form_of, template_bytes
from surveys.intake import Context, FacilityRef, run

NAME = "海津理工大学"
KEYS = ("facility", "item", "measure", "period", "value")
PLACES = {"B01": "图书馆", "B02": "学生1号公寓"}


@pytest.fixture(scope="module")
def energy():
    return instruments.get("energy")


def rows(facilities, pairs) -> list[dict]:
    """Last year: a plausible figure for each month."""
    return [
        {
            "facility": place,
            "item": item,
            "measure": measure,
            "period": f"2023-{month:02}",
            "value": Decimal(value + month),
        }
        for place in facilities
        for item, measure, value in pairs
        for month in range(1, 13)
    ]


CAMPUS = rows(
    [""], [("electricity", "quantity", 200000), ("electricity", "cost", 116000), ("heat", "quantity", 900)]
)
BUILDINGS = rows(["B01", "B02"], [("electricity", "quantity", 20000), ("electricity", "cost", 11600)])


def filled(form, path, amount):
    """The template as somebody filled it in: `amount` of the cell's row and column in every open cell."""
    book = openpyxl.load_workbook(BytesIO(template_bytes(form, "v")))
    sheet = book[FILL]
    count = 0
    for row in sheet.iter_rows():
        for cell in row:
            if not cell.protection.locked:
                cell.value, count = amount(cell.row, cell.column), count + 1
    book.save(path)
    return count


def test_form_asks_what_was_filed_last_year_in_the_definitions_order(energy):
    form = form_of(energy, NAME, "2024", PLACES, CAMPUS)
    assert (form.places, form.pairs) == (
        (), (("electricity", "quantity"), ("electricity", "cost"), ("heat", "quantity")),
    )  # fmt: skip
    by_place = form_of(energy, NAME, "2024", PLACES, BUILDINGS)
    assert by_place.places == (("B01", "图书馆"), ("B02", "学生1号公寓"))


def test_form_of_a_first_year_asks_for_the_usual_carriers(energy):
    form = form_of(energy, NAME, "2024", PLACES, [])
    assert (len(form.pairs), form.places, form.before) == (10, (), {})


def test_template_shows_last_year_in_grey_and_locks_all_but_the_cells_to_fill(energy):
    book = openpyxl.load_workbook(BytesIO(template_bytes(form_of(energy, NAME, "2024", {}, CAMPUS), "r1 v7")))
    assert book.sheetnames == [FILL, BEFORE]
    sheet, last = book[FILL], book[BEFORE]
    assert [cell.value for cell in sheet[3]] == [
        "月份",
        "电力用量（kWh）",
        "电力费用（元）",
        "热力（按热量收费）用量（GJ）",
    ]
    assert [cell.value for cell in last[4]] == ["1月", 200001, 116001, 901]
    assert [sheet["B3"].protection.locked, sheet["B4"].protection.locked] == [True, False]
    assert (sheet.protection.sheet, last.protection.sheet) == (True, True)
    assert [(prop.name, prop.value) for prop in book.custom_doc_props.props] == [(MARK, "r1 v7")]


def test_filled_template_comes_back_without_mapping_or_question(energy, tmp_path):
    form = form_of(energy, NAME, "2024", {}, CAMPUS)
    path = tmp_path / "模板.xlsx"
    count = filled(form, path, lambda row, column: {2: 210000, 3: 121800, 4: 950}[column] + row)
    result = run(path, Context(energy, (NAME,), {}, "2024"))
    assert (count, int((result.figures.value == result.figures.value).sum())) == (36, 36)
    assert (
        result.needs_confirmation,
        result.ambiguous,
        [i for i in result.issues if i.severity == "error"],
    ) == ([], [], [])
    assert {(i.sheet, i.why) for i in result.ignored if i.sheet == BEFORE} == {(BEFORE, "平台写的页")}
    assert set(zip(result.figures["item"], result.figures["measure"], strict=True)) == set(form.pairs)


def test_filled_template_of_buildings_comes_back_without_mapping_or_question(energy, tmp_path):
    form = form_of(energy, NAME, "2024", PLACES, BUILDINGS)
    path = tmp_path / "模板.xlsx"
    count = filled(form, path, lambda row, column: (21000 if row % 2 == 0 else 12180) + 10 * row + column)
    places = tuple(FacilityRef(code, name) for code, name in PLACES.items())
    result = run(path, Context(energy, (NAME,), {}, "2024", facilities=places))
    assert (count, int((result.figures.value == result.figures.value).sum())) == (48, 48)
    assert (
        result.needs_confirmation,
        result.ambiguous,
        [i for i in result.issues if i.severity == "error"],
    ) == ([], [], [])
    assert (set(result.figures["facility"]), result.facilities_unknown) == (set(PLACES), [])


def test_a_place_named_like_a_formula_is_text(energy):
    form = form_of(energy, NAME, "2024", {"B01": "=1+1", "B02": "x"}, BUILDINGS)
    cell = openpyxl.load_workbook(BytesIO(template_bytes(form, "v")))[FILL]["A4"]
    assert (cell.data_type, cell.value) == ("s", "'=1+1")
