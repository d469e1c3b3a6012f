"""Reading rounds: what is open, and who stands where. No values."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.reach import Reach
from surveys.catalog.models import Instrument, Obligation, ObligationState, Round, Version
from surveys.definition import Definition, parse
from tenants.models import University, UniversityState

PLANNED, OPEN, LATE, CLOSED = "planned", "open", "late", "closed"
# what counts as handed in: it was sealed and was not sent back
HANDED_IN = (ObligationState.SEALED, ObligationState.ACCEPTED)


def database_now() -> datetime.datetime:
    """The database's clock, the one that decides about deadlines (aware, microseconds)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def round_state(round: Round, now: datetime.datetime) -> str:
    """planned, open, late (due, not closed) or closed at the moment `now`. Each moment belongs to the later state:
    at due_at itself it is late, at closes_at closed."""
    if now < round.opens_at:
        return PLANNED
    if now < round.due_at:
        return OPEN
    return LATE if now < round.closes_at else CLOSED


def is_on_time(round: Round, at: datetime.datetime) -> bool:
    """Whether something received at `at` kept the round's due time."""
    return at < round.due_at


def definition_of(version: Version) -> Definition:
    """The typed definition of a version. Published bodies never change, so each is parsed once per process."""
    return _parsed(version.sha256, version.body)


@lru_cache(maxsize=32)
def _parsed(_sha256: str, body: str) -> Definition:
    return parse(json.loads(body))


def has_instruments(reach: Reach) -> bool:
    """Whether any instrument is in the reach."""
    return Instrument.objects.filter(reach.within("committee_code")).exists()


def published_versions(reach: Reach) -> QuerySet[Version]:
    """Versions in the reach that rounds can be opened of, by instrument, newest first."""
    found = Version.objects.filter(reach.within("instrument__committee_code"), published_at__isnull=False)
    return found.select_related("instrument").order_by("instrument__code", "-number")


def rounds_within(reach: Reach) -> QuerySet[Round]:
    """The rounds in the reach, newest first, with version and instrument."""
    found = Round.objects.filter(reach.within("version__instrument__committee_code"))
    return found.select_related("version__instrument")


def current_rounds(reach: Reach, now: datetime.datetime) -> QuerySet[Round]:
    """Rounds in the reach that are open or late, the one due first at the front."""
    running = rounds_within(reach).filter(opens_at__lte=now, closes_at__gt=now)
    return running.order_by("due_at", "code")


def is_taken(code: str) -> bool:
    """Whether a round has the code already, whoever's it is: papers are numbered by it."""
    return Round.objects.filter(pk__iexact=code).exists()


def owed_in(rounds: Iterable[Round], universities: Iterable[str]) -> QuerySet[Obligation]:
    """What some universities (codes) owe in some rounds."""
    return Obligation.objects.filter(round__in=rounds, university_code__in=universities)


def obligations_of(university_code: str) -> QuerySet[Obligation]:
    """What a university owes, newest round first, with round, version and instrument. Under the university's role
    the row policy shows nothing else anyway."""
    rows = Obligation.objects.filter(university_code=university_code)
    return rows.select_related("round__version__instrument").order_by("-round__opens_at", "round_id", "unit")


def obligation(round_code: str, university_code: str, unit: str = "") -> Obligation:
    """One obligation. Raises Obligation.DoesNotExist."""
    rows = Obligation.objects.select_related("round__version__instrument")
    return rows.get(round_id=round_code, university_code=university_code, unit=unit)


def outside(round: Round) -> list[University]:
    """The active universities that owe nothing in the round: those that joined after it was opened, and those it was
    not meant for."""
    inside = set(round.obligations.values_list("university_code", flat=True))
    active = University.objects.filter(state=UniversityState.ACTIVE)
    return [university for university in active if university.code not in inside]


@dataclass(frozen=True)
class Standing:
    """Where one university (or one unit of it) stands in a round. `overdue`: due and not handed in. `on_time`: its
    first seal came before due_at; None while there is none."""

    university_code: str
    name: str
    short_name: str
    kind: str
    unit: str
    state: str
    state_at: datetime.datetime | None
    first_sealed_at: datetime.datetime | None
    overdue: bool
    on_time: bool | None


def standings(round: Round, now: datetime.datetime) -> list[Standing]:
    """Everyone who owes something in the round, in pinyin order of the universities."""
    universities = {u.code: u for u in University.objects.all()}
    order = {code: place for place, code in enumerate(universities)}
    rows = round.obligations.all()
    found = [_standing(round, row, universities.get(row.university_code), now) for row in rows]
    return sorted(found, key=lambda s: (order.get(s.university_code, len(order)), s.unit))


def _standing(
    round: Round, row: Obligation, university: University | None, now: datetime.datetime
) -> Standing:
    sealed = row.first_sealed_at
    return Standing(
        university_code=row.university_code,
        name=university.name if university else row.university_code,
        short_name=university.short_name if university else row.university_code,
        kind=university.kind if university else "",
        unit=row.unit,
        state=row.state,
        state_at=row.state_at,
        first_sealed_at=sealed,
        overdue=now >= round.due_at and row.state not in HANDED_IN,
        on_time=None if sealed is None else is_on_time(round, sealed),
    )


@dataclass(frozen=True)
class Completion:
    """Counts of a round: obligations in all, per state, handed in (sealed or accepted), first seal on time and late,
    and overdue (due and not handed in)."""

    total: int = 0
    states: dict[str, int] = field(default_factory=dict)
    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def handed_in(self) -> int:
        return sum(self.states.get(state, 0) for state in HANDED_IN)

    def of(self, state: str) -> int:
        return self.states.get(state, 0)


def completion(round: Round, now: datetime.datetime) -> Completion:
    """Completion and timeliness of a round, counted by the database."""
    states = dict(round.obligations.order_by().values_list("state").annotate(Count("pk")))
    in_time = Q(first_sealed_at__lt=round.due_at)
    times = round.obligations.aggregate(
        on_time=Count("pk", filter=in_time),
        late=Count("pk", filter=Q(first_sealed_at__gte=round.due_at)),
    )
    total = sum(states.values())
    handed_in = sum(states.get(state, 0) for state in HANDED_IN)
    return Completion(total, states, **times, overdue=total - handed_in if now >= round.due_at else 0)
