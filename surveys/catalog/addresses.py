"""Where a report stands under `/u/<code>/rounds/`: by its round, and where facilities file one by one, by its unit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.catalog.models import Obligation
from surveys.catalog.queries import by_facility

OF, OWN = "/of/", "-"


class ReportKey(str):
    """The address of a report below `rounds/`: `energy-2024`, `dormitory-2025/of/M3`, `dormitory-2025/of/-` for the
    university's own part; `dormitory-2025` alone is the page of all its parts."""

    __slots__ = ()

    @property
    def round_code(self) -> str:
        return self.partition(OF)[0]

    @property
    def unit(self) -> str:
        """The facility's code, '' for the university."""
        unit = self.partition(OF)[2]
        return "" if unit == OWN else unit

    @property
    def is_part(self) -> bool:
        """Whether it names one part of a round in which facilities file one by one."""
        return OF in self


class ReportConverter:
    """`<report:key>` in a path."""

    regex = rf"[-a-zA-Z0-9_]+(?:{OF}(?:{OWN}|[A-Za-z0-9][A-Za-z0-9_-]*))?"

    def to_python(self, value: str) -> ReportKey:
        return ReportKey(value)

    def to_url(self, value: str) -> str:
        return str(value)


def key_of(obligation: Obligation) -> ReportKey:
    """The address of the report that is owed."""
    if obligation.unit:
        return ReportKey(f"{obligation.round_id}{OF}{obligation.unit}")
    return ReportKey(
        f"{obligation.round_id}{OF}{OWN}" if by_facility(obligation.round) else obligation.round_id
    )


def page_of(obligation: Obligation) -> str:
    """The path of its page at the university."""
    return f"/u/{obligation.university_code}/rounds/{key_of(obligation)}/"


def title_of(obligation: Obligation) -> str:
    """The round, and whose part of it this is: `2025 公寓评估 · 梅园3号楼`."""
    if obligation.unit:
        return f"{obligation.round.title} · {obligation.unit_name or obligation.unit}"
    return (
        f"{obligation.round.title} · {_('学校层面')}"
        if by_facility(obligation.round)
        else obligation.round.title
    )
