"""The desk of a committee's secretary, by clicking, at a desk and on a phone."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_secretary_finds_the_committees_rounds_seals_and_messages(person, width):
    secretary = person(width, "secretary@demo")
    page = secretary.page
    assert page.url.endswith("/desk/")
    assert page.locator(".hq-place").inner_text() == "协会 · 专委会 NZ"
    assert page.locator("a[href='/desk/releases/']").count() == 0
    secretary.look("secretary-desk")
    page.get_by_role("link", name="谁报了谁没报").click()
    secretary.look("secretary-round")
    page.goto("/desk/review/")
    secretary.look("secretary-queue")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/desk/review/energy-2024-*/")
    secretary.look("secretary-review")
    page.goto("/me/notices/")
    assert page.get_by_role("link", name="工作台").count() > 0
    secretary.look("secretary-notices")
    page.goto("/desk/rounds/NO-SUCH/")
    assert secretary.heading() == "没有找到这个页面"
    secretary.look("secretary-absent")
