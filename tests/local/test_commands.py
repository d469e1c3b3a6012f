"""manage.py from outside: any folder, clear sentences."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments], cwd=cwd, capture_output=True, text=True
    )


def test_intake_runs_from_any_folder_without_services(tmp_path):
    (sample,) = (ROOT / "tests/samples").glob("e01_*.xlsx")
    result = manage(
        "intake",
        str(sample),
        "--instrument",
        "energy",
        "--university",
        "海津理工大学",
        "--period",
        "2024",
        cwd=tmp_path,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_intake_without_arguments_is_a_usage_error(tmp_path):
    assert manage("intake", cwd=tmp_path).returncode == 2


def test_demo_with_an_unknown_option_is_a_usage_error(tmp_path):
    assert manage("demo", "--nonsense", cwd=tmp_path).returncode == 2


def test_django_commands_run_from_any_folder(tmp_path):
    assert manage("version", cwd=tmp_path).stdout.startswith("5.2")
