"""What is said of a workbook, on every page that shows it, to people who read English."""

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse

from accounts import operations as accounts
from accounts.models import User
from surveys.filings import operations
from surveys.filings.models import Upload
from tenants.context import in_public
from tests.english.sentences import chinese_left, words_in

from .conftest import receive, run, sample, truth
from .helpers import complete
from .test_life import sign, submit
from .test_pages import NOW_IS, browser, page, round_  # noqa: F401  a round open by the real clock
from .test_upload_to_draft import rename

pytestmark = pytest.mark.django_db
# people, the round, the switch of the language; the reasons that `complete` gives
NAMES = {"林知行", "周予安", "叶知秋", "2024 年度能源统计年报", "中文", "已核对", "未抄表"}
FLAT = [
    {"item": "electricity", "measure": measure, "period": f"2024-{month:02d}", "value": value}
    for month in range(1, 13)
    for measure, value in (("quantity", "100000"), ("cost", "300000"))
]


def text_of(user, address: str) -> str:
    """A page as this person reads it in English, its spoken labels too."""
    with in_public():
        client = browser(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        response = client.get(address)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    for part in soup(["script", "style", "textarea"]):
        part.decompose()
    labels = [
        tag[name]
        for name in ("aria-label", "title", "data-label")
        for tag in soup.find_all(attrs={name: True})
    ]
    return " ".join(" ".join([*soup.stripped_strings, *labels]).split())


def names(university: str = "海津理工大学") -> set[str]:
    brand = {text for text in settings.HOUQIN_BRAND.values() if isinstance(text, str) and text}
    return {university, "海津理工", *NAMES, *brand}


@pytest.fixture
def reviewer(db) -> User:
    """Someone of the association, made before anyone stands inside the university."""
    user = User.objects.create_user("staff@example.org", "x", name="叶知秋")
    accounts.assign(user=user, role="staff", actor_id=None, committee_code="")
    User.objects.filter(pk=user.pk).update(second_factor_required=False)
    return user


def received(filing, path, actor) -> Upload:
    upload = receive(filing, path, actor)
    run(upload)
    return upload


@pytest.mark.parametrize("start", ["e01", "e02", "e05", "e06"])
def test_what_was_found_in_a_messy_workbook_leaves_no_chinese_but_its_own_words(filing, haijin, clerk, start):
    university = truth(start)["university"]
    rename(haijin, university)
    path = sample(start)
    upload = received(filing, path, clerk.actor)
    assert upload.state == "read"
    said = text_of(clerk, page("result", upload.pk))
    assert chinese_left(said, words_in(path) | names(university)) == []


@pytest.mark.parametrize("start", ["e02", "e03", "e04"])
def test_why_a_file_of_others_is_refused_leaves_no_chinese_but_names(filing, clerk, start):
    path = sample(start)
    upload = received(filing, path, clerk.actor)
    assert upload.state == "refused"
    said = text_of(clerk, page("result", upload.pk))
    assert "Take your own university's file" in said
    assert chinese_left(said, words_in(path) | names()) == []


def test_findings_are_kept_in_chinese_and_said_in_english(filing, haijin, clerk):
    rename(haijin, truth("e05")["university"])
    upload = received(filing, sample("e05"), clerk.actor)
    issue = next(i for i in upload.report["issues"] if i["kind"] == "unit_suspect")
    assert issue["message"].endswith("单位疑错。")
    assert issue["said"]["message"][0].endswith("单位疑错。")
    said = text_of(clerk, page("result", upload.pk))
    assert "The unit looks wrong." in said
    assert "单位疑错" not in said


def test_a_report_of_former_days_is_shown_as_it_is(filing, haijin, clerk):
    rename(haijin, truth("e05")["university"])
    upload = received(filing, sample("e05"), clerk.actor)
    for record in (*upload.report["issues"], *upload.report["ambiguous"], *upload.report["ignored"]):
        record.pop("said", None)
    upload.save(update_fields=["report"])
    said = text_of(clerk, page("result", upload.pk))
    assert "单位疑错" in said


def test_findings_of_a_draft_are_said_in_english_up_to_the_reviewer(
    reviewer,
    filing,
    clerk,
    approver,
    round_,  # noqa: F811
):
    operations.set_values(filing=filing, values=FLAT, revision=filing.revision, actor=clerk.actor, now=NOW_IS)
    filing.refresh_from_db()
    assert {issue["rule"] for issue in filing.issues} == {"V01", "V09"}
    draft = text_of(clerk, page("round", "energy-2024"))
    complete(filing, round_, clerk.actor)
    submit(filing, clerk, NOW_IS)
    signing = text_of(approver, page("sign", "energy-2024"))
    submission = sign(filing, approver, NOW_IS)
    sealed = text_of(approver, page("sealed", "energy-2024", 1))
    review = text_of(reviewer, reverse("review:submission", args=[submission.number]))
    flat = "Electricity is the same figure for 12 months in a row, as if it were shared out or copied."
    assert (flat in draft, flat in review) == (True, True)
    for said in (draft, signing, sealed, review):
        assert chinese_left(said, names()) == []


def test_a_question_begins_with_a_capital_and_offers_its_readings_in_english(filing, clerk, tmp_path):
    path = tmp_path / "用油.csv"
    months = [f"2024-{month:02d},{100 + month}" for month in range(1, 13)]
    path.write_text("\n".join(["海津理工大学2024年用油统计,", "月份,汽油用量", *months]), encoding="utf-8")
    upload = received(filing, path, clerk.actor)
    assert {asked["note"] for asked in upload.report["ambiguous"]} == {"没有写单位"}
    said = text_of(clerk, page("result", upload.pk))
    assert "Has no unit" in said
    assert "(in kg)" in said
