"""Naming the facilities that file in a round: done by the university, under its role."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.operations import record
from surveys.catalog.models import Obligation, ObligationState, Participation, Round
from surveys.catalog.queries import CLOSED, PLANNED, round_state

OUT_OF_TIME = {
    PLANNED: gettext_lazy("“%(round)s”还没有开始，开始后再申报。"),
    CLOSED: gettext_lazy("“%(round)s”已经关闭，不能再申报。"),
}


class NominationRefused(Exception):
    """A facility cannot be named or taken back; the text says why."""


@transaction.atomic
def nominate(
    *, round: Round, university_code: str, units: Mapping[str, str], actor_id: int, now: datetime.datetime
) -> int:
    """Lets facilities (code → name) of a university file in a round; those that do already are left as they are.
    Returns how many are new. Raises NominationRefused where it takes no part, before the round begins and once it is
    closed."""
    if not Participation.objects.filter(round=round, university_code=university_code).exists():
        raise NominationRefused(_("本校不在“%(round)s”的参评名单里，找协会。") % {"round": round.title})
    state = round_state(round, now)
    if state in OUT_OF_TIME:
        raise NominationRefused(str(OUT_OF_TIME[state]) % {"round": round.title})
    known = set(round.obligations.filter(university_code=university_code).values_list("unit", flat=True))
    new = {code: name for code, name in units.items() if code and code not in known}
    Obligation.objects.bulk_create(
        [
            Obligation(round=round, university_code=university_code, unit=code, unit_name=name[:60])
            for code, name in new.items()
        ],
        # a double click
        ignore_conflicts=True,
    )
    if new:
        _trail("round.units_named", round, university_code, actor_id, sorted(new))
    return len(new)


@transaction.atomic
def take_back_nomination(*, round: Round, university_code: str, unit: str, actor_id: int) -> None:
    """Takes a facility out of a round again, as long as nothing was written for it. Raises NominationRefused."""
    rows = Obligation.objects.filter(round=round, university_code=university_code, unit=unit)
    row = rows.exclude(unit="").first()
    if row is None:
        return
    if row.state != ObligationState.NONE:
        raise NominationRefused(_("“%(name)s”已经开始填报，不能撤下。") % {"name": row.unit_name})
    if row.reminders.exists() or row.extensions.exists():
        raise NominationRefused(
            _("“%(name)s”已有提醒或延期记录，不能撤下；确实不参评，请联系协会。") % {"name": row.unit_name}
        )
    rows.filter(state=ObligationState.NONE).delete()
    _trail("round.unit_taken_back", round, university_code, actor_id, [unit])


def _trail(action: str, round: Round, university_code: str, actor_id: int, fields: list[str]) -> None:
    record(
        actor_id=actor_id, university_code=university_code, action=action, object_type="round", object_id=round.pk,
        fields=fields,
    )  # fmt: skip
