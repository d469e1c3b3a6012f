"""The workbook that is filled in instead of the office's own, and comes back without a question."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from surveys import instruments
from surveys.filings.template import BEFORE, FILL, MARK, OPTIONS, form_of, template_bytes
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


def asked(form) -> set[tuple[int, int]]:
    """The cells of what was filed last year: row and column."""
    rows, columns = (len(form.places) * len(form.pairs), 12) if form.places else (12, len(form.pairs))
    first = 4 if form.places else 2
    return {(4 + row, first + column) for row in range(rows) for column in range(columns)}


def filled(form, path, amount, more=()):
    """The template as somebody filled it in: `amount` of the cell's row and column in every cell that last year had,
    and `more` {(row, column): value}. The number of the former."""
    wanted = asked(form)
    book = openpyxl.load_workbook(BytesIO(template_bytes(form, "v")))
    sheet = book[FILL]
    count = 0
    for row in sheet.iter_rows():
        for cell in row:
            if not cell.protection.locked and (cell.row, cell.column) in wanted:
                cell.value, count = amount(cell.row, cell.column), count + 1
    for (row, column), value in dict(more).items():
        assert not sheet.cell(row, column).protection.locked
        sheet.cell(row, column).value = value
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
    assert (book.sheetnames, book[OPTIONS].sheet_state) == ([FILL, OPTIONS, BEFORE], "hidden")
    sheet, last = book[FILL], book[BEFORE]
    assert [cell.value for cell in sheet[3] if cell.value] == [
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


def lists(sheet) -> dict[str, list[str]]:
    """Cells with a drop-down → the words to choose from."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            name, _, cells = rule.formula1.partition("!")
            words = [cell.value for (cell,) in sheet.parent[name.strip("'")][cells.replace("$", "")]]
            found[str(rule.sqref)] = words
    return found


def test_carrier_that_was_not_filed_is_added_from_a_list_and_read_without_a_question(energy, tmp_path):
    form = form_of(energy, NAME, "2024", {}, CAMPUS)
    path = tmp_path / "模板.xlsx"
    sheet = openpyxl.load_workbook(BytesIO(template_bytes(form, "v")))[FILL]
    [(cells, words)] = lists(sheet).items()
    assert (cells, "液化石油气用量（kg）" in words, "电力用量（kWh）" in words) == (
        "E3 F3 G3 H3",
        True,
        False,
    )
    more = {(3, 5): "液化石油气用量（kg）", **{(3 + month, 5): 300 + month for month in range(1, 13)}}
    filled(form, path, lambda row, column: {2: 210000, 3: 121800, 4: 950}[column] + row, more)
    result = run(path, Context(energy, (NAME,), {}, "2024"))
    told = result.frame[result.frame["item"] == "lpg"]
    assert (len(told), told["value"].sum(), result.needs_confirmation, result.ambiguous) == (12, 3678, [], [])


def test_building_that_was_not_filed_is_added_from_a_list_and_read_without_a_question(energy, tmp_path):
    names = PLACES | {"B03": "第二食堂"}
    form = form_of(energy, NAME, "2024", names, BUILDINGS)
    path = tmp_path / "模板.xlsx"
    sheet = openpyxl.load_workbook(BytesIO(template_bytes(form, "v")))[FILL]
    assert sorted(map(len, lists(sheet).values())) == [3, len(energy.items) * len(energy.measures)]
    more = {
        (8, 1): "第二食堂",
        (8, 2): "天然气用量（m³）",
        **{(8, 3 + month): 400 + month for month in range(1, 13)},
    }
    filled(form, path, lambda row, column: (21000 if row % 2 == 0 else 12180) + 10 * row + column, more)
    places = tuple(FacilityRef(code, name) for code, name in names.items())
    result = run(path, Context(energy, (NAME,), {}, "2024", facilities=places))
    told = result.frame[result.frame["facility"] == "B03"]
    assert (set(told["item"]), told["value"].sum(), result.needs_confirmation, result.ambiguous) == (
        {"natural_gas"}, 4878, [], [])  # fmt: skip
