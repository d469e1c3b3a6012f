"""What a reviewer of a thousand warnings reads first."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.operations import assign
from surveys import instruments
from surveys.submissions.comparison import Note
from surveys.submissions.matters import CAP, matters
from tests.surveys.factories import make_round, make_seal

ENERGY = instruments.get("energy")
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]


def row(item: str, measure: str, period: str, value, facility: str = "") -> dict:
    return {"facility": facility, "item": item, "measure": measure, "period": period, "value": Decimal(value)}


def note(
    rule: str, item: str, period: str = "2024-03", why: str = "", severity: str = "warning", place: str = ""
) -> Note:
    return Note(
        rule, severity, f"{rule} {item}", why, "林知行" if why else "", period, place, item, "quantity"
    )


ROWS = [
    row(item, measure, period, value)
    for item, quantity, cost in (("electricity", 100, 900), ("water", 100, 90), ("diesel", 100, 10))
    for measure, value in (("quantity", quantity), ("cost", cost))
    for period in MONTHS
]


def told(notes) -> list[tuple[str, str]]:
    return [(m.rule, m.item) for m in matters(notes, ROWS, ENERGY)]


def test_notes_of_one_rule_on_one_figure_are_one_matter():
    [found] = matters([note("V02", "water", period) for period in MONTHS], ROWS, ENERGY)
    assert (len(found.notes), found.open) == (12, 12)


def test_what_nobody_explained_comes_before_what_was():
    assert told([note("V02", "electricity", why="新楼"), note("V02", "diesel")]) == [
        ("V02", "diesel"), ("V02", "electricity")]  # fmt: skip


def test_carrier_that_costs_most_comes_first():
    assert told([note("V02", "diesel"), note("V02", "water"), note("V02", "electricity")]) == [
        ("V02", "electricity"), ("V02", "water"), ("V02", "diesel")]  # fmt: skip


def test_year_touched_whole_comes_before_a_single_month_of_the_same_carrier():
    notes = [note("V09", "water"), *(note("V02", "water", period) for period in MONTHS)]
    assert told(notes) == [("V02", "water"), ("V09", "water")]


def test_error_comes_before_warnings():
    assert told([note("V02", "electricity"), note("V06", "diesel", severity="error")])[0] == ("V06", "diesel")


def test_reason_without_a_finding_is_no_matter():
    assert told([note("blank", "water", severity="info", why="未抄表")]) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            note, st.sampled_from(["V02", "V05", "V09"]), st.sampled_from(["electricity", "water", "heat", ""]),
            st.sampled_from([*MONTHS, ""]), st.sampled_from(["", "已核对"]),
            st.sampled_from(["error", "warning", "info"]),
        ),
        max_size=40,
    )
)  # fmt: skip
def test_every_finding_is_in_exactly_one_matter_and_weights_stay_between_nothing_and_all(notes):
    found = matters(notes, ROWS, ENERGY)
    assert sum(len(m.notes) for m in found) == sum(n.severity != "info" for n in notes)
    assert all(0 <= m.weight <= 1 for m in found)
    assert [m.open > 0 for m in found] == sorted((m.open > 0 for m in found), reverse=True)


def issue(place: str, period: str, rule: str = "V02", item: str = "water") -> dict:
    return {
        "rule": rule, "kind": "year_on_year", "severity": "warning", "facility": place, "item": item,
        "measure": "quantity", "period": period, "message": f"{place} {period} 比往年同月多 40%。",
    }  # fmt: skip


@pytest.fixture
def staff(db) -> User:
    user = User.objects.create_user("staff@association.example", "x", name="叶知秋")
    assign(user=user, role="staff", actor_id=None)
    return user


@pytest.mark.django_db
def test_review_of_a_thousand_warnings_begins_with_the_causes(client, staff):
    places = [f"B{n:02}" for n in range(84)]
    issues = [issue(place, period) for place in places for period in MONTHS]
    seal = make_seal(make_round(), issues=issues, facilities=[{"id": p, "name": f"{p} 号楼"} for p in places])
    client.force_login(staff)
    page = BeautifulSoup(client.get(f"/desk/review/{seal.number}/").content, "html.parser")
    [line] = page.select("#first li")
    assert "与往年同月相差大 水 B00 号楼 1月、B00 号楼 2月" in " ".join(
        line.get_text(" ", strip=True).split()
    )
    assert len(page.select("tr.flagrow")) <= CAP


@pytest.mark.django_db
def test_review_of_a_few_warnings_shows_them_at_their_figures(client, staff):
    seal = make_seal(make_round(), issues=[issue("", "2024-03")])
    client.force_login(staff)
    page = BeautifulSoup(client.get(f"/desk/review/{seal.number}/").content, "html.parser")
    assert (page.select("#first"), len(page.select("tr.flagrow"))) == ([], 1)
