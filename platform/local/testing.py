"""`manage.py test`: services without durability, a template database built once per state of the code, pytest."""

import os
import subprocess
import sys
from pathlib import Path

from local.folders import state_hash, var_folder
from local.postgres import OWNER
from local.services import AlreadyRunning, Services

TEMPLATE = "houqin_template"
SOAK_VARIABLE = "HOUQIN_SOAK"
SOAK_REPORT_VARIABLE = "HOUQIN_SOAK_REPORT"
# the template with its roles, for a cluster of a test's own
TEMPLATE_DUMP = "template.dump"
# a lost worker ends the run: xdist would hand the file that lost it to the next one, again and again
SOAK_OPTIONS = ["-p", "tests.soak_report", "-m", "promise", "--max-worker-restart", "0"]
# what the template database is made of
TEMPLATE_SOURCES = (
    "**/migrations/*.py",
    "tenants/grants.py",
    "tenants/wall.py",
    "tenants/deployment.py",
    "tenants/operations.py",
    "platform/local/template.py",
    "requirements.txt",
)


def main(root: Path, arguments: list[str]) -> int:
    """Runs the suite; arguments go to pytest. `--soak` tries the promises at their full counts and writes
    docs/soak.md. Returns pytest's exit code."""
    services = Services(var_folder(root) / "test", TEMPLATE, durable=False)
    try:
        services.start()
    except AlreadyRunning as error:
        print(f"houqin: {error}", file=sys.stderr)
        return 2
    try:
        environment = test_environment(services)
        build_template(root, services, environment)
        soak: list[str] = []
        if "--soak" in arguments:
            arguments = [argument for argument in arguments if argument != "--soak"]
            environment |= _soak(root, services, whole=not arguments)
            soak = SOAK_OPTIONS
        return _pytest(root, arguments, environment, soak)
    finally:
        services.stop()


def test_environment(services: Services) -> dict[str, str]:
    """The environment of the suite: the app login, roles named after the template."""
    return {
        **os.environ,
        **services.environment(),
        "HOUQIN_STAGE": "test",
        "HOUQIN_ROLE_PREFIX": TEMPLATE,
        # where the browser tests keep the city they copy
        "HOUQIN_TEST_SERVICES": str(services.folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        # one thread each: two workers share two cores
        "OMP_NUM_THREADS": "1",
    }


def _soak(root: Path, services: Services, *, whole: bool) -> dict[str, str]:
    """A run of chosen tests or of scaled counts is a trial: it leaves the report of the last whole run alone."""
    trial = not whole or "HOUQIN_SOAK_SCALE" in os.environ
    report = services.folder / "soak.md" if trial else root / "docs" / "soak.md"
    return {SOAK_VARIABLE: "1", SOAK_REPORT_VARIABLE: str(report)}


def build_template(root: Path, services: Services, environment: dict[str, str]) -> None:
    """Builds the template database unless the one at hand has the state of the code."""
    marker = services.folder / "template-hash"
    wanted = state_hash(root, TEMPLATE_SOURCES)
    exists = services.postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'")
    exists = exists and (services.folder / TEMPLATE_DUMP).exists()
    if exists and marker.exists() and marker.read_text() == wanted:
        return
    print("正在建立测试用的模板数据库…", file=sys.stderr, flush=True)
    marker.unlink(missing_ok=True)
    for (name,) in _databases(services):
        services.postgres.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    services.ensure_database()
    owner = environment | {"HOUQIN_DATABASE_USER": OWNER}
    subprocess.run([sys.executable, "-m", "local.template"], env=owner, cwd=root, check=True)
    # now, because a database that is being dumped cannot be copied
    services.postgres.dump(TEMPLATE, services.folder / TEMPLATE_DUMP)
    marker.write_text(wanted)


def _databases(services: Services) -> list[tuple[str]]:
    names = services.postgres.sql("SELECT datname FROM pg_database WHERE datname LIKE 'houqin_%'")
    return [(name,) for name in names.splitlines()]


def _pytest(root: Path, arguments: list[str], environment: dict[str, str], soak: list[str]) -> int:
    # a chosen file or test runs in one process; everything, or an explicit -n, over both cores
    chosen = [argument for argument in arguments if not argument.startswith("-")]
    spread = [] if chosen or "-n" in arguments else ["-n", "2", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *spread, *soak, *arguments]
    return subprocess.run(command, cwd=root, env=environment).returncode
