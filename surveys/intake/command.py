"""`manage.py intake FILE …`: read, check and report one file; no database, no services."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from surveys import instruments
from surveys.definition import DefinitionError, load

CLEAN, PROBLEMS, USAGE = 0, 1, 2


class _Usage(Exception):
    """What is wrong with the call itself."""


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 clean or warnings, 1 errors or refused, 2 usage. Prints JSON with --json, else a Chinese report."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stop:
        return CLEAN if stop.code in (0, None) else USAGE
    try:
        context = _context(options)
    except _Usage as error:
        print(error, file=sys.stderr)
        return USAGE
    from surveys.intake.child import run_in_child
    from surveys.intake.report import to_text

    result = run_in_child(options.file, context)
    if options.json:
        json.dump(result.to_json(), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print(to_text(result), end="")
    return CLEAN if result.verdict in ("clean", "warnings") else PROBLEMS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="intake", description="读取、检查一份表，报告结果；不写数据库。")
    parser.add_argument("file", help="要读的文件：xlsx、xls、csv 或网页表格")
    parser.add_argument("--instrument", required=True, help="报表代码，如 energy")
    parser.add_argument("--university", required=True, help="学校名称或代码")
    parser.add_argument("--period", required=True, help="填报期，如 2024、2024-Q1、2024-03")
    parser.add_argument("--definition", help="报表定义文件（YAML 或 JSON），代替自带的定义")
    parser.add_argument("--register", help="已知学校的登记文件（YAML、JSON 或 CSV：name、code、aliases）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def _context(options: argparse.Namespace):
    from surveys.intake.context import Context
    from surveys.intake.periods import months_in

    if not Path(options.file).is_file():
        raise _Usage(f"没有这个文件：{options.file}")
    try:
        definition = load(options.definition) if options.definition else instruments.get(options.instrument)
    except KeyError:
        raise _Usage(f"没有报表“{options.instrument}”，现有：{'、'.join(instruments.codes())}") from None
    except (OSError, DefinitionError, ValueError) as error:
        raise _Usage(f"报表定义读不了：{error}") from None
    if definition.code != options.instrument:
        raise _Usage(f"定义文件是“{definition.code}”，不是“{options.instrument}”")
    if not months_in(options.period):
        raise _Usage(f"填报期写成 2024、2024-Q1 或 2024-03，现在是：{options.period}")
    own, others = _universities(options.university, options.register)
    return Context(definition, own, others, options.period)


def _universities(wanted: str, register: str | None) -> tuple[tuple[str, ...], dict[str, str]]:
    """(own names, name → code of the others). A university no register lists is taken as it is written."""
    own: tuple[str, ...] = (wanted,)
    others: dict[str, str] = {}
    for entry in _register(register) if register else ():
        names = [str(entry.get("name", "")), *map(str, entry.get("aliases") or ())]
        code = str(entry.get("code", ""))
        if wanted == code or wanted in names:
            own = tuple(n for n in (*names, code) if n)
        else:
            others |= {n: code for n in names if n}
    return own, others


def _register(path: str) -> list[dict]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _Usage(f"登记文件读不了：{error}") from None
    if path.endswith(".csv"):
        import csv

        return [{**row, "aliases": [a for a in (row.get("aliases") or "").split(";") if a]}
                for row in csv.DictReader(text.splitlines())]  # fmt: skip
    import yaml

    try:
        found = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise _Usage(f"登记文件读不了：{error}") from None
    entries = found.get("universities", []) if isinstance(found, dict) else found
    return [entry for entry in entries if isinstance(entry, dict)]


if __name__ == "__main__":
    sys.exit(main())
