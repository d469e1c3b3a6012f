"""A round reminds by its plan: on working days only, ever higher up, nothing twice, nothing late for nothing."""

import datetime
import threading

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from accounts.operations import assign
from audit.models import AuditEntry
from notices.models import ASSOCIATION, Notice
from surveys.catalog import queries
from surveys.catalog.models import Reminder, Round
from surveys.catalog.operations import change_plan, follow_plans, give_extension, remind
from surveys.catalog.plan import Plan
from tenants.context import in_university
from tenants.mailing import recipients
from tenants.models import University, UniversityState
from tenants.operations import add_member
from tests.surveys.factories import SHANGHAI, make_round, make_seal, to_universities

pytestmark = pytest.mark.django_db

DATE = datetime.date
# the National Day week of 2025: 1–8 October are free, Sunday 28 September and Saturday 11 October are worked
OPENS = datetime.datetime(2025, 9, 1, 9, tzinfo=SHANGHAI)
DUE = datetime.datetime(2025, 10, 10, 17, tzinfo=SHANGHAI)
CLOSES = datetime.datetime(2025, 11, 10, 17, tzinfo=SHANGHAI)
STAFF = {"actor_id": 9, "actor_name": "叶知秋"}


def at(month: int, day: int, hour: int = 10, year: int = 2025) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def round_(db) -> Round:
    return make_round(opens_at=OPENS, due_at=DUE, closes_at=CLOSES)


def run_through(first: DATE, last: DATE, hours=(3, 10, 14, 22)) -> None:
    """The task as beat starts it, several times on each day."""
    day = first
    while day <= last:
        for hour in hours:
            follow_plans(now=datetime.datetime.combine(day, datetime.time(hour), SHANGHAI))
        day += datetime.timedelta(days=1)


def sent(university: str = "alpha") -> list[tuple[str, str, str]]:
    rows = Reminder.objects.filter(university_code=university)
    return [(r.step, r.to, f"{r.sent_at.astimezone(SHANGHAI):%m-%d %H}") for r in rows]


def test_the_plan_counts_in_working_days_across_a_golden_week():
    steps = Plan().steps(DUE.date())
    assert [(step.key, step.day) for step in steps] == [
        ("before-10", DATE(2025, 9, 19)),
        ("before-3", DATE(2025, 9, 29)),
        ("before-1", DATE(2025, 10, 9)),
        ("after-1", DATE(2025, 10, 11)),
        ("approver", DATE(2025, 10, 14)),
        ("association", DATE(2025, 10, 16)),
    ]


def test_each_step_goes_once_on_its_day_in_office_hours_and_to_whom_it_is_for(round_):
    run_through(OPENS.date(), DATE(2025, 10, 20))
    assert sent() == [
        ("before-10", "clerk", "09-19 10"),
        ("before-3", "clerk", "09-29 10"),
        ("before-1", "clerk", "10-09 10"),
        ("after-1", "clerk", "10-11 10"),
        ("approver", "approver", "10-14 10"),
        ("association", "association", "10-16 10"),
    ]
    told = to_universities().filter(university_code="alpha").order_by("pk").values_list("role", "subject")
    assert list(told) == [
        ("clerk", "2024 年度能源统计还没有报送"),
        ("clerk", "2024 年度能源统计还没有报送"),
        ("clerk", "2024 年度能源统计还没有报送"),
        ("clerk", "2024 年度能源统计已过截止时间，还没有报送"),
        ("approver", "2024 年度能源统计逾期未报，请督促填报人"),
    ]
    (listed,) = Notice.objects.filter(role=ASSOCIATION)
    assert (listed.subject, listed.path) == (
        "2024 年度能源统计：2 所学校逾期未报",
        "/desk/rounds/NY2024/?state=overdue",
    )
    assert "甲大、乙大" in listed.body
    assert AuditEntry.objects.filter(action="round.reminded").count() == 6


def test_nothing_goes_on_a_day_off_and_a_worked_saturday_counts(round_):
    for day in (1, 2, 3, 4, 5, 6, 7, 8, 12):
        assert follow_plans(now=at(10, day)) == 0
    assert follow_plans(now=at(10, 11)) == 2
    assert {row.step for row in Reminder.objects.all()} == {"after-1"}


@pytest.mark.parametrize("hour", [0, 8, 18, 23])
def test_nothing_goes_outside_of_office_hours(round_, hour):
    assert follow_plans(now=at(10, 9, hour)) == 0


def test_a_day_that_was_missed_is_made_up_for_by_the_newest_step_only(round_):
    assert follow_plans(now=at(10, 9)) == 2
    assert sent() == [("before-1", "clerk", "10-09 10")]
    follow_plans(now=at(10, 20))
    assert [step for step, _to, _at in sent()] == ["before-1", "after-1", "approver", "association"]


def test_who_hands_in_is_not_reminded_any_more(round_):
    follow_plans(now=at(9, 19))
    make_seal(round_, now=at(9, 20))
    run_through(DATE(2025, 9, 21), DATE(2025, 10, 20))
    assert [step for step, _to, _at in sent()] == ["before-10"]
    assert len(sent("beta")) == 6


def test_an_extension_begins_the_steps_anew_for_that_university_alone(round_):
    follow_plans(now=at(9, 19))
    row = queries.obligation("NY2024", "alpha")
    give_extension(obligation=row, until=DATE(2025, 10, 24), reason="x", **STAFF, now=at(9, 20))
    run_through(DATE(2025, 9, 21), DATE(2025, 10, 24))
    assert [(step, when) for step, _to, when in sent()] == [
        ("before-10", "09-19 10"),
        ("before-10", "10-11 10"),
        ("before-3", "10-21 10"),
        ("before-1", "10-23 10"),
    ]
    assert "approver" in {step for step, _to, _at in sent("beta")}


def test_steps_before_the_opening_are_not_made_up_for(db):
    make_round(opens_at=at(10, 9, 9), due_at=DUE, closes_at=CLOSES)
    assert follow_plans(now=at(10, 9, 10)) == 0


def test_a_silent_plan_reminds_nobody_and_a_closed_round_neither(round_):
    change_plan(round=round_, plan=Plan((), (), 0, 0), actor_id=9)
    run_through(OPENS.date(), DATE(2025, 10, 20))
    assert sent() == []
    change_plan(round=round_, plan=Plan(), actor_id=9)
    assert follow_plans(now=at(11, 11)) == 0


def test_years_without_published_holidays_are_counted_monday_to_friday(db):
    times = {
        "opens_at": at(1, 2, year=2031), "due_at": at(2, 10, 17, 2031), "closes_at": at(3, 1, year=2031),
    }  # fmt: skip
    make_round("NY2031", **times)
    run_through(DATE(2031, 1, 3), DATE(2031, 2, 10))
    assert [when for _step, _to, when in sent()] == ["01-27 10", "02-05 10", "02-07 10"]


def test_the_database_refuses_the_same_step_twice(round_):
    follow_plans(now=at(9, 19))
    row = Reminder.objects.first()
    again = {name: getattr(row, name) for name in ("obligation", "university_code", "step", "to", "due_on")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**again, sent_at=row.sent_at)


def test_a_reminder_by_hand_is_kept_with_who_sent_it(round_):
    remind(round=round_, actor_id=9, actor_name="叶知秋", now=at(9, 20))
    assert list(Reminder.objects.values_list("university_code", "step", "sent_by_name")) == [
        ("alpha", "manual", "叶知秋"),
        ("beta", "manual", "叶知秋"),
    ]
    assert remind(round=round_, actor_id=9, actor_name="叶知秋", now=at(9, 20, 12)) == []


def test_a_university_reads_its_own_reminders_and_writes_none(round_):
    follow_plans(now=at(9, 19))
    with in_university("alpha"):
        assert {row.university_code for row in Reminder.objects.all()} == {"alpha"}
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Reminder.objects.create(
                obligation=queries.obligation("NY2024", "alpha"), university_code="alpha", step="manual",
                to="", due_on=DUE.date(), sent_at=DUE,
            )  # fmt: skip
    assert connection.schema_name == "public"


def test_beat_starts_it():
    tasks = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert "catalog.follow_plans" in tasks


@pytest.fixture
def staff(db) -> Client:
    user = User.objects.create_user("staff@example.org", "x", name="叶知秋")
    assign(user=user, role="staff", actor_id=None)
    client = Client()
    client.force_login(user)
    return client


def test_the_desk_shows_the_plan_with_its_days_and_who_was_reminded(staff, round_):
    follow_plans(now=at(9, 19))
    page = staff.get("/desk/rounds/NY2024/reminders/").content.decode()
    assert "截止前 10 个工作日" in page
    assert "10月11日（周六）" in page
    assert page.count("甲子大学") == 1
    assert "2025-09-19" in staff.get("/desk/rounds/NY2024/").content.decode()


def test_the_plan_is_changed_at_the_desk_and_what_cannot_be_is_said_at_the_field(staff, round_):
    address = "/desk/rounds/NY2024/reminders/"
    bad = staff.post(address, {"before": "十天", "after": "1", "approver": "3", "association": "5"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (400, ["before"])
    staff.post(address, {"before": "5，2", "after": "", "approver": "2", "association": ""})
    round_.refresh_from_db()
    assert Plan.from_body(round_.reminders) == Plan((5, 2), (), 2, 0)
    assert AuditEntry.objects.filter(action="round.plan_changed").count() == 1


def test_a_new_round_shows_the_usual_plan_and_keeps_what_was_typed(staff, round_):
    form = staff.get("/desk/rounds/new/").context["form"]
    assert [form[name].value() for name in ("before", "after", "approver", "association")] == [
        "10, 3, 1",
        "1",
        3,
        5,
    ]
    sent_form = {
        "version": str(round_.version_id), "title": "2025", "period": "2025", "code": "NY2025",
        "opens_at": "2026-01-05T00:00", "due_at": "2026-04-01T00:00", "closes_at": "2026-05-01T00:00",
        "universities": ["alpha"], "before": "7", "after": "1 2", "approver": "4", "association": "0",
    }  # fmt: skip
    assert staff.post("/desk/rounds/new/", sent_form).status_code == 302
    assert Plan.from_body(Round.objects.get(pk="NY2025").reminders) == Plan((7,), (1, 2), 4, 0)


# people and universities that are gone meanwhile


def person(name: str, role: str) -> User:
    user = User.objects.create_user(f"{name}@alpha.test", "x", name=name)
    add_member(user=user, university=University.objects.get(code="alpha"), role=role, actor_id=None)
    return user


def told() -> list[str]:
    """Who reads the newest message to alpha."""
    notice = Notice.objects.filter(university_code="alpha").latest("pk")
    return sorted(user.name for user in recipients(notice))


def test_what_is_for_a_clerk_who_has_left_reaches_whoever_is_there(round_):
    clerk = person("林知行", "clerk")
    person("周予安", "approver")
    follow_plans(now=at(9, 19))
    assert told() == ["林知行"]
    clerk.is_active = False
    clerk.save()
    follow_plans(now=at(9, 29))
    assert told() == ["周予安"]


def test_a_university_that_is_suspended_is_not_reminded_and_not_counted_late(round_):
    University.objects.filter(code="alpha").update(state=UniversityState.SUSPENDED)
    run_through(DATE(2025, 9, 18), DATE(2025, 10, 20))
    assert (sent(), len(sent("beta"))) == ([], 6)
    late = Notice.objects.get(role=ASSOCIATION)
    assert late.subject == f"{round_.title}：1 所学校逾期未报"


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_beat_at_once_send_nothing_twice(round_):
    start, failures = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            follow_plans(now=at(9, 19))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert (failures, len(sent()), Notice.objects.filter(university_code="alpha").count()) == ([], 1, 1)
