"""Names of facilities in the file → facilities of the register."""

from __future__ import annotations

from surveys.definition.said import say
from surveys.instruments.figures import Figures
from surveys.intake.context import Context
from surveys.intake.result import Issue
from surveys.intake.units import fold

NEAR = 88.0


def settle(
    figures: Figures, context: Context, issues: list[Issue]
) -> tuple[Figures, list[str], dict[str, str]]:
    """Replace names by facility ids where a register is known: (figures, unknown names, id → name).

    Without a register names stay as they are. A name that is not in the register is an error at its first cell; a
    name that is nearly one is taken and reported as a warning.
    """
    names = [n for n in figures.codes("facility")[1] if n]
    if not context.facilities or not names:
        return figures, [], {}
    known = {fold(n): f.id for f in context.facilities for n in (f.name, f"{f.campus}{f.name}", *f.aliases)}
    remembered = (context.mapping or {}).get("facilities", {})
    labels = {f.id: f.name for f in context.facilities}
    found: dict[str, str] = {}
    unknown: list[str] = []
    for name in names:
        target = remembered.get(name) or known.get(fold(name)) or (name if name in labels else "")
        if not target:
            target = _near(name, known, figures, labels, issues)
        if not target:
            unknown.append(name)
            issues.append(_unknown(name, figures))
        else:
            found[name] = target
    return figures.with_texts("facility", [found.get(n, n) for n in figures["facility"]]), unknown, labels


def _near(
    name: str, known: dict[str, str], figures: Figures, labels: dict[str, str], issues: list[Issue]
) -> str:
    from rapidfuzz import fuzz, process

    best = process.extractOne(fold(name), list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    if best is None or (any(ch.isdecimal() for ch in name) and _digits(name) != _digits(best[0])):
        return ""
    row = figures.record(figures["facility"].index(name))
    issues.append(
        Issue(
            "facility_near",
            "warning",
            row["sheet"],
            row["cell"],
            say("“{name}”按登记的“{registered}”写入。", name=name, registered=labels[known[best[0]]]),
            say("不是同一处就在“对应关系”里改。"),
            facility=name,
        )
    )
    return known[best[0]]


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdecimal())


def _unknown(name: str, figures: Figures) -> Issue:
    row = figures.record(figures["facility"].index(name))
    return Issue(
        "facility_unknown",
        "error",
        row["sheet"],
        row["cell"],
        say(
            "“{name}”不在登记的楼宇里（第一次出现在 {place} 这一行）。",
            name=name,
            place=f"{row['sheet']}!{row['cell']}",
        ),
        say("选它对应的楼宇，或先登记它；选一次，以后都记住。"),
        facility=name,
    )
