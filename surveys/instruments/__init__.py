"""The instruments that ship with the platform: a folder each and a line here."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

from surveys.definition import Definition, load

FOLDERS = {
    "energy": "energy",
    "dormitory": "dormitory",
    "canteen": "canteen",
    "campus_shop": "campus_shop",
}


def codes() -> tuple[str, ...]:
    """The codes of all instruments, in the order they are offered."""
    return tuple(FOLDERS)


@cache
def get(code: str) -> Definition:
    """The first version of an instrument, as shipped; KeyError for an unknown code."""
    return load(Path(__file__).parent / FOLDERS[code] / "definition.yaml")


def functions(code: str, module: str) -> ModuleType | None:
    """The instrument's module of numbered functions (`checks` or `indicators`), or None if it has none."""
    folder = FOLDERS.get(code)
    if folder is None or not (Path(__file__).parent / folder / f"{module}.py").exists():
        return None
    return importlib.import_module(f"surveys.instruments.{folder}.{module}")
