"""Completion: how many have filed, as counts. Never who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from surveys.benchmarks.cohorts import EVERYONE
from surveys.benchmarks.queries import Done, Label
from ui.pictures import Segment, segments
from ui.tables import Column, Table, row, table

# the states of an obligation in the order of the bar; to the reader a seal that waits is under review
ORDER = (("accepted", "accepted"), ("sealed", "review"), ("returned", "returned"), ("submitted", "submitted"),
         ("draft", "draft"), ("none", "none"))  # fmt: skip


@dataclass(frozen=True)
class Round:
    """One round: its finding, the bar, and the table of its cohorts."""

    title: str
    finding: str
    day: object
    due_at: object
    segments: Sequence[Segment] = field(default_factory=tuple)
    cohorts: Table | None = None


def completion_of(done: Sequence[Done], labels: Mapping[str, Label]) -> dict:
    """{rounds: [Round], table: rates per round or None, first: the newest Round or None}."""
    rounds = [_round(one, labels) for one in done]
    return {"rounds": rounds, "first": rounds[0] if rounds else None, "table": _rates(done) if done else None}


def _round(done: Done, labels: Mapping[str, Label]) -> Round:
    handed_in = done.of("accepted") + done.of("sealed")
    values = {"title": done.title, "done": handed_in, "open": done.total() - handed_in}
    text = (
        _("%(title)s：%(done)s 所已报，%(open)s 所未报")
        if values["open"]
        else _("%(title)s：%(done)s 所全部已报")
    )
    bar = [(shown, done.of(state)) for state, shown in ORDER if done.of(state)]
    return Round(done.title, text % values, done.day, done.due_at, segments(bar), _cohorts(done, labels))


def _rates(done: Sequence[Done]) -> Table:
    columns = [Column(_("表"), kind="text"), Column(_("应报"), _("所"), decimals=0),
               Column(_("完成率"), kind="percent"), Column(_("及时率"), kind="percent")]  # fmt: skip
    return table(columns, [row(one.title, *_numbers(one, EVERYONE)) for one in done], label=_("各表完成情况"))


def _cohorts(done: Done, labels: Mapping[str, Label]) -> Table:
    columns = [Column(_("同类组"), kind="text"), Column(_("应报"), _("所"), decimals=0),
               Column(_("已接受"), _("所"), decimals=0),
               Column(_("完成率"), kind="percent", key=True), Column(_("及时率"), kind="percent")]  # fmt: skip
    shown = [label for label in labels.values() if label.code in done.cohorts()]
    rows = []
    for label in shown:
        total, rate, timely = _numbers(done, label.code)
        rows.append(row(label.text, total, done.of("accepted", label.code), rate, timely,
                        kind="sum" if label.code == EVERYONE else ""))  # fmt: skip
    return table(columns, rows, stack=True, label=done.title)


def _numbers(done: Done, cohort: str) -> tuple[int, float | None, float | None]:
    """Owed, share handed in (under review or accepted), share handed in by the due time."""
    total = done.total(cohort)
    if not total:
        return 0, None, None
    return (
        total,
        (done.of("accepted", cohort) + done.of("sealed", cohort)) / total,
        done.of("on_time", cohort) / total,
    )
