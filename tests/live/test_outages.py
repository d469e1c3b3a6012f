"""The database, the broker or the disk is away: what was acknowledged is there afterwards, and whoever was refused
reads why and what to do."""

import contextlib
import datetime
import hashlib
import random
import resource
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
import requests
from django.db import connection
from django.utils import timezone

from files import storage
from jobs.models import Job, JobState
from surveys.filings.models import Filing, Upload, UploadState
from tenants.context import in_university
from tests.live.browser import Person
from tests.live.house import House, eventually
from tests.soak import Count, record
from tests.surveys.filings.conftest import sample

pytestmark = pytest.mark.promise("durable")

WORKBOOK = sample("e01")
BROKER_OFF = Count("uploads while the broker is off", small=1, full=10)
DATABASE_STOPS = Count("immediate stops of the database in mid-upload", small=3, full=10)
DISK_FULL = Count("uploads to a full disk", small=2, full=20)
UPLOADERS, PAUSE = 3, 0.2


def time_passes(seconds: int = 60) -> None:
    """Every job that is not finished has been silent for a while."""
    unfinished = Job.objects.exclude(state__in=(JobState.DONE, JobState.FAILED))
    unfinished.update(beat_at=timezone.now() - datetime.timedelta(seconds=seconds))


# the broker


def test_with_the_broker_off_an_upload_is_saved_and_runs_when_it_is_back(house, signed_in, another_round):
    clerk = signed_in("clerk@alpha.test")
    front = stranger_at_the_front_page(house)
    assert front[0] == 200
    for _ in range(BROKER_OFF.number):
        round_ = another_round()
        house.services.valkey.stop()
        answer = upload(clerk, round_.code, WORKBOOK.name, WORKBOOK.read_bytes())
        assert answer.status_code == 202
        url = answer.json()["url"]
        assert "已收到，正在排队" in clerk.get(url).text
        assert clerk.get(f"{url}job/").json()["state"] == "queued"
        for page in ("/u/alpha/", f"/u/alpha/rounds/{round_.code}/", "/account/"):
            assert clerk.get(page).status_code == 200
        assert stranger_at_the_front_page(house) == front
        nobody_new_comes_in(house)
        # it comes back without anything it held
        shutil.rmtree(house.services.valkey.data)
        house.services.valkey.start()
        time_passes()
        house.eventually(lambda url=url: clerk.get(f"{url}job/").json()["state"] == "done")
        BROKER_OFF.done()


def nobody_new_comes_in(house: House) -> None:
    """The limits of the sign-in cannot be counted: it is closed, and says so."""
    with pytest.raises(AssertionError, match=r"503.*服务器的缓存暂时没有答复"):
        Person(house.address, "approver@alpha.test")


def stranger_at_the_front_page(house: House) -> tuple[int, str]:
    """The status and the title of the site's first page."""
    answer = requests.get(f"{house.address}/", timeout=30, proxies={"http": ""})
    return answer.status_code, answer.text.partition("<title>")[2].partition("</title>")[0]


def upload(person: Person, round_code: str, name: str, data: bytes):
    return person.post(f"/u/alpha/rounds/{round_code}/upload/", file=(name, data), script=True)


# the database


class Uploader(threading.Thread):
    """Somebody who sends one small workbook after the other while `going` and notes what was answered."""

    def __init__(self, person: Person, round_code: str, number: int):
        super().__init__(daemon=True)
        self.person, self.round_code, self.number = person, round_code, number
        self.going, self.over = threading.Event(), threading.Event()
        self.acknowledged: dict[str, str] = {}
        self.refused: list = []

    def run(self) -> None:
        turn = 0
        while not self.over.is_set():
            if not self.going.wait(PAUSE):
                continue
            turn += 1
            data = self.workbook(turn)
            answer = upload(self.person, self.round_code, f"{self.number}-{turn}.csv", data)
            if answer is not None and answer.status_code == 202:
                identity = answer.json()["url"].rstrip("/").rpartition("/")[2]
                self.acknowledged[identity] = hashlib.sha256(data).hexdigest()
            else:
                self.refused.append(answer)
                time.sleep(PAUSE)

    def workbook(self, turn: int) -> bytes:
        rows = [f"2024年{month}月,{1000 * self.number + turn}.{month}" for month in range(1, 13)]
        return "\n".join(["月份,用电量（kWh）", *rows]).encode()


def test_what_was_acknowledged_survives_immediate_stops_of_the_database(house, signed_in, another_round):
    round_, chance = another_round(), random.Random(7)
    uploaders = [Uploader(signed_in("clerk@alpha.test"), round_.code, number) for number in range(UPLOADERS)]
    for uploader in uploaders:
        uploader.start()
    for _ in range(DATABASE_STOPS.number):
        for uploader in uploaders:
            uploader.going.set()
        time.sleep(chance.uniform(0.2, 0.7))
        power_cut(house, uploaders)
        DATABASE_STOPS.done()
    for uploader in uploaders:
        uploader.over.set()
        uploader.join()
    acknowledged = {identity: sha for one in uploaders for identity, sha in one.acknowledged.items()}
    refused = [answer for one in uploaders for answer in one.refused]
    kept_and_read(house, acknowledged)
    told_clearly(refused)
    record("uploads acknowledged around the stops", len(acknowledged))
    record("uploads refused with a reason", len(refused))
    no_half_written_filing(round_.code)


def power_cut(house: House, uploaders: list[Uploader]) -> None:
    """The database is gone at once, in the middle of uploads, until everybody has met it; it comes back by recovery."""
    before = [len(uploader.refused) for uploader in uploaders]
    house.services.postgres.stop(immediate=True)
    connection.close()
    for uploader, refused in zip(uploaders, before, strict=True):
        eventually(lambda one=uploader, many=refused: len(one.refused) > many)
        uploader.going.clear()
    house.services.postgres.start()


def kept_and_read(house: House, acknowledged: dict[str, str]) -> None:
    """Every acknowledged upload has its row, its bytes and a reading that ended."""
    assert len(acknowledged) > 0
    with in_university("alpha"):
        rows = {str(row.pk): row for row in Upload.objects.filter(pk__in=acknowledged)}
        assert {identity: row.sha256 for identity, row in rows.items()} == acknowledged
        for sha in acknowledged.values():
            assert hashlib.sha256(storage.read("alpha", sha)).hexdigest() == sha

    def waiting() -> int:
        with in_university("alpha"):
            return Upload.objects.filter(pk__in=acknowledged, state=UploadState.RECEIVED).count()

    # what was interrupted is swept up as if it had been silent for a minute
    for _ in range(10 + len(acknowledged)):
        time_passes()
        with contextlib.suppress(AssertionError):
            house.eventually(lambda: not waiting(), seconds=6)
            return
    raise AssertionError(f"{waiting()} acknowledged uploads were never read")


def told_clearly(refused: list) -> None:
    """Whoever was refused read that nothing was written and when to try again."""
    assert len(refused) > 0
    for answer in refused:
        assert answer is not None, "the connection broke although the site was up"
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "60")
        assert answer.json() == {
            "title": "数据库暂时没有答复，这一步没有写入",
            "text": "已保存的数据不受影响，没有写入一半的数。要传的文件还在你的电脑上，过一分钟再做一次。",
        }


def no_half_written_filing(round_code: str) -> None:
    """Every upload has its one job, every revision its one event."""
    with in_university("alpha"):
        filing = Filing.objects.get(round_code=round_code)
        jobs = list(filing.uploads.values_list("job_id", flat=True))
        assert None not in jobs and len(set(jobs)) == len(jobs)
        assert filing.revision == 1 + filing.events.count()
    assert Job.objects.filter(pk__in=jobs, state=JobState.DONE).count() == len(jobs)


# the disk


@contextlib.contextmanager
def full_disk(pids: list[int]) -> Iterator[None]:
    """Inside, the processes can write no file beyond a few bytes."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_soft, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


# a small file is kept in memory until it is stored, a large one is written to a temporary file as it arrives
@pytest.mark.parametrize("size", [20_000, 3_000_000])
def test_an_upload_to_a_full_disk_is_refused_in_words_and_taken_once_there_is_room(
    house, signed_in, another_round, size
):
    clerk, round_ = signed_in("clerk@alpha.test"), another_round()
    for turn in range(max(1, DISK_FULL.number // 2)):
        data = f"月份,用电量（kWh）\n{turn}".encode().ljust(size)
        with full_disk(house.children("web")):
            answer = upload(clerk, round_.code, "大.csv", data)
            page = clerk.post(f"/u/alpha/rounds/{round_.code}/upload/", file=("大.csv", data))
        assert (answer.status_code, answer.json()["title"]) == (507, "服务器的存储空间满了，文件没有收下")
        assert (page.status_code, "腾出空间以后再传一次" in page.text) == (507, True)
        with in_university("alpha"):
            assert not Upload.objects.filter(sha256=hashlib.sha256(data).hexdigest()).exists()
            assert list((house.files / "alpha").glob(".new-*")) == []
        assert upload(clerk, round_.code, "大.csv", data).status_code == 202
        DISK_FULL.done()


def test_a_reading_on_a_full_disk_waits_and_is_done_once_there_is_room(house, signed_in, another_round):
    clerk, round_ = signed_in("clerk@alpha.test"), another_round()
    with full_disk(house.children("worker")):
        url = upload(clerk, round_.code, WORKBOOK.name, WORKBOOK.read_bytes()).json()["url"]
        with in_university("alpha"):
            job_id = Upload.objects.get(filing__round_code=round_.code).job_id
        eventually(lambda: Job.objects.get(pk=job_id).attempts == 1)
        eventually(lambda: Job.objects.get(pk=job_id).state == JobState.QUEUED)
    house.deliver(job_id)
    eventually(lambda: clerk.get(f"{url}job/").json()["state"] == "done")
