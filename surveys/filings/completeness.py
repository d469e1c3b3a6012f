"""Is a draft whole? Pure: rows and reasons in, gaps out.

What was begun must be finished: an item that has a figure for one month of the round needs one for each month that is
over. A blank is not zero; it may stay blank with a reason. An item of the last filing that is gone needs a reason too.
A seasonal item need not be filed outside its season. Denominators of the definition need a value or a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.definition import Definition

# the rule under which the reason for a blank is kept
BLANK = "blank"


@dataclass(frozen=True)
class Gap:
    """A figure that is not there and has no reason: its periods together, '' for the whole round."""

    item: str
    measure: str
    periods: tuple[str, ...]
    facility: str = ""


def gaps(
    definition: Definition,
    rows: Iterable[Mapping],
    months: Iterable[str],
    *,
    earlier: Iterable[tuple[str, str]] = (),
    reasons: Iterable[tuple[str, str, str, str]] = (),
) -> list[Gap]:
    """Figures that are missing, in the order of the definition.

    rows: {facility, item, measure, period, value, flag}; months: those that must be there; earlier: (item, measure)
    of the filing before; reasons: (facility, item, measure, period) that are explained, period '' for all of them.
    """
    months, explained = tuple(months), set(reasons)
    have: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        key = (row["facility"], row["item"], row["measure"])
        found = have.setdefault(key, set())
        if row["value"] is not None or row["flag"] == "not_applicable":
            found.add(row["period"])
    found = [
        gap
        for key in sorted(have, key=_order(definition))
        if (gap := _gap(definition, key, have[key], months, explained))
    ]
    there = {(item, measure) for _, item, measure in have}
    gone = {pair for pair in earlier if pair not in there and ("", *pair, "") not in explained}
    ordered = sorted((("", *pair) for pair in gone), key=_order(definition))
    return found + [Gap(item, measure, ()) for _, item, measure in ordered]


def missing_denominators(definition: Definition, given: Iterable[str], reasons: Iterable[tuple]) -> list[str]:
    """Keys of denominators without a value and without a reason, in the definition's order."""
    there = set(given) | {reason[1] for reason in reasons}
    return [d.key for d in definition.denominators if d.key not in there]


def _gap(definition, key, have, months, explained) -> Gap | None:
    facility, item, measure = key
    if (*key, "") in explained or (not any(len(period) == 7 for period in have) and have):
        return None
    wanted = in_season(definition, item, months)
    blank = tuple(m for m in wanted if m not in have and (*key, m) not in explained)
    return Gap(item, measure, blank, facility) if blank else None


def in_season(definition: Definition, item: str, months: Iterable[str]) -> tuple[str, ...]:
    """The months an item must be filed for."""
    season = definition.item(item).seasonal
    allowed = definition.seasons.get(season) if season else None
    return tuple(m for m in months if allowed is None or not m[5:7].isdigit() or int(m[5:7]) in allowed)


def _order(definition: Definition):
    items = {item.key: place for place, item in enumerate(definition.items)}
    measures = {measure.key: place for place, measure in enumerate(definition.measures)}
    return lambda key: (key[0], items.get(key[1], 99), measures.get(key[2], 99))
