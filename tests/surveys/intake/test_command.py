"""`intake FILE …` as a person or a script calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from surveys.intake.command import main

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
E01 = SAMPLES / "e01_海津理工大学2024年能源资源消耗统计表.xlsx"
E05 = SAMPLES / "e05_卫沽财经大学2024年度能耗.xlsx"


def _call(file, university="海津理工大学", period="2024", *more) -> int:
    return main([str(file), "--instrument", "energy", "--university", university, "--period", period, *more])


def test_clean_file_exits_with_zero_and_prints_json(capsys):
    assert _call(E01, "海津理工大学", "2024", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["file", "instrument", "university", "period", "verdict", "observations", "issues", "ambiguous",  # noqa: E501
                           "veto", "ignored", "mapping", "meta"]  # fmt: skip
    assert set(found["observations"][0]) == {"facility", "item", "measure", "month", "period", "date", "value", "unit",
                                             "sheet", "cell"}  # fmt: skip
    assert (found["verdict"], len(found["observations"])) == ("clean", 130)


def test_errors_exit_with_one_and_come_first(capsys):
    assert _call(E05, "卫沽财经大学") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[3] == "错误 3 个"


def test_refused_file_exits_with_one(capsys):
    assert _call(E05, "海津理工大学") == 1
    assert "没有写入" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [
    [], [str(E01)], ["没有.xlsx", "--instrument", "energy", "--university", "甲", "--period", "2024"],
    [str(E01), "--instrument", "poetry", "--university", "甲", "--period", "2024"],
    [str(E01), "--instrument", "energy", "--university", "甲", "--period", "去年"],
    [str(E01), "--instrument", "energy", "--university", "甲", "--period", "2024", "--definition", "没有.yaml"],
])  # fmt: skip
def test_wrong_call_exits_with_two(arguments, capsys):
    assert main(arguments) == 2


def test_register_gives_the_name_for_a_code_and_knows_the_others(tmp_path, capsys):
    register = tmp_path / "学校.yaml"
    register.write_text(
        "- {name: 海津理工大学, code: hjlg, aliases: [海理工]}\n- {name: 卫沽财经大学, code: wgcj}\n", "utf-8"
    )
    assert _call(E01, "hjlg", "2024", "--register", str(register)) == 0
    assert _call(E05, "hjlg", "2024", "--register", str(register)) == 1
