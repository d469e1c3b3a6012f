"""A block out of a spreadsheet on the form: what goes where, and what is left out and why."""

from surveys import instruments
from surveys.intake.pasted import Arranger, trimmed

COLUMNS = [(item, m) for item in ("electricity", "water", "heat") for m in ("quantity", "cost")]
MONTHS = [f"2024-{n:02d}" for n in range(1, 13)]
ARRANGER = Arranger(instruments.get("energy"), COLUMNS, MONTHS)


def arrange(text: str, row: int = 0, column: int = 0):
    return ARRANGER.arrange([line.split("\t") for line in text.splitlines()], row, column)


def places(found) -> list[tuple]:
    return [(p.item, p.measure, p.period[5:], p.text, p.factor) for p in found.placed]


def left(found) -> list[tuple]:
    return [(x.text, str(x.why)) for x in found.left]


def test_bare_block_goes_where_it_is_put():
    found = arrange("100\t60\n200\t120", row=2, column=2)
    assert places(found) == [
        ("water", "quantity", "03", "100", "1"), ("water", "cost", "03", "60", "1"),
        ("water", "quantity", "04", "200", "1"), ("water", "cost", "04", "120", "1"),
    ]  # fmt: skip
    assert (left(found), found.named) == ([], False)


def test_one_cell_goes_into_one_cell():
    assert places(arrange("约3000", row=11, column=5)) == [("heat", "cost", "12", "约3000", "1")]


def test_what_hangs_over_the_edge_is_left_out():
    found = arrange("1\t2\n3\t4", row=11, column=5)
    assert places(found) == [("heat", "cost", "12", "1", "1")]
    assert left(found) == [("2", "超出最后一列"), ("3", "超出最后一行"), ("4", "超出最后一行")]


def test_headings_and_months_name_the_places_wherever_it_was_put():
    found = arrange(
        "月份\t水费（元）\t用电量（万kWh）\n3月\t500\t12.3\n4月\t600\t11\n合计\t1100\t23.3", row=7
    )
    assert places(found) == [
        ("water", "cost", "03", "500", "1"), ("electricity", "quantity", "03", "12.3", "10000"),
        ("water", "cost", "04", "600", "1"), ("electricity", "quantity", "04", "11", "10000"),
    ]  # fmt: skip
    assert found.named
    assert left(found) == [
        ("月份", "是表头"), ("水费（元）", "是表头"), ("用电量（万kWh）", "是表头"), ("3月", "是月份"),
        ("4月", "是月份"), ("合计", "是月份"), ("1100", "是合计，平台自己算"), ("23.3", "是合计，平台自己算"),
    ]  # fmt: skip


def test_two_levels_of_headings_merged_over_their_columns():
    found = arrange("月份\t电\t\t水\t\n\t用量\t费用\t用量\t费用\n1月\t1\t2\t3\t4")
    assert [(p.item, p.measure, p.text) for p in found.placed] == [
        ("electricity", "quantity", "1"), ("electricity", "cost", "2"),
        ("water", "quantity", "3"), ("water", "cost", "4"),
    ]  # fmt: skip


def test_months_across_are_turned():
    found = arrange("项目\t1月\t2月\n用电量\t10\t20\n水费\t5\t6")
    assert places(found) == [
        ("electricity", "quantity", "01", "10", "1"), ("electricity", "quantity", "02", "20", "1"),
        ("water", "cost", "01", "5", "1"), ("water", "cost", "02", "6", "1"),
    ]  # fmt: skip


def test_headings_that_name_nothing_are_left_out_and_the_place_decides():
    found = arrange("用量\t费用\n10\t6", row=1, column=2)
    assert places(found) == [("water", "quantity", "02", "10", "1"), ("water", "cost", "02", "6", "1")]
    assert left(found) == [("用量", "是表头"), ("费用", "是表头")]


def test_column_that_is_not_asked_for_is_left_out_by_its_heading():
    found = arrange("用电量\t电价\n10\t0.6")
    assert places(found) == [("electricity", "quantity", "01", "10", "1")]
    assert left(found)[2:] == [("0.6", "表头“电价”不是要填的数")]


def test_heading_reaches_a_column_of_the_definition_that_is_not_shown():
    assert places(arrange("煤炭\n3")) == [("raw_coal", "quantity", "01", "3", "1")]


def test_unit_of_a_heading_that_cannot_be_converted_is_refused():
    found = arrange("用水量（GJ）\n10")
    assert (places(found), left(found)[1]) == ([], ("10", "单位“GJ”换算不到m3"))


def test_month_of_another_year_or_round_goes_nowhere():
    found = arrange("2023年1月\t10\n2024年1月\t20")
    assert [(p.period, p.text) for p in found.placed] == [("2024-01", "20")]


def test_running_numbers_before_the_months_are_left_out():
    found = arrange("序号\t月份\t电\n1\t1月\t10\n2\t2月\t20")
    assert places(found) == [
        ("electricity", "quantity", "01", "10", "1"), ("electricity", "quantity", "02", "20", "1"),
    ]  # fmt: skip


def test_bare_numbers_from_one_to_twelve_are_figures():
    assert len(arrange("\n".join(str(n) for n in range(1, 13))).placed) == 12


def test_blanks_inside_are_counted_and_go_nowhere():
    found = arrange("1\t\n\t4")
    assert (len(found.placed), found.blank) == (2, 2)


def test_nothing_is_lost_of_a_block():
    text = "月份\t电\t水\t备注\n1月\t1\tx\t好\n合计\t3\t4\t"
    found = arrange(text)
    written = sum(bool(cell) for line in text.splitlines() for cell in line.split("\t"))
    assert len(found.placed) + len(found.left) == written


def test_empty_ends_are_cut_and_the_block_is_a_rectangle():
    assert trimmed([["1", "", ""], ["2", "3", ""], ["", ""]]) == [["1", ""], ["2", "3"]]
    assert arrange("").placed == []
