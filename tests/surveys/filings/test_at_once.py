"""Two at once: a job that runs twice, two clerks who write from one revision."""

import datetime
import json
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from jobs.models import Job, JobState
from surveys.filings import operations, queries
from surveys.filings.models import Filing
from tenants.context import in_public, in_university
from tests.soak import Count

from .conftest import NOW, open_round, person, receive, run, sample

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = Count("pairs of writes from one revision", small=10, full=500)
GRIDS = Count("pairs of batches of the grid from one revision", small=10, full=500)


def test_a_job_that_ran_twice_at_once_changes_nothing(filing, clerk):
    upload = receive(filing, sample("e01"), clerk.actor)
    run(upload)
    report, frame = upload.report, upload.frame_sha256
    with in_public():
        Job.objects.update(state=JobState.QUEUED)
    run(upload)
    assert (upload.report, upload.frame_sha256) == (report, frame)


class Pair:
    """Two people who post a value of one cell at the same moment, from the revision both have seen."""

    def __init__(self, *people):
        self.clients = [Client() for _ in people]
        for client, user in zip(self.clients, people, strict=True):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = reverse("filings:cell", args=["alpha", "energy-2024"])
        self.cell = f"{page}?f=&i=water&m=quantity&p=2024-01"
        self.grid = reverse("filings:grid_save", args=["alpha", "energy-2024"])

    def post(self, revision: int, *values: str) -> dict[str, object]:
        """value → the answer to whoever sent it."""

        def form(client: Client, value: str):
            return client.post(self.cell, {"value": value, "flag": "", "revision": revision})

        return self._at_once(form, values)

    def save(self, revision: int, *places: str) -> dict[str, object]:
        """The same through the grid: 100 into a place each (item|measure|month) → the answer."""

        def batch(client: Client, place: str):
            item, measure, period = place.split("|")
            edit = {"item": item, "measure": measure, "period": period, "text": str(100 + revision)}
            body = {"batch": str(uuid.uuid4()), "revision": revision, "facility": "", "edits": [edit]}
            return client.post(self.grid, json.dumps(body), content_type="application/json")

        return self._at_once(batch, places)

    def _at_once(self, ask, values) -> dict[str, object]:
        gate, answers = threading.Barrier(2), {}

        def send(client: Client, value: str) -> None:
            try:
                gate.wait()
                answers[value] = ask(client, value)
            finally:
                connection.close()

        pairs = zip(self.clients, values, strict=True)
        threads = [threading.Thread(target=send, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers


@pytest.mark.promise("no lost update")
def test_of_two_writes_from_one_revision_one_stands_and_the_other_is_shown_it(haijin, clerk):
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    open_round("energy-2024", "2024", opens=NOW, due=now + day, closes=now + day)
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
    pair = Pair(clerk, person("alpha", "clerk", name="白露"))
    for turn in range(PAIRS.number):
        with in_university("alpha"):
            revision = Filing.objects.get(pk=filing.pk).revision
        answers = pair.post(revision, f"{10_000 + 2 * turn}", f"{10_001 + 2 * turn}")
        by_status = {answer.status_code: value for value, answer in answers.items()}
        assert sorted(by_status) == [302, 409]
        # who came second reads what stands now
        assert f"{int(by_status[302]):,}" in answers[by_status[409]].content.decode()
        with in_university("alpha"):
            (row,) = queries.values_of(filing)
            after = Filing.objects.get(pk=filing.pk)
            assert (row["value"], after.revision) == (int(by_status[302]), revision + 1)
        PAIRS.done()


@pytest.mark.promise("no lost update")
def test_of_two_batches_of_the_grid_one_stands_and_the_other_is_told_what_it_met(haijin, clerk):
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    open_round("energy-2024", "2024", opens=NOW, due=now + day, closes=now + day)
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
    pair = Pair(clerk, person("alpha", "clerk", name="白露"))
    mine, theirs = "water|quantity|2024-01", "water|cost|2024-01"
    for _turn in range(GRIDS.number):
        with in_university("alpha"):
            revision = Filing.objects.get(pk=filing.pk).revision
        answers = pair.save(revision, mine, theirs)
        by_status = {answer.status_code: place for place, answer in answers.items()}
        assert sorted(by_status) == [200, 409]
        told = answers[by_status[409]].json()
        # who came second reads which cell was written meanwhile, and sends its own again on that
        assert (list(told["changes"]), told["revision"]) == ([by_status[200]], revision + 1)
        with in_university("alpha"):
            assert Filing.objects.get(pk=filing.pk).revision == revision + 1
            values = {
                f"{r['item']}|{r['measure']}|{r['period']}": r["value"] for r in queries.values_of(filing)
            }
        assert values[by_status[200]] == 100 + revision
        GRIDS.done()
