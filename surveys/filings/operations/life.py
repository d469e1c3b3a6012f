"""From draft to seal and back: submit, take back, send back, sign, withdraw, answer."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.failpoints import reach
from notices.operations import notify
from surveys.catalog.addresses import page_of, title_of
from surveys.catalog.models import ObligationState
from surveys.filings import four_eyes, queries
from surveys.filings.contents import contents
from surveys.filings.errors import FilingError, NotComplete
from surveys.filings.models import EventKind, Filing, UploadState, Writer
from surveys.filings.operations.drafts import Draft, begin, finish, move
from surveys.filings.readiness import readiness
from surveys.submissions import operations as submissions
from surveys.submissions import queries as sealed
from surveys.submissions.models import Query, Submission
from tenants.actors import Actor
from ui.formats import listed

State = ObligationState
WRITING_WORDS = {
    "value": gettext_lazy("数值"),
    "mapping": gettext_lazy("表头或改正"),
    "explanation": gettext_lazy("说明"),
    "denominator": gettext_lazy("人数和面积"),
    "evidence": gettext_lazy("附件"),
    "submit": gettext_lazy("提交"),
}


@transaction.atomic
def submit(*, filing: Filing, revision: int, actor: Actor, now: datetime.datetime) -> None:
    """The clerk hands the draft to the approver. Raises NotComplete with what is missing, FilingError, Conflict."""
    draft = begin(
        filing_id=filing.pk, actor=actor, now=now, revision=revision, states=(State.DRAFT, State.RETURNED)
    )
    missing = readiness(draft.filing, draft.round, actor.university_code, now)
    if missing.problems:
        raise NotComplete([problem.text for problem in missing.problems])
    move(draft, State.SUBMITTED, actor)
    finish(draft, kind=EventKind.SUBMITTED, actor=actor, what="submit", facts={"values": missing.values})
    _tell(draft, actor, _("%(round)s：等你签发"), role="approver")


@transaction.atomic
def take_back(*, filing: Filing, actor: Actor, now: datetime.datetime) -> None:
    """The clerk takes the draft back from the approver to change something. Raises FilingError."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now, states=(State.SUBMITTED,))
    _reopen(draft, actor)
    finish(draft, kind=EventKind.TAKEN_BACK, actor=actor)


@transaction.atomic
def send_back(*, filing: Filing, reason: str, actor: Actor, now: datetime.datetime) -> None:
    """The approver does not sign and says why. Raises FilingError without a reason."""
    if not reason.strip():
        raise FilingError(_("写明为什么退给填报人。"))
    draft = begin(filing_id=filing.pk, actor=actor, now=now, states=(State.SUBMITTED,))
    _reopen(draft, actor)
    finish(draft, kind=EventKind.SENT_BACK, actor=actor, text=reason.strip())
    _tell(draft, actor, _("%(round)s：审核人退给填报人"), role="clerk", body=reason.strip())


def _reopen(draft: Draft, actor: Actor) -> None:
    move(draft, State.DRAFT, actor)


@transaction.atomic
def sign(*, filing: Filing, revision: int, actor: Actor, now: datetime.datetime) -> Submission:
    """The approver signs: the draft is sealed and handed in, in this one transaction.

    `revision` is what the approver saw. Raises FilingError (four eyes, state, time), NotComplete, Conflict.
    """
    draft = begin(filing_id=filing.pk, actor=actor, now=now, revision=revision, states=(State.SUBMITTED,))
    refuse_own_hand(queries.writers_of(draft.filing, draft.version), actor)
    missing = readiness(draft.filing, draft.round, actor.university_code, now)
    if missing.problems:
        raise NotComplete([problem.text for problem in missing.problems])
    reach("sign.begun")
    try:
        submission = _seal(draft, actor, now)
    except submissions.SubmissionError as error:
        raise FilingError(str(error)) from error
    reach("sign.sealed")
    finish(draft, kind=EventKind.SIGNED, actor=actor, facts={"submission": submission.number})
    reach("sign.finished")
    return submission


def refuse_own_hand(writers: list[Writer], actor: Actor) -> None:
    """Four eyes. Raises FilingError naming what the person wrote."""
    mine = four_eyes.hands_of(actor.id, [four_eyes.Hand(w.actor_id, w.what) for w in writers])
    if mine:
        words = listed(str(WRITING_WORDS.get(what, what)) for what in mine)
        raise FilingError(
            _("不能签发：这一版里有你经手的%(what)s。填的人和签的人必须是两个人，请本校另一位审核人签发。")
            % {"what": words}
        )


def _seal(draft: Draft, actor: Actor, now: datetime.datetime) -> Submission:
    filing = draft.filing
    held = contents(filing, draft.round, amending=draft.obligation.is_amending)
    held["declared"] |= _signed_for(actor)
    return submissions.seal(
        round=draft.round,
        university_code=actor.university_code,
        unit=filing.unit,
        writers=sorted({writer.actor_id for writer in queries.writers_of(filing, draft.version)}),
        files=_files(filing),
        actor_id=actor.id,
        actor_name=actor.name,
        now=now,
        **held,
    )


def _signed_for(actor: Actor) -> dict:
    """Whom a substitute signs for, as the seal keeps it."""
    principal = actor.signs_for
    if principal is None:
        return {}
    said = {"id": principal.id, "name": principal.name, "by": actor.name, "reason": principal.reason}
    return {"signed_for": said | {"until": principal.until.isoformat()}}


def _files(filing: Filing) -> list[dict]:
    """The originals the sealed values came from."""
    rows = filing.uploads.filter(state=UploadState.LOADED).order_by("loaded_at")
    return [{"kind": "original", "name": u.name, "sha256": u.sha256, "size": u.size} for u in rows]


@transaction.atomic
def withdraw(*, filing: Filing, reason: str, actor: Actor, now: datetime.datetime) -> None:
    """The university takes its seal back before the association has begun. Raises FilingError."""
    draft = begin(filing_id=filing.pk, actor=actor, now=now, states=(State.SEALED,))
    submission = sealed.latest(draft.round, actor.university_code, filing.unit)
    try:
        submissions.withdraw(
            submission=submission, actor_id=actor.id, actor_name=actor.name, now=now, reason=reason.strip()
        )
    except submissions.SubmissionError as error:
        raise FilingError(str(error)) from error
    finish(
        draft,
        kind=EventKind.WITHDRAWN,
        actor=actor,
        text=reason.strip(),
        facts={"submission": submission.number},
    )


@transaction.atomic
def answer_query(*, filing: Filing, query: Query, text: str, actor: Actor, now: datetime.datetime) -> Query:
    """Answers a question of the association. Allowed while it reviews and after a return; the person has then had a
    hand in the version. Raises FilingError."""
    states = (State.SEALED, State.RETURNED, State.DRAFT)
    draft = begin(filing_id=filing.pk, actor=actor, now=now, states=states, timed=False)
    try:
        made = submissions.answer(query=query, text=text, actor_id=actor.id, actor_name=actor.name, now=now)
    except submissions.SubmissionError as error:
        raise FilingError(str(error)) from error
    finish(draft, kind=EventKind.ANSWERED, actor=actor, what="explanation", facts={"query": query.pk})
    return made


def _tell(draft: Draft, actor: Actor, subject: str, role: str, body: str = "") -> None:
    notify(
        subject=subject % {"round": title_of(draft.obligation)},
        body=body,
        university_code=actor.university_code,
        role=role,
        path=page_of(draft.obligation),
    )
