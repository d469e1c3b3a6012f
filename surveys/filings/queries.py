"""Reading a university's drafts. Called inside the university."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from jobs.models import Job, JobState
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.queries import CLOSING
from surveys.definition import Definition, parse
from surveys.filings import four_eyes
from surveys.filings.models import (
    Denominator,
    Event,
    EventKind,
    Explanation,
    Filing,
    Mapping,
    Observation,
    ObservationChange,
    Upload,
    UploadState,
    Writer,
)
from surveys.filings.periods import year_of
from surveys.instruments.figures import Figures, from_exact
from surveys.instruments.sizes import in_use, parts_of
from surveys.intake.periods import months_in
from surveys.submissions.models import Decision, DecisionKind
from surveys.submissions.payload import FIELDS, KEY
from surveys.submissions.queries import year_before

if TYPE_CHECKING:
    import pandas as pd

ROW = FIELDS
HISTORY_YEARS = 3


def definition_of(round: Round) -> Definition:
    """The frozen definition of a round's version."""
    return _parsed(round.version.sha256, round.version.body)


@lru_cache(maxsize=16)
def _parsed(sha256: str, body: str) -> Definition:
    import json

    return parse(json.loads(body))


def find_filing(round_code: str, unit: str = "") -> Filing | None:
    """The filing of a round's unit; None before anyone wrote."""
    return Filing.objects.filter(round_code=round_code, unit=unit).first()


def accepted_versions(round_code: str, university_code: str, unit: str = "") -> list[int]:
    """Version numbers of this unit that were accepted."""
    rows = Decision.objects.filter(
        kind=DecisionKind.ACCEPTED,
        submission__round_id=round_code,
        submission__university_code=university_code,
        submission__unit=unit,
    )
    return list(rows.values_list("submission__version", flat=True))


def version_under_way(filing: Filing, university_code: str) -> int:
    """The version that the present writers are counted for."""
    return four_eyes.version_under_way(accepted_versions(filing.round_code, university_code, filing.unit))


def writers_of(filing: Filing, version: int) -> list[Writer]:
    """Who has had a hand in the version under way, in the order they came."""
    return list(filing.writers.filter(version=version).order_by("at", "pk"))


def clerks_of(filing: Filing, ids: list[int]) -> list[str]:
    """The names of people (ids) as they stood in the filing when they wrote, in the order they came."""
    rows = filing.writers.filter(actor_id__in=ids).order_by("at", "pk")
    return list(dict.fromkeys(rows.values_list("actor_name", flat=True)))


def values_of(filing: Filing) -> list[dict]:
    """The draft's rows as dicts of ROW, in natural-key order; value is Decimal or None."""
    rows = Observation.objects.filter(filing_id=filing.pk).order_by("facility", "item", "measure", "period")
    return list(rows.values(*ROW))


def rows_of(filing: Filing) -> list[tuple]:
    """The draft's rows as what is sealed: tuples of ROW in natural-key order, value the shortest decimal text or None.
    Neither a model nor a Decimal is made of them, there may be thirty thousand."""
    return _read(filing, (*KEY, "trim_scale(value)::text", "text", "flag"))


def figures_of(filing: Filing) -> Figures:
    """The draft as intake checks it: `exact` the shortest decimal text or '', and where each figure came from."""
    exact, texts = "coalesce(trim_scale(value)::text, '')", (*KEY, "text", "flag", "sheet", "cell", "raw")
    columns = list(zip(*_read(filing, (exact, *texts)), strict=True)) or [()] * (1 + len(texts))
    return from_exact(dict(zip(("exact", *texts), columns, strict=True)))


def _read(filing: Filing, columns: tuple[str, ...]) -> list[tuple]:
    order = ", ".join(KEY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM filings_observation WHERE filing_id = %s ORDER BY {order}",
            [filing.pk],
        )
        return cursor.fetchall()


def earlier_rounds(round: Round, unit: str = "") -> list[tuple[Filing, Round]]:
    """The university's filings of the same instrument for earlier periods, newest first, at most HISTORY_YEARS."""
    year = year_of(round.period) or 0
    rounds = {
        r.pk: r
        for r in Round.objects.filter(version__instrument_id=round.version.instrument_id).exclude(pk=round.pk)
        if year - HISTORY_YEARS <= (year_of(r.period) or 0) and r.period < round.period
    }
    found = [(f, rounds[f.round_code]) for f in Filing.objects.filter(round_code__in=rounds, unit=unit)]
    return sorted(found, key=lambda pair: pair[1].period, reverse=True)


def history_frame(round: Round, unit: str = "") -> pd.DataFrame | None:
    """Own earlier figures (facility, item, measure, period, value); None when there are none."""
    import pandas as pd

    ids = [filing.pk for filing, _ in earlier_rounds(round, unit)]
    names = ["facility", "item", "measure", "period", "value"]
    rows = list(Observation.objects.filter(filing_id__in=ids, value__isnull=False).values_list(*names))
    if not rows:
        return None
    frame = pd.DataFrame.from_records(rows, columns=names)
    frame["value"] = frame["value"].astype("float64")
    return frame.drop_duplicates(names[:-1], keep="last").reset_index(drop=True)


def last_year(round: Round, unit: str = "") -> Filing | None:
    """The filing of the same period one year before; None if there is none."""
    try:
        before = year_before(round.period)
    except ValueError:
        return None
    return next((filing for filing, r in earlier_rounds(round, unit) if r.period == before), None)


def denominators_of(filing: Filing) -> dict[str, Denominator]:
    """The filing's denominators by key."""
    return {row.key: row for row in filing.denominators.all()}


def denominator_rows(round: Round, filing: Filing | None, unit: str = "") -> tuple[dict, ...]:
    """Denominators of this and earlier filings as intake wants them (intake.Context)."""
    pairs = earlier_rounds(round, unit) + ([(filing, round)] if filing else [])
    rows = Denominator.objects.filter(filing__in=[f for f, _ in pairs])
    periods = {f.pk: r.period for f, r in pairs}
    return tuple(
        {"key": row.key, "facility": unit, "period": periods[row.filing_id], "value": str(row.value)}
        | _at_the_ends(row, months_in(periods[row.filing_id]))
        for row in rows
    )


def _at_the_ends(row: Denominator, months: tuple[str, ...]) -> dict[str, str]:
    """How much of a size was in use in the first and the last month, where that is said."""
    if not row.parts:
        return {}
    parts = parts_of({"parts": row.parts})
    ends = {"opening": months[0], "closing": months[-1]}
    return {name: str(in_use(row.whole, parts, month)) for name, month in ends.items()}


def explanations_of(filing: Filing) -> list[Explanation]:
    """Every reason given in a filing."""
    return list(filing.explanations.order_by("rule", "item", "measure", "period", "facility"))


def explained_keys(filing: Filing) -> set[tuple[str, str, str, str, str]]:
    """(rule, facility, item, measure, period) of every reason given."""
    return set(filing.explanations.values_list("rule", "facility", "item", "measure", "period"))


def earlier_explanation(round: Round, rule: str, item: str, unit: str = "") -> str:
    """The newest reason given in an earlier filing for the same rule and item; '' if there is none."""
    for filing, _ in earlier_rounds(round, unit):
        row = filing.explanations.filter(rule=rule, item=item).order_by("-created_at").first()
        if row:
            return row.text
    return ""


def earlier_pairs(round: Round, unit: str = "") -> list[tuple[str, str]]:
    """(item, measure) that the filing of the year before had figures for."""
    filing = last_year(round, unit)
    if filing is None:
        return []
    rows = Observation.objects.filter(filing_id=filing.pk, value__isnull=False)
    return sorted(set(rows.values_list("item", "measure")))


def remembered_mapping(instrument_code: str) -> dict | None:
    """What the university confirmed about its headers and names, as intake takes it; None for the first time."""
    rows = list(Mapping.objects.filter(instrument_code=instrument_code))
    if not rows:
        return None
    prefix = FACILITY_KEY
    headers = {
        r.key: {"item": r.item, "measure": r.measure, "unit": r.unit}
        for r in rows
        if not r.key.startswith(prefix)
    }
    names = {r.key.removeprefix(prefix): r.item for r in rows if r.key.startswith(prefix)}
    return {"headers": headers, "facilities": names}


# a remembered name of a facility is kept beside the headers under this prefix; its `item` is the facility's code
FACILITY_KEY = "facility:"


def uploads_of(filing: Filing) -> QuerySet[Upload]:
    """Every workbook that came for a filing, newest first; `stuck` where its reading was given up."""
    given_up = Job.objects.filter(pk=OuterRef("job_id"), state=JobState.FAILED)
    stuck = Q(state=UploadState.RECEIVED) & Exists(given_up)
    return filing.uploads.annotate(stuck=stuck).order_by("-created_at")


def is_stuck(upload: Upload) -> bool:
    """Whether its reading was given up: the system failed at it as often as it may, or lost sight of it."""
    if upload.state != UploadState.RECEIVED:
        return False
    job = Job.objects.filter(pk=upload.job_id).only("state").first()
    return job is None or job.state == JobState.FAILED


def annotated_from(upload: Upload) -> Upload | None:
    """The earlier upload whose annotated workbook this one is; None if it is none of this filing's."""
    number = (upload.report.get("meta") or {}).get("annotated")
    return upload.filing.uploads.filter(pk=number).exclude(pk=upload.pk).first() if number else None


def last_loaded(filing: Filing) -> Upload | None:
    """The upload written last and not undone; None if there is none."""
    return filing.uploads.filter(state=UploadState.LOADED).order_by("-loaded_at", "-created_at").first()


def events_since(filing: Filing, revision: int) -> list[Event]:
    """What was written after a revision, oldest first."""
    return list(filing.events.filter(revision__gt=revision))


def changes_since(filing: Filing, revision: int, limit: int = 50) -> list[ObservationChange]:
    """Values that were changed after a revision, newest first."""
    rows = ObservationChange.objects.filter(filing_id=filing.pk, revision__gt=revision)
    return list(rows.order_by("-revision", "item", "measure", "period")[:limit])


def brought_by(event: Event, facility: str) -> QuerySet[Observation]:
    """What the draft has of a facility from the upload that the write loaded; nothing for any other write."""
    if event.kind != EventKind.LOADED:
        return Observation.objects.none()
    return Observation.objects.filter(
        filing_id=event.filing_id, facility=facility, upload_id=event.facts["upload"]
    )


def change_counts(filing: Filing, revisions: list[int]) -> dict[int, int]:
    """How many figures each revision changed."""
    rows = ObservationChange.objects.filter(filing_id=filing.pk, revision__in=revisions)
    return dict(rows.values_list("revision").annotate(Count("pk")))


def first_changes(filing: Filing, revisions: list[int], limit: int) -> list[ObservationChange]:
    """At most `limit` of the figures that each revision changed."""
    place = Window(RowNumber(), partition_by="revision", order_by=("facility", "item", "measure", "period"))
    rows = ObservationChange.objects.filter(filing_id=filing.pk, revision__in=revisions).annotate(place=place)
    return list(rows.filter(place__lte=limit).order_by("revision", "place"))


def filed_items(filing: Filing) -> set[str]:
    """The items of which the filing has a figure."""
    rows = Observation.objects.filter(filing_id=filing.pk, value__isnull=False)
    return set(rows.values_list("item", flat=True).distinct())


def value_counts(filings: list[Filing]) -> dict[int, int]:
    """How many figures each filing has."""
    rows = Observation.objects.filter(filing_id__in=[f.pk for f in filings], value__isnull=False)
    return dict(rows.values_list("filing_id").annotate(Count("item")))


def waiting_obligations(university_code: str, states: tuple[str, ...], now) -> int:
    """How many obligations in one of the states wait at the university in rounds that have begun and, unless they
    were returned, have not closed."""
    rows = Obligation.objects.filter(
        university_code=university_code, state__in=states, round__opens_at__lte=now
    )
    closing = rows.annotate(closing=CLOSING)
    return closing.filter(Q(closing__gt=now) | Q(state=ObligationState.RETURNED)).count()
