"""`manage.py bench`: measured ratios against their goals, both sides in one run."""

import os
import subprocess
import sys
from pathlib import Path

from local.folders import state_hash, var_folder
from local.postgres import OWNER
from local.services import AlreadyRunning, Services

DATABASE = "houqin_bench"


def main(root: Path, arguments: list[str]) -> int:
    """Starts its own durable services, prepares two universities once, and runs the measures in a fresh process.

    `bench` runs all, `bench NAME …` those whose name begins so, `--json` prints machine-readable rows.
    """
    services = Services(var_folder(root) / "bench", DATABASE)
    try:
        services.start()
    except AlreadyRunning as error:
        print(f"houqin: {error}", file=sys.stderr)
        return 2
    try:
        environment = {
            **os.environ,
            **services.environment(),
            "HOUQIN_STAGE": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        _prepare(root, services, environment)
        command = [sys.executable, "-m", "local.bench.run", *arguments]
        return subprocess.run(command, env=environment, cwd=root).returncode
    finally:
        services.stop()


def _prepare(root: Path, services: Services, environment: dict[str, str]) -> None:
    marker, wanted = services.folder / "state-hash", state_hash(root)
    if not services.ensure_database() and marker.exists() and marker.read_text() == wanted:
        return
    marker.unlink(missing_ok=True)
    services.drop_database()
    services.ensure_database()
    owner = environment | {"HOUQIN_DATABASE_USER": OWNER}
    subprocess.run([sys.executable, "-m", "local.template"], env=owner, cwd=root, check=True)
    marker.write_text(wanted)
