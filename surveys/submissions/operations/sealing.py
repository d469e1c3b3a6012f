"""Sealing a filing and taking the seal back: the university's side, under its role."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.failpoints import reach
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.queries import CLOSED, window_state
from surveys.submissions import payload as payloads
from surveys.submissions.errors import ReviewStarted, RoundNotOpen, StillUnderReview
from surveys.submissions.models import Decision, DecisionKind, SealedFile, Submission
from surveys.submissions.operations import common
from surveys.submissions.queries import decision_of, may_be_filed


@transaction.atomic
def seal(
    *,
    round: Round,
    university_code: str,
    unit: str = "",
    rows: Iterable[Mapping[str, Any] | tuple],
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
    declared: Mapping[str, Any] | None = None,
) -> Submission:
    """Seals one filing as its next version and hands it in. Runs in the caller's transaction, under the university's
    role. The obligation must stand at `submitted`; `now` is the database's clock at receipt.

    `rows` as payload.canonical takes them (base units); `denominators` {key: {value: decimal text, calibre}};
    `explanations` [{rule, facility, item, measure, period, text, actor_name}]; `issues` [{rule, severity, facility,
    item, measure, period, message, …}]; `facilities` [{id, name, campus, type, area}]; `writers` the ids of everyone
    who wrote something; `declared` what was declared beside the figures (Submission.declared); `files` [{kind, name,
    sha256, size}]. Values are plain JSON, numbers in them decimal texts.

    Raises RoundNotOpen, StillUnderReview, TransitionRefused, PayloadError.
    """
    key = {"university_code": university_code, "unit": unit}
    row = Obligation.objects.select_for_update(of=("self",)).select_related("round").get(round=round, **key)
    reach("seal.locked")
    if not may_be_filed(row, now):
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
        declared=dict(declared or {}),
        writers=sorted(writers),
        sealed_by_id=actor_id,
        sealed_by_name=actor_name,
        sealed_at=now,
    )
    _seal_files(submission, files)
    reach("seal.written")
    common.move(submission, ObligationState.SEALED, now)
    reach("seal.moved")
    common.trail(submission, actor_id, "submission.sealed")
    common.tell_association(submission, gettext_lazy("%(university)s报送：%(round)s v%(version)s"))
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
    row = common.lock(submission)
    if decision_of(submission) or submission.queries.exists():
        raise ReviewStarted(_("协会已开始审核，不能撤回。需要改数时，请协会退回。"))
    if window_state(row, now) == CLOSED:
        raise RoundNotOpen(_("批次已关闭，撤回后不能再报，所以不能撤回。"))
    decision = common.decide(submission, DecisionKind.WITHDRAWN, reason, actor_id, actor_name, now)
    common.move(submission, ObligationState.DRAFT, now)
    withdrawn = gettext_lazy("%(university)s撤回：%(round)s v%(version)s")
    common.tell_association(submission, withdrawn, decision.reason)
    return decision


def _refuse_pending(round: Round, key: dict) -> None:
    last = Submission.objects.filter(round=round, **key).defer("payload").order_by("-version").first()
    if last and not decision_of(last):
        raise StillUnderReview(_("第 %(version)s 版还在审核，审结前不能再报。") % {"version": last.version})


def _seal_files(submission: Submission, files: Iterable[Mapping[str, Any]]) -> None:
    fields = ("kind", "name", "sha256", "size")
    rows = [{name: file[name] for name in fields} for file in files]
    SealedFile.objects.bulk_create(
        SealedFile(submission=submission, university_code=submission.university_code, **row) for row in rows
    )
