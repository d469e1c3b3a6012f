"""Tables, axes, figures and the small pictures."""

import json
import re

import pytest
from django.template import engines

from ui import charts, pictures
from ui.axes import nice_axis
from ui.tables import Cell, Column, estimated, not_applicable, row, suppressed, table, total

FRAME = charts.Frame("f", "能耗在降")


def render(source, **context):
    return engines["django"].from_string("{% load ui %}" + source).render(context)


@pytest.mark.parametrize(
    ("values", "from_zero", "axis"),
    [
        ([6, 9, 15], True, (0, 15, 3)),
        ([12.9, 18.9], False, (12, 20, 2)),
        ([0.4, 3.0], False, (0, 3, 1)),
        ([7, 7], True, (0, 8, 2)),
        ([5, 5], False, None),
        ([-3, 4], False, (-4, 4, 2)),
        ([], True, (0, 1, 1)),
        ([None], False, (0, 1, 1)),
        ([0], True, (0, 1, 1)),
        ([0.00012, 0.0004], True, (0, 0.0004, 0.0001)),
    ],
)
def test_axis_ends_are_round_and_hold_the_values(values, from_zero, axis):
    made = nice_axis(values, from_zero=from_zero)
    known = [v for v in values if v is not None]
    assert all(made.low <= v <= made.high for v in known) and made.step > 0
    if axis:
        assert (made.low, made.high, made.step) == pytest.approx(axis)


def test_the_four_kinds_of_nothing_do_not_mix():
    columns = [Column("月", kind="text"), Column("水", "m³", decimals=0)]
    rows = [
        row("1", None),
        row("2", 0),
        row("3", not_applicable()),
        row("4", suppressed("不发布")),
        row("5", estimated(7)),
    ]
    markup = render("{% table t %}", t=table(columns, rows))
    cells = re.findall(r"<td class=\"([^\"]*)\"([^>]*)>(.*?)</td>", markup)
    assert [re.sub("<[^>]*>", "", text) for _css, _data, text in cells] == ["—", "0", "—", "不发布", "7"]
    assert [css.split()[-1] for css, _data, _text in cells] == [
        "num",
        "num",
        "is-hatch",
        "is-hatch",
        "is-est",
    ]
    assert [bool("data-v" in data) for _css, data, _text in cells] == [False, True, False, False, True]


def test_columns_write_their_cells():
    columns = [
        Column("表", kind="text"),
        Column("变动", kind="change"),
        Column("电", "kWh", decimals=1),
        Column("备注", kind="text"),
    ]
    markup = render("{% table t %}", t=table(columns, [row("<b>", 0.207, 3, "")], stack=True))
    assert "+20.7%" in markup and ">3.0<" in markup and ">—<" in markup and "&lt;b&gt;" in markup
    assert 'data-label="电"' in markup and '<span class="unit">kWh</span>' in markup


def test_sum_row_skips_what_has_no_value():
    rows = [row("1", 10, None), row("2", Cell(5), not_applicable())]
    assert [cell.value for cell in total("合计", rows, 2).cells] == [15, None]


def test_trend_says_where_its_axis_begins_and_holds_no_numbers_twice():
    made = charts.trend(
        FRAME, ["2024", "2025"], [15.1, 14.8], unit="kgce/m²", low=[13.1, 12.9], high=[16.9, 16.5],
        target=[14.69, 14.53], references=[charts.Reference(18.48, "全国公共机构 2020")],
    )  # fmt: skip
    assert [column.role for column in made.table.columns] == ["", "line", "low", "high", "target"]
    assert made.options["y"]["name"] == "kgce/m²（纵轴自 12 起）"
    assert made.options["references"] == [
        {"value": 18.48, "text": "全国公共机构 2020：18.48", "alert": False}
    ]
    assert "14.8" not in json.dumps(made.options) and "15.1 到 2025 的 14.8" in made.summary


def test_more_lines_or_parts_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="six"):
        charts.lines(FRAME, ["1"], {str(n): [n] for n in range(7)}, unit="")
    with pytest.raises(ValueError, match="five"):
        charts.stacked(FRAME, ["1"], {str(n): [n] for n in range(6)}, unit="")


def test_bars_begin_at_zero():
    assert charts.histogram(FRAME, [("8–10", 6), ("10–12", 15)], unit="x").options["y"]["min"] == 0
    assert charts.stacked(FRAME, ["1月"], {"电": [30], "热": [20]}, unit="x").options["y"]["min"] == 0


COHORTS = [
    charts.CohortBar("全市", 21, 12.9, 14.8, 16.5, 14.9, ratio=14.1),
    charts.CohortBar("理工类", 12, 13.8, 15.9, 17.8, 16.1),
    charts.CohortBar("医药类", 5, mean=17.2),
    charts.CohortBar("师范类", 4),
]


def test_a_suppressed_cohort_has_no_value_anywhere():
    made = charts.cohorts(FRAME, COHORTS, unit="kgce/m²")
    markup = render("{% figure f %}", f=made)
    lines = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", markup)
    cells = [re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)", cells) for _name, cells in lines]
    held = [re.findall(r'data-v="([^"]*)"', cells) for _name, cells in lines]
    assert [name for name, _cells in lines] == ["全市", "理工类", "医药类", "师范类"]
    assert held == [
        ["21", "12.9", "14.8", "16.5", "14.9", "14.1"],
        ["12", "13.8", "15.9", "17.8", "16.1"],
        ["5", "17.2"],
        ["4"],
    ]
    assert cells[1][-1] == "不发布"
    assert cells[2] == ["5", "不足 10 所，没有分位数", "17.2", "不发布"]
    assert cells[3] == ["4", "不发布"] and 'colspan="5"' in lines[3][1]


def test_distribution_is_said_with_the_numbers_of_its_table():
    made = charts.cohorts(FRAME, COHORTS, unit="kgce/m²")
    assert made.summary == (
        "分布图，kgce/m²。全市一半学校在 12.9–16.5，中位数 14.8；理工类一半学校在 13.8–17.8，中位数 15.9；"
        "医药类均值 17.2；不发布的有师范类"
    )
    assert [key.mark for key in made.keys] == ["k-s4", "k-tick", "k-mean", "k-ratio", "k-hatch"]


def test_cohort_without_ratios_has_no_column_of_them():
    bars = [charts.CohortBar("师范类", 12, 1, 2, 3, 2), charts.CohortBar("医药类", 12, mean=2)]
    made = charts.cohorts(FRAME, bars, unit="x")
    assert [column.role for column in made.table.columns] == ["", "n", "p25", "median", "p75", "mean"]
    # ten and more without quantiles: held back, not too few
    assert made.table.rows[1].cells[1].text == "不发布"


def test_stacked_table_has_the_sum():
    made = charts.stacked(FRAME, ["1月", "2月"], {"电力": [3.4, None], "热力": [5.2, 1.0]}, unit="万 tce")
    assert [line.cells[-1].value for line in made.table.rows] == [pytest.approx(8.6), 1.0]


def test_figure_keeps_to_the_content_policy():
    markup = render("{% figure f %}{% chart_scripts %}", f=charts.cohorts(FRAME, COHORTS, unit="</script>"))
    assert "style=" not in markup and " on" + "click" not in markup
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", markup, re.DOTALL)
    assert all('type="application/json"' in attributes or not body for attributes, body in scripts)


def test_segments_leave_no_room_to_nothing():
    parts = pictures.segments([("accepted", 44), ("review", 9), ("returned", 0), ("none", 1)])
    boxes = pictures.segbar(parts)
    assert len(boxes) == 3 and float(boxes[-1]["x"]) + float(boxes[-1]["width"]) == pytest.approx(
        999, abs=0.2
    )
    assert pictures.segments_text(parts) == "共 54：已接受 44、审核中 9、未开始 1"
    assert pictures.segbar([]) == []


def test_shares_are_as_wide_as_they_are_large():
    parts = [pictures.Share("甲", 22, "分", "#a"), pictures.Share("乙", 11), pictures.Share("丙", 0)]
    assert [width for _share, width in pictures.bars(parts)] == ["300.0", "150.0", "0.0"]
    assert pictures.bars([]) == []
    markup = render("{% shares parts %}", parts=parts)
    assert markup.count("<rect") == 3 and '<a href="#a">甲</a>' in markup and ">22 <i>分</i>" in markup


def test_position_is_a_band_never_a_rank():
    inside = pictures.Position("能耗", 15.7, "kgce/m²", 13.8, 15.9, 17.8)
    assert inside.band == "位于同类学校的中间一半。"
    assert pictures.Position("水", 42.9, "", 31, 36.2, 42).band.startswith("高于")
    assert "15.9" in inside.summary


def test_position_without_released_quartiles_shows_only_the_own_value():
    alone = pictures.Position("电", 1121, decimals=0)
    assert alone.box is None and alone.tick is None and "不足 10 所" in alone.band
    markup = render("{% position p %}", p=alone)
    assert markup.count("<rect") == 1 and "1,121" in markup


def test_sparkline_leaves_out_what_was_not_reported():
    assert pictures.points([1, None, 3]) == "4,20 84,4"
    assert pictures.points([None]) == "" and pictures.points([2]) == "4,20"
