"""One score said more than once: the same twice is one, two different ones are asked."""

from __future__ import annotations

from collections.abc import Iterator

from surveys.definition.evaluation import SCORE
from surveys.definition.said import listing, say
from surveys.intake.result import Issue
from surveys.intake.scores.entry import Entry
from surveys.intake.scores.judge import Bench


def one_each(bench: Bench, entries: list[Entry]) -> Iterator[Entry]:
    """Entries of which no two are of one item and facility. What gives way is left out with its reason; where two
    scores differ, both are asked and neither comes back."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.facility, entry.item.key), []).append(entry)
    for same in groups.values():
        # 不适用 is an answer, a blank is none
        said = (
            [e for e in same if e.filled]
            or [e for e in same if e.reading.state == "not_applicable"]
            or same[:1]
        )
        first = said[0]
        if all(_says(e) == _says(first) for e in said):
            yield first
            _leave(bench, first, [e for e in same if e is not first])
        else:
            _ask(bench, said)
            _leave(bench, first, [e for e in same if all(e is not s for s in said)])


def _says(entry: Entry) -> object:
    return entry.value if entry.value is not None else (entry.reading.state, str(entry.raw).strip())


def _leave(bench: Bench, first: Entry, others: list[Entry]) -> None:
    why = say("与 {cell} 是同一个分，只取一处", cell=f"{first.sheet}!{first.cell}")
    for entry in others:
        bench.draft.leave(entry.sheet, entry.row, entry.column, entry.row, entry.column, why)


def _ask(bench: Bench, entries: list[Entry]) -> None:
    places = [f"{e.sheet}!{e.cell}" for e in entries]
    readings = [
        (say("取 {place}", place=p), e.value)
        for p, e in zip(places, entries, strict=True)
        if e.value is not None
    ]
    for entry in entries:
        bench.report(entry)
        message = say("{name}有 {n} 个不同的分：{places}。", name=bench.name(entry), n=len(entries),
                      places=listing(places[:4]))  # fmt: skip
        value = "" if entry.value is None else format(entry.value, "f")
        bench.draft.issues.append(
            Issue("duplicate", "error", entry.sheet, entry.cell, message, say("改成一样的，或选定其中一个。"),
                  facility=entry.facility, item=entry.item.key, measure=SCORE, period=bench.period, value=value)
        )  # fmt: skip
        bench.ask(entry, "", readings, say("同一项有不同的分"))
