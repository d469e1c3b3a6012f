"""What the pages of the instruments show: the definition that ships beside the versions that were published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.reach import Reach
from surveys import instruments
from surveys.catalog.differences import Difference, differences
from surveys.catalog.models import Version
from surveys.catalog.queries import definition_of, newest_version, versions_within
from surveys.definition import Definition
from surveys.definition.factors import FactorRow, FactorTable, factor_tables
from surveys.definition.unverified import Doubt, doubts

FRESH, WAITING, PUBLISHED = "fresh", "waiting", "published"


@dataclass(frozen=True)
class InstrumentLine:
    """One instrument: the definition that ships with the platform (None once it does not any more), and its versions,
    newest first."""

    code: str
    shipped: Definition | None
    versions: tuple[Version, ...]

    @property
    def title(self) -> str:
        """What it is called in the reader's language."""
        if self.shipped is None:
            return str(self.versions[0].instrument)
        title = self.shipped.title
        return title.get("en", title["zh"]) if (get_language() or "").startswith("en") else title["zh"]

    @cached_property
    def newest(self) -> Version | None:
        """The version that was published last."""
        return next((found for found in self.versions if found.published_at), None)

    @cached_property
    def waiting(self) -> Version | None:
        """The version that waits for its second person."""
        return next((found for found in self.versions if not found.published_at), None)

    @property
    def state(self) -> str:
        """Where the shipped definition stands: fresh, waiting or published."""
        if self.shipped is None:
            return PUBLISHED
        if self.waiting and self.waiting.sha256 == self.shipped.definition_hash:
            return WAITING
        same = (found for found in self.versions if found.sha256 == self.shipped.definition_hash)
        return PUBLISHED if any(same) else FRESH

    def tables(self) -> tuple[FactorTable, ...]:
        """The factor tables of the shipped definition beside those published last."""
        return tables_of(self.shipped, self.newest) if self.shipped else ()

    def differences(self) -> list[Difference]:
        """What the shipped definition changes in the items of an evaluation."""
        return differences(self.shipped, self.newest) if self.shipped else []

    @property
    def definition(self) -> Definition:
        """The shipped definition, or that of the newest version where none ships any more."""
        return self.shipped or definition_of(self.versions[0])


def lines(reach: Reach) -> list[InstrumentLine]:
    """The instruments in the reach: those that ship in the order they are offered, then those of former times."""
    versions: dict[str, list[Version]] = {}
    for found in versions_within(reach):
        versions.setdefault(found.instrument_id, []).append(found)
    shipped = {code: instruments.get(code) for code in instruments.codes()}
    within = [code for code, definition in shipped.items() if reach.holds(definition.committee)]
    return [
        InstrumentLine(code, shipped.get(code), tuple(versions.get(code, ())))
        for code in dict.fromkeys([*within, *versions])
    ]


def tables_of(definition: Definition, before: Version | None) -> tuple[FactorTable, ...]:
    """The factor tables of a definition beside those of a version, in the reader's language; those that changed come
    first."""
    language = get_language() or ""
    former = definition_of(before).in_language(language) if before else None
    tables = factor_tables(definition.in_language(language), former)
    ordered = sorted(tables, key=lambda table: not table.changed)
    return tuple(_named(table, definition, language) for table in ordered)


def _named(table: FactorTable, definition: Definition, language: str) -> FactorTable:
    """The grid's rows are called by year and region, which are said in the reader's language."""

    def name(row: FactorRow) -> FactorRow:
        year, _space, region = row.name.partition(" ")
        return replace(row, name=f"{year} {definition.say(region, language) or _('全国')}")

    return replace(table, rows=tuple(map(name, table.rows))) if table.key == "grid" else table


def before(version: Version) -> Version | None:
    """What a version is held against: for one that waits the newest published, else the one published before it."""
    if not version.published_at:
        return newest_version(version.instrument_id)
    earlier = version.instrument.versions.filter(published_at__isnull=False, number__lt=version.number)
    return earlier.order_by("-number").first()


def doubts_of(definition: Definition) -> list[tuple[str, Doubt]]:
    """(what it is, the doubt), of everything in a definition that is not verified, in the reader's language."""
    kinds = {"boundary": _("边界"), "size": _("按月折算"), "item": _("项目"), "check": _("核对规则")}
    return [(kinds[doubt.kind], doubt) for doubt in doubts(definition.in_language(get_language() or ""))]


def table_title(table: FactorTable) -> str:
    """What a factor table is called."""
    titles = {"carbon": _("碳排放因子"), "grid": _("电网碳排放因子")}
    return titles.get(table.key) or _("折标煤系数：%(name)s") % {"name": table.name}
