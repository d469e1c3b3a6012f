"""Which facility each score is of, once the whole file is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from surveys.definition.said import say
from surveys.instruments.figures import TEXTS, Figures
from surveys.intake.context import Context
from surveys.intake.facilities import settle
from surveys.intake.result import Issue
from surveys.intake.scores.entry import Entry
from surveys.intake.scores.places import by_name
from surveys.intake.scores.sheet import Scores
from surveys.intake.scores.words import Words


def settle_places(
    file: str, sheets: list[Scores], context: Context, words: Words, own: tuple[str, ...], issues: list[Issue]
) -> tuple[list[str], dict[str, str]]:
    """Give every score and every answer its facility: (unknown names, id → name).

    A file of one facility is all of that facility's. In a file of several the school's items are nobody's in
    particular (''). A file that names none takes its own name's, or the only one of the register."""
    entries = [entry for sheet in sheets for entry in sheet.entries]
    named = list(dict.fromkeys(e.facility for e in entries if e.facility and not e.item.at_school))
    named = named or list(dict.fromkeys(e.facility for e in entries if e.facility))
    # sheets of groups under one that says whose they are
    stated = list(dict.fromkeys(place for sheet in sheets for place in sheet.stated))
    if not named and entries:
        name = stated[0] if len(stated) == 1 else by_name(file, words, own) or _only(context)
        named = [name] if name else []
    ids, unknown, labels = _known(named, entries, context, issues)
    places = list(dict.fromkeys(ids.get(name, name) for name in named))
    # a sheet called after another facility makes it a file of several, also where nothing of it can be read
    one = places[0] if len(places) == 1 and {ids.get(name, name) for name in stated} <= set(places) else ""
    for sheet in sheets:
        sheet.entries = [replace(e, facility=_place(e, one, ids)) for e in sheet.entries]
        sheet.vetoes = [(ids.get(p, p) or one, key, answer) for p, key, answer in sheet.vetoes]
    _tell_nameless(sheets, bool(places), issues)
    return unknown, labels


def _only(context: Context) -> str:
    return context.facilities[0].name if len(context.facilities) == 1 else ""


def _place(entry: Entry, one: str, ids: dict[str, str]) -> str:
    if one:
        return one
    return "" if entry.item.at_school else ids.get(entry.facility, entry.facility)


def _known(
    names: list[str], entries: list[Entry], context: Context, issues: list[Issue]
) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """Name → id of the register, names it does not have, id → name; findings where a name first stands."""
    first = {name: next((e for e in entries if e.facility == name), entries[0]) for name in names}
    texts = {name: [""] * len(names) for name in TEXTS}
    texts |= {
        "facility": names,
        "sheet": [first[n].sheet for n in names],
        "cell": [first[n].cell for n in names],
    }
    figures, unknown, labels = settle(Figures(texts, np.zeros(len(names))), context, issues)
    return dict(zip(names, figures["facility"], strict=True)), unknown, labels


def _tell_nameless(sheets: list[Scores], named: bool, issues: list[Issue]) -> None:
    """Scores of facilities that name none. Where others do (`named`) they are an error and are not taken; where nobody
    does they are the filing's own."""
    for sheet in sheets:
        nameless = [e for e in sheet.entries if not e.facility and not e.item.at_school]
        if not nameless:
            continue
        name, first = sheet.sheet.name, nameless[0]
        if not named:
            message = say("“{sheet}”表没有写是哪一处的分，按填报的那一处写入。", sheet=name)
            remedy = say("确认填报的就是这一处；以后在表头写明名称。")
            issues.append(Issue("facility_missing", "warning", name, None, message, remedy))
            return
        message = say(
            "“{sheet}”表 {cell} 起的分没有写是哪一处，别的都写了，这些没有写入。", sheet=name, cell=first.cell
        )
        remedy = say("在表头写明楼宇或食堂的名称，再上传。")
        cells = tuple(e.cell for e in nameless)
        issues.append(Issue("facility_missing", "error", name, first.cell, message, remedy, cells=cells))
        sheet.draft.reported |= {(name, e.row, e.column) for e in nameless}
        gone = set(map(id, nameless))
        sheet.entries = [e for e in sheet.entries if id(e) not in gone]
