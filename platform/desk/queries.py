"""What waits for the association, composed from what the lower rooms offer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from accounts.reach import Reach
from surveys.catalog.pages import RequestLine, RoundLine, line, request_lines
from surveys.catalog.queries import Standing, current_rounds, open_requests, standings
from surveys.submissions.models import Submission
from surveys.submissions.pages import queue

OLDEST = 6


@dataclass(frozen=True)
class Late:
    """A university that owes a round past its due time."""

    round_code: str
    round_title: str
    standing: Standing


@dataclass(frozen=True)
class Waiting:
    """Everything on the desk: running rounds, seals to review (oldest first, `waiting` in all), how many wait for an
    answer, who was sent back and has not handed in again, who is late, who asks for another day."""

    rounds: list[RoundLine]
    seals: list[queue.Item]
    waiting: int
    queried: int
    returned: list[queue.Item]
    late: list[Late]
    requests: list[RequestLine]


def waiting(reach: Reach, now: datetime.datetime) -> Waiting:
    """What waits at `now` in the reach of a person."""
    running = list(current_rounds(reach, now))
    found = queue.items(queue.rounds_in_view(reach, now), "", now)
    seals = queue.of_tab(found, queue.WAITING)
    return Waiting(
        rounds=[line(round, now) for round in running],
        seals=seals[:OLDEST],
        waiting=len(seals),
        queried=len(queue.of_tab(found, queue.QUERIED)),
        returned=queue.of_tab(found, queue.RETURNED),
        requests=request_lines(open_requests(reach), now),
        late=[Late(r.pk, r.title, s) for r in running for s in standings(r, now) if s.overdue],
    )


def oldest_seal(found: Waiting) -> Submission | None:
    """The seal that has waited longest."""
    return found.seals[0].submission if found.seals else None
