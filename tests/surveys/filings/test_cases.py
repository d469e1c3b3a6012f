"""Cases of the book that are the filing's (B04, B08, B09, B14); the others are in tests/surveys/intake/cases."""

import pytest

from surveys import instruments
from surveys.filings import operations, queries
from surveys.filings.errors import FilingError, NotComplete
from surveys.submissions.models import Decision, Submission
from surveys.submissions.operations import ask, return_with_queries
from tenants.context import in_public

from .conftest import NOW, open_round
from .helpers import complete, fill
from .test_boundary import choose
from .test_sizes import NEW, SEALED, divide

pytestmark = pytest.mark.django_db
NOTHING = {"name": "", "value": " "}


def test_b04_boundary_is_chosen_with_what_was_deducted_before_submitting(filing, clerk, round_):
    fill(filing, round_, clerk.actor)
    filing.boundary = {}
    filing.save()
    names = "家属区、对外营业的商户、运营商、基建临时用电"
    with pytest.raises(NotComplete, match=f"边界要选定：{names}"):
        operations.submit(filing=filing, revision=filing.revision, actor=clerk.actor, now=NOW)
    choose(filing, clerk, residents={"choice": "deducted", "amounts": {"electricity": "1.2万度"}})
    assert filing.boundary["residents"]["amounts"] == {"electricity": {"value": "12000", "flag": ""}}
    operations.submit(filing=filing, revision=filing.revision, actor=clerk.actor, now=NOW)


def test_b08_headcount_is_given_with_the_way_it_was_counted(filing, clerk):
    ways = next(d for d in instruments.get("energy").denominators if d.key == "headcount").calibres
    assert {way.key: bool(way.note) for way in ways} == {
        "enrolled": True,
        "standard": True,
        "converted": True,
    }
    with pytest.raises(FilingError):
        operations.set_denominators(
            filing=filing, values={"headcount": ("22000", "")}, actor=clerk.actor, now=NOW
        )
    values = {"headcount": ("22000", "converted")}
    operations.set_denominators(filing=filing, values=values, actor=clerk.actor, now=NOW)
    kept = queries.denominators_of(filing)["headcount"]
    assert (int(kept.value), kept.calibre) == (22000, "converted")


def test_b09_campus_that_opened_in_september_counts_by_its_months(filing, clerk):
    divide(filing, clerk)
    kept = queries.denominators_of(filing)["floor_area"]
    assert (int(kept.whole), int(kept.value), kept.parts) == (812460, 832460, SEALED["parts"])
    assert divide(filing, clerk) == 0
    assert divide(filing, clerk, NOTHING) == 1
    kept = queries.denominators_of(filing)["floor_area"]
    assert (int(kept.value), kept.whole, kept.parts) == (812460, None, [])


def test_b09_jump_that_a_part_explains_needs_no_reason(filing, clerk, round_):
    with in_public():
        past = open_round("energy-2023", "2023")
    earlier = operations.ensure_filing(round_code=past.pk, university_code="alpha")
    divide(earlier, clerk, NOTHING, whole="812460")
    fill(filing, round_, clerk.actor)
    divide(filing, clerk, {**NEW, "value": "600000"})
    assert [i for i in filing.issues if i["rule"] == "V03"] == []
    divide(filing, clerk, NOTHING, whole="1012460")
    assert [i["item"] for i in filing.issues if i["rule"] == "V03"] == ["floor_area"]


def test_b14_filed_returned_and_filed_again_is_a_chain_of_versions(filing, clerk, approver, round_):
    fill(filing, round_, clerk.actor)
    for version in (1, 2):
        filing.refresh_from_db()
        operations.submit(filing=filing, revision=filing.revision, actor=clerk.actor, now=NOW)
        filing.refresh_from_db()
        sealed = operations.sign(filing=filing, revision=filing.revision, actor=approver.actor, now=NOW)
        assert sealed.version == version
        if version == 1:
            with in_public():
                question = ask(
                    submission=sealed, text="6 月为什么高", actor_id=9, actor_name="叶知秋", now=NOW
                )
                return_with_queries(submission=sealed, actor_id=9, actor_name="叶知秋", now=NOW)
            filing.refresh_from_db()
            operations.answer_query(
                filing=filing, query=question, text="新楼启用", actor=clerk.actor, now=NOW
            )
            filing.refresh_from_db()
            june = {"item": "electricity", "measure": "quantity", "period": "2024-06", "value": "1000001"}
            operations.set_values(
                filing=filing, values=[june], revision=filing.revision, actor=clerk.actor, now=NOW
            )
            complete(filing, round_, clerk.actor)
    with in_public():
        chain = list(Submission.objects.order_by("version").values_list("version", flat=True))
        assert (chain, Decision.objects.count()) == ([1, 2], 1)
        assert len(set(Submission.objects.values_list("sha256", flat=True))) == 2
