"""Private files: kept once, under their owner, handed out inertly."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from files import storage
from files.serving import clean_name, serve


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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024 能耗.xlsx", "2024 能耗.xlsx"),
        ("../../x.csv", "x.csv"),
        ("C:\\Users\\a\\表.xls", "表.xls"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie x.csv"),
        (".htaccess", "htaccess"),
        ("", "file"),
    ],
)
def test_file_name_is_cleaned(name, expected):
    assert clean_name(name) == expected


@pytest.mark.parametrize("name", ["x.svg", "x.html", "page.pdf.html", "x"])
def test_file_that_a_browser_might_run_goes_out_as_bytes(name):
    stored = storage.store("alpha", [b"<script>alert(1)</script>"])
    response = serve("alpha", stored.sha256, name)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
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
