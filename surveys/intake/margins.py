"""What a sheet says about itself outside its tables: name, title, captions, signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from surveys.intake import periods
from surveys.intake.labels import Label
from surveys.intake.layout import Layout
from surveys.intake.periods import When
from surveys.intake.places import is_facility, is_place
from surveys.intake.units import Unit, fold
from surveys.intake.words import Vocabulary

_DATE = re.compile(r"20\d{2}[-./年]\d{1,2}[-./月]\d{1,2}(?![\d月])")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_PERIOD = re.compile(r"(?:所属期|报告期|统计期|账期|期间|所属月份|统计月份|月份|时间)[:：](.+)")
# 单位：kWh, （金额单位：万元）, 电量单位：万度，金额单位：元
_UNITS = re.compile(
    r"单位(?:[:：]|均?为|是)([^():：]+?)(?=[()]|$|[、,，;；]?[\u4e00-\u9fff]{0,4}单位(?:[:：]|均?为|是))"
)
_MONTH = re.compile(
    r"(?<![\d\-—–~至到.])(?:(20\d{2})年)?(\d{1,2}|十[一二]?|[一二三四五六七八九])月份?(?![\d日\-—–~至到])"
)
_SPAN = re.compile(r"(?<!\d)(\d{1,2})月?(?:\d{1,2}日)?[-—–~至到]+(?:(20\d{2})年)?(\d{1,2})月")
SCHOOL_YEAR = "学年"
_TWO_YEARS = re.compile(r"(20\d{2})年?[-—–~～至到/](?:20)?\d{2}(?!\d|月)")
_UNTIL = re.compile(r"截[至止]到?(?:20\d{2}年)?(\d{1,2})月")
_PART = re.compile(r"(?<![、和及至到\-—–~])第?[一二三四1-4]季度|(?<![上、和及])[上下]半年")


def numbered(names: list[str]) -> dict[str, When]:
    """Months of sheets named by bare numbers (01, 02 … or 1, 2 …): only a run from 1 of at least three is one."""
    found = {n: int(n.strip()) for n in names if n.strip().isdecimal() and len(n.strip()) <= 2}
    if len(found) < 3 or sorted(found.values()) != list(range(1, len(found) + 1)) or len(found) > 12:
        return {}
    return {n: When(0, f"{m:02d}", False) for n, m in found.items()}


@dataclass
class SheetFacts:
    """Sheet-wide facts. years: all named; when: the one month or quarter of the sheet; clash: two different ones;
    school_year: the first of the two years of 2023-2024学年 or 2023-2024采暖季."""

    years: tuple[int, ...] = ()
    when: When | None = None
    clash: str = ""
    label: Label = field(default_factory=lambda: Label(""))
    facility: str = ""
    units: tuple[Unit, ...] = ()
    summary: bool = False
    span: tuple[int, int] | None = None
    school_year: int = 0
    titles: tuple[tuple[str, str], ...] = ()
    statements: tuple[tuple[str, str], ...] = ()


def sheet_facts(
    layout: Layout, words: Vocabulary, own_names: tuple[str, ...] = (), when: When | None = None
) -> SheetFacts:
    """Facts from the sheet's name and its margin texts; `own_names` are not mistaken for items (…电力大学).

    when: the month the sheet has by its place in a numbered series, if it is in one.
    """
    from surveys.intake.references import cell_name

    grid = layout.grid
    first = min((t.header.top for t in layout.tables), default=len(grid.rows))
    captions = [
        (cell_name(r, c), str(v).strip())
        for r in layout.margins
        if r < first
        for c, v in grid.own(r)
        if isinstance(v, str)
    ]
    name = grid.sheet.name.strip()
    facts = SheetFacts(
        titles=tuple(captions), summary=any(w in name for w in words.definition.words("summary_sheet"))
    )
    stated = [_PERIOD.search(t) for _, t in captions]
    from_caption = [periods.parse_text(m.group(1).strip()) for m in stated if m]
    clean = [(at, _without(text, own_names)) for at, text in captions]
    titles = [text for _, text in clean if not _DATE.search(text) and "日期" not in text]
    facts.years = _years(titles, from_caption, name)
    facts.span = _span([text for _, text in clean] or [name], words)
    across = [text for text in (*titles, name) if SCHOOL_YEAR in text or words.season_in(text)]
    facts.school_year = next((int(m.group(1)) for text in across if (m := _TWO_YEARS.search(text))), 0)
    _find_when(facts, name, [w for w in (when, *from_caption) if w], titles)
    facts.units = tuple(
        dict.fromkeys(u for text in (*(t for _, t in clean), name) for u in _units(text, words))
    )
    facts.label = _topic(name, titles, words)
    facts.facility = _place(name, titles, words)
    facts.statements = _statements(captions, words)
    return facts


def _without(text: str, names: tuple[str, ...]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _years(titles: list[str], stated: list[When | None], name: str) -> tuple[int, ...]:
    years = [w.year for w in stated if w and w.year]
    years = years or [int(y) for text in titles for y in _YEAR.findall(text)]
    years = years or [int(y) for y in _YEAR.findall(name)]
    return tuple(dict.fromkeys(years))


def _span(captions: list[str], words: Vocabulary) -> tuple[int, int] | None:
    """First and last month of 1-9月, 1月1日至3月31日 or 截至9月; the last one first where it crosses a
    year (学年, 采暖季)."""
    for text in captions:
        if match := _SPAN.search(text):
            first, last = int(match.group(1)), int(match.group(3))
            years = set(_YEAR.findall(text))
            return (first, last) if len(years) < 2 else (last, 0)
        if match := _UNTIL.search(text):
            return 1, int(match.group(1))
        if SCHOOL_YEAR in text or (_YEAR.search(text) and words.season_in(text)):
            return 9, 0
    return None


def _find_when(facts: SheetFacts, name: str, stated: list[When], titles: list[str]) -> None:
    """One month for the whole sheet, if name, caption and title agree; a clash is kept to be asked about."""
    found = [w for w in [periods.parse_text(name), *stated] if w and w.part and not w.part.startswith("M")]
    for text in (name, *titles):
        if not (_SPAN.search(text) or _UNTIL.search(text)):
            stated_there = (*_MONTH.finditer(text), *_PART.finditer(text))
            found += [w for m in stated_there if (w := periods.parse_text(m.group())) and w.part]
    if not found:
        return
    narrow = min(found, key=lambda w: len(periods.months_in(w.text(2000))))
    bare = [replace(w, year=0).text(2000) for w in found]
    if any(not periods.covers(w, replace(narrow, year=0).text(2000)) for w in bare):
        facts.clash = "、".join(sorted({w.part for w in found}))
    facts.when = replace(narrow, year=next((w.year for w in found if w.year), 0))


def _units(text: str, words: Vocabulary) -> list[Unit]:
    """Units of a caption: 单位：万元, 用电统计（万千瓦时）, or a unit alone in its cell."""
    folded = fold(text)
    found = _parsed(_UNITS.findall(folded), words)
    return found or _parsed([*re.findall(r"[(]([^()]+)[)]", folded), folded], words)


def _parsed(said: list[str], words: Vocabulary) -> list[Unit]:
    pieces = [p for text in said for p in (text, *re.split(r"[、,，;；/和]", text))]
    return list(dict.fromkeys(u for p in pieces if (u := words.units.parse(p))))


def _topic(name: str, titles: list[str], words: Vocabulary) -> Label:
    """The item the whole sheet is about: from its name, else from a title that names exactly one."""
    label = words.label(name)
    if label.items:
        return label if len(label.items) == 1 else Label("")
    for text in titles[:2]:
        found = words._scan(fold(text))
        if len(found.items) == 1:
            return replace(found, text=text, measure=label.measure, rest="", confidence=0.9)
    return label if label.measure else Label("")


def _place(name: str, titles: list[str], words: Vocabulary) -> str:
    label = words.label(name)
    if is_facility(label, words):
        return name
    endings = "|".join(words.definition.words("campus_endings")) or "(?!)"
    if label.rest and (
        re.search(rf"({endings})$", label.rest) or (label.when and _is_building(label.rest, words))
    ):
        return label.rest
    for text in titles[:2]:
        match = re.search(rf"([\u4e00-\u9fff]{{1,6}}?(?:{endings}))", re.sub(r"^.*?(大学|学院)", "", text))
        if match and "各" not in match.group(1) and "分" not in match.group(1):
            return match.group(1)
    return ""


def _is_building(text: str, words: Vocabulary) -> bool:
    """Whether what stands beside a month in a sheet's name is a place; a 中心 keeps the books as often as it is one."""
    return is_place(text, words) and not text.endswith("中心")


def _statements(captions: list[tuple[str, str]], words: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Texts after 填报单位： and its kin: who the file is from."""
    names = (
        "|".join(sorted(map(re.escape, words.definition.words("unit_name")), key=len, reverse=True)) or "(?!)"
    )
    found = []
    for at, text in captions:
        match = re.search(rf"(?:{names})(?:[(（][^)）]*[)）])?\s*[:：]\s*(.+)", text)
        if match:
            found.append((at, match.group(1)))
    return tuple(found)
