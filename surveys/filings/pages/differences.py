"""What an upload changes, in words and lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.catalog.names import base_unit, value_name
from surveys.definition import Definition
from surveys.filings.differences import Change, Differences
from ui.formats import number, phrases

# so many lines are shown; the counts are of all
SHOWN = 60


@dataclass(frozen=True)
class ChangeLine:
    """One changed figure: its name, what stood there, what comes, where from."""

    name: str
    unit: str
    before: Decimal | None
    after: Decimal | None
    change: float | None
    place: str
    by_hand: bool


@dataclass(frozen=True)
class DifferencesPart:
    """The panel: its title is what it says in one line."""

    title: str
    lines: tuple[ChangeLine, ...]
    more: int
    by_hand: int


def differences_part(
    found: Differences, definition: Definition, names: Mapping[str, str], *, done: bool
) -> DifferencesPart:
    """`names`: facility code → name; `done`: the upload is written already."""
    return DifferencesPart(
        title=_title(found, done),
        lines=tuple(_line(change, definition, names) for change in found.changes[:SHOWN]),
        more=max(len(found.changes) - SHOWN, 0),
        by_hand=sum(change.by_hand for change in found.changes),
    )


def _title(found: Differences, done: bool) -> str:
    changed, n = len(found.changes), found.inserted
    if not changed and not n:
        return _("和草稿完全一样") if not done else _("这次写入没有改动")
    parts = []
    if changed:
        parts.append(ngettext("改动 %(n)s 个数", "改动 %(n)s 个数", changed) % {"n": number(changed)})
    if n:
        parts.append(ngettext("新增 %(n)s 格", "新增 %(n)s 格", n) % {"n": number(n)})
    if found.same:
        parts.append(ngettext("%(n)s 格不变", "%(n)s 格不变", found.same) % {"n": number(found.same)})
    if found.kept:
        kept = ngettext("草稿里另有 %(n)s 格，保留", "草稿里另有 %(n)s 格，保留", found.kept)
        parts.append(kept % {"n": number(found.kept)})
    return phrases(parts)


def _line(change: Change, definition: Definition, names: Mapping[str, str]) -> ChangeLine:
    before, after = change.before, change.after
    share = float(after / before - 1) if before and after is not None else None
    return ChangeLine(
        name=value_name(
            definition,
            change.item,
            change.measure,
            change.period,
            names.get(change.facility, change.facility),
        ),
        unit=base_unit(definition, change.item, change.measure),
        before=before,
        after=after,
        change=share,
        place=f"{change.sheet}!{change.cell}" if change.cell else "",
        by_hand=change.by_hand,
    )
