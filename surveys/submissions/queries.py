"""Reading seals: their values, what was said and decided, what came before. Never writes."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from hmac import compare_digest
from uuid import UUID

from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery

from accounts.reach import Reach
from surveys.catalog.models import Obligation, Round
from surveys.catalog.queries import LATE, OPEN, window_state
from surveys.instruments.figures import Figures, from_exact
from surveys.submissions import payload
from surveys.submissions.codes import code_of
from surveys.submissions.comparison import Difference, differing
from surveys.submissions.models import Decision, DecisionKind, Query, SealedFile, StampedCopy, Submission

PENDING, QUERIED, ANSWERED = "review", "queried", "answered"
# the payload is the heavy column: lists leave it in the database
WITHOUT_PAYLOAD = ("payload", "explanations", "issues", "facilities", "denominators")


# from a seal to the committee its instrument belongs to
COMMITTEE = "round__version__instrument__committee_code"


def submissions_within(reach: Reach) -> QuerySet[Submission]:
    """The seals in the reach, with round, version and instrument."""
    found = Submission.objects.filter(reach.within(COMMITTEE))
    return found.select_related("round__version__instrument")


def files_within(reach: Reach) -> QuerySet[SealedFile]:
    """The files of the seals in the reach."""
    return SealedFile.objects.filter(reach.within(f"submission__{COMMITTEE}"))


def stamped_within(reach: Reach) -> QuerySet[StampedCopy]:
    """The stamped papers of the seals in the reach."""
    return StampedCopy.objects.filter(reach.within(f"submission__{COMMITTEE}"))


def bearing(number: str, code: str) -> Submission | None:
    """The seal that a paper with this number and code is of; None for a code that does not belong to the number, and
    for a seal that no longer gives its own hash."""
    found = (
        Submission.objects.select_related("round__version__instrument").filter(number__iexact=number).first()
    )
    if found is None or not code or not compare_digest(code_of(found), code) or not is_intact(found):
        return None
    return found


def sealed_figures(submission: Submission) -> Figures:
    """The sealed values in natural-key order, in base units: the texts of payload.FIELDS, `exact` (the decimal text,
    '' where nothing was reported) and `value` (float, NaN there)."""
    columns = payload.read_columns(payload.decompress(submission.payload))
    return from_exact({"exact": columns.pop("value"), **columns})


def sealed_rows(submission: Submission) -> list[dict]:
    """The sealed values as dicts of payload.FIELDS, in natural-key order."""
    return payload.read_rows(payload.decompress(submission.payload))


def is_intact(submission: Submission) -> bool:
    """Whether the stored payload still gives the sealed hash."""
    return payload.sha256(payload.decompress(submission.payload)) == submission.sha256


def versions(round: Round | str, university_code: str, unit: str = "") -> QuerySet[Submission]:
    """Every seal of one filing, newest first."""
    code = round if isinstance(round, str) else round.pk
    rows = Submission.objects.filter(round_id=code, university_code=university_code, unit=unit)
    return rows.order_by("-version")


def latest(round: Round | str, university_code: str, unit: str = "") -> Submission | None:
    """The newest seal of one filing, None when it was never sealed."""
    return versions(round, university_code, unit).first()


def newest_seals(rounds: list[Round]) -> dict[tuple[str, str, str], Submission]:
    """(round, university, unit) → newest seal of some rounds, without payload, each with `warning_count`."""
    same = {name: OuterRef(name) for name in ("round", "university_code", "unit")}
    newest = Submission.objects.filter(**same).order_by("-version").values("pk")[:1]
    rows = Submission.objects.filter(round__in=rounds, pk=Subquery(newest)).defer(*WITHOUT_PAYLOAD)
    count = Func(F("issues"), function="jsonb_array_length", output_field=IntegerField())
    rows = rows.annotate(warning_count=count)
    return {(s.round_id, s.university_code, s.unit): s for s in rows}


def decision_of(submission: Submission) -> Decision | None:
    """What became of it, None while it waits."""
    return Decision.objects.filter(submission=submission).first()


def undecided(reach: Reach) -> QuerySet[Submission]:
    """Seals in the reach without a decision, oldest first, without their payload."""
    decided = Decision.objects.filter(submission=OuterRef("pk"))
    rows = submissions_within(reach).filter(~Exists(decided)).defer(*WITHOUT_PAYLOAD)
    return rows.order_by("sealed_at")


def waiting(reach: Reach) -> list[Submission]:
    """Undecided seals in the reach that wait for the association's next word, oldest first; not those that wait for
    an answer."""
    found = list(undecided(reach))
    states = states_of(found)
    return [submission for submission in found if states[submission.pk] != QUERIED]


def waiting_count(reach: Reach) -> int:
    """How many seals in the reach wait for the association, for the navigation."""
    return len(waiting(reach))


def accepted_version(round: Round | str, university_code: str, unit: str = "") -> Submission | None:
    """The accepted version of one filing that stands; None when none was accepted."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    return versions(round, university_code, unit).filter(Exists(accepted)).first()


def amended_by(submission: Submission) -> Submission | None:
    """The accepted version that a seal amends; None for a first version."""
    earlier = submission.declared.get("amends")
    if not earlier:
        return None
    rows = versions(submission.round_id, submission.university_code, submission.unit)
    return rows.filter(version=earlier["version"]).first()


def last_accepted(
    instrument_code: str, university_code: str, period: str, unit: str = ""
) -> Submission | None:
    """The newest accepted seal of a filing unit for a period, None when there is none."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    rows = Submission.objects.filter(
        Exists(accepted),
        round__version__instrument_id=instrument_code,
        round__period=period,
        university_code=university_code,
        unit=unit,
    )
    return rows.order_by("-sealed_at").first()


def last_accepted_ids(
    instrument_code: str, period: str, universities: list[str]
) -> dict[tuple[str, str], UUID]:
    """(university, unit) → id of the newest accepted seal for a period, for many universities in one query."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    rows = Submission.objects.filter(
        Exists(accepted),
        round__version__instrument_id=instrument_code,
        round__period=period,
        university_code__in=universities,
    )
    return {
        (code, unit): pk
        for code, unit, pk in rows.order_by("sealed_at").values_list("university_code", "unit", "pk")
    }


def accepted_last_year(submission: Submission) -> Submission | None:
    """The accepted seal of the same unit one year before; None when there is none."""
    instrument = submission.round.version.instrument_id
    before = year_before(submission.round.period)
    return last_accepted(instrument, submission.university_code, before, submission.unit)


def year_before(period: str) -> str:
    """`2024-03` → `2023-03`: the same period one year earlier. Raises ValueError without a leading year."""
    match = re.match(r"(\d{4})(.*)", period)
    if not match:
        raise ValueError(f"no year in period {period!r}")
    return f"{int(match[1]) - 1:04d}{match[2]}"


def may_be_filed(row: Obligation, now: datetime.datetime) -> bool:
    """Whether a university may write and seal at `now`: it is open or late for it (its own times, see window_state),
    or its last seal was returned (the association asked for another one, so the closing does not bind it)."""
    if window_state(row, now) in (OPEN, LATE):
        return True
    if now < row.round.opens_at:
        return False
    last = latest(row.round_id, row.university_code, row.unit)
    decision = decision_of(last) if last else None
    return decision is not None and decision.kind == DecisionKind.RETURNED


@dataclass(frozen=True)
class Thread:
    """One question and what followed, in order. `open`: the university has the next word."""

    question: Query
    replies: tuple[Query, ...]

    @property
    def messages(self) -> tuple[Query, ...]:
        return (self.question, *self.replies)

    @property
    def open(self) -> bool:
        return self.messages[-1].from_association


def threads(submission: Submission) -> list[Thread]:
    """The questions of a seal with their replies, oldest first."""
    rows = list(Query.objects.filter(submission=submission))
    replies: dict[int, list[Query]] = {}
    for row in rows:
        if row.answers_id:
            replies.setdefault(row.answers_id, []).append(row)
    return [Thread(row, tuple(replies.get(row.pk, ()))) for row in rows if row.answers_id is None]


def state_of(submission: Submission) -> str:
    """returned, accepted or withdrawn once decided; before that queried (the university has the next word), answered
    or review. The keys are those of ui.states."""
    return states_of([submission])[submission.pk]


def states_of(submissions: list[Submission]) -> dict:
    """state_of for many seals in two queries: id → state."""
    ids = [submission.pk for submission in submissions]
    found = dict(Decision.objects.filter(submission__in=ids).values_list("submission_id", "kind"))
    rows = Query.objects.filter(submission__in=[i for i in ids if i not in found])
    last_word: dict = {}
    for pk, answers, submission, asked in rows.values_list(
        "pk", "answers_id", "submission_id", "from_association"
    ):
        last_word.setdefault(submission, {})[answers or pk] = asked
    for submission in ids:
        words = last_word.get(submission)
        if submission not in found:
            found[submission] = PENDING if not words else QUERIED if any(words.values()) else ANSWERED
    return found


def differences(old: Submission, new: Submission) -> list[Difference]:
    """The values in which two seals differ (value, flag or text), in natural-key order."""
    return differing(sealed_rows(old), sealed_rows(new))
