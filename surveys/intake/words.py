"""The vocabulary of a definition at work: what a header, a row label or a unit word says."""

from __future__ import annotations

import re
from dataclasses import replace

from surveys.definition import Definition
from surveys.intake import periods
from surveys.intake.labels import Label
from surveys.intake.periods import When
from surveys.intake.units import Unit, Units, fold

NUMBERING = re.compile(
    r"^(?:(?:求和项|计数项|平均值项)[:：]|\*[^*]{1,12}\*|附?表(?:[一二三四五六七八九十]{1,3}|\d{1,2}(?:-\d{1,2})?)[:、.]*|[(]?[一二三四五六七八九十]{1,3}[)、.]+|[(]?\d{1,2}[)、]+|\d{1,2}\.(?=\D)|其中[:：]?|[-—*·])"
)
# an English word beside the Chinese one, outside brackets, where units stand
_ENGLISH = re.compile(r"[a-z]{4,}(?![^()]*\))")
# over days down and months across
_CORNER = re.compile(r"(?:日期?|号)[\\/|](?:月份?)")
_REMARK = re.compile(r"不?含|不?包[括含]|已?扣除|剔除")
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
# the mark of a footnote behind a label: 用电量①, 用水量*, 气费注1
_MARK = re.compile(r"(?<=\S)\s*(?:[①-⑳]+|[*＊※★☆]+|[(（\[]\*+[)）\]]|[(（\[【]?注\s*\d{1,2}[)）\]】]?)\s*$")
# roles a header may have by a list of words of its own, the later ones winning
ROLES = (
    "note", "type", "unit", "sequence", "identifier", "multiplier", "meter_start",
    "meter_end", "price", "story", "item_code", "item", "facility", "campus", "year", "period",
)  # fmt: skip


class Vocabulary:
    """Reads labels with the words of one definition and, first of all, what a university confirmed before."""

    def __init__(self, definition: Definition, remembered: dict | None = None):
        self.definition = definition
        self.units = Units(definition)
        self.remembered = (remembered or {}).get("headers", {})
        self.roles = self._roles()
        self.tokens = self._tokens()
        self.scan = re.compile("|".join(sorted(map(re.escape, self.tokens), key=len, reverse=True)) or "(?!)")
        self.totals = [fold(w) for w in sorted(definition.words("total"), key=len, reverse=True)]
        self.codes = {item.code: item.name for item in definition.items}
        self.places = tuple(fold(w) for w in definition.words("facility_endings"))
        self.asides = [fold(w) for w in definition.words("aside")]
        self.either = tuple(fold(w) for w in definition.words("either"))
        self.pivot = {fold(w) for w in definition.words("pivot")}
        self.payees = {fold(w) for w in definition.words("payee")}
        self.terms = [fold(w) for w in sorted(definition.words("term"), key=len, reverse=True)]
        self.seen: dict[object, Label] = {}
        footers = "|".join(re.escape(fold(w)) for w in definition.words("footer")) or "(?!)"
        self.footer = re.compile(rf"(^|[\s)）])?({footers})(\((签[字章]|盖章|公章)\))?[:：]")
        self.total_marks = frozenset("".join(w[-1] for w in definition.words("total")))

    def coded(self, value: object) -> str:
        """The name of the item whose code a cell holds (01, 1.0, '01 '), '' for none."""
        text = fold(str(value).removesuffix(".0"))
        return self.codes.get(text.upper(), self.codes.get(text.zfill(2), ""))

    def may_be_total(self, text: str) -> bool:
        """A quick no for texts that share no last character with any total word."""
        return not self.total_marks.isdisjoint(text)

    def season_in(self, text: str) -> str:
        """The key of the season a text names (2023-2024采暖季), or ''."""
        seasons = self.definition.body.get("season", {}).items()
        return next((key for key, s in seasons if any(w in text for w in s.get("words", ()))), "")

    def is_term(self, text: str) -> bool:
        """Whether a text names a part of the school or heating year and nothing else: 春季学期, 暑假（7-8月）."""
        bare = _BRACKET.sub("", fold(text))
        for word in self.terms:
            bare = bare.replace(word, "", 1)
        return bare != _BRACKET.sub("", fold(text)) and not bare.strip("期间段")

    def _roles(self) -> dict[str, str]:
        roles = {}
        for name in ROLES:
            roles |= {fold(w): name for w in self.definition.words(name)}
        for d in self.definition.denominators:
            roles |= {fold(w): f"denominator:{d.key}" for w in (d.name, *d.words)}
        return roles

    def _tokens(self) -> dict[str, tuple[str, str]]:
        """Words that may be parts of a label. Later lines win where a word has two meanings."""
        tokens: dict[str, tuple[str, str]] = {
            fold(w): ("filler", "") for w in self.definition.words("filler")
        }
        tokens |= {
            fold(w): ("price", "") for w in self.definition.words("price") if len(w) <= 2 and w.endswith("价")
        }
        tokens |= {"单价": ("price", ""), "均价": ("price", ""), "价格": ("price", ""), "价": ("price", "")}
        for measure in self.definition.measures:
            tokens |= {fold(w): ("measure", measure.key) for w in measure.words}
        for item in self.definition.items:
            tokens |= {fold(w): ("apart", item.key) for w in item.apart}
            tokens |= {fold(w): ("item", item.key) for w in (item.name, *item.words)}
        for word in self.definition.words("price"):
            if len(word) == 2 and word not in ("单价", "均价", "价格"):
                tokens.pop(fold(word), None)
        return tokens

    def label(self, value: object) -> Label:
        """What a cell says as a label; numbers and dates say a period at most."""
        key = (type(value), value)
        found = self.seen.get(key)
        if found is None:
            found = self.seen[key] = self._label(value)
        return found

    def _label(self, value: object) -> Label:
        if isinstance(value, str) and value.isascii() and "_" in value:
            # a name of a database: electricity_cost_yuan
            value = value.replace("_", " ").strip()
        if not isinstance(value, str):
            when = periods.parse_value(value, role=False)
            return Label(str(value), when=when, confidence=1.0 if when else 0.0)
        folded = fold(value)
        known = self.remembered.get(folded)
        if known is not None:
            return self._known(value, known)
        bare = _MARK.sub("", value)
        if bare != value:
            return replace(self._label(bare), text=value)
        when = periods.parse_text(value)
        if when:
            return Label(value, when=when, confidence=1.0, total=folded in self.totals)
        return self._words(value, NUMBERING.sub("", folded))

    def _known(self, value: str, known: dict) -> Label:
        """A label the university confirmed; item '' means it is not used."""
        items = (known["item"],) if known["item"] else ()
        unit = self.units.parse(known["unit"]) if known["unit"] else None
        role = "" if items else "aside"
        return Label(value, role, items, known["measure"], unit, confidence=1.0, source="remembered")

    def _words(self, value: str, folded: str) -> Label:
        if re.search(r"[\u4e00-\u9fff]", folded):
            folded = _ENGLISH.sub("", folded)
        if folded in self.totals:
            return Label(value, total=True, confidence=1.0)
        if _CORNER.fullmatch(folded):
            return Label(value, role="period", confidence=1.0)
        if folded in self.roles and self.roles[folded] != "price":
            return Label(value, role=self.roles[folded], confidence=1.0)
        if not folded or len(folded) > 40:
            return Label(value, rest=folded)
        if self.units.parse(folded) and folded not in self.tokens:
            return Label(value, unit=self.units.parse(folded), confidence=1.0)
        text, unit, rate = self._bracketed(folded)
        if rate or (text in self.roles and self.roles[text] == "price"):
            return Label(value, role="price", items=self._scan(text).items, confidence=1.0)
        if text in self.roles:
            return Label(value, role=self.roles[text], unit=unit, confidence=1.0)
        if unit is None and text not in self.tokens:
            apart, unit = self._after_blank(value) if text == folded else (text, None)
            text, unit = (apart, unit) if unit else self.units.at_end(text)
        if text in self.totals:
            return Label(value, total=True, unit=unit, confidence=1.0)
        if any(word in text for word in self.asides):
            return Label(value, role="aside", confidence=0.9)
        return self._composed(value, text, unit)

    def _composed(self, value: str, text: str, unit: Unit | None) -> Label:
        text, when = self._month_in(text)
        total = next((w for w in self.totals if len(w) > 1 and (text.endswith(w) or text.startswith(w))), "")
        inner = text.replace(total, "", 1) if total else text
        found = self._scan(inner)
        return replace(
            found,
            text=value,
            unit=unit,
            when=when,
            total=bool(total),
            confidence=self._sure(found, inner, unit, bool(total or when)),
        )

    def _sure(self, found: Label, text: str, unit: Unit | None, other: bool) -> float:
        if not text or found.role:
            return 0.95
        if not (found.items or found.measure or unit):
            return 0.9 if other and not found.rest else 0.0
        if len(found.items) > 1:
            return 0.4
        share = len(found.rest) / len(text)
        sure = 1.0 if not found.rest else 0.8 - 0.6 * share
        if found.rest and found.item and unit and unit.key in self.definition.item(found.item).accept:
            sure += 0.05
        return round(sure, 3)

    def _after_blank(self, value: str) -> tuple[str, Unit | None]:
        """A label and the unit a blank sets apart at its end, one letter long or more: 汽油消耗量 L."""
        head, _, tail = NUMBERING.sub("", value.strip()).rpartition(" ")
        unit = self.units.parse(tail) if head and tail else None
        return fold(head) if unit else fold(value), unit

    def _bracketed(self, folded: str) -> tuple[str, Unit | None, bool]:
        """The label without its brackets, the unit in them, and whether they hold a rate such as 元/kWh."""
        unit, rate, rest = None, False, folded
        whole = self.units.parse(folded)
        if whole:
            return folded, whole, False
        tail = re.fullmatch(r"(.+?)[(]([^()]*[(][^()]*[)])[)]", folded)
        if tail and self.units.parse(tail.group(2)):
            return tail.group(1), self.units.parse(tail.group(2)), False
        for inside in _BRACKET.findall(folded):
            found = self.units.parse(inside) or self._unit_among(inside)
            if found:
                unit, rest = found, re.sub(r"[(\[【〔]" + re.escape(inside) + r"[)\]】〕]", "", rest, count=1)
            elif "/" in inside and self.units.parse(inside.split("/")[0]):
                rate = True
            elif _REMARK.match(inside) or inside in self.payees or not self._scan(inside).rest:
                rest = rest.replace(inside, "")
        return re.sub(r"[()\[\]【】〔〕]", "", rest), unit, rate

    def _unit_among(self, inside: str) -> Unit | None:
        """The unit in a bracket that says something more: 万元,含税."""
        pieces = re.split(r"[,、;]", inside)
        units = [u for p in pieces if (u := self.units.parse(p))]
        others = [p for p in pieces if not self.units.parse(p)]
        plain = all(_REMARK.match(p) or not self._scan(p).rest for p in others)
        return units[0] if len(units) == 1 and others and plain else None

    def _month_in(self, text: str) -> tuple[str, When | None]:
        match = re.search(r"(?:20\d{2}年)?(?<!\d)\d{1,2}月?[-—–~至到]+\d{1,2}月份?", text)
        match = match or re.search(r"(?:(20\d{2})年)?((?<!\d)\d{1,2}|[一二三四五六七八九十]{1,3})月份?", text)
        match = match or re.search(r"(?:(20\d{2})年?)?第?[一二三四1-4]季度", text)
        match = match or re.search(r"(?<!\d)20\d{2}[-.]?(?:0[1-9]|1[0-2])(?!\d)", text)
        match = match or re.search(r"20\d{2}年度?", text)
        when = periods.parse_text(match.group()) if match else None
        return (text[: match.start()] + text[match.end() :], when) if when else (text, None)

    def _scan(self, text: str) -> Label:
        """Cut a label into known words, longest first; what is left over is `rest`."""
        items: list[str] = []
        measure, rest, price, apart, position = "", [], False, False, 0
        for match in self.scan.finditer(text):
            rest.append(text[position : match.start()])
            position = match.end()
            kind, key = self.tokens[match.group()]
            if kind == "item" and key not in items:
                items.append(key)
            measure = key if kind == "measure" and (measure != "cost" or key == "cost") else measure
            price, apart = price or kind == "price", apart or kind == "apart"
        rest.append(text[position:])
        left = re.sub(r"[-—_/、,，:：.。()及和与的]+", "", "".join(rest))
        role = "aside" if apart else "price" if price and not left else ""
        return Label(text, role, tuple(items), measure, rest=left)
