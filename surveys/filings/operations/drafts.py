"""The one way into a filing: lock it, check that it may be written, write, and leave a trace."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.operations import record
from surveys.catalog import queries as catalog
from surveys.catalog.models import Obligation, ObligationState, Round
from surveys.catalog.operations import set_obligation_state
from surveys.filings import queries
from surveys.filings.declarations import covers_month
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.models import Event, EventKind, Filing, Writer
from surveys.submissions.queries import may_be_filed
from tenants.actors import Actor

WRITABLE = (ObligationState.NONE, ObligationState.DRAFT, ObligationState.RETURNED)
NOT_WRITABLE = {
    ObligationState.SUBMITTED: gettext_lazy("已提交签发，先收回再改。"),
    ObligationState.SEALED: gettext_lazy("已封存报送，正在审核。要改数，先撤回；协会已提疑问的，等退回。"),
    ObligationState.ACCEPTED: gettext_lazy("已接受，只读。"),
}


@dataclass
class Draft:
    """A locked filing inside a transaction."""

    filing: Filing
    round: Round
    obligation: Obligation
    version: int
    now: datetime.datetime

    @property
    def next_revision(self) -> int:
        return self.filing.revision + 1


@transaction.atomic
def ensure_filing(*, round_code: str, university_code: str, unit: str = "") -> Filing:
    """The filing of an obligation, created when nobody has written yet. Raises Obligation.DoesNotExist when the
    university owes nothing there."""
    catalog.obligation(round_code, university_code, unit)
    filing, _created = Filing.objects.get_or_create(round_code=round_code, unit=unit)
    return filing


def begin(
    *,
    filing_id: int,
    actor: Actor,
    now: datetime.datetime,
    revision: int | None = None,
    states: Iterable[str] = WRITABLE,
    timed: bool = True,
) -> Draft:
    """Locks the filing for a write of `actor` at `now` (the database's clock). Call it inside a transaction.
    `timed=False` is for what review asks after the closing.

    Raises FilingError when its state or the round's times forbid it, Conflict when it is past `revision`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("begin() needs a transaction")
    filing = Filing.objects.select_for_update().get(pk=filing_id)
    obligation = catalog.obligation(filing.round_code, actor.university_code, filing.unit)
    _check_state(obligation, tuple(states))
    if timed:
        check_open(obligation, now)
    check_revision(filing, revision, actor)
    version = queries.version_under_way(filing, actor.university_code)
    return Draft(filing, obligation.round, obligation, version, now)


def check_revision(filing: Filing, revision: int | None, actor: Actor) -> None:
    """Raises Conflict when somebody, the actor on another page too, wrote after `revision`."""
    if revision is None or filing.revision == revision:
        return
    last = filing.events.order_by("-revision").first()
    who = last.actor_name if last else _("同事")
    what = last.get_kind_display() if last else _("修改")
    if last and last.actor_id == actor.id:
        text = _("你在别的页面做过“%(what)s”，这一步没有写入。") % {"what": what}
    else:
        text = _("%(who)s刚刚%(what)s，你的这一步没有写入。") % {"who": who, "what": what}
    raise Conflict(text, filing, revision)


def check_open(row: Obligation, now: datetime.datetime) -> None:
    """Raises FilingError unless the university may write at `now`."""
    if may_be_filed(row, now):
        return
    if now < row.round.opens_at:
        raise FilingError(_("“%(round)s”还没有开始，开始后再填。") % {"round": row.round.title})
    raise FilingError(
        _("“%(round)s”已经关闭，不再收报表。确需补报或更正，在报表页申请延期。") % {"round": row.round.title}
    )


def _check_state(obligation: Obligation, states: tuple[str, ...]) -> None:
    if obligation.state in states:
        return
    if obligation.state in NOT_WRITABLE and states == WRITABLE:
        raise FilingError(str(NOT_WRITABLE[obligation.state]))
    raise FilingError(
        _("现在的状态是“%(state)s”，这一步已经不能做，什么也没有改。")
        % {"state": obligation.get_state_display()}
    )


def finish(
    draft: Draft,
    *,
    kind: str,
    actor: Actor,
    what: str = "",
    text: str = "",
    facts: dict | None = None,
    fields: Iterable[str] = (),
) -> Event:
    """Closes a write: the revision goes up, the event, the hand (`what`, '' for none) and the trail are written, a
    first write makes the obligation a draft, and the checks are run again when figures changed."""
    filing = draft.filing
    if filing.nil_reason and kind in (EventKind.LOADED, EventKind.EDITED):
        raise FilingError(_("已声明零报告。有数要报，先取消零报告。"))
    filing.revision += 1
    if what in ("value", "denominator") or kind == EventKind.BOUNDARY:
        filing.issues = checked(draft)
    filing.save(update_fields=["revision", "issues"])
    event = Event.objects.create(
        filing=filing,
        revision=filing.revision,
        kind=kind,
        text=text,
        facts=facts or {},
        at=draft.now,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    if what:
        Writer.objects.get_or_create(
            filing=filing,
            version=draft.version,
            actor_id=actor.id,
            what=what,
            defaults={"actor_name": actor.name},
        )
    if what and draft.obligation.state == ObligationState.NONE:
        move(draft, ObligationState.DRAFT, actor)
    record(
        actor_id=actor.id,
        university_code=actor.university_code,
        action=f"filing.{kind}",
        object_type="filing",
        object_id=f"{filing.round_code}/{filing.unit}",
        fields=fields,
    )
    return event


def move(draft: Draft, state: str, actor: Actor) -> None:
    """Moves the obligation of a draft."""
    set_obligation_state(
        round_code=draft.filing.round_code,
        university_code=actor.university_code,
        unit=draft.filing.unit,
        state=state,
        now=draft.now,
    )
    draft.obligation.state = state


def checked(draft: Draft) -> list[dict]:
    """The checks' findings on the draft as it stands now, errors and warnings only, as plain data."""
    from surveys.filings.boundary import deducted
    from surveys.filings.intake_context import context_of
    from surveys.intake import recheck
    from surveys.intake.result import issue_data

    figures = queries.figures_of(draft.filing)
    if not len(figures):
        return []
    university = draft.obligation.university_code
    context = context_of(draft.round, draft.filing, university, draft.filing.unit)
    issues = recheck(figures, replace(context, deducted=deducted(draft.filing, context.definition)))
    found = [issue for issue in issues if issue.severity in ("error", "warning")]
    return [issue_data(issue) for issue in found if covers_month(draft.filing, issue.period or "")]
