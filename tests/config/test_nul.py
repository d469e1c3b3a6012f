"""A NUL in an address or a form: no keyboard sends it, no text of the database holds it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("sent", [{"login": "a\x00b"}, {"a\x00b": "1"}])
def test_nul_in_a_parameter_is_a_bad_request(method, sent):
    assert getattr(Client(), method)("/account/login/", sent).status_code == 400


def test_without_a_nul_the_page_answers():
    assert Client().get("/account/login/", {"login": "ab"}).status_code == 200
