#!/usr/bin/env python3
"""The only entry point. Standard library until the environment exists; then the commands of docs/architecture.md."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> int:
    # Both source roots, in front of whatever folder the caller stands in; `platform` stays Python's own module
    # because platform/ has no __init__.py.
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    from local import bootstrap

    bootstrap.ensure_environment(ROOT)
    from local import commands

    return commands.run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
