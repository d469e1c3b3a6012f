"""The soak run itself: what the tests of a promise said is gathered from every worker and written as it was."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.testing import SOAK_OPTIONS
from tests import soak

ROOT = Path(__file__).resolve().parents[2]
SWITCHES = """
import pytest
from tests.soak import Count, record_peak
pytestmark = pytest.mark.promise("universities")
SWITCHES = Count("switches", small=2, full=40)

@pytest.mark.parametrize("half", [1, 2])
def test_switches(half):
    SWITCHES.done(SWITCHES.number // 2)
    record_peak("peak, MB", 300.25 * half, most=640)
"""
OTHERS = """
import os
import pytest
from tests.soak import Count, record
WRITES = Count("writes", small=1, full=10)

@pytest.mark.promise("no lost update")
def test_that_fails_half_way():
    WRITES.done(4)
    assert False

@pytest.mark.promise("login")
def test_that_counts_what_went_wrong_and_passes():
    record("tries", 100, wrong=1)
    record("posts", 3, promise="audit")

@pytest.mark.promise("exports")
def test_that_did_less():
    WRITES.done(9)

@pytest.mark.promise("inert")
def test_that_is_skipped():
    pytest.skip("no disk")

@pytest.fixture
def broken():
    raise RuntimeError

@pytest.mark.promise("audit")
def test_whose_setup_breaks(broken): ...

def test_that_is_no_promise():
    raise AssertionError("not chosen")
"""
LOST = """
import os
import pytest

@pytest.mark.promise("deadlines")
def test_that_takes_its_process_with_it():
    os._exit(1)
"""


def run(folder: Path, workers: int, scale: str = "", **files: str) -> str:
    """A soak run over files of its own; the report it wrote."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = promise(name): a promise\n")
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("HOUQIN_SOAK", "PYTEST"))},
        "HOUQIN_SOAK": "1",
        "HOUQIN_SOAK_REPORT": str(folder / "soak.md"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        **({"HOUQIN_SOAK_SCALE": scale} if scale else {}),
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", "-q", *SOAK_OPTIONS,
               "-n", str(workers), "--dist", "loadfile"]  # fmt: skip
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120)
    return (folder / "soak.md").read_text()


def result_of(report: str, promise: str) -> str:
    (row,) = [line for line in report.splitlines() if line.startswith(f"| {soak.PROMISES[promise]} |")]
    return row.split(" | ")[1]


def counts_of(report: str) -> list[list[str]]:
    table = report.partition("| promise | what was tried |")[2].splitlines()[2:]
    return [line.strip("| ").split(" | ") for line in table if line.startswith("|")]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    return run(tmp_path_factory.mktemp("soak"), 2, switches=SWITCHES, others=OTHERS, lost=LOST)


def test_what_every_worker_did_is_added_up(report):
    assert counts_of(report) == [
        ["universities", "peak, MB", "≤ 640", "600.5", "0"],
        ["universities", "switches", "40", "40", "0"],
        ["exports", "writes", "10", "9", "0"],
        ["no lost update", "writes", "10", "4", "0"],
        ["login", "tries", "all", "100", "1"],
        ["audit", "posts", "all", "3", "0"],
    ]


@pytest.mark.parametrize(
    ("promise", "result"),
    [
        ("universities", "held"),
        ("no lost update", "FAILED"),
        ("login", "FAILED"),
        ("audit", "FAILED"),
        ("exports", "short"),
        ("inert", "not run"),
        ("durable", "not run"),
    ],
)
def test_each_promise_shows_what_became_of_it(report, promise, result):
    assert result_of(report, promise) == result


def test_report_says_when_what_and_how_much(report):
    assert re.search(r"^- date: \d{4}-\d\d-\d\d \d\d:\d\d \(Asia/Shanghai\)$", report, re.MULTILINE)
    assert re.search(
        r"^- commit: (unknown|[0-9a-f]{40}, (tree clean|and \d+ files changed since))$", report, re.MULTILINE
    )
    assert "- counts: full\n" in report
    assert "- result: 1 held, 1 short, 9 not run, 4 FAILED; pytest's exit code 1\n" in report
    assert "- test_others.py::test_that_fails_half_way (no lost update)\n" in report
    assert "- test_others.py::test_whose_setup_breaks (audit)\n" in report
    assert "- test_others.py::test_that_is_skipped (inert)" in report
    assert "not chosen" not in report


def test_scaled_run_calls_itself_a_trial_and_holds_nothing(tmp_path):
    report = run(tmp_path, 0, scale="0.1", switches=SWITCHES)
    assert "- counts: a trial at 0.1 of the full counts; it closes nothing\n" in report
    assert counts_of(report)[1] == ["universities", "switches", "40", "4", "0"]
    assert result_of(report, "universities") == "short"


def test_worker_that_is_lost_is_a_failure_with_the_name_of_its_test(report):
    assert "- test_lost.py::test_that_takes_its_process_with_it (deadlines)\n" in report
    assert result_of(report, "deadlines") == "FAILED"


def test_without_a_soak_run_the_small_count_is_tried(monkeypatch):
    monkeypatch.delenv("HOUQIN_SOAK", raising=False)
    assert soak.Count("x", small=3, full=50).number == 3
    monkeypatch.setenv("HOUQIN_SOAK", "1")
    monkeypatch.delenv("HOUQIN_SOAK_SCALE", raising=False)
    assert soak.Count("x", small=3, full=50).number == 50
    monkeypatch.setenv("HOUQIN_SOAK_SCALE", "0.0001")
    assert soak.Count("x", small=3, full=50).number == 1


def test_every_promise_has_a_test():
    text = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    used = set(re.findall(r'mark\.promise\("([^"]+)"\)', text))
    assert used == set(soak.PROMISES)
