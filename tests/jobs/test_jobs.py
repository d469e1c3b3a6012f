"""Jobs: saved with the data, run at least once, never twice at a time."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import registry
from jobs.models import Job
from jobs.operations import enqueue, nudge
from jobs.registry import JobError
from jobs.tasks import run_job, sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handler(monkeypatch):
    """Registers `test.work`; the returned list collects the arguments of its runs."""
    runs: list[dict] = []

    def work(work, progress):
        progress("读取", 1, 2)
        runs.append(work.arguments)
        return {"rows": 3}

    monkeypatch.setitem(registry._handlers, "test.work", work)
    return runs


@pytest.fixture
def no_broker(settings, monkeypatch):
    """A broker address where nobody listens."""
    from config.celery import app

    # the write address first: unset, it reads as the other one and would be put back as what that is by then
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    # connections are pooled: without these the good one would be used
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


def test_job_runs_and_keeps_its_result(handler):
    job = enqueue(kind="test.work", arguments={"a": 1})
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result, job.stage, job.done, job.total) == ("done", {"rows": 3}, "读取", 1, 2)
    assert handler == [{"a": 1}]


def test_job_of_a_transaction_that_rolls_back_does_not_exist(handler):
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(kind="test.work", arguments={})
        raise RuntimeError
    assert Job.objects.count() == 0


def test_finished_job_delivered_again_does_nothing(handler):
    job = enqueue(kind="test.work", arguments={})
    run_job(str(job.pk))
    run_job(str(job.pk))
    assert handler == [{}]


def test_job_error_is_told_to_the_person_and_not_tried_again(monkeypatch):
    def refuse(work, progress):
        raise JobError("没有写入：第 3 行没有单位")

    monkeypatch.setitem(registry._handlers, "test.refuse", refuse)
    job = enqueue(kind="test.refuse", arguments={})
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message, job.attempts) == ("failed", "没有写入：第 3 行没有单位", 1)


def test_fault_of_the_code_fails_with_its_cause_for_the_operator(monkeypatch):
    monkeypatch.setitem(registry._handlers, "test.fault", lambda work, progress: 1 / 0)
    job = enqueue(kind="test.fault", arguments={})
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.cause.strip().splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_trouble_of_the_moment_leaves_the_job_queued(monkeypatch):
    def unlucky(work, progress):
        raise OSError("disk is away")

    monkeypatch.setitem(registry._handlers, "test.unlucky", unlucky)
    job = enqueue(kind="test.unlucky", arguments={})
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)


def test_job_held_by_another_worker_is_left_alone(handler, monkeypatch):
    entered, leave = threading.Event(), threading.Event()
    runs: list[int] = []

    def slow(work, progress):
        runs.append(1)
        entered.set()
        leave.wait(10)

    monkeypatch.setitem(registry._handlers, "test.slow", slow)
    job = enqueue(kind="test.slow", arguments={})

    def first():
        run_job(str(job.pk))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait(10)
    run_job(str(job.pk))
    leave.set()
    thread.join()
    assert runs == [1]


def test_broker_down_leaves_the_job_queued_and_the_request_whole(handler, no_broker):
    job = enqueue(kind="test.work", arguments={})
    job.refresh_from_db()
    assert job.state == "queued"
    assert nudge(job.pk) is False


def test_sweep_nudges_queued_and_silent_jobs_only(handler):
    long_ago = timezone.now() - datetime.timedelta(minutes=5)
    queued = enqueue(kind="test.work", arguments={"n": "queued"})
    silent = enqueue(kind="test.work", arguments={"n": "silent"})
    fresh = enqueue(kind="test.work", arguments={"n": "fresh"})
    done = enqueue(kind="test.work", arguments={"n": "done"})
    Job.objects.filter(pk=queued.pk).update(beat_at=long_ago)
    Job.objects.filter(pk=silent.pk).update(beat_at=long_ago, state="running")
    Job.objects.filter(pk=done.pk).update(beat_at=long_ago, state="done")
    assert fresh.state == "queued"
    assert sweep() == 2


def test_university_job_without_a_university_is_refused():
    from tenants.tasks import university_job

    @university_job("test.university")
    def work(work, progress):
        raise AssertionError("never reached")

    try:
        job = enqueue(kind="test.university", arguments={})
        run_job(str(job.pk))
        job.refresh_from_db()
        assert job.state == "failed"
        assert "needs a university" in job.cause
    finally:
        registry._handlers.pop("test.university")
