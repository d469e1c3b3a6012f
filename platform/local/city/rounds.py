"""Three rounds: two accepted and released, one in mid-course."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from jobs.models import Job, JobState
from jobs.tasks import run_job
from local.city import filing as files
from local.city import life, samples
from local.city.energy import Row, building_year, buildings_of, campus_year, sizes
from local.city.people_seed import actor
from local.city.universities import FIRST, LAST, UNIVERSITIES, CityUniversity
from notices.models import ASSOCIATION, Notice
from notices.operations import mark_read
from surveys import instruments
from surveys.benchmarks import operations as benchmarks
from surveys.benchmarks.models import Release
from surveys.catalog.models import Obligation, Round, Version
from surveys.catalog.operations import check_version, open_round, propose_version
from surveys.definition import Definition
from surveys.definition.checking import to_check
from surveys.submissions import operations as submissions
from surveys.submissions.models import Decision
from tenants.context import in_university

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
# what the demo's visitor files: their workbooks are in tests/samples
LEFT_OPEN = ("haijin", "gushang", "weigu", "luxi")
# the round in mid-course: university → how far it came; everyone else is accepted
COURSE = {
    **dict.fromkeys(("lanwan", "xiwan"), "sealed"), "jinglan": "nil",
    "weilan": "returned", "guji": "submitted", "lanyin": "draft",
    **dict.fromkeys(LEFT_OPEN, "none"),
}  # fmt: skip
STEPS = ("none", "draft", "submitted", "sealed", "accepted")


@dataclass(frozen=True)
class Times:
    """When a year's round ran, as the demo tells it: past rounds lie whole years back, the last one is open."""

    opens: datetime.datetime
    due: datetime.datetime
    closes: datetime.datetime

    def filed(self, place: int) -> datetime.datetime:
        """When the university at `place` filed: two a day, between 9:00 and 16:00."""
        day = (self.opens + (7 + place // 2) * DAY).astimezone(SHANGHAI).date()
        morning = datetime.datetime.combine(day, datetime.time(9), SHANGHAI)
        return morning + datetime.timedelta(minutes=place * 97 % 420)

    @property
    def released(self) -> datetime.datetime:
        return self.closes + 12 * DAY


def times_of(year: int, now: datetime.datetime) -> Times:
    """The round of a year: 17:00 in three weeks for the current one, as many years earlier for the others."""
    day = now.astimezone(SHANGHAI).date() + 21 * DAY - (LAST - year) * 365 * DAY
    due = datetime.datetime.combine(day, datetime.time(17), SHANGHAI)
    return Times(due - 45 * DAY, due, due + 20 * DAY)


def open_rounds(*, now: datetime.datetime) -> None:
    """The three rounds, before anyone files."""
    staff = User.objects.get(email="staff@demo")
    version = published(instruments.get("energy"), now=times_of(FIRST, now).opens - 14 * DAY)
    for year in range(FIRST, LAST + 1):
        ensure_round(version, year, times_of(year, now), staff)


def published(definition: Definition, *, now: datetime.datetime) -> Version:
    """By two persons: the committee's secretary proposes, the staff hold the factors against their sources."""
    published = Version.objects.filter(sha256=definition.definition_hash, published_at__isnull=False).first()
    if published:
        return published
    secretary, staff = (User.objects.get(email=f"{name}@demo") for name in ("secretary", "staff"))
    by = {"actor_id": secretary.pk, "actor_name": secretary.name}
    version = propose_version(definition, **by, now=now)
    by = {"actor_id": staff.pk, "actor_name": staff.name}
    return check_version(version=version, checked=to_check(definition, None), **by, now=now + DAY)


def file_share(*, now: datetime.datetime, share: int, shares: int) -> None:
    """Files the years of every `shares`-th university, oldest first, so that each year has a history, and computes
    the figures of what was accepted: the worker is not there yet."""
    staff = User.objects.get(email="staff@demo")
    for year in range(FIRST, LAST + 1):
        times = times_of(year, now)
        round_ = Round.objects.select_related("version__instrument").get(pk=f"energy-{year}")
        course = COURSE if year == LAST else {}
        for place, university in enumerate(UNIVERSITIES):
            if place % shares == share:
                file(university, round_, course.get(university.code, "accepted"), times.filed(place), staff)


def conclude(*, now: datetime.datetime) -> None:
    """Figures that an interrupted seed left out, the releases of the finished years, today's completion."""
    staff = User.objects.get(email="staff@demo")
    for submission_id in benchmarks.missing_figures():
        benchmarks.write_figures(submission_id=submission_id)
    for year in range(FIRST, LAST):
        release(Round.objects.get(pk=f"energy-{year}"), staff, times_of(year, now).released)
    live_on(now=now)
    benchmarks.snapshot_completion(now=now, day=now.astimezone(SHANGHAI).date())
    read_what_is_decided()
    # the messages of three years were mailed in their time
    Notice.objects.filter(mailed_at=None).update(mailed_at=now)


def live_on(*, now: datetime.datetime) -> None:
    """The round in mid-course goes on."""
    round_ = Round.objects.select_related("version__instrument").get(pk=f"energy-{LAST}")
    started = timezone.now()
    life.remind(now)
    life.ask(round_, now - 2 * DAY)
    life.amend(round_, now - DAY)
    life.stand_in(now - DAY)
    _told(Notice.objects.all(), started, now - DAY)


def read_what_is_decided() -> None:
    """The association's people have read what they were told of seals that are decided."""
    decided = Decision.objects.values_list("submission__number", flat=True)
    paths = [reverse("review:submission", args=[number]) for number in decided]
    told = Notice.objects.filter(role=ASSOCIATION, path__in=paths)
    for user in User.objects.filter(assignments__role__in=["staff", "secretary"]):
        mark_read(notices=told, user_id=user.pk)


def ensure_round(version, year: int, times: Times, staff: User) -> Round:
    """The round of a year, opened once."""
    code = f"energy-{year}"
    existing = Round.objects.filter(code=code).first()
    if existing:
        return existing
    started = timezone.now()
    opened = open_round(
        code=code, version=version, title=f"{year} 年度能源资源消费统计", period=str(year),
        opens_at=times.opens, due_at=times.due, closes_at=times.closes,
        universities=[university.code for university in UNIVERSITIES], plan=life.PLAN, actor_id=staff.pk,
    )  # fmt: skip
    _told(Notice.objects.all(), started, times.opens)
    return opened


def _told(notices, since: datetime.datetime, at: datetime.datetime) -> None:
    """Messages written since a moment of the seed are dated when the demo's story has them."""
    notices.filter(created_at__gte=since).update(created_at=at)


def file(university: CityUniversity, round_: Round, goal: str, now: datetime.datetime, staff: User) -> None:
    """Brings one university's filing to `goal`; a step that was taken is not taken again."""
    code, year = university.code, int(round_.period)
    if goal == "nil":
        goal = "none"
        if Obligation.objects.get(round=round_, university_code=code).state != "sealed":
            with in_university(code):
                life.declare_nothing(round_, code, now)
    clerk, approver = actor(code, "clerk"), actor(code, "approver")
    wanted = STEPS.index("sealed" if goal == "returned" else goal)
    state = Obligation.objects.get(round=round_, university_code=code).state
    done = STEPS.index(state) if state in STEPS else len(STEPS)
    submission, started, own = None, timezone.now(), Notice.objects.filter(university_code=code)
    with in_university(code):
        if done < 1 <= wanted:
            rows, size = rows_of(university, year), sizes(university, year, FIRST)
            size |= life.opened(code, year)
            others = life.boundary(code, round_)
            draft = files.draft(round=round_, rows=rows, sizes=size, others=others, actor=clerk, now=now)
        elif done < wanted:
            draft = files.operations.ensure_filing(round_code=round_.code, university_code=code)
        if done < 2 <= wanted:
            files.submit(round=round_, filing=draft, actor=clerk, now=now + HOUR)
        if done < 3 <= wanted:
            submission = files.sign(filing=draft, actor=approver, now=now + 25 * HOUR)
    _told(own, started, now + 25 * HOUR)
    if submission is not None:
        decide(submission, goal, staff, now + 2 * DAY)
        _told(own, started, now + 2 * DAY)
        for job_id in queued_figures(submission):
            run_job(str(job_id))


def queued_figures(submission) -> list:
    """The figure jobs that the acceptance of a seal queued."""
    jobs = Job.objects.filter(kind=submissions.FIGURES_JOB, state=JobState.QUEUED)
    return list(jobs.filter(arguments__submission=str(submission.pk)).values_list("pk", flat=True))


def decide(submission, goal: str, staff: User, now: datetime.datetime) -> None:
    """What the secretariat says to a seal."""
    by = {"actor_id": staff.pk, "actor_name": staff.name, "now": now}
    if goal == "accepted":
        submissions.accept(submission=submission, **by)
    elif goal == "returned":
        submissions.return_with_queries(
            submission=submission, reason="7 月用水是上年的两倍，请核对水表。", **by
        )


def rows_of(university: CityUniversity, year: int) -> list[Row]:
    """A year of a university, from its sample where it has one."""
    if samples.observations(university.code):
        return samples.past_year(university.code, year, LAST)
    if university.buildings:
        return list(building_year(university, year, FIRST, buildings_of(university)))
    return list(campus_year(university, year, FIRST))


def release(round_: Round, staff: User, now: datetime.datetime) -> None:
    """Freezes the round's aggregates once."""
    benchmarks.ensure_cohorts(year=int(round_.period))
    if not Release.objects.filter(round_code=round_.code).exists():
        benchmarks.make_release(round_code=round_.code, actor=benchmarks.By(staff.pk, staff.name), now=now)
