"""Asking, answering, deciding about a seal. A decision falls once."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.operations import enqueue
from surveys.catalog.models import ObligationState
from surveys.submissions.errors import AlreadyDecided, NothingToReturn, SubmissionError
from surveys.submissions.models import Decision, DecisionKind, Query, Submission
from surveys.submissions.operations import common
from surveys.submissions.queries import decision_of, threads

# what follows from an acceptance is registered by a higher room under this name
FIGURES_JOB = "benchmarks.figures"


@transaction.atomic
def accept(*, submission: Submission, actor_id: int, actor_name: str, now: datetime.datetime) -> Decision:
    """The association accepts; figures follow as a job. Raises AlreadyDecided."""
    common.lock(submission)
    decision = common.decide(submission, DecisionKind.ACCEPTED, "", actor_id, actor_name, now)
    common.move(submission, ObligationState.ACCEPTED, now)
    enqueue(
        kind=FIGURES_JOB,
        arguments={"submission": str(submission.pk)},
        actor_id=actor_id,
        actor_name=actor_name,
    )
    common.tell(submission, gettext_lazy("%(round)s：第 %(version)s 版已接受"))
    return decision


@transaction.atomic
def return_with_queries(
    *, submission: Submission, actor_id: int, actor_name: str, now: datetime.datetime, reason: str = ""
) -> Decision:
    """The association sends the seal back for another version. Raises AlreadyDecided, and NothingToReturn when no
    question is open and no reason is given: the university must know what to mend."""
    common.lock(submission)
    reason = reason.strip()
    if not decision_of(submission) and not reason and not any(t.open for t in threads(submission)):
        raise NothingToReturn(_("退回前写明理由，或提一条疑问：学校要知道改哪里。"))
    decision = common.decide(submission, DecisionKind.RETURNED, reason, actor_id, actor_name, now)
    common.move(submission, ObligationState.RETURNED, now)
    common.tell(submission, gettext_lazy("%(round)s：第 %(version)s 版已退回，改后再报"), reason)
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
    common.lock(submission)
    common.refuse_decided(submission)
    query, new = _say(submission, text, follows, cell, actor_id, actor_name, now, from_association=True)
    if new:
        common.tell(submission, gettext_lazy("%(round)s：协会对第 %(version)s 版有疑问"), query.text)
    return query


@transaction.atomic
def answer(*, query: Query, text: str, actor_id: int, actor_name: str, now: datetime.datetime) -> Query:
    """The university answers a question, under its role. Raises AlreadyDecided once the seal was accepted or
    withdrawn, SubmissionError for an empty text."""
    submission = query.submission
    common.lock(submission)
    decision = decision_of(submission)
    if decision and decision.kind != DecisionKind.RETURNED:
        raise AlreadyDecided(common.decided_text(decision))
    said, new = _say(submission, text, query, query.cell, actor_id, actor_name, now, from_association=False)
    if new:
        answered = gettext_lazy("%(university)s答复疑问：%(round)s v%(version)s")
        common.tell_association(submission, answered, said.text)
    return said


def _say(
    submission, text, follows, cell, actor_id, actor_name, now, *, from_association: bool
) -> tuple[Query, bool]:
    """The words as a row, and whether they are new: a double click sends the same words twice."""
    text = text.strip()
    if not text:
        raise SubmissionError(_("内容不能为空。"))
    thread = follows and (follows.answers or follows)
    about = {"submission": submission, "answers": thread, "cell": thread.cell if thread else cell}
    last = Query.objects.filter(submission=submission).order_by("-pk").first()
    if last and _same_words(last, about, text, actor_id):
        return last, False
    query = Query.objects.create(
        **about,
        university_code=submission.university_code,
        text=text,
        author_id=actor_id,
        author_name=actor_name,
        from_association=from_association,
        created_at=now,
    )
    common.trail(submission, actor_id, "submission.asked" if from_association else "submission.answered")
    return query, True


def _same_words(last: Query, about: dict, text: str, actor_id: int) -> bool:
    same_place = (last.answers, last.cell) == (about["answers"], about["cell"])
    return same_place and (last.text, last.author_id) == (text, actor_id)
