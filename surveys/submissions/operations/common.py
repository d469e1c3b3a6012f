"""What sealing and reviewing share: the lock, the one decision, the obligation, the trail, the notice."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from audit.operations import record
from notices.operations import notify, notify_association
from surveys.catalog.addresses import page_of, title_of
from surveys.catalog.models import Obligation
from surveys.catalog.operations import set_obligation_state
from surveys.catalog.queries import obligation
from surveys.submissions.errors import AlreadyDecided
from surveys.submissions.models import Decision, Submission
from surveys.submissions.queries import decision_of
from tenants.models import University


def lock(submission: Submission) -> Obligation:
    """One at a time per filing: the obligation's row is the lock, as seals themselves are never locked for writing."""
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("round")
    return rows.get(
        round_id=submission.round_id, university_code=submission.university_code, unit=submission.unit
    )


def refuse_decided(submission: Submission) -> None:
    decision = decision_of(submission)
    if decision:
        raise AlreadyDecided(decided_text(decision))


def decided_text(decision: Decision) -> str:
    values = {"who": decision.decided_by_name, "what": decision.get_kind_display()}
    return _("这份报表已由%(who)s%(what)s。") % values


def decide(submission: Submission, kind: str, reason: str, actor_id: int, actor_name: str, now) -> Decision:
    """Writes the one decision; the caller holds the lock, the constraint stands behind it."""
    refuse_decided(submission)
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                submission=submission,
                university_code=submission.university_code,
                kind=kind,
                reason=reason.strip(),
                decided_by_id=actor_id,
                decided_by_name=actor_name,
                decided_at=now,
            )
    except IntegrityError as error:
        raise AlreadyDecided(_("这份报表刚刚已有结论。")) from error
    trail(submission, actor_id, f"submission.{kind}")
    return decision


def move(submission: Submission, state: str, now: datetime.datetime) -> None:
    set_obligation_state(
        round_code=submission.round_id,
        university_code=submission.university_code,
        unit=submission.unit,
        state=state,
        now=now,
    )


def _owed(submission: Submission) -> Obligation:
    """The obligation that the seal answers."""
    return obligation(submission.round_id, submission.university_code, submission.unit)


def tell(submission: Submission, subject, body: str = "") -> None:
    """A notice to the university, in the house's language whatever the sender reads. `subject` is a lazy text."""
    values = {"round": title_of(_owed(submission)), "version": submission.version}
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(subject) % values
    notify(
        subject=subject,
        body=body,
        university_code=submission.university_code,
        path=page_of(_owed(submission)),
    )


def tell_association(submission: Submission, subject, body: str = "") -> None:
    """A notice about the university's act to whoever reviews the instrument, in the house's language. `subject` is a
    lazy text; it may name %(university)s, %(round)s and %(version)s."""
    code = submission.university_code
    values = {
        "university": University.objects.get(code=code).name,
        "round": title_of(_owed(submission)),
        "version": submission.version,
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(subject) % values
    notify_association(
        subject=subject,
        body=body,
        university_code=code,
        committee_code=submission.round.version.instrument.committee_code,
        path=reverse("review:submission", args=[submission.number]),
    )


def trail(submission: Submission, actor_id: int, action: str) -> None:
    record(
        actor_id=actor_id,
        university_code=submission.university_code,
        action=action,
        object_type="submission",
        object_id=submission.number,
    )
