"""Workbooks that went wrong, and bombs: the site answers, the reading ends within its limits, the next good one is
read."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.models import Job, JobState
from surveys.filings.answers import questions
from surveys.filings.models import Filing, Observation, Upload, UploadState
from tenants.context import in_university
from tests.live.bombs import BOMBS, ending
from tests.live.browser import Person
from tests.live.house import House, eventually
from tests.live.mutations import mutated
from tests.soak import Count, record_peak
from tests.surveys.filings.conftest import sample

pytestmark = pytest.mark.promise("malformed")

MUTATED = Count("mutated workbooks", small=40, full=200)
BOMBED = Count("bombs", small=len(BOMBS), full=len(BOMBS))
MOST_MEGABYTES, MOST_SECONDS = 640, 20
WORKBOOK = sample("e01")
AT_ONCE, SOME = 20, 3


class Scale(threading.Thread):
    """Weighs the processes that read workbooks, for as long as they live."""

    def __init__(self, house: House):
        super().__init__(daemon=True)
        self.house, self.over = house, threading.Event()
        self.megabytes = self.seconds = 0.0

    def run(self) -> None:
        while not self.over.wait(0.01):
            for worker in self.house.children("worker"):
                for reader in _children(worker):
                    self._weigh(Path(f"/proc/{reader}"))

    def _weigh(self, process: Path) -> None:
        try:
            if b"surveys.intake.child" not in (process / "cmdline").read_bytes():
                return
            peak = (process / "status").read_text().partition("VmHWM:")[2].split()[0]
            times = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        except (OSError, IndexError):  # it has ended
            return
        self.megabytes = max(self.megabytes, int(peak) / 1024)
        self.seconds = max(self.seconds, sum(map(int, times)) / os.sysconf("SC_CLK_TCK"))


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


@pytest.fixture
def scale(house) -> Iterator[Scale]:
    """Beyond its limits a reading fails the test."""
    found = Scale(house)
    found.start()
    yield found
    found.over.set()
    found.join()
    assert (found.megabytes <= MOST_MEGABYTES, found.seconds <= MOST_SECONDS) == (True, True)


def said(scale: Scale) -> None:
    record_peak("peak memory of a reading, MB", scale.megabytes, most=MOST_MEGABYTES)
    record_peak("processor time of a reading, s", scale.seconds, most=MOST_SECONDS)


def send(clerk: Person, round_code: str, files: list[tuple[str, bytes]]) -> list[str]:
    """Uploads files; the addresses of those that were received. A refusal is an answer too; a fault is not."""
    received = []
    for name, data in files:
        answer = clerk.post(f"/u/alpha/rounds/{round_code}/upload/", file=(name, data), script=True)
        assert answer is not None and answer.status_code in (202, 422), (name, answer and answer.text[:300])
        if answer.status_code == 202:
            received.append(answer.json()["url"])
        else:
            assert answer.json()["text"]
    return received


def read_to_the_end(house: House, clerk: Person, round_code: str, urls: list[str]) -> None:
    """Every upload ends in a page that can be opened; what was read can be written or says why not."""
    eventually(lambda: not unfinished(round_code), seconds=300)
    for url in urls:
        page = clerk.get(url)
        assert page.status_code == 200, fault(house, url)
        state = clerk.get(f"{url}job/").json()["state"]
        assert state == "done", url
    with in_university("alpha"):
        jobs = list(Upload.objects.filter(filing__round_code=round_code).values_list("job_id", flat=True))
    assert Job.objects.filter(pk__in=jobs).exclude(state=JobState.DONE).count() == 0


def unfinished(round_code: str) -> int:
    with in_university("alpha"):
        return Upload.objects.filter(filing__round_code=round_code, state=UploadState.RECEIVED).count()


def write_what_was_read(house: House, clerk: Person, round_code: str) -> None:
    """Headers confirmed as they were read, questions answered, the values written: each succeeds or is refused in
    words."""
    with in_university("alpha"):
        rows = list(Upload.objects.filter(filing__round_code=round_code, state=UploadState.READ))
    for row in rows:
        page = f"/u/alpha/rounds/uploads/{row.pk}/"
        answers = [clerk.post(f"{page}mapping/", **headers_of(row.report))]
        for place in [question.place for question in questions(row.report)][:SOME]:
            answers.append(clerk.post(f"{page}answer/", place=place, choice="missing"))
        with in_university("alpha"):
            revision = Filing.objects.get(round_code=round_code).revision
        answers.append(clerk.post(f"{page}load/", revision=revision))
        answers.append(clerk.get(page))
        assert {answer.status_code for answer in answers} <= {200, 302, 409}, fault(house, row.name)


def headers_of(report: dict) -> dict[str, str]:
    """What the page posts when nobody changed a header; an unknown building is the first one of the register."""
    said = {f"map-{n}": f"{m['item']}|{m['measure']}" for n, m in enumerate(report["mapping"]) if m["key"]}
    return said | {f"name-{n}": "B01" for n, _name in enumerate(report["facilities_unknown"])}


def fault(house: House, about: str) -> str:
    """What the site wrote about a fault."""
    return f"{about}: {house.log('web').read_text()[-3000:]}"


def a_good_one_works(clerk: Person, round_code: str) -> None:
    (url,) = send(clerk, round_code, [(WORKBOOK.name, WORKBOOK.read_bytes())])
    eventually(lambda: clerk.get(f"{url}job/").json()["state"] == "done")
    with in_university("alpha"):
        upload = Upload.objects.get(pk=url.rstrip("/").rpartition("/")[2])
        assert (upload.verdict, upload.report["values"]) == ("clean", 130)
    clerk.post(f"{url}load/", revision=1)
    with in_university("alpha"):
        filing = upload.filing_id
        assert Observation.objects.filter(filing_id=filing, value__isnull=False).count() == 130


def test_mutated_workbooks_are_answered_and_the_next_good_one_is_read(house, signed_in, another_round, scale):
    clerk = signed_in("clerk@alpha.test")
    for first in range(0, MUTATED.number, AT_ONCE):
        round_, numbers = another_round(), range(first, min(first + AT_ONCE, MUTATED.number))
        urls = send(clerk, round_.code, [mutated(number) for number in numbers])
        read_to_the_end(house, clerk, round_.code, urls)
        write_what_was_read(house, clerk, round_.code)
        MUTATED.done(len(numbers))
        a_good_one_works(clerk, another_round().code)
    said(scale)


def test_bombs_are_refused_within_the_limits_and_the_next_good_one_is_read(
    house, signed_in, another_round, scale
):
    clerk, round_ = signed_in("clerk@alpha.test"), another_round()
    started = time.monotonic()
    urls = send(clerk, round_.code, [(bomb.__name__ + ending(bomb), bomb()) for bomb in BOMBS])
    read_to_the_end(house, clerk, round_.code, urls)
    with in_university("alpha"):
        rows = Upload.objects.filter(filing__round_code=round_.code)
        assert {row.name: row.state for row in rows if row.state != UploadState.REFUSED} == {}
        for row in rows:
            (issue,) = row.report["issues"]
            assert row.name in issue["message"] and issue["suggestion"]
    BOMBED.done(len(urls))
    a_good_one_works(clerk, another_round().code)
    record_peak("all bombs together, s", time.monotonic() - started, most=MOST_SECONDS * len(BOMBS))
    said(scale)
