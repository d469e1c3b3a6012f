"""Whose file it is and for which year: a file of another university or year is refused whole."""

from __future__ import annotations

import re

from surveys.definition.said import Said, listing, say
from surveys.intake.context import Context
from surveys.intake.margins import SheetFacts
from surveys.intake.sniff import Refused
from surveys.intake.units import fold

_SHORT = (
    ("师范大学", "师大"),
    ("工业大学", "工大"),
    ("医科大学", "医大"),
    ("财经大学", "财大"),
    ("农业大学", "农大"),
    ("科技大学", "科大"),
    ("外国语大学", "外大"),
    ("理工大学", "理工"),
    ("交通大学", "交大"),
    ("师范学院", "师院"),
    ("职业技术学院", "职院"),
    ("医学院", "医学院"),
    ("民族大学", "民大"),
    ("林业大学", "林大"),
    ("工程大学", "工程大"),
)
_KINDS = "大学|学院|高等专科学校|专科学校|职业学校"
_GENERIC = ("各", "本", "我", "全", "高等学校", "普通", "某", "XX", "××", "该", "填报")


def short_names(name: str) -> tuple[str, ...]:
    """The short forms people use, by rule: …师范大学 → …师大, 海津理工大学 → 海津理工; the name itself first."""
    found = [name]
    for long, short in _SHORT:
        if name.endswith(long) and len(name) > len(long):
            found.append(name[: -len(long)] + short)
    bare = re.sub(r"(大学|学院)$", "", name)
    if len(bare) >= 3:
        found.append(bare)
    return tuple(dict.fromkeys(found))


def own_names(context: Context) -> tuple[str, ...]:
    """All ways the university itself is written, longest first."""
    names = [s for n in context.university_names if len(n) >= 2 and not n.isascii() for s in short_names(n)]
    return tuple(sorted(dict.fromkeys(names), key=len, reverse=True))


def check_university(file: str, sheets: list[tuple[str, SheetFacts]], context: Context) -> None:
    """Refused("wrong_university") when the file names another institution and not this one."""
    _check_latin(file, sheets, context)
    own = [fold(n) for n in own_names(context)]
    if not own:
        return
    others = _others(context, own)
    named_own = False
    for sheet, facts in sheets:
        for at, text in (*facts.statements, *facts.titles):
            clean = fold(text)
            other, mine = _named(clean, own, others)
            named_own = named_own or mine
            if other and not mine:
                raise _wrong(file, _stated(sheet, at, other, context), sheet, at)
    if named_own:
        return
    for sheet, facts in sheets:
        for at, text in (*facts.statements, *facts.titles[:3]):
            stranger = _stranger(text) or (_short_stranger(text) if (at, text) in facts.statements else "")
            if stranger:
                raise _wrong(file, _stated(sheet, at, stranger, context), sheet, at)
    other, mine = _named(fold(file), own, others)
    if other and not mine:
        own_name = context.university_names[0]
        why = say("文件名写的是“{other}”，现在填报的是“{own}”", other=other, own=own_name)
        raise _wrong(file, why, None, None)


def _latin(name: str) -> re.Pattern | None:
    """An English name in its long and short forms: Jiazi University, Jiazi Univ.; None for anything else."""
    if not name.isascii() or len(name.split()) < 2:
        return None
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"\b{re.sub('(?i)university', r'univ(?:ersity)?', words)}\b", re.I)


def _check_latin(file: str, sheets: list[tuple[str, SheetFacts]], context: Context) -> None:
    """Refused where a title names another university in English and none names this one in any way."""
    texts = [(sheet, at, text) for sheet, facts in sheets for at, text in (*facts.statements, *facts.titles)]
    mine = [p for n in context.university_names if (p := _latin(n))]
    own = own_names(context)
    if any(p.search(text) for *_, text in texts for p in mine) or any(
        n in text for *_, text in texts for n in own
    ):
        return
    others = [p for n in context.known_universities if (p := _latin(n))]
    for sheet, at, text in texts:
        if match := next((m for p in others if (m := p.search(text))), None):
            raise _wrong(file, _stated(sheet, at, match.group(), context), sheet, at)


def _others(context: Context, own: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in context.known_universities:
        if name.isascii() or len(name) < 2:
            continue
        for short in short_names(name):
            if (short == name or len(short) >= 4) and fold(short) not in own:
                found[fold(short)] = name
    return found


def _named(text: str, own: list[str], others: dict[str, str]) -> tuple[str, bool]:
    """(another university named, own named); of names at one place the longest counts."""
    mine, other = False, ""
    names = sorted({*own, *others}, key=len, reverse=True)
    for match in re.finditer("|".join(map(re.escape, names)) or "(?!)", text):
        if match.group() in own:
            mine = True
        else:
            other = other or others[match.group()]
    return other, mine


def _stranger(text: str) -> str:
    """An institution no register lists, at the start of a title or statement."""
    clean = re.sub(r"^(填报单位|单位名称|学校名称|学校|编制|部门)[^:：]*[:：]", "", fold(text))
    match = re.match(
        rf"(?:附件\d*[:：]?)?(?:20\d\d年度?)?([\u4e00-\u9fff]{{2,12}}?(?:{_KINDS}))(?!生)", clean
    )
    if (
        not match
        or match.group(1).startswith(_GENERIC)
        or re.match(r"^[^大学]*?(?:后勤|教育)", match.group(1))
    ):
        return ""
    return match.group(1)


def _short_stranger(statement: str) -> str:
    """An institution no register lists, written short after 填报单位： …师大, …工大, …职院."""
    endings = "|".join(short for _, short in _SHORT if short[-1] in "大院" and not short.endswith("学院"))
    match = re.match(rf"[\u4e00-\u9fff]{{2,4}}?(?:{endings})(?!学)", fold(statement))
    return match.group() if match else ""


def _stated(sheet: str, cell: str, other: str, context: Context) -> Said:
    """Where another university is named."""
    return say(
        "“{sheet}”表 {cell} 写的是“{other}”，现在填报的是“{own}”", sheet=sheet, cell=cell, other=other,
        own=context.university_names[0],
    )  # fmt: skip


def _wrong(file: str, why: Said, sheet: str | None, cell: str | None) -> Refused:
    return Refused(
        "wrong_university",
        say("“{file}”没有写入：{why}。", file=file, why=why),
        say("换成本校的文件；如果这就是本校的别名，联系秘书处登记别名。"),
        sheet,
        cell,
    )


def check_year(file: str, sheets: list[tuple[str, SheetFacts]], explicit: set[int], context: Context) -> None:
    """Refused("wrong_period") when every year the file names is another one. `explicit`: years of its rows."""
    year = context.period[:4]
    if not year.isdecimal():
        return
    years = {str(y) for y in explicit} | {str(y) for _, f in sheets for y in f.years}
    years = years or set(re.findall(r"(?<!\d)(20\d{2})(?!\d)", file))
    if years and year not in years:
        why = say(
            "文件里是 {years} 年的数据，现在填报的是 {period}",
            years=listing(sorted(years)),
            period=context.period,
        )
        raise Refused(
            "wrong_period",
            say("“{file}”没有写入：{why}。", file=file, why=why),
            say("换成 {year} 年的文件；如果填报期选错了，先回到填报页改期。", year=year),
        )
