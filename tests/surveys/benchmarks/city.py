"""A city for tests: universities as rows, accepted seals, figures. Values follow from the number of the university,
so that a test can work them out; names and codes are sentinels that must never show at /benchmarks/."""

import datetime
import functools
import random
import uuid
from decimal import Decimal

import pandas as pd

from surveys import instruments
from surveys.benchmarks.figures import figures
from surveys.benchmarks.models import Figure
from surveys.benchmarks.operations import By, make_release
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.operations import open_round, publish_version
from surveys.submissions import payload
from surveys.submissions.models import Decision, DecisionKind, Submission
from tenants.models import University, UniversityState, UniversityYear

UTC = datetime.UTC
NOW = datetime.datetime(2026, 5, 8, 2, 0, tzinfo=UTC)
STAFF = By(77, "沈秘书")
# 14 comprehensive, 10 engineering, 6 finance, 5 medical, 4 normal, 3 arts: all the ways a cohort can be shown
KINDS = (
    ["comprehensive"] * 14
    + ["engineering"] * 10
    + ["finance"] * 6
    + ["medical"] * 5
    + ["normal"] * 4
    + ["arts"] * 3
)
DENOMINATORS = {
    "headcount": {"value": "10000", "calibre": "enrolled"},
    "floor_area": {"value": "200000", "calibre": "gross"},
    "heated_area": {"value": "150000", "calibre": "actual"},
}
HEATING = {1: 5, 2: 5, 3: 3, 11: 3, 12: 5}


def make_universities(kinds=KINDS) -> list[University]:
    """Universities without schemas: enough for everything that happens in public."""
    rows = [
        University(
            code=f"zq{i:03}",
            name=f"哨兵{i:03}大学",
            short_name=f"哨兵{i:03}",
            kind=kind,
            district="东区",
            schema_name=f"u_zq{i:03}",
            pinyin_key=f"{i:03}",
            state=UniversityState.ACTIVE,
        )
        for i, kind in enumerate(kinds)
    ]
    made = University.objects.bulk_create(rows)
    UniversityYear.objects.bulk_create(
        UniversityYear(
            university=u,
            year=2022,
            students=4000 + 700 * i,
            staff=500,
            floor_area=1000 * (i + 20),
            heated_area=0,
        )
        for i, u in enumerate(made)
    )
    return made


def make_round(period="2024", universities=(), code="") -> Round:
    version = publish_version(instruments.get("energy"), now=NOW)
    year = int(period)
    times = {
        "opens_at": datetime.datetime(year + 1, 1, 6, tzinfo=UTC),
        "due_at": datetime.datetime(year + 1, 4, 1, tzinfo=UTC),
        "closes_at": datetime.datetime(year + 1, 6, 1, tzinfo=UTC),
    }
    return open_round(
        code=code or f"energy-{period}",
        version=version,
        title=f"{period} 年度能源统计",
        period=period,
        universities=[u.code for u in universities],
        **times,
    )


def rows_of(period: str, *, electricity: int, heat: int, gas: int, water: int) -> list[dict]:
    """Twelve months: electricity, gas and water flat, heat in the heating months only; costs beside them."""
    prices = {
        "electricity": Decimal("0.6"),
        "heat": Decimal(80),
        "natural_gas": Decimal(3),
        "water": Decimal(5),
    }
    rows = []
    for month in range(1, 13):
        values = {
            "electricity": electricity,
            "natural_gas": gas,
            "water": water,
            "heat": heat * HEATING.get(month, 0),
        }
        for item, value in values.items():
            if item == "heat" and month not in HEATING:
                continue
            key = {"facility": "", "item": item, "period": f"{period}-{month:02}", "flag": ""}
            rows.append(key | {"measure": "quantity", "value": Decimal(value)})
            rows.append(key | {"measure": "cost", "value": Decimal(value) * prices[item]})
    return rows


def plain_rows(period: str, i: int) -> list[dict]:
    """The rows of university i: rising with i, so that quantiles can be counted on fingers."""
    return rows_of(
        period, electricity=100_000 + 1000 * i, heat=100 + i, gas=2000 + 10 * i, water=3000 + 30 * i
    )


def accept(
    round: Round, university: str, rows: list[dict], denominators=None, version=1, declared=None
) -> Submission:
    """A sealed and accepted filing, as rows of the public tables, without the way there."""
    data = payload.canonical(rows)
    seal = Submission.objects.create(
        number=f"{round.pk}-{university}-v{version}",
        round=round,
        university_code=university,
        version=version,
        payload=payload.compress(data),
        rows=len(rows),
        sha256=payload.sha256(data),
        definition_sha256=round.version.sha256,
        factor_set="gb2589_2020",
        denominators=denominators or DENOMINATORS,
        declared=declared or {},
        sealed_by_id=1,
        sealed_by_name="周予安",
        sealed_at=round.opens_at,
    )
    Decision.objects.create(
        submission=seal,
        university_code=university,
        kind=DecisionKind.ACCEPTED,
        decided_by_id=STAFF.id,
        decided_by_name=STAFF.name,
        decided_at=NOW,
    )
    Obligation.objects.filter(round=round, university_code=university).update(
        state=ObligationState.ACCEPTED, state_at=NOW, first_sealed_at=round.opens_at
    )
    return seal


@functools.cache
def figures_of(rows, period: str, i: int) -> tuple:
    """The figures of university i, computed once per run."""
    frame = pd.DataFrame(rows(period, i))
    frame["value"] = frame["value"].astype(float)
    return tuple(figures(frame, DENOMINATORS, instruments.get("energy"), period))


def store(round: Round, university: str, values) -> None:
    """Figures as write_figures would leave them."""
    Figure.objects.bulk_create(
        Figure(
            indicator=v.indicator,
            period=v.period,
            university_code=university,
            value=v.value,
            numerator=v.numerator,
            denominator=v.denominator,
            submission_id=uuid.uuid4(),
            function=v.function,
            factor_set="gb2589_2020",
        )
        for v in values
    )


def make_city(periods=("2024",), kinds=KINDS, rows=plain_rows) -> list[Round]:
    """Universities, and for each period a round in which all of them are accepted and have figures."""
    universities = make_universities(kinds)
    rounds = []
    for period in periods:
        round = make_round(period, universities)
        for i, university in enumerate(universities):
            store(round, university.code, figures_of(rows, period, i))
        round.obligations.update(state=ObligationState.ACCEPTED, state_at=NOW, first_sealed_at=round.opens_at)
        rounds.append(round)
    return rounds


def release(round: Round, now=NOW):
    return make_release(round_code=round.pk, actor=STAFF, now=now)


def lively_rows(period: str, i: int) -> list[dict]:
    """Rows that look like a city's, for pictures."""
    dice = random.Random(f"{i}")
    year = 1 - 0.02 * (int(period) - 2022) + random.Random(f"{period}{i}").uniform(-0.02, 0.02)
    scale = dice.uniform(0.75, 1.3) * year
    return rows_of(
        period,
        electricity=int(1_250_000 * scale),
        heat=int(4_000 * scale * dice.uniform(0.85, 1.15)),
        gas=int(60_000 * scale * dice.uniform(0.5, 1.4)),
        water=int(75_000 * dice.uniform(0.6, 1.4) * year),
    )
