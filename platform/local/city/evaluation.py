"""The evaluation year of the demo in mid-course: a pilot of the dormitory evaluation at five universities."""

import datetime
import uuid
from decimal import Decimal
from random import Random

from accounts.models import User
from local.city.people_seed import actor
from local.city.rounds import DAY, HOUR, SHANGHAI, published
from notices.models import Notice
from surveys import instruments
from surveys.catalog.models import Obligation, Round
from surveys.catalog.operations import nominate, open_round
from surveys.definition import Criterion, Evaluation
from surveys.filings import operations
from surveys.filings.models import Filing
from surveys.submissions import operations as submissions
from tenants.actors import Actor
from tenants.context import in_university
from tenants.facilities.models import Campus, Facility, FacilityKind

ROUND, PERIOD = "GY2025", "2025"
TITLE = "2025 年学生公寓标准化评估（试评）"
# university → unit → (name, where it stands, how good it is); '' is its own part
PILOTS = {
    "guling": {"": ("", "accepted", 0.97), "S1": ("松园1号楼", "accepted", 0.96), "S2": ("松园2号楼", "sealed", 0.9)},
    "xiyuan": {"": ("", "sealed", 0.93), "L1": ("兰园1号楼", "submitted", 0.88), "L2": ("兰园2号楼", "draft", 0.85)},
    "qilan": {"": ("", "draft", 0.8), "H1": ("鹤园1号楼", "draft", 0.82), "H2": ("鹤园2号楼", "none", 0)},
    "cangxi": {"": ("", "none", 0), "Y1": ("榆园1号楼", "none", 0)},
    "yunting": {"": ("", "none", 0)},
}  # fmt: skip
STEPS = ("none", "draft", "submitted", "sealed", "accepted")
LEFT_OUT = "本楼没有这一项"
SEED = 2025


def build(*, now: datetime.datetime) -> None:
    """The round, the facilities that are named in it, and each part as far as it has come. What is there stays."""
    round_ = Round.objects.filter(pk=ROUND).first() or _opened(now)
    for code, parts in PILOTS.items():
        names, clerk = {unit: name for unit, (name, *_rest) in parts.items() if unit}, actor(code, "clerk")
        with in_university(code):
            _register(parts)
            nominate(round=round_, university_code=code, units=names, actor_id=clerk.id, now=now)
        for unit, (_name, goal, quality) in parts.items():
            _bring(round_, code, unit, goal, quality, now)
    Notice.objects.filter(mailed_at=None).update(mailed_at=now)


def _opened(now: datetime.datetime) -> Round:
    day = now.astimezone(SHANGHAI).date() + 35 * DAY
    due = datetime.datetime.combine(day, datetime.time(17), SHANGHAI)
    version = published(instruments.get("dormitory"), now=now - 30 * DAY)
    staff = User.objects.get(email="staff@demo")
    return open_round(
        code=ROUND, version=version, title=TITLE, period=PERIOD, opens_at=now - 20 * DAY, due_at=due,
        closes_at=due + 20 * DAY, universities=tuple(PILOTS), actor_id=staff.pk,
    )  # fmt: skip


def _register(parts: dict) -> None:
    campus = Campus.objects.get(code="main")
    for unit, (name, *_rest) in parts.items():
        if unit:
            about = {"name": name, "campus": campus, "kind": FacilityKind.DORMITORY, "building_type": "I"}
            Facility.objects.get_or_create(code=unit, defaults=about)


def _bring(round_: Round, code: str, unit: str, goal: str, quality: float, now: datetime.datetime) -> None:
    state = Obligation.objects.get(round=round_, university_code=code, unit=unit).state
    done, wanted = STEPS.index(state), STEPS.index(goal)
    clerk, approver = actor(code, "clerk"), actor(code, "approver")
    seal = None
    with in_university(code):
        if done < 1 <= wanted:
            _score(round_, code, unit, quality, clerk, now - 6 * DAY, whole=wanted > 1)
        filing = Filing.objects.filter(round_code=round_.pk, unit=unit).first()
        if done < 2 <= wanted:
            operations.submit(filing=filing, revision=filing.revision, actor=clerk, now=now - 5 * DAY)
            filing.refresh_from_db()
        if done < 3 <= wanted:
            seal = operations.sign(filing=filing, revision=filing.revision, actor=approver, now=now - 4 * DAY)
    if seal is not None and goal == "accepted":
        staff = User.objects.get(email="staff@demo")
        submissions.accept(submission=seal, actor_id=staff.pk, actor_name=staff.name, now=now - 3 * DAY)


def _score(
    round_: Round, code: str, unit: str, quality: float, clerk: Actor, now: datetime.datetime, *, whole: bool
) -> None:
    evaluation: Evaluation = instruments.get("dormitory").evaluation
    filing = operations.ensure_filing(round_code=round_.pk, university_code=code, unit=unit)
    random = Random(f"{SEED}-{code}-{unit}")
    items = list(evaluation.items_of(facility=bool(unit)))
    # a draft has stopped at two thirds
    edits = [_edit(item, quality, random) for item in (items if whole else items[: len(items) * 2 // 3])]
    operations.save_scores(
        filing=filing, evaluation=evaluation, period=PERIOD, edits=edits, revision=filing.revision,
        batch=uuid.uuid5(uuid.NAMESPACE_URL, f"{code}/{unit}"), actor=clerk, now=now,
    )  # fmt: skip
    if whole:
        answers = {veto.key: {"holds": False, "text": ""} for veto in evaluation.vetoes}
        operations.answer_vetoes(filing=filing, answers=answers, actor=clerk, now=now + HOUR)


def _edit(item: Criterion, quality: float, random: Random) -> dict:
    """Points by tenths around the quality; rarely something does not apply."""
    if random.random() < 0.02:
        return {"item": item.key, "text": "", "applies": False, "remark": LEFT_OUT}
    share = min(1.0, random.gauss(quality, 0.06))
    points = min(item.points, (item.points * Decimal(str(round(share, 2)))).quantize(Decimal("0.1")))
    remark = "" if points == item.points else item.deduct
    return {"item": item.key, "text": f"{max(points, Decimal(0)):f}", "applies": True, "remark": remark}
