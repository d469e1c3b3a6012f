"""Whoever is killed at whatever moment: nothing is half-done, nothing is lost, and a second try doubles nothing."""

import hashlib
import io
import random
import zipfile
import zlib

import pytest
from django.db import transaction
from django.db.models import F

from audit.models import AuditEntry
from files import storage
from jobs.models import Job, JobState
from surveys.benchmarks.models import Cell, Figure, Release, ReleaseContributor, Withheld
from surveys.catalog.models import Obligation
from surveys.catalog.operations import set_obligation_state
from surveys.filings import operations, queries
from surveys.filings.models import Event, Filing, Observation, ObservationChange, Upload, Writer
from surveys.submissions.comparison import differing
from surveys.submissions.models import Decision, Submission
from surveys.submissions.operations import return_with_queries
from surveys.submissions.queries import sealed_rows
from tenants.context import in_university
from tests.live.house import eventually
from tests.live.killing import AtRandom, Killing, Named, Nobody, done_by_worker, insist
from tests.soak import Count
from tests.surveys.benchmarks import city
from tests.surveys.filings.conftest import NOW, sample
from tests.surveys.filings.helpers import fill

pytestmark = pytest.mark.promise("once")

WORKBOOK, VALUES = sample("e01"), 130
IMPORT = (
    "receive.stored", "receive.written", "read.begun", "read.done", "read.stored", "read.recorded", "load.begun",
    "load.copied", "load.finished",
)  # fmt: skip
SEAL = ("sign.begun", "seal.locked", "seal.written", "seal.moved", "sign.sealed", "sign.finished")
RELEASE = (
    "release.locked", "release.planned", "release.written", "release.cells", "release.contributors",
    "release.recorded", "release.committed",
)  # fmt: skip
GIVE_UP = ("giveup.values", "giveup.restored", "giveup.moved")
PACK = ("pack.written", "pack.stored")
PACKS_NAMED = Count("archives of originals killed at named points", small=len(PACK), full=len(PACK))
PACKS_AT_RANDOM = Count("archives of originals killed at random moments", small=1, full=20)
GIVEN_UP_NAMED = Count("amendments given up, killed at named points", small=len(GIVE_UP), full=len(GIVE_UP))
IMPORTS_NAMED = Count("imports killed at named points", small=len(IMPORT), full=len(IMPORT))
SEALS_NAMED = Count("seals killed at named points", small=len(SEAL), full=len(SEAL))
RELEASES_NAMED = Count("releases killed at named points", small=len(RELEASE), full=len(RELEASE))
IMPORTS_AT_RANDOM = Count("imports killed at random moments", small=1, full=50)
SEALS_AT_RANDOM = Count("seals killed at random moments", small=1, full=50)
RELEASES_AT_RANDOM = Count("releases killed at random moments", small=1, full=50)


def killings(house, first: Nobody, points, named: Count, at_random: Count):
    """Nobody, to see how long it takes; each named point; random moments. Each is counted once it was survived."""
    yield first
    for point in points:
        yield Named(house, point)
        named.done()
    for number in range(at_random.number):
        yield AtRandom(house, first.seconds, random.Random(number))
        at_random.done()


# import: the workbook arrives, is read by the worker and written into the draft


@pytest.fixture
def import_one(house, people, signed_in, another_round):
    """One workbook of one round from the upload page into the draft; returns its filing."""
    clerk = signed_in("clerk@alpha.test")

    def upload(killing: Killing) -> int:
        round_ = another_round()
        page = f"/u/alpha/rounds/{round_.code}/upload/"
        with killing.during("receive", "web"):
            answer = insist(clerk, page, file=(WORKBOOK.name, WORKBOOK.read_bytes()), script=True)
        result = answer.json()["url"]
        with in_university("alpha"):
            filing = Filing.objects.get(round_code=round_.code)
            job = filing.uploads.get().job_id
            done_by_worker(house, job, killing)
        with killing.during("load", "web"):
            insist(clerk, f"{result}load/", revision=filing.revision)
        killing.check()
        return filing.pk

    return upload


def imported_once(filing_id: int) -> None:
    with in_university("alpha"):
        filing = Filing.objects.get(pk=filing_id)
        upload = filing.uploads.get()
        assert (upload.state, upload.verdict, upload.report["values"]) == ("loaded", "clean", VALUES)
        rows = Observation.objects.filter(filing_id=filing_id)
        assert rows.filter(value__isnull=False).count() == VALUES
        assert set(rows.values_list("upload_id", flat=True)) == {upload.pk}
        assert ObservationChange.objects.filter(filing_id=filing_id).count() == 0
        assert (filing.revision, [event.kind for event in filing.events.all()]) == (2, ["loaded"])
        assert Writer.objects.filter(filing=filing).count() == 1
        assert storage.read("alpha", upload.sha256) == WORKBOOK.read_bytes()
    assert [job.state for job in Job.objects.filter(arguments__upload=str(upload.pk))] == [JobState.DONE]
    assert Obligation.objects.get(round_id=filing.round_code).state == "draft"
    trail = AuditEntry.objects.filter(action="filing.loaded", object_id=f"{filing.round_code}/")
    assert trail.count() == 1


def test_an_import_killed_anywhere_is_whole_and_there_once(house, import_one):
    first = Nobody()
    filings = []
    with in_university("alpha"):
        before = Upload.objects.count()
    for killing in killings(house, first, IMPORT, IMPORTS_NAMED, IMPORTS_AT_RANDOM):
        filings.append(import_one(killing))
        imported_once(filings[-1])
    # what the queue still delivers again must find nothing to do
    eventually(house.is_idle)
    for filing in filings:
        imported_once(filing)
    with in_university("alpha"):
        assert Upload.objects.count() - before == len(filings)


# seal: the approver signs


def test_a_seal_killed_anywhere_is_whole_and_there_once(house, people, signed_in, another_round):
    round_ = another_round()
    clerk, approver = people["clerk"].actor, signed_in("approver@alpha.test")
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code=round_.code, university_code="alpha")
        fill(filing, round_, clerk)
    first = Nobody()
    for number, killing in enumerate(killings(house, first, SEAL, SEALS_NAMED, SEALS_AT_RANDOM), 1):
        sign_one(filing, clerk, approver, killing)
        sealed_once(filing, number)
        newest = Submission.objects.get(round=round_, version=number)
        return_with_queries(submission=newest, actor_id=99, actor_name="协会", now=NOW, reason="再核")


def sign_one(filing, clerk, approver, killing: Killing) -> None:
    with in_university("alpha"):
        filing.refresh_from_db()
        operations.submit(filing=filing, revision=filing.revision, actor=clerk, now=NOW)
        filing.refresh_from_db()
    with killing.during("sign", "web"):
        insist(approver, f"/u/alpha/rounds/{filing.round_code}/sign/", revision=filing.revision)
    killing.check()


def sealed_once(filing, number: int) -> None:
    """There are `number` seals, all whole, and exactly one trace of each."""
    seals = Submission.objects.filter(round_id=filing.round_code).order_by("version")
    assert [seal.version for seal in seals] == list(range(1, number + 1))
    for seal in seals:
        payload = zlib.decompress(bytes(seal.payload))
        assert (hashlib.sha256(payload).hexdigest(), payload.count(b"\n")) == (seal.sha256, seal.rows)
        assert seal.rows == 24
    assert Obligation.objects.get(round_id=filing.round_code).state == "sealed"
    with in_university("alpha"):
        signed = Event.objects.filter(filing_id=filing.pk, kind="signed")
        assert sorted(event.facts["submission"] for event in signed) == sorted(s.number for s in seals)
    trail = AuditEntry.objects.filter(action="filing.signed", object_id=f"{filing.round_code}/")
    assert trail.count() == number


# amend: what was accepted is amended, and the amendment is given up


def test_an_amendment_given_up_is_whole_wherever_it_is_killed(house, people, signed_in, another_round):
    round_, clerk = another_round(), people["clerk"].actor
    browser = signed_in("clerk@alpha.test")
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code=round_.code, university_code="alpha")
        fill(filing, round_, clerk)
    sign_one(filing, clerk, signed_in("approver@alpha.test"), Nobody())
    seal = Submission.objects.get(round=round_)
    accept_quietly(seal)
    for number, point in enumerate(GIVE_UP, 1):
        killing = Named(house, point)
        amend_one(filing, clerk)
        with killing.during("give up", "web"):
            insist(browser, f"/u/alpha/rounds/{round_.code}/give-up/")
        killing.check()
        given_up_once(filing, seal, number)
        GIVEN_UP_NAMED.done()


def accept_quietly(seal: Submission) -> None:
    """Accepted, without the figures that follow: the releases of this house are made of others'."""
    with transaction.atomic():
        Decision.objects.create(
            submission=seal, university_code="alpha", kind="accepted", decided_by_id=99, decided_by_name="协会",
            decided_at=NOW,
        )  # fmt: skip
        set_obligation_state(round_code=seal.round_id, university_code="alpha", state="accepted", now=NOW)


def amend_one(filing, clerk) -> None:
    with in_university("alpha"):
        operations.amend(filing=filing, reason="抄错", actor=clerk, now=NOW)
        filing.refresh_from_db()
        edit = {"item": "electricity", "measure": "quantity", "period": "2024-05", "value": "7"}
        operations.set_values(filing=filing, values=[edit], revision=filing.revision, actor=clerk, now=NOW)


def given_up_once(filing, seal, number: int) -> None:
    """The draft is the accepted version again, and each giving up has one trace."""
    assert Obligation.objects.get(round_id=filing.round_code).state == "accepted"
    with in_university("alpha"):
        assert differing(sealed_rows(seal), queries.values_of(filing)) == []
        assert Event.objects.filter(filing_id=filing.pk, kind="given_up").count() == number
        assert Event.objects.filter(filing_id=filing.pk, kind="amended").count() == number
    trail = AuditEntry.objects.filter(action="filing.given_up", object_id=f"{filing.round_code}/")
    assert trail.count() == number


# the archive of every original, for whoever takes over


def test_an_archive_of_originals_killed_anywhere_is_whole_and_there_once(house, signed_in, import_one):
    clerk, archives = signed_in("clerk@alpha.test"), set()
    import_one(Nobody())
    for killing in killings(house, Nobody(), PACK, PACKS_NAMED, PACKS_AT_RANDOM):
        # another file, so that it is another archive
        import_one(Nobody())
        insist(clerk, "/u/alpha/handover/originals/")
        job = Job.objects.filter(kind="filings.pack_originals").order_by("-created_at").first()
        done_by_worker(house, job.pk, killing)
        killing.check()
        eventually(lambda: packs_stand_still(house))
        archives.add(packed_once(clerk, archives))


def packs_stand_still(house) -> bool:
    states = Job.objects.filter(kind="filings.pack_originals").values_list("state", flat=True)
    return house.is_idle() and set(states) == {JobState.DONE}


def packed_once(clerk, former: set[str]) -> str:
    """The newest archive holds every original and its list, and is the only one that is kept; returns its hash."""
    job = Job.objects.filter(kind="filings.pack_originals").order_by("-created_at").first()
    with in_university("alpha"):
        uploads = Upload.objects.count()
    sha256 = job.result["sha256"]
    assert (job.result["uploads"], job.result["left"]) == (uploads, 0)
    answer = clerk.get("/u/alpha/handover/originals.zip")
    assert hashlib.sha256(answer.content).hexdigest() == sha256
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == job.result["files"] + 1
    assert [each for each in former - {sha256} if is_stored(each)] == []
    return sha256


def is_stored(sha256: str) -> bool:
    try:
        return storage.path_of("alpha", sha256).exists()
    except FileNotFoundError:
        return False


# publish: the worker freezes a release


@pytest.fixture
def released_round(house):
    """A round with figures of seven universities."""
    (round_,) = city.make_city(kinds=["normal"] * 7)
    yield round_


def release_one(house, staff, round_, killing: Killing) -> None:
    # five and more must differ, or the release would carry the last one over
    Figure.objects.filter(indicator="per_capita_kwh").update(
        value=F("value") + 1, numerator=F("numerator") + 10_000
    )
    answer = staff.post(f"/desk/releases/{round_.pk}/release", note="")
    job_id = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    done_by_worker(house, job_id, killing)
    killing.check()


def released_once(round_, number: int) -> None:
    releases = Release.objects.filter(round_code=round_.pk).order_by("number")
    assert [release.number for release in releases] == list(range(1, number + 1))
    sizes = {
        (
            Cell.objects.filter(release=release).count(),
            Withheld.objects.filter(cell__release=release).count(),
            ReleaseContributor.objects.filter(release=release).count(),
        )
        for release in releases
    }
    assert len(sizes) == 1
    assert len({release.job_id for release in releases}) == number
    made = AuditEntry.objects.filter(action="release.made", object_id__startswith=f"{round_.pk}/")
    assert sorted(made.values_list("object_id", flat=True)) == sorted(
        f"{round_.pk}/{r.number}" for r in releases
    )


def test_a_release_killed_anywhere_is_whole_and_there_once(house, signed_in, released_round):
    staff, first, number = signed_in("staff@association.test"), Nobody(), 0
    for killing in killings(house, first, RELEASE, RELEASES_NAMED, RELEASES_AT_RANDOM):
        number += 1
        release_one(house, staff, released_round, killing)
        released_once(released_round, number)
    eventually(house.is_idle)
    released_once(released_round, number)


# a job that kills its worker whenever it runs


def test_a_job_that_kills_every_worker_is_given_up_and_the_clerk_is_told(
    house, people, signed_in, another_round
):
    clerk, round_ = signed_in("clerk@alpha.test"), another_round()
    trap = house.trap("read.begun")
    file = (WORKBOOK.name, WORKBOOK.read_bytes())
    url = clerk.post(f"/u/alpha/rounds/{round_.code}/upload/", file=file, script=True).json()["url"]
    with in_university("alpha"):
        job_id = Upload.objects.get(filing__round_code=round_.code).job_id

    def given_up() -> bool:
        if not trap.exists():
            trap.touch()
            house.deliver(job_id, times=1)
        return Job.objects.get(pk=job_id).state == JobState.FAILED

    eventually(given_up)
    trap.unlink()
    answer = clerk.get(f"{url}job/").json()
    assert (answer["state"], answer["title"]) == ("failed", "没有核对完")
    assert answer["text"] == "没有完成：系统出错，已通知运维。文件和草稿都还在，可以再试一次。"
    assert Job.objects.get(pk=job_id).attempts == 5
