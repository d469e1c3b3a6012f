"""The embedded services: one holder, nothing left behind, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import processes
from local.services import AlreadyRunning, Services, socket_folder

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from local.services import Services
services = Services(Path(sys.argv[1]), "kept")
services.start()
services.ensure_database()
print("ready", services.postgres.process.pid, services.valkey.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "services"


def start_holder(folder: Path) -> tuple[subprocess.Popen, list[int]]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    words = holder.stdout.readline().split()
    assert words[0] == "ready"
    return holder, [int(pid) for pid in words[1:]]


def wait_until_gone(pids: list[int]) -> list[int]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(map(processes.is_alive, pids)):
        time.sleep(0.05)
    return [pid for pid in pids if processes.is_alive(pid)]


def test_second_start_on_the_same_data_is_refused_with_the_holders_number(folder):
    holder, _ = start_holder(folder)
    try:
        with pytest.raises(AlreadyRunning) as refusal:
            Services(folder, "kept").start()
        assert f"进程 {holder.pid}" in str(refusal.value)
    finally:
        holder.terminate()
        holder.wait()


def test_nothing_survives_a_kill_9_of_the_parent(folder):
    holder, pids = start_holder(folder)
    holder.kill()
    holder.wait()
    assert wait_until_gone(pids) == []


def test_committed_rows_survive_a_kill_9_and_the_next_start_needs_no_help(folder):
    first = Services(folder, "kept")
    holder, _ = start_holder(folder)
    first.postgres.sql(
        "CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000)", database="kept"
    )
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    services = Services(folder, "kept")
    services.start()
    try:
        assert services.postgres.sql("SELECT count(*) FROM kept", database="kept") == "1000"
    finally:
        services.stop()


def test_immediate_stop_of_the_database_loses_no_commit(folder):
    services = Services(folder, "kept")
    services.start()
    services.ensure_database()
    services.postgres.sql("CREATE TABLE kept (n int)", database="kept")
    for n in range(3):
        services.postgres.sql(f"INSERT INTO kept VALUES ({n})", database="kept")
        services.postgres.stop(immediate=True)
        services.postgres.start()
    assert services.postgres.sql("SELECT count(*) FROM kept", database="kept") == "3"
    services.stop()


def test_stop_leaves_no_process(folder):
    services = Services(folder, "kept")
    services.start()
    pids = [services.postgres.process.pid, services.valkey.process.pid]
    services.stop()
    assert wait_until_gone(pids) == []


def test_logins_are_neither_superuser_nor_bypass_row_policies(folder):
    services = Services(folder, "kept")
    services.start()
    try:
        rows = services.postgres.sql(
            "SELECT rolname, rolsuper, rolbypassrls, rolinherit FROM pg_roles WHERE rolname LIKE 'houqin%' ORDER BY 1"
        )
        assert rows.splitlines() == ["houqin_app|f|f|f", "houqin_owner|f|f|t"]
    finally:
        services.stop()


def test_socket_folder_of_a_deep_checkout_is_short_enough():
    deep = Path("/" + "very-long-folder-name/" * 8 + "var/demo")
    assert len(str(socket_folder(deep))) <= 80
