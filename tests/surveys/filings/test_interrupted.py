"""Whatever dies, nothing is half-written, and a second try leads to the same."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from jobs.failpoints import Interrupted, armed
from jobs.models import Job, JobState
from jobs.tasks import sweep
from surveys.filings import operations, queries
from surveys.filings.models import Event, Filing, Observation, ObservationChange, Upload, UploadState
from surveys.submissions.models import Submission
from tenants.context import in_public, in_university

from .conftest import NOW, receive, run, sample
from .helpers import fill

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = """
import django; django.setup()
import surveys.filings.tasks
from jobs.tasks import run_job
run_job({job!r})
"""
KILLED_LOAD = """
import django; django.setup()
import datetime, pickle, sys
from surveys.filings import operations
from surveys.filings.models import Upload
from tenants.actors import Actor
from tenants.context import in_university
actor = Actor({actor}, "林知行", "alpha", "海津理工大学", frozenset(), frozenset())
with in_university("alpha"):
    upload = Upload.objects.get(pk={upload!r})
    now = datetime.datetime.fromisoformat({now!r})
    operations.load_upload(upload=upload, revision={revision}, actor=actor, now=now)
"""


def killed_at(point: str, code: str, settings) -> None:
    """Runs code in a process of its own that dies by SIGKILL at the point."""
    environment = os.environ | {
        "HOUQIN_FAILPOINT": f"{point}:kill",
        "HOUQIN_DATABASE_NAME": connection.settings_dict["NAME"],
        "HOUQIN_FILES_ROOT": str(settings.FILES_ROOT),
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == -9, done.stderr[-2000:]


@pytest.mark.parametrize("point", ["read.begun", "read.done", "read.stored", "read.recorded"])
def test_a_worker_killed_while_reading_leaves_an_upload_that_is_read_once(filing, clerk, settings, point):
    upload = receive(filing, sample("e01"), clerk.actor)
    killed_at(point, KILLED.format(job=str(upload.job_id)), settings)
    upload.refresh_from_db()
    assert upload.state == (UploadState.READ if point == "read.recorded" else UploadState.RECEIVED)
    run(upload)
    run(upload)
    assert (upload.state, upload.verdict, upload.report["values"]) == (UploadState.READ, "clean", 130)
    with in_public():
        assert Job.objects.get().state == JobState.DONE


@pytest.mark.parametrize("point", ["load.begun", "load.copied", "load.finished"])
def test_a_process_killed_while_writing_leaves_the_draft_as_it_was(filing, clerk, settings, point):
    upload = receive(filing, sample("e01"), clerk.actor)
    run(upload)
    filing.refresh_from_db()
    values = {
        "actor": clerk.pk,
        "upload": str(upload.pk),
        "revision": filing.revision,
        "now": NOW.isoformat(),
    }
    killed_at(point, KILLED_LOAD.format(**values), settings)
    upload.refresh_from_db()
    assert Observation.objects.count() == 0
    assert (upload.state, Event.objects.count(), filing.writers.count()) == (UploadState.READ, 0, 0)
    counts = operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
    assert Observation.objects.filter(value__isnull=False).count() == 130
    assert counts.changed == 0
    assert ObservationChange.objects.count() == 0


@pytest.mark.parametrize("point", ["receive.stored", "receive.written"])
def test_an_upload_interrupted_on_arrival_leaves_no_row_and_works_again(filing, clerk, point):
    with armed(point), pytest.raises(Interrupted):
        receive(filing, sample("e01"), clerk.actor)
    assert Upload.objects.count() == 0
    with in_public():
        assert Job.objects.count() == 0
    run(receive(filing, sample("e01"), clerk.actor))
    assert Upload.objects.get().state == UploadState.READ


@pytest.mark.parametrize("point", ["sign.begun", "sign.sealed", "sign.finished"])
def test_a_signature_interrupted_seals_nothing_and_signs_once_later(filing, clerk, approver, round_, point):
    fill(filing, round_, clerk.actor)
    operations.submit(filing=filing, revision=filing.revision, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    with armed(point), pytest.raises(Interrupted):
        operations.sign(filing=filing, revision=filing.revision, actor=approver.actor, now=NOW)
    assert Submission.objects.count() == 0
    operations.sign(filing=filing, revision=filing.revision, actor=approver.actor, now=NOW)
    assert Submission.objects.count() == 1


def test_with_the_broker_down_the_upload_waits_and_the_sweep_runs_it(filing, clerk, broker_down):
    with broker_down:
        upload = receive(filing, sample("e01"), clerk.actor)
    with in_public():
        job = Job.objects.get()
        assert job.state == JobState.QUEUED
        Job.objects.update(beat_at=NOW)
        assert sweep() == 1
    run(upload)
    assert (upload.state, upload.report["values"]) == (UploadState.READ, 130)


def test_a_job_that_ran_twice_at_once_changes_nothing(filing, clerk):
    upload = receive(filing, sample("e01"), clerk.actor)
    run(upload)
    report, frame = upload.report, upload.frame_sha256
    with in_public():
        Job.objects.update(state=JobState.QUEUED)
    run(upload)
    assert (upload.report, upload.frame_sha256) == (report, frame)


def test_two_clerks_at_once_one_writes_and_the_other_hears_of_it(filing, clerk, round_):
    """Two connections from one revision: exactly one write stands."""
    import threading

    from surveys.filings.errors import Conflict

    outcomes: list[str] = []
    gate = threading.Barrier(2)
    revision = filing.revision

    def write(value: str) -> None:
        edit = {"item": "water", "measure": "quantity", "period": "2024-01", "value": value}
        try:
            with in_university("alpha"):
                mine = Filing.objects.get(pk=filing.pk)
                gate.wait()
                operations.set_values(
                    filing=mine, values=[edit], revision=revision, actor=clerk.actor, now=NOW
                )
            outcomes.append("written")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(value,)) for value in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "written"]
    assert len(queries.values_of(filing)) == 1
