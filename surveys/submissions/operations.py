"""Sealing, asking, answering, deciding. Each is one transaction; a decision falls once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.operations import record
from jobs.operations import enqueue
from notices.operations import notify
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.operations import set_obligation_state
from surveys.catalog.queries import CLOSED, round_state
from surveys.submissions import payload as payloads
from surveys.submissions.models import Decision, DecisionKind, Query, SealedFile, Submission
from surveys.submissions.queries import decision_of, may_be_filed, threads

# what follows from an acceptance is registered by a higher room under this name
FIGURES_JOB = "benchmarks.figures"


class SubmissionError(Exception):
    """Something that cannot be done; the text says why, for the person who tried."""


class RoundNotOpen(SubmissionError):
    """The round takes nothing at this moment."""


class AlreadyDecided(SubmissionError):
    """Somebody has decided about the submission already."""


class ReviewStarted(SubmissionError):
    """The association has begun to ask, or has decided: withdrawing is over."""


class StillUnderReview(SubmissionError):
    """The version before waits for its decision."""


class NothingToReturn(SubmissionError):
    """A return without an open question and without a reason."""


@transaction.atomic
def seal(
    *,
    round: Round,
    university_code: str,
    unit: str = "",
    rows: Iterable[Mapping[str, Any]],
    definition_sha256: str,
    functions: list[str],
    factor_set: str,
    denominators: dict,
    explanations: list,
    issues: list,
    facilities: list,
    writers: list[int],
    files: Iterable[Mapping[str, Any]],
    actor_id: int,
    actor_name: str,
    now: datetime.datetime,
) -> Submission:
    """Seals one filing as its next version and hands it in. Runs in the caller's transaction, under the university's
    role. The obligation must stand at `submitted`; `now` is the database's clock at receipt.

    `rows` as payload.canonical takes them (base units); `denominators` {key: {value: decimal text, calibre}};
    `explanations` [{rule, facility, item, measure, period, text, actor_name}]; `issues` [{rule, severity, facility,
    item, measure, period, message, …}]; `facilities` [{id, name, campus, type, area}]; `writers` the ids of everyone
    who wrote something; `files` [{kind, name, sha256, size}]. Values are plain JSON, numbers in them decimal texts.

    Raises RoundNotOpen, StillUnderReview, TransitionRefused, PayloadError.
    """
    key = {"university_code": university_code, "unit": unit}
    Obligation.objects.select_for_update().get(round=round, **key)
    if not may_be_filed(round, university_code, now, unit):
        raise RoundNotOpen(_("批次“%(round)s”现在不收报表。") % {"round": round.title})
    _refuse_pending(round, key)
    last = Submission.objects.filter(round=round, **key).aggregate(last=Max("version"))["last"] or 0
    data = payloads.canonical(rows)
    submission = Submission.objects.create(
        number=number_of(round.code, university_code, unit, last + 1),
        round=round,
        **key,
        version=last + 1,
        payload=payloads.compress(data),
        rows=data.count(b"\n"),
        sha256=payloads.sha256(data),
        definition_sha256=definition_sha256,
        functions=functions,
        factor_set=factor_set,
        denominators=denominators,
        explanations=explanations,
        issues=issues,
        facilities=facilities,
        writers=sorted(writers),
        sealed_by_id=actor_id,
        sealed_by_name=actor_name,
        sealed_at=now,
    )
    _seal_files(submission, files)
    _move(submission, ObligationState.SEALED, now)
    _trail(submission, actor_id, "submission.sealed")
    return submission


def number_of(round_code: str, university_code: str, unit: str, version: int) -> str:
    """A number people can read out: `NY2024-haijin-v1`, with the unit between where there is one."""
    return "-".join(part for part in (round_code, university_code, unit, f"v{version}") if part)


@transaction.atomic
def withdraw(
    *, submission: Submission, actor_id: int, actor_name: str, now: datetime.datetime, reason: str = ""
) -> Decision:
    """The university takes its seal back before review; the obligation is a draft again. Under its role.

    Raises ReviewStarted once there is a question or a decision, RoundNotOpen after the closing (it could not hand
    in again).
    """
    _lock(submission)
    if decision_of(submission) or submission.queries.exists():
        raise ReviewStarted(_("协会已开始审核，不能撤回。需要改数时，请协会退回。"))
    if round_state(submission.round, now) == CLOSED:
        raise RoundNotOpen(_("批次已关闭，撤回后不能再报，所以不能撤回。"))
    decision = _decide(submission, DecisionKind.WITHDRAWN, reason, actor_id, actor_name, now)
    _move(submission, ObligationState.DRAFT, now)
    return decision


@transaction.atomic
def accept(*, submission: Submission, actor_id: int, actor_name: str, now: datetime.datetime) -> Decision:
    """The association accepts; figures follow as a job. Raises AlreadyDecided."""
    _lock(submission)
    decision = _decide(submission, DecisionKind.ACCEPTED, "", actor_id, actor_name, now)
    _move(submission, ObligationState.ACCEPTED, now)
    enqueue(
        kind=FIGURES_JOB,
        arguments={"submission": str(submission.pk)},
        actor_id=actor_id,
        actor_name=actor_name,
    )
    _tell(submission, _("%(round)s：第 %(version)s 版已接受"))
    return decision


@transaction.atomic
def return_with_queries(
    *, submission: Submission, actor_id: int, actor_name: str, now: datetime.datetime, reason: str = ""
) -> Decision:
    """The association sends the seal back for another version. Raises AlreadyDecided, and NothingToReturn when no
    question is open and no reason is given: the university must know what to mend."""
    _lock(submission)
    reason = reason.strip()
    if not decision_of(submission) and not reason and not any(t.open for t in threads(submission)):
        raise NothingToReturn(_("退回前写明理由，或提一条疑问：学校要知道改哪里。"))
    decision = _decide(submission, DecisionKind.RETURNED, reason, actor_id, actor_name, now)
    _move(submission, ObligationState.RETURNED, now)
    _tell(submission, _("%(round)s：第 %(version)s 版已退回，改后再报"), reason)
    return decision


@transaction.atomic
def ask(
    *,
    submission: Submission,
    text: str,
    actor_id: int,
    actor_name: str,
    now: datetime.datetime,
    cell: str = "",
    follows: Query | None = None,
) -> Query:
    """The association asks about a value (`facility|item|measure|period`) or the whole (''), or adds to the thread
    of `follows`. Raises AlreadyDecided, SubmissionError for an empty text."""
    _lock(submission)
    _refuse_decided(submission)
    query = _say(submission, text, follows, cell, actor_id, actor_name, now, from_association=True)
    _tell(submission, _("%(round)s：协会对第 %(version)s 版有疑问"), query.text)
    return query


@transaction.atomic
def answer(*, query: Query, text: str, actor_id: int, actor_name: str, now: datetime.datetime) -> Query:
    """The university answers a question, under its role. Raises AlreadyDecided once the seal was accepted or
    withdrawn, SubmissionError for an empty text."""
    submission = query.submission
    _lock(submission)
    decision = decision_of(submission)
    if decision and decision.kind != DecisionKind.RETURNED:
        raise AlreadyDecided(_decided_text(decision))
    return _say(submission, text, query, query.cell, actor_id, actor_name, now, from_association=False)


def _refuse_pending(round: Round, key: dict) -> None:
    last = Submission.objects.filter(round=round, **key).order_by("-version").first()
    if last and not decision_of(last):
        raise StillUnderReview(_("第 %(version)s 版还在审核，审结前不能再报。") % {"version": last.version})


def _refuse_decided(submission: Submission) -> None:
    decision = decision_of(submission)
    if decision:
        raise AlreadyDecided(_decided_text(decision))


def _decided_text(decision: Decision) -> str:
    values = {"who": decision.decided_by_name, "what": decision.get_kind_display()}
    return _("这份报表已由%(who)s%(what)s。") % values


def _decide(submission: Submission, kind: str, reason: str, actor_id: int, actor_name: str, now) -> Decision:
    """Writes the one decision; the caller holds the lock, the constraint stands behind it."""
    _refuse_decided(submission)
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
    _trail(submission, actor_id, f"submission.{kind}")
    return decision


def _say(submission, text, follows, cell, actor_id, actor_name, now, *, from_association: bool) -> Query:
    text = text.strip()
    if not text:
        raise SubmissionError(_("内容不能为空。"))
    thread = follows and (follows.answers or follows)
    query = Query.objects.create(
        submission=submission,
        university_code=submission.university_code,
        answers=thread,
        cell=thread.cell if thread else cell,
        text=text,
        author_id=actor_id,
        author_name=actor_name,
        from_association=from_association,
        created_at=now,
    )
    _trail(submission, actor_id, "submission.asked" if from_association else "submission.answered")
    return query


def _lock(submission: Submission) -> None:
    """One at a time per filing: the obligation's row is the lock, as seals themselves are never locked for writing."""
    rows = Obligation.objects.select_for_update()
    rows.get(round_id=submission.round_id, university_code=submission.university_code, unit=submission.unit)


def _move(submission: Submission, state: str, now: datetime.datetime) -> None:
    set_obligation_state(
        round_code=submission.round_id,
        university_code=submission.university_code,
        unit=submission.unit,
        state=state,
        now=now,
    )


def _seal_files(submission: Submission, files: Iterable[Mapping[str, Any]]) -> None:
    fields = ("kind", "name", "sha256", "size")
    rows = [{name: file[name] for name in fields} for file in files]
    SealedFile.objects.bulk_create(
        SealedFile(submission=submission, university_code=submission.university_code, **row) for row in rows
    )


def _tell(submission: Submission, subject: str, body: str = "") -> None:
    values = {"round": submission.round.title, "version": submission.version}
    notify(
        subject=subject % values,
        body=body,
        university_code=submission.university_code,
        path=f"/u/{submission.university_code}/",
    )


def _trail(submission: Submission, actor_id: int, action: str) -> None:
    record(
        actor_id=actor_id,
        university_code=submission.university_code,
        action=action,
        object_type="submission",
        object_id=submission.number,
    )
