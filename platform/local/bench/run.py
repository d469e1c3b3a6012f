"""Runs the measures in this process and prints them."""

import argparse
import json
import sys

import django


def main(arguments: list[str]) -> int:
    """Prints a line for each result, or JSON; returns 0 when every goal is met, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="manage.py bench")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="beginning of a measure's name; all when left out"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    django.setup()
    from local.bench import intake, loading, sealing, tenancy  # noqa: F401 - each registers its measures
    from local.bench.measures import MEASURES

    chosen = [n for n in MEASURES if not options.names or n.startswith(tuple(options.names))]
    if not chosen:
        parser.error(f"no such measure; there are: {', '.join(MEASURES)}")
    results = []
    for name in chosen:
        for result in MEASURES[name]():
            results.append(result)
            if not options.json:
                sign = "≥" if result.higher_is_better else "≤"
                verdict = "met   " if result.met else "MISSED"
                line = f"{verdict} {result.value:8.2f} (goal {sign} {result.goal:g})  {result.name}"
                print(line, result.detail, sep="\n" + " " * 28)
                sys.stdout.flush()
    if options.json:
        print(json.dumps([result.row() for result in results], ensure_ascii=False, indent=1))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
