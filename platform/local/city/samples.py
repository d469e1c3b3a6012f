"""History for the universities whose workbooks lie in tests/samples: earlier years of the same place, so that a
sample uploaded in the demo meets a plausible past."""

import json
import random
from functools import cache
from pathlib import Path

from local.city.energy import Row

SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "samples"
# university → the beginning of its sample's name; only whole years can stand for a year
FILES = {"haijin": "e01", "gushang": "e02", "weigu": "e05", "luxi": "e06"}
LETTERS = (
    ("公寓", "I"), ("宿舍", "I"), ("食堂", "G"), ("图书", "B"), ("教学", "C"), ("行政", "A"), ("综合", "E"),
    ("体育", "F"), ("理化", "D"), ("实验", "D"),
)  # fmt: skip
KINDS = {"I": "dormitory", "G": "canteen"}


@cache
def observations(code: str) -> tuple[tuple[str, str, str, int, float], ...]:
    """(facility name, item, measure, month, value) of the sample of a university; empty when it has none."""
    if code not in FILES:
        return ()
    (path,) = SAMPLES.glob(f"{FILES[code]}_*.truth.json")
    truth = json.loads(path.read_text())
    rows = [o for o in truth["observations"] if o.get("month")]
    return tuple(
        (o["facility"] or "", o["item"], o["measure"], int(o["month"][5:]), o["value"]) for o in rows
    )


def facility_codes(code: str) -> dict[str, str]:
    """Facility name → register code (B01…) of a university that files by building in its sample."""
    names = sorted({name for name, *_ in observations(code) if name})
    return {name: f"B{place:02}" for place, name in enumerate(names, 1)}


def letter_of(name: str) -> str:
    """The campus building type a name suggests; M (other) when it suggests none."""
    return next((letter for word, letter in LETTERS if word in name), "M")


def past_year(code: str, year: int, sample_year: int) -> list[Row]:
    """The sample's months moved to another year: about one per cent for each year between, with a wobble per month
    that quantity and cost share."""
    codes = facility_codes(code)
    rows = []
    for name, item, measure, month, value in observations(code):
        wobble = random.Random(f"{code}{name}{item}{month}{year}").uniform(0.98, 1.02)
        drift = 1.01 ** (sample_year - year)
        places = 2 if measure == "cost" else 1
        moved = round(value * wobble * drift, places)
        rows.append(Row(codes.get(name, ""), item, measure, f"{year}-{month:02}", moved))
    return rows
