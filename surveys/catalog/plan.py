"""When a round reminds by itself: so many working days before and after the due day, then upwards. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from surveys.catalog import workdays

CLERK, APPROVER, ASSOCIATION = "clerk", "approver", "association"


@dataclass(frozen=True)
class Step:
    """One reminder: its name in the plan (kept with what was sent), to whom, on which working day."""

    key: str
    to: str
    day: datetime.date


@dataclass(frozen=True)
class Plan:
    """Working days before the due day and after it on which the clerks are reminded; how many after it the approvers
    of the university are told, and the association (0: never)."""

    before: tuple[int, ...] = (10, 3, 1)
    after: tuple[int, ...] = (1,)
    approver: int = 3
    association: int = 5

    @classmethod
    def from_body(cls, body: Mapping) -> Plan:
        """The plan from what a round keeps (Round.reminders); the usual one where it keeps nothing."""
        if not body:
            return cls()
        return cls(tuple(body["before"]), tuple(body["after"]), body["approver"], body["association"])

    def body(self) -> dict:
        """The plan as a round keeps it."""
        return {
            "before": list(self.before),
            "after": list(self.after),
            "approver": self.approver,
            "association": self.association,
        }

    def steps(self, due_on: datetime.date) -> list[Step]:
        """Every step for a last day, in order of time."""
        found = [Step(f"before-{n}", CLERK, workdays.shifted(due_on, -n)) for n in self.before]
        found += [Step(f"after-{n}", CLERK, workdays.shifted(due_on, n)) for n in self.after]
        for to, number in ((APPROVER, self.approver), (ASSOCIATION, self.association)):
            if number:
                found.append(Step(to, to, workdays.shifted(due_on, number)))
        return sorted(found, key=lambda step: step.day)

    def is_silent(self) -> bool:
        """Whether nobody is ever reminded."""
        return not (self.before or self.after or self.approver or self.association)


def pending(steps: list[Step], sent: set[str], *, today: datetime.date, since: datetime.date) -> list[Step]:
    """What must go out today: for each audience the newest step whose day has come and that was not sent. An older one
    that was missed is overtaken by it; steps that lay before `since` (the opening, or the day an extension was given)
    are not made up for."""
    newest: dict[str, Step] = {}
    for step in steps:
        if since < step.day <= today:
            newest[step.to] = step
    return [step for step in newest.values() if step.key not in sent]
