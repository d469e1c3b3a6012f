"""Private files: kept once, under their owner, handed out inertly."""

import datetime
import hashlib
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from files import storage
from files.serving import clean_name, serve
from files.tasks import sweep
from tests.soak import record

pytestmark = pytest.mark.promise("inert")
SCRIPT = b"<script>alert(1)</script>"
# what a browser might take for a page whatever the name says
POLYGLOTS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html that begins like a pdf": b"%PDF-1.7\n<html>" + SCRIPT,
    "html that begins like a picture": b"\x89PNG\r\n\x1a\n<html>" + SCRIPT,
    "html that begins like a gif": b"GIF89a/*" + SCRIPT,
    "html in a list": b"a,b\n<html>" + SCRIPT + b",1",
}


def test_stored_file_is_found_by_owner_and_hash():
    stored = storage.store("alpha", [b"ab", b"c"])
    assert (stored.owner, stored.size, stored.sha256) == ("alpha", 3, hashlib.sha256(b"abc").hexdigest())
    assert storage.read("alpha", stored.sha256) == b"abc"


def test_file_of_alpha_is_absent_for_beta():
    stored = storage.store("alpha", [b"sentinel"])
    with pytest.raises(FileNotFoundError):
        storage.path_of("beta", stored.sha256)


@pytest.mark.parametrize("owner", ["../alpha", "ALPHA", "", "a", "alpha/..", "alpha\0"])
def test_owner_that_is_no_code_is_refused(owner):
    with pytest.raises(ValueError, match="not an owner"):
        storage.store(owner, [b"x"])


@pytest.mark.parametrize("name", ["../../etc/passwd", "abc", "", "A" * 64])
def test_name_that_is_no_hash_is_refused(name):
    with pytest.raises(ValueError, match="not a hash"):
        storage.path_of("alpha", name)


def test_write_that_breaks_off_leaves_nothing(settings):
    def chunks():
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        storage.store("alpha", chunks())
    assert list((settings.FILES_ROOT / "alpha").iterdir()) == []


def test_sweep_takes_what_a_kill_left_a_day_ago_and_nothing_else(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    kept = storage.store("alpha", [b"old and whole"])
    leave = {".new-old": datetime.timedelta(hours=25), ".new-now": datetime.timedelta(hours=23)}
    for name, age in leave.items():
        (tmp_path / "alpha" / name).write_bytes(b"half")
        date_back(tmp_path / "alpha" / name, age)
    date_back(storage.path_of("alpha", kept.sha256), datetime.timedelta(days=400))
    assert (sweep(), sweep()) == (1, 0)
    left = sorted(path.name for path in (tmp_path / "alpha").iterdir())
    assert left == [".new-now", kept.sha256]


def test_sweep_before_the_first_file_finds_nothing(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "not there yet"
    assert sweep() == 0


def test_beat_starts_the_sweep(settings):
    tasks = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert tasks.count("files.sweep") == 1


def date_back(path, age: datetime.timedelta) -> None:
    at = (timezone.now() - age).timestamp()
    os.utime(path, (at, at))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024 能耗.xlsx", "2024 能耗.xlsx"),
        ("../../x.csv", "x.csv"),
        ("C:\\Users\\a\\表.xls", "表.xls"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie x.csv"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("长" * 300 + ".xlsx", "长" * 78 + ".xlsx"),
        ("a" * 300, "a" * 240),
    ],
)
def test_file_name_is_cleaned(name, expected):
    assert clean_name(name) == expected


@pytest.mark.parametrize("name", ["x.svg", "x.html", "page.pdf.html", "x"])
def test_file_that_a_browser_might_run_goes_out_as_bytes(name):
    stored = storage.store("alpha", [SCRIPT])
    response = serve("alpha", stored.sha256, name)
    assert response["Content-Type"] == "application/octet-stream"
    is_inert(response)


@pytest.mark.parametrize("polyglot", POLYGLOTS)
@pytest.mark.parametrize(
    "name", ["x.pdf", "x.png", "x.csv", "x.xlsx", "x.svg", "../../x.html", "x.pdf\r\nX: y.html"]
)
def test_file_that_is_two_things_at_once_is_a_download_whatever_its_name(polyglot, name):
    stored = storage.store("alpha", [POLYGLOTS[polyglot]])
    response = serve("alpha", stored.sha256, name)
    is_inert(response)
    assert response["Content-Type"] not in ("text/html", "image/svg+xml", "application/xhtml+xml")
    assert storage.path_of("alpha", stored.sha256).name == hashlib.sha256(POLYGLOTS[polyglot]).hexdigest()
    record("files that are two things × names")


def is_inert(response) -> None:
    """A download that no browser shows, guesses at or runs."""
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "/" not in response["Content-Disposition"] and "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_production_lets_nginx_send_the_bytes(settings):
    settings.FILES_INTERNAL_URL = "/private-files/"
    stored = storage.store("alpha", [b"x"])
    response = serve("alpha", stored.sha256, "x.csv")
    assert response["X-Accel-Redirect"] == f"/private-files/alpha/{stored.sha256}"
    assert response.content == b""


def test_upload_above_the_limit_is_stopped_and_marked(settings):
    settings.UPLOAD_MAX_BYTES = 1000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("big.csv", b"x" * 5000)})
    assert "file" not in request.FILES
    assert request.upload_too_large is True
