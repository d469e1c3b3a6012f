"""Reading rounds: what is open, and who stands where. No values."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.reach import Reach
from surveys.catalog.models import (
    Extension,
    ExtensionState,
    Instrument,
    Obligation,
    ObligationState,
    Participation,
    Round,
    Version,
)
from surveys.definition import Definition, parse
from tenants.models import University, UniversityState

PLANNED, OPEN, LATE, CLOSED = "planned", "open", "late", "closed"
# what counts as handed in: it was sealed and was not sent back
HANDED_IN = (ObligationState.SEALED, ObligationState.ACCEPTED)
# states of an amendment that nobody reviews yet: the accepted version stands meanwhile
UNDER_AMENDMENT = (ObligationState.DRAFT, ObligationState.SUBMITTED, ObligationState.RETURNED)
# the same rules in the database: due, closing and where it stands, of an obligation
DUE = Greatest("round__due_at", Coalesce("extended_due_at", "round__due_at"))
CLOSING = Greatest("round__closes_at", Coalesce("extended_closes_at", "round__closes_at"))
STANDS = Case(
    When(accepted_at__isnull=False, state__in=UNDER_AMENDMENT, then=Value(ObligationState.ACCEPTED.value)),
    default=F("state"),
    output_field=CharField(),
)


def database_now() -> datetime.datetime:
    """The database's clock, the one that decides about deadlines (aware, microseconds)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def round_state(round: Round, now: datetime.datetime) -> str:
    """planned, open, late (due, not closed) or closed at the moment `now`. Each moment belongs to the later state:
    at due_at itself it is late, at closes_at closed."""
    return _state(round.opens_at, round.due_at, round.closes_at, now)


def window_state(row: Obligation, now: datetime.datetime) -> str:
    """round_state for one university: by its own due and closing, which an extension may have moved."""
    return _state(row.round.opens_at, row.due_at, row.closes_at, now)


def _state(opens, due, closes, now: datetime.datetime) -> str:
    if now < opens:
        return PLANNED
    if now < due:
        return OPEN
    return LATE if now < closes else CLOSED


def stands(row: Obligation) -> str:
    """Where an obligation stands for completion: `accepted` while an accepted version is being amended, from the
    amendment's beginning until it is handed in."""
    amending = row.accepted_at is not None and row.state in UNDER_AMENDMENT
    return ObligationState.ACCEPTED.value if amending else row.state


def is_on_time(row: Obligation) -> bool | None:
    """Whether its first seal kept the due time of the university; None while there is none."""
    return None if row.first_sealed_at is None else row.first_sealed_at < row.due_at


def is_overdue(row: Obligation, now: datetime.datetime) -> bool:
    """Due for the university, and not handed in."""
    return now >= row.due_at and stands(row) not in HANDED_IN


def moment_on(day: datetime.date, round: Round) -> datetime.datetime:
    """The last moment of a last day in a round: at the clock time the round is due; a round that is due at midnight
    takes the whole day."""
    clock = timezone.localtime(round.due_at).time()
    if clock == datetime.time():
        day += datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, clock))


def definition_of(version: Version) -> Definition:
    """The typed definition of a version. Published bodies never change, so each is parsed once per process."""
    return _parsed(version.sha256, version.body)


@lru_cache(maxsize=32)
def _parsed(_sha256: str, body: str) -> Definition:
    return parse(json.loads(body))


def by_facility(round: Round) -> bool:
    """Whether the facilities that universities name file one by one in the round, beside the university's own part."""
    return definition_of(round.version).filing_unit == "facility"


def has_own_part(round: Round) -> bool:
    """Whether a university files something for itself: everything, or the part that is no facility's."""
    definition = definition_of(round.version)
    return definition.filing_unit == "university" or bool(
        definition.evaluation and definition.evaluation.has_school_level
    )


def has_instruments(reach: Reach) -> bool:
    """Whether any instrument is in the reach."""
    return Instrument.objects.filter(reach.within("committee_code")).exists()


def published_versions(reach: Reach) -> QuerySet[Version]:
    """Versions in the reach that rounds can be opened of, by instrument, newest first."""
    found = Version.objects.filter(reach.within("instrument__committee_code"), published_at__isnull=False)
    return found.select_related("instrument").order_by("instrument__code", "-number")


def newest_version(instrument_code: str) -> Version | None:
    """The version of an instrument that was published last; None if there is none."""
    found = Version.objects.filter(instrument_id=instrument_code, published_at__isnull=False)
    return found.order_by("-number").first()


def public_versions() -> QuerySet[Version]:
    """Every version that was published, by instrument, newest first: what it says is open to everybody."""
    found = Version.objects.filter(published_at__isnull=False).select_related("instrument")
    return found.order_by("instrument_id", "-number")


def versions_within(reach: Reach) -> QuerySet[Version]:
    """Every version in the reach, also the one that waits for its second person, newest first."""
    found = Version.objects.filter(reach.within("instrument__committee_code"))
    return found.select_related("instrument").order_by("instrument_id", "-number")


def waiting_versions(reach: Reach, user_id: int) -> QuerySet[Version]:
    """Versions in the reach that somebody else proposed and that nobody has checked."""
    waiting = versions_within(reach).filter(published_at=None, proposed_at__isnull=False)
    return waiting.exclude(proposed_by_id=user_id)


def rounds_within(reach: Reach) -> QuerySet[Round]:
    """The rounds in the reach, newest first, with version and instrument."""
    found = Round.objects.filter(reach.within("version__instrument__committee_code"))
    return found.select_related("version__instrument")


def current_rounds(reach: Reach, now: datetime.datetime) -> QuerySet[Round]:
    """Rounds in the reach that are open or late, for one university at least, the one due first at the front."""
    return rounds_within(reach).filter(is_running(now)).order_by("due_at", "code")


def is_running(now: datetime.datetime) -> Q:
    """The condition on a round that somebody can file in it."""
    extended = Obligation.objects.filter(round=OuterRef("pk"), extended_closes_at__gt=now)
    return Q(opens_at__lte=now) & (Q(closes_at__gt=now) | Q(Exists(extended)))


def requests_within(reach: Reach) -> QuerySet[Extension]:
    """Extensions of obligations in the reach, with round and obligation."""
    found = Extension.objects.filter(reach.within("obligation__round__version__instrument__committee_code"))
    return found.select_related("obligation__round__version__instrument")


def open_requests(reach: Reach) -> QuerySet[Extension]:
    """Requests for another day that wait for the association, the oldest first."""
    return requests_within(reach).filter(state=ExtensionState.ASKED).order_by("asked_at", "pk")


def extensions_of(row: Obligation) -> list[Extension]:
    """What was asked and given for one obligation, oldest first."""
    return list(row.extensions.all())


def is_taken(code: str) -> bool:
    """Whether a round has the code already, whoever's it is: papers are numbered by it."""
    return Round.objects.filter(pk__iexact=code).exists()


def owed_in(rounds: Iterable[Round], universities: Iterable[str]) -> QuerySet[Obligation]:
    """What some universities (codes) owe in some rounds."""
    found = Obligation.objects.filter(round__in=rounds, university_code__in=universities)
    return found.select_related("round")


def obligations_of(university_code: str) -> QuerySet[Obligation]:
    """What a university owes, newest round first, with round, version and instrument. Under the university's role
    the row policy shows nothing else anyway."""
    rows = Obligation.objects.filter(university_code=university_code)
    return rows.select_related("round__version__instrument").order_by("-round__opens_at", "round_id", "unit")


def obligation(round_code: str, university_code: str, unit: str = "") -> Obligation:
    """One obligation. Raises Obligation.DoesNotExist."""
    rows = Obligation.objects.select_related("round__version__instrument")
    return rows.get(round_id=round_code, university_code=university_code, unit=unit)


def participants(round: Round) -> set[str]:
    """Codes of the universities the round is meant for."""
    named = set(round.participations.values_list("university_code", flat=True))
    return named | set(round.obligations.values_list("university_code", flat=True))


def takes_part(round_code: str, university_code: str) -> bool:
    """Whether the university takes part in a round in which facilities file one by one."""
    return Participation.objects.filter(round_id=round_code, university_code=university_code).exists()


def parts_of(round_code: str, university_code: str) -> tuple[Round, list[Obligation]]:
    """A round in which facilities file one by one with what a university owes in it, its own part first. Raises
    Round.DoesNotExist where it takes no part."""
    taking_part = Participation.objects.filter(university_code=university_code)
    round = Round.objects.select_related("version__instrument").get(
        pk=round_code, participations__in=taking_part
    )
    rows = round.obligations.filter(university_code=university_code).order_by("unit")
    return round, list(rows)


def unnamed_rounds(university_code: str, now: datetime.datetime) -> list[Round]:
    """Rounds that run, in which the university takes part and has named no facility yet."""
    named = Obligation.objects.filter(round=OuterRef("pk"), university_code=university_code).exclude(unit="")
    rows = Round.objects.filter(participations__university_code=university_code).exclude(Exists(named))
    return list(rows.filter(opens_at__lte=now, closes_at__gt=now).order_by("due_at", "code"))


def outside(round: Round) -> list[University]:
    """The active universities that owe nothing in the round: those that joined after it was opened, and those it was
    not meant for."""
    inside = participants(round)
    active = University.objects.filter(state=UniversityState.ACTIVE)
    return [university for university in active if university.code not in inside]


@dataclass(frozen=True)
class Standing:
    """Where one university (or one unit of it) stands in a round. `overdue`: due and not handed in. `on_time`: its
    first seal came before its due time; None while there is none. `amending`: the accepted version is being amended.
    `due_at`: another due time than the round's."""

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
    amending: bool = False
    due_at: datetime.datetime | None = None
    unit_name: str = ""


def standings(round: Round, now: datetime.datetime) -> list[Standing]:
    """Everyone who owes something in the round, in pinyin order of the universities."""
    universities = {u.code: u for u in University.objects.all()}
    order = {code: place for place, code in enumerate(universities)}
    rows = round.obligations.select_related("round")
    found = [_standing(row, universities.get(row.university_code), now) for row in rows]
    return sorted(found, key=lambda s: (order.get(s.university_code, len(order)), s.unit))


def _standing(row: Obligation, university: University | None, now: datetime.datetime) -> Standing:
    return Standing(
        university_code=row.university_code,
        name=university.name if university else row.university_code,
        short_name=university.short_name if university else row.university_code,
        kind=university.kind if university else "",
        unit=row.unit,
        state=stands(row),
        state_at=row.state_at,
        first_sealed_at=row.first_sealed_at,
        overdue=is_overdue(row, now),
        on_time=is_on_time(row),
        amending=row.is_amending,
        due_at=row.due_at if row.is_extended else None,
        unit_name=row.unit_name,
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
    rows = round.obligations.order_by()
    states = dict(rows.annotate(stands=STANDS).values_list("stands").annotate(Count("pk")))
    times = rows.annotate(due=DUE, stands=STANDS).aggregate(
        on_time=Count("pk", filter=Q(first_sealed_at__lt=F("due"))),
        late=Count("pk", filter=Q(first_sealed_at__gte=F("due"))),
        overdue=Count("pk", filter=Q(due__lte=now) & ~Q(stands__in=HANDED_IN)),
    )
    return Completion(sum(states.values()), states, **times)
