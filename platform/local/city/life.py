"""What else happens in the life of a filing, in the round in mid-course: one university asks for another day, one
amends what was accepted, one has nothing to report, at one a substitute signs, and the round reminds by its plan."""

import datetime

from django.utils import timezone

from accounts.models import User
from local.city import filing as files
from local.city.people import SUBSTITUTE
from local.city.people_seed import actor
from surveys.catalog.models import Round
from surveys.catalog.operations import ask_extension, follow_plans
from surveys.catalog.plan import Plan
from surveys.catalog.queries import obligation
from surveys.filings import operations, queries
from surveys.submissions.models import Submission
from tenants.context import in_university
from tenants.models import Substitution, University
from tenants.substitutions import name_substitute

DAY = datetime.timedelta(days=1)
# the first reminder has gone out already
PLAN = Plan(before=(20, 10, 3, 1))
NIL_REASON = "2024 年整体搬迁，水电由代建单位统一结算，本校没有发生"
ASKS, AMENDS = "lanyin", "bolan"
# a campus that opened in September: university, year, name, m² of floor and heated
OPENED = ("xiwan", 2024, "汐湾新校区一期", {"floor_area": "90000", "heated_area": "72000"})

# who else uses energy behind the meters, where somebody does: university → boundary → answer, every year
OTHERS = {
    "xiwan": {
        "merchants": {"choice": "deducted", "amounts": {"electricity": "86000", "water": "2100"}},
        "operators": {"choice": "included", "reason": "基站没有分表，电费由运营商年底按合同付给学校"},
    },
    "jinggu": {"residents": {"choice": "deducted", "amounts": {"electricity": "412000", "water": "35600"}}},
    "bolan": {"construction": {"choice": "deducted", "amounts": {"electricity": "约58000"}}},
}


def boundary(code: str, round_: Round) -> dict:
    """What a university says of each boundary."""
    nobody = {each.key: {"choice": "none"} for each in queries.definition_of(round_).boundaries}
    return nobody | OTHERS.get(code, {})


def opened(code: str, year: int) -> dict:
    """What came into use at a university during a year, for its sizes: {"opened": {size: part}}."""
    if (code, year) != OPENED[:2]:
        return {}
    months = {"first": f"{year}-09", "last": f"{year}-12"}
    areas = OPENED[3].items()
    return {"opened": {key: {"name": OPENED[2], "value": area, **months} for key, area in areas}}


def declare_nothing(round_: Round, code: str, now: datetime.datetime) -> Submission:
    """A university with nothing to report: declared, handed over, signed. Returns the seal."""
    clerk, approver = actor(code, "clerk"), actor(code, "approver")
    filing = operations.ensure_filing(round_code=round_.code, university_code=code)
    if not filing.nil_reason:
        operations.declare_nil(filing=filing, reason=NIL_REASON, actor=clerk, now=now)
    if obligation(round_.code, code).state == "draft":
        files.submit(round=round_, filing=_fresh(filing), actor=clerk, now=now)
    return files.sign(filing=filing, actor=approver, now=now)


def ask(round_: Round, now: datetime.datetime) -> None:
    """One university asks for another day, once."""
    clerk = actor(ASKS, "clerk")
    with in_university(ASKS):
        row = obligation(round_.code, ASKS)
        if row.extensions.exists():
            return
        ask_extension(
            obligation=row, wished_on=(row.due_at + 14 * DAY).date(), actor_id=clerk.id, actor_name=clerk.name,
            reason="艺术中心的电表 12 月更换，供电局下月才给抄表数据", now=now,
        )  # fmt: skip


def amend(round_: Round, now: datetime.datetime) -> None:
    """One university amends a figure of what was accepted and hands it in again."""
    clerk, approver = actor(AMENDS, "clerk"), actor(AMENDS, "approver")
    with in_university(AMENDS):
        filing = operations.ensure_filing(round_code=round_.code, university_code=AMENDS)
        state = obligation(round_.code, AMENDS).state
        if Submission.objects.filter(round=round_, university_code=AMENDS).count() > 1:
            return
        if state == "accepted":
            reason = "3 月用电抄错一位，供电局账单为准"
            operations.amend(filing=filing, reason=reason, actor=clerk, now=now)
        if state in ("accepted", "draft"):
            _correct(_fresh(filing), clerk, now)
            files.submit(round=round_, filing=_fresh(filing), actor=clerk, now=now)
        files.sign(filing=filing, actor=approver, now=now)


def stand_in(now: datetime.datetime) -> None:
    """One approver is on leave, and somebody signs for them meanwhile."""
    email, _name, code = SUBSTITUTE
    university = University.objects.get(code=code)
    if Substitution.objects.filter(university=university).exists():
        return
    approver, today = actor(code, "approver"), timezone.localdate(now)
    name_substitute(
        university=university, principal=User.objects.get(pk=approver.id), substitute=User.objects.get(email=email),
        starts_on=today, ends_on=today + 20 * DAY, reason="年休假", actor_id=approver.id, now=now,
    )  # fmt: skip


def _correct(filing, clerk, now: datetime.datetime) -> None:
    rows = queries.values_of(filing)
    wrong = next(
        r for r in rows if (r["item"], r["measure"], r["period"][5:]) == ("electricity", "quantity", "03")
    )
    right = {**wrong, "value": (wrong["value"] * 97 / 100).quantize(1)}
    operations.set_values(filing=filing, values=[right], revision=filing.revision, actor=clerk, now=now)


def remind(now: datetime.datetime) -> None:
    """The reminders of the last days, as beat would have sent them."""
    for days in range(10, -1, -1):
        follow_plans(now=now.replace(hour=2, minute=0) - days * DAY)


def _fresh(filing):
    filing.refresh_from_db()
    return filing
