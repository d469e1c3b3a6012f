"""What `manage.py <command>` does. demo, test, bench and intake are the house's own; the rest is Django's."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(arguments: list[str]) -> int:
    """Dispatches; returns the exit code. Commands import what they need when they run: intake must start fast."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command == "intake":
        from surveys.intake.command import main

        return main(rest)
    if command == "demo":
        from local.demo import main

        return main(ROOT, rest)
    if command == "test":
        from local.testing import main

        return main(ROOT, rest)
    if command == "bench":
        from local.bench import main

        return main(ROOT, rest)
    return _django(arguments)


def _django(arguments: list[str]) -> int:
    """Any Django command, on the demo's services unless the environment names others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "HOUQIN_DATABASE_HOST" not in os.environ and "HOUQIN_STAGE" not in os.environ:
        from local.demo import services

        os.environ["HOUQIN_STAGE"] = "demo"
        os.environ.update(services(ROOT).environment(login="houqin_owner"))
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *arguments])
    return 0
