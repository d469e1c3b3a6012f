"""The factor tables of a definition as a person compares them with their sources: what two persons look at before a
version is published."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from surveys.definition.model import Definition, FactorSet, GridFactor, Item


@dataclass(frozen=True)
class FactorRow:
    """One factor: `value` is the number as written ('' where none was published), `former` that of the version before
    (None where there was none)."""

    key: str
    name: str
    value: str
    unit: str
    source: str = ""
    unverified: bool = False
    former: str | None = None

    @property
    def changed(self) -> bool:
        """Whether it differs from the version before, or is new."""
        return self.former != self.value


@dataclass(frozen=True)
class FactorTable:
    """Factors of one source. `gone` are the rows that the version before had and this one has not."""

    key: str
    name: str
    version: str
    source: str
    rows: tuple[FactorRow, ...]
    gone: tuple[FactorRow, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any factor differs from the version before."""
        return bool(self.gone) or any(row.changed for row in self.rows)


def factor_tables(definition: Definition, before: Definition | None = None) -> tuple[FactorTable, ...]:
    """Every factor table of a definition, each row beside its value in `before`, the version published last; empty for
    an instrument without factors."""
    former = {} if before is None else {table.key: table for table in _tables(before)}
    return tuple(_beside(table, former.get(table.key)) for table in _tables(definition))


def to_check(definition: Definition, before: Definition | None) -> tuple[str, ...]:
    """The keys of the tables that differ from the version published last; all of them where there is none."""
    return tuple(table.key for table in factor_tables(definition, before) if table.changed)


def _beside(table: FactorTable, former: FactorTable | None) -> FactorTable:
    values = {row.key: row.value for row in former.rows} if former else {}
    rows = tuple(replace(row, former=values.get(row.key)) for row in table.rows)
    kept = {row.key for row in rows}
    gone = tuple(row for row in former.rows if row.key not in kept) if former else ()
    return replace(table, rows=rows, gone=gone)


def _tables(definition: Definition) -> Iterator[FactorTable]:
    for found in definition.factor_sets:
        rows = _factor_rows(definition, found)
        yield FactorTable(f"coal.{found.key}", found.name, found.version, found.source, tuple(rows))
    if definition.co2:
        about = definition.body["co2_factors"]
        rows = _carbon_rows(definition, about.get("unverified", ()))
        yield FactorTable("carbon", "", str(about.get("version", "")), about.get("source", ""), tuple(rows))
    if definition.grid:
        rows = (row for year in definition.grid for row in _grid_rows(definition, year))
        yield FactorTable("grid", "", "", "", tuple(rows))


def _factor_rows(definition: Definition, found: FactorSet) -> Iterator[FactorRow]:
    notes: Mapping[str, str] = next(
        (s.get("notes", {}) for s in definition.body["factor_sets"] if s["key"] == found.key), {}
    )
    for item in _in_order(definition, found.kgce):
        value, unit = _number(found.kgce[item.key]), f"kgce/{item.unit}"
        unverified = item.key in found.unverified
        yield FactorRow(item.key, item.name, value, unit, notes.get(item.key, ""), unverified)


def _carbon_rows(definition: Definition, unverified: tuple[str, ...]) -> Iterator[FactorRow]:
    for item in _in_order(definition, definition.co2):
        value, unit = _number(definition.co2[item.key]), f"kgCO2/{item.unit}"
        yield FactorRow(item.key, item.name, value, unit, unverified=item.key in unverified)


def _grid_rows(definition: Definition, year: GridFactor) -> Iterator[FactorRow]:
    names = definition.body["grid_factors"]
    where = {"local": names.get("local_name", ""), "region": names.get("region_name", ""), "national": ""}
    source = "；".join(filter(None, (year.notice, year.source)))
    for reach, name in where.items():
        value = getattr(year, reach)
        yield FactorRow(
            f"{year.year}.{reach}", f"{year.year} {name}".strip(), _number(value), "kgCO2/kWh", source
        )


def _in_order(definition: Definition, keys: Container[str]) -> Iterator[Item]:
    """As the form has them: a published body no longer knows the order its keys were written in."""
    return (item for item in definition.items if item.key in keys)


def _number(value: Decimal | None) -> str:
    """As it is written in the definition; '' for a blank."""
    return "" if value is None else f"{value:f}"
