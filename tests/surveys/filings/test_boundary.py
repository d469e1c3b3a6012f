"""Who else uses energy behind the university's meters: asked before submitting, with the amount that was deducted or
the reason why not; shown, sealed, compared, put back, offered again; told and never added."""

import re

import openpyxl
import pytest

from surveys.benchmarks.models import Figure
from surveys.benchmarks.operations import write_figures
from surveys.filings import boundary, operations, queries
from surveys.filings.amendment import amendment_of
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.models import Filing, Upload, UploadState
from surveys.filings.pages.amendment import amendment_table
from surveys.filings.pages.boundary import boundary_fields
from surveys.filings.readiness import readiness
from surveys.submissions.codes import code_of
from surveys.submissions.indicators import values_of
from surveys.submissions.models import Submission
from surveys.submissions.pages.paper import Paper
from surveys.submissions.pages.queue import items
from surveys.submissions.printed.form import content
from tenants.context import in_public, in_university

from .conftest import NOW, open_round, receive, run
from .helpers import fill
from .test_amendment import accept_newest, edit, running, text_of  # noqa: F401  a fixture
from .test_declarations import declare_nil
from .test_life import sign, submit
from .test_pages import browser, page

pytestmark = pytest.mark.django_db

NOBODY = {key: {"choice": "none"} for key in ("residents", "merchants", "operators", "construction")}
DEDUCTED = {"choice": "deducted", "amounts": {"electricity": "12,000"}}
WHY = "基站没有分表"
INCLUDED = {"choice": "included", "reason": WHY}
KEPT = {"choice": "deducted", "amounts": {"electricity": {"value": "12000", "flag": ""}}, "reason": ""}
SAID = "家属区：已扣除（电力 12,000 kWh）；运营商：未扣除，含在内（基站没有分表）；没有：对外营业的商户、基建临时用电"


def choose(filing, clerk, revision=None, **answers) -> int:
    """These answers, and nobody for the others."""
    changed = operations.set_boundary(
        filing=filing, answers=NOBODY | answers, actor=clerk.actor, now=NOW, revision=revision
    )
    filing.refresh_from_db()
    return changed


@pytest.fixture
def whole(filing, clerk, round_):
    """A draft of electricity that is complete, with the boundary not chosen."""
    fill(filing, round_, clerk.actor)
    Filing.objects.update(boundary={})
    filing.refresh_from_db()
    return filing


def asked(filing, round_) -> list[str]:
    return [problem.text for problem in readiness(filing, round_, "alpha", NOW).problems]


# what is asked


def test_only_carriers_that_are_filed_are_asked_about(whole, clerk, round_):
    definition = queries.definition_of(round_)
    items = {each.key: found for each, found in boundary.asked(definition, queries.filed_items(whole))}
    assert items == dict.fromkeys(NOBODY, ("electricity",))
    edit(whole, clerk.actor, item="water", measure="quantity", value="10", period="2024-01")
    items = {each.key: found for each, found in boundary.asked(definition, queries.filed_items(whole))}
    assert items["residents"] == ("electricity", "water")
    assert items["operators"] == ("electricity",)


def test_a_carrier_the_university_does_not_have_is_not_asked_about(filing, clerk, round_):
    edit(filing, clerk.actor, item="gasoline", measure="quantity", value="10", period="2024-01")
    assert boundary.undecided(filing, queries.definition_of(round_)) == []


def test_a_nil_return_is_asked_nothing_and_says_nothing(filing, clerk, approver, round_):
    declare_nil(filing, clerk)
    assert asked(filing, round_) == []
    submit(filing, clerk)
    assert "boundary" not in sign(filing, approver).declared


def test_what_is_not_chosen_stands_in_the_way_by_name(whole, clerk, round_):
    assert asked(whole, round_) == ["边界要选定：家属区、对外营业的商户、运营商、基建临时用电"]
    assert choose(whole, clerk) == 4
    assert asked(whole, round_) == []
    assert choose(whole, clerk) == 0


def test_an_amount_whose_carrier_is_gone_is_asked_again(whole, clerk, round_):
    edit(whole, clerk.actor, item="water", measure="quantity", value="10", period="2024-01")
    choose(whole, clerk, residents={"choice": "deducted", "amounts": {"water": "3"}})
    edit(whole, clerk.actor, item="water", measure="quantity", value=None, period="2024-01")
    assert "边界要选定：家属区" in asked(whole, round_)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({}, "选定“家属区”"),
        ({"choice": "maybe"}, "选定“家属区”"),
        ({"choice": "deducted", "amounts": {"electricity": "0"}}, "写明扣除了多少"),
        ({"choice": "deducted", "amounts": {"water": "5"}}, "写明扣除了多少"),
        ({"choice": "deducted", "amounts": {"electricity": "五千多"}}, "“家属区”的电力"),
        ({"choice": "deducted", "amounts": {"electricity": "-5"}}, "“家属区”的电力"),
        ({"choice": "deducted", "amounts": {"electricity": "5 吨"}}, "“家属区”的电力"),
        ({"choice": "included", "reason": "　"}, "写明为什么没有扣除"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_words(whole, clerk, answer, text):
    with pytest.raises(FilingError, match=text):
        choose(whole, clerk, residents=answer)
    assert whole.boundary == {}


def test_amounts_are_read_as_any_figure_is(whole, clerk):
    amounts = {"electricity": "约1.2万度"}
    choose(whole, clerk, residents={"choice": "deducted", "amounts": amounts, "reason": "不留"})
    kept = {"value": "12000", "flag": "estimated"}
    assert whole.boundary["residents"] == {
        "choice": "deducted",
        "amounts": {"electricity": kept},
        "reason": "",
    }


def test_who_comes_second_changes_nothing(whole, clerk):
    revision = whole.revision
    choose(whole, clerk, revision=revision, residents=DEDUCTED)
    with pytest.raises(Conflict):
        choose(whole, clerk, revision=revision, residents=INCLUDED)
    assert whole.boundary["residents"] == KEPT


# the seal


@pytest.fixture
def sealed(whole, clerk, approver):
    choose(whole, clerk, residents=DEDUCTED, operators=INCLUDED)
    submit(whole, clerk)
    return sign(whole, approver)


def test_the_boundary_is_sealed_with_who_chose_it_and_the_code_is_over_it(sealed):
    said = sealed.declared["boundary"]
    assert (said["answers"]["residents"], said["by"]) == (KEPT, "林知行")
    before = code_of(sealed)
    said["answers"]["residents"]["amounts"]["electricity"]["value"] = "12001"
    assert code_of(sealed) != before


def test_what_was_deducted_is_told_and_never_added(sealed, whole, clerk, round_):
    with_amounts = values_of(sealed)
    accept_newest()
    with in_public():
        write_figures(submission_id=sealed.pk)
        figures = dict(Figure.objects.filter(period="2024").values_list("indicator", "value"))
    whole.refresh_from_db()
    operations.amend(filing=whole, reason="没有扣", actor=clerk.actor, now=NOW)
    choose(whole, clerk)
    assert sum(row["value"] for row in queries.values_of(whole) if row["measure"] == "quantity") == 13200000
    assert with_amounts["per_capita_kwh"] == 600
    assert float(figures["per_capita_kwh"]) == 600


def test_the_reviewer_is_told_first_what_is_inside_and_the_paper_says_all(sealed, round_):
    with in_public():
        seal = Submission.objects.get()
        paper = Paper(seal)
        assert [(e.title, e.reason) for e in paper.inside] == [("运营商含在用量里，没有扣除", WHY)]
        assert [line.open for line in paper.boundary["lines"]] == [False, True]
        assert content(seal)["boundary"] == f"边界：{SAID}"
        (line,) = [item for item in items([round_], "", NOW) if item.submission]
        assert line.warnings == len(seal.issues) + 1


def test_an_amendment_of_the_boundary_alone_is_one_and_is_given_up_whole(sealed, whole, clerk, round_):
    accept_newest()
    whole.refresh_from_db()
    operations.amend(filing=whole, reason="家属区另外装了表", actor=clerk.actor, now=NOW)
    whole.refresh_from_db()
    assert "一样" in asked(whole, round_)[-1]
    choose(whole, clerk, operators=INCLUDED)
    assert [text for text in asked(whole, round_) if "一样" in text] == []
    (line,) = amendment_table(amendment_of(whole, "alpha"), whole, queries.definition_of(round_), {}).rows
    assert line.head == "边界：家属区"
    assert [cell.text for cell in line.cells[1:3]] == ["已扣除（电力 12,000 kWh）", "没有"]
    operations.give_up(filing=whole, actor=clerk.actor, now=NOW)
    whole.refresh_from_db()
    assert whole.boundary["residents"] == KEPT


# what is offered


def later_round(round_, clerk):
    with in_public():
        later = open_round("energy-2025", "2025")
    filing = operations.ensure_filing(round_code=later.pk, university_code="alpha")
    edit(filing, clerk.actor, period="2025-01")
    return later, filing


def test_last_years_choice_is_offered_and_its_amount_only_shown(whole, clerk, round_):
    choose(whole, clerk, residents=DEDUCTED, operators=INCLUDED)
    later, filing = later_round(round_, clerk)
    fields = {f.key: f for f in boundary_fields(later, queries.definition_of(later), filing)}
    chosen = {key: next(c for c, _, on in field.choices if on) for key, field in fields.items()}
    assert chosen == {
        "residents": "deducted",
        "merchants": "none",
        "operators": "included",
        "construction": "none",
    }
    (amount,) = fields["residents"].amounts
    assert (amount.text, amount.last, fields["operators"].reason) == ("", "12,000", WHY)
    assert all(field.offered for field in fields.values())
    assert filing.boundary == {}


def test_what_stood_in_the_newest_file_is_offered_as_the_amount(whole, round_):
    def came(at: int, *parts: tuple[str, str], state=UploadState.LOADED):
        outside = [{"boundary": key, "amounts": {"electricity": text}} for key, text in parts]
        Upload.objects.create(
            filing=whole, name="a.xlsx", sha256="0" * 64, size=1, actor_id=1, actor_name="林知行", state=state,
            report={"meta": {"outside": outside}}, loaded_at=NOW.replace(hour=at),
        )  # fmt: skip

    came(1, ("residents", "999"), ("construction", "7"))
    came(2, ("residents", "1000"), ("residents", "2000.5"))
    came(3, ("residents", "5"), state=UploadState.UNDONE)
    fields = {f.key: f for f in boundary_fields(round_, queries.definition_of(round_), whole)}
    found = {key: (field.amounts[0].found, field.amounts[0].plain) for key, field in fields.items()}
    assert found["residents"] == ("3,000.5", "3000.5")
    assert (found["construction"], found["merchants"]) == (("7", "7"), ("", ""))
    assert not any(on for field in fields.values() for _, _, on in field.choices)


def test_what_intake_left_out_of_a_workbook_is_offered(filing, clerk, round_, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    head = ["月份", "用电量(kWh)", "电费(元)"]
    for line in (head, *months(90000), [], ["家属区用电（已扣除）"], head, *months(1000)):
        sheet.append(line)
    book.save(tmp_path / "电.xlsx")
    upload = receive(filing, tmp_path / "电.xlsx", clerk.actor)
    run(upload)
    filing.refresh_from_db()
    operations.load_upload(upload=upload, revision=filing.revision, actor=clerk.actor, now=NOW)
    filing.refresh_from_db()
    (field, *_) = boundary_fields(round_, queries.definition_of(round_), filing)
    assert [(a.item, a.plain) for a in field.amounts] == [("electricity", "12066")]
    assert sum(row["value"] for row in queries.values_of(filing) if row["measure"] == "quantity") == 1080066


def months(amount: int) -> list[list]:
    """A year that is not even."""
    return [[f"{m}月", amount + m - 1, round((amount + m - 1) * 0.6, 2)] for m in range(1, 13)]


# the pages


@pytest.fixture
def begun(running, clerk):  # noqa: F811
    """A draft that only lacks its boundary."""
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code=running.pk, university_code="alpha")
        fill(filing, running, clerk.actor)
        Filing.objects.update(boundary={})
    return running


def test_the_boundary_by_the_form_and_on_every_page(begun, clerk, approver):
    mine, theirs = browser(clerk), browser(approver)
    html = mine.get(page("round", "energy-2024")).content.decode()
    assert '<a href="#boundary">边界要选定：' in html
    assert html.count('id="boundary"') == 1
    revision = {"revision": re.search(r'name="revision" value="(\d+)"', html)[1]}
    sent = {f"choice-{key}": "none" for key in NOBODY} | revision
    sent |= {"choice-residents": "deducted", "amount-residents-electricity": "12,000"}
    sent |= {"choice-operators": "included", "reason-operators": WHY}
    refused = mine.post(page("boundary", "energy-2024"), sent | {"reason-operators": ""})
    assert refused.status_code == 422
    assert 'name="amount-residents-electricity" value="12,000"' in refused.content.decode()
    assert "边界已选定" in text_of(mine.post(page("boundary", "energy-2024"), sent, follow=True))
    assert "家属区：已扣除（电力 12,000 kWh）" in text_of(mine.get(page("history", "energy-2024")))
    with in_university("alpha"):
        revision = Filing.objects.get().revision
    mine.post(page("submit", "energy-2024"), {"revision": revision})
    signing = theirs.get(page("sign", "energy-2024"))
    assert "电力 12,000 kWh" in text_of(signing)
    assert WHY in text_of(signing)
    sent = {"revision": signing.context["filing"].revision}
    sealed_page = text_of(theirs.post(page("sign", "energy-2024"), sent, follow=True))
    assert "电力 12,000 kWh" in sealed_page
    assert "家属区 已扣除（电力 12,000 kWh）" in text_of(mine.get(page("round", "energy-2024")))


def test_nobody_is_one_click(begun, clerk):
    mine = browser(clerk)
    assert "都没有" in text_of(mine.get(page("round", "energy-2024")))
    shown = text_of(mine.post(page("boundary", "energy-2024"), {"all": "none"}, follow=True))
    assert "边界要选定" not in shown
    with in_university("alpha"):
        assert {answer["choice"] for answer in Filing.objects.get().boundary.values()} == {"none"}


def test_the_approver_may_not_choose(begun, approver):
    assert browser(approver).post(page("boundary", "energy-2024"), {"all": "none"}).status_code == 403


@pytest.mark.parametrize("revision", ["²", "9" * 40, "-1", ""])
def test_a_revision_that_is_no_number_is_no_failure(begun, clerk, revision):
    mine = browser(clerk)
    for name in ("boundary", "denominators", "submit"):
        answer = mine.post(page(name, "energy-2024"), {"all": "none", "revision": revision})
        assert answer.status_code in (302, 409)


# amounts against what was filed (B04)

LARGE = {"choice": "deducted", "amounts": {"electricity": "1320万"}}
ASKED = "家属区扣除的电力共 13,200,000 kWh，是填报的 13,200,000 kWh 的 100%。"


def test_an_amount_as_large_as_the_whole_use_is_asked_and_answered_with_a_reason(whole, clerk, approver):
    choose(whole, clerk, residents=LARGE)
    (issue,) = [issue for issue in whole.issues if issue["rule"] == "B04"]
    assert (issue["message"], issue["severity"], issue["item"]) == (ASKED, "warning", "electricity")
    with pytest.raises(FilingError, match="1 个提醒"):
        submit(whole, clerk)
    operations.explain(
        filing=whole, rule="B04", cells=[issue], text="家属区和校区共一块总表", actor=clerk.actor, now=NOW
    )
    whole.refresh_from_db()
    submit(whole, clerk)
    sign(whole, approver)
    with in_public():
        told = [matter for matter in Paper(Submission.objects.get()).matters if matter.rule == "B04"]
        assert [(m.item, m.weight, m.notes[0].message, m.notes[0].explanation) for m in told] == [
            ("electricity", 1, ASKED, "家属区和校区共一块总表")
        ]


def test_an_amount_is_compared_again_when_either_changes(whole, clerk):
    choose(whole, clerk, residents=LARGE)
    choose(whole, clerk, residents=DEDUCTED)
    assert "B04" not in {issue["rule"] for issue in whole.issues}
    choose(whole, clerk, residents={"choice": "deducted", "amounts": {"electricity": "600万"}})
    assert "B04" not in {issue["rule"] for issue in whole.issues}
    for month in range(1, 13):
        edit(whole, clerk.actor, period=f"2024-{month:02d}", value="100000")
    whole.refresh_from_db()
    assert "B04" in {issue["rule"] for issue in whole.issues}


def test_the_form_says_at_once_what_is_asked_of_an_amount(begun, clerk):
    mine = browser(clerk)
    sent = {f"choice-{key}": "none" for key in NOBODY}
    sent |= {"choice-residents": "deducted", "amount-residents-electricity": "1320万"}
    answer = mine.post(page("boundary", "energy-2024"), sent, follow=True)
    form = answer.content.decode().partition('id="boundary"')[2].partition("</section>")[0]
    assert ASKED in form


def test_what_is_not_verified_is_marked_where_it_is_filled(begun, clerk):
    html = browser(clerk).get(page("round", "energy-2024")).content.decode()
    assert html.count("口径未核实</small>") == len(NOBODY)
    assert html.count("按使用月数折算，口径未核实。") == 2
