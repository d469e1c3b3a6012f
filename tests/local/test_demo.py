"""The demo is as hard to kill as the service."""

import sys
import time
from pathlib import Path

import pytest

from local import processes
from local.demo import Demo
from local.services import Services


@pytest.fixture
def demo(tmp_path):
    made = Demo(Path(__file__).parents[2], Services(tmp_path, "houqin"), port=1)
    yield made
    for process in made.running.values():
        processes.kill(process)


def program(demo, name: str, text: str) -> None:
    demo.commands[name] = [sys.executable, "-c", text]
    demo._start_program(name)


def test_a_program_that_was_killed_is_started_again(demo, capsys):
    program(demo, "worker", "import time; time.sleep(60)")
    first = demo.running["worker"]
    processes.kill(first)
    assert demo._revive() == ["worker"]
    assert demo.running["worker"].poll() is None and demo.running["worker"].pid != first.pid
    assert capsys.readouterr().out == "houqin: worker 停了（退出码 -9），重新启动。\n"


def test_a_program_that_runs_is_left_alone(demo):
    program(demo, "worker", "import time; time.sleep(60)")
    first = demo.running["worker"]
    assert demo._revive() == []
    assert demo.running["worker"] is first


def test_a_program_that_ends_again_and_again_ends_the_demo_with_its_log(demo, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _seconds: demo.running["worker"].wait())
    program(demo, "worker", "print('no such broker'); raise SystemExit(3)")
    with pytest.raises(SystemExit, match=r"(?s)worker 停了（退出码 3）.*no such broker"):
        demo.watch()
