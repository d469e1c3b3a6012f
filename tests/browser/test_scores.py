"""The self evaluation at a browser: scored on a phone, a lost line, two at once, from naming to the signature."""

import pytest

from local.city.evaluation import ROUND

pytestmark = pytest.mark.browser

OVER = f"/u/qilan/rounds/{ROUND}/"
SCORES = f"{OVER}of/H2/scores/"
SAYING = "[data-saying]"


@pytest.fixture
def at_scores(person):
    """A clerk at the score sheet of a dormitory, at a width; what the last test left is taken away."""

    def go(width: int = 390, clean: bool = True):
        one = person(width, "clerk@qilan.demo")
        one.page.goto(SCORES)
        one.page.wait_for_selector("[data-more]:not([hidden])")
        if clean:
            for item in ("D2.1", "D3.2"):
                box(one, item).locator("[data-remark]").fill("")
                box(one, item).locator("[data-left-out]").uncheck()
                score(one, item).fill("")
            saved(one)
        return one

    return go


def box(one, item: str):
    return one.page.locator(f"[data-item='{item}']")


def score(one, item: str):
    return box(one, item).locator("[data-score]")


def saved(one) -> None:
    one.page.wait_for_selector(f"{SAYING}[data-state=saved]", state="attached", timeout=40_000)


def again(one, item: str) -> tuple[str, str]:
    """What the server has of an item: on the page, loaded anew."""
    one.page.reload()
    one.page.wait_for_selector("[data-more]:not([hidden])")
    return score(one, item).input_value(), box(one, item).locator("[data-remark]").input_value()


def test_score_is_tapped_on_a_phone_and_saved_by_itself(at_scores):
    clerk = at_scores()
    # from nothing the first tap is the full score, each further one takes half a point
    box(clerk, "D2.1").locator("[data-more]").click()
    assert score(clerk, "D2.1").input_value() == "3"
    box(clerk, "D2.1").locator("[data-less]").click()
    box(clerk, "D2.1").locator("[data-remark]").fill("两间略小")
    saved(clerk)
    clerk.look("scores-phone")
    assert again(clerk, "D2.1") == ("2.5", "两间略小")


def test_what_does_not_apply_asks_for_its_reason(at_scores):
    clerk = at_scores(1440)
    box(clerk, "D3.2").locator("[data-left-out]").check()
    assert box(clerk, "D3.2").locator("[data-remark-label]").inner_text() == "不适用的理由"
    assert score(clerk, "D3.2").is_hidden()
    saved(clerk)
    clerk.look("scores-desk")
    box(clerk, "D3.2").locator("[data-left-out]").uncheck()
    saved(clerk)


def test_points_above_the_full_score_are_told_at_the_item(at_scores):
    clerk = at_scores()
    score(clerk, "D3.2").fill("4.5")
    clerk.page.wait_for_selector("[data-item='D3.2'].is-bad")
    assert box(clerk, "D3.2").locator("[data-said]").inner_text() == "“4.5”超过满分 4 分。"
    clerk.look("scores-too-many")


def test_a_lost_line_loses_nothing_and_says_so(at_scores):
    clerk = at_scores()
    clerk.page.context.set_offline(True)
    score(clerk, "D2.1").fill("1.5")
    score(clerk, "D3.2").fill("3")
    clerk.page.wait_for_selector(f"{SAYING}.is-off")
    assert clerk.page.locator(SAYING).inner_text() == "离线，2 项已存在本机，联网后自动保存"
    clerk.look("scores-offline")
    clerk.page.context.set_offline(False)
    saved(clerk)
    assert (again(clerk, "D2.1")[0], score(clerk, "D3.2").input_value()) == ("1.5", "3")


def test_what_a_closed_page_could_not_send_is_sent_by_the_next_one(at_scores):
    clerk = at_scores()
    clerk.page.route("**/scores/save/", lambda route: route.abort())
    score(clerk, "D2.1").fill("2.2")
    clerk.page.wait_for_selector(f"{SAYING}.is-off")
    clerk.page.unroute("**/scores/save/")
    clerk.page.reload()
    clerk.page.wait_for_selector("[data-more]:not([hidden])")
    saved(clerk)
    assert again(clerk, "D2.1")[0] == "2.2"


def test_two_at_once_lose_nothing_and_where_they_meet_one_is_asked(at_scores):
    one, other = at_scores(), at_scores(1440, clean=False)
    score(one, "D2.1").fill("1")
    saved(one)
    # another item: nobody is bothered
    score(other, "D3.2").fill("2")
    saved(other)
    assert score(other, "D2.1").input_value() == "1"
    # the same item: the second sees both and decides
    score(one, "D3.2").fill("3.5")
    one.page.wait_for_selector("[data-item='D3.2'].is-clash")
    assert "同事改成了“2”，你写的是“3.5”" in box(one, "D3.2").locator("[data-said]").inner_text()
    one.look("scores-clash")
    box(one, "D3.2").get_by_role("button", name="用我的").click()
    saved(one)
    assert again(one, "D3.2")[0] == "3.5"


def test_parts_are_seen_together(person):
    clerk = person(390, "clerk@qilan.demo")
    clerk.page.goto(OVER)
    clerk.look("parts")
    clerk.page.get_by_role("link", name="鹤园1号楼").click()
    clerk.look("part")
