"""Figures of a university's round, from its newest accepted seals."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from surveys.benchmarks.figures import PART, figures
from surveys.benchmarks.models import Figure
from surveys.benchmarks.queries import definition_of
from surveys.catalog.models import Obligation, Round
from surveys.definition import Definition
from surveys.instruments.figures import Figures, joined
from surveys.submissions.models import Decision, DecisionKind, Submission
from surveys.submissions.queries import sealed_figures


@transaction.atomic
def write_figures(*, submission_id: uuid.UUID | str) -> int:
    """Computes the figures of a university's round from its newest accepted seals and replaces what was there.

    `submission_id` is any seal of the round and university. Repeating it changes nothing. Returns how many figures
    there are; 0 when nothing is accepted (yet, or any more). Raises Submission.DoesNotExist.
    """
    submission = Submission.objects.select_related("round__version").defer("payload").get(pk=submission_id)
    round, university = submission.round, submission.university_code
    # two acceptances at once: the second waits and then sees both
    list(
        Obligation.objects.select_for_update().filter(round=round, university_code=university).order_by("pk")
    )
    definition = definition_of(round.version_id)
    if not definition.indicators:
        # an evaluation has its figures from the final grade, not from what a university says of itself
        return 0
    seals = accepted_seals(round.pk, university)
    values = figures(_figures(seals), _denominators(seals), definition, round.period) if seals else []
    if any(seal.declared.get("covers") for seal in seals):
        # part of a period has no figure of the whole: it is withheld, not scaled; its months stay what they are
        values = [value for value in values if value.period != round.period]
    _clear(round, definition, university)
    source = seals[0] if seals else submission
    factor_set = source.factor_set or definition.factor_set(definition.basis_default).key
    Figure.objects.bulk_create(
        Figure(
            indicator=v.indicator,
            period=v.period,
            university_code=university,
            value=v.value,
            numerator=v.numerator,
            denominator=v.denominator,
            submission_id=source.pk,
            function=v.function,
            factor_set=factor_set,
        )
        for v in values
    )
    return len(values)


def accepted_seals(round_code: str, university_code: str) -> list[Submission]:
    """The newest accepted seal of each filing unit, the university's own first."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    rows = Submission.objects.filter(Exists(accepted), round_id=round_code, university_code=university_code)
    newest = {row.unit: row for row in rows.order_by("version")}
    return [newest[unit] for unit in sorted(newest)]


def missing_figures() -> list[uuid.UUID]:
    """Accepted seals of statistics whose figures are missing or come from another version: what the figures job has
    not done. Newest seals of their filing only."""
    accepted = Decision.objects.filter(submission=OuterRef("pk"), kind=DecisionKind.ACCEPTED)
    rows = Submission.objects.filter(Exists(accepted), round__version__instrument__kind="statistics", unit="")
    newest: dict[tuple[str, str], uuid.UUID] = {}
    # a return of nothing has no figures; its earlier versions' must be gone
    nil: dict[uuid.UUID, set[uuid.UUID]] = {}
    earlier: dict[tuple[str, str], set[uuid.UUID]] = {}
    for pk, count, *key in rows.order_by("version").values_list("pk", "rows", "round_id", "university_code"):
        newest[tuple(key)] = pk
        if count == 0:
            nil[pk] = set(earlier.get(tuple(key), ()))
        earlier.setdefault(tuple(key), set()).add(pk)
    done = set(Figure.objects.values_list("submission_id", flat=True).distinct())
    return [pk for pk in newest.values() if pk not in done and (pk not in nil or nil[pk] & done)]


def _figures(seals: Iterable[Submission]) -> Figures:
    return joined([sealed_figures(seal) for seal in seals])


def _denominators(seals: Iterable[Submission]) -> dict:
    """The university's own where it filed as a whole, else the first that has them."""
    found: dict = {}
    for seal in seals:
        found = dict(seal.denominators) | found
    return {key: entry for key, entry in found.items() if entry.get("value") not in (None, "")}


def _clear(round: Round, definition: Definition, university: str) -> None:
    keys = [indicator.key for indicator in definition.indicators]
    annual = Q(indicator__in=keys, period=round.period)
    parts = Q(indicator__startswith=PART, period__startswith=f"{round.period}-")
    Figure.objects.filter(annual | parts, university_code=university).delete()
