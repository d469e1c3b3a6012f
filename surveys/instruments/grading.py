"""From the points of an evaluation to its grade, and why.

Points are exact: they are compared as fractions and only cut, never rounded, to be shown, so that no total looks as if
it had reached a line that it has not. What does not apply is left out and its group scaled to its full points (the
domain's rule: 不适用项按组内比例折算); a group of which nothing applies is left out of the total, which is scaled the
same way. An item without a score counts as nothing until it has one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from surveys.definition import Criterion, Evaluation, Grade, Group
from surveys.definition.said import Said, say, term

# points given to an item; None: it does not apply. An item that is not there has no score yet
Scores = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Part:
    """Some items together: `given` points out of those that apply; what does not apply and what has no score yet, by
    their keys."""

    given: Fraction
    out_of: Fraction
    left_out: tuple[str, ...] = ()
    unscored: tuple[str, ...] = ()

    @property
    def ratio(self) -> Fraction | None:
        """Share of the points that apply, 0 to 1; None where nothing applies."""
        return self.given / self.out_of if self.out_of else None


@dataclass(frozen=True)
class GroupScore:
    """A group with what its items reached, scaled to the group's full points; `score` None where nothing applies."""

    group: Group
    part: Part

    @property
    def score(self) -> Fraction | None:
        """Points of the group, 0 to its full points."""
        return None if self.part.ratio is None else self.part.ratio * Fraction(self.group.points)


@dataclass(frozen=True)
class Standing:
    """The university's own part: what its items reached, its vetoes, and whether its facilities may be awarded."""

    part: Part
    vetoes: tuple[str, ...]
    passes: bool


@dataclass(frozen=True)
class Grading:
    """What an evaluation comes to: points from 0 to the total of the definition, the grade, and the reasons as
    sentences, from the groups to the grades that were not reached."""

    groups: tuple[GroupScore, ...]
    total: Fraction
    grade: Grade
    vetoes: tuple[str, ...] = ()
    school: Standing | None = None
    reasons: tuple[Said, ...] = field(default=(), compare=False)

    @property
    def unscored(self) -> tuple[str, ...]:
        """Items that count as nothing because nobody scored them yet."""
        return tuple(key for group in self.groups for key in group.part.unscored)


def standing(evaluation: Evaluation, scores: Scores, vetoes: Collection[str] = ()) -> Standing:
    """The university's own part: it passes without a veto and with `school_min_ratio` of the points that apply. A
    university to whose items nothing applies passes. Raises ValueError as `grading` does."""
    part = _part(list(evaluation.items_of(facility=False)), scores)
    held = _known(evaluation, vetoes)
    enough = part.ratio is None or part.ratio >= Fraction(evaluation.school_min_ratio)
    return Standing(part, held, enough and not held)


def grading(
    evaluation: Evaluation, scores: Scores, vetoes: Collection[str] = (), school: Standing | None = None
) -> Grading:
    """The grade of one facility: `scores` of its own items and of the university's, `vetoes` that were found at it.

    Raises ValueError for an unknown item or veto and for points outside of 0 to the item's own.
    """
    _refuse_strange(evaluation, scores)
    groups = tuple(GroupScore(group, _part(group.items, scores)) for group in evaluation.groups)
    total, held = _total(evaluation, groups), _known(evaluation, vetoes)
    awarded = not held and (school is None or school.passes)
    reached = [g for g in evaluation.grades if _reached(g, total, groups) and (awarded or not g.award)]
    grade = evaluation.grades[-1] if held else reached[0]
    reasons = (*_sums(groups, total, evaluation), *_hindrances(evaluation, held, school),
               *_missed(evaluation, grade, total, groups))  # fmt: skip
    return Grading(groups, total, grade, held, school, reasons)


def shown(points: Fraction | Decimal) -> str:
    """Points as they are written: 87.5, 90.66; cut after two decimals."""
    text = f"{Decimal(int(Fraction(points) * 100)).scaleb(-2):f}"
    return text.rstrip("0").rstrip(".")


def _part(items: Collection[Criterion], scores: Scores) -> Part:
    left_out = tuple(i.key for i in items if i.key in scores and scores[i.key] is None)
    unscored = tuple(i.key for i in items if i.key not in scores)
    given = sum((Fraction(scores[i.key] or 0) for i in items if i.key in scores), Fraction(0))
    return Part(given, sum((Fraction(i.points) for i in items if i.key not in left_out), Fraction(0)),
                left_out, unscored)  # fmt: skip


def _total(evaluation: Evaluation, groups: tuple[GroupScore, ...]) -> Fraction:
    apply = [group for group in groups if group.score is not None]
    points = sum((Fraction(group.group.points) for group in apply), Fraction(0))
    given = sum((group.score for group in apply), Fraction(0))
    return given * Fraction(evaluation.total) / points if points else Fraction(0)


def _reached(grade: Grade, total: Fraction, groups: tuple[GroupScore, ...]) -> bool:
    return total >= Fraction(grade.least) and not any(_below(grade, group) for group in groups)


def _below(grade: Grade, group: GroupScore) -> bool:
    return group.part.ratio is not None and group.part.ratio < Fraction(grade.floor)


def _known(evaluation: Evaluation, vetoes: Collection[str]) -> tuple[str, ...]:
    strange = set(vetoes) - {veto.key for veto in evaluation.vetoes}
    if strange:
        raise ValueError(f"no veto {sorted(strange)}")
    return tuple(veto.key for veto in evaluation.vetoes if veto.key in vetoes)


def _refuse_strange(evaluation: Evaluation, scores: Scores) -> None:
    for key, points in scores.items():
        try:
            item = evaluation.item(key)
        except KeyError:
            raise ValueError(f"no item {key}") from None
        if points is not None and not (points.is_finite() and 0 <= points <= item.points):
            raise ValueError(f"{key}: {points} is not within 0 and {item.points}")


def _sums(groups: tuple[GroupScore, ...], total: Fraction, evaluation: Evaluation) -> Iterator[Said]:
    for each in groups:
        about = {
            "group": term(each.group.name),
            "given": shown(each.part.given),
            "points": shown(each.part.out_of),
        }
        if each.score is None:
            yield say("{group}全组不适用，不计入总分。", group=about["group"])
        elif each.part.left_out:
            yield say(
                "{group} {given}/{points} 分；{n} 项不适用，按 {full} 分折算为 {score} 分。", **about,
                n=len(each.part.left_out), full=shown(each.group.points), score=shown(each.score),
            )  # fmt: skip
        else:
            yield say("{group} {given}/{points} 分。", **about)
    yield say("总分 {total}/{full}。", total=shown(total), full=shown(evaluation.total))


def _hindrances(evaluation: Evaluation, vetoes: tuple[str, ...], school: Standing | None) -> Iterator[Said]:
    names = {veto.key: term(veto.name) for veto in evaluation.vetoes}
    yield from (say("否决项“{name}”成立，不授牌。", name=names[key]) for key in vetoes)
    if school is None or school.passes:
        return
    yield from (say("学校层面否决项“{name}”成立，各单元都不授牌。", name=names[key]) for key in school.vetoes)
    if not school.vetoes:
        yield say(
            "学校层面 {given}/{points} 分，不到 {ratio}，各单元都不授牌。", given=shown(school.part.given),
            points=shown(school.part.out_of), ratio=f"{evaluation.school_min_ratio:.0%}",
        )  # fmt: skip


def _missed(
    evaluation: Evaluation, grade: Grade, total: Fraction, groups: tuple[GroupScore, ...]
) -> Iterator[Said]:
    for better in evaluation.grades[: evaluation.grades.index(grade)]:
        name = term(better.name)
        if total < Fraction(better.least):
            yield say("没有评为“{grade}”：总分 {total}，要 {least}。", grade=name, total=shown(total),
                      least=shown(better.least))  # fmt: skip
        for low in (group for group in groups if _below(better, group)):
            yield say(
                "没有评为“{grade}”：{group}得到 {share}，每组要 {floor}。", grade=name, group=term(low.group.name),
                share=f"{shown(low.part.ratio * 100)}%", floor=f"{better.floor:.0%}",
            )  # fmt: skip
