"""Score sheets written from a table of truth: every score is put down together with whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from surveys import instruments
from surveys.definition import Criterion, Group
from surveys.intake.references import cell_name
from tests.surveys.intake.workbooks.paper import Figure, Office, Paper, Workbook

YEAR = "2025"
DORMITORY, CANTEEN, SHOP = (
    instruments.get(code).evaluation for code in ("dormitory", "canteen", "campus_shop")
)
CHINESE = "一二三四五六七八九十"
# names as offices shorten and turn them; what is not here stays as it is
REWORDED = {
    "D1.1": "分管校领导及例会制度", "D1.2": "归口部门及多部门协同机制", "D1.4": "物业（服务）合同与监管",
    "D2.1": "生均居住面积", "D2.2": "每室定员人数", "D2.6": "热水洗浴饮水洗衣", "D2.9": "无障碍及晾衣储物",
    "D3.1": "门禁值班", "D3.2": "消防设施维护保养", "D3.6": "隐患排查、整改闭环", "D3.9": "特种设备/燃气/电梯",
    "D4.1": "公共区域保洁工作", "D4.2": "寝室卫生检查与评比", "D5.1": "报修渠道及首问负责制",
    "D5.2": "维修响应与完成时限", "D5.3": "维修及时率", "D5.4": "回访满意度", "D6.1": "辅导员（导师）进驻",
    "D6.2": "党团及学生自管组织", "D7.2": "持证上岗与培训", "D8.1": "公寓数字化系统", "D8.4": "投诉整改",
    "D8.5": "上次评估问题整改",
}  # fmt: skip
HOUSES = ["梅园1号楼", "竹园5号楼", "松园12号楼", "学生公寓B座"]


def items(evaluation) -> list[Criterion]:
    return [item for group in evaluation.groups for item in group.items]


class Clerk(Office):
    """An office that scores itself: whole and half points, a little taken off here and there."""

    def points(self, facility: str, item: Criterion) -> Decimal:
        """The true score of an item, made once; what is the school's is the same everywhere."""
        place = "" if item.at_school else facility
        chance = Random(f"{self.seed} {place} {item.key}")
        off = chance.choice(["0", "0", "0.2", "0.5", "0.5", "1"])
        return max(item.points - Decimal(off), Decimal("0.5")).normalize()


@dataclass
class Form(Paper):
    """One sheet of scores. `told` are findings that must be made: kind and severity by place."""

    told: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def score(self, r: int, c: int, facility: str, item: Criterion, look=None) -> Decimal:
        """The true score, as a number or as `look` writes it."""
        points = self.office.points(facility, item)
        self.cells[r, c] = look(points) if look else float(points)
        self.truth[r, c] = Figure(facility, item.key, "score", YEAR, points)
        return points

    def deducted(self, r: int, c: int, facility: str, item: Criterion, sign: int = 1) -> Decimal:
        """What was taken off; the truth is what is left of the points."""
        points = self.office.points(facility, item)
        self.cells[r, c] = float(sign * (item.points - points))
        self.truth[r, c] = Figure(facility, item.key, "score", YEAR, points)
        return item.points - points

    def ask(self, r: int, c: int, value: object, kind: str, severity: str = "error") -> None:
        """A cell that is no score: told, never loaded."""
        self.cells[r, c] = value
        self.doubtful.add((r, c))
        self.told[r, c] = (kind, severity)

    def sums(self, r: int, c: int, facility: str, group: Group) -> None:
        self.same(r, c, sum(self.office.points(facility, item) for item in group.items))


@dataclass
class Book(Workbook):
    """The sheets of one office and what else is true of them. `least` is the share of scores that must be read without
    a question; what is less than 1 may be asked."""

    papers: list[Form]
    name: str = "自评表.xlsx"
    instrument: str = "dormitory"
    veto: dict[str, str] = field(default_factory=dict)
    least: float = 1.0

    def told(self) -> set[tuple[str, str, str, str]]:
        return {(*what, p.name, cell_name(*place)) for p in self.papers for place, what in p.told.items()}
