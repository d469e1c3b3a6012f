"""Speed and memory in proportion; the bench states the goals, this only notices a fall."""

from __future__ import annotations

import resource
import subprocess
import sys

import openpyxl
import pytest

from surveys.intake import run_in_child

ROWS = 12_000


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    sheet.append(["示例大学2024年分楼宇能耗明细"])
    sheet.append(["序号", "楼宇名称", "月份", "能源品种", "计量单位", "用量", "费用（元）", "备注"])
    for n in range(ROWS):
        item, unit, amount = (("电", "kWh", 20000.5), ("水", "吨", 900.25))[n % 2]
        amount += (n * 7919) % 997
        sheet.append(
            [
                n + 1,
                f"{n // 24 + 1}号楼",
                f"2024年{n // 2 % 12 + 1}月",
                item,
                unit,
                amount,
                amount * 1.5,
                None,
            ]
        )
    path = tmp_path_factory.mktemp("大") / "大表.xlsx"
    book.save(path)
    return path


def _processor_seconds(work) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_checking_a_large_workbook_costs_little_more_than_reading_it(large, context):
    code = (
        f"import pandas; pandas.read_excel({str(large)!r}, engine='calamine', header=None, sheet_name=None)"
    )
    reading = min(
        _processor_seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True)) for _ in range(2)
    )
    checking = min(_processor_seconds(lambda: run_in_child(large, context())) for _ in range(2))
    assert checking <= 1.8 * reading


def test_every_row_of_a_large_workbook_is_loaded(large, context):
    result = run_in_child(large, context())
    assert (len(result.frame), result.meta["cells"]["loaded"]) == (2 * ROWS, 2 * ROWS)


def test_the_child_starts_no_data_frame_library(large):
    code = (
        "import sys; from surveys import instruments; from surveys.intake import Context, run;"
        f"run({str(large)!r}, Context(instruments.get('energy'), ('示例大学',), {{}}, '2024'));"
        "print('pandas' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
