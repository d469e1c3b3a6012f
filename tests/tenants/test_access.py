"""Who comes in under /u/: wrong university 404, wrong role 403, closed or behind the code 503."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tenants import operations, provisioning
from tenants.backend.base import role_name
from tenants.context import in_university
from tenants.facilities.models import Campus
from tenants.models import University
from tests.logins import APP, become

HERE = "/u/alpha/facilities/"


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_stranger_is_sent_to_the_sign_in_and_back(client):
    assert (
        client.get(HERE + "?kind=canteen").url == "/account/login/?next=/u/alpha/facilities/%3Fkind%3Dcanteen"
    )


@pytest.mark.django_db
def test_university_that_exists_and_one_that_does_not_answer_the_same(member, signed_in):
    browser = signed_in(member("clerk"))
    pages = [browser.get(f"/u/{code}/facilities/") for code in ("beta", "nowhere")]
    assert [page.status_code for page in pages] == [404, 404]
    # the page repeats its own address for the language switch, and carries a token
    bodies = [re.sub(r'(value="|/u/)[^"/]*', "", page.content.decode()) for page in pages]
    assert bodies[0] == bodies[1]
    for page in pages:
        assert "乙丑大学" not in page.content.decode()


@pytest.mark.django_db
def test_address_that_is_none_at_the_own_university_is_not_found(member, signed_in):
    browser = signed_in(member("clerk"))
    pages = [browser.get(f"/u/{address}") for address in ("alpha/nothing/", "alpha/a/b/", "alpha/a.txt", "")]
    assert [page.status_code for page in pages] == [404, 404, 404, 404]
    assert browser.get("/u/alpha/facilities").url == HERE


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["ALPHA", "al_pha", "a", "-alpha", "alpha%2f", "u_alpha", "public"])
def test_code_that_is_none_is_not_found(code, member, signed_in):
    assert signed_in(member("clerk")).get(f"/u/{code}/facilities/").status_code == 404


@pytest.mark.django_db
def test_wrong_role_is_refused(member, signed_in):
    browser = signed_in(member("correspondent"))
    assert (browser.get(HERE).status_code, browser.post(HERE + "add/").status_code) == (403, 403)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "says"), [("suspended", "联系协会秘书处"), ("provisioning", "正在开通")])
def test_closed_university_answers_503_and_says_what_to_do(state, says, member, signed_in):
    browser = signed_in(member("approver"))
    University.objects.filter(code="alpha").update(state=state)
    for path in (HERE, "/u/alpha/notices/", "/me/people/alpha/"):
        response = browser.get(path)
        assert (path, response.status_code, says in response.content.decode()) == (path, 503, True)
    # nobody learns it who does not belong there
    assert signed_in(member("clerk", "beta")).get(HERE).status_code == 404
    assert browser.get("/me/").status_code == 200


@pytest.mark.django_db
def test_suspending_and_reopening_is_recorded(member, signed_in):
    alpha = University.objects.get(code="alpha")
    browser = signed_in(member("clerk"))
    operations.set_state(university=alpha, state="suspended", actor_id=7)
    assert browser.get(HERE).status_code == 503
    operations.set_state(university=alpha, state="active", actor_id=7)
    assert browser.get(HERE).status_code == 200


@pytest.mark.parametrize("damage", ["table", "column", "role", "schema"])
def test_university_behind_the_code_answers_503_and_the_others_work(damage, as_owner, member, signed_in):
    code = f"x{uuid.uuid4().hex[:12]}"
    provisioning.create_university(code=code, name=code, short_name=f"{code}大", kind="arts", district="东区")
    browsers = {name: signed_in(member("clerk", name)) for name in (code, "beta")}
    # roles belong to the cluster, which other workers share: a university of this test's own is damaged
    statements = {
        "table": f"DROP TABLE u_{code}.facilities_facility",
        "column": f"ALTER TABLE u_{code}.facilities_facility DROP COLUMN is_active",
        "role": f'REVOKE "{role_name(f"u_{code}")}" FROM houqin_app',
        "schema": f"ALTER SCHEMA u_{code} RENAME TO u_away",
    }
    with connection.cursor() as cursor:
        cursor.execute(statements[damage])
    with become(APP):
        response = browsers[code].get(f"/u/{code}/facilities/")
        assert (response.status_code, "正在升级" in response.content.decode()) == (503, True)
        assert browsers["beta"].get("/u/beta/facilities/").status_code == 200
        assert current_user() == role_name("app")


@pytest.mark.django_db
def test_session_survives_the_way_in_and_out(member):
    browser = Client()
    user = member("clerk")
    browser.force_login(user)
    for path in (HERE, "/u/beta/facilities/", "/me/notices/", HERE):
        browser.get(path)
        assert (connection.schema_name, current_user()) == ("public", role_name("app"))
    assert browser.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_what_a_page_says_to_the_next_one_survives_the_wall(member, signed_in):
    browser = signed_in(member("clerk"))
    response = browser.post(HERE + "import/confirm/", {"token": "none"}, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["没有写入：预览已经过期。再传一次文件。"]


@pytest.mark.django_db
def test_connection_left_in_a_university_serves_nobody(member, signed_in):
    with in_university("beta"):
        Campus.objects.create(code="s", name="sentinel-beta")
    browser = signed_in(member("clerk"))
    # as if a crash had left it there: no context manager puts it back
    from tenants.context import university_scope

    connection.set_tenant(university_scope("beta"))
    assert "sentinel" not in browser.get(HERE).content.decode()
    assert connection.schema_name == "public"


@pytest.mark.django_db
def test_pages_of_a_university_are_kept_by_no_cache(member, signed_in):
    response = signed_in(member("clerk")).get(HERE)
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_cache_keys_never_cross_a_wall():
    cache.set("global:x", "everyone")
    for code in ("alpha", "beta"):
        with in_university(code):
            cache.set("x", code)
    for code in ("alpha", "beta"):
        with in_university(code):
            assert (cache.get("x"), cache.get("global:x")) == (code, "everyone")
    assert cache.get("x") is None


@pytest.mark.django_db
def test_role_given_at_two_universities_opens_both_and_mixes_neither(member, signed_in):
    user = member("clerk", "alpha", email="both@example.org")
    member("correspondent", "beta", email="both@example.org")
    browser = signed_in(user)
    assert [browser.get(f"/u/{code}/facilities/").status_code for code in ("alpha", "beta")] == [200, 403]
