"""The demo's people sign in with addresses whose host has no dot."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_person_at_demo_signs_in(client):
    User.objects.create_user("staff@demo", "correct horse", name="陆思远")
    response = client.post("/account/login/", {"login": "staff@demo", "password": "correct horse"})
    assert (response.status_code, response["Location"]) == (302, "/me/")


def test_address_without_a_host_is_refused(client):
    response = client.post("/account/login/", {"login": "staff", "password": "correct horse"})
    assert response.status_code == 200
    assert "login" in response.context["form"].errors
