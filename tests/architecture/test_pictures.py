"""The pictures of the README and the guides: each is there, shown, and made by a browser test."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)]+\.png)\)")
# 20 pictures of this size are three megabytes: a clone stays small
LARGEST = 150_000


def shown() -> set[Path]:
    return {(page.parent / name).resolve() for page in PAGES for name in SHOWN.findall(page.read_text())}


def kept() -> set[Path]:
    return set((ROOT / "docs" / "pictures").glob("*.png"))


def test_pictures_that_are_shown_are_kept_and_no_others():
    assert shown() == kept()


def test_each_picture_is_made_by_a_browser_test():
    looked = "".join(path.read_text() for path in (ROOT / "tests" / "browser").glob("test_*.py"))
    names = {path.stem.rsplit("-", 1)[0].removeprefix("way-") for path in kept()}
    assert [name for name in names if f'"{name}"' not in looked] == []


def test_pictures_are_small():
    assert [path.name for path in kept() if path.stat().st_size > LARGEST] == []
