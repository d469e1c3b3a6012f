"""A year of a university's energy, month by month, by a simple physical rule with a seeded wobble. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from local.city.universities import CityUniversity

MONTHS = range(1, 13)
HEATING = {1: 1.0, 2: 0.85, 3: 0.45, 11: 0.5, 12: 0.95}
# share of the year's electricity: summer cooling, winter and summer holidays
LOAD = {
    1: 0.9,
    2: 0.62,
    3: 0.98,
    4: 0.95,
    5: 1.0,
    6: 1.14,
    7: 0.98,
    8: 0.78,
    9: 1.16,
    10: 1.02,
    11: 1.05,
    12: 1.1,
}
SUN = {
    1: 0.6,
    2: 0.75,
    3: 1.05,
    4: 1.25,
    5: 1.4,
    6: 1.3,
    7: 1.15,
    8: 1.1,
    9: 1.05,
    10: 0.95,
    11: 0.7,
    12: 0.55,
}
COOLING = {5: 0.45, 6: 0.85, 7: 0.8, 8: 0.7, 9: 0.6}
# unit prices in 元: plausible and invented
PRICES = {
    "electricity": 0.58,
    "water": 6.2,
    "natural_gas": 3.15,
    "heat": 86.0,
    "cooling": 128.0,
    "gasoline": 7.9,
    "diesel": 7.3,
    "lpg": 7.6,
}
KIND_FACTOR = {
    "engineering": 1.12, "medical": 1.3, "normal": 0.92, "vocational": 0.8,
    "finance": 0.9, "agriculture": 1.0, "arts": 0.95, "comprehensive": 1.0,
}  # fmt: skip
BUILDING_KINDS = "CCCDDEBAIIIIIIGGFHM"
# of a university that files by building: kWh and m³ water per m² and year of each type, m³ gas where there are
# kitchens, showers, laboratories or a boiler, and the types that are cooled or have panels on the roof
ELECTRICITY_WATER = {
    "I": (30, 2.6),
    "G": (140, 4.2),
    "D": (90, 0.7),
    "C": (38, 0.5),
    "B": (70, 0.4),
    "H": (80, 9.0),
}
GAS = {"G": 21.0, "H": 34.0, "D": 0.8, "M": 12.0}
COOLED, PANELS = "ABDE", "FGIB"
BY_BUILDING = ("electricity", "water", "heat", "natural_gas", "cooling", "pv_generation")


@dataclass(frozen=True)
class Row:
    """One value in base units (kWh, m3, GJ, L, 元). `facility` '' is the whole university."""

    facility: str
    item: str
    measure: str
    period: str
    value: float


def sizes(university: CityUniversity, year: int, first: int) -> dict[str, int]:
    """Persons and m² of a year: one to two per cent more each year, heated area 82 % of the floor."""
    grown = 1.012 ** (year - first)
    area = int(university.floor_area * (1 + 0.006 * (year - first)))
    return {
        "students": int(university.students * grown),
        "staff": int(university.staff * grown),
        "floor_area": area,
        "heated_area": int(area * 0.82),
    }


def campus_year(university: CityUniversity, year: int, first: int) -> Iterator[Row]:
    """The twelve months of a university that files for its whole campus."""
    dice = random.Random(f"{university.code}-{year}")
    size = sizes(university, year, first)
    character = random.Random(university.code)
    thrift = (0.985 ** (year - first)) * character.uniform(0.62, 1.45) * KIND_FACTOR[university.kind]
    people = size["students"] + size["staff"]
    bases = {
        "electricity": size["floor_area"] * 41.0 * thrift / 12,
        "water": people * 36.0 * character.uniform(0.6, 1.5) / 12,
        "natural_gas": people * 19.0 * character.uniform(0.7, 1.3) / 12,
        "heat": size["heated_area"]
        * 0.24
        * character.uniform(0.65, 1.4)
        * 0.99 ** (year - first)
        / sum(HEATING.values()),
        "gasoline": 300 + people * 0.05 * character.uniform(0.6, 1.4),
        "diesel": 120 + people * 0.015 * character.uniform(0.5, 1.5),
    }
    if character.random() < 0.6:
        bases["pv_generation"] = size["floor_area"] * character.uniform(0.8, 3.2) / 12
    if character.random() < 0.5:
        bases["lpg"] = people * character.uniform(0.3, 0.9) / 12
    if character.random() < 0.45:
        bases["cooling"] = size["floor_area"] * character.uniform(0.03, 0.08) / sum(COOLING.values())
    tariff = tariff_of(university)
    for month in MONTHS:
        for item, base in bases.items():
            yield from _pair(
                "", item, year, month, base * _shape(item, month) * dice.uniform(0.95, 1.05), tariff
            )


def building_year(university: CityUniversity, year: int, first: int, buildings: list[tuple[str, str, int]]):
    """The twelve months of a university that files by building: what is metered there of each, the rest campus-wide.

    `buildings` are (code, type letter, m²).
    """
    dice = random.Random(f"{university.code}-{year}")
    for row in campus_year(university, year, first):
        if row.item not in BY_BUILDING:
            yield row
    tariff = tariff_of(university)
    for code, letter, area in buildings:
        own = random.Random(f"{university.code}-{code}").uniform(0.75, 1.3) * 0.985 ** (year - first)
        for month in MONTHS:
            for item, base in _building_bases(letter).items():
                use = area * base * own * _shape(item, month) * dice.uniform(0.94, 1.06)
                yield from _pair(code, item, year, month, use, tariff)


def _building_bases(letter: str) -> dict[str, float]:
    """What a square metre of a building of this type takes in a month of average load, in base units."""
    kwh, water = ELECTRICITY_WATER.get(letter, (55, 0.5))
    bases = {
        "electricity": kwh / 12,
        "water": water / 12,
        "heat": 0.82 * 0.22 / sum(HEATING.values()),
    }
    if letter in GAS:
        bases["natural_gas"] = GAS[letter] / 12
    if letter in COOLED:
        bases["cooling"] = 0.16 / sum(COOLING.values())
    if letter in PANELS:
        bases["pv_generation"] = 6.5 / 12
    return bases


def tariff_of(university: CityUniversity) -> float:
    """What a university pays against the city's usual price: contracts differ."""
    return random.Random(f"{university.code}-tariff").uniform(0.93, 1.09)


def buildings_of(university: CityUniversity) -> list[tuple[str, str, int]]:
    """(code, type letter, m²) of the register of a university that files by building."""
    if not university.buildings:
        return []
    dice = random.Random(f"{university.code}-buildings")
    weights = [dice.uniform(0.5, 2.0) for _ in range(university.buildings)]
    scale = university.floor_area * 0.9 / sum(weights)
    letters = [BUILDING_KINDS[i % len(BUILDING_KINDS)] for i in range(university.buildings)]
    return [
        (f"B{i + 1:02}", letter, int(w * scale))
        for i, (letter, w) in enumerate(zip(letters, weights, strict=True))
    ]


def _shape(item: str, month: int) -> float:
    if item == "heat":
        return HEATING.get(month, 0.0)
    if item == "cooling":
        return COOLING.get(month, 0.0)
    if item == "pv_generation":
        return SUN[month]
    if item == "natural_gas":
        return LOAD[month] * (1.25 if month in HEATING else 0.85)
    return LOAD[month]


def _pair(facility: str, item: str, year: int, month: int, quantity: float, tariff: float) -> Iterator[Row]:
    """Quantity and cost of one month; nothing for heat outside the season, which is not reported rather than zero.
    What is generated has no price."""
    if quantity <= 0:
        return
    period = f"{year}-{month:02}"
    quantity = round(quantity, 1 if item in ("heat", "cooling", "gasoline", "diesel", "lpg") else 0)
    yield Row(facility, item, "quantity", period, quantity)
    if item not in PRICES:
        return
    price = PRICES[item] * tariff * (1 + 0.004 * (month % 3))
    yield Row(facility, item, "cost", period, round(quantity * price, 2))
