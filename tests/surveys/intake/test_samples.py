"""The samples equal their truth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from surveys import instruments
from surveys.intake import Context, run
from tests.english.sentences import left_in_english, words_in

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
TRUTHS = sorted(path for letter in "ecd" for path in SAMPLES.glob(f"{letter}*.truth.json"))


def _when(entry: dict) -> str:
    return entry.get("month") or entry.get("period") or entry.get("date")


def _instrument(truth: dict):
    return instruments.get(truth.get("instrument", "energy"))


@pytest.fixture(scope="module", params=TRUTHS, ids=lambda p: p.name[:3])
def pair(request):
    truth = json.loads(request.param.read_text(encoding="utf-8"))
    context = Context(_instrument(truth), (truth["university"],), {}, truth["period"])
    result = run(SAMPLES / truth["file"], context)
    assert left_in_english(result, words_in(SAMPLES / truth["file"])) == []
    return truth, result.to_json()


def test_all_samples_are_here():
    assert len(TRUTHS) == 8


def test_observations_equal_the_truth(pair):
    truth, found = pair
    wanted = {(o["facility"], o["item"], o["measure"], _when(o)): o["at"] for o in truth["observations"]}
    got = {
        (o["facility"], o["item"], o["measure"], _when(o)): f"{o['sheet']}!{o['cell']}"
        for o in found["observations"]
    }
    assert got == wanted
    values = {(o["facility"], o["item"], o["measure"], _when(o)): o["value"] for o in found["observations"]}
    assert values == pytest.approx(
        {(o["facility"], o["item"], o["measure"], _when(o)): o["value"] for o in truth["observations"]},
        rel=1e-6,
    )


def test_no_key_is_loaded_twice(pair):
    _, found = pair
    keys = [(o["facility"], o["item"], o["measure"], _when(o)) for o in found["observations"]]
    assert len(keys) == len(set(keys))


def test_every_listed_issue_is_found(pair):
    truth, found = pair
    got = {(i["kind"], i["severity"], i["sheet"], i["cell"]) for i in found["issues"]}
    assert {(i["kind"], i["severity"], i["sheet"], i["cell"]) for i in truth["issues"]} - got == set()


def test_no_error_beyond_the_truth(pair):
    truth, found = pair
    wanted = {(i["kind"], i["sheet"], i["cell"]) for i in truth["issues"] if i["severity"] == "error"}
    assert {(i["kind"], i["sheet"], i["cell"]) for i in found["issues"] if i["severity"] == "error"} == wanted


def test_the_verdict_is_the_truth(pair):
    truth, found = pair
    assert found["verdict"] == truth["verdict"]


def test_what_is_asked_is_the_truth_with_its_suggestion(pair):
    truth, found = pair
    wanted = {(a["sheet"], a["cell"], a["item"], a.get("month"), a["suggested"]) for a in truth["ambiguous"]}
    assert {
        (a["sheet"], a["cell"], a["item"], a["month"], a["suggested"]) for a in found["ambiguous"]
    } == wanted


def test_every_cell_is_loaded_reported_or_ignored(pair):
    cells = pair[1]["meta"]["cells"]
    assert cells["loaded"] + cells["reported"] + cells["ignored"] == cells["all"]


def test_what_is_remembered_reads_the_same_again(pair):
    truth, _found = pair
    context = Context(_instrument(truth), (truth["university"],), {}, truth["period"])
    first = run(SAMPLES / truth["file"], context)
    again = run(SAMPLES / truth["file"], replace(context, mapping=first.remember()))
    assert again.frame.equals(first.frame)
    assert {m.source for m in again.mapping} == {"remembered"}


def test_answers_to_vetoes_are_the_truth(pair):
    truth, found = pair
    assert found["veto"] == truth.get("veto", {})
