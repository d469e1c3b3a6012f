"""What a person reads when the server could not: the database and the disk away are tried in tests/live."""

import errno

import pytest
from django.db.utils import InterfaceError, OperationalError
from django.test import RequestFactory
from django.utils.translation import override
from redis.exceptions import ConnectionError as RedisConnectionError

from config.troubles import CACHE, DATABASE, DISK, FAULT, server_error, trouble_of


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OperationalError("connection closed"), DATABASE),
        (InterfaceError("cursor closed"), DATABASE),
        (caused(RuntimeError("while saving"), OperationalError("gone")), DATABASE),
        (OSError(errno.ENOSPC, "no space"), DISK),
        (OSError(errno.EDQUOT, "quota"), DISK),
        (RedisConnectionError("no socket"), CACHE),
        (OSError(errno.ENOENT, "no such file"), FAULT),
        (ZeroDivisionError(), FAULT),
        (None, FAULT),
    ],
)
def test_trouble_is_found_in_the_exception_or_its_cause(error, trouble):
    assert trouble_of(error) is trouble


def answer(error: Exception, **headers):
    request = RequestFactory().post("/", b"rest of an upload", content_type="text/csv", headers=headers)
    try:
        raise error
    except type(error):
        return server_error(request)


def test_page_says_it_in_both_languages_and_when_to_come_back():
    response = answer(OperationalError("gone"))
    text = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "数据库暂时没有答复，这一步没有写入" in text
    assert "The database does not answer for the moment; nothing was written" in text


def test_script_gets_the_words_in_the_language_of_the_person():
    with override("en"):
        response = answer(OSError(errno.ENOSPC, "full"), accept="application/json")
    assert response.status_code == 507
    assert b"The server's storage is full; the file was not kept" in response.content


def test_fault_tells_nobody_what_it_was():
    response = answer(RuntimeError("xyzzy"))
    assert response.status_code == 500
    assert "xyzzy" not in response.content.decode()
