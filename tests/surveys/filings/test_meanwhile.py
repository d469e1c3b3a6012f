"""Two clerks on one page of a report: who saves second gets the form back as it was typed, beside it what the other
saved and who, and decides; what only one of the two touched is asked of nobody."""

import datetime

import pytest
from bs4 import BeautifulSoup

from surveys.catalog.models import Round
from surveys.filings import operations, queries
from surveys.filings.models import Filing
from tenants.context import in_university

from .conftest import person
from .helpers import fill
from .test_amendment import running  # noqa: F401  a fixture
from .test_boundary import NOBODY, WHY
from .test_pages import browser, page
from .test_sizes import NAMED, NEW, posted

pytestmark = pytest.mark.django_db
ROUND = "energy-2024"
PART = {f"part-floor_area-0-{name}": value for name, value in NEW.items()}


@pytest.fixture
def other(haijin):
    return person("alpha", "clerk", name="沈一苇")


@pytest.fixture
def two(running, clerk, other):  # noqa: F811
    """Both have the page of a whole draft open: the two browsers, and the page as each got it."""
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code=ROUND, university_code="alpha")
        fill(filing, running, clerk.actor)
    mine, theirs = browser(clerk), browser(other)
    return mine, theirs, mine.get(page("round", ROUND)).content.decode()


def sizes() -> dict[str, str]:
    with in_university("alpha"):
        return {
            k: f"{row.value:f}".split(".")[0]
            for k, row in queries.denominators_of(Filing.objects.get()).items()
        }


def answers() -> dict[str, str]:
    with in_university("alpha"):
        return {key: answer["choice"] for key, answer in Filing.objects.get().boundary.items()}


def save(client, html: str, **typed: str):
    return client.post(page("denominators", ROUND), posted(html, **typed))


def choose(client, html: str, **typed: str):
    sent = {f"choice-{key}": "none" for key in NOBODY} | {"revision": posted(html)["revision"]}
    return client.post(page("boundary", ROUND), sent | typed)


def words(answer) -> str:
    """What the page says, whatever its status."""
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


# sizes


def test_sizes_that_somebody_else_saved_too_are_decided_by_the_second(two):
    mine, theirs, html = two
    assert save(theirs, html, **{"value-headcount": "23000", "value-floor_area": "800000"}).status_code == 302
    answer = save(mine, html, **{"value-headcount": "22500", "value-heated_area": "690000"}, **PART)
    assert answer.status_code == 409
    shown, again = words(answer), answer.content.decode()
    assert "沈一苇刚刚也存了用能人数、建筑面积。你填的还没有写入，选定留哪一个再保存。" in shown
    assert "存的：23,000 人（在校生口径）" in shown
    typed = posted(again)
    assert {name: typed[name] for name in ("value-headcount", "value-heated_area", "value-floor_area")} == {
        "value-headcount": "22500",
        "value-heated_area": "690000",
        "value-floor_area": "812460",
    }
    assert {name: typed[name] for name in PART} == PART
    assert sizes() == {
        "headcount": "23000",
        "standard_headcount": "21000",
        "floor_area": "800000",
        "heated_area": "700000",
    }
    chosen = {"take-sizes-headcount": "mine", "take-sizes-floor_area": "theirs"}
    assert save(mine, again, **chosen).status_code == 302
    assert sizes() == {
        "headcount": "22500",
        "standard_headcount": "21000",
        "floor_area": "800000",
        "heated_area": "690000",
    }


def test_sizes_that_only_one_touched_are_asked_of_nobody(two):
    mine, theirs, html = two
    save(theirs, html, **{"value-headcount": "23000"})
    assert save(mine, html, **{"value-heated_area": "690000"}).status_code == 302
    assert (sizes()["headcount"], sizes()["heated_area"]) == ("23000", "690000")


def test_what_i_left_alone_shows_what_the_other_made_of_it(two):
    mine, theirs, html = two
    save(theirs, html, **{"value-headcount": "23000", "value-heated_area": "710000"})
    answer = save(mine, html, **{"value-headcount": "22500"})
    assert posted(answer.content.decode())["value-heated_area"] == "710000"
    assert "改成：710,000 m²（实际采暖面积）" in words(answer)
    assert 'name="take-sizes-heated_area"' not in answer.content.decode()


def test_a_figure_that_was_saved_meanwhile_is_no_question_about_sizes(two, other):
    mine, _theirs, html = two
    with in_university("alpha"):
        filing = Filing.objects.get()
        edit = {"item": "electricity", "measure": "quantity", "period": "2024-05", "value": "1100001"}
        now = datetime.datetime.now(datetime.UTC)
        operations.set_values(
            filing=filing, values=[edit], revision=filing.revision, actor=other.actor, now=now
        )
    assert save(mine, html, **{"value-headcount": "22500"}).status_code == 302
    assert sizes()["headcount"] == "22500"


def test_a_mistake_does_not_make_me_overwrite_what_was_saved_meanwhile(two):
    mine, theirs, html = two
    save(theirs, html, **{"value-headcount": "23000"})
    wrong = save(mine, html, **{"value-headcount": "两万"})
    assert wrong.status_code == 422
    answer = save(mine, wrong.content.decode(), **{"value-headcount": "20000"})
    assert (answer.status_code, sizes()["headcount"]) == (409, "23000")


def test_why_a_size_is_blank_comes_back_as_well(two):
    mine, theirs, html = two
    typed = {"value-headcount": "", "value-heated_area": "689000"}
    save(theirs, html, **{"value-heated_area": "710000"})
    sent = posted(html, **typed) | {"reason-headcount": "人事处还没有给"}
    answer = mine.post(page("denominators", ROUND), sent)
    assert answer.status_code == 409
    assert posted(answer.content.decode())["reason-headcount"] == "人事处还没有给"


# the boundary


def test_a_boundary_that_somebody_else_answered_too_is_decided_by_the_second(two):
    mine, theirs, html = two
    deducted = {"choice-residents": "deducted", "amount-residents-electricity": "12,000"}
    assert choose(theirs, html, **deducted).status_code == 302
    typed = {"choice-residents": "included", "reason-residents": WHY, "choice-operators": "included"}
    typed["reason-operators"] = WHY
    answer = choose(mine, html, **typed)
    assert answer.status_code == 409
    shown = words(answer)
    assert "沈一苇刚刚也存了家属区。" in shown
    assert "存的：已扣除（电力 12,000 kWh）" in shown
    assert answer.content.decode().count(f'value="{WHY}"') == 2
    again = answer.content.decode()
    assert choose(mine, again, **typed, **{"take-boundary-residents": "theirs"}).status_code == 302
    assert (answers()["residents"], answers()["operators"]) == ("deducted", "included")


def test_my_own_other_page_is_told_as_mine(two):
    mine, _theirs, html = two
    save(mine, html, **{"value-headcount": "23000"})
    assert "你在别的页面也存了用能人数。" in words(save(mine, html, **{"value-headcount": "22500"}))


# the closing


def test_what_was_typed_when_the_round_closed_is_shown_to_be_copied(two):
    mine, _theirs, html = two
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
    Round.objects.update(due_at=past, closes_at=past)
    answer = save(mine, html, **{"value-headcount": "22500"}, **PART)
    assert answer.status_code == 422
    shown = words(answer)
    assert "已经关闭，不再收报表" in shown
    assert "22500（在校生口径）" in shown
    assert f"{NEW['name']} 60,000" in shown
    assert NAMED not in shown
    assert "12,000" in words(
        choose(mine, html, **{"choice-residents": "deducted", "amount-residents-electricity": "12,000"})
    )


def test_a_reason_that_came_too_late_is_not_lost(two):
    mine, _theirs, _html = two
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
    Round.objects.update(due_at=past, closes_at=past)
    answer = mine.post(page("nil", ROUND), {"reason": "停用两个月"}, follow=True)
    assert "已经关闭，不再收报表" in words(answer)
    assert "你写的没有存：停用两个月" in words(answer)


def test_who_comes_to_upload_after_the_closing_is_told_before_choosing_a_file(two):
    mine, _theirs, _html = two
    assert "data-upload" in mine.get(page("upload", ROUND)).content.decode()
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
    Round.objects.update(due_at=past, closes_at=past)
    answer = mine.get(page("upload", ROUND))
    assert "data-upload" not in answer.content.decode()
    assert "已经关闭，不再收报表。确需补报或更正，在报表页申请延期。" in words(answer)
