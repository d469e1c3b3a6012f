"""Rounds and seals for tests, made with the operations that make them in the house."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from notices.models import ASSOCIATION, Notice
from surveys import instruments
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.operations import open_round, publish_version, set_obligation_state
from surveys.definition import Definition
from surveys.submissions.models import Submission
from surveys.submissions.operations import seal
from tenants.context import in_university

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS = datetime.datetime(2025, 1, 6, tzinfo=SHANGHAI)
DUE = datetime.datetime(2025, 4, 1, tzinfo=SHANGHAI)
CLOSES = datetime.datetime(2025, 6, 1, tzinfo=SHANGHAI)
IN_TIME = datetime.datetime(2025, 3, 3, 10, 30, tzinfo=SHANGHAI)


def make_round(
    code: str = "NY2024",
    period: str = "2024",
    universities=("alpha", "beta"),
    definition: Definition | None = None,
    title: str = "",
    **times,
) -> Round:
    """A round, open at IN_TIME; of energy unless a definition is given."""
    times = {"opens_at": OPENS, "due_at": DUE, "closes_at": CLOSES} | times
    version = publish_version(definition or instruments.get("energy"), now=OPENS)
    title = title or f"{period} 年度能源统计"
    return open_round(
        code=code, version=version, title=title, period=period, universities=universities, **times
    )


def energy_rows(year: str = "2024", electricity=100000, water=2000) -> list[dict]:
    """Twelve months of electricity and water, rising by a hundredth each month, in base units."""
    return [
        {
            "facility": "",
            "item": item,
            "measure": "quantity",
            "period": f"{year}-{month:02d}",
            "value": Decimal(first) * (100 + month) / 100,
            "flag": "",
        }
        for item, first in (("electricity", electricity), ("water", water))
        for month in range(1, 13)
    ]


def walk_to(round: Round, university: str, state: str, now: datetime.datetime = IN_TIME) -> Obligation:
    """Moves an obligation step by step, as a university would."""
    steps = [ObligationState.DRAFT, ObligationState.SUBMITTED]
    with in_university(university):
        for step in steps[: steps.index(state) + 1]:
            row = set_obligation_state(round_code=round.pk, university_code=university, state=step, now=now)
    return row


def make_seal(
    round: Round, university: str = "alpha", now: datetime.datetime = IN_TIME, **fields
) -> Submission:
    """Seals a filing under the university's role."""
    walk_to(round, university, ObligationState.SUBMITTED, now)
    values = {
        "rows": energy_rows(round.period),
        "definition_sha256": round.version.sha256,
        "functions": ["V02@1"],
        "factor_set": "equivalent_2020",
        "denominators": {"headcount": {"value": "21000", "calibre": "converted"}},
        "explanations": [],
        "issues": [],
        "facilities": [],
        "writers": [7],
        "files": [],
        "actor_id": 8,
        "actor_name": "陈望舒",
    }
    with in_university(university):
        return seal(round=round, university_code=university, now=now, **(values | fields))


def to_universities() -> QuerySet[Notice]:
    """The messages that universities got beyond being told of the round; every seal also tells the association."""
    return Notice.objects.exclude(role=ASSOCIATION).exclude(subject__startswith="要填报：")
