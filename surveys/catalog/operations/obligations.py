"""Moving obligations from state to state."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.catalog.models import Obligation, ObligationState

State = ObligationState
# from → to. Withdrawing leads from sealed to draft; an amendment begins at accepted and, given up, goes back there.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.NONE: frozenset({State.DRAFT}),
    State.DRAFT: frozenset({State.NONE, State.SUBMITTED, State.ACCEPTED}),
    State.SUBMITTED: frozenset({State.DRAFT, State.SEALED}),
    State.SEALED: frozenset({State.DRAFT, State.RETURNED, State.ACCEPTED}),
    State.RETURNED: frozenset({State.DRAFT, State.SUBMITTED, State.ACCEPTED}),
    State.ACCEPTED: frozenset({State.DRAFT, State.SUBMITTED}),
}


class TransitionRefused(Exception):
    """The obligation cannot go from where it stands to where it was sent."""

    def __init__(self, before: str, after: str):
        self.before, self.after = before, after
        labels = {"before": State(before).label, "after": State(after).label}
        super().__init__(_("现在是“%(before)s”，不能改为“%(after)s”。") % labels)


@transaction.atomic
def set_obligation_state(
    *, round_code: str, university_code: str, state: str, now: datetime.datetime, unit: str = ""
) -> Obligation:
    """Moves an obligation along TRANSITIONS; where it stands already is no move. Being sealed for the first time
    sets first_sealed_at, once; being accepted sets accepted_at. Works under the university's role, which may write
    these columns only, never `returned`, and `accepted` only where an accepted version stands (an amendment given up).

    Raises TransitionRefused, Obligation.DoesNotExist.
    """
    row = Obligation.objects.select_for_update().get(
        round_id=round_code, university_code=university_code, unit=unit
    )
    if row.state == state:
        return row
    given_up = state == State.ACCEPTED and row.state != State.SEALED
    if state not in TRANSITIONS[row.state] or (given_up and row.accepted_at is None):
        raise TransitionRefused(row.state, state)
    fields = {"state": state, "state_at": now}
    if state == State.SEALED and row.first_sealed_at is None:
        fields["first_sealed_at"] = now
    if state == State.ACCEPTED and not given_up:
        fields["accepted_at"] = now
    Obligation.objects.filter(pk=row.pk).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)
    return row
