"""The rows and the workbook the measures share: one university-year of 28,992 rows."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

MONTHS, BUILDINGS = 12, 302
ITEMS = (
    ("electricity", "电", "kWh"),
    ("water", "水", "m³"),
    ("natural_gas", "天然气", "m³"),
    ("heat", "热力", "GJ"),
)
ORDER = tuple(item for item, _, _ in ITEMS)
PRICES = (0.58, 6.2, 3.1, 86)
SEASON = (1.02, 0.7, 1, 0.95, 1, 1.05, 0.85, 0.8, 1, 1, 1.05, 1.1)
HEATING = (1.2, 1, 0.8, 0, 0, 0, 0, 0, 0, 0, 0.9, 1.1)


@cache
def rows() -> tuple[tuple, ...]:
    """(facility, item, measure, period, value) of 302 buildings × 12 months × 4 items × 2 measures."""
    found = []
    for building in range(BUILDINGS):
        for month in range(1, MONTHS + 1):
            for place, (item, _, _) in enumerate(ITEMS):
                quantity = 1000 + (building * 37 + month * 101 + place * 997) % 9000 + 0.5
                period = f"2024-{month:02}"
                found.append((f"B{building:03}", item, "quantity", period, quantity))
                found.append(
                    (
                        f"B{building:03}",
                        item,
                        "cost",
                        period,
                        round(quantity * PRICES[place], 2),
                    )
                )
    return tuple(found)


@cache
def plausible_rows() -> tuple[tuple, ...]:
    """The same rows with figures as buildings have them: quieter in the holidays, heat in its season only, and one
    building in forty that pays too much."""
    found = []
    for facility, item, kind, period, _ in rows():
        building, month, place = int(facility[1:]), int(period[5:]), ORDER.index(item)
        wobble = 0.95 + (building * 7919 + month * 104729 + place * 1299709) % 997 / 9970
        season = HEATING if item == "heat" else SEASON
        value = (1000 + (building * 37 + place * 997) % 9000) * season[month - 1] * wobble
        if kind == "cost":
            value *= PRICES[place] * (2.5 if building % 40 == 7 else 1)
        found.append((facility, item, kind, period, round(value, 2)))
    return tuple(found)


@cache
def workbook() -> Path:
    """The same as an office would keep it: a long listing with quantity and cost in two columns, one row a month,
    building and carrier. 14,496 rows × 2 measures = 28,992 values."""
    return _listing(rows())


@cache
def listing(buildings: int) -> Path:
    """Such a listing of any number of buildings: 48 rows and 96 values each."""
    wanted = rows()[: 96 * min(buildings, BUILDINGS)]
    more = (
        (f"B{building}", *values) for building in range(BUILDINGS, buildings) for _, *values in rows()[:96]
    )
    return _listing((*wanted, *more))


def _listing(values: tuple[tuple, ...]) -> Path:
    import openpyxl

    path = Path(tempfile.mkdtemp(prefix="houqin-bench-")) / "甲子大学2024年分楼宇能耗流水.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("流水")
    sheet.append(["甲子大学2024年分楼宇能耗流水"])
    sheet.append(["楼宇", "月份", "能源品种", "计量单位", "用量", "费用（元）"])
    names = {key: (word, unit) for key, word, unit in ITEMS}
    pairs = iter(values)
    for facility, item, _, period, quantity in pairs:
        cost = next(pairs)[4]
        word, unit = names[item]
        sheet.append([f"{int(facility[1:])}号楼", period, word, unit, quantity, cost])
    book.save(path)
    return path


@cache
def frame(of: Callable[[], tuple[tuple, ...]] = rows):
    """The rows as intake's tidy frame."""
    import pandas as pd

    made = pd.DataFrame(of(), columns=["facility", "item", "measure", "period", "value"])
    made["exact"] = [str(value) for value in made["value"]]
    for name in ("flag", "text", "sheet", "cell", "raw"):
        made[name] = ""
    return made


def context(buildings: int = BUILDINGS):
    """An intake context that knows the buildings."""
    from surveys import instruments
    from surveys.intake import Context, FacilityRef

    return Context(
        definition=instruments.get("energy"),
        university_names=("甲子大学", "甲大"),
        period="2024",
        facilities=tuple(FacilityRef(f"B{n:03}", f"{n}号楼", "主校区") for n in range(buildings)),
    )
