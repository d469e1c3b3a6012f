"""An area of which a part came into use during the year: typed by the clerk, weighted, shown with its reckoning
wherever the size is shown, sealed, compared, put back, offered again."""

import re

import pytest

from surveys.filings import operations, queries
from surveys.filings.amendment import amendment_of
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.models import Denominator, Filing
from surveys.filings.pages.amendment import amendment_table
from surveys.filings.readiness import readiness
from surveys.submissions.codes import code_of
from surveys.submissions.models import Submission
from surveys.submissions.pages.paper import Paper
from surveys.submissions.printed.form import content
from tenants.context import in_public, in_university

from .conftest import NOW, open_round
from .helpers import fill
from .test_amendment import accept_newest, running, text_of  # noqa: F401  a fixture
from .test_life import sign, submit
from .test_pages import browser, page

pytestmark = pytest.mark.django_db

NEW = {"name": "新校区一期", "value": "60,000", "first": "2024-09", "last": "2024-12"}
SEALED = {
    "value": "832460",
    "calibre": "without_parking",
    "whole": "812460",
    "parts": [{"name": "新校区一期", "value": "60000", "first": "2024-09", "last": "2024-12"}],
}
SUM = "812,460 + 60,000 × 4/12 = 832,460 m²"
NAMED = "新校区一期，9月至12月"
TERMS = f"812,460 + 60,000 × 4/12（{NAMED}）"


def divide(filing, clerk, *parts, whole="812460", key="floor_area", calibre="without_parking", **also):
    values = {key: (whole, calibre, parts or (NEW,))}
    changed = operations.set_denominators(filing=filing, values=values, actor=clerk.actor, now=NOW, **also)
    filing.refresh_from_db()
    return changed


def floor(filing) -> Denominator:
    return queries.denominators_of(filing)["floor_area"]


def test_a_part_counts_by_its_months_of_use_and_is_kept_with_the_size(filing, clerk):
    assert divide(filing, clerk) == 1
    kept = floor(filing)
    assert (int(kept.value), int(kept.whole), kept.parts) == (832460, 812460, SEALED["parts"])
    assert divide(filing, clerk) == 0
    assert divide(filing, clerk, {"name": "", "value": " ", "first": "2024-01", "last": "2024-12"}) == 1
    assert (int(floor(filing).value), floor(filing).whole, floor(filing).parts) == (812460, None, [])


def test_a_university_that_began_in_september_has_nothing_throughout(filing, clerk):
    divide(filing, clerk, whole="")
    assert (int(floor(filing).value), int(floor(filing).whole)) == (20000, 0)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({**NEW, "name": ""}, "写明 60,000 是哪一处"),
        ({**NEW, "value": ""}, "还没有填面积"),
        ({**NEW, "value": "六万"}, "不是数"),
        ({**NEW, "value": "-5"}, "要大于 0"),
        ({**NEW, "first": "2024-12", "last": "2024-03"}, "起始不晚于终止"),
        ({**NEW, "first": "2023-09"}, "选本批次里的起止月份"),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words(filing, clerk, part, text):
    with pytest.raises(FilingError, match=text):
        divide(filing, clerk, part)
    assert queries.denominators_of(filing) == {}


def test_the_same_part_twice_in_one_month_is_refused_and_out_of_use_in_between_is_not(filing, clerk):
    with pytest.raises(FilingError, match="填了两次"):
        divide(filing, clerk, NEW, {**NEW, "first": "2024-10"})
    divide(filing, clerk, NEW, {**NEW, "first": "2024-01", "last": "2024-02"})
    assert int(floor(filing).value) == 842460


def test_heads_are_not_counted_by_months(filing, clerk):
    with pytest.raises(FilingError, match="不按月计"):
        divide(filing, clerk, key="headcount", calibre="enrolled")


def test_who_comes_second_changes_nothing(filing, clerk):
    revision = filing.revision
    divide(filing, clerk, revision=revision)
    with pytest.raises(Conflict):
        divide(filing, clerk, {**NEW, "value": "1"}, revision=revision)
    assert floor(filing).parts == SEALED["parts"]


def test_figures_that_are_written_afterwards_leave_the_parts_alone(filing, clerk, round_):
    divide(filing, clerk)
    edit = {"item": "electricity", "measure": "quantity", "period": "2024-05", "value": "1000"}
    operations.set_values(filing=filing, values=[edit], revision=filing.revision, actor=clerk.actor, now=NOW)
    assert floor(filing).parts == SEALED["parts"]


@pytest.fixture
def sealed(filing, clerk, approver, round_):
    """An accepted seal of a year in which a campus opened."""
    fill(filing, round_, clerk.actor)
    divide(filing, clerk)
    submit(filing, clerk)
    seal = sign(filing, approver)
    accept_newest()
    return seal


def test_parts_are_sealed_and_the_code_of_the_paper_is_over_them(sealed):
    assert sealed.denominators["floor_area"] == SEALED
    assert sealed.denominators["headcount"] == {"value": "22000", "calibre": "enrolled"}
    before = code_of(sealed)
    sealed.denominators["floor_area"]["parts"][0]["first"] = "2024-08"
    assert code_of(sealed) != before


def test_the_reckoning_is_on_the_review_page_and_on_the_paper(sealed):
    with in_public():
        seal = Submission.objects.get()
        line = next(size.line for size in Paper(seal).sizes if size.line.key == "floor_area")
        assert (line.sum, line.parts) == (SUM, (NAMED,))
        assert content(seal)["sizes"][2] == f"建筑面积 832,460 m²（扣除地下车库） = {TERMS}"


def test_an_amendment_of_the_months_alone_is_one_and_is_given_up_whole(filing, clerk, round_, sealed):
    operations.amend(filing=filing, reason="8 月就启用了", actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    # two parts that make the same sum
    divide(filing, clerk, {**NEW, "value": "20,000", "first": "2024-01"}, whole="812460")
    assert floor(filing).value == 832460
    assert "一样" not in " ".join(p.text for p in readiness(filing, round_, "alpha", NOW).problems)
    found = amendment_of(filing, "alpha")
    (line,) = amendment_table(found, filing, queries.definition_of(round_), {}).rows
    now = "812,460 + 20,000 × 12/12（新校区一期，1月至12月）"
    assert [cell.text or cell.value for cell in line.cells[:3]] == [
        f"{TERMS} → {now}",
        *["832,460"] * 2,
    ]
    operations.give_up(filing=filing, actor=clerk.actor, now=NOW)
    assert floor(filing).parts == SEALED["parts"]
    assert int(floor(filing).whole) == 812460
    operations.amend(filing=filing, reason="不分", actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    divide(filing, clerk, {"name": "", "value": ""}, whole="832460")
    operations.give_up(filing=filing, actor=clerk.actor, now=NOW)
    assert floor(filing).parts == SEALED["parts"]


# the pages


def posted(html: str, **changed: str) -> dict[str, str]:
    """The fields of the form as the page has them, changed."""
    form = re.search(
        r'<form method="post" action="[^"]*/denominators/#denominators">(.*?)</form>', html, re.S
    )[1]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found[re.search(r'name="([^"]+)"', tag)[1]] = (re.search(r'value="([^"]*)"', tag) or ["", ""])[1]
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]+)" selected', options) or re.search(r'value="([^"]+)"', options)
        found[name] = chosen[1]
    assert set(changed) <= set(found)
    return found | changed


def test_a_part_by_the_form_and_on_every_page(running, clerk, approver):  # noqa: F811
    with in_university("alpha"):
        fill(begun(running), running, clerk.actor)
    mine, theirs = browser(clerk), browser(approver)
    html = mine.get(page("round", "energy-2024")).content.decode()
    assert html.count('name="part-floor_area-') == 3 * 4
    assert 'name="part-headcount-' not in html
    names = {f"part-floor_area-0-{name}": value for name, value in NEW.items()}
    shown = mine.post(page("denominators", "energy-2024"), posted(html, **names), follow=True)
    assert SUM in text_of(shown)
    history = text_of(mine.get(page("history", "energy-2024")))
    assert f"建筑面积：832,460 m²（扣除地下车库） = {TERMS}" in history
    with in_university("alpha"):
        revision = Filing.objects.get().revision
    mine.post(page("submit", "energy-2024"), {"revision": revision})
    signing = theirs.get(page("sign", "energy-2024"))
    assert SUM in text_of(signing)
    assert NAMED in text_of(signing)
    sent = {"revision": signing.context["filing"].revision}
    assert SUM in text_of(theirs.post(page("sign", "energy-2024"), sent, follow=True))
    assert SUM in text_of(mine.get(page("round", "energy-2024")))


def test_next_year_the_part_is_offered_whole_and_not_taken(running, clerk):  # noqa: F811
    times = {"opens": running.opens_at, "due": running.due_at, "closes": running.closes_at}
    later = open_round("energy-2025", "2025", **times)
    with in_university("alpha"):
        divide(begun(running), clerk)
        edit = {"item": "electricity", "measure": "quantity", "period": "2025-01", "value": "1000"}
        filing = begun(later)
        operations.set_values(filing=filing, values=[edit], revision=1, actor=clerk.actor, now=NOW)
    html = browser(clerk).get(page("round", "energy-2025")).content.decode()
    assert "上年末在用 812,460 + 新校区一期 60,000 = 872,460 m²，今年按全年算" in html
    assert 'data-fill="value-floor_area" data-text="872460' in html
    with in_university("alpha"):
        assert queries.denominators_of(filing) == {}


def test_what_cannot_be_kept_comes_back_as_it_was_typed(running, clerk):  # noqa: F811
    with in_university("alpha"):
        fill(begun(running), running, clerk.actor)
    mine = browser(clerk)
    html = mine.get(page("round", "energy-2024")).content.decode()
    names = {f"part-floor_area-1-{name}": value for name, value in {**NEW, "name": ""}.items()}
    answer = mine.post(page("denominators", "energy-2024"), posted(html, **names))
    assert answer.status_code == 422
    again = posted(answer.content.decode())
    assert "写明 60,000 是哪一处" in answer.content.decode()
    assert (again["part-floor_area-0-value"], again["part-floor_area-0-first"]) == ("60,000", "2024-09")


def begun(round_) -> Filing:
    return operations.ensure_filing(round_code=round_.pk, university_code="alpha")
