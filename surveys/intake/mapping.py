"""Map: what a data column (or a row of it) is about → item, measure, unit and exact factor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from surveys.definition import Definition
from surveys.definition.said import listing, say, term, unit_term
from surveys.intake.headers import Column
from surveys.intake.labels import Label, agree
from surveys.intake.margins import SheetFacts
from surveys.intake.units import Unit, fold
from surveys.intake.words import Vocabulary


@dataclass(frozen=True)
class Resolution:
    """What the cells of one column (under one row label) are. `problem` is set when they must not be loaded."""

    item: str = ""
    measure: str = ""
    unit: str = ""
    factor: str = "1"
    confidence: float = 0.0
    source: str = "synonym"
    problem: str = ""
    note: str = ""
    unit_from: str = ""
    assumed: bool = False
    key: str = ""
    readings: tuple[tuple[str, str], ...] = ()


NOT_USED = "not_used"
# how sure a figure is whose header also holds words that nobody explained
PART = 0.6
# a key is remembered in a column of the database; nobody writes a longer header by hand
LONGEST_KEY = 280


def resolve(
    words: Vocabulary,
    facts: SheetFacts,
    column: Column,
    row: tuple[Label, ...],
    section: Label,
    unit_cell: Unit | None,
) -> Resolution:
    """One Resolution from everything said about the cells, the most precise word winning.

    What was confirmed for exactly this key comes first; item '' there means the cells are not used.
    """
    definition = words.definition
    label = agree([*column.levels, *row]) if column.levels or row else Label("")
    topic = next((x for x in (section, facts.label) if x.items), Label(""))
    key = _key(column, row, Label("") if label.items else topic)
    known = words.remembered.get(key)
    if known is not None and not known["item"]:
        return Resolution(
            problem=NOT_USED, note=say("对应关系里选了不用"), confidence=1.0, source="remembered", key=key
        )
    items = (known["item"],) if known else label.items or topic.items
    if len(items) != 1:
        names = listing(term(definition.item(i).name) for i in items)
        note = say("同时像{names}", names=names) if items else say("没有认出是哪一种")
        return Resolution(problem="unmapped_column", note=note, key=key, measure=label.measure)
    units = _said_units(facts, column, row, section, unit_cell)
    if known and known["unit"] and (unit := words.units.parse(known["unit"])):
        units.append(("remembered", unit))
    measure = (known or {}).get("measure") or _measure(definition, label, section, facts, units)
    found = _unit(definition, items[0], measure, units)
    parts = definition.item(items[0]).parts
    sure, source = (1.0, "remembered") if known else _confidence(column, row, label, items, parts)
    if not known and not label.measure and _either(words, [*column.levels, *row], units):
        sure = min(sure, PART)
    # a column that may not be this item at all is no question of kg or t: 液化气（瓶）
    if sure < definition.confidence_accept and found.problem in ("", "unit_missing"):
        item_name, measure_name = definition.item(items[0]).name, definition.measure(measure).name
        note = say("像是{item}{measure}，但不确定", item=term(item_name), measure=term(measure_name))
        found = replace(found, problem="mapping_unclear", note=note, readings=())
    return replace(found, item=items[0], measure=measure, confidence=sure, source=source, key=key)


def _either(words: Vocabulary, labels: list[Label], units: list[tuple[str, Unit]]) -> bool:
    """Whether a label may speak of use or of money (执行数) and no unit, or units of both, say which."""
    if not any(word in fold(x.text) for x in labels for word in words.either):
        return False
    money = {m.unit for m in words.definition.measures if not m.unit_from}
    return len({unit.key in money for _, unit in units}) != 1


def _confidence(
    column: Column, row: tuple[Label, ...], label: Label, items: tuple[str, ...], parts: tuple[str, ...]
) -> tuple[float, str]:
    spoken = [x for x in (*column.levels, *row) if x.items or x.measure or x.unit or (x.rest and not x.when)]
    told = [x for x in spoken if (x.items or x.measure) and not _group(x, items)]
    sure = min([x.confidence for x in told], default=0.9 if items else 0.0)
    if column.facility and (len(spoken) == 1 or sure >= 0.5):
        sure = max(sure, min(column.label.confidence, 0.9))
    if label.source == "remembered":
        return round(sure, 3), "remembered"
    if not column.facility and any(_apart(x, parts) for x in (*column.levels, *row)):
        # 用电量 over 照明 is not the use of electricity but a part of it
        sure = min(sure, PART)
    return round(sure, 3), "fuzzy" if label.rest and sure < 1 else "synonym"


def _apart(label: Label, parts: tuple[str, ...]) -> bool:
    """Whether a label says something nobody explained and is not a declared part of the item (车辆用油)."""
    return label.strange and not any(fold(p)[:2] in fold(label.text) for p in parts)


def _group(label: Label, items: tuple[str, ...]) -> bool:
    """Whether a label is a heading over several items (水电气消耗) of which another label names this one."""
    return len(label.items) > 1 and set(items) < set(label.items)


def _key(column: Column, row: tuple[Label, ...], topic: Label) -> str:
    """What is remembered: the header path, with the row label and the sheet's topic where they say the item."""
    path = "" if column.label.when and not column.label.items else path_key(column)
    parts = [fold(topic.text) if topic.items else "", path]
    if not column.label.items:
        parts += [fold(x.text) for x in row if x.items or x.measure or x.rest]
    return "|".join(p for p in parts if p)[:LONGEST_KEY] or path_key(column)


def path_key(column: Column) -> str:
    """The header path of a column as one folded text."""
    return "_".join(fold(text) for _, text in column.path)[:LONGEST_KEY]


def _said_units(
    facts: SheetFacts, column: Column, row: tuple[Label, ...], section: Label, unit_cell: Unit | None
) -> list[tuple[str, Unit]]:
    """Units said about the cells, the most binding first, each with where it was said."""
    said: list[tuple[str, Unit]] = []
    if unit_cell:
        said.append(("cell", unit_cell))
    said += [("row", x.unit) for x in reversed(row) if x.unit]
    said += [("header", lv.unit) for lv in reversed(column.levels) if lv.unit]
    if section.unit:
        said.append(("section", section.unit))
    return said + [("caption", u) for u in facts.units]


def _measure(
    definition: Definition, label: Label, section: Label, facts: SheetFacts, units: list[tuple[str, Unit]]
) -> str:
    costs = {m.key for m in definition.measures if not m.unit_from}
    by_item = next((m.key for m in definition.measures if m.unit_from == "item"), "")
    if label.measure in costs:
        return label.measure
    money = {m.unit: m.key for m in definition.measures if not m.unit_from}
    # 用电量 under a title that ends in 金额单位：千元 is no money
    own = [u for where, u in units if where != "caption" and not (where == "section" and label.measure)]
    header = [u for where, u in units if where in ("header", "row")]
    if header and header[0].key in money and not label.measure:
        return money[header[0].key]
    if own and own[0].key in money and (not label.measure or len(own) == 1):
        return money[own[0].key]
    said = label.measure or section.measure or facts.label.measure
    if said:
        return said
    captions = [u for where, u in units if where == "caption"]
    if captions and not own and all(u.key in money for u in captions):
        return money[captions[0].key]
    return by_item


def _unit(definition: Definition, item: str, measure: str, units: list[tuple[str, Unit]]) -> Resolution:
    base = definition.unit_of(item, measure)
    found = definition.measure(measure)
    accept = definition.item(item).accept if found.unit_from == "item" else found.accept or {base: "1"}
    money = {m.unit for m in definition.measures if not m.unit_from}
    fitting = [(where, u) for where, u in units if u.key in accept]
    if fitting:
        where, unit = fitting[0]
        factor = product(accept[unit.key], unit.scale)
        return Resolution(unit=unit.word or unit.key, factor=factor, unit_from=where)
    strange = [u for where, u in units if where != "caption" and (u.key in money) == (base in money)]
    if strange:
        return Resolution(
            problem="unit_unknown",
            unit=strange[0].word,
            note=say(
                "单位“{unit}”换算不到{base}",
                unit=strange[0].word,
                base=unit_term(definition.unit_label(base)),
            ),
        )
    sure = found.unit_from != "item" or not definition.item(item).ask_unit
    if sure and _one_kind(accept):
        return Resolution(unit=base, assumed=found.unit_from == "item")
    readings = tuple((unit, factor) for unit, factor in accept.items())
    return Resolution(problem="unit_missing", note=say("没有写单位"), readings=readings)


def _one_kind(accept: dict[str, str]) -> bool:
    """Whether all units accepted differ by powers of ten only: then the base unit is a safe reading."""
    return all(Decimal(f).normalize().as_tuple().digits == (1,) for f in accept.values())


def product(one: str, other: str) -> str:
    product = format(Decimal(one) * Decimal(other), "f")
    return product.rstrip("0").rstrip(".") if "." in product else product
